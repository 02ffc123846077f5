"""Read a disposition (判决主文): one walk over its words, defendant by defendant, charge by charge.

The same walk reads the operative part of this document and the earlier disposition that an appeal quotes.
"""

from __future__ import annotations

import re

from panjue.extractors import charges
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.punishment import Punishment, Verdict, severity
from panjue.extractors.quantities import DATE, MONEY, NUMBER, TERM, Term, date, number, term, yuan
from panjue.extractors.record import Penalty
from panjue.extractors.sections import Span

_PENALTY: dict[str, Penalty] = {
    "有期徒刑": "imprisonment",
    "徒刑": "imprisonment",
    "拘役": "detention",
    "管制": "surveillance",
}
_DAY = rf"(?:{DATE}|[12][0-9]{{3}}年[0-9]{{1,2}}月[0-9]{{1,2}}(?=[起至止]))"
# a day that is none: 二〇一九〇年八月二十九日
_MISPRINT = "(?:[0-9]{1,5}|[〇○零一二三四五六七八九O]{3,5})年[^年，。；（）]{2,8}(?=[止）。])"
# between the first and the last day: 起至, or what was credited (起，先行羁押的八日予以折抵，至)
_UNTIL = (
    "(?:[^。；自]{0,6}?起?(?:，?(?:扣除|折抵|已扣除)[^，。；]{1,30}，)?(?:[^。；自0-9一二]{0,6}?|折抵(?:刑期)?[0-9一二三四五六七八九十]+[日天])(?:至|到|止)，?|"
    f"起(?:，?[^。；自年]{{2,40}}?(?:至|到)|自|(?={_DAY}止)))"
)
_WORDS = re.compile(
    rf"(?P<undone>对[^。；]{{4,160}}?(?:缓刑|假释)[^，。；]{{0,8}}予以撤[销消])|(?P<revoke>撤[销消]|不予?核准)|(?P<restored>改判|(?:(?<=缓刑)|(?<=假释)|(?<=部分)|(?<=宣告))，(?=(?:原审)?(?:被告人|上诉人)?{NAME}犯))|(?P<item>(?:(?<=^)|(?<=[。；，：）”、]))(?:（?[一二三四五六七八九十]{{1,3}}）?[、.]|[0-9]{{1,2}}、))|(?P<clause>[；。])|"
    rf"(?P<execute>(?:决定|裁定|应|合并)(?:对[^，。；]{{1,12}})?(?:数罪并罚，?)?(?:对?其)?(?:，)?(?:合并)?(?:应)?执行|并罚，?执行|合并(?:判处|处罚)|决定(?:合并)?判处|(?<=[，；。])(?:判决)?执行(?=有期|拘役|管制))|"
    r"(?P<total>总[和合](?:刑期|刑|有期徒刑))|"
    rf"(?P<prior>(?:与|连同)(?:其)?(?:前|原|之前|此前|以前|先前|因犯|曾)[^。；]{{0,120}}?(?:(?=合并执行)|(?=并罚，?执行)|并罚|合并|决定执行)|(?:与|连同|和)(?:其|因|被告人)*(?:本院|[^，。；]{{2,30}}法院|（[0-9]{{4}}）)[^。；]{{0,200}}?(?:(?=合并执行)|(?=并罚，?执行)|并罚|合并|决定执行)|(?:与|连同|和|加上|合并)?(?:原判(?!决认定)|前罪|前判|原犯|其前|尚未执行|未执行|没有执行|余刑|残刑|剩余刑|原审判处|已判处)[^。；\ue000-\uf000]{{0,100}}?(?:(?=合并执行)|(?=并罚，?执行)|并罚|合并|决定执行))|"
    # an earlier conviction, told in passing
    r"(?P<former>与(?:其)?(?:前|原(?!审)|之前|此前|以前|先前|因|曾|所犯(?=[^，。；]{2,30}罪(?:被|原)))|(?:曾因?|前|原|之前|此前|先前)(?:所)?犯(?=[^，。；]{2,40}罪))|"
    rf"(?P<namejoint>(?:上述)?(?:以上)?[二两三四五六七八九]?(?:各)?(?:原审)?(?:被告人|上诉人)(?=均|各|分别|共同犯))|"
    rf"(?P<name>{NAME})|"
    # somebody else, whom the header does not know
    r"(?P<stranger>(?:被告人|被告单位|上诉人)(?=[^\ue000-\uf000，。；、：（均各二两三四五六七八九及和犯]{2,12}犯))|"
    rf"(?P<by>以(?:[^，。；、犯]{{2,4}}犯)?(?P<bycharge>[\u4e00-\u9fff、“”]{{2,40}}罪))|"
    rf"(?<!共同)(?P<convict>犯(?:有|了)?{charges.CHARGES}(?=[，。；：（、”]|分别|判处|处|免|单处|均|各|事实|的|一案|，|$|科|并处|拘役|有期|未遂|罪|（))|"
    # a slip: the word 犯 or the ending 罪 is missing, yet the charge is one of the law's
    rf"(?:犯|(?<=[\ue000-\uf000；。]))(?P<slip>(?!原|一审|以(?!危险))(?:(?!犯)[\u4e00-\u9fff、]){{2,24}})(?=，(?:判处|免[予于除]|单处))|"
    rf"(?P<acquit>(?:宣告)?(?<!认为)(?<!作)无罪(?!的|辩|意见))|(?P<notresp>不负刑事责任)|(?P<exempt>免[予于除](?:其)?刑事(?:处罚|处分)|免[予于除]处罚|免刑)|"
    rf"(?P<reprieve>死刑，?缓[期刑][二两2]年执行|死刑，?缓期执行|死刑缓期)|(?P<death>死刑)|(?P<life>无期徒刑)|"
    rf"(?P<kind>有期限?徒刑?|(?<=执行)有(?={NUMBER}年)|有期(?={NUMBER}(?:年|个月))|徒刑|拘役|管制)(?:刑期|刑|年|为)?(?:各)?(?P<length>{TERM})?|"
    # 缓期 is a slip for 缓刑 where no death penalty is suspended
    rf"(?P<probation>缓刑(?:，?(?:缓刑)?考验期限?为?(?={NUMBER}[年个])|(?!考验|部分|的))|缓期(?!{TERM}执行|执行))(?:各)?(?P<plength>{TERM})?|"
    rf"(?P<fine>(?:罚金|罚款(?=人民币|[0-9一二三四五六七八九十])|(?<=并处)罚(?=人民币)|(?<=并处)罚某(?={NUMBER})|(?<=并处)(?=(?:人民币)?{MONEY}(?<=[元圆])))(?:共计)?(?:各)?(?:计)?(?:金额)?(?:为)?(?:共)?(?:人民?币?|（人民币）|￥|现金)?(?:各)?)(?P<amount>{MONEY})(?!余|个月)|"
    rf"(?P<all>没收(?:其)?(?:个人)?(?:的)?(?:全部|所有)(?:个人)?财产)|(?P<part>没收(?:其)?(?:个人)?(?:部分)?财产(?![、和及]?(?:罚金)?(?:限|于本?判决))(?:人民币)?(?P<pamount>{MONEY})?)|"
    rf"(?P<rights>剥夺(?:其)?政治?权利)(?:(?P<rlife>终身)|(?P<rterm>{TERM}))?|"
    rf"(?P<dates>(?P<from>{_DAY}){_UNTIL}(?P<to>{_DAY}|{_MISPRINT}))(?!止?，?共[0-9一二三四五六七八九十百]+[天日]|止?期?间?的?(?:被|先行|先期)*(?:羁押(?!一日)|(?:刑事)?拘留|监外执行|取保候审|监视居住))"
)


