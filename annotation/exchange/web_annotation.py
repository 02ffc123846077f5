"""W3C Web Annotation (JSON-LD): a collection with one annotation for each passage and one for each record.

Offsets are code points: the Recommendation says that a selection "MUST be in terms of unicode code points (the
'character number'), not in terms of code units" (https://www.w3.org/TR/annotation-model/#text-quote-selector).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct, field

from panjue.annotation.exchange.labels import Place
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import attributes, dumps, loads
from panjue.extractors.record import Record, encode

SUFFIX = ".json"
LOSES: tuple[str, ...] = ()

_SOURCE = "urn:panjue:document:"
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"panjue": "urn:panjue:term:"}]
_AROUND = 20  # characters of prefix and suffix


class _Selector(Struct):
    type: str
    start: int | None = None
    end: int | None = None
    exact: str | None = None


class _Target(Struct):
    source: str
    selector: list[_Selector]


class _Body(Struct):
    value: str
    purpose: str = ""


class _Annotation(Struct):
    body: list[_Body]
    target: _Target | str
    id: str = ""
    defendant: int | None = field(default=None, name="panjue:defendant")
    item: int | None = field(default=None, name="panjue:item")
    pointer: str | None = field(default=None, name="panjue:pointer")
    value: str | None = field(default=None, name="panjue:value")


class _Page(Struct):
    items: list[_Annotation]


class _Collection(Struct):
    first: _Page


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """One file."""
    items = [annotation for document in documents for annotation in _annotations(document)]
    page = {"type": "AnnotationPage", "startIndex": 0, "items": items}
    collection = {"@context": _CONTEXT, "type": "AnnotationCollection", "total": len(items), "first": page}
    return {"annotations.json": dumps(collection, indent=1)}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of a collection whose first page is in it.

    Raises:
        ExchangeError: the file is of another kind, or a passage is not the document's.
    """
    documents = []
    for file, content in files.items():
        records: dict[str, Record] = {}
        targets: dict[str, list[Found]] = {}
        for annotation in loads(file, content, _Collection).first.items:
            if isinstance(annotation.target, str):
                doc_id = _doc_id(annotation.target)
                records[doc_id] = loads(file, annotation.body[0].value.encode(), Record)
                targets.setdefault(doc_id, [])
            else:
                found = targets.setdefault(_doc_id(annotation.target.source), [])
                found.append(_found(file, annotation, annotation.target))
        for doc_id, spans in targets.items():
            document = originals.document(file, doc_id, records.get(doc_id))
            documents.append(corrected(file, document, spans))
    return documents


def _annotations(document: Document) -> Iterator[dict[str, Any]]:
    source, text = _SOURCE + quote(document.doc_id, safe=""), document.text
    record = {"type": "TextualBody", "purpose": "describing", "format": "application/json"}
    yield {
        "id": f"{source}:record",
        "type": "Annotation",
        "motivation": "describing",
        "body": [{**record, "value": encode(document.record).decode()}],
        "target": source,
    }
    for span in document.spans:
        quoted = {
            "type": "TextQuoteSelector",
            "exact": span.text,
            "prefix": text[max(0, span.start - _AROUND) : span.start],
            "suffix": text[span.end : span.end + _AROUND],
        }
        position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
        yield {
            "id": f"{source}:{span.number}",
            "type": "Annotation",
            "motivation": "tagging",
            "body": [{"type": "TextualBody", "purpose": "tagging", "value": span.place.label}],
            "target": {"source": source, "selector": [position, quoted]},
            **{f"panjue:{name}": value for name, value in attributes(span).items() if value is not None},
        }


def _found(file: str, annotation: _Annotation, target: _Target) -> Found:
    where = f"{file}: document {_doc_id(target.source)!r}: span {annotation.id}"
    label = next((body.value for body in annotation.body if body.purpose in ("tagging", "")), None)
    position = next((s for s in target.selector if s.type == "TextPositionSelector"), None)
    quoted = next((s.exact for s in target.selector if s.type == "TextQuoteSelector"), None)
    if label is None or quoted is None or position is None or position.start is None or position.end is None:
        raise ExchangeError(f"{where} needs a tag, a TextPositionSelector and a TextQuoteSelector")
    place = Place(label, annotation.defendant, annotation.item)
    return Found(position.start, position.end, place, quoted, annotation.value, annotation.pointer)


def _doc_id(source: str) -> str:
    return unquote(source.removeprefix(_SOURCE))
