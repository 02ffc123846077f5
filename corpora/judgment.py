"""What reading gives: a judgment with the place it came from, or the reason why there is none."""

from __future__ import annotations

import hashlib

from msgspec import Struct


class Judgment(Struct, frozen=True):
    """One judgment as obtained.

    ``source`` is the file as it was named (``-`` for standard input), with ``!NAME`` for each archive member on the way
    to it, and ``#N`` for the N-th line of JSON lines, the N-th item of a JSON file with several, the N-th row of a table
    (the header is row 1, as a spreadsheet shows it; in a workbook ``#SHEET!N``). It is for people, and no path.

    ``text`` is the file or field unchanged, except where ``markup`` is true: then it was taken out of HTML, Word, PDF
    and the like, or put together from the fields that hold its parts, and must be kept for anyone who wants to look up
    a passage. Where ``ocr`` is true it was read off an image.

    ``format`` is what the file turned out to be, by its content (see :mod:`panjue.corpora.formats`); a text in markup
    is "html". ``encoding`` is the name under which Python knows the encoding of the bytes, ``None`` where the format
    itself settles it.
    """

    doc_id: str
    text: str
    source: str
    markup: bool = False
    format: str = "text"
    encoding: str | None = None
    ocr: bool = False


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


class FormatError(ValueError):
    """A format that is not read, or a file of a format that is read but damaged."""


class MissingError(RuntimeError):
    """What would read this format is not installed; the message says how to install it."""


def text_id(text: str) -> str:
    """The identifier of a judgment that has none of its own: from the SHA-256 of its UTF-8.

    >>> text_id("判决书")
    'sha256-9a70c0faba956304'
    """
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