def walk(text: str, area: Span, roster: Roster) -> list[Verdict]:
    """The verdict on each defendant that the words of ``area`` give, in the order of the roster."""
    walker = _Walker(text, area, roster)
    for match in _WORDS.finditer(text, *area):
        walker.step(match)
    for verdict in walker.verdicts:
        verdict.counts = _distinct(verdict)
    return walker.verdicts


def _distinct(verdict: Verdict) -> list[Punishment]:
    """One count for each charge; a charge stands twice only where two penalties for it were combined."""
    kept: list[Punishment] = []
    for count in verdict.counts:
        twin = next((i for i, other in enumerate(kept) if other.charge == count.charge), None)
        if twin is None:
            kept.append(count)
        elif count == kept[twin] or (count.penalty == "none" and count.fine is None):
            continue
        elif verdict.combined is None or kept[twin].term is None:
            kept[twin] = count
        else:
            kept.append(count)
    return kept


_EVENTS = (
    *(
        "undone",
        "revoke",
        "restored",
        "total",
        "former",
        "item",
        "clause",
        "slip",
        "execute",
        "prior",
        "namejoint",
        "name",
        "stranger",
        "by",
        "convict",
        "acquit",
        "notresp",
    ),
    *("exempt", "reprieve", "death", "life", "kind", "probation", "fine", "all", "part", "rights", "dates"),
)
_BOUNDS = frozenset(("item", "clause", "restored"))
_PENALTIES = frozenset(("kind", "life", "death", "reprieve", "fine", "exempt"))
_ADDITIONS = frozenset(("probation", "all", "part", "rights"))
#: what is listed in the order of several defendants (判处甲、乙有期徒刑一年、八个月), by event
_LISTED = {
    "kind": ("length", re.compile(rf"(?:、(?:有期徒刑|拘役)?(?:{TERM}))+")),
    "probation": ("plength", re.compile(rf"(?:、(?:缓刑)?(?:{TERM}))+")),
    "fine": ("amount", re.compile(rf"(?:、(?:罚金)?(?:人民币)?(?:{MONEY}))+")),
}


