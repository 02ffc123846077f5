"""The dates of the term (刑期起止) against its length, and the dates of the case against each other."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from panjue.extractors.checks.check import Check, Finding, Outcomes, each, earlier_sentence, evidence_from, said
from panjue.extractors.quantities import last_day
from panjue.extractors.record import Record, Sentence

#: How a printed end compares with the start and the term: the same day; some days off, as courts count months in
#: different ways; earlier because custody was credited (CL 41, 44, 47); later because it was interrupted.
Span = Literal["exact", "near", "credited", "interrupted", "earlier", "later"]
_NEAR = 4
_BELIEVABLE = 1200  # months; what is longer is not a term
_LONGEST_REVIEW = 3  # years from case number to judgment that are no surprise


def term_spans(record: Record) -> Iterator[tuple[str, Span, int]]:
    """For each sentence that prints a term with its dates: its path, how they agree, and days beyond the expected end."""
    for path, defendant in each(record):
        days = beyond(defendant.sentence)
        if days is None:
            continue
        start, end, judged = defendant.sentence.term_start, defendant.sentence.term_end, record.case.judgment_date
        span: Span
        if abs(days) <= _NEAR:
            yield f"{path}/sentence/term_end", "near" if days else "exact", days
            continue
        told = evidence_from(record, f"{path}/sentence/term_end", "disposition.custody")
        if days < 0:
            possible = not start or not end or start <= end
            span = "credited" if possible and (told or earlier_sentence(record, path)) else "earlier"
        else:
            # custody can have been interrupted only between its start and the judgment
            possible = not (start and judged) or days <= _days(start, judged) + _NEAR
            span = "interrupted" if told and possible else "later"
        yield f"{path}/sentence/term_end", span, days


def beyond(sentence: Sentence) -> int | None:
    """Days by which the printed end lies beyond start + term - 1 day; None where there is no term or no dates."""
    if not (sentence.term_start and sentence.term_end) or sentence.months is None or sentence.months > _BELIEVABLE:
        return None
    return _days(last_day(sentence.term_start, sentence.months, sentence.days), sentence.term_end)


def term_spans_counted(record: Record) -> Counter[Span]:
    """How many sentences of the record print dates that agree in which way."""
    return Counter(span for _, span, _ in term_spans(record))


def _term_dates(record: Record) -> Outcomes:
    terms = {f"{path}/sentence/term_end": defendant.sentence for path, defendant in each(record)}
    for path, span, days in term_spans(record):
        sentence = terms[path]
        if span in ("earlier", "later"):
            term = said(sentence.months, sentence.days)
            yield Finding(path, f"{sentence.term_start} to {sentence.term_end} for {term}: {abs(days)} days {span}")
        else:
            yield None


def _term_reversed(record: Record) -> Outcomes:
    for path, defendant in each(record):
        start, end = defendant.sentence.term_start, defendant.sentence.term_end
        if start and end:
            yield None if start <= end else Finding(f"{path}/sentence/term_end", f"{start} to {end}")


def _term_on_probation(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        if sentence.term_start and sentence.term_end:
            suspended = sentence.probation_months is not None or sentence.months is None
            values = f"{sentence.penalty}, probation {said(sentence.probation_months)}"
            yield Finding(f"{path}/sentence/term_start", values) if suspended else None


def _judged_before_indicted(record: Record) -> Outcomes:
    indicted, judged = record.case.indictment_date, record.case.judgment_date
    if indicted and judged:
        yield None if indicted <= judged else Finding("/case/judgment_date", f"indicted {indicted}, judged {judged}")


def _judged_long_after(record: Record) -> Outcomes:
    indicted, judged = record.case.indictment_date, record.case.judgment_date
    if indicted and judged and record.case.instance == "first":
        slow = _days(indicted, judged) > 3 * 365
        yield Finding("/case/indictment_date", f"indicted {indicted}, judged {judged}") if slow else None


def _case_year(record: Record) -> Outcomes:
    number, judged = record.case.case_number, record.case.judgment_date
    if number and judged and number[1:5].isdecimal():
        late = int(judged[:4]) - int(number[1:5])
        fits = 0 <= late <= _LONGEST_REVIEW
        yield None if fits else Finding("/case/judgment_date", f"case of {number[1:5]}, judged {judged}")


def _days(first: str, second: str) -> int:
    return (datetime.date.fromisoformat(second) - datetime.date.fromisoformat(first)).days


CHECKS = (
    Check("term_dates", False, "CL 41, 44, 47", "the dates of the term agree with its length, or the text says why not", "刑期起止日期与刑期相符", "sentences that print dates", _term_dates),
    Check("term_dates_reversed", True, "record", "the term ends after it begins", "刑期止日不早于起日", "sentences that print dates", _term_reversed),
    Check("term_dates_suspended", False, "CL 73", "dates stand with a term that is served", "缓刑不计刑期起止", "sentences that print dates", _term_on_probation),
    Check("dates_reversed", True, "CPL 186", "the judgment is not dated before the indictment", "判决日期不早于起诉日期", "cases with both dates", _judged_before_indicted),
    Check("judgment_late", False, "CPL 208", "the judgment came within three years of the indictment", "起诉后三年内判决", "first instance with both dates", _judged_long_after),
    Check("case_year", False, "record", "the year of the case number is that of the judgment or up to 3 before", "案号年份与判决日期相符", "cases with number and date", _case_year),
)  # fmt: skip
