"""Sentences of a judgment and who speaks in them: the court, the prosecution, the defendant or counsel.

What a phrase is worth depends on the speaker: counsel's plea for leniency, the prosecution's recommendation and the
court's finding are said in the same words.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from panjue.extractors.groups import NAME, Roster
from panjue.extractors.sections import Sections, Span

Speaker = Literal["court", "prosecution", "defendant", "counsel", "other"]

_TELLING = re.compile(
    "认罪|认罚|具结|供述|供认|交[代待]|异议|防卫|自首|投案|坦白|建议|量刑意见|无罪|不构成|否认|没有|承认|悔罪|接受处罚|无意见|悔改|未实施|未参与|不成立犯罪|不承担|不是|不知|不应|不明知|不存在|构成要件|未与|不供认|值班律师|提请|请求以|请求对|请求判|请以|请依法|请判|请对|量刑|翻供|不予认可|不属实|事实不符|构不成|未(?=运|贩|盗|收|抢|殴|强|骗|诈|伤|对|销|向|购|从|组织)|自愿与|同意与|愿意与|借款|借贷|违背事实|违背客观事实|陷害|诬陷|诬告|并非(?:受贿|行贿|诈骗|盗窃|抢劫|抢夺|贩毒|贪污|挪用|侵占|敲诈|强奸|强迫|故意)(?:[，。；]|行为)"
)
# sentences; who began to speak goes on until another does, over a list of arguments as a rule
_LOOK_BACK = 12
_COUNSEL = re.compile(
    r"辩护人(?<!同意辩护人)(?<!同意其辩护人)(?<!同意其他被告人辩护人)(?![^，。；]{0,8}(?:在场|见证|到场|陪同))|辩护律师(?!(?:的)?(?:在场|见证))|辩护意见|辩护观点|其辩护"
)
_COUNSEL_GOES_ON = re.compile(
    r"[，；](?:其|被告人)?[^，。；]{0,6}辩护人[^，。；]{0,24}(?:无异议|没有异议)?，?(?:提出|认为|辩称|发表|的?辩护意见)"
)
_ITEM = re.compile(
    r"[（(]?[0-9一二三四五六七八九十①-⑩]{1,3}[、.）)．]|[①-⑩]|综上|因此，|故(?!意)|其次|再次|最后|另外，|同时，|第[一二三四五六七八九]"
)
_PROSECUTION = re.compile(r"公诉机关|(?<!最高人民)检察院|检察机关|公诉人|起诉书|该院(?:认为|建议)|检察员")
# in the midst of the defence 公诉机关指控 is what counsel argues against
_PROSECUTION_SPEAKS = re.compile(
    r"(?:公诉机关|公诉人|检察机关|检察员|检察院)[^，。]{0,16}(?:认为|建议|提出|发表|指出|答辩|变更|调整|提请|辩论|答复|的(?:出庭)?(?:意见|量刑))"
)
# 被告 without 人 before a name is a slip
_PARTY = r"(?:被告(?:人|单位|(?=[\ue000-\uefff]))|上诉人|诉讼代表人)"
_DEFENDANT = re.compile(
    rf"{_PARTY}(?:(?!(?<![及和与其])辩护人)[^，。]){{0,40}}?(?:辩称|辩解|提出|表示|对[^。]{{0,40}}?(?:异议|意见)|认为|承认|否认|不予认可|称[，：:]|请求|上诉|自辩)|对于?(?:公诉|检察|起诉|上述)[^。；，]{{0,20}}，{_PARTY}[^，。]{{0,20}}(?:辩称|辩解|称|提出|表示|否认)|上诉人[^，。；：]{{0,4}}?以(?=自己|其)|{_PARTY}[^，。；]{{0,4}}以[^。；]{{2,60}}?(?:为由|辩解|辩称)|"
    # by name or without any, where he begins the sentence; after an adverbial of time
    rf"(?<=[。；])(?:(?!辩护)[^，。；]){{0,4}}{NAME}(?:(?!辩护)[^，。；]){{0,12}}?(?:上诉|申诉|辩称|辩解|自辩)|(?<=[。；])(?:其|主要|的){{0,3}}(?:上诉|申诉)(?:称|提出|的?理由)|"
    rf"{_PARTY}[^，。；]{{0,10}}同意[^，。；]{{0,16}}意见，(?:辩称|辩解)|(?<=[。；])[^，。；]{{0,6}}{_PARTY}(?:(?!辩护)[^，。；]){{0,30}}?(?:[前后中时]，(?:提出|辩称|辩解)|不认罪)"
)
# with this he begins to speak; counsel, who speaks of him, does not begin so
_DEFENDANT_ANSWERS = re.compile(
    rf"(?:^|(?<=[。；]))[^，。；]{{0,8}}{_PARTY}(?:(?!辩护)[^，。]){{0,30}}?对(?:公诉|起诉|检察|指控|上述|抗诉|自诉)"
)
# the court, of all who had no objection, counsel too
_SUMS_UP = re.compile("(?:上述|以上)(?:犯罪)?事实，[^。]{0,80}辩护人[^。]{0,40}(?:无|没有|未提出|不持)异议")
_OTHER = re.compile(r"(?:诉讼代理人|被害人|附带民事诉讼原告人|司法局|社区矫正)[^，。]{0,20}(?:提出|认为|建议|请求|称)")


class Sentence(NamedTuple):
    """A sentence of the body, its section, its speaker and the defendants it speaks of."""

    span: Span
    section: str
    speaker: Speaker
    who: tuple[int, ...]


def sentences(text: str, sections: Sections, roster: Roster) -> list[Sentence]:
    """The sentences between the parties and the disposition that can bear on plea or recommendation."""
    found: list[Sentence] = []
    for section in ("procedure", "prosecution", "defence", "findings", "opinion"):
        area: Span = getattr(sections, section)
        default: Speaker = {"prosecution": "prosecution", "defence": "defendant"}.get(section, "court")  # type: ignore[assignment]
        position = area.start
        while telling := _TELLING.search(text, position, area.end):
            start = max(text.rfind("。", area.start, telling.start()) + 1, area.start)
            stop = text.find("。", telling.end(), area.end)
            position = stop + 1 if stop >= 0 else area.end
            who = (
                roster.mentioned(start, position)
                or roster.spoken_of(area.start, start)
                or (roster.everyone if len(roster) == 1 else ())
            )
            found.append(
                Sentence(
                    Span(start, position), section, _speaker(text, area.start, start, position, section, default), who
                )
            )
    return found


def _speaker(text: str, area: int, start: int, end: int, section: str, default: Speaker) -> Speaker:
    if section in ("procedure", "opinion"):
        # the court reports what the sides say, and answers; it remains the speaker
        return "court"
    begins, goes_on = _DEFENCE if section == "defence" else _ELSEWHERE
    sentence = 0
    while True:
        # an item of a list of arguments speaks of the defendant; he does not begin to speak in it
        if not sentence and _SUMS_UP.match(text, start, end):
            return "court"
        mark = (goes_on if _ITEM.match(text, start, end) else begins).search(text, start, min(end, start + 60))
        if mark:
            # 被告人无异议，辩护人提出…：in the sentences that follow it is counsel who goes on
            later = sentence and _COUNSEL_GOES_ON.search(text, start, end)
            return "counsel" if later else _SPEAKERS[str(mark.lastgroup)]
        sentence += 1
        if start <= area or sentence > _LOOK_BACK:
            return default
        end, start = start, max(text.rfind("。", area, start - 1) + 1, area)


_SPEAKERS: dict[str, Speaker] = {
    "counsel": "counsel", "prosecution": "prosecution", "defendant": "defendant", "answers": "defendant", "other": "other",
}  # fmt: skip


def _first(**patterns: re.Pattern[str]) -> re.Pattern[str]:
    """One pattern that finds which of ``patterns`` comes first; ``lastgroup`` is its name."""
    return re.compile("|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in patterns.items()))


_ELSEWHERE = (
    _first(counsel=_COUNSEL, prosecution=_PROSECUTION, defendant=_DEFENDANT, other=_OTHER),
    _first(counsel=_COUNSEL, prosecution=_PROSECUTION, other=_OTHER),
)
_DEFENCE = (
    _first(
        counsel=_COUNSEL,
        prosecution=_PROSECUTION_SPEAKS,
        defendant=_DEFENDANT,
        answers=_DEFENDANT_ANSWERS,
        other=_OTHER,
    ),
    _first(counsel=_COUNSEL, prosecution=_PROSECUTION_SPEAKS, other=_OTHER),
)
