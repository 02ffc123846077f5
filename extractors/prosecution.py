"""The charges the indictment brings against each defendant, as last amended."""

from __future__ import annotations

import re

from panjue.extractors import charges
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.sections import Sections, Span

_OPEN = re.compile(r"指控|以(?=(?:原审)?被告)|起诉|控诉|控告|涉嫌|审理")
_CLOSE = re.compile(r"一案|提起(?:公诉|自诉|控诉)|，于[12二]|向本院|。")
_CHARGED = charges.CHARGES
_CONSIDERED = re.compile(
    rf"(?:应当?|均?应|提请|请求)[^。；]{{0,20}}以{_CHARGED}|(?:已|均已|分别)?(?:构成|触犯|涉嫌|追究[^。；]{{0,16}}?)(?:了)?{_CHARGED.replace('charges', 'charges2')}"
)

_AMENDED = re.compile(
    r"(?:(?P<changed>变更起诉|变诉)|追加起诉|补充起诉|追诉)[^。；]{0,24}?(?:指控|以(?=(?:原审)?被告))|(?:追加|补充)指控"
)
_EVENT = re.compile(
    rf"(?P<name>{NAME})|(?P<joint>(?:上述|以上)?(?:二|两|三|四|五|六|七|八|九|十)+(?:名)?(?:原审)?被告人)|(?:犯有?|涉嫌(?:犯)?|触犯|构成){_CHARGED}(?=[，。；：、（和及与]|一案|认罪|的|向|事实|$|提起|案|于|原审|被告|因)|(?:犯|涉嫌|{NAME})(?P<bare>[\u4e00-\u9fff、]{{2,30}}?)(?=一案|$)"
)


def read_prosecuted(text: str, sections: Sections, roster: Roster) -> list[tuple[list[str], list[Span]]]:
    """For each defendant the charges prosecuted and where they stand."""
    result: list[tuple[list[str], list[Span]]] = [([], []) for _ in roster.parties]
    start = sections.procedure.start
    for opener in _OPEN.finditer(text, start, sections.procedure.end):
        # amended charges replace the first ones; a passage without any is passed over
        close = _close(text, opener.end(), min(sections.procedure.end, opener.end() + 1500))
        if _distribute(text, Span(opener.end(), close), roster, result):
            break
    _amend(text, Span(start, sections.prosecution.end), roster, result)
    area = Span(sections.procedure.end, sections.opinion.start)
    missing = [i for i in roster.everyone if not result[i][0]]
    if missing:
        for match in _CONSIDERED.finditer(text, *area):
            named = charges.split(match["charges"] or match["charges2"])
            who = roster.mentioned(max(area.start, text.rfind("。", 0, match.start())), match.start()) or (
                roster.everyone if len(roster) == 1 else ()
            )
            for index in who:
                if index in missing:
                    _add(result[index], named, Span(*match.span()))
    return result


def _amend(text: str, area: Span, roster: Roster, result: list[tuple[list[str], list[Span]]]) -> None:
    """Charges added (追加, 补充起诉) to those of the indictment, or put in their place (变更起诉)."""
    for match in _AMENDED.finditer(text, *area):
        added: list[tuple[list[str], list[Span]]] = [([], []) for _ in roster.parties]
        _distribute(text, Span(match.end(), _close(text, match.end(), min(area.end, match.end() + 300))), roster, added)
        for (names, spans), (read, places) in zip(result, added, strict=True):
            more = [name for name in read if charges.known(name)]
            if more and match["changed"]:
                names.clear()
                spans.clear()
            if more:
                _add((names, spans), tuple(more), places[0])


def _close(text: str, start: int, limit: int) -> int:
    position = start
    while True:
        match = _CLOSE.search(text, position, limit)
        if match is None:
            return limit
        # 。 inside a list of accused is rare; 一案 after the last charge ends it
        return match.start()


def _distribute(text: str, area: Span, roster: Roster, result: list[tuple[list[str], list[Span]]]) -> bool:
    who: list[int] = []
    fresh = True
    found = False
    bare = _BARE
    for match in _EVENT.finditer(text, *area):
        if match["name"] or match["joint"]:
            if fresh:
                who, fresh = [], False
            if match["joint"]:
                who = list(roster.everyone)
                continue
            who.append(roster.of(match["name"]))
            direct = bare.match(text, match.end(), area.end)
            named = charges.known(direct["charges"]) if direct else ()
            if direct and named:
                fresh = found = True
                for index in who:
                    _add(result[index], named, Span(match.start(), match.end() + len(direct["charges"])))
            continue
        named = charges.split(match["charges"] or match["bare"])
        if not named:
            continue
        fresh = True
        found = True
        for index in who or (roster.everyone if len(roster) == 1 else ()):
            _add(result[index], named, Span(*match.span()))
    return found


_BARE = re.compile(_CHARGED)


def _add(slot: tuple[list[str], list[Span]], names: tuple[str, ...], span: Span) -> None:
    for name in names:
        if name not in slot[0]:
            slot[0].append(name)
    slot[1].append(span)
