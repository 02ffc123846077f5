"""The command line: panjue extract, show, schema, eval, gate."""

from __future__ import annotations

import importlib
import json
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import click

_ELSEWHERE = {"eval": "panjue.eval.command:eval_command", "gate": "panjue.eval.gate:gate_command"}


class _Stopped(click.ClickException):
    """The run did not get to its end."""

    exit_code = 3


class _Commands(click.Group):
    """Commands of other modules are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE:
            module, name = _ELSEWHERE[cmd_name].split(":")
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands)
@click.version_option(package_name="panjue")
def main() -> None:
    """Structured records from Chinese criminal judgments (刑事判决书).

    \b
    panjue extract judgments/ -o out            a folder of downloads
    panjue extract export.csv -o out --show     and print a table
    cat one.txt | panjue extract - -o out       standard input
    panjue show out                             the table again
    """


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder for the output.")
@click.option("--text-field", help="Field or column that holds the judgment, if its name is unusual.")
@click.option("--id-field", help="Field or column that holds the identifier.")
@click.option("--with-names", is_flag=True, help="Put names of people into the tables.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes [default: all processors].")
@click.option("--show", is_flag=True, help="Print a table of the defendants at the end.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def extract(
    paths: tuple[str, ...],
    out: Path,
    text_field: str | None,
    id_field: str | None,
    with_names: bool,
    jobs: int | None,
    show: bool,
    quiet: bool,
) -> None:
    """Read judgments from files, folders or standard input (-) and write records and tables.

    Reads .txt, .html, .json, .jsonl and .csv, each also as .gz. Writes records.jsonl, errors.jsonl and the tables
    cases, defendants, charges and evidence as Parquet and CSV. An earlier output in the folder is replaced.
    Exit code: 0 all was read, 1 something failed (see errors.jsonl; the rest is written), 2 wrong use, 3 stopped,
    nothing is written.

    \b
    panjue extract judgments/ -o out
    panjue extract export.csv --text-field 判决全文 --id-field 编号 -o out
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from panjue.corpora.reader import count_bytes
    from panjue.run import OutputError, run

    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        raise click.UsageError(f"no such file or folder: {', '.join(missing)}")
    console = Console(stderr=True)
    bar = Progress(
        BarColumn(),
        TextColumn("{task.fields[done]} judgments, {task.fields[rate]:.0f}/s, left"),
        TimeRemainingColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
    )
    started = time.monotonic()
    task = bar.add_task("extract", total=count_bytes(paths, out) or None, done=0, rate=0.0)
    done = 0

    def advance(size: int) -> None:
        # how much is left is known in bytes only; packed files are larger than they look, the bar then runs ahead
        nonlocal done
        done += 1
        bar.update(task, advance=size, done=done, rate=done / (time.monotonic() - started))

    try:
        with bar:
            summary = run(
                paths,
                out,
                text_field=text_field,
                id_field=id_field,
                with_names=with_names,
                jobs=jobs,
                progress=advance,
            )
    except OutputError as error:
        raise click.UsageError(str(error)) from error
    except BrokenExecutor as error:
        raise _Stopped("a worker process was ended from outside, by the system for want of memory?") from error
    except OSError as error:
        raise _Stopped(str(error)) from error
    if show:
        _print_table(out)
    counts = summary.counts
    click.echo(
        f"read {counts['read']}, extracted {counts['extracted']} (partial {counts['partial']}, "
        f"flagged {counts['flagged']}), out of scope {counts['out_of_scope']}, failed {counts['failed']} → {out}"
    )
    for failure in summary.failures[:5]:
        click.echo(f"  failed: {failure['source']}: {failure['reason']}", err=True)
    if len(summary.failures) > 5:
        click.echo(f"  … and {len(summary.failures) - 5} more, in {out / 'errors.jsonl'}", err=True)
    sys.exit(1 if counts["failed"] else 0)


@main.command()
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
def show(out: Path) -> None:
    """Print one row for each defendant of an output folder."""
    if not (out / "records.jsonl").exists():
        raise click.UsageError(f"{out} holds no records.jsonl; make it with: panjue extract … -o {out}")
    _print_table(out)


@main.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from panjue.extractors.record import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _print_table(out: Path) -> None:
    from rich.console import Console

    from panjue.run import records_of
    from panjue.show import defendants_table

    console = Console()
    Console(width=None if console.is_terminal else 160).print(defendants_table(records_of(out)))
