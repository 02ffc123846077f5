"""Records against gold records: per field, per defendant, per document, and the evidence.

Defendants are matched by name. A gold defendant who is missing counts as wrong in every field; a document with an
extra defendant is not exact. ``active`` counts only the defendants of whom gold or prediction says something other
than the empty value: the figure to watch for rare fields.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, MISSING, Json, flat, is_empty

Records = Mapping[str, Json]
"""Records by ``doc_id``."""

_SUPPORT = {  # what gold evidence speaks for, below the defendant -> where predicted evidence may support it
    "charges_convicted": "charges_convicted",
    "plea": "plea",
    "recommendation": "recommendation",
    "recommendation/court_response": "recommendation",
    "sentence": "sentence",
    "counsel": "counsel",
}


class Tally(Struct):
    """How many values were right, of how many; the same among the active ones."""

    right: int = 0
    total: int = 0
    active_right: int = 0
    active_total: int = 0

    def add(self, right: bool, active: bool = False) -> None:
        """Count one value."""
        self.right += right
        self.total += 1
        self.active_right += right and active
        self.active_total += active


class Miss(Struct, frozen=True):
    """One value that is not gold's; ``defendant`` and ``predicted_defendant`` are positions in the two records."""

    field: str
    doc_id: str
    gold: Hashable
    predicted: Hashable
    name: str = ""
    defendant: int | None = None
    predicted_defendant: int | None = None

    @property
    def key(self) -> tuple[str, str, int | None]:
        """What was missed: the same in two reports on the same gold."""
        return self.field, self.doc_id, self.defendant


class Report(Struct):
    """Figures by name (``case.court``, ``plea.stage``, ``group plea``, ``evidence plea``, …) and what was missed."""

    tallies: dict[str, Tally] = msgspec.field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = msgspec.field(default_factory=list)
    defendants_matched: int = 0
    defendants_gold: int = 0
    defendants_predicted: int = 0

    @property
    def precision(self) -> float:
        """Share of the predicted defendants who are gold's; 0 without predicted defendants."""
        return self.defendants_matched / self.defendants_predicted if self.defendants_predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of gold's defendants who were found; 1 where gold has none."""
        return self.defendants_matched / self.defendants_gold if self.defendants_gold else 1.0


def score(gold: Records, predicted: Records, texts: Mapping[str, str] | None = None) -> Report:
    """Compare predicted records with gold ones.

    A document of gold that was not predicted counts as wrong; one that gold does not have is passed over.

    Args:
        gold: complete records; evidence speaks of ``texts``.
        predicted: records that may lack keys, but whose defendants and evidence are lists of objects.
        texts: by ``doc_id``; with them the evidence is compared, where the two speak of the same text.
    """
    report = Report()
    for doc_id, record in gold.items():
        got = predicted.get(doc_id, {})
        _score_case(report, doc_id, record, got)
        exact = _score_names(report, doc_id, record, got) and doc_id in predicted
        for index, match in align(record, got):
            if index is None:
                continue
            exact &= _score_defendant(report, doc_id, record, got, index, match)
            text = (texts or {}).get(doc_id)
            if text is not None and match is not None and speaks_of(got, text):
                _score_evidence(report, doc_id, record, got, index, match, text)
        report.tallies["document exact"].add(exact)
    return report


def changes(before: Report, after: Report) -> tuple[list[Miss], list[Miss]]:
    """Gains and losses of one report against an earlier one on the same gold.

    Returns:
        What only ``before`` missed, and what only ``after`` misses.
    """
    was, now = ({miss.key for miss in report.misses} for report in (before, after))
    return [m for m in before.misses if m.key not in now], [m for m in after.misses if m.key not in was]


def align(gold: Json, predicted: Json) -> list[tuple[int | None, int | None]]:
    """Positions of the same defendant in two records; None where one side does not have him.

    Names are compared without white space and width; of two defendants predicted under one name the last is taken.
    """
    theirs = _positions(predicted)
    ours = [flat(defendant.get("name")) for defendant in gold.get("defendants") or ()]
    extra = [(None, position) for name, position in theirs.items() if name not in ours]
    return [*((index, theirs.get(name)) for index, name in enumerate(ours)), *extra]


def speaks_of(record: Json, text: str) -> bool:
    """Whether the record's offsets are those of ``text``; they are not where a reader took another out of markup."""
    digest = record.get("text_sha256")
    return not digest or digest == hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _positions(record: Json) -> dict[Any, int]:
    return {flat(defendant.get("name")): i for i, defendant in enumerate(record.get("defendants") or ())}


def _score_case(report: Report, doc_id: str, gold: Json, got: Json) -> None:
    for field in CASE_FIELDS:
        ours, theirs = field.value(gold.get("case") or {}), field.value(got.get("case") or {})
        report.tallies[field.name].add(ours == theirs)
        if ours != theirs:
            report.misses.append(Miss(field.name, doc_id, ours, theirs))


def _score_names(report: Report, doc_id: str, gold: Json, got: Json) -> bool:
    ours, theirs = _positions(gold).keys(), _positions(got).keys()
    report.defendants_gold += len(ours)
    report.defendants_predicted += len(theirs)
    report.defendants_matched += len(ours & theirs)
    if ours != theirs:
        report.misses.append(Miss("defendants", doc_id, tuple(sorted(map(str, ours))), tuple(sorted(map(str, theirs)))))
    return ours == theirs


def _score_defendant(report: Report, doc_id: str, gold: Json, got: Json, index: int, match: int | None) -> bool:
    """Count every field and group of one gold defendant; true if all are right."""
    defendant = gold["defendants"][index]
    groups = {field.group: match is not None for field in DEFENDANT_FIELDS}
    for field in DEFENDANT_FIELDS:
        ours = field.value(defendant)
        theirs = MISSING if match is None else field.value(got["defendants"][match])
        right = ours == theirs
        report.tallies[field.name].add(right, active=not (is_empty(ours) and is_empty(theirs)))
        if not right:
            groups[field.group] = False
            report.misses.append(Miss(field.name, doc_id, ours, theirs, str(defendant.get("name")), index, match))
    for group, right in groups.items():
        report.tallies[f"group {group}"].add(right)
    report.tallies["defendant exact"].add(all(groups.values()))
    return all(groups.values())


def _score_evidence(report: Report, doc_id: str, gold: Json, got: Json, index: int, match: int, text: str) -> None:
    """A gold passage is supported if predicted evidence for the same part overlaps it, or the same words elsewhere."""
    own = f"/defendants/{index}/"
    for entry in gold.get("evidence") or ():
        part = entry["path"].removeprefix(own)
        if not entry["path"].startswith(own) or part not in _SUPPORT:
            continue
        support = f"/defendants/{match}/{_SUPPORT[part]}"
        spans = [
            (other["start"], other["end"])
            for other in got.get("evidence") or ()
            if other["path"] == support or other["path"].startswith(support + "/")
        ]
        quote = text[entry["start"] : entry["end"]]
        right = _overlaps(quote, spans, text)
        report.tallies[f"evidence {part}"].add(right)
        if not right:
            name = str(gold["defendants"][index].get("name"))
            theirs = tuple(text[start:end] for start, end in spans)
            report.misses.append(Miss(f"evidence {part}", doc_id, quote, theirs, name, index, match))


def _overlaps(quote: str, spans: list[tuple[int, int]], text: str) -> bool:
    at = text.find(quote)
    while at >= 0:
        if any(start < at + len(quote) and end > at for start, end in spans):
            return True
        at = text.find(quote, at + 1)
    return False
