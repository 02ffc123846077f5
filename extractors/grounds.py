"""Why a sentence is not what its counts and dates alone say: custody, an earlier sentence; and whether it could be suspended.

Custody and earlier sentences are looked for only where the figures disagree. What is found becomes evidence of the value
that it explains, so that the checks need no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from panjue.extractors.checks.dates import beyond
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.parties import Party
from panjue.extractors.record import Sentence
from panjue.extractors.sections import Sections, Span
from panjue.extractors.sentence import Finding


class Grounds(NamedTuple):
    """Passages that explain one sentence, where there are any.

    Attributes:
        custody: custody credited or interrupted, which moves the end of the term (CL 41, 44, 47).
        earlier: an earlier sentence, combined with this one (CL 70, 71, 77).
        recidivist: the court's finding that the defendant is a recidivist (CL 65), who cannot be put on probation.
    """

    custody: Span | None = None
    earlier: Span | None = None
    recidivist: Span | None = None


#: how far before the dates their bracket can begin, and how far behind them it can say what was credited
_BEFORE, _BEHIND = 300, 80
#: how far from the words of a sentence an earlier one is revoked or taken in
_REVOKED_BEFORE, _REVOKED_BEHIND = 160, 60
#: the longest part of the header that is about one party
_PARTY = 600
_DAYS = "[0-9一二三四五六七八九十百零]{1,6}(?:个月|[日天月])"
# the rule every judgment repeats comes first, so that it is passed over: 先行羁押的，羁押一日折抵刑期一日
_CUSTODY = re.compile(
    r"羁押的?[，、]?(?:先行)?每?(?:羁押)?[一1][日天](?:可以?|应)?，?折抵[^，。；]{0,8}?[一二12][日天]|"
    rf"(?P<told>扣除|扣减|抵扣|抵减|冲抵|折抵|羁押了?的?(?:时间|期间|期限)?(?:共计?)?{_DAYS}|(?:{_DAYS}|[0-9日])先行羁押|顺延|取保候审|监视居住|留置)"
)
_INTERRUPTED = re.compile(
    r"取保候审|监视居住|(?<!刑满)(?<!减刑)(?<!假释)(?<!期满)释放|行政拘留|变更强制措施|留置|脱逃|强制隔离戒毒|拘传"
)
#: where earlier convictions end and this case begins
_SUSPECTED = re.compile("涉嫌|因本案")
_EARLIER = re.compile(
    r"撤[销消][^。；]{0,160}?缓刑|缓刑[^。；]{0,40}?撤[销消]|撤销[^。；]{0,60}?假释|前罪|前判|前刑|前犯|原犯|余刑|残刑|余罪|漏罪|曾因?犯[^，。；]{2,30}罪|(?:剩余|残余)[^，。；]{0,4}刑|(?:尚未|没有|未)执行|"
    r"(?:原判(?!决?认定)|(?:与|连同|和)[^。；]{0,60}?(?:判处|判决|判刑|所判))[^。；]{0,120}?(?:并罚|合并|执行)"
)
#: 被告人 and a name that is no party's, since those are masked, found guilty
_STRANGER = re.compile(
    r"(?:被告人|被告单位)(?:（[^）]{1,12}）)?(?![\ue000-\uefff]|[均等各在因又所一犯构的之有自曾系]|共同|分别)[^，。；：、（）“”]{1,12}?犯[^，。；]{2,30}罪"
)
_RECIDIVIST = re.compile(r"(?<!不)(?<!是否)(?:系|属于?|是|构成|为)(?:毒品再犯、)?累犯(?!的?(?:意见|辩|指控|不))")
_NAME = re.compile(NAME)


def read_grounds(
    text: str, sections: Sections, roster: Roster, parties: Sequence[Party], findings: Sequence[Finding]
) -> list[Grounds]:
    """The grounds of each sentence, in the order of the roster; ``text`` is masked."""
    recidivists = _recidivists(text, sections, roster)
    starts = sorted(party.span.start for party in parties)
    found = []
    for index, (party, finding) in enumerate(zip(parties, findings, strict=True)):
        custody = earlier = None
        moved = bool(beyond(finding.sentence))
        if moved:
            following = next((start for start in starts if start > party.span.start), sections.header.end)
            custody = _custody(text, sections, finding) or _interrupted(text, party, following)
        if finding.spans and (moved or _counts_differ(finding.sentence)):
            first = min(span.start for span in finding.spans) - _REVOKED_BEFORE
            last = max(span.end for span in finding.spans) + _REVOKED_BEHIND
            earlier = _span(_EARLIER.search(text, max(0, first), last))
        found.append(Grounds(custody, earlier, recidivists.get(index)))
    return found


def find_stranger(text: str, sections: Sections) -> Span | None:
    """Where the disposition convicts somebody who is none of the parties; ``text`` is masked."""
    return _span(_STRANGER.search(text, *sections.disposition))


def _counts_differ(sentence: Sentence) -> bool:
    """Whether the sentence is more than, or other than, what its counts make; or deprives of rights for an odd time."""
    rights = sentence.political_rights_months
    if isinstance(rights, int) and not 12 <= rights <= 60:
        return True
    fines = sum(count.fine or 0 for count in sentence.counts)
    terms = [(count.months or 0) * 30 + count.days for count in sentence.counts if count.penalty == sentence.penalty]
    term = (sentence.months or 0) * 30 + sentence.days
    if len(sentence.counts) == 1:
        return not terms or term != terms[0] or (sentence.fine or 0) != fines
    return term > sum(terms) or (sentence.fine or 0) != fines


def _custody(text: str, sections: Sections, finding: Finding) -> Span | None:
    """What the bracket of the dates says of custody beyond the rule."""
    printed = finding.date_span
    if printed is None:
        return None
    start = max([printed.start - _BEFORE, *(span.end for span in finding.spans if span.end <= printed.start)])
    stop = min(printed.end + _BEHIND, sections.disposition.end)
    return next((Span(*m.span()) for m in _CUSTODY.finditer(text, start, stop) if m["told"]), None)


def _interrupted(text: str, party: Party, following: int) -> Span | None:
    """A time at large, or another detention, in what the defendant's part of the header says of custody in this case."""
    start, end = party.span.start, min(following, party.span.start + _PARTY)
    suspected = _SUSPECTED.search(text, start, end)
    return _span(_INTERRUPTED.search(text, suspected.start() if suspected else start, end))


def _recidivists(text: str, sections: Sections, roster: Roster) -> dict[int, Span]:
    found: dict[int, Span] = {}
    for match in _RECIDIVIST.finditer(text, *sections.opinion):
        before = text.rfind("。", sections.opinion.start, match.start()) + 1 or sections.opinion.start
        named = [m.group() for m in _NAME.finditer(text, max(before, match.start() - 100), match.start())]
        index = roster.of(named[-1]) if named else 0 if len(roster) == 1 else None
        if index is not None:
            found.setdefault(index, Span(*match.span()))
    return found


def _span(match: re.Match[str] | None) -> Span | None:
    return Span(*match.span()) if match else None
