"""What reading gives: a judgment with the place it came from, or the reason why there is none."""

from __future__ import annotations

import hashlib

from msgspec import Struct


class Judgment(Struct, frozen=True):
    """One judgment as obtained.

    ``source`` is the file as it was named (``-`` for standard input), with ``#N`` for the N-th line of JSON lines, the
    N-th item of a JSON file with several, the N-th row of a CSV file (the header is row 1, as a spreadsheet shows it).
    ``text`` is the file or field unchanged, except where ``markup`` is true: then it was taken out of HTML, or put
    together from the fields that hold its parts, and must be kept for anyone who wants to look up a passage.
    """

    doc_id: str
    text: str
    source: str
    markup: bool = False


class ReadFailure(Struct, frozen=True):
    """A file, or one entry of a file, that gave no judgment.

    ``reason`` is for people and never holds judgment text; where a byte is to blame it names it, counted from 0 from
    the start of the file (unpacked, if it is a ``.gz``). ``error`` is the name of the error's class.
    """

    source: str
    reason: str
    error: str


class EmptyError(ValueError):
    """Nothing to read."""


class NoTextError(ValueError):
    """Something to read, but no judgment text in it."""


def text_id(text: str) -> str:
    """The identifier of a judgment that has none of its own: from the SHA-256 of its UTF-8.

    >>> text_id("判决书")
    'sha256-9a70c0faba956304'
    """
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
