"""Passages that must agree: header and disposition, charges and counts, the recommendation adopted and the sentence."""

from __future__ import annotations

from collections import Counter
from functools import cache

from panjue.extractors.checks.check import Check, Finding, Outcomes, each, earlier_sentence, length, said
from panjue.extractors.lexicon import charge as statutory
from panjue.extractors.lexicon import charge_in_force, known_charge_forms
from panjue.extractors.record import Defendant, Record

# What only the text tells is marked in the record when it is read.
_CUT_OFF, _STRANGER = "no_disposition", "unknown_defendant"
_CONVICTED = ("punished", "exempt")
_RANGE = {"detention": (1, 12), "surveillance": (3, 36), "imprisonment": (6, 300)}
_TERMS = ("fixed", "range")


def _defendant(record: Record) -> Outcomes:
    yield None if record.defendants else Finding("/defendants", "no defendant was recognised")


def _disposition(record: Record) -> Outcomes:
    cut_off = any(flag.code == _CUT_OFF for flag in record.flags)
    yield Finding("", "the text has no disposition; it may be cut off") if cut_off else None


def _sentence(record: Record) -> Outcomes:
    if any(flag.code == _CUT_OFF for flag in record.flags):
        return
    for path, defendant in each(record):
        none = defendant.sentence.disposition == "none"
        yield Finding(f"{path}/sentence", "the disposition does not speak of this defendant") if none else None


def _stranger(record: Record) -> Outcomes:
    if any(flag.code == _CUT_OFF for flag in record.flags):
        return
    stranger = any(flag.code == _STRANGER for flag in record.flags)
    yield Finding("/defendants", "the disposition convicts somebody else") if stranger else None


def _named_twice(record: Record) -> Outcomes:
    names = Counter(defendant.name for defendant in record.defendants)
    for path, defendant in each(record):
        namesakes = names[defendant.name]
        yield Finding(f"{path}/name", f"{namesakes} defendants of one name") if namesakes > 1 else None


