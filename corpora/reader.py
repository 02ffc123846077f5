"""Files, folders and standard input to judgments, one after the other, with a failure for whatever gives none."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

import orjson

from panjue.corpora.encoding import decode, decoded_lines
from panjue.corpora.fields import Entry, check_columns, entries, text_and_id
from panjue.corpora.files import READ_ERRORS, STDIN, SUFFIXES, count_bytes, files_of, opened, suffix_of
from panjue.corpora.judgment import EmptyError, Judgment, NoTextError, ReadFailure
from panjue.corpora.markup import is_html

__all__ = ["count_bytes", "read"]

_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_DELIMITERS = ",\t;"
# An entry with its place in the file ("" if it is the file), or the error that stands in its place.
_Found = tuple[str, Entry | Exception]


def read(
    paths: Sequence[str | Path],
    text_field: str | None = None,
    id_field: str | None = None,
    skip: Path | None = None,
) -> Iterator[Judgment | ReadFailure]:
    """Every judgment in files, folders (with all below them) and standard input (``-``), in order.

    Formats by suffix, each also with ``.gz``: ``.txt``, ``.html``, ``.htm``, ``.doc`` (if it is HTML), ``.json``,
    ``.jsonl``, ``.csv``; standard input and files of other names are JSON or text by their look. JSON lines and CSV are
    read as a stream, one entry in memory at a time.

    ``text_field`` and ``id_field`` name the fields where the usual names do not find them. An entry without an
    identifier gets one from its text; a repeated one is made distinct by ``#2``, ``#3`` … A folder ``skip`` that stands
    among the input, that of the output, is left out.

    Nothing that lies in the data raises: it becomes a ``ReadFailure``, and reading goes on.
    """
    seen: set[str] = set()
    for name, error in _files(paths, skip):
        for place, entry in [("", error)] if error else _entries_of(name, text_field, id_field):
            source = f"{name}{place}"
            if isinstance(entry, Exception):
                yield _failure(source, entry)
                continue
            try:
                text, doc_id, markup = text_and_id(entry, text_field, id_field)
            except ValueError as problem:
                yield _failure(source, problem)
                continue
            yield Judgment(_distinct(doc_id, seen), text, source, markup)


def _files(paths: Sequence[str | Path], skip: Path | None) -> Iterator[tuple[str, Exception | None]]:
    for path in paths:
        none = True
        try:
            for name in files_of(path, skip):
                none = False
                yield name, None
        except OSError as error:
            yield str(path), error
        else:
            if none:
                yield str(path), EmptyError(f"no file of a known format in the folder ({' '.join(sorted(SUFFIXES))})")


def _entries_of(name: str, text_field: str | None, id_field: str | None) -> Iterator[_Found]:
    """The entries of one file; what stops the reading of the file is its last."""
    suffix = suffix_of(name)
    try:
        with opened(name) as stream:
            first = stream.readline()
            if not first:
                raise EmptyError("empty")
            lines = chain([first], stream)
            if suffix in {".jsonl", ".ndjson"}:
                yield from _json_lines(lines, text_field)
            elif suffix == ".csv":
                yield from _csv_rows(lines, text_field, id_field)
            elif suffix == ".json" or name == STDIN or suffix not in SUFFIXES:
                yield from _json_or_text(first, stream, text_field, json_only=suffix == ".json")
            else:
                yield "", _text(decode(first + stream.read()), text_field, id_field)
    except (*READ_ERRORS, ValueError, csv.Error) as error:
        yield "", error


def _text(text: str, text_field: str | None, id_field: str | None) -> Entry:
    """A file that is one judgment, as an entry: fields that are asked for are asked of the tables, not of it."""
    if text.startswith("{\\rtf"):
        raise NoTextError("rich text (RTF), a format that is not read")
    if text.lstrip().startswith("<?xml") and not is_html(text):
        raise NoTextError("XML, a format that is not read")
    entry: dict[str, str] = {text_field or "text": text}
    return entry if id_field is None else {id_field: "", **entry}


def _json_or_text(first: bytes, stream: IO[bytes], text_field: str | None, *, json_only: bool) -> Iterator[_Found]:
    """One JSON value or JSON lines under whatever name, else a text."""
    head = [first]
    while not head[-1].strip() or len(head) == 1:
        line = stream.readline()
        if not line:
            break
        head.append(line)
    objects = [line for line in head if line.strip()]
    if len(objects) > 1 and all(
        line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") and b"\0" not in line for line in objects
    ):
        yield from _json_lines(chain(head, stream), text_field)
        return
    text = decode(b"".join(chain(head, [stream.read()])))
    if not text.strip():
        raise EmptyError("empty")
    if not json_only and not _JSON_START.match(text):
        yield "", _text(text, text_field, None)
        return
    found = _located(orjson.loads(text), text_field)
    several = len(found) > 1
    yield from ((f"#{number}" if several else "", entry) for number, entry in enumerate(found, 1))


def _json_lines(lines: Iterable[bytes], text_field: str | None) -> Iterator[_Found]:
    none = True
    for number, (line, damage) in enumerate(decoded_lines(lines), 1):
        if damage is None and not line.strip():
            continue
        none = False
        place = f"#{number}"
        if damage is not None:
            yield place, damage
            continue
        try:
            found = _located(orjson.loads(line), text_field)
        except ValueError as error:
            yield place, error
            continue
        yield from ((place, entry) for entry in found)
    if none:
        raise EmptyError("empty")


def _located(value: object, text_field: str | None) -> list[Entry | Exception]:
    found = entries(value, text_field)
    if not found:
        names = ", ".join(str(name)[:30] for name in list(value)[:20]) if isinstance(value, dict) else "no object"
        wanted = "a known name" if text_field is None else repr(text_field)
        return [NoTextError(f"no field for the text ({wanted}); there are: {names}; name it with --text-field")]
    return [NoTextError("an item without a text") if entry is None else entry for entry in found]


def _csv_rows(lines: Iterable[bytes], text_field: str | None, id_field: str | None) -> Iterator[_Found]:
    """The rows of a table; a row that is damaged, no good CSV, or does not fit the header is an error of its own."""
    csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)
    damaged: list[Exception] = []
    texts = _noting(decoded_lines(lines), damaged)
    first = next(texts, "")
    if damaged:
        raise damaged[0]
    if not first.strip():
        raise EmptyError("empty")
    rows = csv.reader(chain([first], texts), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    header = next(rows)
    check_columns(header, text_field, id_field)
    number = 1
    while True:
        number += 1
        row: list[str] = []
        problem: Exception | None = None
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            problem = error
        if damaged:  # which makes for bad CSV as well
            problem = damaged[0]
            damaged.clear()
        if problem is None and row and len(row) != len(header):
            problem = NoTextError(f"{len(row)} fields where the header has {len(header)}")
        if problem is not None:
            yield f"#{number}", problem
        elif row:
            yield f"#{number}", dict(zip(header, row, strict=True))
    if number == 2:
        raise EmptyError("no row after the header")


def _noting(lines: Iterable[tuple[str, Exception | None]], damaged: list[Exception]) -> Iterator[str]:
    """The lines; what is wrong with those that were taken goes into ``damaged``, because a row may span several."""
    for line, damage in lines:
        if damage is not None:
            damaged.append(damage)
        yield line


def _distinct(doc_id: str, seen: set[str]) -> str:
    number, distinct = 1, doc_id
    while distinct in seen:
        number += 1
        distinct = f"{doc_id}#{number}"
    seen.add(distinct)
    return distinct


def _failure(source: str, error: Exception) -> ReadFailure:
    """The failure of a place; messages of the system repeat the file's name, which ``source`` has."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ReadFailure(source, reason or "damaged", type(error).__name__)
