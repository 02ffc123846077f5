"""Plea leniency (认罪认罚): status, stage, recognizance (具结书), and who stood by at the signing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from panjue.extractors import denial
from panjue.extractors.charges import known, same
from panjue.extractors.groups import Roster
from panjue.extractors.pleading import Kind, Passage, names_one_charge, read_passages
from panjue.extractors.quantities import DATE, date
from panjue.extractors.record import Case, CounselAtSigning, Plea, PleaStatus
from panjue.extractors.sections import Sections, Span
from panjue.extractors.speakers import Sentence

_ARTICLES = re.compile(
    r"刑事诉讼法》?(?:》)?[^《]{0,60}?(?:第十五条(?!第?（?[一二三四五六]）?项)|第二百零一条|第二百二十二条)"
)
_ADOPTED = re.compile(r"(?:辩护|辩解|意见)[^。；]{0,60}?(?:予以|应予|可予|均予|予)?(?:全部)?(?:采纳|支持|采信|采用)")
_WHOLE = re.compile(
    r"(?:上述|以上|前述|该|全部|辩护人|其)的?(?:辩护|辩解)?意见|辩护人[^，。；]{0,12}?(?:所提|提出|发表)的?(?:辩护|辩解)意见"
)
_PARTLY = re.compile(r"(?:部分|相关|其他|其它|合理|有关|其余|不予|不能|不)[^。；，]{0,10}(?:采纳|采信|支持|意见)")

_INVESTIGATION = re.compile(
    r"(?:侦查(?:阶段|期间|机关|环节|过程)?|(?<=[在于向])公安机关)(?:(?!如实供述|如实交代|出具|制作|提供|证明|说明|报告|笔录|决定书|通知书)[^。；]){0,24}认罪、?认罚|侦查、审查起诉[^。；]{0,30}认罪、?认罚"
)
# in the hands of the procuratorate; that it submits the paper to the court, or recommends a sentence, says nothing of where
_REVIEW = re.compile(
    r"审查起诉(?:阶段|期间|过程|环节|时|中)?|(?:检察|公诉)(?:环节|阶段)|(?:[在于向与到]|提审)[^，。；对]{0,16}?(?:检察机关|公诉机关|检察院|公诉人)(?!的?量刑)|起诉阶段|(?<!人民法院)审查(?:阶段|期间)"
)
_INDICTED = re.compile("提起公诉|受理|立案")
_TRIAL = re.compile(
    r"当庭|庭审|开庭|法庭|审理(?:期间|过程|阶段|中)|审判阶段|诉讼中|本院审理|庭前|法院(?:审理)?阶段|本院签|在本院"
)
# 在本院审理期间签署了具结书; 开庭审理过程中无异议且签字具结 tells of a paper signed before (codebook 10.3)
_SIGNED_AT_TRIAL = re.compile(
    "(?:本院|法院|在)(?:开庭)?(?:审理|庭审|审判)(?:期间|阶段|过程中|中)，?[^，。；]{0,12}签[署订]了?(?:《|“)?(?:认罪认罚)?(?:从宽)?具结书?$"
)
# the whole sentence tells what happened there
_AT_TRIAL = re.compile("在?(?:本院)?(?:庭审|开庭审理|法庭审理|审理)(?:过程)?中，")
_SECOND = re.compile(r"(?:二审|上诉(?:期间|阶段)|本院审理(?:期间|过程中|中))")
_HELPED = re.compile(
    r"(?<!放弃)(?<!拒绝)(?<!不需要)值班律师[^。]{0,24}(?:提供|帮助|在场|见证)|(?:在|由|经)[^。，]{0,8}值班律师"
)
_WAIVED = re.compile("(?:放弃|拒绝|不需要|没有|无)[^，。]{0,2}$")
_DUTY = re.compile(
    r"值班律师(?P<name>(?!在场|见证|到场|为|的)[\u4e00-\u9fff]{2,3}(?=在场|的见证|见证|到场|的在场|为其|的法律))?"
)


_WITNESS = re.compile("律师(?P<name>[\u4e00-\u9fff]{2,3}?)(?:的)?(?:在场|见证)")
_NAMED = re.compile("(?:构成|成立|没有犯|认定为)(.+罪)$")


@dataclass(slots=True)
class PleaFinding:
    """A plea, the passages behind it, and the counsel at its signing.

    ``rule`` names what decided the status, with ``_contested`` where other passages speak for another status.
    """

    plea: Plea = field(default_factory=Plea)
    status_span: Span | None = None
    rule: str = ""
    stage_span: Span | None = None
    signed_span: Span | None = None
    support: list[Span] = field(default_factory=list)
    counsel_at_signing: CounselAtSigning = "not_stated"
    signing_span: Span | None = None
    duty_lawyer: tuple[str | None, Span] | None = None
    #: a lawyer of no stated kind who stood by at the signing
    witness: tuple[str, Span] | None = None
    passages: list[Passage] = field(default_factory=list)

    def first(self, kind: Kind) -> Passage | None:
        """The first passage of a kind."""
        return next((passage for passage in self.passages if passage.kind == kind), None)

    def decide(self, status: PleaStatus, rule: str, span: Span) -> None:
        """Set the status and what it rests on."""
        self.plea.status, self.rule, self.status_span = status, rule, span


def read_pleas(
    text: str,
    sections: Sections,
    roster: Roster,
    case: Case,
    body: list[Sentence],
    charges: Sequence[Sequence[str]],
    convicted: Sequence[Sequence[str]],
) -> list[PleaFinding]:
    """One finding for each defendant, in the order of the roster; ``charges`` are those brought against each."""
    findings = [PleaFinding() for _ in roster.parties]
    disputing = denial.disputing(tuple(dict.fromkeys(charge for own in charges for charge in own)))
    for sentence in body:
        for passage, who in read_passages(text, sentence, roster, disputing):
            one = names_one_charge(text, passage, disputing)
            for index in who:
                if passage.kind == "denied_charge" and _of_another(
                    text[slice(*passage.span)], [*charges[index], *convicted[index]]
                ):
                    continue
                several = len(charges[index]) > 1
                if passage.kind == "unaware" and several:
                    continue  # of which of them is not told
                of_one = several and (one or _names_one(text[slice(*passage.span)], passage.kind))
                findings[index].passages.append(passage._replace(kind="disputed_one") if of_one else passage)
        helped = _HELPED.search(text, *sentence.span)
        for index in sentence.who if helped else ():
            place = Span(*helped.span()) if helped else sentence.span
            findings[index].duty_lawyer = findings[index].duty_lawyer or (None, place)
    cited = _ARTICLES.search(
        text, max(sections.opinion.start, sections.disposition.start - 600), sections.disposition.start
    )
    complete = sections.disposition.end > sections.disposition.start
    for index, finding in enumerate(findings):
        articles = cited if len(roster) == 1 or _all_plead(findings) or finding.first("leniency") else None
        adopted = _argument_adopted(text, sections.opinion, roster, index)
        _settle(finding, articles, adopted=adopted, complete=complete)
        if _contested(finding):
            finding.rule += "_contested"
        finding.support = _support(finding)
        if finding.plea.status in ("applied", "claimed_only", "retracted"):
            _stage(text, finding, case)
        _signing(text, finding)
        _widen(text, finding)
    return findings


def _of_another(said: str, own: Sequence[str]) -> bool:
    """Whether it is a charge that nobody brings: the court answers that the deed is not the lesser one he names."""
    named = _NAMED.search(said)
    other = known(named[1]) if named and own else ()
    return bool(other) and not any(same(name, charge) for name in other for charge in own)


def _names_one(said: str, kind: Kind) -> bool:
    """Whether he is said not to be guilty of a charge by its name, beside which there may be others."""
    return kind == "denied_charge" and _NAMED.search(said) is not None and not said.endswith("犯罪")


def _all_plead(findings: list[PleaFinding]) -> bool:
    return all(finding.first("leniency") or finding.first("signed") for finding in findings)


def _argument_adopted(text: str, opinion: Span, roster: Roster, index: int) -> bool:
    """Whether the court adopts, without limit, what this defendant's counsel argues (codebook 10.2)."""
    for match in _ADOPTED.finditer(text, *opinion):
        start = max(text.rfind("。", opinion.start, match.start()) + 1, opinion.start)
        named = roster.mentioned(start, match.end())
        counsel = {
            i
            for i in roster.everyone
            for d in roster.parties[i].defenders
            if d.name and d.name in text[start : match.end()]
        }
        if index not in (set(named) or counsel or {index}) or _PARTLY.search(match.group()):
            continue
        if "认罪" in text[start : match.end()] or _WHOLE.search(text, start, match.end()):
            return True
    return False


