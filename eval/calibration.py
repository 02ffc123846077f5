"""How well confidences fit: reliability by band, expected calibration error, Brier score, and where the errors lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from panjue.eval.intervals import wilson

Pair = tuple[float, bool]
"""A confidence, from 0 to 1, and whether what it speaks of is right."""

TENTHS = tuple(tenth / 10 for tenth in range(11))
BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
"""Narrow where nearly all values are."""
LOWEST = 0.2
"""The share of records that are looked at first."""


class Bin(Struct, frozen=True):
    """Values of like confidence, from ``low`` to under ``high``; 1.0 belongs to the last bin."""

    low: float
    high: float
    values: int
    right: int
    mean: float
    """Of their confidences."""

    @property
    def share(self) -> float:
        """How many are right; 0 without values."""
        return self.right / self.values if self.values else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share, as if values erred each for itself."""
        return wilson(self.share, self.values) if self.values else (0.0, 1.0)


def by_band(pairs: Sequence[Pair], edges: Sequence[float] = BANDS) -> list[Bin]:
    """One bin between each two edges, the empty ones too."""
    return [
        _bin(low, high, [pair for pair in pairs if low <= pair[0] and (pair[0] < high or high == edges[-1])])
        for low, high in pairwise(edges)
    ]


def by_mass(pairs: Iterable[Pair], bins: int = 10) -> list[Bin]:
    """Up to ``bins`` bins of the same number of values, as near as values of one confidence can stay together."""
    ordered = sorted(pairs)
    made: list[Bin] = []
    current: list[Pair] = []
    for _, same in groupby(ordered, key=lambda pair: pair[0]):
        current.extend(same)
        if sum(one.values for one in made) + len(current) >= (len(made) + 1) * len(ordered) / bins:
            made.append(_bin(current[0][0], current[-1][0], current))
            current = []
    return made


def expected_calibration_error(bins: Iterable[Bin]) -> float:
    """How far apart confidence and share are on average over values (Naeini, Cooper and Hauskrecht 2015, AAAI).

    >>> round(expected_calibration_error(by_band([(0.9, True), (0.9, False), (0.2, False), (0.2, False)], TENTHS)), 3)
    0.3
    """
    bins = list(bins)
    values = sum(one.values for one in bins)
    return sum(one.values * abs(one.share - one.mean) for one in bins) / values if values else 0.0


def brier(pairs: Sequence[Pair]) -> float:
    """The mean square of confidence less right, which counts as 1 (Brier 1950, Monthly Weather Review 78:1)."""
    return sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs) if pairs else 0.0


def in_lowest(pairs: Sequence[Pair], share: float = LOWEST) -> tuple[int, int]:
    """How many wrong ones are in the least sure ``share`` of all, and how many there are.

    >>> in_lowest([(0.1, False), (0.9, True), (0.5, True), (0.6, True), (0.8, False)])
    (1, 2)
    """
    ordered = sorted(pairs, key=lambda pair: pair[0])
    wrong = [not right for _, right in ordered]
    return sum(wrong[: round(share * len(wrong))]), sum(wrong)


def said(values: Sequence[Pair]) -> str:
    """The figures of values in one line, with the score of telling all alike."""
    share = sum(right for _, right in values) / len(values) if values else 0.0
    return (
        f"expected calibration error {expected_calibration_error(by_band(values, TENTHS)):.4f} in ten bins of equal width, "
        f"{expected_calibration_error(by_mass(values)):.4f} in ten of equal size; Brier score {brier(values):.4f}, "
        f"{share * (1 - share):.4f} if all had the same confidence"
    )


def said_of_records(records: Sequence[Pair]) -> str:
    """Where the records with an error lie, in one line."""
    found, wrong = in_lowest(records)
    if not wrong:
        return f"none of {len(records)} records has an error"
    low, high = wilson(found / wrong, wrong)
    return (
        f"{found} of the {wrong} records with an error ({found / wrong:.1%}, 95 % {low:.1%} – {high:.1%}) "
        f"are among the {LOWEST:.0%} least sure of {len(records)}"
    )


def _bin(low: float, high: float, found: Sequence[Pair]) -> Bin:
    mean = sum(confidence for confidence, _ in found) / len(found) if found else 0.0
    return Bin(low, high, len(found), sum(right for _, right in found), mean)
