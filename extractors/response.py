"""The court's response to the recommendation: adopted, in part, at discretion, considered, not adopted."""

from __future__ import annotations

import re

from panjue.extractors.groups import Roster
from panjue.extractors.record import CourtResponse
from panjue.extractors.sections import Span

_RESPONSE: tuple[tuple[str, CourtResponse], ...] = (
    (
        r"(?:部分(?:予以)?采纳|(?:但|惟)[^。；]{0,40}(?:部分|罚金|缓刑)[^。；]{0,20}(?:不予采纳|调整)|部分建议[^。；]{0,12}采纳)",
        "adopted_part",
    ),
    (
        r"(?:不予采纳|不予支持|不能采纳|不当(?!之处)|偏重|偏轻|畸轻|畸重|过重|过轻|不予采信|不妥|不宜采纳|未予采纳|予以调整|与[^。；，]{2,20}不符|不予认可|不适当)",
        "not_adopted",
    ),
    (r"(?:酌情(?:予以)?采纳|基本(?:适当|恰当|合理|得当)|酌情予以|酌予采纳|合理部分)", "adopted_discretion"),
    (
        r"(?:采纳|支持|适当|恰当|合理|得当|合法有据|符合法律|于法有据|相当|妥当|采信|正确|罚当其罪|准许|予以确认|应予认可|有事实和法律依据|并无不当|成立|适宜|适用恰当)",
        "adopted",
    ),
    (r"(?:结合|考虑|参考|参照|综合|酌情|根据|斟酌)", "considered"),
)
_TOPIC = re.compile(
    r"(?:(?:公诉机关|检察院|公诉人)[^。；]{0,20}建议[^。；]{0,80}?的意见|量刑(?:的)?(?:建议|意见)|量刑幅度|(?<!辩护)(?:建议|意见)(?=适当|恰当|合理|，(?:本院)?(?:予以|应予)采纳))"
)


def read_response(text: str, area: Span, roster: Roster) -> dict[int, tuple[CourtResponse, Span]]:
    """What the court says of the recommendation, for each defendant."""
    answers: dict[int, tuple[CourtResponse, Span]] = {}
    for topic in _TOPIC.finditer(text, *area):
        sentence_start = max(text.rfind("。", area.start, topic.start()) + 1, area.start)
        before = text[sentence_start : topic.start()]
        official = max(before.rfind(w) for w in ("公诉机关", "检察院", "公诉人", "检察机关", "检察员", "起诉书"))
        counsel = max(before.rfind(w) for w in ("辩护人", "辩护律师", "辩护意见", "诉讼代理人"))
        if counsel > official or (
            re.search(r"(?:同意|认可|接受|无异议|对)[^。；，]{0,12}$", before[-10:])
            and re.search(r"(?:异议|签字|签署)", text[topic.end() : topic.end() + 14])
        ):
            continue
        stop = text.find("。", topic.end(), area.end)
        after = text[topic.end() : stop if 0 <= stop < topic.end() + 120 else topic.end() + 120]
        after = re.split(r"(?:据此|依照|根据《|依据《|综上|辩护人)", after)[0]
        kind: CourtResponse | None = None
        place = Span(*topic.span())
        for pattern, value in _RESPONSE[:4]:
            match = re.search(pattern, after)
            if match:
                kind, place = value, Span(topic.start(), topic.end() + match.end())
                break
        if kind is None and re.search(_RESPONSE[4][0], before[-24:] + after):
            kind = "considered"
        if kind is None and re.search(r"采纳[^。；，]{0,20}$", before):
            kind = "adopted"
        if kind is None:
            continue
        who = roster.mentioned(sentence_start, topic.end()) if len(roster) > 1 else ()
        for index in who or roster.everyone:
            if index not in answers or answers[index][0] == "considered":
                answers[index] = kind, place
    return answers
