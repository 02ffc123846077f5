"""``panjue train`` and ``panjue models``: make the models, and see what they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.models.restoring.restorer import FOLDER
from panjue.models.tagger.checkpoint import ABOUT, CheckpointError, about
from panjue.models.tagger.examples import ExampleError, read_examples
from panjue.run.manifest import version

_TEXTS = click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
_OUT = click.option("-o", "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder.")
_STEPS = click.option("--steps", type=click.IntRange(min=1), help="Fewer for a trial.")
_BATCH = click.option("--batch", type=click.IntRange(min=1), help="Blocks at once: 256 keep a large GPU busy.")
_RATE = click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Higher with a larger batch.")
_RESUME = click.option("--resume", is_flag=True, help="Go on from the last checkpoint in the folder.")


@click.group("train")
def train_group() -> None:
    """Train the models: an encoder of characters, the restorer, a tagger. Needs panjue[models]."""


@train_group.command("encoder")
@_TEXTS
@_OUT
@_STEPS
@_BATCH
@_RATE
@click.option(
    "--start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Go on from this encoder or restorer, with its characters.",
)
@_RESUME
def encoder_command(
    texts: tuple[Path, ...], out: Path, start: Path | None, resume: bool, **given: float | None
) -> None:
    """Make a compact encoder of characters from judgments alone (masked characters).

    \b
    panjue train encoder judgments.jsonl.gz -o encoder
    panjue train encoder judgments.jsonl.gz -o longer --start encoder --steps 3600 --batch 256 --rate 0.0015
    """
    with _installed():
        from panjue.models.tagger.encoder import Pretraining, pretrain

        pretrain(_judgments(texts), out, Pretraining(**_settings(given)), start=start, resume=resume)


@train_group.command("restorer")
@click.argument("encoder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_TEXTS
@_OUT
@_STEPS
@_BATCH
@_RATE
@_RESUME
def restorer_command(encoder: Path, texts: tuple[Path, ...], out: Path, resume: bool, **given: float | None) -> None:
    """Teach an encoder to put misread characters right.

    \b
    panjue train restorer encoder judgments.jsonl.gz -o restorer
    """
    with _installed():
        from panjue.models.restoring.pairs import write_pairs
        from panjue.models.restoring.training import Teaching, train_restorer

        out.mkdir(parents=True, exist_ok=True)
        found = _judgments(texts)
        write_pairs(found, out / "pairs.npz")
        train_restorer(encoder, found, out, Teaching(**_settings(given)), resume=resume)


@train_group.command("tagger")
@click.argument("examples", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--encoder", required=True, help="A folder, or a name that the hub knows: hfl/chinese-roberta-wwm-ext.")
@_OUT
@click.option("--epochs", type=click.FloatRange(min=0, min_open=True), default=20.0, show_default=True)
@click.option(
    "--noise", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Characters misread, at most."
)
@_RESUME
def tagger_command(examples: Path, encoder: str, out: Path, epochs: float, noise: float, resume: bool) -> None:
    """Train a tagger of overlapping passages on marked examples, and measure it on those of the split "test".

    \b
    panjue train tagger cail2021_theft_ner.jsonl.gz --encoder encoder -o theft-tagger
    """
    try:
        known = read_examples(examples)
    except ExampleError as error:
        raise click.ClickException(str(error)) from error
    with _installed():
        from panjue.models.tagger.training import Training, train

        try:
            scores = train(
                encoder,
                [one for one in known if one.split != "test"],
                [one for one in known if one.split == "test"],
                out,
                Training(epochs=epochs, noise=noise),
                toolkit=version(),
                resume=resume,
            )
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{encoder}: {error}") from error
    table = Table("label", box=None, pad_edge=False)
    for heading in ("precision", "recall", "F1", "passages"):
        table.add_column(heading, justify="right")
    for label, one in scores.items():
        table.add_row(label, f"{one.precision:.1%}", f"{one.recall:.1%}", f"{one.f1:.1%}", f"{one.there:,}")
    Console().print(table)


@click.group("models")
def models_group() -> None:
    """What models there are, and what they are."""


@models_group.command("list")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
def list_command(folder: Path | None) -> None:
    """The restorer that comes with panjue, and the taggers in FOLDER.

    \b
    panjue models list
    panjue models list my-models
    """
    size = sum(path.stat().st_size for path in FOLDER.glob("*"))
    click.echo(f"restorer  {FOLDER}  {size / 1e6:.1f} MB  panjue extract --restore")
    for path in sorted(folder.rglob(ABOUT) if folder else ()):
        try:
            known = about(path.parent)
            click.echo(f"tagger    {path.parent}  {len(known.labels)} labels  F1 {known.scores.get('f1', 0):.1%}")
        except CheckpointError as error:
            click.echo(f"damaged   {error}")


@models_group.command("info")
@click.argument("folder", type=click.Path(path_type=Path))
def info_command(folder: Path) -> None:
    """What a tagger was made from, and how good it was.

    \b
    panjue models info theft-tagger
    """
    try:
        known = about(folder)
    except CheckpointError as error:
        raise click.ClickException(str(error)) from error
    for name in known.__struct_fields__:
        click.echo(f"{name}: {getattr(known, name)}")


def _judgments(paths: tuple[Path, ...]) -> list[str]:
    found = [one.text for one in read(list(paths)) if isinstance(one, Judgment)]
    if not found:
        raise click.ClickException(f"{', '.join(map(str, paths))}: no judgment")
    return found


def _settings(given: dict[str, float | None]) -> dict[str, Any]:
    """The options that were given; the defaults stand for the others."""
    return {name: value for name, value in given.items() if value is not None}


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[models]'") from error
