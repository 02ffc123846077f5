"""Records to the rows of every table."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache
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
    columns = _columns(with_names, key is not None)
    case = Seen(record=record, setting=setting(record.case))
    people = list(_defendants(case))
    for name, own in columns.items():
        for seen in _seen(name, case, people):
            yield name, _row(own, seen, key)


@cache
def _columns(with_names: bool, hashed: bool) -> dict[str, tuple[Variable, ...]]:
    return {table.name: variables(table, with_names=with_names, hashed=hashed) for table in TABLES}


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


def _seen(name: str, case: Seen, people: list[Seen]) -> Iterator[Seen]:
    record = case.record
    if name == "cases":
        yield case
    elif name in ("evidence", "flags"):
        for place, item in enumerate(record.evidence if name == "evidence" else record.flags, 1):
            yield Seen(record=record, setting=case.setting, item=item, place=place)
    else:
        for seen in people:
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
