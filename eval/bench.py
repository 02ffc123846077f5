"""Speed of extraction on one core, as a ratio to jieba's segmentation of the same texts in the same run.

A rate by itself says more about the machine than about the code; the ratio holds from machine to machine. Times are
CPU seconds of this process, so that other programs disturb little. Dictionaries and lexicons are loaded beforehand,
the two take turns, and the median of the rounds counts.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import jieba  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from panjue import corpora
from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.pipeline import extract

EXAMPLES = Path(corpora.__path__[0], "examples", "texts")


class Speed(NamedTuple):
    """Median CPU seconds of one pass over all texts."""

    documents: int
    characters: int
    extract: float
    jieba: float

    @property
    def ratio(self) -> float:
        """How many times as many documents a second extraction does."""
        return self.jieba / self.extract


def measure(texts: Sequence[str], rounds: int) -> Speed:
    """Time both over the texts, turn by turn.

    Raises:
        ValueError: there are no texts, or no rounds.
    """
    if not texts or rounds < 1:
        raise ValueError("nothing to measure")
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    extract(texts[0])
    times = [(_seconds(extract, texts), _seconds(tokenizer.lcut, texts)) for _ in range(rounds)]
    ours, theirs = zip(*times, strict=True)
    return Speed(len(texts), sum(map(len, texts)), median(ours), median(theirs))


def _seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    start = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - start


def speed_table(speed: Speed) -> Table:
    """Documents and characters a second, and the ratio."""
    table = Table(caption=f"{speed.documents} documents, {speed.characters:,} characters, one core")
    for heading in ("", "documents/s", "characters/s"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, seconds in (("panjue.extract", speed.extract), ("jieba.lcut", speed.jieba)):
        table.add_row(name, f"{speed.documents / seconds:,.0f}", f"{speed.characters / seconds:,.0f}")
    table.add_section()
    table.add_row("ratio", f"{speed.ratio:.1f}", "")
    return table


@click.command("bench")
@click.option(
    "--texts",
    type=click.Path(exists=True, path_type=Path),
    default=EXAMPLES,
    show_default="the project's examples",
    help="A file or folder of judgments, in any form that is read.",
)
@click.option("--sample", type=click.IntRange(min=1), help="Take so many of them at random.")
@click.option("--seed", default=0, show_default=True, help="For the sample.")
@click.option("--rounds", type=click.IntRange(min=1), default=9, show_default=True)
def bench(texts: Path, sample: int | None, seed: int, rounds: int) -> None:
    """Measure extraction against jieba on the same texts."""
    judgments = [found.text for found in read([texts]) if isinstance(found, Judgment)]
    if not judgments:
        raise click.ClickException(f"{texts}: no judgment")
    if sample and sample < len(judgments):
        judgments = random.Random(seed).sample(judgments, sample)  # noqa: S311
    Console().print(speed_table(measure(judgments, rounds)))


if __name__ == "__main__":
    bench()
