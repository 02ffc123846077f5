"""Where a text looks misread: neighbouring characters that judgments hardly ever print together.

A place is suspect if it makes a rare pair with each neighbour, and if a character that looks like it would make frequent
ones, or any character would where the words to either side are frequent. Measured on judgments, not stored as text: ``pairs.npz`` holds which pairs of characters occur at least three times in
a corpus, and which at least a hundred times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from panjue.extractors.view import View
from panjue.models.restoring.noise import lookalikes

_KNOWN, _FREQUENT = 3, 100
_FIRST, _SIZE = 0x4E00, 0x5200


class Pairs:
    """The pairs of a corpus."""

    def __init__(self, path: Path) -> None:
        """Read ``pairs.npz``."""
        with np.load(path, allow_pickle=False) as stored:
            self._known: Any = stored["known"].astype(np.int64)
            self._frequent = set(stored["frequent"].tolist())
        self._after: dict[int, set[int]] = defaultdict(set)
        self._before: dict[int, set[int]] = defaultdict(set)
        for first, second in (divmod(pair, _SIZE) for pair in self._frequent):
            self._after[first].add(second)
            self._before[second].add(first)

    def suspects(self, text: str) -> list[int]:
        """Places in the text of a view that look misread."""
        pairs = _pairs(text)
        rare, none = self._rare(pairs), pairs < 0
        edge = np.ones(1, dtype=bool)
        odd = np.concatenate([edge, rare | none]) & np.concatenate([rare | none, edge])
        odd &= np.concatenate([~edge, rare]) | np.concatenate([rare, ~edge])
        return [place for place in np.flatnonzero(odd).tolist() if self._suspect(text, pairs, place)]

    def rare(self, text: str) -> list[int]:
        """Places in the text of a view where a character and the next are Chinese and hardly ever stand together."""
        found: list[int] = np.flatnonzero(self._rare(_pairs(text))).tolist()
        return found

    def _rare(self, pairs: Any) -> Any:
        places = np.minimum(np.searchsorted(self._known, pairs), len(self._known) - 1)
        return (self._known[places] != pairs) & (pairs >= 0)

    def frequent(self, text: str) -> bool:
        """Whether all neighbours in ``text`` are a frequent pair."""
        return self._frequent.issuperset(_pairs(text).tolist())

    def _suspect(self, text: str, pairs: Any, place: int) -> bool:
        left = place > 0 and pairs[place - 1] >= 0
        right = place < len(pairs) and pairs[place] >= 0
        before = (ord(text[place - 1]) - _FIRST) * _SIZE if left else 0
        after = ord(text[place + 1]) - _FIRST if right else 0
        for other in lookalikes().get(text[place], ""):
            code = ord(other) - _FIRST
            if (not left or before + code in self._frequent) and (not right or code * _SIZE + after in self._frequent):
                return True
        # any other character, in words that are frequent to either side
        outside = 1 < place < len(pairs) - 1 and {pairs[place - 2], pairs[place + 1]} <= self._frequent
        return outside and not self._after[before // _SIZE].isdisjoint(self._before[after])


def write_pairs(texts: Iterable[str], path: Path) -> None:
    """Count the pairs of ``texts`` and write those that are known and those that are frequent."""
    counted = [pairs[pairs >= 0] for pairs in (_pairs(View(text).text) for text in texts)]
    pairs, counts = np.unique(np.concatenate(counted), return_counts=True)
    known = pairs[counts >= _KNOWN].astype(np.uint32)
    np.savez_compressed(path, known=known, frequent=pairs[counts >= _FREQUENT].astype(np.uint32))


def _pairs(text: str) -> Any:
    """Of each character with the next, as one number; −1 where either is no Chinese character."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64) - _FIRST
    chinese = (codes >= 0) & (codes < _SIZE)
    return np.where(chinese[:-1] & chinese[1:], codes[:-1] * _SIZE + codes[1:], -1)
