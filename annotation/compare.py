"""Two readings of one judgment: where they differ, and one record of all in which they agree.

The fields compared are those of the score, so that what annotators settle is what panjue is measured by.
"""

from __future__ import annotations

import copy
from typing import Any

from msgspec import Struct

from panjue.annotation.pointers import at, within
from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, Field
from panjue.eval.passages import evidence_of
from panjue.eval.score import align

Json = dict[str, Any]


class Side(Struct, frozen=True):
    """What one reading has: the value at each path of the difference, and the evidence below them."""

    values: list[Any]
    evidence: list[Any]
    there: bool = True
    """False where this reading lacks the defendant."""


class Difference(Struct, frozen=True):
    """One field on which two readings do not agree; ``paths`` are pointers into the merged record."""

    field: str
    chinese: str
    paths: list[str]
    first: Side
    second: Side


def merged(first: Json, second: Json) -> tuple[Json, list[Difference]]:
    """One record to settle, and what there is to settle in it.

    The record is the first reading, with the defendants added whom only the second has. Defendants are aligned by name.
    """
    record = copy.deepcopy(first)
    differences = [
        _difference(field, "/case", first, second, "/case")
        for field in CASE_FIELDS
        if field.value(first["case"]) != field.value(second["case"])
    ]
    for here, there in align(first, second):
        if here is None and there is not None:
            last = len(record["defendants"])
            record["defendants"].append(copy.deepcopy(second["defendants"][there]))
            owner, into = f"/defendants/{there}", f"/defendants/{last}"
            record["evidence"] += _evidence(second, [owner], owner, into)
            differences.append(_only(record, last, first=False))
        elif there is None and here is not None:
            differences.append(_only(record, here, first=True))
        elif here is not None and there is not None:
            ours, theirs = first["defendants"][here], second["defendants"][there]
            differences += [
                _difference(field, f"/defendants/{here}", first, second, f"/defendants/{there}")
                for field in DEFENDANT_FIELDS
                if field.value(ours) != field.value(theirs)
            ]
    return record, differences


def _difference(field: Field, owner: str, first: Json, second: Json, other: str) -> Difference:
    tails = [pointer.removeprefix("case/") for pointer in field.pointers]
    paths = [f"{owner}/{tail}" for tail in tails]
    return Difference(
        field.name,
        field.label,
        paths,
        Side([at(first, path) for path in paths], _evidence(first, paths, owner, owner)),
        Side(
            [at(second, f"{other}/{tail}") for tail in tails],
            _evidence(second, [f"{other}/{tail}" for tail in tails], other, owner),
        ),
    )


def _only(record: Json, index: int, *, first: bool) -> Difference:
    path = f"/defendants/{index}"
    present = Side([record["defendants"][index]["name"]], _evidence(record, [path], path, path))
    absent = Side([None], [], there=False)
    return Difference("defendants", "被告人", [path], *((present, absent) if first else (absent, present)))


def _evidence(record: Json, paths: list[str], owner: str, into: str) -> list[Json]:
    """The passages of values, or of what is around them, named as in the merged record."""
    return [
        {**entry, "path": into + entry["path"].removeprefix(owner)}
        for entry in evidence_of(record, tuple(paths))
        if within(entry["path"], owner)
    ]
