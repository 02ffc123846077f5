"""Offsets in UTF-16 code units, as JavaScript and Java count, from code points and back.

>>> offsets = Utf16("𠮷野家")
>>> offsets.units(1), offsets.points(2)
(2, 1)
"""

from __future__ import annotations

from bisect import bisect_left


class Utf16:
    """The offsets of one text; a character outside the Basic Multilingual Plane counts two."""

    def __init__(self, text: str) -> None:
        self._wide = [index for index, character in enumerate(text) if character > "\uffff"]
        self._wide_units = [index + before for before, index in enumerate(self._wide)]

    def units(self, points: int) -> int:
        """Code units before an offset in code points."""
        return points + bisect_left(self._wide, points)

    def points(self, units: int) -> int:
        """Code points before an offset in code units.

        Raises:
            ValueError: the offset is in the middle of a character.
        """
        before = bisect_left(self._wide_units, units)
        if before and self._wide_units[before - 1] == units - 1:
            raise ValueError(f"offset {units} is in the middle of a character")
        return units - before
