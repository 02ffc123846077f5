"""How sure each value is: the share that is right of the values judged that were read the same way.

What is known of how a value was read are its signals: the rule that found it, the flags upon it, how rare the value is,
how many defendants its passage had to be divided between. ``lexicons/confidence.csv`` holds for each group of fields a
decision list of signals, the least reliable first; a value takes the confidence of the first line all of whose signals
it has. ``python -m panjue.eval.reliability`` makes the lists and calibrates them on judgments of other courts.

A group of which nothing was read may be silent wrongly: it has signals but no passage, and counts only in the confidence
of the record. That is a logistic regression on how sure its groups are together and on what makes a whole judgment hard
to read (``lexicons/record_confidence.csv``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.record import Defendant, Evidence, Record

Lists = Mapping[str, Sequence[tuple[frozenset[str], float]]]
"""For each group of fields its decision list: signals, and the confidence of a value that has them all."""

#: The signal that every value has; it closes each list.
ANY = "*"
AND = " & "
NAME = "name"
"""The group of the defendant's name, which every defendant has."""
INTERCEPT = "intercept"
"""The weight that every record has."""
#: The signal of a group of which nothing was read.
SILENT = "silent"
_GROUPS = (  # of which nothing may be read
    "charges_prosecuted",
    "charges_convicted",
    "plea",
    "recommendation",
    "court_response",
    "sentence",
    "counsel",
    "counsel_at_signing",
)


_CASE = tuple(
    f"case.{name}" for name in ("case_number", "procuratorate", "procedure", "indictment_date", "judgment_date")
)
#: no doubt is less than this
_CERTAIN = 1e-4
#: code points of text up to the last passage read; a longer judgment is counted long
_LONG = 10_000


class Reading(NamedTuple):
    """What is known of how something was read, or of what was not."""

    defendant: int | None
    """Position in the record; None for the case."""
    group: str
    signals: frozenset[str]
    entry: Evidence | None
    """None for a silent group."""


def weigh(record: Record) -> None:
    """Set the confidence of every evidence entry of ``record``."""
    for reading in readings(record):
        if reading.entry is not None:
            reading.entry.confidence = confidence(reading.group, reading.signals)


@lru_cache(maxsize=4096)
def confidence(group: str, found: frozenset[str]) -> float:
    """The confidence of a value of ``group`` with the signals ``found``, from 0 to 1."""
    return look_up(_lists(), group, found)


def look_up(lists: Lists, group: str, found: frozenset[str]) -> float:
    """The confidence of the first line of the group's list whose signals are all ``found``; 0 without a list.

    >>> lists = {"plea": [(frozenset({"later_instance"}), 0.8), (frozenset({"*"}), 0.99)]}
    >>> look_up(lists, "plea", frozenset({"*", "later_instance"})), look_up(lists, "plea", frozenset({"*"}))
    (0.8, 0.99)
    """
    return next((sure for needed, sure in lists.get(group, ()) if needed <= found), 0.0)


def record_confidence(record: Record) -> float:
    """How sure it is that nothing in the record is wrong or lacking, from the confidences that stand in it.

    No record is surer than the least sure thing in it. A judgment without a defendant lacks what matters: 0.
    """
    found = readings(record)
    sure = [r.entry.confidence if r.entry is not None else confidence(r.group, r.signals) for r in found]
    return weigh_record(record, _weights(), together(found, sure), min(sure, default=1.0))


def weigh_record(record: Record, weights: Mapping[str, float], groups: float, least: float) -> float:
    """The confidence of a record by given weights, from that of its groups together and of the least sure of them."""
    if record.status == "out_of_scope":
        return groups
    return min(weigh_traits(weights, record_traits(record, groups)), least) if record.defendants else 0.0


def record_traits(record: Record, groups: float) -> dict[str, float]:
    """What tells how hard a judgment was to read: the regressors of its confidence; ``groups`` is that of its groups together."""
    defendants, instance = record.defendants, record.case.instance
    statuses = {defendant.plea.status for defendant in defendants}
    given = [defendant for defendant in defendants if defendant.recommendation.content != "none"]
    traits = {
        "plea_not_mentioned": "not_mentioned" in statuses,
        "plea_denied": "denied" in statuses,
        "pleas_differ": len(statuses) > 1,
        "plea_contested": any(entry.source.endswith("_contested") for entry in record.evidence),
        "undefended": not any(defendant.counsel for defendant in defendants),
        "recommended": bool(given),
        "recommended_for_several_counts": any(len(defendant.sentence.counts) > 1 for defendant in given),
        "charges_changed": any({*one.charges_convicted} != {*one.charges_prosecuted} for one in defendants),
        "gravest_penalty": any(one.sentence.penalty in ("life", "death_reprieve", "death") for one in defendants),
        "organization": any(defendant.kind == "organization" for defendant in defendants),
        "indictment_undated": record.case.indictment_date is None and instance == "first",
        "later_instance": instance not in ("first", None),
        "private_prosecution": record.case.prosecution == "private",
        "partial": record.status == "partial",
        "flagged": any(flag.path for flag in record.flags),
    }
    return {
        INTERCEPT: 1.0,
        "log_doubt": math.log(max(1 - groups, _CERTAIN)),
        "log_defendants": math.log(max(len(defendants), 1)),
        "log_length": math.log(max((entry.end for entry in record.evidence), default=1)),
        **{name: float(true) for name, true in traits.items()},
    }


