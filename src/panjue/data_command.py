"""``panjue data build``: examples for a tagger from records."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from panjue.models.tagger.examples import fingerprint
from panjue.models.tagger.silver import build
from panjue.run.folder import records_of
from panjue.run.manifest import version
from panjue.run.texts import TextError, texts_of


@click.group("data")
def data_group() -> None:
    """Data to train models on."""


@data_group.command("build")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON lines.")
@click.option(
    "--least", type=click.FloatRange(0, 1), default=0.95, show_default=True, help="Confidence of what is marked."
)
def build_command(out: Path, output: Path, least: float) -> None:
    """Make marked examples of an output folder: sentences, and in them what was read surely.

    Courts, and texts of the same judgment, are not split between train, dev and test. Beside FILE.jsonl,
    FILE.about.json says how many of each label there are, with a hash of the examples. The file holds passages of the
    judgments: it is as personal as they are.

    \b
    panjue data build out -o examples.jsonl
    python -c "import datasets; print(datasets.load_dataset('json', data_files='examples.jsonl'))"
    """
    total = sum(1 for _ in records_of(out))
    try:
        with click.progressbar(texts_of(out), total, label="reading", file=sys.stderr) as found:
            made = build(found, least)
    except TextError as error:
        raise click.ClickException(str(error)) from error
    encoder = msgspec.json.Encoder()
    with output.open("wb") as file:
        for example in made.examples:
            file.write(encoder.encode(example) + b"\n")
    about = {
        "toolkit": version(),
        "least": least,
        "sha256": fingerprint(made.examples),
        "examples": len(made.examples),
        "judgments": made.judgments,
        "courts": made.courts,
        "labels": made.labels,
        "moved": made.moved,
    }
    output.with_suffix(".about.json").write_bytes(msgspec.json.format(msgspec.json.encode(about)) + b"\n")
    click.echo(f"{len(made.examples):,} examples of {sum(made.judgments.values()):,} judgments: {output}")
