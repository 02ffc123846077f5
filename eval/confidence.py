"""How often values are right, by the confidence of the evidence they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
from msgspec import Struct
from rich import box
from rich.console import Console
from rich.table import Table

from panjue.eval.calibration import Bin, Pair, by_band, said, said_of_records
from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, MISSING, Field, Json, is_empty
from panjue.eval.passages import evidence_of, pointers_of
from panjue.eval.score import Records, align, score
from panjue.extractors.confidence import record_confidence
from panjue.extractors.record import decode

UNSURE = 0.95
"""Below this confidence a person should look at a value."""


class Judged(Struct, frozen=True):
    """One predicted value that is not empty; ``confidence`` is None where it has no evidence."""

    field: str
    confidence: float | None
    right: bool
    evidence: tuple[int, ...] = ()
    """Positions of the entries it rests on in the record's evidence."""


def calibrate(gold: Records, predicted: Records) -> list[Judged]:
    """Every predicted value that is not empty, of the documents gold has.

    A value's confidence is that of the evidence whose path points to it or, failing that, to the nearest object
    around it; of several passages the least sure one counts. All values of a defendant whom gold lacks are wrong.
    """
    shared = [(gold[doc_id], record) for doc_id, record in predicted.items() if doc_id in gold]
    return [judged for ours, theirs in shared for judged in judge(ours, theirs)]


def judge(gold: Json, predicted: Json) -> Iterator[Judged]:
    """Every value of one predicted record that is not empty."""
    for field in CASE_FIELDS:
        yield from _value(field, gold.get("case") or {}, predicted.get("case") or {}, predicted, None)
    for index, match in align(gold, predicted):
        if match is None:
            continue
        for field in DEFENDANT_FIELDS:
            ours = None if index is None else gold["defendants"][index]
            yield from _value(field, ours, predicted["defendants"][match], predicted, match)


def _value(field: Field, ours: Json | None, theirs: Json, record: Json, defendant: int | None) -> Iterator[Judged]:
    value = field.value(theirs)
    if not is_empty(value):
        entries = evidence_of(record, pointers_of(field.name, defendant))
        yield Judged(
            field.name,
            confidence=min((float(entry.get("confidence", 1.0)) for entry in entries), default=None),
            right=value == (MISSING if ours is None else field.value(ours)),
            evidence=tuple(position for position, entry in enumerate(record.get("evidence") or ()) if entry in entries),
        )


def calibrate_records(gold: Records, predicted: Records) -> list[Pair]:
    """The confidence of every predicted record of a judgment in scope, and whether all of it is gold's.

    Passed over are the documents gold does not have, and records that lack what the contract has.
    """
    pairs = []
    for doc_id, theirs in predicted.items():
        if doc_id in gold and theirs.get("status") != "out_of_scope":
            try:
                record = decode(json.dumps(theirs))
            except msgspec.ValidationError:
                continue
            exact = score({doc_id: gold[doc_id]}, {doc_id: theirs}).tallies["document exact"].right == 1
            pairs.append((record_confidence(record), exact))
    return pairs


def print_calibration(console: Console, values: list[Judged], records: list[Pair]) -> None:
    """The table by band of confidence, and how well it fits."""
    table = Table("confidence", box=box.SIMPLE_HEAD)
    for column in ("values", "right", "share", "95 %", "mean confidence"):
        table.add_column(column, justify="right")
    sure = [(value.confidence, value.right) for value in values if value.confidence is not None]
    for one in by_band(sure):
        table.add_row(f"{one.low} – {one.high}", *cells(one))
    bare = [value.right for value in values if value.confidence is None]
    table.add_row("no evidence", str(len(bare)), str(sum(bare)), f"{sum(bare) / len(bare):.1%}" if bare else "")
    console.print("\nvalues right, by the confidence of their evidence")
    console.print(table)
    console.print(said(sure))
    wrong = [confidence for confidence, right in sure if not right]
    console.print(
        f"{sum(one < UNSURE for one in wrong)} of the {len(wrong)} wrong values, and {sum(one < UNSURE for one, _ in sure)} "
        f"of all {len(sure)}, have a confidence under {UNSURE}"
    )
    console.print(said_of_records(records))


def cells(of: Bin) -> list[str]:
    """Values, right, share, its interval and the mean confidence, for a table; empty where there are no values."""
    if not of.values:
        return ["0", "0", "", "", ""]
    low, high = of.interval
    return [str(of.values), str(of.right), f"{of.share:.1%}", f"{low:.1%} – {high:.1%}", f"{of.mean:.3f}"]
