"""The procuratorate's sentencing recommendation (量刑建议) and the court's response to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors.groups import NAME, Roster
from panjue.extractors.quantities import MONEY, NUMBER, TERM, Term, number, term, yuan
from panjue.extractors.record import CourtResponse, Recommendation, RecommendedPenalty
from panjue.extractors.sections import Sections, Span
from panjue.extractors.speakers import Sentence

_KIND = r"有期徒刑|徒刑|拘役|管制|无期徒刑|死刑，?缓期[二两2]年执行|死刑"
_PENALTY: dict[str, RecommendedPenalty] = {"有期徒刑": "imprisonment", "徒刑": "imprisonment", "拘役": "detention", "管制": "surveillance"}
_ASKED = re.compile(
    rf"(?:建议|提请|请求|提出|意见|量刑|应当?|请)[^。；]{{0,60}}?(?:(?P<kind>{_KIND})|免予刑事处罚|免于刑事处罚|罚金|{NUMBER}(?:年|个月)以[上下]|量刑幅度|缓刑)|"
    rf"(?:公诉机关|检察院|公诉人)[^。；，]{{0,12}}(?:提出|建议|关于)?(?:的)?(?:对|判处|处以|处|在|适用)[^。]{{0,260}}?的(?:量刑|处刑)(?:的)?(?:建议|意见)|"
    rf"(?:判处|处以|处|在|适用|给予)[^。；]{{0,90}}?(?:的)?(?:量刑|处刑|判处|刑罚)(?:的)?(?:建议|意见)"
)
_NAMED = re.compile(r"量刑(?:的)?(?:建议|意见)(?!书、|权)|量刑幅度(?:建议|意见)|(?:建议|意见)(?:适当|恰当|合理|得当)")
_FOREIGN = re.compile(r"(?:辩护人|辩护律师|诉讼代理人|被害人|上诉人|司法局|社区)[^。；]{0,30}?(?:建议|请求|提出|要求|意见|恳请|希望)|(?:请求|恳请|希望|恳求|望)(?:法庭|法院|合议庭|本院|对其|从轻|二审|人民法院|予以|能)")
_ANSWERED = re.compile(r"[^。；]{0,40}?的(?:辩护|上诉|代理)(?:意见|理由|观点)")
_ADJUSTED = re.compile(r"(?:调整|变更|修改)(?:了)?(?:后)?(?:的)?(?:为|量刑(?:的)?(?:建议|意见)(?:为|是|：)?)")
_TOGETHER = re.compile(rf"(?:决定|合并|并罚|应当?|总和)?(?:合并)?执行(?=[^，。；]{{0,6}}(?:{_KIND}))")
_PER_COUNT = re.compile(r"(?:就|对其?(?:所)?犯|犯|所犯|以)[^，。；]{2,30}?罪")
_LAW = re.compile(r"(?:法定刑|量刑档次|应(?:当)?判处|依法应(?:当)?(?:在|处|判)|应在|的规定，处|之规定，处|最高刑|量刑幅度为)")
_TOKEN = re.compile(
    rf"(?P<reprieve>死刑，?缓期[二两2]年执行)|(?P<death>死刑)|(?P<life>无期徒刑)|(?P<kind>有期徒刑|徒刑|拘役|管制)|"
    rf"(?P<probation>缓刑)(?:考验期(?:限)?)?(?P<plow>{TERM})?(?:以上)?(?:(?:至|到|-|—|－|~|～)(?P<phigh>{TERM}))?|(?P<exempt>免[予于除](?:刑事)?处罚|免刑)|"
    rf"(?P<fine>罚金)(?:共计)?(?:各)?(?:为)?(?:人民币)?(?:各)?(?P<flow>{MONEY})?(?P<fmark>以上|以下|左右)?(?:(?:至|到|-|—|－|~|～|，)?(?:人民币)?(?P<fhigh>(?:{MONEY})))?(?:以下)?|"
    rf"(?P<short>{NUMBER})(?:个)?(?:至|到|-|—|－|~|～)(?=(?:{NUMBER})(?:年|个半?月|月|日|天))|(?P<term>(?={NUMBER}(?:年|个|日|天|月)){TERM})|(?P<above>以上)|(?P<below>以下|以内)|(?P<to>至|到|-|—|－|~|～)|(?P<about>左右)|(?P<or>或者|或)"
)
_MAY = re.compile(r"可(?:以)?(?:考虑)?(?:对其)?(?:依法)?(?:适用|宣告|判处)?(?:的)?$|可(?:以)?(?:考虑)?[^，。；]{0,8}$|考虑[^，。；]{0,6}$")
_CONDITION = re.compile(r"如(?:果)?(?:符合|经|其|能|社区|被告人|在|判决前|缴|退|赔)|若")
_NO = re.compile(r"(?:不|不宜|不予|不得|不建议|不同意|不符合)(?:再)?(?:适用|判处|宣告)?$|撤销[^，。；]{0,30}$")
_RESPONSE: tuple[tuple[str, CourtResponse], ...] = (
    (r"(?:部分(?:予以)?采纳|(?:但|惟)[^。；]{0,40}(?:部分|罚金|缓刑)[^。；]{0,20}(?:不予采纳|调整)|部分建议[^。；]{0,12}采纳)", "adopted_part"),
    (r"(?:不予采纳|不予支持|不能采纳|不当(?!之处)|偏重|偏轻|畸轻|畸重|过重|过轻|不予采信|不妥|不宜采纳|未予采纳|予以调整|与[^。；，]{2,20}不符|不予认可|不适当)", "not_adopted"),
    (r"(?:酌情(?:予以)?采纳|基本(?:适当|恰当|合理|得当)|酌情予以|酌予采纳|合理部分)", "adopted_discretion"),
    (r"(?:采纳|支持|适当|恰当|合理|得当|合法有据|符合法律|于法有据|相当|妥当|采信|正确|罚当其罪|准许|予以确认|应予认可|有事实和法律依据|并无不当|成立|适宜|适用恰当)", "adopted"),
    (r"(?:结合|考虑|参考|参照|综合|酌情|根据|斟酌)", "considered"),
)


@dataclass(slots=True)
class RecommendationFinding:
    """A recommendation and its passages."""

    recommendation: Recommendation = field(default_factory=Recommendation)
    span: Span | None = None
    response_span: Span | None = None
    support: list[Span] = field(default_factory=list)


def read_recommendations(text: str, sections: Sections, roster: Roster, body: list[Sentence], later: bool) -> list[RecommendationFinding]:
    """One finding for each defendant, in the order of the roster; the last version counts."""
    findings = [RecommendationFinding() for _ in roster.parties]
    mentions: list[Span] = []
    for sentence in body:
        start, end = sentence.span
        passage = text[start:end]
        if "建议" not in passage and "量刑意见" not in passage:
            continue
        named = _NAMED.search(text, start, end)
        for match in _ASKED.finditer(text, start, end):
            if not _by_prosecution(text, sentence, match, bool(named)):
                continue
            area = Span(match.start(), _reach(text, match, end))
            for adjusted in _ADJUSTED.finditer(text, *area):
                area = Span(adjusted.end(), area.end)
            shares = _shares(text, area, sentence, roster)
            fined = "均并处罚金" in text[area.start : area.end] or (
                len(shares) > 1 and "；" not in text[area.start : area.end] and text.count("罚金", *area) == 1 and re.search("并处罚金[，。]?$", text[area.start : area.end])
            )
            for who, clause in shares:
                words = re.sub(NAME, lambda name: "_" * len(name.group()), text[clause.start : clause.end])
                content = _content(words)
                if content is None:
                    continue
                if content.fine == "none" and fined:
                    content.fine = "unspecified"
                for index in who:
                    findings[index].support.append(clause)
                    _take(findings[index], content, clause)
        if named and not _foreign(text, sentence, named):
            mentions.append(Span(*named.span()))
    response = _response(text, sections.opinion, roster)
    if later and not response:
        response = _response(text, Span(sections.procedure.end, sections.opinion.start), roster)
    for index, finding in enumerate(findings):
        recommendation = finding.recommendation
        if recommendation.content == "none" and mentions and len({f.recommendation.content for f in findings}) == 1:
            recommendation.content = "mentioned"
            finding.span = mentions[-1]
        if recommendation.content != "none":
            answer = response.get(index)
            recommendation.court_response = answer[0] if answer else "silent"
            finding.response_span = answer[1] if answer else None
    return findings


def _by_prosecution(text: str, sentence: Sentence, match: re.Match[str], named: bool) -> bool:
    start = sentence.span.start
    before = text[start : match.start()]
    if _ANSWERED.match(text, match.end()):
        return False
    if match.group().startswith("提请") and sentence.section in ("procedure", "prosecution") and re.search(rf"判处[^。；]{{0,30}}{NUMBER}(?:年|个月)", match.group() + text[match.end() : match.end() + 12]):
        return True
    if re.match(r"应|请|提请|提出|意见|量刑|请求|在|处|判处|适用|给予", match.group()) and not re.search(r"建议|量刑(?:的)?意见", match.group() + text[match.end() : match.end() + 60].split("。")[0]):
        return False
    if re.search(r"建议适用[^，。；]{0,12}程序$", match.group()):
        return False
    return not _foreign(text, sentence, match)


def _foreign(text: str, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether counsel, the defendant or another speaks: what they propose is no recommendation."""
    start = sentence.span.start
    reach = text[start : match.end() + 8]
    official = max(reach.rfind(word) for word in ("公诉机关", "检察院", "公诉人", "检察机关", "检察员", "起诉书"))
    other = max(reach.rfind(word) for word in ("辩护人", "辩护律师", "诉讼代理人", "辩护意见", "司法局", "被害人及"))
    if other >= 0 and other > official:
        return not re.search(r"辩护人[^。；]{0,30}对[^。；]{0,40}$", text[start : match.start()]) or not text[match.start() :].startswith(("量刑", "建议"))
    if official >= 0:
        return False
    if _FOREIGN.search(text[max(start, match.start() - 30) : match.end()]) and sentence.section != "opinion":
        return True
    return sentence.speaker in ("counsel", "other") and official < 0


