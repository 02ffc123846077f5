"""Intervals for shares, where rows of one document may resemble each other."""

from __future__ import annotations


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
