"""The interval of a share."""

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
