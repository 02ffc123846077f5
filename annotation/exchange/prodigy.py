"""Prodigy JSONL (``spans.manual``).

Offsets are code points: Prodigy reads and writes them in Python. Unknown keys of a task or a span are kept by Prodigy.
A task that was rejected or ignored comes back as it went out.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct, field

from panjue.annotation.exchange.labels import Place
from panjue.annotation.exchange.spans import Document, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import attributes, dumps, lines
from panjue.extractors.record import Record

SUFFIX = ".jsonl"
LOSES: tuple[str, ...] = ()


class _Span(Struct):
    start: int
    end: int
    label: str
    defendant: int | None = None
    item: int | None = None
    pointer: str | None = None
    value: str | None = None


class _Meta(Struct):
    doc_id: str


class _Task(Struct):
    text: str
    meta: _Meta
    spans: list[_Span] = field(default_factory=list)
    record: Record | None = None
    answer: str = "accept"


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """One file."""
    output = []
    for document in documents:
        spans = [
            {"start": span.start, "end": span.end, "label": span.place.label, **attributes(span)}
            for span in document.spans
        ]
        task = {"text": document.text, "spans": spans, "meta": {"doc_id": document.doc_id}}
        output.append(dumps({**task, "record": msgspec.to_builtins(document.record)}))
    return {"prodigy.jsonl": b"".join(line + b"\n" for line in output)}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of an export (``prodigy db-out``).

    Raises:
        ExchangeError: a line is of another kind, or a passage is not the document's.
    """
    documents = []
    for where, task in lines(files, _Task):
        document = originals.document(where, task.meta.doc_id, task.record)
        if task.answer == "accept":
            found = [
                Found(
                    s.start, s.end, Place(s.label, s.defendant, s.item), task.text[s.start : s.end], s.value, s.pointer
                )
                for s in task.spans
            ]
            document = corrected(where, document, found)
        documents.append(document)
    return documents
