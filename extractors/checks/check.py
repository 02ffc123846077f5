"""What a check is: a pure function of the record, and what it says in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from panjue.extractors.record import Defendant, Record


class Finding(NamedTuple):
    """What a check found wrong, and where: a JSON Pointer into the record, and the values, without names or text."""

    path: str
    message: str


#: One outcome for each thing the check applies to: None where it is as it should be.
Outcomes = Iterator[Finding | None]


class Check(NamedTuple):
    """One rule that a record is held to.

    Attributes:
        code: the flag's code.
        hard: whether a violation can only be an error, of the court, of a typist or of the extraction; a soft check
            marks what is possible but rare, and texts that are cut off.
        statute: what the rule rests on: CL 刑法 (Criminal Law), CPL 刑事诉讼法 (Criminal Procedure Law of 2018), or
            where it rests on the record alone, "record".
        english: what is checked.
        chinese: the same in the terms of the law.
        of: what it applies to, the things a rate is a share of.
        look: the rule.
    """

    code: str
    hard: bool
    statute: str
    english: str
    chinese: str
    of: str
    look: Callable[[Record], Outcomes]


def each(record: Record) -> Iterator[tuple[str, Defendant]]:
    """The defendants with their JSON Pointers."""
    for index, defendant in enumerate(record.defendants):
        yield f"/defendants/{index}", defendant


def length(months: int | None, days: int) -> float:
    """A term in months, days as thirtieths; 0 where there is none."""
    return (months or 0) + days / 30


def said(months: int | None, days: int = 0) -> str:
    """A term for people.

    >>> said(18), said(1, 15), said(None)
    ('18 months', '1 month 15 days', 'no term')
    """
    if months is None:
        return "no term"
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((months, "month"), (days, "day")) if n]
    return " ".join(parts) or "0 months"


def earlier_sentence(record: Record, path: str) -> bool:
    """Whether a defendant's sentence takes in one of an earlier judgment (CL 70, 71, 77), as the disposition says."""
    return evidence_from(record, f"{path}/sentence", "disposition.earlier_sentence")


def evidence_from(record: Record, path: str, source: str) -> bool:
    """Whether the value at ``path`` has evidence that was found by the rule ``source``."""
    return any(entry.source == f"rule:{source}" and entry.path == path for entry in record.evidence)
