"""Self-checks: values outside the law's bounds and passages that contradict each other become flags."""

from __future__ import annotations

from panjue.extractors.record import Defendant, Flag, Record
from panjue.extractors.sections import Sections

# Criminal Law 38, 42, 45: bounds of one count, in months; 69: of the combination.
_BOUNDS = {"surveillance": (3, 24), "detention": (1, 6), "imprisonment": (6, 180)}
_COMBINED = {"surveillance": 36, "detention": 12, "imprisonment": 300}


def check(record: Record, sections: Sections) -> None:
    """Set the status and add flags, each with the statute it rests on."""
    flags = record.flags
    if not record.defendants:
        record.status = "partial"
        flags.append(Flag(code="no_defendant", path="/defendants", message="no defendant was recognised"))
    if sections.disposition.end <= sections.disposition.start:
        record.status = "partial"
        flags.append(
            Flag(code="no_disposition", path="", message="the text has no disposition (判决主文); it may be cut off")
        )
    elif record.defendants and all(d.sentence.disposition == "none" for d in record.defendants):
        record.status = "partial"
    for index, defendant in enumerate(record.defendants):
        path = f"/defendants/{index}"
        if defendant.sentence.disposition == "none" and sections.disposition.end > sections.disposition.start:
            flags.append(
                Flag(
                    code="no_sentence",
                    path=f"{path}/sentence",
                    message="the disposition does not speak of this defendant",
                )
            )
        _penalty(defendant, path, flags)
        _probation(defendant, path, flags)
    case = record.case
    if case.indictment_date and case.judgment_date and case.judgment_date < case.indictment_date:
        flags.append(
            Flag(
                code="dates_reversed", path="/case/judgment_date", message="the judgment is dated before the indictment"
            )
        )


def _penalty(defendant: Defendant, path: str, flags: list[Flag]) -> None:
    sentence = defendant.sentence
    for number, count in enumerate(sentence.counts):
        bounds = _BOUNDS.get(count.penalty)
        if bounds and count.months is None:
            flags.append(
                Flag(
                    code="term_missing",
                    path=f"{path}/sentence/counts/{number}/months",
                    message="the penalty has no length",
                )
            )
        elif bounds and count.months is not None and not bounds[0] <= count.months + count.days / 30 <= bounds[1]:
            flags.append(
                Flag(
                    code="term_outside_law",
                    path=f"{path}/sentence/counts/{number}/months",
                    message="outside Criminal Law 38, 42, 45",
                )
            )
    if sentence.months is not None and sentence.months > _COMBINED.get(sentence.penalty, 300):
        flags.append(
            Flag(
                code="term_outside_law",
                path=f"{path}/sentence/months",
                message="above the limit of combination, Criminal Law 69",
            )
        )
    if defendant.kind == "organization" and sentence.penalty != "none":
        flags.append(
            Flag(
                code="organization_imprisoned",
                path=f"{path}/sentence/penalty",
                message="a unit can only be fined, Criminal Law 31",
            )
        )


def _probation(defendant: Defendant, path: str, flags: list[Flag]) -> None:
    sentence = defendant.sentence
    if sentence.probation_months is None:
        return
    low, high = (2, 12) if sentence.penalty == "detention" else (12, 60)
    months = sentence.months or 0
    if sentence.penalty not in ("detention", "imprisonment") or months > 36:
        flags.append(
            Flag(
                code="probation_not_allowed",
                path=f"{path}/sentence/probation_months",
                message="probation needs detention or at most three years, Criminal Law 72",
            )
        )
    elif not max(low, months) <= sentence.probation_months <= high:
        flags.append(
            Flag(
                code="probation_outside_law",
                path=f"{path}/sentence/probation_months",
                message="outside Criminal Law 73",
            )
        )
