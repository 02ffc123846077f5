"""What a measure is, and what it gives."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Rows = Literal["defendants", "cases", "charges"]
"""What is counted: a view of :mod:`panjue.analysis.measures.source`."""
LEVEL = ("mean", "p10", "p25", "median", "p75", "p90")
DISPERSION = ("sd", "cv", "iqr", "gini", "mad")
FEWEST = 10
"""Fewer rows than this are not published: no estimate, no counts."""
FEWEST_SPREAD = 30
"""The same for measures of dispersion."""


class Measure(Struct, frozen=True, kw_only=True):
    """One measure. Conditions are SQL over the columns of the tables.

    A rate (``holds``) is published with three figures: among the rows where the answer is known, the share of rows
    where it is known, and the share of all rows, which is a lower bound where silence may mean no. A level or
    dispersion (``value``) is of the rows where the value is not null.
    """

    name: str
    formula: str
    """The number of the formula in the field's list of measures (docs/measures.md)."""
    english: str
    chinese: str
    population: str
    population_says: str
    rows: Rows = "defendants"
    holds: str = ""
    known: str = "true"
    value: str = ""
    statistics: tuple[str, ...] = LEVEL
    unit: str = ""
    caveat: str = ""


class Estimate(Struct, frozen=True, kw_only=True):
    """One figure of one group; what is suppressed has None for everything but the group."""

    measure: str
    statistic: str
    """``rate``, or the name of a level or dispersion."""
    group: dict[str, str | None]
    estimate: float | None = None
    low: float | None = None
    """95 % interval: Wilson with the effective number of rows, or bootstrap by document."""
    high: float | None = None
    holds: int | None = None
    known: int | None = None
    population: int | None = None
    documents: int | None = None
    coverage: float | None = None
    lower_bound: float | None = None
    suppressed: bool = False
    corrected: float | None = None
    """For errors of extraction, where they were measured (:mod:`panjue.analysis.measures.correction`)."""
    corrected_low: float | None = None
    corrected_high: float | None = None
