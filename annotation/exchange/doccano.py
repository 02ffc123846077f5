"""doccano JSONL (sequence labeling).

Offsets are UTF-16 code units, as the browser counts, unless the project counts grapheme clusters (doccano issue 2290);
leave that option off. Labels have no attributes, so the numbers are part of the label: ``sentence.months@1``.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct, field

from panjue.annotation.exchange.labels import from_tag
from panjue.annotation.exchange.offsets import Utf16
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import dumps, lines
from panjue.extractors.record import Record

SUFFIX = ".jsonl"
LOSES = ("value, source and confidence beside a label: they are in the record that each line carries",)


class _Entity(Struct):
    start_offset: int
    end_offset: int
    label: str


class _Line(Struct):
    doc_id: str
    text: str
    record: Record | None = None
    label: list[tuple[int, int, str]] = field(default_factory=list)
    entities: list[_Entity] = field(default_factory=list)
    """In place of ``label``, in the export of a project with relations."""


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """One file; doccano keeps ``doc_id`` and ``record`` as metadata and exports them again."""
    output = []
    for document in documents:
        units = Utf16(document.text).units
        label = [[units(span.start), units(span.end), span.place.tag] for span in document.spans]
        record = msgspec.to_builtins(document.record)
        output.append(dumps({"text": document.text, "label": label, "doc_id": document.doc_id, "record": record}))
    return {"doccano.jsonl": b"".join(line + b"\n" for line in output)}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of an export.

    Raises:
        ExchangeError: a line is of another kind, or a passage is not the document's.
    """
    documents = []
    for where, line in lines(files, _Line):
        document = originals.document(where, line.doc_id, line.record)
        points, found = Utf16(line.text).points, []
        labels = [*line.label, *((entity.start_offset, entity.end_offset, entity.label) for entity in line.entities)]
        for number, (start, end, tag) in enumerate(labels, 1):
            try:
                first, last = points(start), points(end)
                found.append(Found(first, last, from_tag(tag), line.text[first:last]))
            except (LookupError, ValueError) as error:
                raise ExchangeError(
                    f"{where}: document {line.doc_id!r}: span {number} ({tag}, {start}–{end}): {error.args[0]}"
                ) from error
        documents.append(corrected(where, document, found))
    return documents
