"""The charges the indictment brings against each defendant, as last amended.

Where the paragraph of procedure does not name them, other places do: what the prosecution holds, the label 指控罪名 of a
form, the name of the case (某某盗窃一案), the court's answer to the indictment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from panjue.extractors import charges
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.quantities import number
from panjue.extractors.sections import Sections, Span

_INDICTED = re.compile(r"(?:起诉书|起诉决定书|公诉书|自诉状)[^。；]{0,30}?(?:指控|控诉|以(?=(?:原审)?被告))")
_OPEN = re.compile(r"指控|以(?=(?:原审)?被告)|起诉|控诉|控告|诉(?=(?:原审)?被告)|审理")
_CLOSE = re.compile(r"一案|提起(?:公诉|自诉|控诉)|，于[12二]|向本院|。")
_CHARGED = charges.CHARGES
_CONSIDERED = re.compile(
    rf"(?:应当?|均?应|提请|请求)[^。；]{{0,20}}以{_CHARGED}|(?:已|均已|分别)?(?:构成|触犯|涉嫌|追究[^。；]{{0,16}}?)(?:了)?{_CHARGED.replace('charges', 'charges2')}"
)
# the charge that the defence asks for
_DEFENDED = re.compile("辩称|辩解|辩护")
_AMENDED = re.compile(
    r"(?:(?P<changed>变更起诉|变诉)|追加起诉|补充起诉|追诉|补诉)[^。；]{0,24}?(?:指控|以(?=(?:原审)?被告))|(?:追加|补充)指控|"
    r"(?:追加|补充)起诉(?=(?:原审)?被告)|(?:以|对)(?=(?:原审)?被告人[^。；]{2,60}?罪，?(?:(?P<changed2>变更)|追加|补充)起诉)"
)
_RENAMED = re.compile(
    rf"(?:罪名(?:由[^。；，]{{2,30}})?(?:当庭)?(?:变更|更改|改变)为|当庭变更(?:起诉|指控|认为)?[^。；，]{{0,6}}?应?以){_CHARGED}"
)
_JOINT = r"(?:上述|以上)?(?:二|两|三|四|五|六|七|八|九|十)+(?:名)?(?:原审)?被告人"
# what a charge that lacks its 罪 stops at
_STOP = rf"(?=一案|等一案|、被告|，被告|；|以及|及被告|[、，及和]?{NAME}|，于[12二]|，?向本院|$)"
_BARE = rf"[\u4e00-\u9fff、]{{2,60}}?{_STOP}"
_AND_OTHERS = r"(?:等(?P<count>[二两三四五六七八九十]+|[0-9]+)?(?:名|个)?(?:原审)?(?:被告)?人?)?"
_EVENT = re.compile(
    # others, whom the header does not know
    r"(?P<stranger>(?<=[，；])(?:原审)?被告(?:人|单位)(?=[^\ue000-\uf000，。；：（）均各二两三四五六七八九犯]{2,40}犯))|"
    rf"(?P<name>{NAME})|(?P<joint>{_JOINT})|(?:(?<!侵)犯(?!罪)有?|涉嫌(?:犯(?!罪))?|被控(?:犯(?!罪))?|触犯|构成)(?:{_CHARGED}(?![行责犯过之所集嫌]|名(?!成立|准确))|(?P<bare>{_BARE}))"
)
_DIRECT = re.compile(rf"{_AND_OTHERS}(?:(?:{_CHARGED})|(?P<bare>{_BARE})|(?=犯|被控))")
_LABEL = re.compile(r"指控罪名[：，、]?(?P<rest>[\u4e00-\u9fff、，]{2,60})")
_CASE = re.compile("一案")
_ANSWERED = re.compile("指控(?=(?:上述|原审)?(?:被告|上诉人))")
_UPHELD = re.compile(
    r"(?:指控|起诉)[^。；]{0,60}?罪名(?:均|已|的?定性)?(?:成立|准确|正确|恰当|适当)|(?:的|关)指控(?:均|全部)?成立"
)
_NOT_UPHELD = re.compile(
    r"(?:指控|起诉|罪名|定性)[^。；]{0,60}?(?:不当|有误|不准|不成立|不能成立|不予支持|不予认定|错误|欠妥|变更|纠正)"
)


@dataclass(slots=True)
class Accusation:
    """The charges against one defendant in the order of the text, where they stand, and what read them."""

    rule: str
    charges: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def add(self, charges: Iterable[str], span: Span, *, instead: bool = False) -> None:
        """Charges that a passage names; ``instead`` of those before."""
        if instead:
            self.charges.clear()
            self.spans.clear()
        new = [name for name in charges if name not in self.charges]
        if new:
            self.charges.extend(new)
            self.spans.append(span)


def read_prosecuted(text: str, sections: Sections, roster: Roster, convicted: list[list[str]]) -> list[Accusation]:
    """The accusation against each defendant; ``convicted`` are the charges of the disposition."""
    result = [Accusation("procedure.charges") for _ in roster.parties]
    _indicted(text, sections, roster, result)
    upheld = _upheld(text, sections.opinion)
    decided = [Accusation("opinion.upheld", named, [upheld] if upheld else []) for named in convicted]
    if len(roster) > 1:
        held = [Accusation("prosecution.charges") for _ in roster.parties]
        _considered(text, sections, roster, held)
        _apportion(result, held)
        if upheld:
            _apportion(result, decided)
    _amend(text, Span(sections.procedure.start, sections.prosecution.end), roster, result)
    for rule, read in _ELSEWHERE.items():
        if all(one.charges for one in result):
            return result
        found = [Accusation(rule) for _ in roster.parties]
        read(text, sections, roster, found)
        result = [own if own.charges else other for own, other in zip(result, found, strict=True)]
    return [own if own.charges or not upheld else other for own, other in zip(result, decided, strict=True)]


def _indicted(text: str, sections: Sections, roster: Roster, result: list[Accusation]) -> None:
    """The indictments that the paragraph of procedure names; without any, the first words there that accuse."""
    area = sections.procedure
    read_to = area.start
    for opener in _INDICTED.finditer(text, *area):
        if opener.start() >= read_to:
            read_to = _close(text, opener.end(), min(area.end, opener.end() + 1500))
            _distribute(text, Span(opener.end(), read_to), roster, result)
    if any(one.charges for one in result):
        return
    for opener in _OPEN.finditer(text, *area):
        # a passage without any is passed over
        close = _close(text, opener.end(), min(area.end, opener.end() + 1500))
        if _distribute(text, Span(opener.end(), close), roster, result):
            return


def _apportion(result: list[Accusation], held: list[Accusation]) -> None:
    """Of several charges brought against several in one breath, to each what is held against him.

    Only where that makes up the whole: each has some of them, none any other, and together they have all.
    """
    together: dict[tuple[Span, ...], list[int]] = {}
    for index, one in enumerate(result):
        if len(one.charges) > 1:
            together.setdefault(tuple(one.spans), []).append(index)
    for who in together.values():
        whole = set(result[who[0]].charges)
        parts = [set(held[index].charges) for index in who]
        if len(who) < len(result):
            continue  # it tells whom it charges with what
        if all(part and part <= whole for part in parts) and set().union(*parts) == whole:
            for index, part in zip(who, parts, strict=True):
                if part != whole:
                    result[index] = held[index]


def _amend(text: str, area: Span, roster: Roster, result: list[Accusation]) -> None:
    """Charges added (追加, 补充起诉) to those of the indictment, or put in their place (变更起诉)."""
    for match in _AMENDED.finditer(text, *area):
        added = [Accusation("") for _ in roster.parties]
        _distribute(text, Span(match.end(), _close(text, match.end(), min(area.end, match.end() + 300))), roster, added)
        for one, more in zip(result, added, strict=True):
            named = [name for name in more.charges if charges.known(name)]
            if named:
                instead = (match["changed"] or match["changed2"]) and "增加" not in match.group()
                one.add(named, more.spans[0], instead=bool(instead))
    for match in _RENAMED.finditer(text, *area):
        renamed = charges.known(match["charges"])
        who = roster.mentioned(max(area.start, text.rfind("。", 0, match.start())), match.start()) or _sole(roster)
        for index in who if renamed else ():
            result[index].add(renamed, Span(*match.span()), instead=True)


def _considered(text: str, sections: Sections, roster: Roster, result: list[Accusation]) -> None:
    """What the prosecution holds: 公诉机关认为，…应当以盗窃罪追究其刑事责任."""
    area = Span(sections.procedure.end, sections.opinion.start)
    for match in _CONSIDERED.finditer(text, *area):
        begun = max(area.start, text.rfind("。", 0, match.start()))
        if _DEFENDED.search(text, begun, match.start()):
            continue
        named = charges.split(match["charges"] or match["charges2"])
        who = roster.mentioned(begun, match.start()) or _sole(roster)
        for index in who:
            result[index].add(named, Span(*match.span()))


def _labelled(text: str, sections: Sections, roster: Roster, result: list[Accusation]) -> None:
    """A form's own field: 指控罪名：盗窃. Which of several charges is meant for whom it does not say."""
    for match in _LABEL.finditer(text, 0, sections.opinion.start):
        named, length = charges.leading(match["rest"])
        if named and 1 in (len(named), len(roster)):
            for one in result:
                one.add(named, Span(match.start(), match.start("rest") + length))


