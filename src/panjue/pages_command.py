"""``panjue consistency`` and ``panjue report``: pages for people."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from panjue.analysis.consistency import consistency
from panjue.analysis.measures.correction import accuracy
from panjue.analysis.measures.definitions import MEASURES
from panjue.analysis.measures.source import SourceError, open_tables
from panjue.analysis.tables import Choices, deletion_of, kept, write_tables
from panjue.eval.checks import records_in
from panjue.eval.command import BadInput
from panjue.eval.records import read_records
from panjue.extractors.lexicon import lexicon_version
from panjue.run.manifest import version

_OUT = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("consistency")
@click.argument("out", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML file.")
@click.option("--delete", type=_FILE, help="Case numbers or doc_ids to leave out, one a line.")
def consistency_command(out: Path, output: Path, delete: Path | None) -> None:
    """Write a page that says by kind how often what was read contradicts the law or itself.

    OUT is an output folder or a file of records. The page holds numbers of judgments, no names and no text.

    \b
    panjue consistency out -o consistency.html
    """
    try:
        found = consistency(kept(records_in(out), deletion_of(delete)))
    except ValueError as error:  # dates follow the contract's pattern, and may still be none: 2019-02-30
        raise BadInput(f"{out}: {error}") from error
    try:
        from panjue.analysis.pages.consistency import consistency_page

        page = consistency_page(found, {"toolkit": version(), "lexicons": lexicon_version()})
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[tables]'") from error
    output.write_text(page, encoding="utf-8")
    hard = sum(one.found for one in found.checks if one.hard)
    click.echo(f"{found.records:,} records, {hard:,} contradictions by hard checks: {output}")


def _counting(steps: int) -> Any:
    return click.progressbar(length=steps, label="counting", file=sys.stderr)


@click.command("report")
@click.argument("out", type=_OUT)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML file.")
@click.option("--delete", type=_FILE, help="Case numbers or doc_ids to leave out, one a line.")
@click.option("--gold", type=_OUT, help="Gold records: rates are also corrected for errors, and confidences compared.")
@click.option("--read", type=_OUT, help="What was read of the gold's judgments; goes with --gold.")
def report_command(out: Path, output: Path, delete: Path | None, gold: Path | None, read: Path | None) -> None:
    """Write a page of tables and plots: leniency, counsel, recommendations, adoption, sentences, time.

    OUT is an output folder, a file of records, or a folder that panjue tables wrote. The page opens from disk, can be
    printed, and holds no names and no text.

    \b
    panjue report out -o report.html
    panjue report out -o report.html --gold gold.jsonl --read gold-out
    """
    if (gold is None) != (read is None):
        raise click.UsageError("--gold and --read go together")
    if delete and (out / "defendants_wide.parquet").exists():
        raise click.UsageError("--delete is for records; tables are written without them: panjue tables --delete")
    try:
        from panjue.analysis.pages.report import report_page
        from panjue.analysis.report import SECTIONS, report, sureness

        with TemporaryDirectory(prefix="panjue-") as work, _counting(len(SECTIONS)) as bar:
            tables = out
            if not (out / "defendants_wide.parquet").exists():
                tables = Path(work)
                write_tables(records_in(out), (), tables, Choices(deleted=deletion_of(delete)), {"toolkit": version()})
            errors = accuracy(records_in(gold), records_in(read), MEASURES) if gold and read else None
            sure = sureness(read_records(gold), read_records(read)) if gold and read else None
            found = report(open_tables(tables), errors, lambda _: bar.update(1), sure)
        page = report_page(found, {"toolkit": version(), "lexicons": lexicon_version()})
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[report]'") from error
    except SourceError as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise BadInput(f"{out}: {error}") from error
    output.write_text(page, encoding="utf-8")
    click.echo(f"{found.judgments:,} judgments, {found.defendants:,} defendants: {output}")
