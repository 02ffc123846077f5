"""Noise as scans have it: characters taken for others that look like them."""

from __future__ import annotations

import csv
import random
from functools import cache
from importlib.resources import files

OTHERS = 0.15
"""Of the noise, characters that became any other; the rest look alike."""


@cache
def lookalikes() -> dict[str, str]:
    """For each character those that look like it, the most alike first (``lookalikes.csv``, made by ``likeness``)."""
    lines = (files("panjue.models.restoring") / "lookalikes.csv").read_text(encoding="utf-8").splitlines()
    return {row["character"]: row["lookalikes"] for row in csv.DictReader(lines)}


def alike(one: str, other: str) -> bool:
    """Whether one character could be taken for the other.

    >>> alike("徙", "徒"), alike("徙", "盗")
    (True, False)
    """
    known = lookalikes()
    return one in known.get(other, "") or other in known.get(one, "")


def noisy(text: str, rate: float, draw: random.Random) -> str:
    """``text`` with about ``rate`` of its characters taken for others; same length, white space and figures stay."""
    known = lookalikes()
    letters = list(known)
    made = []
    for character in text:
        if character in known and draw.random() < rate:
            character = draw.choice(letters) if draw.random() < OTHERS else draw.choice(known[character])  # noqa: PLW2901
        made.append(character)
    return "".join(made)
