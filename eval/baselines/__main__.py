"""``python -m panjue.eval.baselines``: records of a baseline, one JSON object a line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.eval.baselines import regex
from panjue.extractors.record import Record, encode


@click.command()
@click.argument("baseline", type=click.Choice(["regex", "cutword"]))
@click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON lines.")
def main(baseline: str, texts: tuple[Path, ...], output: Path) -> None:
    """Read judgments with a public baseline.

    \b
    python -m panjue.eval.baselines regex corpora/examples/texts -o regex.jsonl
    """
    reader = _reader(baseline)
    judgments = [one for one in read(list(texts)) if isinstance(one, Judgment)]
    if not judgments:
        raise click.ClickException(f"{', '.join(map(str, texts))}: no judgment")
    with output.open("wb") as file, click.progressbar(judgments, label="reading", file=sys.stderr) as bar:
        for one in bar:
            file.write(encode(reader(one.doc_id, one.text)) + b"\n")
    click.echo(f"{len(judgments):,} judgments: {output}")


def _reader(baseline: str) -> Callable[[str, str], Record]:
    if baseline == "regex":
        return regex.extract
    try:
        from panjue.eval.baselines.cutword import Reader
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[baselines]'") from error
    return Reader().extract


if __name__ == "__main__":
    main()
