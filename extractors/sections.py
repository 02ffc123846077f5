"""Cut a judgment into the sections that decide what a phrase means.

A term in the header is an earlier conviction, in the appendix a quoted statute, in the opinion an argument; only in
the disposition is it the sentence. Sections are spans of the view, in the order of the text, without gaps.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from panjue.extractors.view import View


class Span(NamedTuple):
    """A half-open range of the view."""

    start: int
    end: int


class Sections(NamedTuple):
    """Where each section stands; one that the judgment does not have is empty."""

    title: Span
    header: Span
    procedure: Span
    prosecution: Span
    defence: Span
    findings: Span
    opinion: Span
    disposition: Span
    tail: Span
    appendix: Span


_OPINION = re.compile(
    r"判决理由(?=[：\u4e00-\u9fff])|裁判理由|(?:本院|合议庭)(?:经审理|审查后|经审查|经复核|再审)?认为|综上(?:所述)?，本院"
)
_OPENER = re.compile(
    r"(?:判决|裁判)结果：?(?=[一被原驳撤]|上诉人)|(?:判决|裁定|决定|调解协议|协议)(?:结果)?如下(?:[：；，。、]|(?=[一被驳撤准维]))|(?:判决|裁定)：(?=[一被原驳撤准维（]|上诉人|终止|不予)|判决如[：，]|判决以下：|(?<!评)判如下：|(?:特|故)(?:作出?如下)?(?:判决|裁定)：|作出如下(?:判决|裁定)：?|(?:判处|合议)如下：(?=[一被])"
)
# a disposition that no words open: the articles, and then its first item
_UNANNOUNCED = re.compile(
    r"(?:规定|[条款项])[，；。：]?(?=(?:一、|1、|（一）)?(?:(?:撤销|维持)[^，。；]{2,40}(?:判决|裁定)|驳回(?:上诉|抗诉)|(?:原审)?(?:被告人|被告单位|上诉人)[^，。；]{1,30}(?:犯[^，。；]{2,40}罪，(?:判处|免)|无罪)))"
)
_GROUNDS = "不服[^。]{0,20}?提出(?:上诉|抗诉)|上诉(?:称|提出|理由)|抗诉(?:称|提出|认为)"
# after a quoted disposition; under one that is signed, 上诉人 may be spoken of
_APPEALED, _SIGNED_APPEALED = re.compile(f"{_GROUNDS}|上诉人"), re.compile(_GROUNDS)
_TAIL = re.compile(
    r"如不服本|如果不服本|若不服本|如对本判决不服|本(?:判决|裁定|决定|判决书|裁定书)(?:为终审|系终审|是终审|自(?:宣告|宣判|送达|即日)|送达后(?:即|立即)|即为|立即生效|一经)|(?:代理)?审判长(?:[：:]|(?=[\u4e00-\u9fff]{2,4}(?:代理|人民|助理)?(?:审判|陪审|二[〇○零0O]))|[\u4e00-\u9fff]{2,4}$)"
)
_SIGNED = re.compile(
    r"(?:代理|代)?书记员|[12二][0-9〇○零ОΟO一二三四五六七八九]{3}年[0-9〇○零一二三四五六七八九十ОΟO]{1,3}月[0-9〇○零一二三四五六七八九十ОΟO]{1,3}日(?:（院印）|法官助理|书记员|代书记员|$)"
)
_APPENDIX = re.compile(
    r"附[：:]|附(?:本案|相关|有关|法律|本判决|引用|录|件|页|适用|录法|一|1)|本案(?:适用|引用|所适用|所引用)的?(?:相关)?法律|(?:相关|主要|有关|适用)的?法律(?:条文|法规|依据)|《?中华人民共和国刑(?:法|事诉讼法)[》〉]?第[一二三四五六七八九十百0-9]+条"
)
_TITLE_END = re.compile(
    r"(?:原)?(?:公诉机关|抗诉机关|审公诉机关)|自诉人|(?:上诉|抗诉)(?:人|机关|单位)|(?:原审)?被告(?:人|单位)|(?:刑事)?附带民事诉讼原告|罪犯|申诉人|执行机关|申请机关|号："
)
_TITLE = re.compile(r"法院、?(?:刑事)?[\u4e00-\u9fff]{0,12}?(?:判决|裁定|决定|调解|通知)书")
_TRIED = re.compile(r"(?:审理|复核|审查|评议|审判)(?:完毕|终结)|(?:到庭|出庭)参加(?:了)?(?:本案的?)?(?:诉讼|庭审)。?")
_DEFENCE = re.compile(
    r"(?:^|(?<=[。；]))(?:上述|庭审中，|在庭审中，|开庭审理中，|对此，|针对上述指控，|对公诉机关的?上述指控，|以上|对起诉书指控[^。，]{0,20}，)?"
    r"(?:(?:二|两|三|四|五|六|七|八|九|十|各|上述|原审)*(?:名)?(?:被告人|被告单位|上诉人)(?!(?:(?!辩|对|称)[^。；]){0,160}建议(?:对|判处|以|在|分别))[^。；：]{0,60}?(?:对|辩称|辩解|提出|表示|承认|供认|认为|称|当庭|在庭审|在开庭|在法庭|无异议|自愿|未(?:作|提)|均)"
    r"|[^。；]{0,30}辩护人[^。；]{0,40}?(?:认为|提出|辩称|辩护|意见|对|的))"
)
_FINDINGS = re.compile(
    r"(?:经|现)(?:本院)?(?:依法)?(?:公开)?(?:开庭)?(?:审理|法庭|庭审|复核|再审|二审|依法|重新|本案)?(?:审理|调查|质证|审查)?(?:，)?(?:本院)?(?:查明|确认|认定)|本院(?:经审理|审理|二审|再审)?查明|审理查明|(?:上述|以上)(?:犯罪)?事实(?:，|有|清楚|，?被告人)"
)


def cut(view: View) -> Sections:
    """The sections of a judgment."""
    text = view.text
    opener, opinion = _opener(text)
    body_end = opinion if opinion is not None else opener.start() if opener else len(text)
    disposition_start = opener.end() if opener else len(text)
    opinion_span = Span(body_end, disposition_start)
    tail = _TAIL.search(text, disposition_start)
    tail_start = tail.start() if tail else _signature(text, disposition_start)
    appendix_start = _appendix(text, tail_start)

    title = _TITLE.search(text, 0, min(body_end, 500))
    head = _TITLE_END.search(text, title.end() if title else 0, min(body_end, 600))
    header_start = head.start() if head else 0
    tried = _TRIED.search(text, header_start, min(body_end, header_start + 30000))
    limit = tried.start() if tried else body_end
    header_end = _header_end(view, header_start, limit)
    procedure_end = header_end
    if tried:
        stop = text.find("。", tried.end() - 1, body_end)
        following = _TRIED.search(text, tried.end(), min(body_end, tried.end() + 160))
        if following:
            stop = text.find("。", following.end() - 1, body_end)
        procedure_end = stop + 1 if stop >= 0 else tried.end()
    else:
        stop = text.find("。", header_end, body_end)
        procedure_end = stop + 1 if stop >= 0 else header_end

    findings = _FINDINGS.search(text, procedure_end, body_end)
    findings_start = findings.start() if findings else body_end
    defence = _DEFENCE.search(text, procedure_end, findings_start)
    defence_start = defence.start() if defence else findings_start
    return Sections(
        title=Span(0, header_start),
        header=Span(header_start, header_end),
        procedure=Span(header_end, procedure_end),
        prosecution=Span(procedure_end, defence_start),
        defence=Span(defence_start, findings_start),
        findings=Span(findings_start, body_end),
        opinion=opinion_span,
        disposition=Span(disposition_start, tail_start),
        tail=Span(tail_start, appendix_start),
        appendix=Span(appendix_start, len(text)),
    )


def _opener(text: str) -> tuple[re.Match[str] | None, int | None]:
    """The disposition's opening words and the start of the opinion before it."""
    voiced = [match.start() for match in _OPINION.finditer(text)]
    signed = _SIGNED.search(text, len(text) // 4)
    while signed and not _opened(text, voiced, signed.start()):
        signed = _SIGNED.search(text, signed.end())
    end = signed.end() if signed else len(text)
    opinions: list[int] = []
    seen = 0
    for start in voiced:
        # it begins once: another 本院认为 with no findings between goes on with it
        if start < end and (not opinions or _FINDINGS.search(text, seen, start)):
            opinions.append(start)
        seen = start
    for start in reversed(opinions):
        opener = _OPENER.search(text, start, end)
        if opener:
            return opener, start
    unannounced = _UNANNOUNCED.search(text, opinions[-1], end) if opinions else None
    if unannounced:
        return unannounced, opinions[-1]
    openers = list(_OPENER.finditer(text, 0, end))
    # an appeal cut off before its own opinion still quotes the disposition appealed against
    appealed = _SIGNED_APPEALED if signed else _APPEALED
    if openers and not opinions and not appealed.search(text, openers[-1].end(), end):
        return openers[-1], None
    return None, opinions[-1] if opinions else None


def _opened(text: str, voiced: list[int], signed: int) -> bool:
    """Whether a disposition is opened before the signature: after the last opinion as a rule, else anywhere."""
    last = voiced[max(bisect_right(voiced, signed) - 1, 0)] if voiced else 0
    return bool(_OPENER.search(text, last, signed) or _OPENER.search(text, 0, min(last, signed)))


def _signature(text: str, start: int) -> int:
    signed = _SIGNED.search(text, start)
    if signed is None:
        appendix = re.compile("附[：:]|附(?:相关|本案|法律)").search(text, start)
        return appendix.start() if appendix else len(text)
    bench = re.compile("(?:代理)?审判[长员]").search(text, start, signed.start())
    return bench.start() if bench else signed.start()


def _appendix(text: str, tail: int) -> int:
    signed = _SIGNED.search(text, tail)
    appendix = _APPENDIX.search(text, signed.end() if signed else tail)
    return appendix.start() if appendix else len(text)


def _header_end(view: View, start: int, limit: int) -> int:
    """Where the parties end and the account of the proceedings begins, at the start of a sentence or line."""
    text = view.text
    position = start
    while position < limit:
        stop = text.find("。", position, limit)
        end = stop if stop >= 0 else limit
        sentence = text[position:end]
        proceeds = _PROCEEDS.search(sentence)
        if proceeds:
            lines = view.lines[
                bisect_right(view.lines, position) : bisect_right(view.lines, position + proceeds.start())
            ]
            return lines[-1] if lines else position
        position = end + 1
    return min(position, limit) if position == start else start


_PROCEEDS = re.compile(
    r"(?:起诉书|起诉决定书|公诉书|诉书|号文书)[^。]{0,20}(?:指控|控诉|向本院|提起)|向本院提起公诉|提起(?:公诉|自诉|控诉)|(?:人民法院|本院)(?:于[^，。]{4,12})?(?:审理|受理|一审|重审)(?:了)?[^。]{0,300}(?:一案|案|作出)|"
    r"指控(?:原审)?(?:的)?被告(?:人|单位)[^。]{1,300}(?:一案|罪)|(?:^(?:原审)?(?:被告人|罪犯|上诉人)[^，。]{2,60}|犯[^。]{1,60}罪)一案(?!，于[^，。]{4,12}被)|^(?:公诉机关|公诉人|检察机关|[^，。]{2,30}(?:人民)?检察院)(?:起诉)?(?:以|指控|认为|于)|^本院(?:于|依法|受理|在)(?![^。]{0,24}(?:决定|取保|逮捕|监视居住|对其))|自诉人[^。]{2,40}(?:控诉|指控|以被告人|诉称)|^原公诉机关指控"
)
