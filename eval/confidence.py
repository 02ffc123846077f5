"""How often values are right, by the confidence of the evidence they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from rich import box
from rich.console import Console
from rich.table import Table

from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, MISSING, Field, Json, is_empty
from panjue.eval.passages import evidence_of, pointers_of
from panjue.eval.score import Records, align


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


def print_calibration(console: Console, values: list[Judged]) -> None:
    """The table by tenth of confidence, and the two ends: the sure values and where the errors lie."""
    table = Table("confidence", box=box.SIMPLE_HEAD)
    for column in ("values", "right", "share"):
        table.add_column(column, justify="right")

    def row(name: str, of: list[Judged]) -> None:
        right = sum(value.right for value in of)
        table.add_row(name, str(len(of)), str(right), f"{right / len(of):.1%}" if of else "")

    for tenth in range(10):
        row(f"{tenth / 10:.1f} – {(tenth + 1) / 10:.1f}", _between(values, tenth / 10, (tenth + 1) / 10))
    row("no evidence", [value for value in values if value.confidence is None])
    table.add_section()
    row("at least 0.95", _between(values, 0.95, 1.0))
    row("under 0.6", _between(values, 0.0, 0.6))
    console.print("\nvalues right, by the confidence of their evidence")
    console.print(table)
    wrong = [value for value in values if not value.right]
    console.print(f"{len(_between(wrong, 0.0, 0.6))} of the {len(wrong)} wrong values have a confidence under 0.6")


def _between(values: list[Judged], low: float, high: float) -> list[Judged]:
    """The values with ``low`` ≤ confidence < ``high``; 1.0 belongs to the last interval."""
    return [
        v for v in values if v.confidence is not None and low <= v.confidence and (v.confidence < high or high == 1)
    ]
