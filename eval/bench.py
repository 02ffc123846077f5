"""Speed of extraction on one core, as a ratio to jieba's segmentation of the same texts in the same run.

A rate by itself says more about the machine than about the code; the ratio holds from machine to machine. Times are
CPU seconds of this process, so that other programs disturb little. Dictionaries and lexicons are loaded beforehand,
the two take turns, and the median of the rounds counts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import jieba  # type: ignore[import-untyped]
from rich.table import Table

from panjue import corpora
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
