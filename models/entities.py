"""Entities of a judgment for tools that mark up text: what the record names, and what small patterns find besides.

The record says who the defendants are and where the plea was read; patterns add what it has no field for (law firms,
statutes) and every further mention. Nothing here goes back into the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from panjue.extractors.quantities import DATE, MONEY, NUMBER, TERM
from panjue.extractors.record import Record
from panjue.extractors.view import View
from panjue.models.tokens import charge_spans, mentions

LABELS = (
    "DEFENDANT",
    "COUNSEL",
    "LAW_FIRM",
    "COURT",
    "PROCURATORATE",
    "CHARGE",
    "STATUTE",
    "TERM",
    "FINE",
    "DATE",
    "PLEA",
    "RECOMMENDATION",
)


class Entity(NamedTuple):
    """A labelled passage of the text as obtained; offsets in code points, half-open. Entities may overlap."""

    start: int
    end: int
    label: str


# What leads up to the name of an authority or firm (撤销某市人民法院, 指派某律师事务所) is no part of it. One quantifier
# for all of a place (某省某市经济技术开发区): nested ones take minutes on a text that repeats itself.
_LEAD = (
    "公诉机关|抗诉机关|判决书|裁定书|撤销|维持|上诉|原审|一审|二审|报请|提请|移送|指令|发回|驳回|审理|指控|"
    "指定|指派|通知|委托"
)
_PLACE = (
    rf"(?:中华人民共和国)?(?![和曾后同日月年])"
    rf"(?:经济|经开|(?!{_LEAD})[^\W\da-zA-Z_人经被由向于以的是为了至到将及与并对因服在院号]){{2,30}}?[省市州盟县区旗]"
)
_SPECIAL = r"第[一二三四五六七八九十]+|高级|中级|铁路运输|铁路|海事|互联网|金融|知识产权|林区|农垦|基层|军事"
_BRANCH = r"第[一二三四五六七八九]分院"
_ARTICLE = rf"第{NUMBER}条(?:之{NUMBER})?(?:(?:第|、){NUMBER}款)*(?:(?:第|、)（?{NUMBER}）?项)*"
_ARTICLES = rf"{_ARTICLE}(?:[、，和及]{_ARTICLE})*"
_PENALTY = r"(?:有期徒刑|拘役|管制|剥夺政治权利|缓刑)(?:考验期限?)?为?"
_SOME_TERM = rf"(?={NUMBER}[年个月日天]){TERM}"
_AMOUNT = rf"{MONEY}(?<=[元圆])"

_PATTERNS = {
    "LAW_FIRM": (
        rf"(?:^|[，。；：、（）系由受的]|{_LEAD})"
        rf"(?P<name>(?![系由受的])(?:(?!{_LEAD})[\u4e00-\u9fff（）]){{2,20}}?(?:律师事务所|法律援助中心))"
    ),
    "COURT": rf"(?:{_LEAD})?(?P<name>最高人民法院|{_PLACE}(?:{_SPECIAL})*(?:人民)?法院)",
    "PROCURATORATE": rf"(?:{_LEAD})?(?P<name>最高人民检察院|{_PLACE}(?:{_SPECIAL})*(?:人民)?检察院(?:{_BRANCH})?)",
    "STATUTE": (
        rf"《[^《》]{{2,60}}》(?:（[^（）]{{1,40}}）)?{_ARTICLES}"
        r"|《(?:中华人民共和国|最高人民|全国人民|关于)[^《》]{2,80}》"
        rf"|刑(?:事诉讼|诉)?法{_ARTICLES}"
    ),
    "TERM": (
        rf"{_PENALTY}{_SOME_TERM}(?:(?:以上|以下)?[至到、]?{_SOME_TERM}(?:以上|以下)?)?"
        r"|无期徒刑|死刑(?!复核|犯)(?:，?缓期[二两2]年执行)?|剥夺政治权利终身"
    ),
    "FINE": rf"(?:并处|单处)?罚金(?:各|共计|计)?(?:人民币)?(?:{MONEY}[至到])?{_AMOUNT}",
    "DATE": rf"{DATE}|[12][0-9]{{3}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9])",
}
_COMPILED = {label: re.compile(pattern) for label, pattern in _PATTERNS.items()}
_READ_FROM = re.compile(r"/defendants/\d+/(?:(?P<plea>plea/(?:status|stage|recognizance))|recommendation)$")


def find_entities(text: str, record: Record) -> list[Entity]:
    """The entities of ``text``, in order of their place; ``record`` is what ``extract`` gives for the same text."""
    view = View(text)
    found = {Entity(*view.original(start, end), label) for start, end, label in _in_view(view.text, record)}
    for evidence in record.evidence:
        if match := _READ_FROM.match(evidence.path):
            found.add(Entity(evidence.start, evidence.end, "PLEA" if match["plea"] else "RECOMMENDATION"))
    return sorted(found)


def _in_view(text: str, record: Record) -> Iterator[tuple[int, int, str]]:
    """What stands in the text of the view: mentions of the record's names, charges, and the patterns."""
    for label, names in _names(record):
        for match in mentions(names).finditer(text):
            yield *match.span(), label
    for span in charge_spans(text):
        yield *span, "CHARGE"
    for label, pattern in _COMPILED.items():
        for match in pattern.finditer(text):
            yield *match.span("name" if "name" in pattern.groupindex else 0), label


def _names(record: Record) -> Iterator[tuple[str, set[str]]]:
    """For each label the values of the record that are names as printed."""
    defendants = record.defendants
    values: list[tuple[str, Iterable[str | None]]] = [
        ("DEFENDANT", (defendant.name for defendant in defendants)),
        ("COUNSEL", (counsel.name for defendant in defendants for counsel in defendant.counsel)),
        (
            "CHARGE",
            (c for defendant in defendants for c in (*defendant.charges_prosecuted, *defendant.charges_convicted)),
        ),
        ("COURT", (record.case.court,)),
        ("PROCURATORATE", (record.case.procuratorate,)),
    ]
    for label, names in values:
        yield label, {name for name in names if name}
