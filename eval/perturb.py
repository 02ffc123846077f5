"""Judgments made harder: rarer phrasings, broken layout, characters as a scan misreads them.

``panjue perturb`` writes such texts; what a reading loses on them says how much it leans on the usual form. The gold stays
that of the text as it was.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import orjson

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read

_LOST = 0.1
_OTHER = 0.1
"""Of the characters misread, those that are lost, and those that become any other; the rest look alike."""


def misread(text: str, rate: float, draw: random.Random) -> str:
    """About ``rate`` of the Chinese characters misread as a scan does it.

    Most are taken for one that looks like it, in a serif type (``eval/lookalikes.csv``; made by
    ``panjue.models.restoring.likeness``), some for any other, some are lost.
    """
    known = _lookalikes()
    letters = list(known)
    made = []
    for character in text:
        if character in known and draw.random() < rate:
            chance = draw.random()
            if chance < _LOST:
                continue
            made.append(draw.choice(letters if chance < _LOST + _OTHER else known[character]))
        else:
            made.append(character)
    return "".join(made)


_PAGES = ("- {} -", "— {} —", "第{}页", "第 {} 页 共 40 页", "{}")


def broken(text: str, draw: random.Random) -> str:
    """Lines that end anywhere, page numbers between them, letters set wide, widths of punctuation changed."""
    made: list[str] = []
    number = draw.choice(_PAGES)
    page = 1
    for character in text:
        made.append(character)
        chance = draw.random()
        if chance < 0.03:
            made.append("\n")
        elif chance < 0.04:
            made.append(" " if draw.random() < 0.5 else "\u3000")
        if made[-1] == "\n" and draw.random() < 0.1:
            made.append(f"{number.format(page)}\n")
            page += 1
    narrow = str.maketrans("，：；（）", ",:;()")
    return "".join(line.translate(narrow) if draw.random() < 0.3 else line for line in "".join(made).splitlines(True))


def rephrased(text: str, draw: random.Random) -> str:
    """Each phrase of ``eval/phrasings.csv`` in one of its rarer forms, four times of five.

    A row has the field that the phrase is read for, a pattern of its usual form, a rarer form that means the same, and in
    how many of 5,678 judgments a form like it, the pattern ``printed``, stands before the appendix.
    """
    for pattern, rarer in _phrasings():
        text = pattern.sub(
            lambda match, rarer=rarer: match.expand(draw.choice(rarer)) if draw.random() < 0.8 else match[0],  # type: ignore[misc]
            text,
        )
    return text


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "phrases": rephrased,
    "layout": broken,
    "scan-1": lambda text, draw: misread(text, 0.01, draw),
    "scan-5": lambda text, draw: misread(text, 0.05, draw),
}


@click.command("perturb")
@click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--way", required=True, type=click.Choice(list(WAYS)), help="What is made harder; scan-5 misreads 5 %.")
@click.option("--seed", default=0, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON lines.")
def perturb_command(texts: tuple[Path, ...], way: str, seed: int, output: Path) -> None:
    """Write judgments made harder, to measure what a reading loses on them.

    \b
    panjue perturb corpora/examples/texts --way scan-1 -o harder.jsonl
    panjue extract harder.jsonl -o harder-out
    panjue eval --gold corpora/examples/gold.jsonl --pred harder-out
    """
    count = 0
    with output.open("wb") as file:
        for one in read(list(texts)):
            if isinstance(one, Judgment):
                draw = random.Random(f"{seed} {one.doc_id}")  # noqa: S311  the same for each text whatever the order
                made = WAYS[way](one.text, draw)
                file.write(orjson.dumps({"doc_id": one.doc_id, "text": made}) + b"\n")
                count += 1
    click.echo(f"{count:,} judgments: {output}")


@cache
def _lookalikes() -> dict[str, str]:
    return {row["character"]: row["lookalikes"] for row in _rows("lookalikes.csv")}


@cache
def _phrasings() -> list[tuple[re.Pattern[str], list[str]]]:
    """Patterns of usual forms, each with its rarer forms."""
    forms: dict[str, list[str]] = {}
    for row in _rows("phrasings.csv"):
        forms.setdefault(row["pattern"], []).append(row["rarer"])
    return [(re.compile(pattern), rarer) for pattern, rarer in forms.items()]


def _rows(name: str) -> list[dict[str, Any]]:
    return list(csv.DictReader((files("panjue.eval") / name).read_text(encoding="utf-8").splitlines()))
