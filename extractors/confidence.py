"""How sure each value is: the share that is right at least, by the values judged that were read the same way.

What is known of how a value was read are its signals: the rule that found it, the flags upon it, how rare the value is,
how many defendants its passage had to be divided between. ``lexicons/confidence.csv`` holds for each group of fields a
decision list of signals, the least reliable first, each with how many of the values that people judged were right; a
value takes the first line all of whose signals it has: the lower end of that share's 95 % interval.
``python -m panjue.eval.reliability`` makes the lists.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.record import Defendant, Evidence, Record

#: The signal that every value has; it closes each list.
ANY = "*"
AND = " & "


def weigh(record: Record) -> None:
    """Set the confidence of every evidence entry of ``record``."""
    for entry, group, found in signals(record):
        entry.confidence = confidence(group, frozenset(found))


@lru_cache(maxsize=4096)
def confidence(group: str, found: frozenset[str]) -> float:
    """The share of the first line of the group's list whose signals are all ``found``."""
    return next((share for needed, share in _lists().get(group, ()) if needed <= found), 0.0)


def signals(record: Record) -> list[tuple[Evidence, str, set[str]]]:
    """For each evidence entry its group of fields and its signals."""
    flags = [(_owner(flag.path), flag.code) for flag in record.flags]
    traits = [_traits(record, defendant) for defendant in record.defendants]
    found = []
    for entry in record.evidence:
        index, group = _owner(entry.path)
        mine = {ANY, entry.source}
        mine.update(f"flag:{code}" for owner, code in flags if owner in ((index, group), (index, "")))
        if index is not None and index < len(traits):
            mine.update(traits[index].get(group, ()))
            mine.update(traits[index][""])
        found.append((entry, group, mine))
    return found


def _owner(path: str) -> tuple[int | None, str]:
    """The defendant's number and the group of fields of a JSON Pointer; the case's fields are groups of their own.

    >>> _owner("/defendants/2/plea/status"), _owner("/case/court"), _owner("/defendants/0")
    ((2, 'plea'), (None, 'case.court'), (0, ''))
    """
    parts = path.strip("/").split("/")
    if parts[0] != "defendants":
        return None, ".".join(parts[:2])
    index = int(parts[1]) if len(parts) > 1 else None
    if parts[2:4] == ["recommendation", "court_response"]:
        return index, "court_response"
    return index, parts[2] if len(parts) > 2 else ""


def _traits(record: Record, defendant: Defendant) -> dict[str, list[str]]:
    """What a record itself tells of how hard its defendant was to read; by group, "" for all groups."""
    shared = ["several_defendants"] if len(record.defendants) > 1 else []
    shared += ["many_defendants"] if len(record.defendants) > 4 else []
    shared += ["later_instance"] if record.case.instance not in ("first", None) else []
    plea, recommendation, sentence = defendant.plea, defendant.recommendation, defendant.sentence
    several_counts = ["several_counts"] if len(sentence.counts) > 1 else []
    return {
        "": shared,
        "plea": [f"status={plea.status}", f"stage={plea.stage}", f"basis={plea.stage_basis}"],
        "recommendation": [f"form={recommendation.form}", f"probation={recommendation.probation}", *several_counts],
        "court_response": [f"response={recommendation.court_response}"],
        "sentence": [f"disposition={sentence.disposition}", f"penalty={sentence.penalty}", *several_counts],
        "charges_convicted": [f"disposition={sentence.disposition}"],
    }


@cache
def _lists() -> dict[str, list[tuple[frozenset[str], float]]]:
    lists: dict[str, list[tuple[frozenset[str], float]]] = {}
    for row in read_lexicon("confidence"):
        share = lower_bound(int(row["right"]), int(row["values"]))
        lists.setdefault(row["group"], []).append((frozenset(row["signals"].split(AND)), share))
    return lists


def lower_bound(right: int, values: int) -> float:
    """The lower end of Wilson's 95 % interval for a share: what so few or so many values make certain.

    Wilson, Probable inference, the law of succession, and statistical inference (1927).

    >>> lower_bound(0, 0), lower_bound(2, 3), lower_bound(25, 26), lower_bound(900, 900)
    (0.0, 0.208, 0.811, 0.996)
    """
    if not values:
        return 0.0
    share, z2 = right / values, 1.96**2
    centre = share + z2 / (2 * values)
    spread = 1.96 * math.sqrt(share * (1 - share) / values + z2 / (4 * values**2))
    return round((centre - spread) / (1 + z2 / values), 3)