def _reach(text: str, match: re.Match[str], end: int) -> int:
    """How far the recommendation goes: the sentence, but not the reaction to it."""
    stop = re.compile(r"的?量刑(?:的)?(?:建议|意见)|(?:，|。)(?:被告人|其)[^，。]{0,20}(?:无异议|没有异议|表示|签署|签字)").search(text, match.start() + 6, end)
    return stop.start() if stop else end


def _shares(text: str, area: Span, sentence: Sentence, roster: Roster) -> list[tuple[tuple[int, ...], Span]]:
    """The parts of a recommendation and the defendants each is for."""
    names = list(re.finditer(NAME, text[area.start : area.end]))
    if len(roster) == 1 or not names:
        clause = max(sentence.span.start, text.rfind("；", sentence.span.start, area.start))
        who = roster.mentioned(area.start, area.end) or roster.mentioned(clause, area.start) or roster.spoken_of(sentence.span.start, area.start) or sentence.who
        return [(who, area)]
    groups: list[tuple[list[int], int, int]] = []
    for match in names:
        index, start, end = roster.of(match.group()), area.start + match.start(), area.start + match.end()
        if groups and text[groups[-1][2] : start].strip("、和及，") in ("", "被告人", "被告单位"):
            groups[-1][0].append(index)
            groups[-1] = (groups[-1][0], groups[-1][1], end)
        else:
            groups.append(([index], start, end))
    shares = []
    for position, (who, start, _) in enumerate(groups):
        limit = groups[position + 1][1] if position + 1 < len(groups) else area.end
        shares.append((tuple(who), Span(start if position else area.start, limit)))
    return shares


