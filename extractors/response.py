"""The court's response to the recommendation: adopted, in part, at discretion, considered, not adopted."""

from __future__ import annotations

import re

from panjue.extractors.groups import NAME, Roster
from panjue.extractors.recommended import KIND
from panjue.extractors.record import CourtResponse
from panjue.extractors.sections import Span

_OFFICES = ("公诉机关", "公诉人", "检察院", "检察机关", "检察员")
_OFFICE = "|".join(_OFFICES)
#: what the court answers: the recommendation by its name, or what the prosecution proposes
_TOPIC = re.compile(
    r"(?:量刑|处刑|刑期|缓刑|刑罚|罚金|免[予于除]刑事处罚)(?:的|幅度)*(?:建议|意见)|量刑幅度(?!内)|(?:所提|上述|该|其|调整后的)建议|建议(?=适当|恰当|合理|，(?:本院)?(?:予以|应予)采纳)|(?:量刑|处刑|判处)[^，。；]{0,24}的意见(?=，?(?:适当|恰当|合理|(?:本院)?(?:予以|应予)采纳))|"
    rf"建议(?:对|以|判处|在)(?:(?!采纳|支持|建议)[^。；]){{0,60}}?(?:{KIND}|缓刑)(?:(?!采纳|支持|建议)[^。；，]){{0,30}}的意见|"
    rf"(?:{_OFFICE})(?:(?!量刑|刑期|采纳|支持|辩护)[^。；]){{0,60}}建议(?!(?:本院|二审)?(?:驳回|维持|发回))(?:(?!建议|量刑意见|采纳|支持)[^。；]){{0,90}}?(?:(?:判处|处以|量刑|处罚|缓刑)(?:(?!采纳|支持|量刑意见|量刑建议)[^。；，]){{0,40}}(?:的意见|的刑期)?|的意见)"
)
_COUNSEL = re.compile("辩护|诉讼代理人|上诉人")
_OFFICIAL = re.compile(rf"{_OFFICE}|起诉书|指控")
# 公诉机关及辩护人的量刑建议
_BOTH = re.compile(rf"(?:{_OFFICE})[、及和与][^，。；]{{0,14}}辩护人[^，。；]{{0,6}}$")
# …的量刑建议及辩护人的辩护意见，予以采纳: one answer for both
_WITH_OTHERS = re.compile(
    r"(?:、|及|和|与|以及)[^。；]{0,90}?(?:意见|建议|请求|辩解|观点)(?=[^。；]{0,12}(?:采纳|支持|成立|正确))"
)
# his own view of the sentence
_OWN = re.compile(
    "(?:自己|本人)(?:提出|所提)?的?$|(?:原审|一审|原判)[^，。；]{0,6}(?:没有|未|不)(?:予)?采纳(?:该|公诉机关的?)?$"
)
# the defendant agrees with the recommendation, and the court reports it
_AGREED = re.compile(r"(?:对|同意|认可|接受|不服)[^。；，]{0,30}$")
_AGREEING = re.compile(
    r"(?:[^。；，]{0,6}|，并)(?:均|亦|也)?(?:表示)?(?:无|没有|未提出|不持|有)?(?:异议|签字|签署|并签)"
)
# what counsel or the defendant says of the recommendation is not the court's word
_COMPLAINT = re.compile(r"[^。；，]{0,24}(?:的|之)(?:辩解|辩护|上诉|抗诉|意见|理由|观点)")
# the argument ends with it; what the court finds comes after
_TOO_HEAVY = re.compile("(?:明显|确实)?(?:过[重高]|[偏畸][重高])(?:[。；”]|，(?:请求|希望))")
_FOUND = re.compile("经查|本院|审理认为")
_ARGUED = re.compile(rf"(?:被告人|辩护人|上诉人|{NAME})(?:(?!{_OFFICE})[^。；]){{0,40}}(?:辩解|辩称|提出|所提|认为)")
# 上诉人提出…原审法院未采纳原公诉机关的量刑建议
_NOT_TAKEN = r"(?:未|没有)采纳"
_COMPLAINED = re.compile(
    rf"(?:上诉人|辩护人)(?:(?!(?<!原)(?:{_OFFICE}))[^。])*(?:原审|一审|原判)[^。；，]{{0,12}}{_NOT_TAKEN}[^。；，]{{0,12}}$"
)
_NEGATIVE = (
    rf"不予以?(?:采纳|支持|采信|认可)|(?:不能|未予|不宜|难以|不)采纳|{_NOT_TAKEN}|"
    "(?<!并无)(?<!无明显)不当(?!之处)|不适当|不妥|不够(?:适当|恰当)|偏[重轻高低]|畸[重轻]|过[重轻高低]|较[重轻]|与[^。；，]{2,20}不符|"
    "(?:予以|应予|适当予以|作出|进行)(?:适当)?(?:调整|纠正|变更)|不再适用"
)
_VERDICTS: tuple[tuple[re.Pattern[str], CourtResponse], ...] = (
    (
        re.compile(
            rf"部分(?:予以|予)?采纳|部分(?:建议|意见)[^。；]{{0,12}}采纳|采纳[^。；，不]{{0,10}}部分量刑建议|^中?的?关于[^，。；]{{1,20}}部分，?(?:本院)?(?:予以|应予)(?:采纳|支持)|采纳[^。]{{0,16}}(?:但|惟|唯)[^。；]{{0,40}}(?:罚金|缓刑|刑期|刑罚)[^。；]{{0,20}}(?:{_NEGATIVE})"
        ),
        "adopted_part",
    ),
    (re.compile(_NEGATIVE), "not_adopted"),
    (re.compile(r"酌情(?:予以|予)?采纳|酌予采纳|基本(?:适当|恰当|合理|得当|采纳)|合理部分"), "adopted_discretion"),
    (re.compile("采纳|支持|采信|准许|予以确认|应予认可"), "adopted"),
    (re.compile(r"(?:酌情|一并|综合|充分)[^。；，]{0,6}考虑|作为参考|(?:已经|予以)注意"), "considered"),
    (
        re.compile(
            "适当|恰当|合理|得当|合法|适度|符合(?:法律|相关|有关|本案|刑法|罪|案件)|于法有据|相当|妥当|正确|罚当其罪|有事实和法律依据|法律依据|并无不当|成立|适宜"
        ),
        "adopted",
    ),
    (re.compile("考虑|参考|参照|斟酌"), "considered"),
)
_PROVEN = re.compile("成立|清楚")
_ANY = re.compile("|".join(pattern.pattern for pattern, _ in _VERDICTS))
_OF_PART = re.compile(rf"^(?:(?!{KIND}|年|月).)*(?:罚金|缓刑)[^。；，]{{0,12}}$")
_WEIGHED = re.compile("结合|考虑|参考|参照|综合|斟酌|根据")
_NEXT = re.compile(
    "据此|依照|根据《|依据《|综上|(?<!其)辩护人|诉讼代理人|(?<=；)(?=[^；。]{0,30}(?:量刑|刑期|缓刑)[^；。]{0,6}(?:建议|意见))"
)
_ANOTHER = re.compile("；|，(?=对[^；。，]{1,30}(?:量刑|刑期|缓刑)[^；。，]{0,6}(?:建议|意见))")


