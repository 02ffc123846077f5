"""Files, folders and standard input to judgments, one after the other, with a failure for whatever gives none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from msgspec import Struct

from panjue.corpora.archives import check_zip, seekable, tar_members, unpacked, zip_members
from panjue.corpora.encoding import UndecodableError, Utf8, decoded, encoding_of_start
from panjue.corpora.fields import Entry, text_and_id
from panjue.corpora.files import STDIN, Input, count_bytes, files, opened
from panjue.corpora.formats import HEAD, NOT_READ, format_of, format_of_text
from panjue.corpora.judgment import EmptyError, FormatError, Judgment, ReadFailure
from panjue.corpora.limits import (
    MAX_BINARY,
    MAX_FAILURES,
    MAX_NESTING,
    MAX_TEXT,
    LimitError,
    bounded_lines,
    pushed_back,
    whole,
)
from panjue.corpora.office import is_docx, text_of_doc, text_of_docx, text_of_rtf
from panjue.corpora.scans import text_of_image, text_of_pdf
from panjue.corpora.tables import arrow_rows, csv_rows, workbook_rows
from panjue.corpora.values import json_lines, json_value, portal_page, xml_entries

__all__ = ["Input", "count_bytes", "files", "read", "read_file"]


class _Found(Struct):
    """An entry with its place in the file ("" if it is the file), or the error that stands in its place."""

    place: str
    entry: Entry | Exception
    format: str = "text"
    encoding: str | None = None
    ocr: bool = False


def read(
    paths: Sequence[str | Path],
    text_field: str | None = None,
    id_field: str | None = None,
    skip: Path | None = None,
) -> Iterator[Judgment | ReadFailure]:
    """Every judgment in files, folders (with all below them) and standard input (``-``), in order.

    An entry without an identifier gets one from its text; a repeated one is made distinct by ``#2``, ``#3`` … A folder
    ``skip`` that stands among the input, that of the output, is left out. For the rest see :func:`read_file`.
    """
    seen: dict[str, int] = {}
    for item in files(paths, skip):
        for found in [item] if isinstance(item, ReadFailure) else read_file(item, text_field, id_field):
            if isinstance(found, Judgment):
                doc_id = _distinct(found.doc_id, seen)
                yield found if doc_id == found.doc_id else _renamed(found, doc_id)
            else:
                yield found


def read_file(
    item: Input | str, text_field: str | None = None, id_field: str | None = None
) -> Iterator[Judgment | ReadFailure]:
    """Every judgment in one file, in the same order each time.

    The format is told by the content: text and HTML, RTF, Word, PDF, images, JSON, JSON lines, CSV, Excel, Parquet,
    Arrow, court XML, each also packed (gzip, zstd) or in a zip or tar archive. What has many entries is read as a
    stream, one entry in memory at a time. ``text_field`` and ``id_field`` name the fields where the usual names do not
    find them. Identifiers may repeat.

    Nothing that lies in the data raises: it becomes a ``ReadFailure``, and reading goes on; but a file without one
    judgment among its first 10,000 entries is given up, for it is none of judgments.
    """
    name = item.name if isinstance(item, Input) else item
    wanted = (text_field, id_field)
    failures: int | None = 0
    for found in _guarded(name, wanted):
        source = _printable(name) + found.place
        if failures is not None and failures >= MAX_FAILURES:
            reason = f"no judgment among its first {MAX_FAILURES} entries; the rest is not read"
            yield _failure(_printable(name), LimitError(reason))
            return
        if isinstance(found.entry, Exception):
            failures = None if failures is None else failures + 1
            yield _failure(source, found.entry)
            continue
        try:
            text, doc_id, markup = text_and_id(found.entry, text_field, id_field)
        except ValueError as problem:
            failures = None if failures is None else failures + 1
            yield _failure(source, problem)
            continue
        failures = None
        whole_text = found.format in {"text", "page"}
        markup = markup or not (whole_text or found.format in {"json", "table", "xlsx", "parquet", "arrow", "xml"})
        kind = "html" if markup and whole_text else found.format
        yield Judgment(doc_id, text, source, markup, kind, found.encoding, found.ocr)


_Wanted = tuple[str | None, str | None]


def _guarded(name: str, wanted: _Wanted) -> Iterator[_Found]:
    """The entries of a file; what stops the reading of it is the last."""
    try:
        with opened(name) as stream:
            yield from _contained(stream, name, wanted, 0)
    except Exception as error:  # parsers of a dozen formats, each with errors of its own
        yield _Found("", error)


def _contained(stream: IO[bytes], name: str, wanted: _Wanted, depth: int) -> Iterator[_Found]:
    if depth > MAX_NESTING:
        raise LimitError(f"archives within archives, more than {MAX_NESTING} deep")
    head = _head(stream)
    if not head:
        raise EmptyError("empty")
    if depth or name == STDIN or not stream.seekable():
        stream = pushed_back([head], stream)
    else:
        stream.seek(0)
    kind = format_of(head)
    if kind in NOT_READ:
        raise FormatError(f"{NOT_READ[kind]}, a format that is not read")
    match kind:
        case "gzip" | "zstd":
            yield from _contained(unpacked(stream, kind), name, wanted, depth + 1)
        case "zip":
            yield from _zipped(seekable(stream), wanted, depth)
        case "tar":
            yield from _members(tar_members(stream), wanted, depth)
        case None:
            yield from _text(stream, head, name, wanted)
        case _:
            yield from _binary(stream, kind, wanted)


def _zipped(stream: IO[bytes], wanted: _Wanted, depth: int) -> Iterator[_Found]:
    with zipfile.ZipFile(stream) as archive:
        if is_docx(archive):
            yield _Found("", _document(text_of_docx(archive), wanted), "docx")
        elif "xl/workbook.xml" in archive.namelist():
            check_zip(archive)
            yield from (_Found(*row, format="xlsx") for row in workbook_rows(stream, *wanted))
        else:
            yield from _members(zip_members(archive), wanted, depth)


def _members(members: Iterator[tuple[str, IO[bytes] | Exception]], wanted: _Wanted, depth: int) -> Iterator[_Found]:
    none = True
    for name, content in members:
        none = False
        place = "!" + _printable(name)
        if isinstance(content, Exception):
            yield _Found(place, content)
            continue
        try:
            for found in _contained(content, name, wanted, depth + 1):
                found.place = place + found.place
                yield found
        except Exception as error:  # one member must not stop the others
            yield _Found(place, error)
    if none:
        raise EmptyError("an archive without files")


def _binary(stream: IO[bytes], kind: str, wanted: _Wanted) -> Iterator[_Found]:
    if kind in {"parquet", "arrow"}:
        yield from (_Found(*row, format=kind) for row in arrow_rows(seekable(stream), kind, *wanted))
    elif kind == "pdf":
        text, ocr = text_of_pdf(stream)
        yield _Found("", _document(text, wanted), "pdf", ocr=ocr)
    elif kind == "image":
        yield _Found("", _document(text_of_image(stream), wanted), "image", ocr=True)
    else:
        yield _Found("", _document(text_of_doc(stream, MAX_BINARY), wanted), "doc")


def _text(stream: IO[bytes], head: bytes, name: str, wanted: _Wanted) -> Iterator[_Found]:
    start, wide = _start(head)
    kind = format_of_text(start, name, wanted[0])
    if wide and kind in {"json", "lines", "table"}:  # line ends cannot be seen in bytes of UTF-16
        stream = io.BufferedReader(Utf8(stream, wide), buffer_size=1 << 16)
    if kind == "json" and not start.lstrip().startswith("["):
        kind, stream = _lines_or_value(stream)
    if kind == "lines":
        encoding, rows = json_lines(bounded_lines(stream), wanted[0])
        yield from (_Found(*row, format="json", encoding=wide or encoding) for row in rows)
    elif kind == "json":
        encoding, rows = json_value(stream, wanted[0])
        yield from (_Found(*row, format="json", encoding=wide or encoding) for row in rows)
    elif kind == "table":
        encoding, rows = csv_rows(_ended(stream, head), *wanted)
        yield from (_Found(*row, format="table", encoding=wide or encoding) for row in rows)
    else:
        text, encoding = decoded(whole(stream))
        if kind == "xml":
            yield from (_Found(*row, format="xml", encoding=encoding) for row in xml_entries(text, wanted[0]))
        elif kind == "page":
            yield _Found("", portal_page(text), "page", encoding)
        elif kind == "rtf":
            yield _Found("", _document(text_of_rtf(text), wanted), "rtf", encoding)
        else:
            yield _Found("", _document(text, wanted), "text", encoding)


def _lines_or_value(stream: IO[bytes]) -> tuple[str, IO[bytes]]:
    """Whether JSON that begins with an object is one value or lines of objects."""
    taken: list[bytes] = []
    objects: list[bytes] = []
    while len(objects) < 2 and (line := stream.readline(MAX_TEXT + 1)):
        taken.append(line)
        if line.strip():
            objects.append(line.lstrip(b"\xef\xbb\xbf \t"))
        if len(line) > MAX_TEXT:
            break
    lines = len(objects) > 1 and all(line.startswith(b"{") for line in objects)
    return "lines" if lines else "json", pushed_back(taken, stream)


def _document(text: str, wanted: _Wanted) -> Entry:
    """A file that is one judgment, as an entry: fields that are asked for are asked of the tables, not of it."""
    text_field, id_field = wanted
    entry: dict[str, str] = {text_field or "text": text}
    return entry if id_field is None else {id_field: "", **entry}


def _ended(stream: IO[bytes], head: bytes) -> Iterator[bytes | LimitError]:
    """Lines, also where they end as on an old Macintosh."""
    if b"\n" in head or b"\r" not in head:
        return bounded_lines(stream)
    return iter(whole(stream).replace(b"\r", b"\n").splitlines(keepends=True))


def _head(stream: IO[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head


def _start(head: bytes) -> tuple[str, str | None]:
    """The beginning as text, as far as formats show in it, and its encoding if that is UTF-16."""
    try:
        encoding = encoding_of_start(head)
    except UndecodableError:  # one wrong byte, perhaps; where and why is said by whoever reads it all
        encoding = "utf-8"
    text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    return text, encoding if encoding.startswith("utf-16") else None


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)


def _renamed(found: Judgment, doc_id: str) -> Judgment:
    return Judgment(doc_id, found.text, found.source, found.markup, found.format, found.encoding, found.ocr)


def _distinct(doc_id: str, seen: dict[str, int]) -> str:
    """The identifier, or with the next number that is free; ``seen`` has the last number tried for each."""
    distinct = doc_id
    while distinct in seen:
        seen[doc_id] += 1
        distinct = f"{doc_id}#{seen[doc_id]}"
    seen[distinct] = 1
    return distinct


def _failure(source: str, error: Exception) -> ReadFailure:
    """The failure of a place; messages of the system repeat the file's name, which ``source`` has."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ReadFailure(source, reason or "damaged", type(error).__name__)