def _case_named(text: str, sections: Sections, roster: Roster, result: list[Accusation]) -> None:
    """The name of the case: 原审被告人某某盗窃一案."""
    for match in _CASE.finditer(text, sections.header.start, sections.opinion.start):
        begun = max(sections.header.start, text.rfind("。", 0, match.start()) + 1)
        _distribute(text, Span(begun, match.start()), roster, result)


def _answered(text: str, sections: Sections, roster: Roster, result: list[Accusation]) -> None:
    """The court's answer, whichever it is: 公诉机关指控被告人某某犯盗窃罪罪名成立."""
    for match in _ANSWERED.finditer(text, *sections.opinion):
        close = text.find("。", match.end(), sections.opinion.end)
        _distribute(text, Span(match.end(), close if close >= 0 else sections.opinion.end), roster, result)


def _upheld(text: str, opinion: Span) -> Span | None:
    """Where the court upholds the charges without naming them and without a word against any (指控的罪名成立)."""
    found = _UPHELD.search(text, *opinion)
    return Span(*found.span()) if found and not _NOT_UPHELD.search(text, *opinion) else None


def _close(text: str, start: int, limit: int) -> int:
    # 。 inside a list of accused is rare; 一案 after the last charge ends it
    match = _CLOSE.search(text, start, limit)
    return match.start() if match else limit


