"""The zero-shot baseline: a regular expression for each field, over the whole text.

No sections, no groups, no speakers: all defendants get what the text says of any. Where a field can stand in several
places the last one counts, for the disposition (判决主文) comes last. Numbers, terms, money and dates are read by
:mod:`panjue.extractors.quantities`, so that finding is compared, not counting.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Literal, TypeVar

from panjue.extractors.quantities import DATE, MONEY, NUMBER, TERM, date, term, yuan
from panjue.extractors.record import (
    Case,
    Counsel,
    CounselAtSigning,
    Count,
    CourtResponse,
    Defendant,
    DefendantKind,
    Disposition,
    DocumentType,
    Instance,
    Plea,
    Procedure,
    Recommendation,
    Record,
    Sentence,
)

Value = TypeVar("Value")
_Principal = Literal["surveillance", "detention", "imprisonment", "life", "death"]

_SPACE = re.compile(r"\s+")
_WIDE = str.maketrans(",:;()０１２３４５６７８９", "，：；（）0123456789")

_HAN = "[\u4e00-\u9fff]"
_NAME = rf"(?P<name>{_HAN}{{2,4}}|{_HAN}{{1,10}}·{_HAN}{{1,10}})"
_LENGTH = rf"(?P<term>(?={NUMBER}){TERM})"
_CHARGE = "犯(?P<charge>[^，。；：（）]{2,30}罪)"
_PENALTY = "(?P<penalty>有期徒刑|拘役|管制|无期徒刑|死刑)"
_FINE = f"罚金(?:人民币)?(?P<fine>{MONEY})"

_CASE_NUMBER = re.compile(r"[（〔\[]([0-9]{4})[）〕\]]([^，。；（]{2,20}?号)")
_COURT = re.compile(rf"{_HAN}{{2,30}}?人民法院")
_PROCURATORATE = re.compile(rf"公诉机关：?({_HAN}{{2,30}}?人民检察院)")
_INDICTED = re.compile(rf"({DATE})[^。]{{0,15}}?提起公诉")
_DATE = re.compile(DATE)
_PERSON = re.compile(rf"被告人）?：?{_NAME}(?:（[^）]*）)?，(?:性别)?[男女]")
_ACCUSED = re.compile(rf"被告人{_NAME}犯")
_ORGANIZATION = re.compile(rf"被告单位）?：?(?P<name>{_HAN}{{2,30}}?(?:公司|厂|社|中心))")
_COUNSEL = re.compile(rf"(?P<assigned>指定)?辩护人：?{_NAME}，(?P<office>[^。；]{{2,40}}?)律师")

_PROSECUTED = re.compile(rf"指控[^。]{{0,60}}?{_CHARGE}")
_CONVICTED = re.compile(
    rf"{_CHARGE}，(?:判处|单处|处罚金|免予刑事处罚)(?:{_PENALTY}{_LENGTH}?)?(?:[^。；（]*?{_FINE})?"
)
_SINGLE = re.compile(rf"判处{_PENALTY}{_LENGTH}?")
_COMBINED = re.compile(rf"决定执行{_PENALTY}{_LENGTH}?")
_PROBATION = re.compile(rf"缓刑{_LENGTH}")
_FINES = re.compile(_FINE)
_RIGHTS = re.compile(rf"剥夺政治权利(?:终身|{_LENGTH})")
_DATES = re.compile(rf"自(?P<start>{DATE})起至(?P<end>{DATE})止")

_RECOMMENDED = re.compile(
    rf"建议[^。；]{{0,40}}?{_PENALTY}{_LENGTH}?(?:(?:以上|至|到|-)(?:{_HAN}{{2}}徒刑|拘役)?(?P<high>(?={NUMBER}){TERM}))?(?P<rest>[^。；]*)"
)

_DOCUMENT_TYPES: dict[str, DocumentType] = {
    "判决书": "judgment",
    "裁定书": "ruling",
    "决定书": "decision",
    "调解书": "mediation",
    "通知书": "notice",
}
_INSTANCES: dict[str, Instance] = {
    "刑初": "first",
    "刑终": "second",
    "刑再": "retrial",
    "刑核": "death_review",
    "刑更": "modification",
}
_PROCEDURES: dict[str, Procedure] = {
    "速裁程序": "expedited",
    "简易程序": "summary",
    "普通程序|合议庭": "ordinary",
}
_PENALTIES: dict[str, _Principal] = {
    "有期徒刑": "imprisonment",
    "拘役": "detention",
    "管制": "surveillance",
    "无期徒刑": "life",
    "死刑": "death",
}
_DISPOSITIONS: dict[str, Disposition] = {
    "驳回(?:上诉|抗诉)": "appeal_dismissed",
    "发回[^。]{0,20}重新审判": "remanded",
    "终止审理": "terminated",
    f"被告人{_HAN}{{2,10}}无罪": "acquitted",
    "不负刑事责任": "not_responsible",
    "罪，免予刑事处罚": "exempt",
    "判处|处罚金": "punished",
}
_RESPONSES: dict[str, CourtResponse] = {
    "量刑建议[^。]{0,20}不(?:予|应)?采纳": "not_adopted",
    "量刑建议[^。]{0,20}采纳|采纳[^。]{0,20}量刑建议": "adopted",
}
_AT_SIGNING: dict[str, CounselAtSigning] = {
    "值班律师[^。]{0,20}具结书": "duty_lawyer",
    "辩护人[^。]{0,20}具结书": "defender",
}


def extract(doc_id: str, text: str) -> Record:
    """The record of one judgment, without evidence."""
    words = plain(text)
    names: dict[str, DefendantKind] = dict.fromkeys(
        _unique(_PERSON, words, "name") or _unique(_ACCUSED, words, "name"), "person"
    )
    names |= dict.fromkeys(_unique(_ORGANIZATION, words, "name"), "organization")
    return record(doc_id, text, names, [*_retained(words), *duty_lawyer(words)])


def record(doc_id: str, text: str, names: Mapping[str, DefendantKind], counsel: list[Counsel]) -> Record:
    """The record of one judgment whose defendants are known, and their ``counsel``: the rest as it is found."""
    words = plain(text)
    convicted = _unique(_CONVICTED, words, "charge")
    anybody = Defendant(
        name="",
        charges_prosecuted=_unique(_PROSECUTED, words, "charge"),
        charges_convicted=convicted,
        plea=_plea(words),
        recommendation=_recommendation(words),
        sentence=_sentence(words),
        counsel=counsel,
        counsel_at_signing=_first(_AT_SIGNING, words, "not_stated"),
    )
    made = Record(
        doc_id=doc_id, text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), case=_case(words)
    )
    for name, kind in names.items():
        defendant = deepcopy(anybody)
        defendant.name, defendant.kind = name, kind
        made.defendants.append(defendant)
    return made


def plain(text: str) -> str:
    """The text without white space, its punctuation and digits of one width.

    >>> plain("被告人 严守田, 男\\n")
    '被告人严守田，男'
    """
    return _SPACE.sub("", text).translate(_WIDE)


def duty_lawyer(words: str) -> list[Counsel]:
    """One without a name, where the text speaks of one (值班律师)."""
    return [Counsel(kind="duty_lawyer")] if "值班律师" in words else []


def _retained(words: str) -> list[Counsel]:
    return [
        Counsel(
            name=match["name"], kind="legal_aid" if match["assigned"] or "法律援助" in match["office"] else "retained"
        )
        for match in _COUNSEL.finditer(words)
    ]


def _case(words: str) -> Case:
    number, court, procuratorate = _CASE_NUMBER.search(words), _COURT.search(words), _PROCURATORATE.search(words)
    indicted, dates = _INDICTED.search(words), _DATE.findall(words)
    return Case(
        case_number=f"（{number[1]}）{number[2]}" if number else None,
        court=court[0] if court else None,
        procuratorate=procuratorate[1] if procuratorate else None,
        document_type=_first(_DOCUMENT_TYPES, words, None),
        instance=_first(_INSTANCES, number[0] if number else "", None),
        prosecution="private" if "自诉人" in words else "public",
        procedure=_first(_PROCEDURES, words, "unknown"),
        indictment_date=date(indicted[1]) if indicted else None,
        judgment_date=date(dates[-1]) if dates else None,
    )


def _plea(words: str) -> Plea:
    plea = Plea(recognizance="signed" if "具结书" in words else "not_stated")
    if "认罪认罚" in words:
        plea.status = "applied"
        plea.stage, plea.stage_basis = (
            ("review_for_prosecution", "inferred_signing") if plea.recognizance == "signed" else ("unknown", "none")
        )
    elif re.search("认罪|如实供述", words):
        plea.status = "plea_only"
    return plea


def _recommendation(words: str) -> Recommendation:
    found = _RECOMMENDED.search(words)
    response = _first(_RESPONSES, words, "silent")
    if found is None:
        return Recommendation(content="mentioned", court_response=response) if "量刑建议" in words else Recommendation()
    low, high = term(found["term"] or ""), term(found["high"] or "")
    made = Recommendation(
        content="given",
        form="range" if high else "fixed" if low else "type_only",
        penalty=_PENALTIES[found["penalty"]],
        court_response=response,
        probation="none",
        fine="none",
    )
    made.min_months, made.min_days = low or (None, 0)
    made.max_months, made.max_days = high or low or (None, 0)
    if "缓刑" in found["rest"]:
        probation = _PROBATION.search(found["rest"])
        months = _months(probation["term"]) if probation else None
        made.probation, made.probation_min_months, made.probation_max_months = "recommended", months, months
    if "罚金" in found["rest"]:
        fine = _FINES.search(found["rest"])
        amount = yuan(fine["fine"]) if fine else None
        made.fine, made.fine_min, made.fine_max = "amount" if amount else "unspecified", amount, amount
    return made


def _sentence(words: str) -> Sentence:
    sentence = Sentence(
        disposition=_first(_DISPOSITIONS, words, "none"),
        confiscation="all" if "没收个人全部财产" in words else "part" if "没收个人财产" in words else "none",
    )
    for match in _CONVICTED.finditer(words):
        months, days = _length(match["term"])
        fine = yuan(match["fine"]) if match["fine"] else None
        penalty = _PENALTIES[match["penalty"]] if match["penalty"] else "none"
        sentence.counts.append(Count(charge=match["charge"], penalty=penalty, months=months, days=days, fine=fine))
    penalty_found = _last(_COMBINED, words) or _last(_SINGLE, words)
    if penalty_found:
        sentence.penalty = _PENALTIES[penalty_found["penalty"]]
        sentence.months, sentence.days = _length(penalty_found["term"])
    if probation := _last(_PROBATION, words):
        sentence.probation_months = _months(probation["term"])
    if fines := _last(_FINES, words):
        sentence.fine = yuan(fines["fine"])
    if rights := _last(_RIGHTS, words):
        sentence.political_rights_months = _months(rights["term"]) if rights["term"] else "life"
    if dates := _last(_DATES, words):
        sentence.term_start, sentence.term_end = date(dates["start"]), date(dates["end"])
    return sentence


def _length(printed: str | None) -> tuple[int | None, int]:
    return term(printed or "") or (None, 0)


def _months(printed: str) -> int | None:
    return _length(printed)[0]


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(words))), None)


def _unique(pattern: re.Pattern[str], words: str, group: str) -> list[str]:
    """What the group holds, each once, in order of appearance."""
    return list(dict.fromkeys(match[group] for match in pattern.finditer(words)))


def _first(table: Mapping[str, Value], words: str, otherwise: Value) -> Value:
    """The value of the first pattern in the table that is anywhere in the text."""
    return next((value for pattern, value in table.items() if re.search(pattern, words)), otherwise)
