"""Each penalty against its bounds, the combination of several (数罪并罚), probation.

The counts of an earlier judgment that is combined with this one are not in the record: a check that such a judgment
would explain does not apply then, and asks for it only where something is to be explained.
"""

from __future__ import annotations

from panjue.extractors.checks.check import Check, Finding, Outcomes, each, earlier_sentence, evidence_from, length, said
from panjue.extractors.record import Defendant, Record

# CL 38, 42, 45: months of one count; CL 69: most for several.
_BOUNDS = {"surveillance": (3, 24), "detention": (1, 6), "imprisonment": (6, 180)}
_TWENTY_YEARS, _TWENTY_FIVE_YEARS, _THIRTY_FIVE_YEARS = 240, 300, 420
_COMBINED = {"surveillance": 36, "detention": 12, "imprisonment": _TWENTY_YEARS}
_AMENDMENT_VIII, _AMENDMENT_IX = "2011-05-01", "2015-11-01"
_GRAVEST = ("life", "death_reprieve", "death")
_ORDER = ("none", "surveillance", "detention", "imprisonment", *_GRAVEST)
_SUSPENDED = 36  # CL 72: the longest that may be suspended
# CL 133-1, 176, 192, 196, 224, 225, 263, 264, 266, 303, 312, 347, 354: a fine stands beside every term, but not where
# the law of 1979 is still applied to an act
_FINED = frozenset(
    [
        "危险驾驶罪",
        "非法吸收公众存款罪",
        "集资诈骗罪",
        "信用卡诈骗罪",
        "合同诈骗罪",
        "非法经营罪",
        "抢劫罪",
        "盗窃罪",
        "诈骗罪",
        "赌博罪",
        "开设赌场罪",
        "掩饰、隐瞒犯罪所得罪",
        "贩卖毒品罪",
        "运输毒品罪",
        "贩卖、运输毒品罪",
        "容留他人吸毒罪",
    ]
)


def _term_missing(record: Record) -> Outcomes:
    for path, defendant in each(record):
        for number, count in enumerate(defendant.sentence.counts):
            if count.penalty in _BOUNDS:
                missing = count.months is None
                yield (
                    Finding(f"{path}/sentence/counts/{number}/months", f"{count.penalty}, no term") if missing else None
                )


def _term_outside_law(record: Record) -> Outcomes:
    for path, defendant in each(record):
        for number, count in enumerate(defendant.sentence.counts):
            if count.penalty in _BOUNDS and count.months is not None:
                low, high = _BOUNDS[count.penalty]
                if low <= length(count.months, count.days) <= high:
                    yield None
                else:
                    term = f"{count.penalty}, {said(count.months, count.days)}; the law: {low} to {high} months"
                    yield Finding(f"{path}/sentence/counts/{number}/months", term)


def _dangerous_driving(record: Record) -> Outcomes:
    for path, defendant in each(record):
        for number, count in enumerate(defendant.sentence.counts):
            if count.charge == "危险驾驶罪" and count.penalty != "none":
                wrong = count.penalty != "detention"
                yield Finding(f"{path}/sentence/counts/{number}/penalty", count.penalty) if wrong else None


