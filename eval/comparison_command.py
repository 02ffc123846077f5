"""``panjue compare-readers``: several readers of the same judgments, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich import box
from rich.markup import escape
from rich.table import Table

from panjue.eval.command import inputs, terminal, write_json
from panjue.eval.display import label

if TYPE_CHECKING:  # it needs numpy
    from panjue.eval.comparison import Comparison, Interval, Standing

_FIELD, _READER = 54, 28
"""Columns of a line that a field's names take, and one reader's figures."""


def _named(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, Path]:
    """NAME=FILE, each name once."""
    named: dict[str, Path] = {}
    for one in given:
        name, _, file = one.partition("=")
        if not name or not file:
            raise click.BadParameter(f"{one}: give it a name, such as rules={one}")
        if name in named:
            raise click.BadParameter(f"{name} for the second time")
        if not Path(file).exists():
            raise click.BadParameter(f"{file}: no such file or folder")
        named[name] = Path(file)
    return named


@click.command("compare-readers")
@click.option("--gold", type=click.Path(exists=True, path_type=Path), required=True, help="Gold records, JSON Lines.")
@click.option(
    "--pred",
    "readers",
    multiple=True,
    required=True,
    metavar="NAME=FILE",
    callback=_named,
    help="A reader and its records, a file or an output folder; the others are compared with the first.",
)
@click.option("--resamples", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--markdown", type=click.Path(dir_okay=False, path_type=Path), help="FILE for the table of a model card.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, allow_dash=True), help="FILE for machines; - alone."
)
def compare_readers_command(
    gold: Path, readers: dict[str, Path], resamples: int, seed: int, markdown: Path | None, json_file: str | None
) -> None:
    """Compare readers over gold: the share right of each, and its difference to the first, with intervals of 95 %.

    Courts are resampled (bootstrap), for the judgments of a court are alike. * marks a difference whose interval
    does not hold 0; of twenty fields that do not differ about one is marked by chance. Needs panjue[eval].

    \b
    panjue compare-readers --gold gold.jsonl --pred rules=out --pred restored=restored-out
    """
    try:
        from panjue.eval.comparison import compare
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[eval]'") from error
    given = {name: inputs(gold, path, None) for name, path in readers.items()}
    ours = next(iter(given.values()))[0]
    found = compare(ours, {name: theirs for name, (_, theirs, _) in given.items()}, resamples=resamples, seed=seed)
    if markdown:
        markdown.write_text(as_markdown(found), encoding="utf-8")
    if json_file:
        write_json(json_file, msgspec.to_builtins(found))
        if json_file == "-":
            return
    console = terminal(_FIELD + _READER * len(found.readers))
    for title, standings in _tables(found):
        table = Table(
            "field", "项目", *map(escape, found.readers), title=title, title_justify="left", box=box.SIMPLE_HEAD
        )
        for name, row in standings.items():
            table.add_row(name, label(name), *(_cell(one) for one in row))
        console.print(table)
    console.print(_note(found), soft_wrap=True)


def as_markdown(found: Comparison) -> str:
    """The tables for a model card; the differences themselves are left out, their marks are not."""
    made = [_note(found)]
    for title, standings in _tables(found):
        made.append(f"\n{title}:\n")
        made.append("| field | " + " | ".join(found.readers) + " |")
        made.append("|---|" + "---:|" * len(found.readers))
        for name, row in standings.items():
            cells = (_interval(one.share) + _mark(one) for one in row)
            made.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(made) + "\n"


def _tables(found: Comparison) -> Iterator[tuple[str, dict[str, list[Standing]]]]:
    yield "All values", found.all
    yield "Active values", found.active


def _cell(one: Standing) -> str:
    """On two lines where there is a difference."""
    if one.difference is None:
        return _interval(one.share)
    return f"{_interval(one.share)}\n{_interval(one.difference, '+', ' to ')}{_mark(one)}"


def _interval(one: Interval | None, sign: str = "", to: str = "–") -> str:
    """In per cent, a difference in points."""
    if one is None:
        return "–"
    value, low, high = (f"{100 * number:{sign}.1f}" for number in (one.value, one.low, one.high))
    return f"{value} ({low}{to}{high})"


def _mark(one: Standing) -> str:
    return " *" if one.difference and one.difference.excludes_zero else ""


def _note(found: Comparison) -> str:
    others = f"; * what differs from {found.readers[0]} by the interval of the difference" if found.readers[1:] else ""
    return (
        f"Right values in per cent of {found.documents:,} judgments, in brackets the 95 % interval by {found.resamples:,} "
        f"resamples of their {found.courts:,} courts (seed {found.seed}){others}."
    )
