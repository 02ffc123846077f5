"""Divide a passage that speaks of several defendants: which words are for whom.

被告人A有期徒刑一年，被告人B、C拘役三个月 · 在三年至五年的幅度内对A量刑；在一年以下对B量刑 · A、B分别判处一年、八个月
"""

from __future__ import annotations

import re
from typing import NamedTuple

from panjue.extractors.groups import NAME, Roster
from panjue.extractors.quantities import MONEY, NUMBER, TERM
from panjue.extractors.sections import Span

_KIND = "有期徒刑|徒刑|拘役|管制"
_LENGTH = rf"(?={NUMBER}(?:年|个|日|天|月)){TERM}"
_PENALTY = re.compile(
    rf"{_KIND}|无期徒刑|死刑|罚金|缓刑|免[予于除](?:刑事)?处罚|依法(?:量刑|判处|惩处)(?=，对)|{_LENGTH}"
)
_ITEM = rf"(?:(?:{_KIND})?{_LENGTH}(?:以[上下内]|左右)?(?:(?:至|到|-|—)?(?:{_KIND})?{_LENGTH}(?:以[上下内])?)?(?:的?(?:{_KIND}))?)"
_AND = r"(?:、|，|和|及|以及)+"
_LISTS = tuple(
    (re.compile(rf"{item}(?:{_AND}{item})+"), re.compile(item))
    for item in (_ITEM, rf"(?:罚金)?(?:人民币)?{MONEY}(?<=元)", rf"(?:罚金)?(?:人民币)?{MONEY}(?<=万)(?:元)?")
)
# 被告单位 under a short name that the header does not give
_COMPANY = re.compile(rf"被告单位(?!{NAME})(?=[\u4e00-\u9fff]{{2,8}}(?:公司|厂|店|社|中心))")
_KIND_IN = re.compile(_KIND)
#: 三年以上、五年以下 is one range
_BOUNDS = re.compile(f".*以上、.*以下(?:的?(?:{_KIND}))?")


class Share(NamedTuple):
    """Words and the defendants they are for, in the order in which they are named."""

    who: tuple[int, ...]
    span: Span


def divide(text: str, area: Span, roster: Roster, meant: tuple[int, ...]) -> list[Share]:
    """The shares of ``area`` in masked text; none if it mentions no defendant.

    A new share begins where, after a penalty, other defendants are mentioned; the border is the last ； or ， before
    them, so that a penalty may stand before or after the names. A penalty that ends with ； before the first of them
    is for those ``meant`` so far.
    """
    groups: list[tuple[list[int], int]] = []
    ends: list[int] = []
    for start, end, who in _mentions(text, area, roster):
        if not groups and _PENALTY.search(text, area.start, _border(text, area.start, start)):
            groups.append((list(meant), area.start))
            ends.append(area.start)
        if groups and not _PENALTY.search(text, ends[-1], start):
            groups[-1][0].extend(index for index in who if index not in groups[-1][0])
            ends[-1] = end
        else:
            groups.append((list(who), start))
            ends.append(end)
    borders = [area.start]
    for position in range(1, len(groups)):
        before, start = ends[position - 1], groups[position][1]
        border = max(text.rfind("；", before, start), text.rfind("。", before, start))
        if border < 0:
            border = text.rfind("，", before, start)
        borders.append(border + 1 if border >= 0 else start)
    borders.append(area.end)
    return [Share(tuple(who), Span(borders[n], borders[n + 1])) for n, (who, _) in enumerate(groups)]


def _mentions(text: str, area: Span, roster: Roster) -> list[tuple[int, int, tuple[int, ...]]]:
    """The mentions in ``area``, the only company also where the header does not know its short name."""
    companies = tuple(index for index, party in enumerate(roster.parties) if party.kind == "organization")
    short = [(*match.span(), companies) for match in _COMPANY.finditer(text, *area)] if len(companies) == 1 else []
    return sorted([*roster.mentions(*area), *short])


def _border(text: str, begin: int, start: int) -> int:
    """Where the words end that stand before the first mention at ``start``: at a ；, or at a ， with 对 after it."""
    apart = re.compile("；|，(?=对(?:原审)?(?:被告人|被告单位)?$)").finditer(text, begin, start)
    return max((match.start() for match in apart), default=begin)


def portion(words: str, number: int, of: int) -> str:
    """``words`` in which every list of exactly ``of`` terms or amounts is replaced by its entry ``number``.

    >>> portion("分别判处有期徒刑一年、八个月，并处罚金三千元、二千元", 1, 2)
    '分别判处有期徒刑八个月，并处罚金二千元'
    """
    for whole, item in _LISTS:

        def chosen(match: re.Match[str], item: re.Pattern[str] = item) -> str:
            entries = item.findall(match.group())
            if len(entries) != of or _BOUNDS.fullmatch(match.group()):
                return match.group()
            entry: str = entries[number]
            kinds = [kind for earlier in entries[:number] for kind in _KIND_IN.findall(earlier)]
            if entries[0].startswith("罚金") and not entry.startswith("罚金"):
                return f"罚金{entry}"
            return f"{kinds[-1]}{entry}" if kinds and not _KIND_IN.search(entry) else entry

        words = whole.sub(chosen, words)
    return words
