"""What reading gives: a judgment with the place it came from, or the reason why there is none."""

from __future__ import annotations

import hashlib
from typing import Literal

from msgspec import Struct

FailureKind = Literal[
    "no_file", "empty", "format", "gzip", "binary", "encoding", "too_large", "json", "csv", "markup", "no_text"
]


class Source(Struct, frozen=True):
    """Where a judgment stands: the file as it was named, the place in it (empty for a whole file), its encoding.

    ``place`` is ``line 12`` (counted from 1; of a CSV row its first line), ``/data/3`` (a JSON Pointer, RFC 6901) or
    both. ``encoding`` is ``utf-8``, ``utf-8-sig`` (with a byte order mark), ``gb18030``, ``utf-16-le`` or ``utf-16-be``.
    """

    file: str
    place: str = ""
    encoding: str = "utf-8"


class Judgment(Struct, frozen=True):
    """One judgment as obtained.

    ``text`` is the file or field unchanged, except where ``markup`` is true: then it was taken out of markup, or put
    together from the fields that hold its parts, and must be kept for anyone who wants to look up a passage.
    ``metadata`` has the other short fields that stood beside the text, as they were.
    """

    doc_id: str
    text: str
    source: Source
    metadata: dict[str, str]
    markup: bool = False


class ReadFailure(Struct, frozen=True):
    """A file, or one entry of a file, that gave no judgment. ``message`` is for people and names the byte if one is
    to blame, counted from 0 from the start of the file (of the line, where ``source.place`` names one).
    """

    source: Source
    kind: FailureKind
    message: str


def text_id(text: str) -> str:
    """The identifier of a judgment that has none of its own: from the SHA-256 of its UTF-8.

    >>> text_id("判决书")
    'sha256-9a70c0faba956304'
    """
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
