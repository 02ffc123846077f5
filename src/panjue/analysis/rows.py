"""Records to the rows of every table."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from panjue.analysis.derived import adoption, counsel_trial, main_charge
from panjue.analysis.dictionary import TABLES, Table
from panjue.analysis.setting import setting
from panjue.analysis.variables import WHY, Seen, Variable
from panjue.extractors.lexicon import charge
from panjue.extractors.record import Record

HASH = Variable(
    name="name_hash", kind="text", english="Hash of the name", chinese="姓名散列", read=lambda s: s.who.name,
    derivation="HMAC-SHA-256 of name and case number with a key that is yours, first 16 digits",
)  # fmt: skip


def variables(table: Table, *, with_names: bool, hashed: bool) -> tuple[Variable, ...]:
    """The columns of a table as they are written, without those that say why a value is missing."""
    kept = tuple(one for one in table.variables if with_names or not one.personal)
    return (*kept, HASH) if hashed and any(one.name == "name" for one in table.variables) else kept


def rows(record: Record, *, with_names: bool = False, key: bytes | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row that comes of one record, with the name of its table.

    Args:
        record: one judgment.
        with_names: whether names of people are written.
        key: with one, a keyed hash of the name takes its place.
    """
    for table in TABLES:
        columns = variables(table, with_names=with_names, hashed=key is not None)
        for seen in _seen(table.name, record):
            yield table.name, _row(columns, seen, key)


def _row(columns: tuple[Variable, ...], seen: Seen, key: bytes | None) -> dict[str, Any]:
    row: dict[str, Any] = {}
    why: dict[str, Any] = {}
    for one in columns:
        value = one.read(seen)
        if one is HASH and key is not None:
            value = _hashed(key, value, seen.record)
        row[one.name] = value
        if one.optional:
            why[WHY + one.name] = one.why(seen) if value is None else None
    return row | why


def _hashed(key: bytes, name: str, record: Record) -> str:
    words = f"{name}\0{record.case.case_number or record.doc_id}"
    return hmac.new(key, words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]


def _seen(name: str, record: Record) -> Iterator[Seen]:
    case = Seen(record=record, setting=setting(record.case))
    if name == "cases":
        yield case
    elif name == "evidence":
        for place, passage in enumerate(record.evidence, 1):
            yield structs.replace(case, item=passage, place=place)
    elif name == "flags":
        for place, flag in enumerate(record.flags, 1):
            yield structs.replace(case, item=flag, place=place)
    else:
        for seen in _defendants(case):
            yield from _items(name, seen)


def _defendants(case: Seen) -> Iterator[Seen]:
    for number, defendant in enumerate(case.record.defendants, 1):
        named, law = main_charge(defendant)
        yield structs.replace(
            case,
            number=number,
            defendant=defendant,
            adoption=adoption(defendant),
            counsel_trial=counsel_trial(case.record, defendant),
            main_charge=named,
            law=law,
        )


def _items(name: str, seen: Seen) -> Iterator[Seen]:
    who = seen.who
    if name in ("defendants", "defendants_wide"):
        yield seen
    elif name == "recommendations":
        if who.recommendation.content != "none":
            yield seen
    elif name == "charges":
        for place, named in enumerate(dict.fromkeys([*who.charges_prosecuted, *who.charges_convicted]), 1):
            yield structs.replace(seen, item=named, place=place, law=charge(named))
    else:
        for place, item in enumerate(who.sentence.counts if name == "counts" else who.counsel, 1):
            yield structs.replace(seen, item=item, place=place)