def _distribute(text: str, area: Span, roster: Roster, result: list[Accusation]) -> bool:
    """Give each charge of a passage to the defendants named before it; whether there was any."""
    found = False
    for who, named, span in _events(text, area, roster):
        found = True
        for index in who or _sole(roster):
            result[index].add(named, span)
    return found


def _events(text: str, area: Span, roster: Roster) -> Iterator[tuple[list[int], tuple[str, ...], Span]]:
    """Of a passage each charge or list of charges, and the defendants named before it."""
    who: list[int] = []
    fresh, strangers = True, False
    for match in _EVENT.finditer(text, *area):
        if match["stranger"]:
            fresh = strangers = bool(who)
            continue
        if match["name"] or match["joint"]:
            strangers = False
            if fresh:
                who, fresh = [], False
            if match["joint"]:
                who = list(roster.everyone)
                continue
            who.extend(roster.called(match["name"]))
            direct = _DIRECT.match(text, match.end(), area.end)
            if direct and direct["count"] and number(direct["count"]) == len(roster):
                who = list(roster.everyone)  # 某某等六人
            named = charges.known(direct["charges"] or direct["bare"] or "") if direct else ()
            end = direct.end() if direct else 0
        else:
            named = charges.split(match["charges"]) if match["charges"] else charges.known(match["bare"].strip("、"))
            end = match.end()
        if named and not strangers:
            fresh = True
            yield who, named, Span(match.start(), end)


def _sole(roster: Roster) -> tuple[int, ...]:
    """Who is meant where nobody is named."""
    return roster.everyone if len(roster) == 1 else ()


_ELSEWHERE = {
    "case.charges": _case_named,
    "form.charges": _labelled,
    "prosecution.charges": _considered,
    "opinion.charges": _answered,
}