def weigh_traits(weights: Mapping[str, float], traits: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum; a trait without a weight does not count."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in traits.items())))


def together(found: Iterable[Reading], sure: Iterable[float]) -> float:
    """The product of the confidences of all groups of all defendants, each that of its least sure reading.

    Passages of one group are read together and are right or wrong together; groups err each for itself.
    """
    least: dict[tuple[int | None, str], float] = {}
    for reading, one in zip(found, sure, strict=True):
        key = reading.defendant, reading.group
        least[key] = min(least.get(key, 1.0), one)
    return math.prod(least.values())


def readings(record: Record) -> list[Reading]:
    """The readings of a record: one for each evidence entry, in order, then its silent groups."""
    flags = [(owner_of(flag.path), flag.code) for flag in record.flags]
    shared = _shared(record)
    traits = [_traits(defendant) for defendant in record.defendants]

    @cache
    def signals(index: int | None, group: str, how: str) -> frozenset[str]:
        mine = {ANY, how, *(f"flag:{code}" for owner, code in flags if owner in ((index, group), (index, "")))}
        if index is not None and index < len(traits):
            mine.update(traits[index].get(group, ()), shared)
        elif group in _CASE:
            mine.update(shared)
        return frozenset(mine)

    owners = [owner_of(entry.path) for entry in record.evidence]
    found = [
        Reading(*owner, signals(*owner, entry.source), entry)
        for owner, entry in zip(owners, record.evidence, strict=True)
    ]
    stated = set(owners)
    silent: list[tuple[int | None, str]] = [(i, g) for i in range(len(traits)) for g in _GROUPS if (i, g) not in stated]
    if record.status != "out_of_scope":
        silent += [(None, group) for group in _CASE if (None, group) not in stated]
    found += [Reading(*owner, signals(*owner, SILENT), None) for owner in silent]
    return found


def owner_of(path: str) -> tuple[int | None, str]:
    """The defendant's number and the group of fields of a JSON Pointer; the case's fields are groups of their own.

    >>> owner_of("/defendants/2/plea/status"), owner_of("/case/court"), owner_of("/defendants/0")
    ((2, 'plea'), (None, 'case.court'), (0, ''))
    """
    parts = path.strip("/").split("/")
    if parts[0] != "defendants":
        return None, ".".join(parts[:2])
    index = int(parts[1]) if len(parts) > 1 else None
    if parts[2:4] == ["recommendation", "court_response"]:
        return index, "court_response"
    return index, parts[2] if len(parts) > 2 else ""


def _shared(record: Record) -> list[str]:
    """What a record itself tells of how hard the whole judgment was to read."""
    shared = ["several_defendants"] if len(record.defendants) > 1 else []
    shared += ["many_defendants"] if len(record.defendants) > 4 else []
    shared += ["later_instance"] if record.case.instance not in ("first", None) else []
    shared += ["private_prosecution"] if record.case.prosecution == "private" else []
    shared += ["partial"] if record.status == "partial" else []
    shared += ["long"] if max((entry.end for entry in record.evidence), default=0) > _LONG else []
    return shared


def _traits(defendant: Defendant) -> dict[str, list[str]]:
    """What is unusual in the values of a defendant, by group."""
    plea, recommendation, sentence = defendant.plea, defendant.recommendation, defendant.sentence
    several_counts = ["several_counts"] if len(sentence.counts) > 1 else []
    served = sentence.penalty in ("detention", "imprisonment") and sentence.probation_months is None
    undated = ["undated"] if served and sentence.term_start is None else []
    return {
        "plea": [f"status={plea.status}", f"stage={plea.stage}", f"basis={plea.stage_basis}"],
        "recommendation": [f"form={recommendation.form}", f"probation={recommendation.probation}", *several_counts],
        "court_response": [f"response={recommendation.court_response}"],
        "sentence": [f"disposition={sentence.disposition}", f"penalty={sentence.penalty}", *several_counts, *undated],
        "charges_convicted": [f"disposition={sentence.disposition}"],
    }


@cache
def _lists() -> Lists:
    lists: dict[str, list[tuple[frozenset[str], float]]] = {}
    for row in read_lexicon("confidence"):
        lists.setdefault(row["group"], []).append((frozenset(row["signals"].split(AND)), float(row["confidence"])))
    return lists


@cache
def _weights() -> dict[str, float]:
    return {row["trait"]: float(row["weight"]) for row in read_lexicon("record_confidence")}
