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

from panjue.extractors.pipeline import extract


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
