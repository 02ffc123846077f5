"""Label Studio: tasks with predictions out, its full JSON export with annotations back.

Offsets are code points. Label Studio counts ``\\r\\n`` as two characters and shows them as two line ends (its tag
reference, ``Text``: "counts ``\\r\\n`` as two different symbols"), so offsets of the text as obtained hold. Code points
since its issue 1008; its own test is "Should calculate offsets by code points in text". A passage marked by mouse after 𠮷 and
``\\r\\n`` has these offsets in release 1.23.2. What it quotes of a region is
what the browser showed (its ``domManager.md``), blanks changed or left out; quotes are therefore compared without them.

A region's value stands in a text field of its own and can be corrected there. Of several annotations of a task the
one changed last is read; a task that was only skipped, or never opened, keeps its predictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
from msgspec import Struct, field

from panjue.annotation.exchange.labels import LABELS, Place
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import dumps, loads
from panjue.extractors.record import Record

SUFFIX = ".json"
LOSES: tuple[str, ...] = ()

_REGION = re.compile(r"panjue-(\d+)")
_BLANKS = re.compile(r"\s|\\n")


class _Value(Struct):
    start: int | None = None
    end: int | None = None
    text: str | list[str] | None = None
    labels: list[str] = field(default_factory=list)
    number: int | float | None = None


class _Result(Struct):
    from_name: str
    value: _Value
    id: str = ""


class _Annotation(Struct):
    result: list[_Result]
    was_cancelled: bool = False
    updated_at: str = ""


class _Data(Struct):
    doc_id: str
    text: str
    record: Record | None = None


class _Task(Struct):
    data: _Data
    annotations: list[_Annotation] = field(default_factory=list)
    predictions: list[_Annotation | int] = field(default_factory=list)


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """``tasks.json`` for the import, ``config.xml`` for the project's labeling interface."""
    tasks = [
        {
            "data": {"doc_id": d.doc_id, "text": d.text, "record": msgspec.to_builtins(d.record)},
            "predictions": [
                {
                    "model_version": d.record.toolkit.version if d.record.toolkit else "gold",
                    "result": [result for span in d.spans for result in _results(span)],
                }
            ],
        }
        for d in documents
    ]
    return {"tasks.json": dumps(tasks, indent=1), "config.xml": labeling_config()}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of a JSON export.

    Raises:
        ExchangeError: the file is of another kind, or a passage is not the document's.
    """
    documents = []
    for file, content in files.items():
        for task in loads(file, content, list[_Task]):
            doc_id = task.data.doc_id
            document = originals.document(file, doc_id, task.data.record)
            done = sorted((a for a in task.annotations if not a.was_cancelled), key=lambda a: a.updated_at)
            done = done or [p for p in task.predictions if isinstance(p, _Annotation)]
            if done:
                where = f"{file}: document {doc_id!r}"
                found = list(_found(where, done[-1].result, document))
                document = corrected(file, document, found, displayed=lambda text: _BLANKS.sub("", text))
            documents.append(document)
    return documents


def labeling_config() -> bytes:
    """The labeling interface of the project: a label for each place of the record, its numbers and value per region."""
    view = ET.Element("View")
    labels = ET.SubElement(view, "Labels", name="label", toName="text")
    for label in LABELS:
        ET.SubElement(labels, "Label", value=label)
    text = ET.SubElement(view, "View", className="judgment")
    ET.SubElement(text, "Style").text = ".htx-text { white-space: pre-wrap; }"
    ET.SubElement(text, "Text", name="text", value="$text", granularity="symbol")
    for name, title in (("defendant", "Defendant 被告人 (from 1)"), ("item", "Charge, count or counsel (from 1)")):
        ET.SubElement(view, "Header", value=title, size="5")
        ET.SubElement(view, "Number", name=name, toName="text", perRegion="true", min="1", step="1")
    ET.SubElement(view, "Header", value="Value 值", size="5")
    ET.SubElement(
        view, "TextArea", name="value", toName="text", perRegion="true", editable="true", maxSubmissions="1", rows="1"
    )
    ET.indent(view)
    return ET.tostring(view, encoding="unicode").encode()


def _results(span: Span) -> Iterator[dict[str, Any]]:
    where = {"start": span.start, "end": span.end}
    region = {"id": f"panjue-{span.number}", "to_name": "text"}
    yield {
        **region,
        "from_name": "label",
        "type": "labels",
        "value": {**where, "text": span.text, "labels": [span.place.label]},
        "score": span.confidence,
        "meta": {"text": [f"{span.pointer} · {span.source} · {span.confidence}"]},
    }
    for name, number in (("defendant", span.place.defendant), ("item", span.place.item)):
        if number is not None:
            yield {**region, "from_name": name, "type": "number", "value": {**where, "number": number}}
    if span.value:
        yield {**region, "from_name": "value", "type": "textarea", "value": {**where, "text": [span.value]}}


def _found(where: str, results: list[_Result], document: Document) -> Iterator[Found]:
    evidence = document.record.evidence
    regions: dict[str, dict[str, _Value]] = {}
    for result in results:
        regions.setdefault(result.id, {})[result.from_name] = result.value
    for name, parts in regions.items():
        value = parts.get("label")
        if value is None or len(value.labels) != 1 or value.start is None or value.end is None:
            raise ExchangeError(f"{where}: region {name!r} has not one label at one place")
        said = parts["value"].text if "value" in parts else None
        known = _REGION.fullmatch(name)
        yield Found(
            value.start,
            value.end,
            Place(value.labels[0], _whole(parts.get("defendant")), _whole(parts.get("item"))),
            value.text if isinstance(value.text, str) else document.text[value.start : value.end],
            said if isinstance(said, str) or said is None else "".join(said[-1:]),
            evidence[int(known[1])].path if known and int(known[1]) < len(evidence) else None,
        )


def _whole(value: _Value | None) -> int | None:
    return None if value is None or value.number is None else int(value.number)