def _convicted(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.sentence.disposition in _CONVICTED:
            yield (
                None if defendant.charges_convicted else Finding(f"{path}/charges_convicted", "convicted of no charge")
            )
        elif defendant.sentence.disposition != "appeal_dismissed" and defendant.charges_convicted:
            yield Finding(f"{path}/charges_convicted", f"charges, but {defendant.sentence.disposition}")


def _charged(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.charges_convicted:
            none = Finding(f"{path}/charges_prosecuted", "convicted, but no charge was read")
            yield None if defendant.charges_prosecuted else none


def _counted(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.sentence.counts:
            counted = {count.charge for count in defendant.sentence.counts}
            same = counted == set(defendant.charges_convicted)
            values = f"{len(counted)} charges counted, {len(defendant.charges_convicted)} convicted of"
            yield None if same else Finding(f"{path}/sentence/counts", values)


def _known_charge(record: Record) -> Outcomes:
    for path, defendant in each(record):
        for number, name in enumerate(defendant.charges_convicted):
            known = statutory(name) is not None
            yield None if known else Finding(f"{path}/charges_convicted/{number}", name)


def _charge_in_force(record: Record) -> Outcomes:
    judged = record.case.judgment_date
    if judged is None:
        return
    for path, defendant in each(record):
        for number, name in enumerate(defendant.charges_convicted):
            charge = statutory(name)
            if charge is not None:
                since = _since()[charge.id]
                early = since > judged
                values = f"{name}, in force from {since}, judged {judged}"
                yield Finding(f"{path}/charges_convicted/{number}", values) if early else None


@cache
def _since() -> dict[str, str]:
    """For each charge the first day on which it, or a charge whose place it took, was in force.

    A part of a selective charge (销售假药罪) is found under today's charge also where the former one was meant.
    """
    since: dict[str, str] = {}
    for charge in set(known_charge_forms().values()):
        today = charge_in_force(charge)
        for one in {charge.id, today.id if today else charge.id}:
            since[one] = min(charge.in_force_from, since.get(one, charge.in_force_from))
    return since


def _counsel(record: Record) -> Outcomes:
    for path, defendant in each(record):
        defenders = [counsel for counsel in defendant.counsel if counsel.kind != "duty_lawyer"]
        if defenders:
            yield Finding(f"{path}/counsel", f"{len(defenders)} defenders") if len(defenders) > 2 else None


def _shared_counsel(record: Record) -> Outcomes:
    clients = Counter(
        counsel.name
        for defendant in record.defendants
        for counsel in defendant.counsel
        if counsel.kind == "retained" and counsel.name
    )
    for path, defendant in each(record):
        for number, counsel in enumerate(defendant.counsel):
            if len(record.defendants) > 1 and counsel.kind == "retained":
                several = clients[counsel.name or ""]
                yield Finding(f"{path}/counsel/{number}", f"{several} clients") if several > 1 else None


def _recommendation_order(record: Record) -> Outcomes:
    for path, defendant in each(record):
        said_ = defendant.recommendation
        if said_.min_months is not None and said_.max_months is not None:
            low, high = length(said_.min_months, said_.min_days), length(said_.max_months, said_.max_days)
            reversed_ = low > high or (
                said_.fine_min is not None and said_.fine_max is not None and said_.fine_min > said_.fine_max
            )
            yield Finding(f"{path}/recommendation", _range(defendant)) if reversed_ else None


def _recommendation_bounds(record: Record) -> Outcomes:
    for path, defendant in each(record):
        said_ = defendant.recommendation
        if said_.penalty in _RANGE and said_.form in _TERMS and said_.max_months is not None:
            low, high = _RANGE[said_.penalty]
            least = length(said_.min_months, said_.min_days) if said_.min_months is not None else low
            fits = low <= least and length(said_.max_months, said_.max_days) <= high
            yield None if fits else Finding(f"{path}/recommendation", _range(defendant))


def _adopted(record: Record) -> list[tuple[str, Defendant]]:
    """Those whose recommendation was given and adopted whole, and who were sentenced for that alone."""
    return [
        (path, defendant)
        for path, defendant in each(record)
        if defendant.recommendation.court_response == "adopted"
        and defendant.recommendation.content == "given"
        and defendant.sentence.disposition in _CONVICTED
        and record.case.instance == "first"
        and not earlier_sentence(record, path)
    ]


def _adopted_penalty(record: Record) -> Outcomes:
    for path, defendant in _adopted(record):
        said_, sentence = defendant.recommendation, defendant.sentence
        if said_.penalty is None or said_.form in ("range_cross", "conditional"):
            continue
        given = {"fine_only": "none", "exempt": "none"}.get(said_.penalty, said_.penalty)
        yield (
            None
            if given == sentence.penalty
            else Finding(f"{path}/sentence/penalty", f"recommended {said_.penalty}, sentence {sentence.penalty}")
        )


def _adopted_term(record: Record) -> Outcomes:
    for path, defendant in _adopted(record):
        said_, sentence = defendant.recommendation, defendant.sentence
        if said_.penalty != sentence.penalty or said_.form not in (*_TERMS, "range_upper", "range_lower"):
            continue
        term = length(sentence.months, sentence.days)
        above = said_.max_months is not None and term > length(said_.max_months, said_.max_days)
        below = said_.min_months is not None and term < length(said_.min_months, said_.min_days)
        values = f"recommended {_range(defendant)}, sentence {said(sentence.months, sentence.days)}"
        yield Finding(f"{path}/sentence/months", values) if above or below else None


def _adopted_probation(record: Record) -> Outcomes:
    for path, defendant in _adopted(record):
        said_, period = defendant.recommendation, defendant.sentence.probation_months
        # a court that grants probation where none was asked for still adopts the term
        if said_.probation == "recommended":
            low, high = said_.probation_min_months, said_.probation_max_months
            fits = period is not None and (low is None or low <= period) and (high is None or period <= high)
            values = f"recommended {low} to {high}, probation {said(period)}"
            yield None if fits else Finding(f"{path}/sentence/probation_months", values)


def _adopted_fine(record: Record) -> Outcomes:
    for path, defendant in _adopted(record):
        said_, fine = defendant.recommendation, defendant.sentence.fine
        if said_.fine in ("amount", "range"):
            low, high = said_.fine_min or 0, said_.fine_max
            fits = fine is not None and low <= fine and (high is None or fine <= high)
            values = f"recommended {said_.fine_min} to {said_.fine_max}, fine {fine}"
            yield None if fits else Finding(f"{path}/sentence/fine", values)


def _range(defendant: Defendant) -> str:
    said_ = defendant.recommendation
    low, high = said(said_.min_months, said_.min_days), said(said_.max_months, said_.max_days)
    return f"{said_.penalty} {low} to {high}" + (
        f", fine {said_.fine_min} to {said_.fine_max}" if said_.fine_max else ""
    )


CHECKS = (
    Check("no_defendant", True, "record", "the judgment names a defendant", "判决书有被告人", "documents", _defendant),
    Check("no_disposition", False, "record", "the judgment has a disposition", "判决书有判决主文", "documents", _disposition),
    Check("no_sentence", True, "record", "the disposition speaks of every defendant of the header", "首部的被告人均有判决结果", "defendants of documents with a disposition", _sentence),
    Check("unknown_defendant", True, "record", "the disposition convicts only defendants of the header", "判决主文的被告人均见于首部", "documents with a disposition", _stranger),
    Check("named_twice", False, "record", "the defendants have different names", "被告人姓名不重复", "defendants", _named_twice),
    Check("convicted_of_nothing", True, "CPL 200", "who is convicted is convicted of a charge, and only he", "定罪者有罪名", "defendants convicted", _convicted),
    Check("charged_with_nothing", True, "CPL 186", "who is convicted was charged", "定罪者有指控罪名", "defendants convicted", _charged),
    Check("counts_differ", True, "record", "each charge convicted of has its count", "罪名与各罪判罚一致", "sentences with counts", _counted),
    Check("charge_unknown", False, "record", "the charge is one of the law", "罪名为法定罪名", "charges convicted of", _known_charge),
    Check("charge_not_in_force", False, "CL 12", "the charge existed when it was applied", "罪名在判决时已施行", "charges of dated judgments", _charge_in_force),
    Check("counsel_too_many", False, "CPL 33", "a defendant has at most two defenders", "辩护人不超过二人", "defendants with a defender", _counsel),
    Check("counsel_shared", True, "SPC 解释 43", "no lawyer is retained by two defendants of a case", "一名辩护人不得为两名以上同案被告人辩护", "retained counsel of joint cases", _shared_counsel),
    Check("recommendation_reversed", True, "record", "the recommendation's lower bound is not above its upper", "量刑建议下限不高于上限", "recommendations with both bounds", _recommendation_order),
    Check("recommendation_outside_law", True, "CL 38-69", "the term recommended is within the bounds of its kind", "建议刑期在法定幅度内", "recommendations of a term", _recommendation_bounds),
    Check("adopted_penalty", False, "CPL 201", "the penalty is that of the recommendation adopted", "采纳量刑建议的刑种一致", "recommendations adopted with a penalty", _adopted_penalty),
    Check("adopted_term", False, "CPL 201", "the term is within the recommendation adopted", "采纳量刑建议的刑期一致", "recommendations adopted with a term", _adopted_term),
    Check("adopted_probation", False, "CPL 201", "probation is as in the recommendation adopted", "采纳量刑建议的缓刑一致", "recommendations of probation adopted", _adopted_probation),
    Check("adopted_fine", False, "CPL 201", "the fine is within the recommendation adopted", "采纳量刑建议的罚金一致", "recommendations adopted with a fine", _adopted_fine),
)  # fmt: skip
