"""Read a disposition (判决主文): one walk over its words, defendant by defendant, charge by charge.

The same walk reads the operative part of this document and the earlier disposition that an appeal quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors import charges
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.quantities import DATE, MONEY, TERM, Term, date, number, term, yuan
from panjue.extractors.record import Confiscation, Penalty
from panjue.extractors.sections import Span

_PENALTY: dict[str, Penalty] = {
    "有期徒刑": "imprisonment",
    "徒刑": "imprisonment",
    "拘役": "detention",
    "管制": "surveillance",
}
_SEVERITY = ("none", "surveillance", "detention", "imprisonment", "life", "death_reprieve", "death")


@dataclass(slots=True)
class Punishment:
    """Penalties that stand together: for one charge, or combined."""

    charge: str | None = None
    penalty: Penalty = "none"
    term: Term | None = None
    fine: int | float | None = None
    probation: Term | None = None
    confiscation: Confiscation = "none"
    rights: int | str | None = None
    exempt: bool = False


@dataclass(slots=True)
class Verdict:
    """What a disposition says of one defendant."""

    counts: list[Punishment] = field(default_factory=list)
    combined: Punishment | None = None
    acquitted: Span | None = None
    not_responsible: Span | None = None
    start: str | None = None
    end: str | None = None
    spans: list[Span] = field(default_factory=list)
    charge_spans: list[Span] = field(default_factory=list)
    date_span: Span | None = None

    @property
    def said(self) -> bool:
        """Whether the disposition decides anything about the defendant's guilt or penalty."""
        return bool(self.counts or self.combined or self.acquitted or self.not_responsible)


def severity(penalty: Penalty) -> int:
    """The order of the principal penalties, from none to death."""
    return _SEVERITY.index(penalty)


_WORDS = re.compile(
    rf"(?P<revoke>撤销)|(?P<item>(?:(?<=^)|(?<=[。；，：）”、]))(?:（?[一二三四五六七八九十]{{1,3}}）?[、.]|[0-9]{{1,2}}、))|(?P<clause>[；。])|"
    rf"(?P<execute>(?:决定|裁定|应|合并)(?:对[^，。；]{{1,12}})?(?:数罪并罚，?)?(?:对其)?(?:，)?(?:合并)?(?:应)?执行|并罚执行|合并(?:判处|处罚)|决定(?:合并)?判处|总和刑期[^，。；]{{0,20}}，?)|"
    rf"(?P<prior>(?:与|连同)(?:其)?前[^。；]{{0,90}}?(?:数罪并罚|并罚|合并|决定执行)|(?:与|连同|和|加上|合并)?(?:原判(?!决认定)|前罪|前判|原犯|其前|尚未执行|未执行|没有执行|余刑|残刑|原审判处|已判处)[^。；]{{0,60}}?(?:数罪并罚|并罚|合并|决定执行))|"
    rf"(?P<namejoint>(?:上述)?(?:以上)?[二两三四五六七八九]?(?:各)?(?:原审)?(?:被告人|上诉人)(?=均|各|分别|共同犯))|"
    rf"(?P<name>{NAME})|"
    rf"(?P<by>以(?P<bycharge>[\u4e00-\u9fff、“”]{{2,40}}罪))|"
    rf"(?<!共同)(?P<convict>犯(?:有|了)?{charges.CHARGES}(?=[，。；：（、]|分别|判处|处|免|单处|均|各|事实|的|一案|，|$|科|并处|拘役|有期|未遂|罪|（))|"
    rf"(?P<acquit>(?:宣告)?(?<!认为)(?<!作)无罪(?!的|辩|意见))|(?P<notresp>不负刑事责任)|(?P<exempt>免[予于除](?:其)?刑事(?:处罚|处分)|免[予于除]处罚|免刑)|"
    rf"(?P<reprieve>死刑，?缓期[二两2]年执行|死刑，?缓期执行|死刑缓期)|(?P<death>死刑)|(?P<life>无期徒刑)|"
    rf"(?P<kind>有期限?徒刑|徒刑|拘役|管制)(?:刑期)?(?:各)?(?P<length>{TERM})?|"
    rf"(?P<probation>缓刑(?!考验|部分|的))(?:考验期)?(?:各)?(?P<plength>{TERM})?|"
    rf"(?P<fine>(?:罚金|罚款(?=人民币|[0-9一二三四五六七八九十]))(?:共计)?(?:各)?(?:计)?(?:金额)?(?:为)?(?:共)?(?:人民币|￥|现金)?(?:各)?)(?P<amount>{MONEY})(?!余)|"
    rf"(?P<all>没收(?:其)?(?:个人)?(?:的)?(?:全部|所有)(?:个人)?财产)|(?P<part>没收(?:其)?(?:个人)?(?:部分)?财产(?:人民币)?(?P<pamount>{MONEY})?)|"
    rf"(?P<rights>剥夺(?:其)?政治权利)(?:(?P<rlife>终身)|(?P<rterm>{TERM}))?|"
    rf"(?P<dates>(?P<from>{DATE})[^。；自]{{0,6}}?(?:起)?[^。；自0-9一二]{{0,6}}?(?:至|到|止)，?(?P<to>{DATE}))"
)