def _settle(finding: PleaFinding, cited: re.Match[str] | None, *, adopted: bool, complete: bool) -> None:
    """The status, by the order of what is said: taken back, denied, pleaded, refused, argued, cited, admitted."""
    plea, first = finding.plea, finding.first
    pleaded = [p for p in finding.passages if p.kind == "leniency" and p.sentence.speaker != "counsel"]
    argued = next((p for p in finding.passages if p.kind == "leniency" and p.sentence.speaker == "counsel"), None)
    by_court = next((p for p in pleaded if p.sentence.section == "opinion"), None)
    signed, refused = first("signed"), first("refused")
    # the facts granted and another charge named: he disputes the label
    relabels = first("relabelled") and first("granted")
    innocent = first("denied") or (None if relabels else first("denied_charge"))
    # what counsel says of his plea does not outweigh that he himself asks to be found not guilty
    conceded = [
        p for p in finding.passages if p.kind == "conceded" and not (innocent and p.sentence.speaker == "counsel")
    ]
    denied = innocent or _disputed(finding)
    withdrawn = next((p for p in reversed(finding.passages) if p.kind == "withdrawn"), None)
    admitted = [p for p in finding.passages if p.kind in ("admitted", "admitted_part", "conceded", "credited")]
    if signed:
        plea.recognizance, finding.signed_span = "signed", signed.span
    if withdrawn and (pleaded or signed) and not _pleads_again(finding, withdrawn):
        finding.decide("retracted", "plea.withdrawn", withdrawn.span)
        plea.recognizance = "withdrawn" if signed else plea.recognizance
    elif denied and not (conceded or first("credited") or by_court or signed):
        finding.decide("denied", "plea.denial", denied.span)
    elif refused and refused.sentence.section == "opinion" and not by_court and not signed:
        if admitted:
            finding.decide("plea_only", "plea.refused", admitted[0].span)
        else:
            finding.decide("denied", "plea.refused", refused.span)
    elif signed or pleaded:
        alone = not signed and all(p.sentence.speaker == "defendant" for p in pleaded)
        claimed = alone and (not complete or (all(p.on_appeal for p in pleaded) and not adopted))
        best = by_court or signed or pleaded[0]
        rule = "plea.court" if by_court else "plea.signed" if signed else f"plea.{pleaded[0].sentence.speaker}"
        finding.decide("claimed_only" if claimed else "applied", rule, best.span)
    elif refused and not admitted:
        finding.decide("denied", "plea.refused", refused.span)
    elif cited:
        finding.decide("applied", "plea.articles", Span(*cited.span()))
    elif argued:
        finding.decide("applied" if adopted else "claimed_only", "plea.counsel", argued.span)
    elif admitted:
        best = next((p for p in admitted if p.sentence.section == "opinion"), admitted[0])
        finding.decide("plea_only", f"plea.admitted_{best.sentence.section}", best.span)
    elif unaware := first("unaware"):
        finding.decide("denied", "plea.unaware", unaware.span)


