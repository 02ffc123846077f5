"""``panjue consistency``: a page on what not to trust in an output."""

from __future__ import annotations

from pathlib import Path

import click

from panjue.analysis.consistency import consistency
from panjue.eval.checks import records_in
from panjue.eval.command import BadInput
from panjue.extractors.lexicon import lexicon_version
from panjue.run.manifest import version


@click.command("consistency")
@click.argument("out", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML file.")
def consistency_command(out: Path, output: Path) -> None:
    """Write a page that says by kind how often what was read contradicts the law or itself.

    OUT is an output folder or a file of records. The page holds numbers of judgments, no names and no text.

    \b
    panjue consistency out -o consistency.html
    """
    try:
        found = consistency(records_in(out))
    except ValueError as error:  # dates follow the contract's pattern, and may still be none: 2019-02-30
        raise BadInput(f"{out}: {error}") from error
    try:
        from panjue.analysis.pages import consistency_page

        page = consistency_page(found, {"toolkit": version(), "lexicons": lexicon_version()})
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[tables]'") from error
    output.write_text(page, encoding="utf-8")
    hard = sum(one.found for one in found.checks if one.hard)
    click.echo(f"{found.records:,} records, {hard:,} contradictions by hard checks: {output}")
