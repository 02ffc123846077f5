"""Make ``confidence.csv`` and ``record_confidence.csv`` of ``extractors/lexicons``: how sure values and records are.

    python -m panjue.eval.reliability --gold GOLD PRED [--gold GOLD PRED …] [--reviews PRED]

Each pair is a file of gold records and the records extracted from the same texts. With --reviews the records in PRED
are judged by what ``eval/reviews`` says of them; what people found debatable there is passed over.

Figures are printed in sample, by the lists and weights as they are shipped, and out of fold: for each tenth of the courts
they were made, and calibrated, on the others. Records are counted as they are today, and as they were when they were first read: most of
what was wrong then is put right.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import click
from rich import box
from rich.console import Console
from rich.table import Table

from panjue import extractors
from panjue.eval import record_weights
from panjue.eval.calibration import Bin, Pair, by_band, said, said_of_records
from panjue.eval.command import terminal
from panjue.eval.confidence import cells
from panjue.eval.decision_lists import Line, Weighed, held_out, learn, weighed
from panjue.eval.judged import of_gold, of_reviews

_LISTS = Path(extractors.__file__).parent / "lexicons" / "confidence.csv"
_WEIGHTS = _LISTS.with_name("record_confidence.csv")
_REVIEWS = Path(__file__).parent / "reviews"


@click.command()
@click.option("--gold", "pairs", nargs=2, multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--reviews", type=click.Path(exists=True, path_type=Path), help="Records of the reviewed judgments.")
def main(pairs: tuple[tuple[Path, Path], ...], reviews: Path | None) -> None:
    """Write the decision lists and the weights of confidence, and print how well they fit."""
    documents = [one for gold, pred in pairs for one in of_gold(gold, pred)]
    if reviews:
        documents.extend(of_reviews(_REVIEWS, reviews))
    if not documents:
        raise click.UsageError("nothing that was judged: give --gold or --reviews")
    try:
        lists = learn(documents)
        unseen = list(held_out(documents, learn))
        weights = record_weights.fit(_in_scope(unseen))
        outside = _Fit("out of fold", unseen, list(record_weights.held_out(_in_scope(unseen))))
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[review]'") from error
    _write(lists, weights)
    shipped = list(weighed(documents, lists))
    inside = _Fit("in sample", shipped, [(one, record_weights.sure(one, weights)) for one in _in_scope(shipped)])
    _print(terminal(), inside, outside)


class _Fit(NamedTuple):
    name: str
    documents: list[Weighed]
    records: list[tuple[Weighed, float]]
    """Those in scope, with the confidence of the whole record."""


def _in_scope(found: Iterable[Weighed]) -> list[Weighed]:
    return [one for one in found if one.document.record.status != "out_of_scope"]


def _write(lists: dict[str, list[Line]], weights: dict[str, float]) -> None:
    with _LISTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["group", "signals", "values", "right", "right_at_first", "confidence"])
        for group, lines in lists.items():
            writer.writerows(
                [group, one.said, one.values, one.right, one.right_at_first, one.confidence] for one in lines
            )
    with _WEIGHTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["trait", "weight"])
        writer.writerows(weights.items())


def _print(console: Console, *fits: _Fit) -> None:
    for fit in fits:
        values = [pair for pairs in _by_group(fit.documents).values() for pair in pairs]
        console.print(f"\n{fit.name}: {len(values)} values, {sum(not right for _, right in values)} of them wrong")
        console.print(_bands("confidence", values))
        console.print(said(values))
        today = [(sure, one.document.right) for one, sure in fit.records]
        console.print(_bands("confidence of the record", today))
        console.print(said(today))
        console.print("today:", said_of_records(today))
        console.print("at first:", said_of_records([(sure, one.document.right_at_first) for one, sure in fit.records]))
    console.print("\nout of fold, by group of fields")
    groups = _by_group(fits[-1].documents)
    console.print(_table("group", [(name, by_band(pairs, (0.0, 1.0))[0]) for name, pairs in groups.items()]))
    console.print(f"→ {_LISTS}\n→ {_WEIGHTS}")


def _by_group(found: Iterable[Weighed]) -> dict[str, list[Pair]]:
    """The values that were read, by group of fields; silences have no confidence that anybody sees."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for one in found:
        for seen, confidence in one.values:
            if seen.stated:
                groups[seen.group].append((confidence, seen.right))
    return dict(sorted(groups.items()))


def _bands(head: str, pairs: list[Pair]) -> Table:
    return _table(head, [(f"{one.low} – {one.high}", one) for one in by_band(pairs)])


def _table(head: str, rows: list[tuple[str, Bin]]) -> Table:
    table = Table(head, box=box.SIMPLE_HEAD)
    for column in ("values", "right", "share", "95 %", "mean confidence", "difference"):
        table.add_column(column, justify="right")
    for name, one in rows:
        table.add_row(name, *cells(one), f"{one.mean - one.share:+.4f}" if one.values else "")
    return table


if __name__ == "__main__":
    main()
