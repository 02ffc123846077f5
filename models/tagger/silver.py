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
from panjue.extractors.record import Defendant, Record
from panjue.extractors.sections import cut
from panjue.extractors.view import View
from panjue.models.tagger.examples import Example, Span

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
    "sentence": "SENTENCE",
    "sentence/term_start": "TERM_DATES",
    "sentence/term_end": "TERM_DATES",
}
"""The label of the evidence of each part of a defendant."""
VALUED = ("COUNSEL", "PLEA", "STAGE", "RECOGNIZANCE", "RESPONSE")
"""Labels that say the value, too, which is not in the words alone: ``PLEA=applied``, ``COUNSEL=legal_aid``."""
SECTIONS = ("procedure", "prosecution", "defence", "findings", "opinion", "disposition", "tail")
"""Sections whose first clause is marked: ``SECTION=opinion``."""
_GROUNDS = ("rule:opinion.recidivist", "rule:disposition.earlier_sentence", "rule:disposition.custody")
"""Evidence that explains a sentence and does not say it."""
_PATH = re.compile(r"/defendants/(?P<defendant>\d+)/(?P<part>.+?)(?:/(?P<item>\d+))?")
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")
_CLAUSE = re.compile(r"[^，。；：\n]{2,20}")
_EMPTY = 10
"""Of passages in which nothing is marked one in so many is kept."""
_LENGTH = 240
"""Characters of a passage: as many whole sentences as fit."""


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


def build(found: Iterable[tuple[Record, str]], least: float = 0.95) -> Silver:
    """Examples of records and their texts, in order, the same whenever they are the same.

    Args:
        found: records, each with the text that its evidence points into.
        least: evidence of less confidence is not marked; a person's is always.
    """
    pairs = list(found)
    splits, moved = _splits(pairs)
    examples = [
        example
        for (record, text), split in zip(pairs, splits, strict=True)
        for example in passages(record, text, split, least)
    ]
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
    """The passages of a judgment in which something is marked, and a few in which nothing is."""
    spans = sorted({*_evidence(record, least), *_openings(text)})
    for number, (start, end) in enumerate(_chunks(text)):
        inside = [Span(s.start - start, s.end - start, s.label) for s in spans if start <= s.start and s.end <= end]
        cut = any(s.start < end and start < s.end and not (start <= s.start and s.end <= end) for s in spans)
        if cut or (not inside and _hash(f"{record.doc_id} {number}") % _EMPTY):
            continue
        yield Example(f"{record.doc_id}:{start}", text[start:end], inside, split, _court(record))


def _evidence(record: Record, least: float) -> Iterator[Span]:
    """The evidence that is sure enough; of a plea the passage that decides, which is the first."""
    pleas: set[str] = set()
    for one in record.evidence:
        match = _PATH.fullmatch(one.path)
        label = LABELS.get(match["part"]) if match else None
        if match is None or label is None or one.source in _GROUNDS or one.path in pleas:
            continue
        if label == "PLEA":
            pleas.add(one.path)
        if one.confidence >= least or one.source == "person":
            defendant = record.defendants[int(match["defendant"])]
            value = _value(defendant, label, match["item"]) if label in VALUED else None
            yield Span(one.start, one.end, f"{label}={value}" if value else label)


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


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Whole sentences put together as long as they fit."""
    start = end = 0
    for match in _SENTENCE.finditer(text):
        if match.end() - start > _LENGTH and end > start:
            yield start, end
            start = match.start()
        end = match.end()
    if text[start:end].strip():
        yield start, end


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
