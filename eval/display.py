"""Figures, errors and differences for people, on a terminal or in a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from panjue.eval.fields import FIELDS, MISSING, Json
from panjue.eval.passages import excerpt, gold_evidence, predicted_evidence, printable
from panjue.eval.score import Miss, Records, Report, speaks_of

_LABELS = {  # of the figures that are not fields, in reading order
    "group charges": "罪名各项",
    "group plea": "认罪认罚各项",
    "group recommendation": "量刑建议各项",
    "group sentence": "刑罚各项",
    "group counsel": "辩护各项",
    "defendant exact": "被告人全对",
    "document exact": "文书全对",
    "evidence charges_convicted": "认定罪名依据",
    "evidence plea": "认罪认罚依据",
    "evidence recommendation": "量刑建议依据",
    "evidence recommendation/court_response": "采纳情况依据",
    "evidence sentence": "刑罚依据",
    "evidence counsel": "辩护人依据",
    "defendants": "被告人姓名",
    "defendants recall": "被告人查全率",
    "defendants precision": "被告人查准率",
    "mean of fields": "各项平均",
}


def label(name: str) -> str:
    """The legal term of a figure, in Chinese."""
    return FIELDS[name].label if name in FIELDS else _LABELS[name]


def order(names: Iterable[str]) -> list[str]:
    """Figures as people read them: the names, the case, the defendant's fields, the groups, the whole, the evidence."""
    return sorted(names, key=["defendants", *FIELDS, *_LABELS].index)


def share(right: int, total: int) -> str:
    """A share in per cent, with one decimal."""
    return f"{right / total:.1%}" if total else ""


def print_figures(console: Console, report: Report) -> None:
    """The table of all figures, and the defendants found."""
    table = Table("field", "项目", box=box.SIMPLE_HEAD)
    for column in ("right", "all", "right (active)", "active"):
        table.add_column(column, justify="right")
    for name in order(report.tallies):
        tally = report.tallies[name]
        active = f"{tally.active_right}/{tally.active_total}" if tally.active_total else ""
        table.add_row(
            name,
            label(name),
            f"{tally.right}/{tally.total}",
            share(tally.right, tally.total),
            active,
            share(tally.active_right, tally.active_total),
        )
    console.print(table)
    console.print(
        f"defendants 被告人: precision {report.precision:.1%}, recall {report.recall:.1%} "
        f"({report.defendants_matched} of {report.defendants_gold} found, "
        f"{report.defendants_predicted - report.defendants_matched} not in gold)"
    )


def print_misses(
    console: Console,
    misses: Iterable[Miss],
    limit: int,
    gold: Records,
    predicted: Records,
    texts: Mapping[str, str],
) -> None:
    """Up to ``limit`` misses of each field, with the words that gold and the prediction rest on.

    Defendants who were not found are named once, under ``defendants``, and only counted under every field.
    """
    misses = list(misses)
    for name in order({miss.field for miss in misses}):
        of_field = [miss for miss in misses if miss.field == name]
        shown = [miss for miss in of_field if miss.predicted != MISSING]
        not_found = f", {len(of_field) - len(shown)} of defendants not found" if len(shown) < len(of_field) else ""
        console.print(Text(f"\n{name} {label(name)}: {len(of_field)}{not_found}", style="bold"))
        for miss in shown[:limit]:
            _print_miss(console, miss, gold[miss.doc_id], predicted.get(miss.doc_id, {}), texts.get(miss.doc_id))
        if len(shown) > limit:
            console.print(f"  … and {len(shown) - limit} more")


def print_changes(
    console: Console, name: str, before: Report, after: Report, gains: Iterable[Miss], losses: Iterable[Miss]
) -> None:
    """One line for each figure that gained or lost something against ``name``."""
    won, lost = Counter(miss.field for miss in gains), Counter(miss.field for miss in losses)
    table = Table("field", "项目", box=box.SIMPLE_HEAD)
    for column in ("before", "after", "gains", "losses"):
        table.add_column(column, justify="right")
    for field in order(won.keys() | lost.keys()):
        old, new = before.tallies.get(field), after.tallies.get(field)
        table.add_row(
            field,
            label(field),
            share(old.right, old.total) if old else "",
            share(new.right, new.total) if new else "",
            f"+{won[field]}" if won[field] else "",
            f"-{lost[field]}" if lost[field] else "",
        )
    console.print(f"\nagainst {name}" if table.rows else f"\nno gains and no losses against {name}")
    if table.rows:
        console.print(table)


def _print_miss(console: Console, miss: Miss, gold: Json, predicted: Json, text: str | None) -> None:
    head = f"{miss.doc_id} {miss.name}".rstrip()
    if not miss.field.startswith("evidence "):  # there the values are the passages, which follow
        head += f": gold {_shown(miss.gold)}, got {_shown(miss.predicted)}"
    _print_line(console, 2, head)
    if text is None:
        return
    for entry in gold_evidence(miss, gold):
        _print_line(console, 6, f"gold  {excerpt(text, entry['start'], entry['end'])}", "green")
    if not speaks_of(predicted, text):
        _print_line(console, 6, "got   (its evidence speaks of another text)")
        return
    for entry in predicted_evidence(miss, predicted):
        source = f"{entry.get('source', '')} {entry.get('confidence', '')}".rstrip()
        _print_line(console, 6, f"got   {excerpt(text, entry['start'], entry['end'])}  {source}", "yellow")


def _print_line(console: Console, indent: int, line: str, style: str = "") -> None:
    console.print(Text(" " * indent + printable(line), style=style), soft_wrap=True)


def _shown(value: Hashable) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