def _unit(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        if defendant.kind == "organization" and sentence.disposition == "punished":
            if sentence.penalty != "none" or sentence.probation_months is not None:
                yield Finding(f"{path}/sentence/penalty", sentence.penalty)
            else:
                yield None if sentence.fine else Finding(f"{path}/sentence/fine", "punished without a fine")


def _exempt(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.sentence.disposition == "exempt":
            yield Finding(f"{path}/sentence", _punishment(defendant)) if _punishment(defendant) else None


def _acquitted(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.sentence.disposition in ("acquitted", "not_responsible", "terminated", "remanded"):
            yield Finding(f"{path}/sentence", _punishment(defendant)) if _punishment(defendant) else None


def _punished(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.sentence.disposition == "punished":
            yield None if _punishment(defendant) else Finding(f"{path}/sentence", "punished, but no penalty was read")


def _punishment(defendant: Defendant) -> str:
    """What a sentence inflicts, for people; empty if nothing."""
    sentence = defendant.sentence
    parts: list[str] = [sentence.penalty] if sentence.penalty != "none" else []
    parts += [f"fine {sentence.fine}"] if sentence.fine else []
    parts += ["confiscation"] if sentence.confiscation != "none" else []
    parts += ["political rights"] if sentence.political_rights_months is not None else []
    return ", ".join(parts)


def _small_fine(record: Record) -> Outcomes:
    for path, defendant in each(record):
        for number, count in enumerate(defendant.sentence.counts):
            if count.fine is not None:
                small = count.fine < 500
                yield Finding(f"{path}/sentence/counts/{number}/fine", f"{count.fine} yuan") if small else None


def _fine_missing(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        fined = [count for count in sentence.counts if count.charge in _FINED and count.penalty in _BOUNDS]
        if fined and record.case.instance == "first":
            punished = sentence.fine is not None or sentence.confiscation != "none"
            yield None if punished else Finding(f"{path}/sentence/fine", f"{fined[0].charge} without a fine")


def _rights(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        rights = sentence.political_rights_months
        # several deprivations are added up (CL 69(3)), and what remains of an earlier one may be any length
        if isinstance(rights, int) and len(sentence.counts) == 1:
            low, high = (3, 24) if sentence.penalty == "surveillance" else (12, 60)
            if low <= rights <= high:
                yield None
            elif not earlier_sentence(record, path):
                yield Finding(f"{path}/sentence/political_rights_months", said(rights))


def _rights_for_life(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        gravest, for_life = sentence.penalty in _GRAVEST, sentence.political_rights_months == "life"
        if gravest or for_life:
            values = f"{sentence.penalty}, political rights {sentence.political_rights_months}"
            yield None if gravest and for_life else Finding(f"{path}/sentence/political_rights_months", values)


def _single(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        if len(sentence.counts) == 1:
            count = sentence.counts[0]
            if (count.penalty, count.months, count.days) == (sentence.penalty, sentence.months, sentence.days):
                yield None
            elif not earlier_sentence(record, path):
                yield Finding(f"{path}/sentence/months", _difference(defendant))


def _below_heaviest(record: Record) -> Outcomes:
    for path, defendant in each(record):
        counts, sentence = defendant.sentence.counts, defendant.sentence
        if len(counts) > 1 and any(count.penalty != "none" for count in counts):
            order = max(_ORDER.index(count.penalty) for count in counts)
            most = max(length(count.months, count.days) for count in counts if _ORDER.index(count.penalty) == order)
            heavier = _ORDER.index(sentence.penalty) - order
            below = heavier < 0 or (heavier == 0 and length(sentence.months, sentence.days) < most)
            yield Finding(f"{path}/sentence/months", _difference(defendant)) if below else None


def _above_sum(record: Record) -> Outcomes:
    for path, defendant in each(record):
        counts, sentence = defendant.sentence.counts, defendant.sentence
        if len(counts) > 1 and sentence.penalty in _BOUNDS:
            if length(sentence.months, sentence.days) <= _sum(defendant, record):
                yield None
            elif not earlier_sentence(record, path):
                yield Finding(f"{path}/sentence/months", _difference(defendant))


def _not_combined(record: Record) -> Outcomes:
    """Lawful, but the court all but always goes above the heaviest: more often 决定执行 was not seen."""
    for path, defendant in each(record):
        counts, sentence = defendant.sentence.counts, defendant.sentence
        terms = [length(count.months, count.days) for count in counts if count.penalty == sentence.penalty]
        if len(terms) > 1 and sentence.penalty in _BOUNDS:
            equal = length(sentence.months, sentence.days) <= max(terms)
            yield Finding(f"{path}/sentence/months", _difference(defendant)) if equal else None


def _combined_outside_law(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        term = length(sentence.months, sentence.days)
        if sentence.penalty in _COMBINED and (len(sentence.counts) > 1 or term > _BOUNDS[sentence.penalty][1]):
            high = _COMBINED[sentence.penalty]
            recent = (record.case.judgment_date or _AMENDMENT_VIII) >= _AMENDMENT_VIII
            if term > high == _TWENTY_YEARS and recent:
                long = _sum(defendant, record) >= _THIRTY_FIVE_YEARS or earlier_sentence(record, path)
                high = _TWENTY_FIVE_YEARS if long else high
            values = f"{sentence.penalty}, {said(sentence.months, sentence.days)}; the law: at most {high} months"
            yield Finding(f"{path}/sentence/months", values) if term > high else None


def _fine_total(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        fines = [count.fine for count in sentence.counts if count.fine is not None]
        if fines and sentence.confiscation != "all":
            if sentence.fine == sum(fines):
                yield None
            elif not earlier_sentence(record, path):
                values = f"counts {' + '.join(map(str, fines))}, total {sentence.fine}"
                yield Finding(f"{path}/sentence/fine", values)


def _sum(defendant: Defendant, record: Record) -> float:
    """The sum of the counts that are combined with one another, in months.

    Before Amendment IX a detention could be converted and added; from it on it is absorbed by a fixed term (CL 69(2)).
    """
    kind = defendant.sentence.penalty
    recent = (record.case.judgment_date or _AMENDMENT_IX) >= _AMENDMENT_IX
    kinds = {kind} if recent or kind != "imprisonment" else {"imprisonment", "detention", "surveillance"}
    return sum(length(count.months, count.days) for count in defendant.sentence.counts if count.penalty in kinds)


def _difference(defendant: Defendant) -> str:
    sentence = defendant.sentence
    counts = " + ".join(f"{count.penalty} {said(count.months, count.days)}" for count in sentence.counts)
    return f"counts {counts}; sentence {sentence.penalty} {said(sentence.months, sentence.days)}"


def _probation_not_allowed(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        if sentence.probation_months is not None:
            short = sentence.penalty == "imprisonment" and length(sentence.months, sentence.days) <= _SUSPENDED
            allowed = short or sentence.penalty == "detention"
            values = f"{sentence.penalty}, {said(sentence.months, sentence.days)}"
            yield None if allowed else Finding(f"{path}/sentence/probation_months", values)


def _probation_period(record: Record) -> Outcomes:
    for path, defendant in each(record):
        sentence = defendant.sentence
        period = sentence.probation_months
        if period is not None and sentence.penalty in ("detention", "imprisonment"):
            low, high = (2, 12) if sentence.penalty == "detention" else (12, 60)
            fits = max(low, length(sentence.months, sentence.days)) <= period <= high
            values = f"{sentence.penalty} {said(sentence.months, sentence.days)}, probation {said(period)}"
            yield None if fits else Finding(f"{path}/sentence/probation_months", values)


def _recidivist(record: Record) -> Outcomes:
    if not any(entry.source == "rule:opinion.recidivist" for entry in record.evidence):
        return
    for path, defendant in each(record):
        if evidence_from(record, f"{path}/sentence", "opinion.recidivist"):
            probation = defendant.sentence.probation_months
            yield None if probation is None else Finding(f"{path}/sentence/probation_months", said(probation))


CHECKS = (
    Check("term_missing", True, "CL 38, 42, 45", "a principal penalty has a term", "主刑有刑期", "counts with a term penalty", _term_missing),
    Check("term_outside_law", True, "CL 38, 42, 45", "the term of a count is within the bounds of its kind", "单罪刑期在法定幅度内", "counts with a term", _term_outside_law),
    Check("dangerous_driving_penalty", True, "CL 133-1", "dangerous driving gives detention only", "危险驾驶罪只处拘役", "counts of dangerous driving", _dangerous_driving),
    Check("organization_punished", True, "CL 31", "a unit is fined and nothing else", "单位只判处罚金", "units punished", _unit),
    Check("exempt_punished", True, "CL 37", "who is exempt has no penalty", "免予刑事处罚者无刑罚", "defendants exempt", _exempt),
    Check("acquitted_punished", True, "CPL 200", "who is not convicted has no penalty", "未被定罪者无刑罚", "defendants not convicted", _acquitted),
    Check("punished_without_penalty", True, "CL 32", "who is punished has a penalty", "判处刑罚者有刑罚", "defendants punished", _punished),
    Check("fine_small", False, "CL 52", "a fine is at least 500 yuan", "罚金不少于五百元", "counts with a fine", _small_fine),
    Check("fine_missing", False, "CL 133-1, 176, 192, 196, 224, 225, 263, 264, 266, 303, 312, 347, 354", "a fine stands beside the term where the law demands one", "法律规定并处罚金的判处罚金", "sentences to a term for such charges", _fine_missing),
    Check("rights_outside_law", True, "CL 55", "political rights are taken for 1 to 5 years", "剥夺政治权利一年以上五年以下", "deprivations for a time, for one count", _rights),
    Check("rights_for_life", True, "CL 57", "political rights are taken for life with life and death, only then", "死刑、无期徒刑剥夺政治权利终身", "life, death, or deprivation for life", _rights_for_life),
    Check("count_differs", True, "record", "the sentence for one count is that of the count", "一罪的刑罚即宣告刑", "sentences for one count alone", _single),
    Check("combined_below_heaviest", True, "CL 69", "the combined sentence is not below the heaviest count", "决定执行的刑期不低于数刑中最高刑期", "sentences for several counts", _below_heaviest),
    Check("combined_above_sum", True, "CL 69", "the combined term is not above the sum", "决定执行的刑期不超过总和刑期", "terms for several counts alone", _above_sum),
    Check("combined_outside_law", True, "CL 69", "the combined term is within the limit of combination", "数罪并罚不超过最高期限", "combined terms", _combined_outside_law),
    Check("combined_equals_heaviest", False, "CL 69", "the combined term is above the heaviest count", "决定执行的刑期高于最高刑期", "several terms of one kind", _not_combined),
    Check("fine_total", False, "CL 69(3)", "the fine is the sum of the counts' fines", "罚金合并为各罪罚金之和", "sentences with fines on the counts", _fine_total),
    Check("probation_not_allowed", True, "CL 72", "probation only for detention or up to 3 years", "缓刑限于拘役或三年以下有期徒刑", "sentences with probation", _probation_not_allowed),
    Check("probation_outside_law", True, "CL 73", "the probation period is within its bounds", "缓刑考验期限在法定幅度内", "sentences with probation", _probation_period),
    Check("recidivist_on_probation", True, "CL 74", "no probation for a recidivist", "累犯不适用缓刑", "recidivists", _recidivist),
)  # fmt: skip
