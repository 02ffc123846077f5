"""Plea leniency (认罪认罚): status, stage, recognizance (具结书), and who stood by at the signing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors.groups import Roster
from panjue.extractors.quantities import DATE, date
from panjue.extractors.record import Case, CounselAtSigning, Plea
from panjue.extractors.sections import Sections, Span
from panjue.extractors.speakers import Sentence

_WORDS = re.compile(
    r"认罪认罚|认罪、认罚|认罪和认罚|认罪并认罚|自愿认罪，?(?:并)?(?:自愿)?(?:认罚|接受处罚)|认罪服法认罚"
)
_PROPOSED = re.compile(
    r"(?:建议|申请|提请|同意|告知|提示)[^，。；]{0,10}(?:适用)?(?:认罪认罚)[^，。；]{0,8}(?:程序|速裁|简易)|告知[^，。；]{0,30}认罪认罚|认罪认罚[^，。；]{0,12}(?:权利|规定)(?:义务)?告知"
)
_REFUSED = re.compile(
    r"(?:不|未|拒绝|拒不|不再|不能|没有|不予|不宜|并非|非|无法)(?:愿意?|自愿|能|予|宜|符合|再)?(?:适用|构成|具有|签署|属于)?[^，。；]{0,4}认罪认罚|失去[^。；]{0,6}认罪认罚|认罪认罚[^，。；]{0,12}(?:不成立|不符合|不能成立|不予(?:采纳|认定|采信))"
)
_SIGNED = re.compile(
    r"签[字署名][^。；]{0,24}?具结|具结书?[^。；]{0,6}(?:上)?签[字署名]|签(?:署|订|字|名|具)(?:了)?(?:《|“)?(?:认罪认罚)?具结书|具结书[、，等》”]|(?:提交|出具|书写|出示)(?:了)?[^。；]{0,6}具结书|具结悔过(?=，并|且|、认|并)|认罪认罚具结书|(?:自愿)?具结(?:认罪|认罚)|签具结书|签了[^。；]{0,6}具结"
)
_WITHDRAWN = re.compile(
    r"(?:撤销|撤回|反悔|推翻)[^。；]{0,12}(?:具结|认罪认罚)|认罪认罚[^。；]{0,14}(?:反悔|撤回|撤销)|不再(?:认罪认罚|适用认罪认罚)|失去[^。；]{0,8}认罪认罚|具结书[^。；]{0,16}(?:撤回|撤销|失效|反悔)"
)
_STATUTORY = re.compile(r"承认指控的(?:主要)?犯罪事实[^。；]{0,20}愿意接受处罚")
_ARTICLES = re.compile(r"刑事诉讼法》?(?:》)?[^《]{0,60}?(?:第十五条|第二百零一条|第二百二十二条)")
_ADMITTED = re.compile(
    r"自愿认罪|当庭认罪|认罪态度|认罪悔罪|悔罪|如实供述|如实交代|如实交待|坦白|供认不讳|无异议|没有异议|不持异议|无意见|认罪服法|(?<!不)(?<!否)(?:承认|供认)|均?认罪(?!认罚)|自首|投案|表示认罪|有悔改|异议不大|不表异议"
)
_DENIAL = re.compile(
    r"(?:不认罪|拒不认罪|否认(?:指控|犯罪|公诉|起诉书|自己)|无罪(?!过)|不构成(?:犯罪|[\u4e00-\u9fff、]{2,14}罪)|没有(?:实施|参与|抢|偷|盗窃|贩卖|杀|打|诈骗|伤害|强奸|犯罪|殴打)[^。；，]{0,16}|未(?:实施|参与)[^。；，]{0,12}|属?(?:于|系|是)?正当防卫|不是(?:我|他|其)(?:干|做|偷|打)的|拒不供认|均予以否认|没有犯罪|不承认)"
)
_CONCEDES = re.compile(
    r"(?:罪名|定性)[^。；，]{0,12}(?:无|没有|未提出|不持|均无)异议|认罪悔罪|自愿认罪|当庭认罪|表示认罪|愿意认罪"
)
_COURT_ADMITS = re.compile(
    r"(?:自愿|当庭|能够?|均|庭审中|庭审|开庭)?(?:[^，。；]{0,6})(?<!不)认罪(?:认罚|悔罪|态度(?:较|尚)?好|服法)?"
)
_REPORTED = re.compile(r"辩护人|辩称|辩解|提出|意见|上诉理由|关于|所提")
_ADOPTED = re.compile(r"(?:辩护|辩解|意见)[^。；]{0,60}?(?:予以|应予|可予|均予|予)?(?:全部)?(?:采纳|支持|采信|采用)")
_PARTLY = re.compile(r"(?:部分|相关|其他|其它|合理|有关|其余|不予|不能|不)[^。；，]{0,10}(?:采纳|采信|支持|意见)")

_INVESTIGATION = re.compile(r"(?:侦查(?=、审查起诉)|(?:侦查|公安)(?:阶段|期间|机关|环节|过程))")
_REVIEW = re.compile(
    r"审查起诉(?:阶段|期间|过程|环节|时|中)?|(?:检察|公诉)(?:机关|环节|阶段)|检察院|本院审查起诉|移送审查起诉|起诉阶段|(?<!人民法院)审查(?:阶段|期间)"
)
_TRIAL = re.compile(
    r"当庭|庭审|开庭|法庭|审理(?:期间|过程|阶段|中)|审判阶段|诉讼中|本院审理|庭前|法院(?:审理)?阶段|本院签|在本院"
)
_SECOND = re.compile(r"(?:二审|上诉(?:期间|阶段)|本院审理(?:期间|过程中|中))")
_HELPED = re.compile(
    r"(?<!放弃)(?<!拒绝)(?<!不需要)值班律师[^。]{0,24}(?:提供|帮助|在场|见证)|(?:在|由|经)[^。，]{0,8}值班律师"
)
_DUTY = re.compile(
    r"值班律师(?P<name>(?!在场|见证|到场|为|的)[\u4e00-\u9fff]{2,3}(?=在场|的见证|见证|到场|的在场|为其|的法律))?"
)


@dataclass(slots=True)
class PleaFinding:
    """A plea, the passages behind it, and the counsel at its signing."""

    plea: Plea = field(default_factory=Plea)
    status_span: Span | None = None
    rule: str = ""
    stage_span: Span | None = None
    signed_span: Span | None = None
    support: list[Span] = field(default_factory=list)
    counsel_at_signing: CounselAtSigning = "not_stated"
    signing_span: Span | None = None
    duty_lawyer: tuple[str | None, Span] | None = None
    signals: list[tuple[str, Span, Sentence]] = field(default_factory=list)


def read_pleas(text: str, sections: Sections, roster: Roster, case: Case, body: list[Sentence]) -> list[PleaFinding]:
    """One finding for each defendant, in the order of the roster."""
    findings = [PleaFinding() for _ in roster.parties]
    for sentence in body:
        start, end = sentence.span
        for kind, span in _signals(text, sentence):
            who = roster.mentioned(_clause(text, start, span.start), span.end) or sentence.who or roster.everyone
            for index in who:
                findings[index].signals.append((kind, span, sentence))
        helped = _HELPED.search(text, start, end)
        for index in sentence.who if helped else ():
            place = Span(*helped.span()) if helped else Span(start, end)
            findings[index].duty_lawyer = findings[index].duty_lawyer or (None, place)
    cited = _ARTICLES.search(
        text, max(sections.opinion.start, sections.disposition.start - 600), sections.disposition.start
    )
    complete = sections.disposition.end > sections.disposition.start
    for finding in findings:
        _settle(text, finding, complete, cited if len(roster) == 1 or _all_plead(findings) else None, sections)
        finding.support = _support(finding)
        if finding.plea.status in ("applied", "claimed_only", "retracted"):
            _stage(text, finding, case)
        _signing(text, finding)
    return findings


def _clause(text: str, start: int, position: int) -> int:
    """Where the words about the defendants before ``position`` begin: the sentence, or its last 被告人."""
    last = max(text.rfind("；", start, position), text.rfind("辩护人", start, position) - 40)
    return max(start, last)


def _signals(text: str, sentence: Sentence) -> list[tuple[str, Span]]:
    start, end = sentence.span
    found: list[tuple[str, Span]] = []
    refused = [m.span() for m in _REFUSED.finditer(text, start, end)]
    proposed = [m.span() for m in _PROPOSED.finditer(text, start, end)]
    found.extend(("withdrawn", Span(*match.span())) for match in _WITHDRAWN.finditer(text, start, end))
    for match in _SIGNED.finditer(text, start, end):
        if "责令" not in text[max(start, match.start() - 4) : match.start()] and not re.search(
            "未|没有|拒绝|不愿", text[max(start, match.start() - 3) : match.start()]
        ):
            found.append(("signed", Span(*match.span())))
    for match in _WORDS.finditer(text, start, end):
        if any(a <= match.start() < b for a, b in refused):
            found.append(("refused", Span(*match.span())))
        elif not any(a <= match.start() < b for a, b in proposed) and text[match.end() : match.end() + 3] != "具结书":
            found.append(("words", Span(*match.span())))
    found.extend(("words", Span(*match.span())) for match in _STATUTORY.finditer(text, start, end))
    if sentence.speaker in ("defendant", "counsel") and sentence.section in ("defence", "prosecution", "findings"):
        own = _DENIAL.search(text, start, end)
        if own and _personally(text, start, own.start(), sentence):
            found.append(("denied", Span(*own.span())))
        concedes = _CONCEDES.search(text, start, end)
        if concedes and "辩护人" not in text[start : concedes.start()]:
            found.append(("own_admits", Span(*concedes.span())))
    if sentence.speaker != "counsel":
        found.extend(("admitted", Span(*match.span())) for match in _ADMITTED.finditer(text, start, end))
    if sentence.section == "opinion":
        credited = _COURT_ADMITS.search(text, start, end)
        if credited and not _REPORTED.search(text, start, credited.start()):
            found.append(("court_admits", Span(*credited.span())))
    return found


def _personally(text: str, start: int, position: int, sentence: Sentence) -> bool:
    """The denial is the defendant's own, not only counsel's."""
    before = text[start:position]
    last_counsel = before.rfind("辩护人")
    last_own = max(before.rfind("被告人"), before.rfind("上诉人"))
    if re.search(
        "(?:被告人|上诉人)?[^，。]{1,6}(?:及|和|与)其?(?:指定)?辩护人[^。]{0,12}(?:上诉|提出|辩称|均|认为)", before
    ):
        return True
    return (last_own >= 0 and (last_counsel < 0 or "均" in before[last_counsel:])) or (
        sentence.speaker == "defendant" and last_counsel < 0
    )


def _all_plead(findings: list[PleaFinding]) -> bool:
    return all(any(kind in ("words", "signed") for kind, _, _ in finding.signals) for finding in findings)


def _settle(text: str, finding: PleaFinding, complete: bool, cited: re.Match[str] | None, sections: Sections) -> None:
    plea, signals = finding.plea, finding.signals
    first: dict[str, tuple[Span, Sentence]] = {}
    for kind, span, sentence in signals:
        first.setdefault(kind, (span, sentence))
    strong = [
        (k, sp, s) for k, sp, s in signals if k in ("words", "signed") and not (k == "words" and s.speaker == "counsel")
    ]
    counsel_only = [(k, sp, s) for k, sp, s in signals if k == "words" and s.speaker == "counsel"]
    court_says = any(s.section == "opinion" for _, _, s in strong)
    if "signed" in first:
        plea.recognizance, finding.signed_span = "signed", first["signed"][0]
    if "withdrawn" in first and (strong or "signed" in first):
        plea.status, finding.status_span, finding.rule = "retracted", first["withdrawn"][0], "plea.withdrawn"
        plea.recognizance = "withdrawn" if "signed" in first else plea.recognizance
        return
    if (
        "denied" in first
        and "own_admits" not in first
        and "court_admits" not in first
        and not court_says
        and "signed" not in first
    ):
        plea.status, finding.status_span, finding.rule = "denied", first["denied"][0], "plea.denial"
        return
    if strong:
        own = all(s.speaker == "defendant" for _, _, s in strong)
        best = next(((sp, s) for k, sp, s in strong if s.section == "opinion"), (strong[0][1], strong[0][2]))
        if "signed" in first:
            best = first["signed"] if not court_says else best
        plea.status = "claimed_only" if own and not complete and "signed" not in first else "applied"
        finding.status_span, finding.rule = best[0], "plea.signed" if "signed" in first else "plea.words"
        return
    if "refused" in first and "admitted" not in first:
        plea.status, finding.status_span, finding.rule = "denied", first["refused"][0], "plea.refused"
        return
    if counsel_only:
        answer = _ADOPTED.search(text, *sections.opinion)
        adopted = answer is not None and not _PARTLY.search(answer.group())
        plea.status = "applied" if adopted else "claimed_only"
        finding.status_span, finding.rule = counsel_only[0][1], "plea.counsel"
        return
    if cited:
        plea.status, finding.status_span, finding.rule = "applied", Span(*cited.span()), "plea.articles"
        return
    if "admitted" in first:
        courts = [sp for k, sp, s in signals if k == "admitted" and s.section == "opinion"]
        plea.status, finding.status_span, finding.rule = (
            "plea_only",
            courts[0] if courts else first["admitted"][0],
            "plea.admitted",
        )
    elif "court_admits" in first:
        plea.status, finding.status_span, finding.rule = "plea_only", first["court_admits"][0], "plea.admitted"


_SUPPORT = {
    "applied": ("words", "signed"),
    "claimed_only": ("words",),
    "plea_only": ("admitted", "court_admits"),
    "denied": ("denied", "refused"),
    "retracted": ("withdrawn", "words", "signed"),
}


def _support(finding: PleaFinding) -> list[Span]:
    """Every passage that says what the status says, besides the one it was read from."""
    kinds = _SUPPORT.get(finding.plea.status, ())
    return [span for kind, span, _ in finding.signals if kind in kinds and span != finding.status_span]


def _stage(text: str, finding: PleaFinding, case: Case) -> None:
    plea = finding.plea
    plea.stage, plea.stage_basis = "unknown", "none"
    stages: list[tuple[int, str, Span]] = []
    signed = plea.recognizance in ("signed", "withdrawn")
    for kind, span, sentence in finding.signals:
        if kind not in ("words", "signed"):
            continue
        start = sentence.span.start
        clause = text[max(start, _comma(text, start, span.start, 3)) : span.end]
        near = text[max(start, _comma(text, start, span.start, 2)) : span.end]
        if (
            _INVESTIGATION.search(near)
            and re.search(r"(?:侦查|公安)[^。；]{0,24}认罪认罚", near)
            and "如实供述" not in near
        ):
            stages.append((0, "investigation", span))
        elif (
            kind == "signed"
            and _REVIEW.search(clause)
            and not re.search(r"对(?:公诉机关|检察|起诉书)[^。]*(?:异议|意见)[^。]*$", clause)
        ) or (kind == "words" and re.search(r"审查起诉(?:阶段|期间|过程|环节|时)", near)):
            stages.append((1, "review_for_prosecution", span))
        elif kind == "words" and case.instance == "second" and _SECOND.search(near):
            stages.append((3, "trial_second", span))
        elif kind == "words" and _TRIAL.search(near) and not signed:
            stages.append((2, "trial_first", span))
    if stages:
        order, stage, finding.stage_span = min(stages)
        if order <= 1 or not signed:
            plea.stage, plea.stage_basis = stage, "explicit"  # type: ignore[assignment]
            return
    if signed:
        for kind, span, sentence in finding.signals:
            if kind != "signed":
                continue
            days = list(re.compile(DATE).finditer(text, max(sentence.span.start, span.start - 60), span.start))
            day = date(days[-1].group()) if days else None
            if day and case.indictment_date:
                plea.stage = "review_for_prosecution" if day <= case.indictment_date else "trial_first"
                plea.stage_basis, finding.stage_span = "dated", Span(*days[-1].span())
                return
        plea.stage, plea.stage_basis, finding.stage_span = (
            "review_for_prosecution",
            "inferred_signing",
            finding.signed_span,
        )


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
    passages = [(kind, span, sentence) for kind, span, sentence in finding.signals if kind in ("signed", "words")]
    for _, span, sentence in passages:
        start, end = max(sentence.span.start, span.start - 120), min(sentence.span.end, span.end + 120)
        duty = _DUTY.search(text, start, end)
        if duty:
            place = Span(*duty.span())
            finding.counsel_at_signing, finding.signing_span = "duty_lawyer", place
            finding.duty_lawyer = (duty["name"], place)
            return
    for kind, span, sentence in passages:
        if kind != "signed":
            continue
        start, end = max(sentence.span.start, span.start - 60), min(sentence.span.end, span.end + 40)
        for pattern, value in _PRESENT:
            match = pattern.search(text, start, end)
            if match:
                finding.counsel_at_signing, finding.signing_span = value, Span(*match.span())
                return


_PRESENT: tuple[tuple[re.Pattern[str], CounselAtSigning], ...] = (
    (
        re.compile(r"(?:没有|无|未有|拒绝|放弃|不需要)(?:值班|辩护)?律师(?:的)?(?:在场|见证|参与|帮助|法律帮助)"),
        "none_stated",
    ),
    (re.compile(r"辩护(?:人|律师)[^，。；]{0,12}(?:在场|见证|陪同|到场|帮助)"), "defender"),
    (re.compile(r"律师[^，。；]{0,10}(?:在场|见证|陪同|到场|帮助|法律援助)"), "lawyer_unspecified"),
)