class _Walker:
    """Where the walk stands: of whom the words speak, and which punishments they fill."""

    def __init__(self, text: str, area: Span, roster: Roster) -> None:
        self.verdicts = [Verdict() for _ in roster.parties]
        self._text, self._area, self._roster = text, area, roster
        self._who: list[int] = list(roster.everyone) if len(roster) == 1 else []
        self._current: list[Punishment] = []
        self._pending: tuple[tuple[str, ...], Span] | None = None  # 以…罪, before it is known for whom
        self._for_all: tuple[tuple[str, ...], Span] | None = None  # 以…罪, which may hold for the next names too
        self._revoking = False
        self._revoked_to = -1
        self._changing = False  # 改判甲有期徒刑三年, 判处上诉人甲有期徒刑三年: for the charge that stands
        self._name_end = -1
        self._fresh: list[Punishment] = []  # the counts of the statement being read
        self._turn: dict[int, int] = {}  # of several of one name, by the first: who was found guilty last

    def step(self, match: re.Match[str]) -> None:
        """Take one word of the disposition."""
        event = next(name for name in _EVENTS if match[name] is not None)
        combines = event == "prior" and match.group().endswith("决定执行")
        if match.start() < self._revoked_to and not (combines and match.end() > self._revoked_to):
            return
        if self._revoked_to >= 0:
            self._revoking, self._revoked_to, self._current = False, -1, []
        if self._revoking and event not in ("execute", *_BOUNDS) and not combines:
            return  # what is revoked is the old sentence
        if event in _PENALTIES or event in _ADDITIONS:
            self._penalty(event, match)
        elif event in _BOUNDS:
            self._bound(event)
        elif event in ("total", "former"):
            self._current, self._revoking = [], event == "former"
        elif event in ("name", "namejoint", "stranger"):
            self._speak_of(event, match)
        elif event in ("acquit", "notresp"):
            self._clear(event, Span(*match.span()))
        elif event in ("by", "convict", "slip"):
            self._charge(event, match)
        elif event in ("execute", "prior"):
            self._execute(event, match)
        elif event == "dates":
            self._dates(match)
        elif event == "revoke":
            self._revoking, self._revoked_to = True, _revoked(self._text, match.start(), self._area.end)

    def _bound(self, event: str) -> None:
        self._revoking, self._name_end = False, -1
        self._changing = event == "restored"
        if event == "item":
            self._fresh = []

    def _speak_of(self, event: str, match: re.Match[str]) -> None:
        if event == "name":
            self._name(match)
        elif event == "namejoint":
            self._who, self._current = list(self._roster.everyone), []
        elif len(self._roster) > 1:
            self._who, self._current = [], []

    def _clear(self, event: str, span: Span) -> None:
        for index in self._who:
            if event == "acquit":
                self.verdicts[index].acquitted = span
            else:
                self.verdicts[index].not_responsible = span

    def _charge(self, event: str, match: re.Match[str]) -> None:
        if event == "by":
            self._by(match)
            return
        if _ACCUSED.search(self._text, max(self._area.start, match.start() - 30), match.start()):
            return
        named = charges.split(match["charges"]) if event == "convict" else charges.known(match["slip"])
        if named:
            self._pending = self._for_all = None
            self._convict(named, Span(*match.span()), [])

    def _execute(self, event: str, match: re.Match[str]) -> None:
        if event == "prior" and not match.group().endswith("决定执行"):
            return
        self._revoking = False
        if event == "prior" or any(self.verdicts[i].counts for i in self._who):
            self._combine()

    def _name(self, match: re.Match[str]) -> None:
        index = self._called(match)
        between = self._text[self._name_end : match.start()].strip("、和及，某") if self._name_end >= 0 else None
        if between in ("", "被告人", "上诉人", "原审被告人", "上诉人（原审被告人）", "被告单位"):
            if index not in self._who:
                self._who.append(index)
        elif self._who != [index]:
            self._who, self._current, self._fresh = [index], [], []
        elif self._current and self._pending is None and self._restated(match.start()):
            self._current = []
        self._name_end = match.end()
        sentences = _SENTENCES.search(self._text, max(0, match.start() - 12), match.start())
        if sentences and self._for_all and not self._pending:
            self._pending = self._for_all
        elif sentences:
            self._changing = True
        if self._pending:
            self._convict(*self._pending, self._current if len(self._who) > 1 else [])

    def _called(self, match: re.Match[str]) -> int:
        """Who is named; of several of one name each is found guilty in his turn, in the order of the header."""
        same = self._roster.called(match["name"])
        if self._text.startswith("犯", match.end()):
            self._turn[same[0]] = next((index for index in same if not self.verdicts[index].counts), same[-1])
        return self._turn.get(same[0], same[0])

    def _restated(self, position: int) -> bool:
        """Whether the name opens a new statement about the same defendant rather than going on."""
        before = self._text[max(0, position - 3) : position]
        return before[-1:] in "、；。：" or before in ("被告人", "上诉人")

    def _by(self, match: re.Match[str]) -> None:
        # 以 belongs to some names: 以危险方法危害公共安全罪
        named = charges.known(match.group()) or charges.split(match["bycharge"])
        self._pending = self._for_all = (named, Span(*match.span()))
        before = self._text[max(self._area.start, match.start() - 20) : match.start()]
        if self._who and re.search(rf"(?:对|将|被告人|上诉人)[^，。；]*{NAME}[^，。；]{{0,6}}$", before):
            self._convict(*self._pending, [])
            self._pending = None

    def _convict(self, names: tuple[str, ...], span: Span, keep: list[Punishment]) -> None:
        self._current = list(keep)
        for index in self._who:
            verdict = self.verdicts[index]
            for name in names:
                count = next((count for count in verdict.counts if count.charge == name), None)
                if count is None:
                    count = Punishment(charge=name)
                    verdict.counts.append(count)
                elif count.penalty != "none" or count.fine is not None:
                    # the same charge again with a penalty of its own: another count, or the statement that replaces one
                    again = Punishment(charge=name)
                    if any(count is other for other in self._fresh):
                        verdict.counts.append(again)
                    else:
                        verdict.counts[verdict.counts.index(count)] = again
                    count = again
                self._fresh.append(count)
                self._current.append(count)
            verdict.charge_spans.append(span)
            verdict.spans.append(span)

    def _combine(self) -> None:
        self._current = []
        for index in self._who:
            combined = self.verdicts[index].combined = Punishment()
            self._current.append(combined)

    def _dates(self, match: re.Match[str]) -> None:
        start, end = date(match["from"]), date(match["to"])
        before = self._text[max(self._area.start, match.start() - 40) : match.start()]
        if (
            not start
            or before.endswith(("羁押自", "羁押从"))
            or "考验" in before
            or "剥夺" in _SENTENCE_END.split(before)[-1]
        ):
            return
        for index in self._who:
            verdict = self.verdicts[index]
            # 即自…: after custody that is credited, the term itself
            told = before.endswith(("即自", "即从", "刑期自")) and verdict.date_span
            if verdict.date_span is None or (told and match.start() - told.end < _NEAR):
                verdict.start, verdict.end, verdict.date_span = start, end, Span(*match.span())

    def _listed(self, event: str, match: re.Match[str]) -> list[str]:
        """The amounts of a list with one for each of those spoken of, else nothing."""
        if event not in _LISTED or len(self._current) < 2 or len(self._current) != len(self._who):
            return []
        group, more = _LISTED[event]
        rest = more.match(self._text, match.end())
        amounts = [match[group] or "", *(rest.group()[1:].split("、") if rest else [])]
        return (
            [
                re.sub("[^0-9.，万千百元一二两三四五六七八九十零又半年个月日天壹贰叁肆伍陆柒捌玖拾佰仟]", "", amount)
                for amount in amounts
            ]
            if len(amounts) == len(self._who)
            else []
        )

    def _penalty(self, event: str, match: re.Match[str]) -> None:
        if self._pending and self._who and event in _PENALTIES:
            self._convict(*self._pending, [])
            self._pending = None
        if self._changing and not self._current:
            self._current = [counts[0] for i in self._who if len(counts := self.verdicts[i].counts) == 1]
        listed = self._listed(event, match)
        for place, punishment in enumerate(self._current):
            if listed and event == "kind":
                punishment.penalty, punishment.term = _kind(match), term(listed[place])
            elif listed and event == "fine":
                punishment.fine = yuan(listed[place])
            elif listed:
                punishment.probation = term(listed[place])
            elif event in ("kind", "life", "death", "reprieve"):
                _principal(punishment, event, match, self._text)
            else:
                _additional(punishment, event, match)
        if self._current:
            for index in self._who:
                self.verdicts[index].spans.append(Span(*match.span()))