def walk(text: str, area: Span, roster: Roster) -> list[Verdict]:
    """The verdict on each defendant that the words of ``area`` give, in the order of the roster."""
    verdicts = [Verdict() for _ in roster.parties]
    who: list[int] = list(roster.everyone) if len(roster) == 1 else []
    pending: tuple[list[str], Span] | None = None
    current: list[Punishment] = []
    skipping = None
    last_name_end = -1
    for match in _WORDS.finditer(text, *area):
        kind = match.lastgroup or ""
        kind = _outer(match)
        span = Span(*match.span())
        if skipping:
            if kind == "clause" or kind == "item" or (skipping == "prior" and kind == "execute"):
                skipping = None
            if kind != "execute":
                continue
        if kind == "revoke":
            skipping = "revoke"
        elif kind == "clause" or kind == "item":
            last_name_end = -1
        elif kind == "name":
            index = roster.of(match["name"])
            if last_name_end >= 0 and text[last_name_end : match.start()].strip("、和及，") in (
                "",
                "被告人",
                "上诉人",
                "原审被告人",
                "上诉人（原审被告人）",
                "被告单位",
            ):
                if index not in who:
                    who.append(index)
            elif not (len(who) == 1 and who[0] == index):
                who = [index]
                current = []
            elif current and pending is None and _restated(text, match.start()):
                current = []
            last_name_end = match.end()
            if pending:
                current = _convict(verdicts, who, pending, current if len(who) > 1 else [])
        elif kind == "namejoint":
            who = list(roster.everyone)
            current = []
        elif kind == "by":
            pending = (list(charges.split(match["bycharge"])), span)
            named = text[max(area.start, match.start() - 20) : match.start()]
            names = re.findall(NAME, named)
            if names and who and re.search(rf"(?:对|将|被告人|上诉人)[^，。；]*{names[-1]}[^，。；]{{0,6}}$", named):
                current = _convict(verdicts, who, pending, [])
                pending = None
        elif kind == "convict":
            pending = None
            current = _convict(verdicts, who, (list(charges.split(match["charges"])), span), [])
        elif kind == "acquit":
            for index in who:
                verdicts[index].acquitted = span
        elif kind == "notresp":
            for index in who:
                verdicts[index].not_responsible = span
        elif kind == "prior":
            if match.group().endswith("决定执行"):
                current = _combine(verdicts, who)
            else:
                skipping = None
        elif kind == "execute":
            if not match.group().startswith("总和") and any(verdicts[i].counts for i in who):
                current = _combine(verdicts, who)
        elif kind == "dates":
            start, end = date(match["from"]), date(match["to"])
            before = text[max(area.start, match.start() - 40) : match.start()]
            if start and end and "考验" not in before and "剥夺" not in before:
                for index in who:
                    if verdicts[index].end is None:
                        verdicts[index].start, verdicts[index].end, verdicts[index].date_span = start, end, span
        else:
            if pending and who and kind in {"kind", "life", "death", "reprieve", "fine", "exempt"}:
                current = _convict(verdicts, who, pending, [])
                pending = None
            _punish(match, kind, current, text)
            if current:
                for index in who:
                    verdicts[index].spans.append(span)
    return verdicts