def _take(finding: RecommendationFinding, content: Recommendation, clause: Span) -> None:
    """Keep the latest version that says more than nothing; a vaguer repetition does not replace it."""
    old = finding.recommendation
    if old.content == "given" and content.form == "type_only" and old.form != "type_only":
        return
    if old.content == "given" and content.penalty == "fine_only" and old.penalty != "fine_only":
        return
    if old.content == "given" and content.fine in ("none", None) and old.fine not in ("none", None) and content.min_months == old.min_months and content.max_months == old.max_months:
        return
    finding.recommendation, finding.span = content, clause


def _content(words: str) -> Recommendation | None:
    """The recommendation said in ``words``, or None if they name no penalty.

    After 数罪并罚 the combined penalty counts; penalties for several counts without a total have no bounds.
    """
    together = None
    for together in _TOGETHER.finditer(words):
        pass
    if together:
        return _single(words[together.end() :]) or _single(words)
    parts = [found for part in _PER_COUNT.split(words)[1:] if (found := _single(part)) is not None and found.form is not None and found.max_months is not None]
    if len(parts) > 1:
        order = ("surveillance", "detention", "imprisonment")
        heavy = max(parts, key=lambda part: order.index(part.penalty) if part.penalty in order else 3)
        fine = next((part.fine for part in parts if part.fine != "none"), "none")
        return Recommendation(content="given", form=heavy.form, penalty=heavy.penalty, probation="none", fine="unspecified" if fine != "none" else "none")
    return _single(words)


