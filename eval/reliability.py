"""Make ``extractors/lexicons/confidence.csv``: which signals tell a value that is likely wrong.

    python -m panjue.eval.reliability --gold GOLD PRED [--gold GOLD PRED …] [--reviews PRED]

Each pair is a file of gold records and the records extracted from the same texts. With --reviews the records in PRED
are judged by what ``eval/reviews`` says of them; what people found debatable there is passed over.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import click
from msgspec import Struct

from panjue import extractors
from panjue.eval.confidence import Judged, judge
from panjue.eval.fields import Json
from panjue.eval.records import read_records
from panjue.eval.score import align
from panjue.extractors.confidence import AND, ANY, confidence, lower_bound, signals
from panjue.extractors.record import decode

_LISTS = Path(extractors.__file__).parent / "lexicons" / "confidence.csv"
_REVIEWS = Path(__file__).parent / "reviews"
_LOW = 0.6
#: Fewer values than this cannot show that signals are worse than the rest.
_SUPPORT = 2
#: Signals must be this much below the rest to have a line of their own.
_WORSE = 0.02


class Seen(Struct, frozen=True):
    """One value that is not empty: its group of fields, its signals, whether it is right."""

    group: str
    signals: frozenset[str]
    right: bool


class Review(Struct, frozen=True):
    """What a person found of one field of a record, or with ``*`` of all of it."""

    doc_id: str
    defendant: str
    field: str
    verdict: str

    def speaks_of(self, value: Judged, record: Json) -> bool:
        """Whether this is about ``value``; without a defendant it is about all of them."""
        path = record["evidence"][value.evidence[0]]["path"].split("/")
        own = not self.defendant or (path[1] == "defendants" and path[2] == self.defendant)
        return own and self.field in (value.field, value.field.split(".")[0], "*")


@click.command()
@click.option("--gold", "pairs", nargs=2, multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--reviews", type=click.Path(exists=True, path_type=Path), help="Records of the reviewed judgments.")
def main(pairs: tuple[tuple[Path, Path], ...], reviews: Path | None) -> None:
    """Write the decision lists of confidence."""
    values = [value for gold, pred in pairs for value in of_gold(gold, pred)]
    if reviews:
        values.extend(of_reviews(_REVIEWS, reviews))
    groups: dict[str, list[Seen]] = defaultdict(list)
    for value in values:
        groups[value.group].append(value)
    with _LISTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["group", "signals", "right", "values"])
        for group in sorted(groups):
            writer.writerows([group, *line] for line in decision_list(groups[group]))
    wrong = [value for value in values if not value.right]
    low = [value for value in wrong if confidence(value.group, value.signals) < _LOW]
    click.echo(
        f"{len(values)} values, {len(wrong)} of them wrong, {len(low)} of these with less than {_LOW} → {_LISTS}"
    )


def of_gold(gold: Path, pred: Path) -> Iterator[Seen]:
    """The values of the documents that both files have."""
    ours, theirs = read_records(gold), read_records(pred)
    for doc_id in sorted(ours.keys() & theirs.keys()):
        yield from _seen(theirs[doc_id], [(v, v.right) for v in judge(ours[doc_id], theirs[doc_id])])
        yield from _names(ours[doc_id], theirs[doc_id])


def of_reviews(folder: Path, pred: Path) -> Iterator[Seen]:
    """The values of reviewed records, right unless a reviewer says wrong, left out where debatable."""
    records = read_records(pred)
    verdicts: dict[str, list[Review]] = defaultdict(list)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                verdicts[row["doc_id"]].append(Review(row["doc_id"], row["defendant"], row["field"], row["verdict"]))
    for doc_id in sorted(verdicts.keys() & records.keys()):
        record = records[doc_id]
        told = []
        for value in judge(record, record):
            found = {r.verdict for r in verdicts[doc_id] if value.evidence and r.speaks_of(value, record)}
            if "debatable" not in found:
                told.append((value, "wrong" not in found))
        yield from _seen(record, told)


def _seen(record: Json, values: list[tuple[Judged, bool]]) -> Iterator[Seen]:
    told = signals(decode(json.dumps(record)))
    for value, right in values:
        if value.evidence:
            group = min(told[position][1] for position in value.evidence)
            yield Seen(group, frozenset().union(*(told[position][2] for position in value.evidence)), right)


def _names(gold: Json, record: Json) -> Iterator[Seen]:
    """The names of the defendants: right if gold has them, too."""
    known = {match for index, match in align(gold, record) if index is not None}
    for entry, group, found in signals(decode(json.dumps(record))):
        if group == "name":
            yield Seen(group, frozenset(found), int(entry.path.split("/")[2]) in known)


def decision_list(values: list[Seen]) -> list[tuple[str, int, int]]:
    """Signals, one or two together, with how many of their values are right; the least reliable first, the rest last.

    Each line is counted only on values that no line before it takes.
    """
    lines = []
    while values:
        counts: dict[tuple[str, ...], list[bool]] = defaultdict(list)
        for value in values:
            own = sorted(value.signals - {ANY})
            for together in (*((signal,) for signal in own), *combinations(own, 2)):
                counts[together].append(value.right)
        rest = sum(value.right for value in values) / len(values)
        faulty = [key for key, found in counts.items() if not all(found) and len(found) >= _SUPPORT]
        needed = min(faulty, key=lambda key: (lower_bound(sum(counts[key]), len(counts[key])), key), default=())
        if not needed or sum(counts[needed]) / len(counts[needed]) > rest - _WORSE:
            break
        right = counts[needed]
        lines.append((AND.join(needed), sum(right), len(right)))
        values = [value for value in values if not set(needed) <= value.signals]
    return [*lines, (ANY, sum(value.right for value in values), len(values))]


if __name__ == "__main__":
    main()
