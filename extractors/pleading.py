"""What is said about a defendant's plea: the passages, each with its kind and the defendants it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from panjue.extractors import denial
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.sections import Span
from panjue.extractors.speakers import Sentence
from panjue.extractors.subjects import about, spokesman

Kind = Literal[
    "leniency",
    "signed",
    "withdrawn",
    "refused",
    "denied",
    "denied_charge",
    "relabelled",
    "disputed",
    "disputed_one",
    "unaware",
    "granted",
    "conceded",
    "credited",
    "admitted",
    "admitted_part",
]
"""``leniency``: 认罪认罚 of him; ``signed``: a recognizance (具结书); ``withdrawn``: of either; ``refused``: said not to
apply; ``denied``: he asks for acquittal; ``denied_charge``: he is not guilty of the charge; ``relabelled``: but of
another; ``disputed``: he denies the deed, or the intent; ``disputed_one``: of one charge of several; ``unaware``:
he did not know what made it a crime; ``granted``: he does not object
to the facts charged, or to some of them; ``conceded``: he himself grants the charge; ``credited``: the court calls him
认罪; ``admitted``: confession, surrender, no objection; ``admitted_part``: of some of the facts only."""


class Passage(NamedTuple):
    """Words about a plea in their sentence."""

    kind: Kind
    span: Span
    sentence: Sentence
    #: among the grounds of an appeal, where he claims what the court may or may not find
    on_appeal: bool = False


_LENIENCY = re.compile(
    r"认罪(?:、|和|并|且|服法)?认罚|自愿认罪，?(?:并)?(?:自愿|愿意)?(?:认罚|接受处罚)|(?:承认指控的|如实供述(?:了?(?:自己|其|本人)的?)?)(?:主要)?(?:犯罪事实|罪行)[^。；]{0,20}(?:愿意|自愿)接受处罚"
)
# a procedure is proposed, rights are explained: nobody pleads by that
_PROPOSED = re.compile(
    r"(?:建议|申请|提请|同意|告知|提示)[^，。；]{0,10}(?:适用)?(?:认罪认罚)[^，。；]{0,8}(?:程序|速裁|简易)|告知[^，。；]{0,30}认罪认罚|认罪认罚[^，。；]{0,12}(?:(?:权利|规定)(?:义务)?告知|可能导致|(?:的)?(?:法律)?(?:后果|性质))"
)
_REFUSED = re.compile(
    r"(?:不|未|拒绝|拒不|不再|不能|没有|不予|不宜|并非|非|无法)(?:愿意?|自愿|能|予|宜|符合|再)?(?:适用|构成|具有|签署|属于)?[^，。；]{0,4}认罪认罚|失去[^。；]{0,6}认罪认罚|认罪认罚[^，。；]{0,12}(?:不成立|不符合|不能成立|不予(?:采纳|认定|采信))|以[^，。；]{0,10}认罪认罚为前提[^。；]{0,16}不再"
)
_SIGNED = re.compile(
    r"签[字署名][^。；]{0,24}?具结|具结书?[^。；]{0,6}(?:上)?签[字署名]|签(?:署|订|字|名|具)(?:了)?(?:《|“)?(?:认罪认罚)?具结书|具结书[、，等》”]|(?:提交|出具|书写|出示)(?:了)?[^。；]{0,6}具结书|具结悔过(?=，并|且|、认|并)|(?:认罪认罚|并)具结悔过|认罪认罚具结书|(?:自愿)?具结(?:认罪|认罚)|签具结书|签了[^。；]{0,6}具结"
)
_UNSIGNED = re.compile("责令[^，。；]{0,2}$|(?:未|没有|拒绝|不愿)[予再意在]?$")
_WITHDRAWN = re.compile(
    r"(?:撤销|撤回|反悔|推翻)[^。；]{0,12}(?:具结|认罪认罚)|(?:认罪认罚|具结)[^。；]{0,24}(?:反悔|撤回|撤销)|不再(?:认罪认罚|适用认罪认罚)|失去[^。；]{0,8}认罪认罚|具结书[^。；]{0,16}(?:撤回|撤销|失效|反悔)|具结[^。；]{0,40}(?:翻供|否认)"
)
_ADMITTED = re.compile(
    r"自愿认罪|当庭认罪|认罪态度|(?:能|能够)供述|供述属实|作了供述(?=，(?:依法)?可)|认罪悔罪|悔罪|如实供述|如实交代|如实交待|坦白|供认不讳|无异议|没有异议|不持异议|无意见|没有意见|认罪服法|(?<![不否])(?:承认|供认)|均?认罪(?!认罚|的?供述)|自首(?!和立功)|投案|表示认罪|有悔改|异议不大|不表异议|无辩解|(?:指控|起诉)[^。；，]{0,30}未提出异议"
)
# the same words, and nothing is admitted
_NOT_ADMITTED = re.compile(
    r"(?:不(?!讳)|未|拒绝|缺乏|没有|无|否|并非)[^，。；]{0,10}$|劝(?:其|他|她|我)[^，。；]{0,4}$"  # before
)
_PART = re.compile("(?<=供述)(?:了?(?:自己|其|本人)?的?)部分[^，。；]{0,10}(?:事实|犯罪|罪行)")
_POOR = re.compile(
    r"[^，。；]{0,4}(?:态度|表现)?[^，。；]{0,4}(?:差|不好|恶劣|不佳|不端正|不诚恳|不能认定|不成立|不予认定)|，但[^。；]{0,40}(?:否认|翻供)"
)
_ATTITUDE = re.compile("认罪(?:[、和及]?悔罪)?(?:态度|表现|情况)")
_GOOD = re.compile("[^，。；]{0,6}(?:好|诚恳|端正|积极|主动)")
_OFFICE = re.compile(r"(?:检察院|公诉机关|公诉人|检察员)对[^，。；]*$")
_BY_OFFICE = re.compile(
    '(?:检察院|公诉人|检察员)(?:(?!异议|被告人|上诉人)[^，。；]){0,8}提出[“"](?:(?!提出|辩称|上诉)[^，。；”]){0,20}$'
)
_WEIGHED = re.compile(r"(?:根据|综合|结合|依据|考虑|视|以及|和|、)[^。；]{0,80}$")
# in his statements, as they are listed among the evidence; the list goes on in further sentences
_LISTED = re.compile(
    r"(?:被告人|上诉人|[\ue000-\uefff]\uf000*)[^。，；]{0,6}的?(?:多次)?供述[^。]{0,40}$|(?<![^。；])(?:(?:同时|此外)?，?(?:还|又|并|亦|也))?[^，。；]{0,2}$"
)
# a statement among the evidence: 被告人甲供述，…
_STATED = re.compile(rf"{NAME}的?供述[，：]")
_SPEAKS = re.compile(
    r"辩称|辩解|提出|认为|上诉(?:称|理由|提出)?|申诉|申辩|自辩|表示|当庭称|称[，：:]|否认|不服|供称|以[“\"]?[^。]{0,3}$"
)
_APPEALS = re.compile(
    r"(?:上诉人|被告人|申诉人|[\ue000-\uefff]\uf000*)[^。，]{0,10}(?:不服|上诉称|申诉称|的行为(?:是|系))|(?:上诉|申诉)(?:称|理由|提出)|以[^。]{2,80}为由，?(?:提出|向本院提出)?上诉"
)
_GROUNDS = re.compile("上诉(?:理由|提出|称|请求)|申诉(?:理由|提出|称)")
_REPORTS = re.compile(
    rf"(?:被告人|上诉人|申诉人)[^，。；]{{0,24}}(?:辩称|辩解|自辩|否认|提出)|"
    rf"{NAME}(?:[及和与]其(?:指定)?辩护人)?(?:(?!辩护)[^，。；]){{0,12}}?(?:辩称|辩解|自辩|(?:提出|认为|所提|称)(?=“?(?:其|我|自己|本人|系|属|不)))|{NAME}及其辩护人[^，。；]{{0,4}}(?:要求|请求)"
)
_CONCEDED = re.compile(
    r"(?:罪名|定性|构成[^。；，]{2,14}罪)[^。；，]{0,12}(?:无|没有|未提出|不持|均无)异议|认罪悔罪|自愿认罪|当庭认罪|表示认罪|愿意认罪|[其我][也亦]?认罪|异议，?并认罪"
)
# the court tells it of the hearing: 在开庭审理过程中亦无异议，自愿认罪
_PLEADED = re.compile(
    "(?<=在开庭审理过程中亦无异议，)自愿认罪|(?<=在庭审中亦无异议，)自愿认罪|(?<=在开庭审理过程中)自愿认罪"
)
_HIS_OWN = ("denied", "denied_charge", "relabelled", "disputed", "unaware", "granted", "conceded")
# 对指控的第一起事实无异议 too: what he then denies is the rest
_NO_OBJECTION = re.compile(
    r"(?:对[^。；]{0,40}?(?:指控|起诉|罪|事实)(?:(?!有异议|有意见|，对(?!指控|起诉|其[他它余]|第))[^。；]){0,50}?|其[他它余](?:(?!证|鉴|笔录|量刑)[^。；，]){0,16}?)"
    r"(?:(?:无|没有|未提出?|不持|均无|不表)[^，。；]{0,6}(?:异议|意见|辩解)|(?<!均不予)供认(?:不讳|属实|在案)|(?<!不)予以(?:承认|供认)|异议不大)|"
    r"对[^。；，]{0,30}(?:指控|起诉)[^。；，]{0,12}(?<!不)承认|(?<=[，；：、])认罪态度(?:较|尚)?好|(?<=[。，；：])(?:我|其)构成[^，。；]{2,16}罪(?=[，。；])"
)
# the court has answered what was argued, and goes on
_ANSWER = re.compile("(?:采纳|采信|支持|成立)；")
# counsel says so, and the court agrees
_FOUND_TRUE = re.compile("[^。；]{0,50}?(?:意见|理由)，?(?:(?!不)[^。；]){0,16}?(?:属实|采纳|成立|采信|相符)")
_CREDITED = re.compile(r"认罪(?!的?供述)(?:认罚|悔罪|态度(?:较|尚)?好|服法)?")
_TESTIMONY = re.compile("证言|证人|证实|证明")
# another charge is granted: he disputes the label
_LABEL = re.compile(
    r"[^。；]{0,24}?(?:应(?:当)?(?:系|为|是|定|构成|认定|属|以)|而(?:是|应|构成)|[只仅，]构成|属于|涉嫌)[^。；，]{0,16}罪(?!名)"
)
_CHARGE = re.compile("(?<!犯)罪(?!名|行)")
_RELABELS = re.compile(
    r"(?:(?<!不)应(?:当)?(?:构成|定|定性为|认定为?|属|以|系|为)|[只仅]构成|，(?:而)?构成|而是)[^。；，不]{2,16}(?<!犯)罪(?!名|责|行|处)"
)
_GRANTED = re.compile(r"[只仅]构成[^。；，]{2,16}罪")
# …，被告人乙未参与: another, of whom he speaks
_OF_ANOTHER = re.compile(rf"，被告人{NAME}$")
_NEGATED = re.compile("(?:不|非|不能认定|不构成|不属)[^，。]{0,3}$")
# with what counsel says; what follows is his own
_AGREES = re.compile("(?<!不)同意(?:其他|其|上述)?(?:被告人|上诉人)?(?:及其)?[^，。；]{0,4}辩护人的?[^，。；]{0,6}意见")
# he does not call himself 被告人: 综上，被告人甲无罪
_CONCLUDES = re.compile(rf"^综上，?(?:所述，?)?被告人{NAME}(?:的行为)?$")
_COUNSEL = re.compile("(?<!自行)(?<!自我)辩护(?!称)")
# what the court finds of what he says
_ANSWERED = re.compile("经查|经审理|查明|本院认为")
_RECANTS = re.compile(
    "(?:庭审|当庭|法庭)(?:(?!部分)[^，。；]){0,8}翻供(?![称述词])|(?:庭审|当庭|法庭)(?:(?!部分)[^。；]){0,24}对(?:(?!部分|细节)[^，。；]){0,16}事实(?:又|均|全部|也|都)*(?:予以)?否认|(?:庭审|当庭|法庭)(?:(?!部分|不)[^。；]){0,12}推翻了?(?:其|原|之前|此前|以前|先前)[^，。；]{0,12}供|(?:庭审|当庭|法庭|审理|复核阶段)(?:(?!部分)[^，。；]){0,6}否认了?(?!部分|此次|其主观)[^，。；]{0,14}事实"
)
_STUBBORN = re.compile(
    "不认罪|不自愿认罪|不供认，但足以认定|拒不供[认述]|(?<!对此)不予供[认述]|(?:否认|拒不承认)(?:犯罪|主要犯罪)事实|否认(?!部分)[^，。；外尚]{0,24}主要犯罪事实|零口供"
)
_REJECTED = re.compile("不予采纳|不能成立|不予支持|不予采信|不成立")
_REPORTED = re.compile(r"辩护人|辩称|辩解|提出|意见|上诉理由|关于|所提")


def read_passages(
    text: str, sentence: Sentence, roster: Roster, disputing: re.Pattern[str]
) -> Iterator[tuple[Passage, tuple[int, ...]]]:
    """The passages of one sentence and the defendants each is about; ``disputing`` denies what they are charged with."""
    for kind, span in _said(text, sentence, disputing):
        who = spokesman(text, sentence, span, roster) if kind in _HIS_OWN else ()
        yield _passage(text, kind, span, sentence), who or about(text, sentence, span, roster)


def _passage(text: str, kind: Kind, span: Span, sentence: Sentence) -> Passage:
    """With who speaks there: in a sentence that the defendant begins, counsel may go on."""
    start = sentence.span.start
    if kind != "leniency" or sentence.speaker != "defendant":
        return Passage(kind, span, sentence)
    if not _personally(text, start, span.start, sentence):
        return Passage(kind, span, sentence._replace(speaker="counsel"))
    return Passage(kind, span, sentence, on_appeal=_GROUNDS.search(text, start, span.start) is not None)


def names_one_charge(text: str, passage: Passage, disputing: re.Pattern[str]) -> bool:
    """Whether what he disputes is the conduct of one charge, beside which there may be others."""
    match = passage.kind == "disputed" and disputing.match(text, passage.span.start)
    return bool(match and (match["conduct"] or _CHARGE.search(match.group())))


def _said(text: str, sentence: Sentence, disputing: re.Pattern[str]) -> Iterator[tuple[Kind, Span]]:
    start, end = sentence.span
    passage = text[start:end]
    signed, pleads = "具结" in passage, "认罚" in passage or "接受处罚" in passage
    if signed or pleads:
        for match in _WITHDRAWN.finditer(text, start, end):
            yield "withdrawn", Span(*match.span())
    if signed:
        for match in _SIGNED.finditer(text, start, end):
            if not _UNSIGNED.search(text, max(start, match.start() - 6), match.start()):
                yield "signed", Span(*match.span())
    if pleads:
        yield from _pleads(text, start, end)
    yield from _denials(text, sentence, disputing)
    if sentence.speaker != "counsel":
        for match in _ADMITTED.finditer(text, start, end):
            if _admits(text, sentence, match):
                yield "admitted_part" if _PART.match(text, match.end()) else "admitted", Span(*match.span())
    if sentence.section == "opinion":
        for match in _CREDITED.finditer(text, start, end):
            answered = max((end.end() for end in _ANSWER.finditer(text, start, match.start())), default=start)
            reported = _REPORTED.search(text, answered, match.start())
            if _admits(text, sentence, match) and (not reported or _FOUND_TRUE.match(text, match.end())):
                yield "credited", Span(*match.span())


def _pleads(text: str, start: int, end: int) -> Iterator[tuple[Kind, Span]]:
    refused = [match.span() for match in _REFUSED.finditer(text, start, end)]
    proposed = [match.span() for match in _PROPOSED.finditer(text, start, end)]
    for match in _LENIENCY.finditer(text, start, end):
        if _within(match, refused):
            yield "refused", Span(*match.span())
        elif not _within(match, proposed) and not text.startswith("具结书", match.end()):
            yield "leniency", Span(*match.span())


def _denials(text: str, sentence: Sentence, disputing: re.Pattern[str]) -> Iterator[tuple[Kind, Span]]:
    start, end = sentence.span
    spoken = sentence.section in ("defence", "prosecution", "findings") and sentence.speaker in ("defendant", "counsel")
    heard = spoken or _APPEALS.search(text, start, end) or _REPORTS.search(text, start, end)
    if heard:
        yield from _own(text, sentence, disputing)
    elif sentence.section in ("prosecution", "findings") and sentence.speaker == "court":
        for match in _PLEADED.finditer(text, start, end):
            yield "conceded", Span(*match.span())
    if sentence.speaker != "counsel" and (not heard or sentence.section == "opinion"):
        kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (("denied", _STUBBORN), ("disputed", _RECANTS))
        for kind, pattern in kinds:
            told = pattern.search(text, start, end)
            if told and not _TESTIMONY.search(text, start, told.start()):
                yield kind, Span(*told.span())


def _own(text: str, sentence: Sentence, disputing: re.Pattern[str]) -> Iterator[tuple[Kind, Span]]:
    """What he himself says, as far as it can be told from counsel's words."""
    start, end = sentence.span
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("denied", denial.INNOCENT),
        ("disputed", disputing),
        ("unaware", denial.UNAWARE),
    )
    for kind, pattern in kinds:
        for match in pattern.finditer(text, start, end):
            if _denies(text, sentence, match) and _personally(text, start, match.start(), sentence):
                charge = kind == "denied" and _CHARGE.search(match.group()) is not None
                yield "denied_charge" if charge else kind, Span(*match.span())
    relabelled = _RELABELS.search(text, start, end) if sentence.speaker == "defendant" else None
    if relabelled and _personally(text, start, relabelled.start(), sentence):
        yield "relabelled", Span(*relabelled.span())
    granted = _NO_OBJECTION.search(text, start, end)
    if granted and sentence.section != "opinion" and _personally(text, start, granted.start(), sentence):
        yield "granted", Span(*granted.span())
    conceded = _CONCEDED.search(text, start, end)
    alone = conceded and "辩护人" not in text[start : conceded.start()]
    if (
        conceded
        and (alone or _personally(text, start, conceded.start(), sentence))
        and _admits(text, sentence, conceded)
    ):
        yield "conceded", Span(*conceded.span())