_ITEM = r"[；。，）”](?:（?[一二三四五六七八九十]{1,3}[）、]|[0-9]{1,2}、)"
# what is quoted calls him 被告人; the new sentence speaks of the appellant or of the 原审被告人
_ANEW = r"[。；）](?=(?:原审被告人|上诉人|改判))"
_REVOKED = re.compile(
    rf"撤销(?:(?!{_ITEM})[^；“”]){{2,400}}?[。，、]即：?“[^”]*”"  # 撤销 … 部分。即“…”
    rf"|撤销(?:(?!{_ITEM})[^。]){{0,400}}?(?:缓刑|假释)的?(?:执行|考验)?(?:部[分份]|宣告)"  # 撤销 … 的缓刑部分
    rf"|撤销[^。；]{{2,100}}?[，、]?即(?:(?!{_ITEM}|{_ANEW}).)*(?:(?={_ITEM})|{_ANEW})"  # 撤销 … 第一项，即 …
    r"|撤销[^。；]{2,100}?[，、]?即[^。；]*。?$"
    r"|撤销[^。；“]{2,80}“[^”]*”"
)


def _revoked(text: str, start: int, end: int) -> int:
    """Where the quotation of what is revoked ends, if its end can be seen: it may run over several clauses."""
    match = _REVOKED.match(text, start, end)
    return match.end() if match else -1


