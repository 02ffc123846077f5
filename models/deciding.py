"""Whom to trust for which field: what the rules read, or what the tagger found, and at what score.

``decisions.csv`` in the folder of a tagger has a line for each field and situation in which it was better on judgments that it
was not trained on, with the least score. Where there is none the rules stand. ``python -m panjue.eval.deciding`` makes it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from panjue.extractors.record import Defendant, Evidence, Recommendation, Record
from panjue.extractors.view import View
from panjue.models.tagger.checkpoint import CheckpointError, about
from panjue.models.tagger.reading import FIELDS, Reading

Situation = Literal["silent", "unsure", "sure"]
DECISIONS = "decisions.csv"
SOURCE = "model:tagger"
SECTIONS_SILENT: tuple[str, Situation] = ("sections", "silent")
"""The line of the table for judgments in which the rules find no disposition."""
_SURE = 0.99
_SILENT: tuple[object, ...] = (None, [], "not_mentioned", "not_stated", "none", "silent", "unknown")
_LENIENT = ("applied", "claimed_only", "retracted")


class Decision(NamedTuple):
    """From this score on the tagger is trusted; ``right`` of ``values`` were right where it was."""

    score: float
    right: int
    values: int


Table = Mapping[tuple[str, Situation], Decision]


class Disputed(NamedTuple):
    """A value that the tagger reads otherwise than the rules."""

    defendant: int
    field: str
    situation: Situation
    reading: Reading


def decisions(folder: Path) -> Table:
    """The table of a tagger; where nothing was fitted it is trusted with nothing.

    Raises:
        CheckpointError: the table is damaged.
    """
    path = folder / DECISIONS
    if not path.exists():
        return {}
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        return {
            (row["field"], msgspec.convert(row["situation"], Situation)): Decision(
                float(row["score"]), int(row["right"]), int(row["values"])
            )
            for row in rows
        }
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged: {error}; python -m panjue.eval.deciding makes it anew") from error


def version(folder: Path) -> str:
    """What tells a tagger and its table from others: the hashes of both.

    Raises:
        CheckpointError: there is no such tagger.
    """
    path = folder / DECISIONS
    table = sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else "none"
    return f"{about(folder).weights[:16]}-{table}"


def disputed(record: Record, readings: Sequence[Mapping[str, Reading]]) -> Iterator[Disputed]:
    """Every value that the tagger found and the rules do not have, in the order of the defendants and fields."""
    for index, found in enumerate(readings):
        for field in FIELDS:
            if field in found and _value(record.defendants[index], field) != _comparable(found[field].value):
                yield Disputed(index, field, situation(record, index, field), found[field])


def situation(record: Record, index: int, field: str) -> Situation:
    """How sure the rules are of a value: they have none, its evidence is weak, or they are sure."""
    if _value(record.defendants[index], field) in _SILENT:
        return "silent"
    path = f"/defendants/{index}/{field}"
    weighed = [one.confidence for one in record.evidence if one.path == path or one.path.startswith(f"{path}/")]
    return "sure" if weighed and min(weighed) >= _SURE else "unsure"


def settle(record: Record, readings: Sequence[Mapping[str, Reading]], view: View, table: Table) -> int:
    """Take over what the table trusts the tagger with, with its evidence; how many values that were."""
    taken = 0
    for dispute in disputed(record, readings):
        decision = table.get((dispute.field, dispute.situation))
        if decision and dispute.reading.score >= decision.score:
            taken += take(record, dispute, view, round(decision.right / decision.values, 3))
    return taken


def take(record: Record, dispute: Disputed, view: View, confidence: float = 1.0) -> bool:
    """Put a value of the tagger in the place of what the rules read; false if the rest of the record rules it out."""
    defendant, reading = record.defendants[dispute.defendant], dispute.reading
    if not _put(defendant, dispute.field, reading):
        return False
    path = f"/defendants/{dispute.defendant}/{dispute.field}"
    record.evidence = [one for one in record.evidence if one.path != path and not one.path.startswith(f"{path}/")]
    items = range(len(reading.value)) if dispute.field == "counsel" else [None]
    start, end = view.original(reading.start, reading.end)
    for item in items:
        record.evidence.append(
            Evidence(
                path=path if item is None else f"{path}/{item}",
                start=start,
                end=end,
                source=SOURCE,
                confidence=confidence,
            )
        )
    return True


def _put(defendant: Defendant, field: str, reading: Reading) -> bool:
    plea, recommendation, value = defendant.plea, defendant.recommendation, reading.value
    if field == "plea/status":
        plea.status = value
        lenient = value in _LENIENT
        plea.stage, plea.stage_basis = (
            (plea.stage or "unknown", plea.stage_basis or "none") if lenient else (None, None)
        )
    elif field == "plea/stage":
        if plea.status not in _LENIENT:
            return False
        plea.stage, plea.stage_basis = value, "none" if value == "unknown" else "explicit"
    elif field == "plea/recognizance":
        plea.recognizance = value
    elif field == "recommendation":
        answer = recommendation.court_response or "silent"
        defendant.recommendation = msgspec.structs.replace(value, court_response=answer)
    elif field == "recommendation/court_response":
        if recommendation.content == "none":
            return False
        recommendation.court_response = value
    else:
        setattr(defendant, field, list(value))
    return True


def _value(defendant: Defendant, field: str) -> object:
    """What the record has, comparable with a reading."""
    value: object = defendant
    for part in field.split("/"):
        value = getattr(value, part)
    return _comparable(value)


def _comparable(value: object) -> object:
    if isinstance(value, Recommendation):
        return (
            None
            if value.content == "none"
            else msgspec.structs.astuple(msgspec.structs.replace(value, court_response=None))
        )
    return sorted(map(repr, value)) if isinstance(value, list) else value
