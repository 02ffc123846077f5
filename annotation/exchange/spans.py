"""The one shape that all formats are written from and read into: a text, its record, and the passages of its evidence.

What comes back is compared with the record that went out: a passage at its old place keeps its source and
confidence; one that is new, moved or named otherwise is evidence of source ``person``; one that is gone is deleted.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from panjue.annotation.exchange.labels import Place, place, pointer, value_at
from panjue.extractors.record import Evidence, Record

Files = Mapping[str, bytes]
"""Contents by file name."""

_HALF = re.compile("[\ud800-\udfff]")


class ExchangeError(ValueError):
    """What cannot be exchanged; the message names file, document and span."""


class Span(Struct, frozen=True):
    """One evidence of a record: ``text[start:end]`` in code points, what it speaks for, and the value read there.

    ``number`` is its place in ``record.evidence``; ``value`` is shown as text, None for an object or a list.
    """

    number: int
    start: int
    end: int
    place: Place
    text: str
    pointer: str
    source: str
    confidence: float
    value: str | None


class Document(Struct, frozen=True):
    """A text and its record."""

    text: str
    record: Record

    @property
    def doc_id(self) -> str:
        """The identifier of the record."""
        return self.record.doc_id

    @property
    def spans(self) -> tuple[Span, ...]:
        """The evidence as passages, without any that is empty or that no label can name."""
        spans = []
        for number, entry in enumerate(self.record.evidence):
            named = place(entry.path)
            if named is not None and entry.start < entry.end:
                text, value = self.text[entry.start : entry.end], shown(value_at(self.record, entry.path))
                spans.append(
                    Span(number, entry.start, entry.end, named, text, entry.path, entry.source, entry.confidence, value)
                )
        return tuple(spans)


class Found(Struct, frozen=True):
    """A passage as a file has it, offsets in code points.

    ``text`` is the passage as the file quotes it. ``value`` is the value beside it, None where the file has none, and
    ``pointer`` is what that value was written for, None where a person wrote it.
    """

    start: int
    end: int
    place: Place
    text: str
    value: str | None = None
    pointer: str | None = None


class Originals(Struct, frozen=True):
    """What went out: texts, and records where the format did not carry them, both by ``doc_id``."""

    texts: Mapping[str, str]
    records: Mapping[str, Record]

    def document(self, file: str, doc_id: str, carried: Record | None = None) -> Document:
        """The document as it went out.

        Raises:
            ExchangeError: no text of that name, no record, or the record is of another text.
        """
        where = f"{file}: document {doc_id!r}"
        if doc_id not in self.texts:
            raise ExchangeError(f"{where}: no text of that doc_id")
        record = self.records.get(doc_id, carried)
        if record is None:
            raise ExchangeError(f"{where}: no record in the file; give the records that were converted: --records")
        return checked(where, Document(self.texts[doc_id], record))


class Format(Protocol):
    """A format: ``write`` and ``read`` are pure, ``SUFFIX`` is that of the files that ``read`` takes."""

    @property
    def SUFFIX(self) -> str:  # noqa: N802
        """Ending of the names of the files that are read."""

    @property
    def LOSES(self) -> tuple[str, ...]:  # noqa: N802
        """What the format cannot hold."""

    def write(self, documents: Sequence[Document]) -> dict[str, bytes]:
        """The files, one or several."""

    def read(self, files: Files, originals: Originals) -> list[Document]:
        """The documents of the files, corrected."""

    def held(self, document: Document) -> Sequence[Span]:
        """The passages that the format holds."""


def checked(where: str, document: Document) -> Document:
    """The document itself.

    Raises:
        ExchangeError: the record is of another text, or evidence points to nothing.
    """
    text, record = document.text, document.record
    if half := _HALF.search(text):
        raise ExchangeError(f"{where}: half a surrogate pair at {half.start()}, which no format holds")
    if hashlib.sha256(text.encode()).hexdigest() != record.text_sha256:
        raise ExchangeError(f"{where}: the record was made from another text")
    for number, entry in enumerate(record.evidence):
        if entry.start > entry.end or entry.end > len(text):
            raise ExchangeError(f"{where}: evidence {number} ({entry.start}–{entry.end}) is outside the text")
        if place(entry.path) is not None:
            try:
                value_at(record, entry.path)
            except LookupError as error:
                raise ExchangeError(f"{where}: evidence {number}: {error}") from error
    return document


def corrected(
    file: str,
    document: Document,
    found: Sequence[Found],
    *,
    held: Sequence[Span] | None = None,
    displayed: Callable[[str], str] = str,
) -> Document:
    """The document with the passages and values of a file in place of those it went out with.

    Args:
        file: name of the file, for errors.
        document: as it went out.
        found: all passages of the file.
        held: the passages that went out, if not all; the others stay as they are.
        displayed: a text as the tool quotes it, if not as it is.

    Raises:
        ExchangeError: a passage that is not the document's, or that speaks for nothing in the record; or a value that
            is none of its field.
    """
    record, out = document.record, {span.number for span in (document.spans if held is None else held)}
    keys: list[tuple[str, int, int]] = []
    values: dict[str, tuple[str, str]] = {}
    for number, one in enumerate(found, 1):
        where = f"{file}: document {document.doc_id!r}: span {number} ({one.place.tag}, {one.start}–{one.end})"
        if not 0 <= one.start < one.end <= len(document.text):
            raise ExchangeError(f"{where} is outside the text or empty")
        passage = document.text[one.start : one.end]
        if displayed(one.text) != displayed(passage):
            raise ExchangeError(f"{where} is {one.text!r} in the file, {passage!r} in the text")
        try:
            path = pointer(one.place, record)
        except LookupError as error:
            raise ExchangeError(f"{where}: {error.args[0]}") from error
        keys.append((path, one.start, one.end))
        if _is_correction(record, one, path) and values.setdefault(path, (one.value or "", where))[0] != one.value:
            raise ExchangeError(f"{where}: two different values for {path}")
    left, evidence = Counter(keys), []
    for number, entry in enumerate(record.evidence):
        key = (entry.path, entry.start, entry.end)
        if number not in out or left[key]:
            evidence.append(entry)
            left[key] -= number in out
    for path, start, end in keys:
        if left[path, start, end] > 0:
            left[path, start, end] -= 1
            evidence.append(Evidence(path=path, start=start, end=end, source="person"))
    kept = msgspec.structs.replace(record, evidence=evidence)
    for path, (value, where) in values.items():
        kept = _with(kept, path, value, where)
    return Document(document.text, kept)


def shown(value: Any) -> str | None:
    """A value as text; None is nothing written, an object or a list has no text.

    >>> shown(7), shown("imprisonment"), shown(None), shown([])
    ('7', 'imprisonment', '', None)
    """
    if value is None or isinstance(value, str):
        return value or ""
    return None if isinstance(value, list | Struct) else msgspec.json.encode(value).decode()


def _is_correction(record: Record, one: Found, path: str) -> bool:
    if one.value is None:
        return False
    now = shown(value_at(record, path))
    if now is None or one.value == now:
        return False
    if one.pointer is None or one.pointer == path:
        return True
    try:  # a passage that was given another name still has the value of its old one beside it
        return one.value != shown(value_at(record, one.pointer))
    except (AttributeError, LookupError):
        return True


def _with(record: Record, path: str, said: str, where: str) -> Record:
    readings: list[Any] = [said] if said else [None]
    with suppress(msgspec.DecodeError):  # what is no number or null can only be meant as text
        readings.append(msgspec.json.decode(said))
    for reading in readings:
        plain = msgspec.to_builtins(record)
        *owners, name = path.split("/")[1:]
        holder: Any = plain
        for part in owners:
            holder = holder[int(part) if isinstance(holder, list) else part]
        holder[int(name) if isinstance(holder, list) else name] = reading
        try:
            return msgspec.convert(plain, Record)
        except msgspec.ValidationError as error:
            reason = error
    raise ExchangeError(f"{where}: {said!r} is no value of {path}: {reason}")