_OUTER = [
    "revoke",
    "item",
    "clause",
    "execute",
    "prior",
    "namejoint",
    "name",
    "by",
    "convict",
    "acquit",
    "notresp",
    "exempt",
    "reprieve",
    "death",
    "life",
    "kind",
    "probation",
    "fine",
    "all",
    "part",
    "rights",
    "dates",
]


def _outer(match: re.Match[str]) -> str:
    return next(name for name in _OUTER if match[name] is not None)


def _restated(text: str, position: int) -> bool:
    """Whether the name opens a new statement about the same defendant rather than going on."""
    return text[position - 1] in "、；。：" or text[max(0, position - 3) : position] in ("被告人", "上诉人")


def _convict(
    verdicts: list[Verdict], who: list[int], pending: tuple[list[str], Span], keep: list[Punishment]
) -> list[Punishment]:
    names, span = pending
    current = list(keep)
    for index in who:
        verdict = verdicts[index]
        for name in names:
            known = next((c for c in verdict.counts if c.charge == name), None)
            if known is None:
                known = Punishment(charge=name)
                verdict.counts.append(known)
            elif known.penalty != "none" or known.fine is not None:
                # the same charge again with a penalty of its own: a corrected or repeated statement
                fresh = Punishment(charge=name)
                verdict.counts[verdict.counts.index(known)] = fresh
                known = fresh
            current.append(known)
        verdict.charge_spans.append(span)
        verdict.spans.append(span)
    return current


def _combine(verdicts: list[Verdict], who: list[int]) -> list[Punishment]:
    current = []
    for index in who:
        verdicts[index].combined = Punishment()
        current.append(verdicts[index].combined)
    return [punishment for punishment in current if punishment is not None]


def _punish(match: re.Match[str], kind: str, current: list[Punishment], text: str) -> None:
    for punishment in current:
        if kind == "kind":
            length = term(match["length"]) if match["length"] else None
            if length is None:
                length = _repaired(text, match.end())
            penalty = _PENALTY["有期徒刑" if "徒刑" in match["kind"] else match["kind"]]
            if length is None and punishment.penalty != "none":
                continue
            if (
                punishment.penalty == "none"
                or severity(penalty) > severity(punishment.penalty)
                or punishment.term is None
            ):
                punishment.penalty, punishment.term = penalty, length
        elif kind in {"life", "death", "reprieve"}:
            found: Penalty = {"life": "life", "death": "death", "reprieve": "death_reprieve"}[kind]  # type: ignore[assignment]
            if severity(found) > severity(punishment.penalty):
                punishment.penalty, punishment.term = found, None
        elif kind == "probation":
            length = term(match["plength"]) if match["plength"] else None
            if length is not None and punishment.probation is None:
                punishment.probation = length
        elif kind == "fine":
            amount = yuan(match["amount"])
            if amount is not None and punishment.fine is None:
                punishment.fine = amount
        elif kind == "all":
            punishment.confiscation = "all"
        elif kind == "part":
            if punishment.confiscation == "none":
                punishment.confiscation = "part"
        elif kind == "rights":
            if match["rlife"]:
                punishment.rights = "life"
            elif match["rterm"] and punishment.rights is None:
                length = term(match["rterm"])
                punishment.rights = length.months if length else None
        elif kind == "exempt":
            punishment.exempt = True


_SLIP = re.compile(r"(?:刑期)?(?P<n>[一二三四五六七八九十]+)个(?=[，。；（、])")


def _repaired(text: str, position: int) -> Term | None:
    """有期徒刑六个 lacks its 月; nothing else can be meant."""
    match = _SLIP.match(text, position)
    months = number(match["n"]) if match else None
    return Term(months) if months else None
