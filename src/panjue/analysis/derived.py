"""What follows from a record by law or arithmetic: months, who stood by the defendant, whether the court followed.

Formulas are those of the field's measures: a term in months is 12·years + months + days/30; bounds are inclusive
(刑法第九十九条); penalties are ordered by severity.
"""

from __future__ import annotations

import datetime
from typing import Literal

from msgspec import Struct

from panjue.extractors.lexicon import Charge, charge
from panjue.extractors.record import Case, Defendant, Recommendation, Record, Sentence

Match = Literal["within", "below", "above", "type_lighter", "type_heavier"]
CounselTrial = Literal["retained", "legal_aid", "mixed", "non_lawyer", "duty_only", "none", "not_stated"]
Severity = Literal["minor", "serious", "heavy"]

_SEVERITY = {
    "exempt": 1,
    "fine_only": 2,
    "surveillance": 3,
    "detention": 4,
    "imprisonment": 5,
    "life": 6,
    "death_reprieve": 7,
    "death": 8,
}
_TIMED = {"surveillance", "detention", "imprisonment"}
_PUNISHED = {"punished", "appeal_dismissed"}
_MINOR, _HEAVY = 36, 120
"""Months: at most three years is minor; ten years and more is heavy."""


class Adoption(Struct, frozen=True, kw_only=True):
    """The sentence against the recommendation, by their values; None where they cannot be compared."""

    penalty: Match | None = None
    probation: bool | None = None
    fine: bool | None = None
    full: bool | None = None
    months: float | None = None
    """Months beyond the nearer bound, negative below it, 0 within; of the same kind of penalty only."""
    relative: float | None = None
    """The same by the middle of the recommendation."""


def in_months(months: int | None, days: int) -> float | None:
    """A term in months, days as thirtieths.

    >>> in_months(1, 15), in_months(None, 0)
    (1.5, None)
    """
    return None if months is None else months + days / 30


def main_charge(defendant: Defendant) -> tuple[str | None, Charge | None]:
    """The first charge convicted, or prosecuted if none is: as the statute names it, with its entry."""
    named = next(iter(defendant.charges_convicted or defendant.charges_prosecuted), None)
    law = charge(named) if named else None
    return (law.name if law else named), law


def counsel_trial(record: Record, defendant: Defendant) -> CounselTrial:
    """Who defended at trial (法 33–35); that nobody did is read only from a text that is complete."""
    kinds = {counsel.kind for counsel in defendant.counsel}
    lawyers = kinds & {"retained", "legal_aid"}
    if lawyers:
        return "mixed" if len(lawyers) > 1 else "retained" if "retained" in lawyers else "legal_aid"
    if "unknown" in kinds:
        return "not_stated"
    if "non_lawyer" in kinds:
        return "non_lawyer"
    if "duty_lawyer" in kinds:
        return "duty_only"
    return "none" if record.status == "complete" else "not_stated"


def lawyer_at_trial(found: CounselTrial) -> bool | None:
    """Whether a lawyer defended; None where that is not stated."""
    return None if found == "not_stated" else found in ("retained", "legal_aid", "mixed")


def severity(sentence: Sentence) -> Severity | None:
    """By the sentence announced: at most three years or a lighter kind, more, ten years and more or life and death."""
    if sentence.disposition == "exempt":
        return "minor"
    if sentence.disposition not in _PUNISHED:
        return None
    if sentence.penalty in ("life", "death_reprieve", "death"):
        return "heavy"
    if sentence.penalty != "imprisonment":
        return "minor" if sentence.penalty != "none" or sentence.fine is not None else None
    term = in_months(sentence.months, sentence.days)
    if term is None:
        return None
    return "minor" if term <= _MINOR else "heavy" if term >= _HEAVY else "serious"


def below_three_years(sentence: Sentence) -> bool | None:
    """Whether less than three years were announced (不满三年), as the procuratorate's reports count."""
    found = severity(sentence)
    if found is None:
        return None
    return found == "minor" and not (
        sentence.penalty == "imprisonment" and in_months(sentence.months, sentence.days) == _MINOR
    )


def days_between(case: Case) -> int | None:
    """Days from indictment to judgment, negative where the document's dates are."""
    if case.indictment_date is None or case.judgment_date is None:
        return None
    first, last = (datetime.date.fromisoformat(day) for day in (case.indictment_date, case.judgment_date))
    return (last - first).days


def width(found: Recommendation) -> float | None:
    """Months from end to end of a range that has both ends and one kind of penalty."""
    low, high = in_months(found.min_months, found.min_days), in_months(found.max_months, found.max_days)
    return high - low if found.form == "range" and low is not None and high is not None else None


def middle(found: Recommendation) -> float | None:
    """The fixed term, or the middle of a range with both ends."""
    low, high = in_months(found.min_months, found.min_days), in_months(found.max_months, found.max_days)
    return None if low is None or high is None else (low + high) / 2


def adoption(defendant: Defendant) -> Adoption:
    """Whether the sentence is the one recommended: kind and term, probation, fine (刑事诉讼法第二百零一条)."""
    asked, given = defendant.recommendation, defendant.sentence
    imposed = _imposed(given)
    if asked.content != "given" or asked.penalty is None or imposed is None:
        return Adoption()
    match, months = _compare(asked, given, imposed)
    if match is None:
        return Adoption()
    probation, fine = _probation(asked, given), _fine(asked, given)
    parts = [part for part in (probation, fine) if part is not None]
    half = middle(asked)
    return Adoption(
        penalty=match,
        probation=probation,
        fine=fine,
        full=match == "within" and all(parts),
        months=months,
        relative=months / half if months is not None and half else None,
    )


def _imposed(given: Sentence) -> str | None:
    """The kind of penalty imposed, fine alone and exemption among them."""
    if given.disposition == "exempt":
        return "exempt"
    if given.disposition not in _PUNISHED:
        return None
    if given.penalty != "none":
        return given.penalty
    return "fine_only" if given.fine is not None else None


def _compare(asked: Recommendation, given: Sentence, imposed: str) -> tuple[Match | None, float | None]:
    lightest = asked.penalty or ""
    # a range across penalties ends in the next kind: 一年以下有期徒刑或者拘役
    heaviest = "imprisonment" if asked.form == "range_cross" else lightest
    if _SEVERITY[imposed] < _SEVERITY[lightest]:
        return "type_lighter", None
    if _SEVERITY[imposed] > _SEVERITY[heaviest]:
        return "type_heavier", None
    if imposed not in _TIMED:
        return "within", None
    term = in_months(given.months, given.days)
    low = in_months(asked.min_months, asked.min_days) if imposed == lightest else None
    high = in_months(asked.max_months, asked.max_days) if imposed == heaviest else None
    if asked.form == "type_only":
        return "within", None
    if term is None or (low is None and high is None and asked.form != "range_cross"):
        return None, None
    if low is not None and term < low:
        return "below", term - low
    if high is not None and term > high:
        return "above", term - high
    return "within", 0.0


def _probation(asked: Recommendation, given: Sentence) -> bool | None:
    if asked.probation in ("may", "conditional", None):
        return None  # any result is one of those recommended
    return (asked.probation == "recommended") == (given.probation_months is not None)


def _fine(asked: Recommendation, given: Sentence) -> bool | None:
    if asked.fine in ("none", None):
        return None
    if given.fine is None:
        return False
    if asked.fine == "unspecified":
        return True
    low = asked.fine_min is None or given.fine >= asked.fine_min
    return low and (asked.fine_max is None or given.fine <= asked.fine_max)