def _disputed(finding: PleaFinding) -> Passage | None:
    """A denial of the deed; not of a part, where he grants the rest or the court credits him with a confession."""
    if finding.first("granted"):
        return None
    confessed = any(p.kind == "admitted" and p.sentence.section == "opinion" for p in finding.passages)
    return finding.first("disputed") or (None if confessed else finding.first("disputed_one"))


def _contested(finding: PleaFinding) -> bool:
    """Whether some passages speak for a plea or a confession and others against it."""
    kinds = {passage.kind for passage in finding.passages}
    against = {"denied", "denied_charge", "disputed", "disputed_one", "unaware", "refused", "withdrawn"}
    return bool(kinds & against) and bool(kinds - against)


def _pleads_again(finding: PleaFinding, withdrawn: Passage) -> bool:
    """After others said that he took it back, he himself pleads (二审开庭时其表示认罪认罚)."""
    return withdrawn.sentence.section != "opinion" and any(
        passage.kind == "leniency"
        and passage.span.start > withdrawn.span.end
        and passage.sentence.speaker in ("defendant", "counsel")
        for passage in finding.passages
    )


_SUPPORT: dict[PleaStatus, tuple[Kind, ...]] = {
    "applied": ("leniency", "signed"),
    "claimed_only": ("leniency",),
    "plea_only": ("admitted", "admitted_part", "conceded", "credited"),
    "denied": ("denied", "denied_charge", "disputed", "disputed_one", "unaware", "refused"),
    "retracted": ("withdrawn", "leniency", "signed"),
}


def _support(finding: PleaFinding) -> list[Span]:
    """Every passage that says what the status says, besides the one it was read from."""
    kinds = _SUPPORT.get(finding.plea.status, ())
    return [p.span for p in finding.passages if p.kind in kinds and p.span != finding.status_span]


def _widen(text: str, finding: PleaFinding) -> None:
    """Let the passages of the status be whole clauses, with their subject, and each of them once."""
    if finding.status_span is None:
        return
    denial = finding.plea.status == "denied"
    finding.status_span = _clause(text, finding.status_span, denial=denial)
    wide = dict.fromkeys(_clause(text, span, denial=denial) for span in finding.support)
    finding.support = [span for span in wide if not _inside(span, finding.status_span)]


