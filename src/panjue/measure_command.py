"""``panjue measure`` and ``panjue compare``: the field's measures over the tables, with what bounds them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from panjue.analysis.measures.comparing import Comparison, compare
from panjue.analysis.measures.correction import accuracy, corrected
from panjue.analysis.measures.definitions import BY_NAME, MEASURES
from panjue.analysis.measures.kinds import Estimate, Measure
from panjue.analysis.measures.source import SourceError, open_tables
from panjue.analysis.measures.table import measured, write_estimates
from panjue.eval.checks import records_in

_TABLES = click.Path(exists=True, file_okay=False, path_type=Path)
_UNBOUNDED = 220
"""Characters of a line where the output is no terminal but a file or another program."""
_OUT = click.Path(exists=True, path_type=Path)


@click.command("measure")
@click.argument("tables", type=_TABLES, required=False)
@click.argument("names", nargs=-1)
@click.option("--by", multiple=True, metavar="COLUMN", help="One estimate for each value of it; may be repeated.")
@click.option("--where", metavar="SQL", help="Only rows for which this holds, such as: judgment_year >= 2019")
@click.option("--gold", type=_OUT, help="Gold records: rates are also given corrected for errors of extraction.")
@click.option("--read", type=_OUT, help="What was read of the gold's judgments; goes with --gold.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A .csv, .parquet or .json file.")
@click.option("--list", "listed", is_flag=True, help="Only print what measures there are.")
def measure_command(
    tables: Path | None,
    names: tuple[str, ...],
    by: tuple[str, ...],
    where: str | None,
    gold: Path | None,
    read: Path | None,
    output: Path | None,
    listed: bool,
) -> None:
    """Measures over TABLES, all of them or those NAMED.

    A rate comes with its 95 % interval (Wilson, with fewer effective rows where defendants share a case), the share of
    rows where the answer is known (coverage), and the share of all rows (lower bound). Groups of fewer than ten rows,
    thirty for dispersion, are suppressed.

    \b
    panjue measure --list
    panjue measure tables
    panjue measure tables leniency lawyer --by economic_region --by judgment_year
    panjue measure tables fixed --by main_charge --where "judgment_year >= 2019" -o fixed.csv
    """
    if listed:
        _list()
        return
    if tables is None:
        raise click.UsageError("name the folder of the tables; make it with: panjue tables OUT -o tables")
    if (gold is None) != (read is None):
        raise click.UsageError("--gold and --read go together")
    chosen = [_measure(name) for name in names] or list(MEASURES)
    errors = accuracy(records_in(gold), records_in(read), chosen) if gold and read else {}
    try:
        base = open_tables(tables)
        found = []
        with click.progressbar(chosen, label="measuring", file=sys.stderr) as bar:
            for measure in bar:
                known = errors.get(measure.name)
                found += [corrected(one, known) for one in measured(base, [measure], by, where, skip=not names)]
    except SourceError as error:
        raise click.ClickException(str(error)) from error
    except _duckdb_error() as error:
        raise click.ClickException(f"--where {where}: {error}") from error
    if output:
        try:
            write_estimates(found, by, output)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    _show(found, by, corrected_too=bool(errors))


@click.command("compare")
@click.argument("tables", type=_TABLES)
@click.argument("name")
@click.option("--by", required=True, metavar="COLUMN", help="The column whose groups are compared.")
@click.option("--group", "groups", multiple=True, required=True, help="A value of it; two or more.")
@click.option("--within", multiple=True, metavar="COLUMN", help="Compare within cells of these columns.")
@click.option("--where", metavar="SQL", help="Only rows for which this holds.")
def compare_command(
    tables: Path, name: str, by: str, groups: tuple[str, ...], within: tuple[str, ...], where: str | None
) -> None:
    """Compare groups for one measure, as they are and with the same mix of cells.

    Each cell is weighted by its share of all rows in cells where every group has some (direct standardisation). Two
    groups also get their gap, and for rates the odds ratio of Mantel and Haenszel. A gap is no effect: what the cells
    do not hold stays mixed.

    \b
    panjue compare tables lawyer --by economic_region --group east --group west --within main_charge --within court_level
    panjue compare tables log_months --by plea_status --group applied --group plea_only --within main_charge --within severity
    """
    try:
        found = compare(open_tables(tables), _measure(name), by, groups, within, where)
    except SourceError as error:
        raise click.ClickException(str(error)) from error
    except _duckdb_error() as error:
        raise click.ClickException(f"--where {where}: {error}") from error
    _show_comparison(found)


def _measure(name: str) -> Measure:
    if name not in BY_NAME:
        raise click.UsageError(f"there is no measure {name}; panjue measure --list shows all")
    return BY_NAME[name]


def _duckdb_error() -> type[Exception]:
    try:
        import duckdb
    except ImportError as error:
        raise click.ClickException("duckdb is not installed: pip install 'panjue[tables]'") from error
    return duckdb.Error


def _list() -> None:
    table = Table("measure", "formula", "what it is", "", "of", box=None, pad_edge=False)
    for one in MEASURES:
        table.add_row(one.name, one.formula, one.english, one.chinese, one.population_says)
    _console().print(table)


def _show(found: Iterable[Estimate], by: Sequence[str], *, corrected_too: bool) -> None:
    table = Table("measure", "", *by, box=None, pad_edge=False)
    figures = ["estimate", "95 %", "n", "coverage", "lower bound", *(["corrected", "95 %"] if corrected_too else [])]
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True)
    for one in found:
        values = [one.group[column] or "–" for column in by]
        share = one.statistic == "rate"
        if one.suppressed:
            cells = ["suppressed"] + [""] * (len(figures) - 1)
        else:
            cells = [_figure(one.estimate, share=share), _interval(one.low, one.high, share=share), f"{one.known:,}"]
            cells += [_figure(one.coverage, share=True), _figure(one.lower_bound, share=True)]
            if corrected_too:
                cells += [_figure(one.corrected, share=True), _interval(one.corrected_low, one.corrected_high, share=True)]  # fmt: skip
        table.add_row(one.measure, "" if share else one.statistic, *values, *cells)
    _console().print(table)


def _show_comparison(found: Comparison) -> None:
    share = bool(BY_NAME[found.measure].holds)
    table = Table(found.by, box=None, pad_edge=False)
    for name in ("n", "raw", "same mix", "95 %"):
        table.add_column(name, justify="right")
    for one in found.groups:
        cells = [_figure(value, share=share) for value in (one.raw, one.standardised)]
        table.add_row(one.group, f"{one.rows:,}", *cells, _interval(one.low, one.high, share=share))
    console = _console()
    console.print(table)
    within = ", ".join(found.within) or "no cells"
    console.print(f"within {within}: {found.support:.1%} of the rows stand in cells where every group has some")
    if found.gap is not None:
        console.print(
            f"gap {_figure(found.gap, share=share)} ({_interval(found.gap_low, found.gap_high, share=share)})"
        )
    if found.odds_ratio is not None:
        console.print(f"odds ratio {found.odds_ratio:.2f} ({_interval(found.odds_low, found.odds_high, share=False)})")


def _figure(value: float | None, *, share: bool) -> str:
    if value is None:
        return ""
    return f"{value:.1%}" if share else f"{value:,.2f}"


def _interval(low: float | None, high: float | None, *, share: bool) -> str:
    if low is None or high is None:
        return ""
    return f"{_figure(low, share=share)} – {_figure(high, share=share)}"


def _console() -> Console:
    screen = Console()
    return screen if screen.is_terminal else Console(width=_UNBOUNDED)
