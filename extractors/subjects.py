"""Of whom a passage about a plea is said: its subject, a company under a short name, and who speaks where."""

from __future__ import annotations

import re
from typing import NamedTuple

from panjue.extractors.groups import Roster
from panjue.extractors.sections import Span
from panjue.extractors.speakers import Sentence

# 被告单位某公司对指控无异议, 某公司的诉讼代表人及被告人某某: what follows tells that it is the subject
_COMPANY = re.compile(
    r"(?:(?<=[。；，、：])|(?<![^。]))(?:[^。；，、：]{0,24}诉讼代表人|(?<!被告人、)(?:原审)?(?:被告|上诉)单位)[^。；，、对]{0,40}?(?=[、及和与]|以及|对|在开庭|在庭审|当庭|自愿|表示|认罪)"
)
_AND = re.compile(r"[、及和与，]?(?:以及)?(?:[^。；，、]{0,10}辩护人[^。；，、]{0,8}、)?(?:原审)?(?:被告人|上诉人)?")
#: code points; how long a defendant may speak before it is uncertain whether he still does
_SPEECH_LENGTH = 800
_JOINT = re.compile("均|都|皆|[二两三四五六七八九十]人|各自|分别|共同(?!犯罪)")
# without a name or a number it means all of them
_ALL = re.compile("(?<!其他)(?<!同案)(?<!其余)(?<!本案)被告人(?=的|均|及|自愿|在|认罪|签|对)")
_SUBJECT = re.compile("(?:被告人|上诉人|被告单位|申诉人|罪犯)$|[。；，：、]$|^$")
_SPEECH = re.compile(
    r"[^。；]{0,40}?(?:辩称|辩解|自辩|提出|所提|要求|请求|认为|上诉|申诉|不服|供述|供称|表示|否认|翻供|称|对|拒不|(?:当庭|自愿)认罪)"
)


def about(text: str, sentence: Sentence, span: Span, roster: Roster) -> tuple[int, ...]:
    """The defendants last spoken of before ``span``: 均 and 二人 take in all whom the sentence names before."""
    everyone = roster.everyone
    if len(everyone) == 1:
        return everyone
    # names that are objects in his speech (与某某家人协商) are no subjects
    groups = [
        group
        for group in roster.groups(sentence.span.start, span.end)
        if text[group[0] - 1] not in "与给向被由让叫找跟帮为将把替"
    ]
    company = _company(text, sentence.span.start, span.start, roster)
    if not groups:
        if company:
            return company.who
        return everyone if sentence.section == "procedure" else sentence.who or everyone
    begin, end, who = groups[-1]
    if company and company.span.start > end:
        return company.who
    if company and _AND.fullmatch(text, company.span.end, begin):
        return tuple(sorted({*company.who, *who}))
    if _ALL.search(text, end, span.start):
        return everyone
    if len(who) == 1 and len(groups) > 1 and _JOINT.search(text, end, span.start):
        return tuple(sorted({index for _, _, members in groups for index in members}))
    return who


class _Company(NamedTuple):
    span: Span
    who: tuple[int, ...]


def _company(text: str, start: int, position: int, roster: Roster) -> _Company | None:
    """The one organization among the defendants, where it pleads under a short name or by its representative."""
    who = tuple(i for i in roster.everyone if roster.parties[i].kind == "organization")
    if len(who) != 1:
        return None
    last = next(reversed(list(_COMPANY.finditer(text, start, position))), None)
    return _Company(Span(*last.span()), who) if last else None


def spokesman(text: str, sentence: Sentence, span: Span, roster: Roster) -> tuple[int, ...]:
    """The defendants who speak where ``span`` stands: those last introduced with a word of speech.

    Others whom they name are what they speak about. The speaker may come second: 对指控的事实，被告人某某予以否认.
    """
    if len(roster) == 1:
        return roster.everyone
    until = span.end if text.startswith("对", span.start) else span.start
    for start, end, who in reversed(roster.groups(max(0, sentence.span.start - _SPEECH_LENGTH), until)):
        if _SUBJECT.search(text, max(0, start - 4), start) and _SPEECH.match(text, end):
            return who
    return ()