def read_response(text: str, area: Span, roster: Roster) -> dict[int, tuple[CourtResponse, Span]]:
    """What the court says of the recommendation, for each defendant.

    A response that names defendants is for them, any other for all who have none of their own.
    """
    named: dict[int, tuple[CourtResponse, Span]] = {}
    general: tuple[CourtResponse, Span] | None = None
    clause = answered = area.start
    for topic in _TOPIC.finditer(text, *area):
        start = max(text.rfind("。", area.start, topic.start()) + 1, area.start)
        before = text[start : topic.start()]
        if _by_others(text, topic, before):
            continue
        found = _verdict(text, topic, before, area.end)
        if found is None:
            continue
        if topic.start() >= answered:  # else one answer is for several topics
            clause = max(start, answered, start + _last(_OFFICIAL, before))
        answered = found[1].end
        until = found[1].end if text.startswith(("：对", "，对"), topic.end()) else topic.end()
        who = roster.mentioned(clause, until) if len(roster) > 1 else ()
        if who and _PROVEN.search(text, roster.groups(clause, until)[-1][1], topic.start()):
            who = ()  # 指控某某的罪名成立，量刑建议适当: said of all
        if not who or len(who) == len(roster):
            if general is None or general[0] == "considered":
                general = found
            continue
        for index in who:
            if index not in named or named[index][0] == "considered":
                named[index] = found
    if general is None:
        return named
    return {index: named.get(index, general) for index in roster.everyone}


def _by_others(text: str, topic: re.Match[str], before: str) -> bool:
    """Whether counsel or the defendant speaks of the recommendation, or proposes one of their own."""
    official = _last(_OFFICIAL, before)
    if official < 0 and (topic.group() == "意见" or topic.group().startswith("建议")):
        return True
    if _COMPLAINED.search(before):
        return True
    if _last(_COUNSEL, before) > official and not topic.group().startswith(_OFFICES) and not _BOTH.search(before[-40:]):
        return True
    if _OWN.search(before[-8:]):
        return True
    if _AGREED.search(before[-40:]) and _AGREEING.match(text, topic.end()):
        return True
    argued = _last(_ARGUED, before)
    if argued >= 0 and official < 0 and topic.group().endswith("意见"):
        return True
    complains = _COMPLAINT.match(text, topic.end()) or (
        _TOO_HEAVY.match(text, topic.end()) and not _FOUND.search(before, max(argued, 0))
    )
    return argued >= 0 and (official < 0 or argued < official) and complains is not None


def _verdict(text: str, topic: re.Match[str], before: str, end: int) -> tuple[CourtResponse, Span] | None:
    """The court's word on a topic: in what follows it in the sentence, or in what leads to it."""
    stop = text.find("。", topic.end(), end)
    after = text[topic.end() : stop if 0 <= stop < topic.end() + 140 else topic.end() + 140]
    joined = _WITH_OTHERS.match(after)
    after = _NEXT.split(after[joined.end() :] if joined else after)[0]
    # what stands behind a ；, or speaks of another's recommendation, may answer somebody else
    answer = first if _ANY.search(first := _ANOTHER.split(after)[0]) else after
    if "是否采纳" in answer:
        return None
    for pattern, kind in _VERDICTS:
        match = pattern.search(answer)
        if match:
            partly = kind == "not_adopted" and _OF_PART.search(before[-30:] + topic.group()[:2])
            return "adopted_part" if partly else kind, Span(topic.start(), topic.end() + match.end())
    if taken := re.search(r"(?P<not>未|没有)?采纳[^。；，]{0,20}$", before):
        return "not_adopted" if taken["not"] else "adopted", Span(*topic.span())
    if _WEIGHED.search(before[-80:] + after):
        return "considered", Span(*topic.span())
    return None


def _last(pattern: re.Pattern[str], words: str) -> int:
    return max((match.start() for match in pattern.finditer(words)), default=-1)