def _single(words: str) -> Recommendation | None:
    """One penalty with what goes with it."""
    found = Recommendation(content="given", probation="none", fine="none")
    kinds: list[str] = []
    terms: list[Term] = []
    marks: set[str] = set()
    special: RecommendedPenalty | None = None
    pending: int | None = None
    after_law = _LAW.search(words)
    start = 0
    if after_law:
        ask = words.find("建议")
        start = ask if ask > after_law.start() else 0
    principal = True
    for match in _TOKEN.finditer(words, start):
        kind = match.lastgroup
        kind = next(k for k in ("reprieve", "death", "life", "kind", "probation", "exempt", "fine", "short", "term", "above", "below", "to", "about", "or") if match[k])
        if kind in ("reprieve", "death", "life"):
            special = {"reprieve": "death_reprieve", "death": "death", "life": "life"}[kind]  # type: ignore[assignment]
        elif kind == "kind" and (principal or not terms):
            kinds.append("有期徒刑" if match["kind"] == "徒刑" else match["kind"])
        elif kind == "probation":
            before = words[:match.start()]
            if _NO.search(before):
                continue
            principal = False
            found.probation = "conditional" if _CONDITION.search(before[-24:]) else "may" if _MAY.search(before[-14:]) else "recommended"
            low = term(match["plow"]) if match["plow"] else None
            high = term(match["phigh"]) if match["phigh"] else low
            if low:
                found.probation_min_months, found.probation_max_months = low.months, (high or low).months
        elif kind == "exempt":
            if special is None and not terms:
                special = "exempt"
        elif kind == "fine":
            principal = False
            low = yuan(match["flow"]) if match["flow"] else None  # type: ignore[assignment]
            high = yuan(match["fhigh"]) if match["fhigh"] else None  # type: ignore[assignment]
            if low is not None and high is not None and match["flow"] and not match["flow"].endswith(("元", "圆")) and match["fhigh"] and "万" in match["fhigh"] and "万" not in match["flow"] and low < 100:  # type: ignore[operator]
                low = low * 10000  # type: ignore[operator, assignment]
            if low is None:
                found.fine = "unspecified" if found.fine == "none" else found.fine
            elif high is not None and high > low:  # type: ignore[operator]
                found.fine, found.fine_min, found.fine_max = "range", low, high  # type: ignore[assignment]
            elif match["fmark"] == "以下":
                found.fine, found.fine_min, found.fine_max = "range", None, low  # type: ignore[assignment]
            else:
                found.fine, found.fine_min, found.fine_max = "amount", low, low  # type: ignore[assignment]
        elif kind == "short" and principal:
            pending = number(match["short"])
        elif kind == "term" and principal:
            length = term(match["term"])
            if length is None:
                continue
            if pending is not None:
                years = "年" in match["term"]
                terms.append(Term(pending * 12 if years else pending))
                marks.add("to")
                pending = None
            terms.append(length)
        elif principal and kind in ("above", "below", "to", "about", "or"):
            marks.add(kind)
    if not kinds and not terms and special is None and found.fine == "none" and found.probation == "none":
        return None
    distinct = list(dict.fromkeys(kinds))
    heavy = [k for k in ("有期徒刑", "拘役", "管制") if k in distinct]
    if special in ("life", "death", "death_reprieve"):
        found.form, found.penalty = ("life" if special == "life" else "death"), special
    elif special == "exempt" and not terms:
        found.form, found.penalty = "type_only", "exempt"
    elif terms:
        low_first, high_last = terms[0], terms[-1] if len(terms) > 1 else terms[0]
        found.penalty = _PENALTY[distinct[0]] if distinct else "imprisonment"
        if len(terms) >= 2 and ("to" in marks or "above" in marks or "below" in marks):
            found.form = "range_cross" if len(distinct) > 1 else "range"
            if len(distinct) > 1:
                found.penalty = _PENALTY[heavy[-1]]
            found.min_months, found.min_days = low_first
            found.max_months, found.max_days = terms[1]
        elif "below" in marks and len(distinct) > 1:
            found.form, found.penalty = "range_cross", _PENALTY[heavy[-1]]
            found.max_months, found.max_days = high_last
        elif "below" in marks:
            found.form = "range_upper"
            found.max_months, found.max_days = high_last
        elif "above" in marks:
            found.form = "range_lower"
            found.min_months, found.min_days = low_first
        else:
            found.form = "approx" if "about" in marks else "fixed"
            found.min_months, found.min_days = low_first
            found.max_months, found.max_days = low_first
    elif distinct:
        found.form, found.penalty = "type_only", _PENALTY[heavy[0]]
    elif found.fine != "none":
        found.form, found.penalty = ("fixed" if found.fine == "amount" else "type_only"), "fine_only"
    elif found.probation != "none":
        return None
    return found


