"""The same judgment obtained twice: by its case number and its text."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence

from msgspec import Struct

_CLAUSE = re.compile(r"[0-9〇\u4e00-\u9fff\U00020000-\U0003ffff]{10,}")  # short ones say little of whose they are
_PUNCTUATION = re.compile(r"[\W_]+")
_BRACKETS = str.maketrans("()〔〕[]", "（）（）（）", " \u3000\n")
_SKETCH = 32
_SHARE = 0.5


class Fingerprint(Struct, frozen=True):
    """What tells whether two texts are the same judgment.

    ``key`` is shared by all that may be the same (the case number, or the text itself where there is none); ``length``
    is in code points without white space; ``sketch`` are the least of the 32-bit hashes of its clauses, in
    order.
    """

    key: str
    length: int
    sketch: tuple[int, ...]


def fingerprint(case_number: str | None, text: str) -> Fingerprint:
    """The fingerprint of a judgment; layout, punctuation and masks make no difference."""
    plain = "".join(text.split())
    hashes = {zlib.crc32(clause.encode()) for clause in _CLAUSE.findall(plain)}
    sketch = tuple(sorted(hashes)[:_SKETCH])
    key = case_number.translate(_BRACKETS) if case_number else ""
    return Fingerprint(
        key or f"text {hashlib.sha256(_PUNCTUATION.sub('', plain).encode()).hexdigest()[:32]}", len(plain), sketch
    )


def clusters(prints: Sequence[Fingerprint]) -> list[list[int]]:
    """Places of the same judgment among some that share a key: the fullest first, and among equals the earliest.

    A judgment and a later ruling under the same number are not the same: half of their clauses must be.
    """
    found: list[list[int]] = []
    for place in sorted(range(len(prints)), key=lambda place: -prints[place].length):
        home = next((cluster for cluster in found if same(prints[cluster[0]], prints[place])), None)
        if home is None:
            found.append([place])
        else:
            home.append(place)
    return found


def same(fuller: Fingerprint, other: Fingerprint) -> bool:
    """Whether half of the lesser text's clauses stand in the fuller, as far as the sketches tell."""
    if fuller.key != other.key:
        return False
    if not other.sketch or not fuller.sketch:
        return fuller.length == other.length
    # Sketches hold the least hashes; only below the lesser of their two ends do both texts show all they have.
    end = fuller.sketch[-1] if len(fuller.sketch) == _SKETCH else 1 << 32
    shown = [value for value in other.sketch if value <= end]
    return bool(shown) and len(set(shown) & set(fuller.sketch)) >= _SHARE * len(shown)
