"""CoNLL columns by character with BIO tags: character, numbers of defendant and item, tag; tabs between them.

A blank line ends a document, and a comment before it carries the record. A blank, a control character, ``#`` and ``\\``
are written by their code point (``\\xa``). A character has one tag: of passages that overlap the shortest is written, the
others are left out and stay as they were when the file is read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from panjue.annotation.exchange.labels import Place, from_tag
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import dumps, loads
from panjue.extractors.record import Record

SUFFIX = ".conll"
LOSES = (
    "passages that overlap shorter ones: they stay as they were",
    "value, source and confidence beside a tag: they are in the record that the comment carries",
)

_COMMENT = "# panjue "
_CODE = "\\x"


class _Head(Struct):
    doc_id: str
    record: Record | None = None


def held(document: Document) -> Sequence[Span]:
    """Passages that do not overlap, the shortest first; in the order of the text."""
    free, chosen = [True] * len(document.text), []
    for span in sorted(document.spans, key=lambda span: (span.end - span.start, span.start)):
        if all(free[span.start : span.end]):
            free[span.start : span.end] = [False] * (span.end - span.start)
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """One file."""
    lines = []
    for document in documents:
        head = {"doc_id": document.doc_id, "record": msgspec.to_builtins(document.record)}
        lines.append(_COMMENT + dumps(head).decode())
        tags = ["_\tO"] * len(document.text)
        for span in held(document):
            label, _, numbers = span.place.tag.partition("@")
            tags[span.start : span.end] = [f"{numbers or '_'}\tI-{label}"] * (span.end - span.start)
            tags[span.start] = f"{numbers or '_'}\tB-{label}"
        lines += [f"{_escaped(character)}\t{tag}" for character, tag in zip(document.text, tags, strict=True)]
        lines.append("")
    return {"records.conll": "".join(line + "\n" for line in lines).encode()}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of a file.

    Raises:
        ExchangeError: a line has not three columns, or a passage is not the document's.
    """
    documents = []
    for file, content in files.items():
        try:
            blocks = _blocks(content.decode().split("\n"))
            for number, block in blocks:
                head = loads(f"{file}:{number}", block[0].removeprefix(_COMMENT).encode(), _Head)
                document = originals.document(file, head.doc_id, head.record)
                found = _found(file, number, block[1:])
                documents.append(corrected(file, document, found, held=held(document)))
        except UnicodeDecodeError as error:
            raise ExchangeError(f"{file}: not UTF-8: {error.reason} at byte {error.start}") from error
    return documents


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Number of the first line, lines."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _found(file: str, first: int, rows: list[str]) -> list[Found]:
    text: list[str] = []
    runs: list[tuple[int, int, Place]] = []
    before = ("_", "O")
    for number, row in enumerate(rows):
        where = f"{file}:{first + 1 + number}"
        columns = row.split("\t")
        if len(columns) != 3 or columns[2][:2] not in ("O", "B-", "I-"):
            raise ExchangeError(f"{where}: not a character, numbers and a tag: {row!r}")
        character, numbers, tag = columns
        text.append(_plain(where, character))
        label = tag[2:]
        if tag.startswith("I-") and (numbers, label) == before and runs:
            start, _, place = runs.pop()
            runs.append((start, number + 1, place))
        elif label:
            try:
                runs.append((number, number + 1, from_tag(f"{label}@{numbers.strip('_')}")))
            except LookupError as error:
                raise ExchangeError(f"{where}: {error.args[0]}") from error
        before = (numbers, label)
    whole = "".join(text)
    return [Found(start, end, place, whole[start:end]) for start, end, place in runs]


def _escaped(character: str) -> str:
    if character.isprintable() and not character.isspace() and character not in "\\#":
        return character
    return f"{_CODE}{ord(character):x}"


def _plain(where: str, written: str) -> str:
    try:
        character = chr(int(written.removeprefix(_CODE), 16)) if written.startswith(_CODE) else written
    except (OverflowError, ValueError):
        character = written
    if len(character) != 1:
        raise ExchangeError(f"{where}: {written!r} is not one character")
    return character