#: code points; how far behind dates in a bracket the term itself may be told
_NEAR = 80
# what he was charged with is no conviction: 指控被告人甲犯乙罪的证据不足
_ACCUSED = re.compile("(?:指控|起诉)[^。；，]*$")
_SENTENCES = re.compile(r"判处(?:原审|被告人|上诉人|被告单位)*$")  # 判处被告人甲
_SENTENCE_END = re.compile(r"[。；（]")
_GRAVEST: dict[str, Penalty] = {"life": "life", "death": "death", "reprieve": "death_reprieve"}


def _kind(match: re.Match[str]) -> Penalty:
    return _PENALTY["有期徒刑" if match["kind"].startswith("有") else match["kind"]]


def _principal(punishment: Punishment, event: str, match: re.Match[str], text: str) -> None:
    if event in _GRAVEST:
        if severity(_GRAVEST[event]) > severity(punishment.penalty):
            punishment.penalty, punishment.term = _GRAVEST[event], None
        return
    length = (term(match["length"]) if match["length"] else None) or _repaired(text, match.end())
    penalty = _kind(match)
    if length is None and punishment.penalty != "none":
        return
    if severity(penalty) > severity(punishment.penalty) or punishment.term is None:
        punishment.penalty, punishment.term = penalty, length


def _additional(punishment: Punishment, event: str, match: re.Match[str]) -> None:
    if event == "probation" and match["plength"]:
        punishment.probation = punishment.probation or term(match["plength"])
    elif event == "fine" and punishment.fine is None:
        punishment.fine = yuan(match["amount"])
    elif event == "all":
        punishment.confiscation = "all"
    elif event == "part" and punishment.confiscation == "none":
        punishment.confiscation = "part"
    elif event == "rights" and match["rlife"]:
        punishment.rights = "life"
    elif event == "rights" and match["rterm"] and punishment.rights is None:
        length = term(match["rterm"])
        punishment.rights = length.months if length else None
    elif event == "exempt":
        punishment.exempt = True


_SLIP = re.compile(r"(?:刑期)?(?P<n>[一二三四五六七八九十]+)个(?=[，。；（、])")


def _repaired(text: str, position: int) -> Term | None:
    """有期徒刑六个 lacks its 月; nothing else can be meant."""
    match = _SLIP.match(text, position)
    months = number(match["n"]) if match else None
    return Term(months) if months else None
