"""Intervals for shares, where rows of one document may resemble each other."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054
"""Of the normal distribution, for 95 %."""


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's interval (Wilson 1927, JASA 22:209) for a share of ``n`` rows, which need not be whole.

    >>> [round(bound, 4) for bound in wilson(0.5, 10)]
    [0.2366, 0.7634]
    """
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def effective(rows: int, share: float, documents: int, squares: float) -> float:
    """How many independent rows the rows are worth: fewer where defendants of a document share their answer.

    The rows by the design effect of the ratio estimator (Kish 1965; for Wilson's interval: Korn and Graubard 1998),
    never more than the rows.

    Args:
        rows: rows counted.
        share: of them.
        documents: documents they stand in.
        squares: over documents, the sum of (rows that hold − share · rows)².
    """
    if documents < 2 or share in (0, 1):
        return float(rows)
    simple = share * (1 - share) / (rows - 1)
    clustered = documents / (documents - 1) * squares / rows**2
    return rows / max(1.0, clustered / simple)
