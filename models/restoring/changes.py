"""What is put right in a text, and the way from the restored text back to the text as obtained."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple


class Change(NamedTuple):
    """A character that was put right, or one that was lost and is put back.

    ``place`` is a code point of the text; what was lost stood before it, and then ``printed`` is empty.
    """

    place: int
    printed: str
    restored: str
    probability: float


class Restored:
    """A text with its changes made.

    Attributes:
        text: with all changes; longer than the text as obtained by the characters that were lost.
        changes: in order.
    """

    def __init__(self, text: str, changes: Iterable[Change]) -> None:
        """Make ``changes`` in ``text``."""
        self.changes = sorted(changes)
        made: list[str] = []
        self._inserted: list[int] = []
        at = length = 0
        for change in self.changes:
            made += (text[at : change.place], change.restored)
            length += change.place - at + 1
            at = change.place + len(change.printed)
            if not change.printed:
                self._inserted.append(length - 1)
        self.text = "".join([*made, text[at:]])

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as obtained for a span of the restored text.

        >>> restored = Restored("犯盗罪", [Change(2, "", "窃", 0.9)])
        >>> restored.text, restored.original(1, 4), restored.original(0, 3), restored.original(3, 4)
        ('犯盗窃罪', (1, 3), (0, 2), (2, 3))
        """
        before = bisect_left(self._inserted, end)
        return start - bisect_left(self._inserted, start), end - before


def one_change(printed: str, right: str, probability: float) -> Change | None:
    """The one character in which two words differ, or that the first lacks.

    >>> one_change("柳青米", "柳青禾", 0.9)
    Change(place=2, printed='米', restored='禾', probability=0.9)
    >>> one_change("盗罪", "盗窃罪", 0.9), one_change("柳明", "柳青禾", 0.9)
    (Change(place=1, printed='', restored='窃', probability=0.9), None)
    """
    if len(printed) == len(right):
        places = [place for place, letter in enumerate(right) if printed[place] != letter]
        if len(places) == 1:
            return Change(places[0], printed[places[0]], right[places[0]], probability)
    elif len(printed) == len(right) - 1:
        for place, letter in enumerate(right):
            if right[:place] + right[place + 1 :] == printed:
                return Change(place, "", letter, probability)
    return None
