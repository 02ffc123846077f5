"""Groups that differ in what they are made of: compared within cells of the same charge, court, procedure.

Raw gaps confound: a region with more theft has other rates. A comparison takes the cells in which every group has rows,
weights each by its share of all rows there, and so gives each group the same mix (direct standardisation). Nothing here
is causal: what the cells do not hold stays mixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from panjue.analysis.measures.kinds import FEWEST, Measure
from panjue.analysis.measures.source import SourceError, grouped_by, matching
from panjue.eval.intervals import Z

if TYPE_CHECKING:
    import duckdb


class Cell(NamedTuple):
    """Rows of one group in one cell: how many, their mean, the variance of that mean, their sum."""

    rows: int
    mean: float
    variance: float
    total: float


class Standardised(Struct, frozen=True):
    """One group: as it is, and with the mix that is common to all."""

    group: str
    rows: int
    raw: float | None
    standardised: float | None
    low: float | None
    high: float | None


class Comparison(Struct, frozen=True):
    """Groups of one column, for one measure."""

    measure: str
    by: str
    within: tuple[str, ...]
    groups: list[Standardised]
    support: float
    """Share of the rows that stand in cells where every group has rows."""
    gap: float | None
    """First group less second, with the common mix; of two groups only."""
    gap_low: float | None
    gap_high: float | None
    odds_ratio: float | None
    """Mantel and Haenszel 1959, first group to second, over the same cells; of rates only."""
    odds_low: float | None
    """Robins, Breslow and Greenland 1986."""
    odds_high: float | None


def compare(
    base: duckdb.DuckDBPyConnection, measure: Measure, by: str, groups: Sequence[str], within: Sequence[str], where: str | None = None
) -> Comparison:  # fmt: skip
    """Compare ``groups`` of the column ``by`` within cells of the columns ``within``.

    Rows whose cell is not known, and groups of fewer than ten rows, are left out. Intervals are normal, variances by
    document.

    Raises:
        SourceError: there is no such column, or fewer than two groups have enough rows.
    """
    cells = _cells(base, measure, by, groups, within, where)
    sizes = {group: sum(cell.rows for cell in cells.get(group, {}).values()) for group in groups}
    small = [group for group, size in sizes.items() if size < FEWEST]
    if small or len(groups) < 2:
        raise SourceError(f"{measure.name}: fewer than {FEWEST} rows with {by} = {', '.join(small) or 'two values'}")
    shared = sorted(set.intersection(*(set(cells[group]) for group in groups)))
    weights = {key: float(sum(cells[group][key].rows for group in groups)) for key in shared}
    whole = sum(weights.values())
    made = [_standardised(group, cells[group], sizes[group], weights) for group in groups]
    gap = gap_low = gap_high = None
    odds: tuple[float | None, float | None, float | None] = (None, None, None)
    if len(groups) == 2 and whole:
        first, second = (cells[group] for group in groups)
        gap = sum(weights[key] * (first[key].mean - second[key].mean) for key in shared) / whole
        variance = sum(weights[key] ** 2 * (first[key].variance + second[key].variance) for key in shared) / whole**2
        gap_low, gap_high = gap - Z * sqrt(variance), gap + Z * sqrt(variance)
        if measure.holds:
            odds = odds_ratio([(_two(first[key]), _two(second[key])) for key in shared])
    return Comparison(measure.name, by, tuple(within), made, whole / sum(sizes.values()), gap, gap_low, gap_high, *odds)


def odds_ratio(
    tables: Sequence[tuple[tuple[float, float], tuple[float, float]]],
) -> tuple[float | None, float | None, float | None]:
    """The common odds ratio over tables ((holds, not) of the first group, of the second), with its 95 % interval.

    >>> odds_ratio([((10, 20), (5, 40))])[0]
    4.0
    """
    r = s = pr = qs = both = 0.0
    for (a, b), (c, d) in tables:
        n = a + b + c + d
        p, q, up, down = (a + d) / n, (b + c) / n, a * d / n, b * c / n
        r, s = r + up, s + down
        pr, qs, both = pr + p * up, qs + q * down, both + p * down + q * up
    if not r or not s:
        return None, None, None
    half = Z * sqrt(pr / (2 * r * r) + both / (2 * r * s) + qs / (2 * s * s))
    return r / s, exp(log(r / s) - half), exp(log(r / s) + half)


def variance_share(
    base: duckdb.DuckDBPyConnection, measure: Measure, by: str, within: str, where: str | None = None, fewest: int = 30
) -> list[tuple[str, int, float]]:
    """How much of the spread of a value lies between groups: η² = SS between / SS total, for each cell.

    Returns (cell, rows, η²) of the cells with at least ``fewest`` rows and two groups, the largest first.
    """
    group, cell = grouped_by(base, measure.rows, (by, within))
    query = (
        f"WITH rows_ AS (SELECT {group} AS g, {cell} AS c, ({measure.value})::DOUBLE AS x FROM counted_{measure.rows}"  # noqa: S608  ours
        f" WHERE {matching(measure, where)} AND {group} IS NOT NULL AND {cell} IS NOT NULL),"
        " kept AS (SELECT * FROM rows_ WHERE x IS NOT NULL),"
        " sums AS (SELECT c, g, count(*) AS n, avg(x) AS m FROM kept GROUP BY c, g),"
        " whole AS (SELECT c, count(*) AS n, avg(x) AS m, var_pop(x) * count(*) AS total, count(DISTINCT g) AS groups FROM kept GROUP BY c)"
        " SELECT c, whole.n, sum(sums.n * (sums.m - whole.m) ** 2) / any_value(total) FROM sums JOIN whole USING (c)"
        " WHERE groups > 1 AND total > 0 AND whole.n >= ? GROUP BY c, whole.n ORDER BY whole.n DESC, c"
    )
    return [(str(c), n, share) for c, n, share in base.execute(query, [fewest]).fetchall()]


def _cells(
    base: duckdb.DuckDBPyConnection, measure: Measure, by: str, groups: Sequence[str], within: Sequence[str], where: str | None
) -> dict[str, dict[tuple[str, ...], Cell]]:  # fmt: skip
    column, *inner = grouped_by(base, measure.rows, (by, *within))
    keys = "".join(f", {key}::VARCHAR AS w{place}" for place, key in enumerate(inner))
    names = "".join(f", w{place}" for place in range(len(inner)))
    known = "".join(f" AND {key} IS NOT NULL" for key in inner)
    value = f"(({measure.holds}))::INT" if measure.holds else measure.value
    query = (
        f"WITH rows_ AS (SELECT {column}::VARCHAR AS g{keys}, doc_id, ({value})::DOUBLE AS x"  # noqa: S608  ours
        f" FROM counted_{measure.rows} WHERE {matching(measure, where)} AND ({measure.known}){known}),"
        f" whole AS (SELECT g, coalesce(var_samp(x), 0) AS v FROM rows_ GROUP BY g),"
        f" documents AS (SELECT g{names}, doc_id, count(*) AS n, sum(x) AS s FROM rows_ WHERE x IS NOT NULL GROUP BY g{names}, doc_id)"
        f" SELECT g{names}, sum(n)::BIGINT, count(*), sum(s), sum(s * s), sum(s * n), sum(n * n)::DOUBLE, any_value(v)"
        f" FROM documents JOIN whole USING (g) GROUP BY g{names} ORDER BY g{names}"
    )
    found: dict[str, dict[tuple[str, ...], Cell]] = defaultdict(dict)
    for g, *rest in base.execute(query).fetchall():
        key, (n, documents, s, ss, sn, nn, v) = tuple(rest[: len(inner)]), rest[len(inner) :]
        if g in groups:
            mean = s / n
            squares = max(0.0, ss - 2 * mean * sn + mean * mean * nn)
            # of one document alone no variance can be seen: that of the whole group stands in for it
            variance = documents / (documents - 1) * squares / n**2 if documents > 1 else v
            found[g][key] = Cell(n, mean, variance, s)
    return found


def _standardised(
    group: str, cells: dict[tuple[str, ...], Cell], size: int, weights: dict[tuple[str, ...], float]
) -> Standardised:
    raw = sum(cell.total for cell in cells.values()) / size
    whole = sum(weights.values())
    if not whole:
        return Standardised(group, size, raw, None, None, None)
    mean = sum(weight * cells[key].mean for key, weight in weights.items()) / whole
    half = Z * sqrt(sum(weight**2 * cells[key].variance for key, weight in weights.items())) / whole
    return Standardised(group, size, raw, mean, mean - half, mean + half)


def _two(cell: Cell) -> tuple[float, float]:
    return cell.total, cell.rows - cell.total