def _answered(text: str, start: int, position: int) -> bool:
    """The court has begun to answer, and reports nothing more of what he says."""
    answers = [answer.end() for answer in _ANSWERED.finditer(text, start, position)]
    return bool(answers) and not _REPORTED.search(text, answers[-1], position)


def _denies(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    """The words are a denial: not the court's answer, not of the label alone, not of a circumstance."""
    start, end = sentence.span
    said = match.group()
    if sentence.section in ("findings", "opinion") and _answered(text, start, match.start()):
        return False
    if _STATED.search(text, start, match.start()):
        return False
    if "防卫" in said and _NEGATED.search(text, max(start, match.start() - 6), match.start()):
        return False  # the court: 不属于正当防卫
    if said.endswith("罪") and (
        _LABEL.match(text, match.end())
        or _GRANTED.search(text, start, match.start())
        or denial.called_otherwise(text, start, match)
    ):
        return False
    if not said.endswith("无罪") and denial.of_one_act(text, start, match):
        return False
    told = match.groupdict()
    # what he objects to, or did not intend, may be the label alone
    of_label = told.get("objects") or said.endswith(("目的", "故意")) or (said.startswith("对") and "罪" in said)
    if of_label and denial.relabelled(text, start, end):
        return False
    if told.get("part") and _OF_ANOTHER.search(text, start, match.start()):
        return False
    if told.get("part") or told.get("objects"):
        return not denial.in_part(text, start, end, match)
    return not told.get("conduct") or denial.of_the_whole(text, start, end, match)


def _personally(text: str, start: int, position: int, sentence: Sentence) -> bool:
    """The denial is the defendant's own, not only counsel's."""
    before = text[start:position]
    if re.search(
        "(?:被告人|上诉人)?[^，。]{1,6}(?:及|和|与)其?(?:指定)?辩护人(?:[^，。]{0,4}以[^。]{2,60}为由，?)?[^。]{0,12}(?:上诉|提出|辩称|均|认为|对|意见|要求|请求|辩护称)(?!.*辩护人)",
        before,
    ):
        return True
    if _BY_OFFICE.search(before) or _CONCLUDES.search(before):
        return False
    before = _AGREES.sub(lambda match: "，" * len(match.group()), before)
    counsel = max((match.start() for match in _COUNSEL.finditer(before)), default=-1)
    if counsel < 0:
        return sentence.speaker != "counsel"
    own = max(before.rfind("被告人"), before.rfind("上诉人"))
    return own > counsel and _SPEAKS.search(before, own) is not None and not _SPEAKS.search(before, counsel, own)


def _admits(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the words of an admission are one: not 拒不认罪, 认罪态度差, and no title of evidence."""
    start = sentence.span.start
    if _NOT_ADMITTED.search(text, max(start, match.start() - 14), match.start()) and "异议" not in match.group():
        return False
    if "异议" in match.group() and _OFFICE.search(text, start, match.start()):
        return False
    if _POOR.match(text, match.end()):
        return False
    if (
        sentence.section == "opinion"
        and _REPORTED.search(text, start, match.start())
        and _REJECTED.search(text, match.end(), sentence.span.end)
    ):
        return False
    attitude = _ATTITUDE.match(text, match.start())
    if attitude and not _GOOD.match(text, attitude.end()) and _WEIGHED.search(text, start, match.start()):
        return False
    if match.group() == "悔罪" and text.startswith("表现", match.end()):
        shown = re.search("有[^，。；]{0,4}$", text[max(start, match.start() - 8) : match.start()])
        if not shown and _WEIGHED.search(text, start, match.start()):
            return False
    return not (
        sentence.section == "findings"
        and match.group() in ("承认", "供认")
        and _LISTED.search(text, start, match.start())
    )


def _within(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in spans)
