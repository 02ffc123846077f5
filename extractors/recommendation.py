"""The procuratorate's sentencing recommendation (量刑建议) and the court's response to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from panjue.extractors.groups import NAME, Roster
from panjue.extractors.quantities import NUMBER
from panjue.extractors.recommended import KIND, TOGETHER, amend, joined, read_counts, read_recommended
from panjue.extractors.record import Case, Recommendation
from panjue.extractors.response import read_response
from panjue.extractors.sections import Sections, Span
from panjue.extractors.shares import Share, divide, portion
from panjue.extractors.speakers import Sentence

_ASKED = re.compile(
    rf"(?:建议[^。；]{{0,60}}?|(?:提请|请求|提出|意见|量刑|应当?|(?<![提申恳])请)(?:(?!建议|提请)[^。；]){{0,60}}?)(?:(?P<kind>{KIND})|免[予于除]刑事处[罚分]|罚金|{NUMBER}(?:年|个月)以[上下]|量刑幅度|缓刑)|"
    rf"(?:建议(?!量刑[过偏畸])[^。；]{{0,60}}?|提请(?:(?!建议)[^。；]){{0,60}}?){NUMBER}(?:年|个月)?[至到]{NUMBER}(?:年|个月)|"
    rf"(?:公诉机关|检察院|公诉人)[^。；，]{{0,12}}(?:提出|建议|关于)?(?:的)?(?:对|判处|处以|处|在|适用)[^。]{{0,260}}?的(?:量刑|处刑)(?:的)?(?:建议|意见)|"
    rf"(?:公诉机关|检察院|公诉人|检察机关)[^。；，]{{0,4}}(?:提出|关于)[“的]{{0,2}}(?:对|判处|以)(?:(?!辩护|上诉|指控)[^。]){{0,260}}?(?:{KIND}|罚金)(?:(?!辩护|上诉|指控)[^。]){{0,260}}?的(?:建议|意见)|"
    rf"(?:判处|处以|处|在|适用|给予)(?:(?!量刑|建议)[^。；]){{0,60}}?(?:{KIND}|{NUMBER}(?:年|个月)|罚金|缓刑|免[予于])[^。；]{{0,60}}?(?:量刑|处刑|判处|刑罚)(?:的)?(?:建议|意见)"
)
_NAMED = re.compile(
    r"量刑(?<!定罪量刑)(?<!定罪[及和、]量刑)(?:的)?(?:建议|意见)(?!书、|权)|量刑幅度(?:建议|意见)|建议(?:适当|恰当|合理|得当)"
)
# 未提出量刑建议
_NOT_MADE = re.compile("(?:未|不)(?:当庭)?(?:再)?(?:提出|发表|提交|作出|作)(?:具体|明确)?的?$")
# 对甲、乙的量刑建议, 建议对甲判处…，并处…的量刑意见
_NAMED_FOR = re.compile(
    rf"(?:对|关于)(?=[^，。；]{{0,10}}(?:被告|{NAME}))(?:(?!辩护|公诉|检察)[^，。；]){{1,60}}?的量刑(?:建议|意见)|"
    rf"建议对(?:被告人)?{NAME}(?:判处|在|适用|处)[^。；]{{1,60}}?的量刑(?:建议|意见)"
)
# 被告人甲请求从轻处罚的量刑意见, 辩护人…。其提出的量刑意见: a view of the defence
_VIEW = re.compile(
    rf"(?:(?:{NAME}|辩护人)(?:(?!公诉|检察|起诉)[^。；])*(?:请求|要求|希望|提出)(?:(?!公诉|检察|起诉)[^。；])*的量刑意见|辩护人(?:(?!公诉|检察)[^。])*。(?:[^，。；]{{0,2}}其(?:所)?提出的量刑意见|(?:(?!公诉|检察)[^。；])*对?[此该]量刑(?:建议|意见)))$"
)
# 上诉人某某提出，原审法院未采纳量刑建议: his own
_COMPLAINS = re.compile(
    rf"上诉人(?P<who>{NAME})(?:(?!上诉人|公诉机关|检察)[^。])*?(?:提出|辩称|诉称|认为|上诉)(?:(?!上诉人{NAME}[及的、提辩]|检察)[^。])*"
    r"(?:原审|一审|原判)[^。；，]{0,12}(?:未|没有|不)(?:予)?采[纳信][^。；，]{0,12}$"
)
# 被告人甲提出的“…量刑建议过重”
_HIS_OWN = re.compile(rf"{NAME}(?:(?:及其|的)辩护人)?(?:提出|辩称|辩解|所提)(?:(?!{NAME}|公诉人|提请|予以).)*$")
_FOREIGN = re.compile(
    r"(?:辩护人|辩护律师|诉讼代理人|上诉人|司法局|社区)[^。；]{0,30}?(?:建议|请求|提出|要求|意见|恳请|希望)|(?<![偿了给与对向得])被害人[^，。；]{0,20}?(?:建议|请求|提出|要求|意见|恳请|希望)|(?:予以|表示)谅解，(?:并)?(?:建议|请求)|(?:请求|恳请|希望|恳求|望)(?:法庭|法院|合议庭|本院|对其|从轻|二审|人民法院|予以|能)"
)
_OFFICIAL = re.compile("公诉机关|(?<!最高人民)检察院|公诉人|检察机关|检察员|起诉书")
_OFFICIAL_SPEAKS = re.compile("(?:公诉机关|(?<!最高人民)检察院|公诉人|检察机关|检察员)(?!的?(?:指控|起诉|认定))")
_OTHER = re.compile("辩护人|辩护律师|诉讼代理人|辩护意见|辩护理由|司法局|被害人及")
_COMMENTED = re.compile(r"辩护人(?:(?!建议)[^。；]){0,30}对(?:公诉|检察|量刑|指控|起诉|上述)[^。；，]{0,40}$")
# who argues: a list of arguments goes on over sentences that do not say whose they are
_COUNSEL_ARGUES = re.compile("辩护人[^。]{0,60}?(?:提出|认为|辩称|辩护|意见|建议)|辩护(?:意见|观点)")
_OFFICIAL_BEGINS = re.compile(
    r"(?:^|[。；])[^，。；对]{0,24}(?:(?:公诉机关|检察院|公诉人|检察机关|检察员|抗诉机关)(?![的和与]|提起|(?:指控|认定|起诉)[的及])|起诉书(?:指控|认定)(?![的及]))"
)
# the field of a form
_LABEL = re.compile(r"指控罪名[^，。；]{2,40}量刑建议")
_SENTENCE_ASKED = re.compile(rf"判处[^。；]{{0,30}}{NUMBER}(?:年|个月)")
# 提请…: with a length it is a recommendation; the rest of the sentence may name others first
_TERM_ASKED = re.compile(
    rf"(?:判处|处以|量刑)[^。]{{0,60}}?{NUMBER}(?:年|个月)|在(?:有期徒刑|拘役|管制)?{NUMBER}(?:年|个月)?[^，。；]{{0,20}}(?:之间|期间|间|幅度|范围)"
)
# 提出对甲判处…；对乙判处…的量刑建议
_CALLED = re.compile(r"[^。]*的(?:量刑|处刑)(?:的)?(?:建议|意见)")
# he answers the recommendation, or says what he wishes
_REACTION = re.compile(r"(?:量刑)?建议(?:[^，。；]{0,4}异议|不服|过[重高]|偏|畸)")
# 原审法院采纳量刑建议，判处…: what it gave
_TAKEN = re.compile("采[纳信]了?[^，。；]{0,14}$")
_HIMSELF = re.compile(f"(?:{NAME}|被告人|上诉人)(?:均|还|当庭)?$")
_ANSWERED = re.compile(r"[^。；]{0,40}?的(?:辩护|上诉|代理)(?:意见|理由|观点)")
_ADJUSTED = re.compile(r"(?:调整|变更|修改)(?:了)?(?:后)?(?:的)?(?:为|量刑(?:的)?(?:建议|意见)(?:为|是|：)?)")
# one of two recommendations, which one depends on what he will do: the first counts
_ON_CONDITION = re.compile(
    r"(?:如|若|如果|倘若)[^。；]{0,24}(?:退|赔|缴|履行)[^。；]{0,40}建议[^。；]{0,40}(?:否则|不然|如不|若不|如未)"
)
_OTHERWISE = re.compile("(?:否则|不然)，?[^。；，]{0,3}$")
_IF_DONE = r"(?<=[年月刑役金元])，(?:如|若)[^。；，]{0,16}(?:退|赔|缴|履行)[^。；，]{0,16}，则?"
_ALTERNATIVE = re.compile(rf"{_IF_DONE}(?=(?:建议)?(?:对其)?(?:判处|在)?(?:{KIND}|{NUMBER}(?:年|个月)))")
_OF_ALTERNATIVE = re.compile(f"{_IF_DONE}$")
# probation in the next sentence: 如符合社区矫正条件，可适用缓刑
_PROBATION_NEXT = re.compile(
    "(?:并|同时|且)?(?:对其)?(?:(?:如|若)[^。；，]{2,20}，)?可(?:以)?(?:对其)?(?:适用|宣告|判处)缓刑"
)
# it goes on in the next sentence: with another defendant, with what is said of all, with the total
_GOES_ON = re.compile(
    rf"(?:并|同时)?(?:(?:对|判处)(?:原审)?(?:被告人|被告单位)?{NAME}|(?:原审)?被告人{NAME}犯[^，。；]{{2,20}}罪在)"
    rf"(?:(?!本院|辩护|请求|异议|建议|认为|采纳|如下)[^。])*?(?:{KIND}|{NUMBER}(?:年|个月)|罚金)(?:(?!本院|辩护|请求|异议|采纳)[^。])*。|"
    rf"(?:[上前]述|以上)?[二两三四五六七八九十]*(?:名)?(?:被告人)?均(?:可以?|应|并)?(?:对其)?(?:适用缓刑|宣告缓刑|处罚金)。|"
    rf"(?:数罪并罚，?(?:后，?)?)?(?:合并|决定)+执行(?=[^，。；]{{0,6}}(?:{KIND}|{NUMBER}(?:年|个月)))[^。]*。"
)
_ALL = re.compile("均(?=[^，。；]{0,8}(?:缓刑|罚金))|并处?罚金[，。]?$")


class Mention(NamedTuple):
    """A passage that only names a recommendation, and for whom, if it says so."""

    span: Span
    who: tuple[int, ...]


@dataclass(slots=True)
class RecommendationFinding:
    """A recommendation and its passages."""

    recommendation: Recommendation = field(default_factory=Recommendation)
    span: Span | None = None
    response_span: Span | None = None
    support: list[Span] = field(default_factory=list)
    counts: dict[str, Recommendation] = field(default_factory=dict)
    total: bool = False


def read_recommendations(
    text: str, sections: Sections, roster: Roster, case: Case, body: list[Sentence]
) -> list[RecommendationFinding]:
    """One finding for each defendant, in the order of the roster; the last version counts."""
    findings = [RecommendationFinding() for _ in roster.parties]
    if case.prosecution == "private":
        return findings
    mentions: list[Mention] = []
    not_made: Span | None = None
    for sentence in body:
        start, end = sentence.span
        passage = text[start:end]
        if not any(word in passage for word in ("建议", "量刑意见", "请", "提出")):
            continue
        for match in _ASKED.finditer(text, start, end):
            if _answers(text, sentence, match):
                continue
            if _by_prosecution(text, sentence, match) and not _argued(text, sections, sentence, match):
                area = _area(text, match, end)
                if area.end == end and sentence.section != "opinion":
                    area = Span(area.start, _last_of(text, end))
                _read(text, area, sentence, roster, findings)
        named = _NAMED.search(text, start, end)
        if named and (denied := _NOT_MADE.search(text, start, named.start())):
            not_made = Span(denied.start(), named.end())
        elif (
            named
            and not _foreign(text, sentence, named)
            and not _argued(text, sections, sentence, named)
            and not _VIEW.search(text, max(sections.procedure.end, start - 160), named.end())
        ):
            mentions.append(_meant(text, roster, sentence, named))
    _mention(roster, mentions, not_made, findings)
    response = read_response(text, sections.opinion, roster)
    if case.instance in ("second", "retrial") and not response:
        response = read_response(text, Span(sections.procedure.end, sections.opinion.start), roster)
    for index, finding in enumerate(findings):
        if finding.recommendation.content != "none":
            answer = response.get(index)
            finding.recommendation.court_response = answer[0] if answer else "silent"
            finding.response_span = answer[1] if answer else None
    return findings


def _mention(
    roster: Roster, mentions: list[Mention], not_made: Span | None, findings: list[RecommendationFinding]
) -> None:
    """Recommendations of which only the name is read; where others' are given, those of the defendants named."""
    alone = all(finding.recommendation.content == "none" for finding in findings)
    for mention in mentions:
        for index in mention.who or (roster.everyone if alone else ()):
            finding = findings[index]
            if finding.recommendation.content in ("none", "mentioned"):
                finding.recommendation.content, finding.span = "mentioned", mention.span
    if alone and not mentions:
        for finding in findings:  # none stays none, and the text says so
            finding.span = not_made


