"""What was found of records: values, each right or wrong, by gold records and by reviews."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from panjue.eval.confidence import Judged, judge
from panjue.eval.fields import DEFENDANT_FIELDS, Field, Json
from panjue.eval.records import read_records
from panjue.eval.score import align, score
from panjue.extractors.confidence import NAME, Reading, owner_of, readings
from panjue.extractors.record import Record, decode


class Seen(Struct, frozen=True):
    """One value that is not empty, or a silent group: how it was read, and whether it is right."""

    group: str
    signals: frozenset[str]
    right: bool
    right_at_first: bool
    """Whether it was so when the judgment was read for the first time."""
    court: str
    """What judgments of one fold share; a judgment without a court stands for itself."""
    stated: bool = True
    """Whether it is a value that was read, from a passage."""
    readings: tuple[int, ...] = ()
    """Positions of the record's readings that it rests on."""


class Document(Struct, frozen=True, dict=True):
    """A record, what was found of its values, and whether all of it is right, nothing lacking."""

    record: Record
    seen: list[Seen]
    right: bool
    right_at_first: bool
    """Whether it was so when the judgment was read for the first time."""

    @property
    def court(self) -> str:
        """What judgments of one fold share; a judgment without a court stands for itself."""
        return self.record.case.court or self.record.doc_id

    @cached_property
    def readings(self) -> list[Reading]:
        """The record's readings."""
        return readings(self.record)


class _Verdict(NamedTuple):
    right: bool
    right_at_first: bool


class Review(Struct, frozen=True):
    """What a person found of one field of a record, or with ``*`` of all of it."""

    doc_id: str
    defendant: str
    field: str
    verdict: str

    def speaks_of(self, field: str, defendant: int | None) -> bool:
        """Whether this is about the field; without a defendant it is about all of them."""
        own = not self.defendant or self.defendant == str(defendant)
        return own and self.field in (field, field.split(".", maxsplit=1)[0], "*")


def of_gold(gold: Path, pred: Path) -> Iterator[Document]:
    """The documents that both files have."""
    ours, theirs = read_records(gold), read_records(pred)
    for doc_id in sorted(ours.keys() & theirs.keys()):
        yield _by_gold(ours[doc_id], theirs[doc_id])


def _by_gold(gold: Json, record: Json) -> Document:
    known = {match: index for index, match in align(gold, record) if index is not None}

    def same(group: str, defendant: int | None) -> bool:
        if defendant is None:
            field = group.removeprefix("case.")
            return bool(gold["case"][field] == record["case"][field])
        return defendant in known and all(
            field.value(gold["defendants"][known[defendant]]) == field.value(record["defendants"][defendant])
            for field in _fields(group)
        )

    exact = score({"": gold}, {"": record}).tallies["document exact"].right == 1
    return _document(
        record,
        judge(gold, record),
        lambda value, _: _Verdict(value.right, value.right),
        lambda group, defendant: _Verdict(same(group, defendant), same(group, defendant)),
        _Verdict(exact, exact),
    )


def of_reviews(folder: Path, pred: Path) -> Iterator[Document]:
    """Reviewed records: values are right unless a reviewer says wrong, and left out where debatable."""
    records = read_records(pred)
    reviews: dict[str, list[Review]] = defaultdict(list)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                reviews[row["doc_id"]].append(Review(row["doc_id"], row["defendant"], row["field"], row["verdict"]))
    for doc_id in sorted(reviews.keys() & records.keys()):
        yield _by_reviews(reviews[doc_id], records[doc_id])


def _by_reviews(reviews: list[Review], record: Json) -> Document:
    def verdict(fields: list[str], defendant: int | None) -> _Verdict | None:
        found = {one.verdict for one in reviews if any(one.speaks_of(field, defendant) for field in fields)}
        return None if "debatable" in found else _Verdict("wrong" not in found, found.isdisjoint({"wrong", "fixed"}))

    return _document(
        record,
        judge(record, record),
        lambda value, defendant: verdict([value.field], defendant),
        lambda group, defendant: verdict([group, *(field.name for field in _fields(group))], defendant),
        _Verdict(
            all(one.verdict != "wrong" for one in reviews),
            all(one.verdict not in ("wrong", "fixed") for one in reviews),
        ),
    )


def _document(
    record: Json,
    values: Iterator[Judged],
    of_value: Callable[[Judged, int | None], _Verdict | None],
    of_group: Callable[[str, int | None], _Verdict | None],
    of_whole: _Verdict,
) -> Document:
    """The values with evidence, the names, the silent groups; what is neither right nor wrong is left out."""
    read = decode(json.dumps(record))
    found = readings(read)
    told: list[tuple[tuple[int, ...], _Verdict | None]] = [
        (value.evidence, of_value(value, found[value.evidence[0]].defendant)) for value in values if value.evidence
    ]
    for position, reading in enumerate(found):
        if reading.entry is None or reading.group == NAME:
            told.append(((position,), of_group(reading.group, reading.defendant)))
    seen = [
        Seen(
            min(found[position].group for position in positions),
            frozenset().union(*(found[position].signals for position in positions)),
            verdict.right,
            verdict.right_at_first,
            read.case.court or read.doc_id,
            all(found[position].entry is not None for position in positions),
            positions,
        )
        for positions, verdict in told
        if verdict is not None
    ]
    return Document(read, seen, of_whole.right, of_whole.right_at_first)


def _fields(group: str) -> list[Field]:
    """What is scored of a defendant's group of confidence."""
    return [field for field in DEFENDANT_FIELDS if owner_of(f"/defendants/0/{field.pointers[0]}")[1] == group]
