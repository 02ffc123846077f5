"""Marked passages from records: what the rules read surely, or people marked, as examples to train a tagger on.

A passage is a few sentences of a judgment; its spans are the evidence of the record in it that is sure enough. Courts are not
split: all judgments of one court are on one side, and so is what is the same judgment twice (its number, and half its clauses).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from panjue.corpora.duplicates import clusters, fingerprint
from panjue.extractors.groups import Roster
from panjue.extractors.parties import read_parties
from panjue.extractors.quantities import MONEY, NUMBER, TERM
from panjue.extractors.record import Defendant, Record
from panjue.extractors.sections import cut
from panjue.extractors.view import View
from panjue.models.tagger.examples import Example, Span
from panjue.models.tagger.windows import pieces

Split = Literal["train", "dev", "test"]
LABELS = {
    "name": "DEFENDANT",
    "counsel": "COUNSEL",
    "charges_prosecuted": "CHARGE_PROSECUTED",
    "charges_convicted": "CHARGE_CONVICTED",
    "plea/status": "PLEA",
    "plea/stage": "STAGE",
    "plea/recognizance": "RECOGNIZANCE",
    "recommendation": "RECOMMENDATION",
    "recommendation/court_response": "RESPONSE",
    "sentence/term_start": "TERM_DATES",
    "sentence/term_end": "TERM_DATES",
}
"""The label of the evidence of each part of a defendant."""
VALUED = ("COUNSEL", "PLEA", "STAGE", "RECOGNIZANCE", "RESPONSE")
"""Labels that say the value, too, which is not in the words alone: ``PLEA=applied``, ``COUNSEL=legal_aid``."""
SECTIONS = ("procedure", "prosecution", "defence", "findings", "opinion", "disposition", "tail")
"""Sections whose first clause is marked: ``SECTION=opinion``."""
PARTS = ("PENALTY", "TERM", "PROBATION", "FINE")
"""Labels of what a recommendation or a sentence is made of, inside its passage."""
_TERM = rf"(?={NUMBER}(?:年|个月|个半月)){TERM}(?<=[年月日天半])"
_PART = re.compile(
    rf"剥夺政治权利(?:{_TERM})?|(?P<PROBATION>缓刑(?:考验期限?)?为?(?:{_TERM})?)"
    rf"|(?P<FINE>罚金(?:各|共计|计)?(?:人民币)?(?:{MONEY}[至到])?{MONEY})"
    r"|(?P<PENALTY>有期徒刑|拘役|管制|无期徒刑|死刑(?:，?缓期[二两2]年执行)?)"
    rf"|(?P<TERM>{_TERM}(?:以上|以下)?(?:[至到]{_TERM}(?:以上|以下)?)?)"
)
_WHOLE = ("recommendation", "sentence")
_MEANT = re.compile(
    r"(?:上述|以上|前述|本案|全体|各)?(?:[二两三四五六七八九十]+(?:名|个|位)?)?(?:原审)?(?:被告人|被告单位|上诉人|人)$"
)
_REACH = 14
"""Characters before the end of a joint mention in which it begins."""
_GROUNDS = ("rule:opinion.recidivist", "rule:disposition.earlier_sentence", "rule:disposition.custody")
"""Evidence that explains a sentence and does not say it."""
_PATH = re.compile(r"/defendants/(?P<defendant>\d+)/(?P<part>.+?)(?:/(?P<item>\d+))?")
_CLAUSE = re.compile(r"[^，。；：\n]{2,20}")
_EMPTY = 10
"""Of passages in which nothing is marked one in so many is kept."""


class Silver(Struct, frozen=True):
    """What was built: the examples, and what is known of them."""

    examples: list[Example]
    judgments: dict[str, int]
    """By split."""
    courts: dict[str, int]
    labels: dict[str, dict[str, int]]
    """By split and label."""
    moved: int
    """Judgments that went to another side than their court because the same judgment stands there."""


def build(found: Iterable[tuple[Record, str]], least: float = 0.95, most: int | None = None) -> Silver:
    """Examples of records and their texts, in order, the same whenever they are the same.

    Args:
        found: records, each with the text that its evidence points into.
        least: evidence of less confidence is not marked; a person's is always.
        most: passages to train on all of whose labels stand in so many others are left out, so that rare labels weigh more.
    """
    pairs = list(found)
    splits, moved = _splits(pairs)
    examples = [
        example
        for (record, text), split in zip(pairs, splits, strict=True)
        for example in passages(record, text, split, least)
    ]
    if most is not None:
        examples = _thinned(examples, most)
    courts: dict[str, set[str]] = {}
    for (record, _), split in zip(pairs, splits, strict=True):
        courts.setdefault(split, set()).add(_court(record))
    labels: dict[str, Counter[str]] = {}
    for example in examples:
        labels.setdefault(example.split, Counter()).update(span.label for span in example.entities)
    return Silver(
        examples,
        dict(sorted(Counter(splits).items())),
        {split: len(names) for split, names in sorted(courts.items())},
        {split: dict(sorted(counts.items())) for split, counts in sorted(labels.items())},
        moved,
    )


def passages(record: Record, text: str, split: str, least: float) -> Iterator[Example]:
    """The passages of a judgment in which something is marked, and a few in which nothing is.

    One that would cut a span, or holds evidence that is not sure enough, is left out.
    """
    sure, unsure = _evidence(record, text, least)
    spans = sorted({*sure, *_openings(text), *_joint(text)})
    for number, (start, end) in enumerate(pieces(text)):
        inside = [Span(s.start - start, s.end - start, s.label) for s in spans if start <= s.start and s.end <= end]
        cut = any(s.start < end and start < s.end and not (start <= s.start and s.end <= end) for s in spans)
        doubtful = any(first < end and start < last for first, last in unsure)
        if cut or doubtful or (not inside and _hash(f"{record.doc_id} {number}") % _EMPTY):
            continue
        yield Example(f"{record.doc_id}:{start}", text[start:end], inside, split, _court(record))


def _thinned(examples: list[Example], most: int) -> list[Example]:
    seen: Counter[str] = Counter()
    kept = set()
    for example in sorted(examples, key=lambda one: _hash(one.id)):
        labels = {span.label for span in example.entities} or {""}
        if example.split != "train" or min(seen[label] for label in labels) < most:
            kept.add(example.id)
            seen.update(labels if example.split == "train" else ())
    return [example for example in examples if example.id in kept]


def _evidence(record: Record, text: str, least: float) -> tuple[list[Span], list[tuple[int, int]]]:
    """Spans of the evidence that is sure enough, and where the rest stands; of a plea the first passage, which decides."""
    sure: list[Span] = []
    unsure: list[tuple[int, int]] = []
    pleas: set[str] = set()
    for one in record.evidence:
        match = _PATH.fullmatch(one.path)
        if match is None or one.source in _GROUNDS or one.path in pleas:
            continue
        label = LABELS.get(match["part"])
        if label is None and match["part"] not in _WHOLE:
            continue
        if label == "PLEA":
            pleas.add(one.path)
        if one.confidence < least and one.source != "person":
            unsure.append((one.start, one.end))
            continue
        if label:
            defendant = record.defendants[int(match["defendant"])]
            value = _value(defendant, label, match["item"]) if label in VALUED else None
            sure.append(Span(one.start, one.end, f"{label}={value}" if value else label))
        if match["part"] in _WHOLE:
            sure.extend(_parts(text, one.start, one.end))
    return sure, unsure


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """The penalties, terms, probations and fines that a passage is made of."""
    view = View(text[start:end])
    for match in _PART.finditer(view.text):
        if match.lastgroup in PARTS:
            first, last = view.original(*match.span())
            yield Span(start + first, start + last, match.lastgroup)


def _joint(text: str) -> Iterator[Span]:
    """Mentions of several defendants at once (二被告人), from the account of the proceedings on."""
    view = View(text)
    sections = cut(view)
    roster = Roster(read_parties(view, sections))
    roster.mask(view.text)
    for _, end, who in roster.mentions(sections.procedure.start, sections.tail.start):
        said = _MEANT.search(view.text, max(0, end - _REACH), end)
        if len(who) > 1 and said:
            yield Span(*view.original(*said.span()), "GROUP")


def _value(defendant: Defendant, label: str, item: str | None) -> str | None:
    if label == "COUNSEL":
        return defendant.counsel[int(item)].kind if item else None
    plea, recommendation = defendant.plea, defendant.recommendation
    return {
        "PLEA": plea.status,
        "STAGE": plea.stage,
        "RECOGNIZANCE": plea.recognizance,
        "RESPONSE": recommendation.court_response,
    }[label]


def _openings(text: str) -> Iterator[Span]:
    """The first clause of each section."""
    view = View(text)
    sections = cut(view)
    for name in SECTIONS:
        start, end = getattr(sections, name)
        if end > start and (clause := _CLAUSE.match(view.text, start, end)):
            yield Span(*view.original(*clause.span()), f"SECTION={name}")


def _splits(pairs: Sequence[tuple[Record, str]]) -> tuple[list[Split], int]:
    """The side of each judgment, by its court, or by that of the first text of the same judgment."""
    own = [_side(_court(record)) for record, _ in pairs]
    splits, moved = [*own], 0
    by_key: dict[str, list[int]] = {}
    prints = [fingerprint(record.case.case_number, text) for record, text in pairs]
    for place, one in enumerate(prints):
        by_key.setdefault(one.key, []).append(place)
    for places in by_key.values():
        for cluster in clusters([prints[place] for place in places]):
            first = places[min(cluster)]
            for place in (places[member] for member in cluster):
                splits[place] = own[first]
                moved += own[place] != own[first]
    return splits, moved


def _side(court: str) -> Split:
    place = _hash(court) % 10
    return "test" if place == 0 else "dev" if place == 1 else "train"


def _court(record: Record) -> str:
    return record.case.court or record.doc_id


def _hash(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
