"""spaCy DocBin: the passages as a span group ``doc.spans["panjue"]``, in which they may overlap.

Each code point is a token, so that every passage falls on tokens; spaCy's offsets are code points. A span's ``label_``
is the label, its ``kb_id_`` the numbers of defendant and item (``1``, ``1.2``); ``doc.user_data["panjue"]`` has the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from panjue.annotation.exchange.labels import Place, from_tag
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import attributes, loads
from panjue.extractors.record import Record, encode

SUFFIX = ".spacy"
LOSES: tuple[str, ...] = ()

GROUP = "panjue"


def held(document: Document) -> Sequence[Span]:
    """All passages."""
    return document.spans


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """One file."""
    tokens, vocab = _spacy()
    store = tokens.DocBin(store_user_data=True)
    for document in documents:
        doc = tokens.Doc(vocab, words=list(document.text), spaces=[False] * len(document.text))
        doc.spans[GROUP] = [
            tokens.Span(doc, span.start, span.end, label=span.place.label, kb_id=span.place.tag.partition("@")[2])
            for span in document.spans
        ]
        doc.user_data[GROUP] = {
            "doc_id": document.doc_id,
            "record": encode(document.record).decode(),
            "spans": [attributes(span) for span in document.spans],
        }
        store.add(doc)
    return {"records.spacy": store.to_bytes()}


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of a DocBin with user data.

    Raises:
        ExchangeError: the file is no DocBin, a Doc has no ``doc_id``, or a passage is not the document's.
    """
    tokens, vocab = _spacy()
    documents = []
    for file, content in files.items():
        try:
            docs = list(tokens.DocBin().from_bytes(content).get_docs(vocab))
        except Exception as error:  # zlib, msgpack and spaCy each have errors of their own
            raise ExchangeError(f"{file}: no DocBin: {error}") from error
        for number, doc in enumerate(docs, 1):
            carried = doc.user_data.get(GROUP) or {}
            if "doc_id" not in carried:
                raise ExchangeError(f"{file}: Doc {number} has no user_data[{GROUP!r}]['doc_id']")
            document = originals.document(
                file,
                carried["doc_id"],
                loads(file, carried["record"].encode(), Record) if "record" in carried else None,
            )
            group = doc.spans.get(GROUP, [])
            found = [
                Found(s.start_char, s.end_char, _place(file, s), doc.text[s.start_char : s.end_char]) for s in group
            ]
            documents.append(corrected(file, document, found))
    return documents


def _place(file: str, span: Any) -> Place:
    try:
        return from_tag(f"{span.label_}@{span.kb_id_}")
    except LookupError as error:
        raise ExchangeError(f"{file}: span {span.label_} {span.start_char}–{span.end_char}: {error.args[0]}") from error


def _spacy() -> tuple[Any, Any]:
    try:
        import spacy.tokens
        import spacy.vocab
    except ImportError as error:
        raise ExchangeError("spaCy's format needs spaCy: pip install 'panjue[spacy]'") from error
    return spacy.tokens, spacy.vocab.Vocab()
