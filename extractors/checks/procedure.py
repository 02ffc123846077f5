"""The procedure and the court against their conditions, and plea leniency against the time it exists."""

from __future__ import annotations

import re

from panjue.extractors.checks.check import Check, Finding, Outcomes, each, length, said
from panjue.extractors.lexicon import court_level
from panjue.extractors.record import Record

# 2014-08-22 速裁 pilot (at most one year), 2016-11-11 认罪认罚 pilot (three years), both in these cities; 2018-10-26
# Criminal Procedure Law.
_EXPEDITED_PILOT, _LENIENCY_PILOT, _STATUTE = "2014-08-22", "2016-11-11", "2018-10-26"
_PILOT_CITIES = (
    "北京", "天津", "上海", "重庆", "沈阳", "大连", "南京", "杭州", "福州", "厦门", "济南", "青岛", "郑州", "武汉", "长沙", "广州",
    "深圳", "西安",
)  # fmt: skip
#: the same in case numbers (案号) from 2016 on, where the county towns of a city show too
_PILOT_CODE = re.compile(r"^（\d{4}）(?:[京津沪渝]|[辽闽鲁]0[12]|[苏浙豫鄂湘陕]01|粤0[13])")
_LEVELS = ("basic", "intermediate", "high", "supreme")


def _expedited_court(record: Record) -> Outcomes:
    if record.case.procedure == "expedited" and record.case.instance == "first":
        yield _basic(record)


def _expedited_term(record: Record) -> Outcomes:
    if record.case.procedure == "expedited" and record.case.instance == "first":
        most = 36 if (record.case.judgment_date or _STATUTE) >= _LENIENCY_PILOT else 12
        for path, defendant in each(record):
            sentence = defendant.sentence
            graver = sentence.penalty in ("life", "death_reprieve", "death")
            long = graver or length(sentence.months, sentence.days) > most
            values = f"{sentence.penalty}, {said(sentence.months, sentence.days)}; at most {most} months"
            yield Finding(f"{path}/sentence/months", values) if long else None


def _expedited_plea(record: Record) -> Outcomes:
    judged = record.case.judgment_date
    if record.case.procedure == "expedited" and record.case.instance == "first" and judged and judged >= _STATUTE:
        for path, defendant in each(record):
            status = defendant.plea.status
            yield None if status == "applied" else Finding(f"{path}/plea/status", f"{status}, judged {judged}")


def _expedited_too_early(record: Record) -> Outcomes:
    judged = record.case.judgment_date
    if record.case.procedure == "expedited" and judged:
        early = judged < _EXPEDITED_PILOT or (judged < _STATUTE and not _pilot_city(record))
        yield Finding("/case/procedure", f"judged {judged}, before it existed there") if early else None


def _summary_court(record: Record) -> Outcomes:
    if record.case.procedure == "summary" and record.case.instance == "first":
        yield _basic(record)


def _summary_acquittal(record: Record) -> Outcomes:
    if record.case.procedure in ("summary", "expedited"):
        for path, defendant in each(record):
            acquitted = defendant.sentence.disposition in ("acquitted", "not_responsible")
            yield Finding(f"{path}/sentence/disposition", record.case.procedure) if acquitted else None


def _leniency_before_pilots(record: Record) -> Outcomes:
    judged = record.case.judgment_date
    for path, defendant in each(record):
        if judged and (defendant.plea.status == "applied" or defendant.plea.recognizance == "signed"):
            early = judged < _EXPEDITED_PILOT
            yield Finding(f"{path}/plea/status", f"judged {judged}") if early else None


def _leniency_outside_pilots(record: Record) -> Outcomes:
    judged = record.case.judgment_date
    for path, defendant in each(record):
        if judged and judged < _STATUTE and defendant.plea.status == "applied":
            pilot = judged >= _EXPEDITED_PILOT and _pilot_city(record)
            yield None if pilot else Finding(f"{path}/plea/status", f"judged {judged}")


def _signed_without_plea(record: Record) -> Outcomes:
    for path, defendant in each(record):
        if defendant.plea.recognizance == "signed":
            status = defendant.plea.status
            lost = status in ("not_mentioned", "plea_only", "denied")
            yield Finding(f"{path}/plea/status", status) if lost else None


def _plea_stage(record: Record) -> Outcomes:
    for path, defendant in each(record):
        stage = defendant.plea.stage
        if stage is not None:
            late = stage == "trial_second" and record.case.instance == "first"
            yield Finding(f"{path}/plea/stage", f"{stage} in the first instance") if late else None


def _court_of_life(record: Record) -> Outcomes:
    level = court_level(court=record.case.court)
    for path, defendant in each(record):
        if defendant.sentence.penalty in ("life", "death_reprieve", "death") and level is not None:
            low = _LEVELS.index(level.level) < _LEVELS.index("intermediate")
            yield (
                Finding(f"{path}/sentence/penalty", f"{defendant.sentence.penalty}, {level.level} court")
                if low
                else None
            )


def _basic(record: Record) -> Finding | None:
    level = court_level(court=record.case.court)
    return None if level is None or level.level == "basic" else Finding("/case/procedure", f"{level.level} court")


def _pilot_city(record: Record) -> bool:
    """Whether the court is in a pilot city, by its name or by the number of the case."""
    named = any(city in (record.case.court or "") for city in _PILOT_CITIES)
    return named or _PILOT_CODE.match(record.case.case_number or "") is not None


CHECKS = (
    Check("expedited_court", True, "CPL 222", "only basic courts use the expedited procedure", "速裁程序限于基层人民法院", "expedited cases", _expedited_court),
    Check("expedited_term", True, "CPL 222", "expedited procedure up to 3 years (pilot of 2014: 1 year)", "速裁程序限于三年以下有期徒刑", "defendants of expedited cases", _expedited_term),
    Check("expedited_plea", True, "CPL 222", "expedited procedure only with a plea applied", "速裁程序以认罪认罚为前提", "defendants of expedited cases since 2018-10-26", _expedited_plea),
    Check("expedited_too_early", False, "CPL 222", "the expedited procedure existed, before the law in pilot cities", "速裁程序在试点或施行之后适用", "expedited cases with a date", _expedited_too_early),
    Check("summary_court", True, "CPL 214", "only basic courts use the summary procedure", "简易程序限于基层人民法院", "summary cases", _summary_court),
    Check("summary_acquittal", False, "CPL 214", "no acquittal under the summary or expedited procedure", "简易、速裁程序不宣告无罪", "defendants of such cases", _summary_acquittal),
    Check("leniency_before_pilots", True, "CPL 15", "no plea leniency before the pilots (2014-08-22)", "试点前不存在认罪认罚从宽", "pleas applied or signed, dated", _leniency_before_pilots),
    Check("leniency_outside_pilots", False, "CPL 15", "plea leniency before the law only in pilot cities", "立法前认罪认罚从宽限于试点城市", "pleas applied before 2018-10-26", _leniency_outside_pilots),
    Check("signed_without_plea", True, "CPL 174", "who signed a recognizance pleaded", "签署具结书者认罪认罚", "defendants who signed", _signed_without_plea),
    Check("plea_stage", True, "record", "no plea in the second instance before there is one", "一审文书无二审认罪认罚", "pleas with a stage", _plea_stage),
    Check("life_court", True, "CPL 21", "life and death are for intermediate courts and above", "无期徒刑、死刑由中级以上人民法院判处", "sentences of life or death", _court_of_life),
)  # fmt: skip