def _meant(text: str, roster: Roster, sentence: Sentence, named: re.Match[str]) -> Mention:
    """A recommendation mentioned, and for whom where it is said."""
    who: set[int] = set()
    span = Span(*named.span())
    for match in _NAMED_FOR.finditer(text, max(0, named.start() - 80), named.end()):
        who |= {*roster.mentioned(match.start(), named.start())}
        span = Span(*match.span())
    complaint = _COMPLAINS.search(text, sentence.span.start, named.start())
    if complaint and not who:
        return Mention(span, (roster.of(complaint["who"]),))
    if not who and (sentence.speaker == "defendant" or _HIS_OWN.search(text, sentence.span.start, named.start())):
        who.update(roster.mentioned(sentence.span.start, named.start()) or sentence.who)
    return Mention(span, tuple(sorted(who)))


def _answers(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether this is the second of two branches, of which the first counts, or what is said to the recommendation."""
    start = sentence.span.start
    otherwise = _OTHERWISE.search(text, max(start, match.start() - 6), match.start())
    return bool(
        otherwise
        or _OF_ALTERNATIVE.search(text, start, match.start())
        or _REACTION.match(text, match.start())
        or (match.group().startswith("建议，") and _TAKEN.search(text, start, match.start()))
    )


def _read(text: str, area: Span, sentence: Sentence, roster: Roster, findings: list[RecommendationFinding]) -> None:
    """Read the penalties of ``area`` into the findings of the defendants they are for."""
    meant = _spoken_of(text, area, sentence, roster)
    shares = divide(text, area, roster, meant) if len(roster) > 1 else []
    if not shares:
        shares = [Share(meant, area)]
    joint = _of_all(text, area, roster)
    lead = text[_clause(text, area, sentence) : area.start]
    seen: list[int] = []
    for who, span in shares:
        words = re.sub(NAME, lambda name: "_" * len(name.group()), text[span.start : span.end])
        for number, index in enumerate(who):
            own = portion(words, number, len(who))
            content = _of_counts(findings[index], own, lead if span.start == area.start else "")
            condition = _ON_CONDITION.search(text, max(sentence.span.start, span.start - 40), sentence.span.end)
            alternative = span.end == area.end and _ALTERNATIVE.match(text, area.end)
            if content is not None and (alternative or (condition and condition.start() < span.end)):
                content.form = "conditional"
            if content is not None and (content.penalty != "fine_only" or "单处" in own or index not in seen):
                _take(findings[index], content, span)
                seen.append(index)
            elif index in seen:
                amend(findings[index].recommendation, own)
                findings[index].support.append(span)
    probation = _PROBATION_NEXT.match(text, area.end) if area.end == sentence.span.end else None
    if probation:
        for index in seen:
            amend(findings[index].recommendation, probation.group())
            findings[index].support.append(Span(*probation.span()))
    if joint:
        for index in seen:
            amend(findings[index].recommendation, text[joint.start() : area.end])


def _of_all(text: str, area: Span, roster: Roster) -> re.Match[str] | None:
    """What is said of all at the end; not what a clause of its own says of those it names."""
    joint = _ALL.search(text, *area)
    if joint is None or not joint.group().startswith("均"):
        return None if "；" in text[slice(*area)] else joint  # the last clause is about the last of them
    clause = max(text.rfind(mark, area.start, joint.start()) for mark in "，；。") + 1
    return None if roster.mentioned(clause, joint.start()) else joint


def _of_counts(finding: RecommendationFinding, words: str, lead: str) -> Recommendation | None:
    """What ``words`` recommend, with the counts of other charges read before; a total stands for all of them."""
    content = read_recommended(words)
    if content is None:
        return None
    if TOGETHER.search(words) or "并罚" in lead:
        finding.total = True
        return content
    counts = read_counts(words, lead)
    if finding.total and counts.keys() <= finding.counts.keys() and counts:
        return None
    finding.counts |= counts
    return (joined(list(finding.counts.values())) if counts else None) or content


def _by_prosecution(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    if _ANSWERED.match(text, match.end()):
        return False
    if match.group().startswith("请求") and _HIMSELF.search(text, sentence.span.start, match.start()):
        return False
    if sentence.speaker != "counsel":
        asks = match.group().startswith("请") and sentence.section in ("procedure", "prosecution")
        if asks and _SENTENCE_ASKED.search(text, match.start(), match.end() + 12):
            return True
        if match.group().startswith("提请") and _TERM_ASKED.search(text, match.start(), sentence.span.end):
            return True
    spoken = _OFFICIAL_SPEAKS.search(text, max(sentence.span.start, match.start() - 6), match.start())
    if match.group().startswith("提出") and spoken and _TERM_ASKED.search(text, match.start(), match.end() + 30):
        return True
    if match.group().startswith("提出") and _CALLED.search(text, match.end(), sentence.span.end):
        return not _foreign(text, sentence, match)
    if re.match(r"应|请|提请|提出|意见|量刑|请求|在|处|判处|适用|给予", match.group()) and not re.search(
        r"建议|量刑(?:的)?意见",
        match.group()
        + re.split("。|；(?:并)?建议|，(?:公诉|检察)机关的?量刑", text[match.end() : match.end() + 60], maxsplit=1)[0],
    ):
        return False
    if re.search(r"建议适用[^，。；]{0,12}程序$", match.group()):
        return False
    return not _foreign(text, sentence, match)


def _argued(text: str, sections: Sections, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a proposal that does not say whose it is stands among the arguments of counsel."""
    if sentence.section not in ("defence", "findings") or _LABEL.search(text, sentence.span.start, match.end()):
        return False
    counsel = _last(_COUNSEL_ARGUES, text, sections.procedure.end, match.start())
    official = _last(_OFFICIAL_BEGINS, text, sections.procedure.end, match.start())
    return counsel > max(official, _last(_OFFICIAL_SPEAKS, text, sentence.span.start, match.start()))


def _foreign(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether counsel, the defendant or another speaks: what they propose is no recommendation."""
    start = sentence.span.start
    if _LABEL.search(text, start, match.end()):
        return False
    reach = text[start : match.end()] + re.split("[、及和与以。]", text[match.end() : match.end() + 8])[0]
    arguing = sentence.speaker in ("counsel", "other")
    official = _last(_OFFICIAL_SPEAKS if arguing else _OFFICIAL, reach)
    other = _last(_OTHER, reach)
    if other >= 0 and other > official:
        return not _COMMENTED.search(text[start : match.start()]) or not text.startswith(
            ("量刑", "建议"), match.start()
        )
    if official >= 0:
        return False
    if _FOREIGN.search(text[max(start, match.start() - 30) : match.end()]) and sentence.section != "opinion":
        return True
    return arguing


def _last(pattern: re.Pattern[str], words: str, start: int = 0, end: int | None = None) -> int:
    return max(
        (match.start() for match in pattern.finditer(words, start, len(words) if end is None else end)), default=-1
    )


def _area(text: str, match: re.Match[str], end: int) -> Span:
    """How far the recommendation goes: the sentence, but not the reaction to it; of two versions the last."""
    stop = re.compile(
        r"(?<!调整)(?<!变更)(?<!修改)(?<!调整后)的?量刑(?:的)?(?:建议|意见)|”?的(?:建议|意见)|，?(?:否则|不然)|(?:，|。)(?:被告人|其)[^，。]{0,20}(?:无异议|没有异议|表示|签署|签字)"
    ).search(text, match.start() + 6, end)
    area = Span(match.start(), stop.start() if stop else end)
    alternative = _ALTERNATIVE.search(text, match.start(), area.end)
    if alternative:
        area = Span(area.start, alternative.start())
    for adjusted in _ADJUSTED.finditer(text, *area):
        area = Span(adjusted.end(), area.end)
    return area


def _last_of(text: str, end: int) -> int:
    """Where the last of the sentences ends in which the recommendation goes on after ``end``."""
    while further := _GOES_ON.match(text, end):
        end = further.end()
    return end


_CLAUSE_ENDS = ("；", "的量刑建议，")


def _clause(text: str, area: Span, sentence: Sentence) -> int:
    """Where the clause begins that leads to ``area``."""
    return max(sentence.span.start, *(text.rfind(mark, sentence.span.start, area.start) for mark in _CLAUSE_ENDS))


def _spoken_of(text: str, area: Span, sentence: Sentence, roster: Roster) -> tuple[int, ...]:
    """The defendants meant by a recommendation that names none: those its clause or its sentence speaks of."""
    clause = _clause(text, area, sentence)
    return roster.mentioned(clause, area.start) or roster.spoken_of(sentence.span.start, area.start) or sentence.who


def _take(finding: RecommendationFinding, content: Recommendation, clause: Span) -> None:
    """Keep the latest version that says more than nothing; a vaguer repetition does not replace it."""
    finding.support.append(clause)
    old = finding.recommendation
    if old.content == "given":
        if content.form == "type_only" and old.form != "type_only":
            return
        if content.penalty == "fine_only" and old.penalty != "fine_only":
            return
        same = (content.min_months, content.max_months) == (old.min_months, old.max_months)
        if same and content.fine in ("none", None) and old.fine not in ("none", None):
            return
    finding.recommendation, finding.span = content, clause
