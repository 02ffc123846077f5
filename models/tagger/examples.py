"""Marked passages, the food of the tagger: texts with labelled spans, which may overlap and nest.

One JSON object a line: ``{"id": …, "split": "train", "text": …, "entities": [{"label": …, "start": 3, "end": 6}]}``;
offsets are code points, half-open. Files that end in ``.gz`` are unpacked.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct


class ExampleError(ValueError):
    """A file of examples that cannot be read; the message names the file and the line."""


class Span(Struct, frozen=True, order=True):
    """A labelled passage; offsets in code points, half-open."""

    start: int
    end: int
    label: str


class Example(Struct, frozen=True):
    """A text and what is marked in it."""

    id: str
    text: str
    entities: list[Span]
    split: str = "train"
    group: str = ""
    """What must not stand on both sides of a split: the court."""


def read_examples(path: Path) -> list[Example]:
    """All examples of a file.

    Raises:
        ExampleError: a line is not an example, or a span lies outside its text.
    """
    found: list[Example] = []
    decoder = msgspec.json.Decoder(Example)
    for number, line in enumerate(_lines(path), 1):
        try:
            example = decoder.decode(line)
        except msgspec.DecodeError as error:
            raise ExampleError(f"{path}, line {number}: {error}") from error
        for span in example.entities:
            if not 0 <= span.start < span.end <= len(example.text):
                raise ExampleError(f"{path}, line {number}: {span.label} at {span.start}:{span.end} is not in the text")
        found.append(example)
    if not found:
        raise ExampleError(f"{path} holds no examples")
    return found


def fingerprint(examples: list[Example]) -> str:
    """A hash of the examples and their order."""
    return sha256(msgspec.json.encode(examples)).hexdigest()


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            file = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            yield from (line for line in file if line.strip())
    except (gzip.BadGzipFile, EOFError) as error:
        raise ExampleError(f"{path} cannot be unpacked: {error}") from error
