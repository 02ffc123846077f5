"""``panjue data``: examples for a tagger from records, and the same for spaCy's trainer."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from panjue.models.tagger import spacy_corpus
from panjue.models.tagger.examples import ExampleError, fingerprint, read_examples
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
@click.option(
    "--most", type=click.IntRange(min=1), help="Passages of a label to train on; then rare labels weigh more."
)
def build_command(out: Path, output: Path, least: float, most: int | None) -> None:
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
            made = build(found, least, most)
    except TextError as error:
        raise click.ClickException(str(error)) from error
    encoder = msgspec.json.Encoder()
    with output.open("wb") as file:
        for example in made.examples:
            file.write(encoder.encode(example) + b"\n")
    about = {
        "toolkit": version(),
        "least": least,
        "most": most,
        "sha256": fingerprint(made.examples),
        "examples": len(made.examples),
        "judgments": made.judgments,
        "courts": made.courts,
        "labels": made.labels,
        "moved": made.moved,
    }
    output.with_suffix(".about.json").write_bytes(msgspec.json.format(msgspec.json.encode(about)) + b"\n")
    click.echo(f"{len(made.examples):,} examples of {sum(made.judgments.values()):,} judgments: {output}")


@data_group.command("export")
@click.argument("examples", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--spacy", "form", flag_value="spacy", required=True, help="DocBin files and a config for spacy train.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder.")
def export_command(examples: Path, form: str, output: Path) -> None:  # noqa: ARG001 - there is one form
    """Write marked examples for the trainer of spaCy. Needs panjue[spacy].

    FOLDER gets train.spacy, dev.spacy, test.spacy, with the passages in doc.spans["sc"], and config.cfg. Examples of
    train and dev there must be; without any of test there is no test.spacy.

    \b
    panjue data export examples.jsonl --spacy -o corpus
    cd corpus && python -m spacy train config.cfg -o model
    python -m spacy evaluate model/model-best test.spacy
    """
    try:
        written = spacy_corpus.write(read_examples(examples), output)
    except ExampleError as error:
        raise click.ClickException(str(error)) from error
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[spacy]'") from error
    click.echo(f"{', '.join(f'{number:,} {split}' for split, number in written.items())}: {output}")
