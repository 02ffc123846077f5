"""INCEpTION: UIMA CAS JSON 0.4, one file for each document, and the type system to import as layers.

Offsets are UTF-16 code units, as Java counts; dkpro-cassis converts them from and to code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from panjue.annotation.exchange.brat import file_name
from panjue.annotation.exchange.labels import Place
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import attributes, loads
from panjue.extractors.record import Record, encode

SUFFIX = ".json"
LOSES: tuple[str, ...] = ()

_EVIDENCE, _RECORD = "webanno.custom.Evidence", "webanno.custom.PanjueRecord"
_FEATURES = {
    "label": "String",
    "defendant": "Integer",
    "item": "Integer",
    "value": "String",
    "pointer": "String",
    "source": "String",
    "confidence": "Double",
}


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """A file for each document, named by its ``doc_id``, and ``typesystem.xml``."""
    cassis = _cassis()
    types, evidence, record = _types(cassis)
    files = {"typesystem.xml": str(types.to_xml()).encode()}
    for document in documents:
        cas = cassis.Cas(typesystem=types)
        cas.sofa_string, cas.sofa_mime = document.text, "text/plain"
        cas.add(record(doc_id=document.doc_id, json=encode(document.record).decode()))
        for span in document.spans:
            cas.add(evidence(begin=span.start, end=span.end, label=span.place.label, **attributes(span)))
        files[f"{file_name(document.doc_id)}.json"] = cas.to_json().encode()
    return files


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of exported CAS JSON files.

    Raises:
        ExchangeError: a file is no CAS JSON or lost its layers, or a passage is not the document's.
    """
    cassis = _cassis()
    documents = []
    for file, content in files.items():
        try:
            cas = cassis.load_cas_from_json(content.decode(), lenient=True)
            (record,) = cas.select(_RECORD)
        except (AttributeError, KeyError, TypeError, ValueError, cassis.typesystem.TypeNotFoundError) as error:
            raise ExchangeError(f"{file}: no CAS JSON with one {_RECORD}: {error}") from error
        document = originals.document(
            file, record.doc_id, loads(file, record.json.encode(), Record) if record.json else None
        )
        found = [
            Found(a.begin, a.end, Place(a.label or "", a.defendant, a.item), a.get_covered_text(), a.value, a.pointer)
            for a in (cas.select(_EVIDENCE) if cas.typesystem.contains_type(_EVIDENCE) else [])
        ]
        documents.append(corrected(file, document, found))
    return documents


def _types(cassis: Any) -> tuple[Any, Any, Any]:
    types = cassis.TypeSystem()
    evidence = types.create_type(_EVIDENCE, "uima.tcas.Annotation")
    for name, kind in _FEATURES.items():
        types.create_feature(evidence, name, f"uima.cas.{kind}")
    record = types.create_type(_RECORD, "uima.cas.AnnotationBase")  # INCEpTION's layers of a whole document
    for name in ("doc_id", "json"):
        types.create_feature(record, name, "uima.cas.String")
    return types, evidence, record


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise ExchangeError("INCEpTION's format needs dkpro-cassis: pip install 'panjue[inception]'") from error
    return cassis