def _inside(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _clause(text: str, span: Span, *, denial: bool) -> Span:
    """The clause around ``span``; for a denial the whole sentence up to there, which tells who denies what."""
    marks = "。" if denial else "，。；：、"
    start = max(text.rfind(mark, max(0, span.start - 120), span.start) for mark in marks) + 1
    start = start or max(0, span.start - 30)
    ends = [found for mark in "，。；" if (found := text.find(mark, span.end, span.end + 60)) >= 0]
    return Span(start, min(ends, default=span.end))


def _stage(text: str, finding: PleaFinding, case: Case) -> None:
    """The earliest stage that the text names; a signing without one was before the indictment (codebook 4.2)."""
    plea = finding.plea
    plea.stage, plea.stage_basis = "unknown", "none"
    stages: list[tuple[int, str, Span]] = []
    signed = plea.recognizance in ("signed", "withdrawn")
    for kind, span, sentence, _ in finding.passages:
        if kind not in ("leniency", "signed"):
            continue
        start = sentence.span.start
        clause = text[max(start, text.rfind("；", start, span.start), _comma(text, start, span.start, 3)) : span.end]
        near = text[max(start, _comma(text, start, span.start, 2)) : span.end]
        if _INVESTIGATION.search(near):
            stages.append((0, "investigation", span))
        elif (kind == "signed" and _REVIEW.search(clause)) or (
            kind == "leniency" and re.search(r"审查起诉(?:阶段|期间|过程|环节|时)", near)
        ):
            stages.append((1, "review_for_prosecution", span))
        elif kind == "signed" and _SIGNED_AT_TRIAL.search(text, max(start, span.start - 60), span.end):
            plea.stage = "trial_second" if case.instance == "second" else "trial_first"
            plea.stage_basis, finding.stage_span = "explicit", span
            return
        elif kind == "leniency" and case.instance == "second" and _SECOND.search(near):
            stages.append((3, "trial_second", span))
        elif kind == "leniency" and not signed and (_TRIAL.search(near) or _AT_TRIAL.match(text, start)):
            stages.append((2, "trial_first", span))
    if stages:
        order, stage, finding.stage_span = min(stages)
        if order <= 1 or not signed:
            plea.stage, plea.stage_basis = stage, "explicit"  # type: ignore[assignment]
            return
    if signed:
        _stage_of_signing(text, finding, case)


def _stage_of_signing(text: str, finding: PleaFinding, case: Case) -> None:
    plea = finding.plea
    for kind, span, sentence, _ in finding.passages:
        if kind != "signed":
            continue
        days = list(re.compile(DATE).finditer(text, max(sentence.span.start, span.start - 60), span.start))
        if days and _INDICTED.search(text, days[-1].end(), span.start):
            continue
        day = date(days[-1].group()) if days else None
        if day and case.indictment_date:
            plea.stage = "review_for_prosecution" if day <= case.indictment_date else "trial_first"
            plea.stage_basis, finding.stage_span = "dated", Span(*days[-1].span())
            return
    plea.stage, plea.stage_basis, finding.stage_span = "review_for_prosecution", "inferred_signing", finding.signed_span


def _comma(text: str, start: int, position: int, count: int) -> int:
    """The start of the clause ``count`` commas before ``position``."""
    for _ in range(count):
        found = text.rfind("，", start, position)
        if found < 0:
            return start
        position = found
    return position


def _signing(text: str, finding: PleaFinding) -> None:
    """Who stood by: a duty lawyer named in any sentence about the plea comes before a lawyer of no stated kind."""
    passages = [passage for passage in finding.passages if passage.kind in ("signed", "leniency")]
    for _, span, sentence, _ in passages:
        start, end = max(sentence.span.start, span.start - 120), min(sentence.span.end, span.end + 120)
        duty = _DUTY.search(text, start, end)
        if duty and not _WAIVED.search(text, max(start, duty.start() - 6), duty.start()):
            place = Span(*duty.span())
            finding.counsel_at_signing, finding.signing_span = "duty_lawyer", place
            finding.duty_lawyer = (duty["name"], place)
            return
    for kind, span, sentence, _ in passages:
        if kind != "signed":
            continue
        start, end = max(sentence.span.start, span.start - 60), min(sentence.span.end, span.end + 40)
        for pattern, value in _PRESENT:
            match = pattern.search(text, start, end)
            if match:
                finding.counsel_at_signing, finding.signing_span = value, Span(*match.span())
                named = _WITNESS.search(text, start, end) if value == "lawyer_unspecified" else None
                finding.witness = (named["name"], Span(*named.span())) if named else None
                return


_PRESENT: tuple[tuple[re.Pattern[str], CounselAtSigning], ...] = (
    (
        re.compile(r"(?:没有|无|未有|拒绝|放弃|不需要)(?:值班|辩护)?律师(?:的)?(?:在场|见证|参与|帮助|法律帮助)"),
        "none_stated",
    ),
    (re.compile(r"辩护(?:人|律师)[^，。；]{0,12}(?:在场|见证|陪同|到场|帮助)"), "defender"),
    (re.compile(r"律师[^，。；]{0,10}(?:在场|见证|陪同|到场|帮助|法律援助)"), "lawyer_unspecified"),
)