_TOPIC = re.compile(r"(?:(?:公诉机关|检察院|公诉人)[^。；]{0,20}建议[^。；]{0,80}?的意见|量刑(?:的)?(?:建议|意见)|量刑幅度|(?<!辩护)(?:建议|意见)(?=适当|恰当|合理|，(?:本院)?(?:予以|应予)采纳))")


def _response(text: str, area: Span, roster: Roster) -> dict[int, tuple[CourtResponse, Span]]:
    """What the court says of the recommendation, for each defendant."""
    answers: dict[int, tuple[CourtResponse, Span]] = {}
    for topic in _TOPIC.finditer(text, *area):
        sentence_start = max(text.rfind("。", area.start, topic.start()) + 1, area.start)
        before = text[sentence_start : topic.start()]
        official = max(before.rfind(w) for w in ("公诉机关", "检察院", "公诉人", "检察机关", "检察员", "起诉书"))
        counsel = max(before.rfind(w) for w in ("辩护人", "辩护律师", "辩护意见", "诉讼代理人"))
        if counsel > official or re.search(r"(?:同意|认可|接受|无异议|对)[^。；，]{0,12}$", before[-10:]) and re.search(r"(?:异议|签字|签署)", text[topic.end() : topic.end() + 14]):
            continue
        stop = text.find("。", topic.end(), area.end)
        after = text[topic.end() : stop if 0 <= stop < topic.end() + 120 else topic.end() + 120]
        after = re.split(r"(?:据此|依照|根据《|依据《|综上|辩护人)", after)[0]
        kind: CourtResponse | None = None
        place = Span(*topic.span())
        for pattern, value in _RESPONSE[:4]:
            match = re.search(pattern, after)
            if match:
                kind, place = value, Span(topic.start(), topic.end() + match.end())
                break
        if kind is None and re.search(_RESPONSE[4][0], before[-24:] + after):
            kind = "considered"
        if kind is None and re.search(r"采纳[^。；，]{0,20}$", before):
            kind = "adopted"
        if kind is None:
            continue
        who = roster.mentioned(sentence_start, topic.end()) if len(roster) > 1 else ()
        for index in who or roster.everyone:
            if index not in answers or answers[index][0] == "considered":
                answers[index] = kind, place
    return answers
