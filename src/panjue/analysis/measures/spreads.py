"""Levels and dispersion of a value, with intervals by drawing documents again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from panjue.analysis.measures.kinds import DISPERSION, FEWEST, FEWEST_SPREAD, Estimate, Measure
from panjue.analysis.measures.source import grouped_by, matching

if TYPE_CHECKING:
    import duckdb

REPLICATES = 200
_SEED = 20181026
_SHARES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}


def spread(
    base: duckdb.DuckDBPyConnection,
    measure: Measure,
    by: Sequence[str] = (),
    where: str | None = None,
    replicates: int = REPLICATES,
) -> list[Estimate]:
    """Every statistic of the measure for each group, the groups in order.

    Levels of fewer than ten rows and dispersion of fewer than thirty are suppressed. The interval is the middle 95 % of
    ``replicates`` bootstrap samples of documents (not of defendants, who share a case).

    Raises:
        SourceError: there is no such column.
    """
    keys = grouped_by(base, measure.rows, tuple(by))
    chosen = "".join(f"{key}, " for key in keys)
    # one order whatever the order and the partition of the input, so that the same documents are drawn
    table = base.execute(
        f"SELECT {chosen} doc_id, value FROM (SELECT {chosen} doc_id, ({measure.value})::DOUBLE AS value"  # noqa: S608  ours
        f" FROM counted_{measure.rows} WHERE {matching(measure, where)}) WHERE value IS NOT NULL"
        f" ORDER BY {chosen} doc_id, value"
    ).df()
    if not by:
        return _estimates(measure, {}, table, replicates)
    found: list[Estimate] = []
    for names, cell in table.groupby(list(by), sort=True, dropna=False, observed=True):
        group = {
            column: None if name is None or name != name else str(name) for column, name in zip(by, names, strict=True)
        }
        found += _estimates(measure, group, cell, replicates)
    return found


def _estimates(measure: Measure, group: dict[str, str | None], cell: Any, replicates: int) -> list[Estimate]:
    import numpy as np
    import pandas as pd

    rows = len(cell)
    shown = [name for name in measure.statistics if rows >= (FEWEST_SPREAD if name in DISPERSION else FEWEST)]
    hidden = [name for name in measure.statistics if name not in shown]
    found = [Estimate(measure=measure.name, statistic=name, group=group, suppressed=True) for name in hidden]
    if not shown:
        return found
    documents = pd.factorize(cell["doc_id"])[0]
    order = np.argsort(cell["value"].to_numpy(), kind="stable")
    values, documents = cell["value"].to_numpy()[order], documents[order]
    n_documents = int(documents.max()) + 1
    once = statistics(values, np.ones(rows), shown)
    drawn = np.empty((replicates, len(shown)))
    generator = np.random.default_rng(_SEED)
    for row in range(replicates):
        times = np.bincount(generator.integers(0, n_documents, n_documents), minlength=n_documents)
        drawn[row] = list(statistics(values, times[documents], shown).values())
    low, high = np.nanquantile(drawn, (0.025, 0.975), axis=0)
    for place, name in enumerate(shown):
        found.append(
            Estimate(
                measure=measure.name,
                statistic=name,
                group=group,
                estimate=_finite(once[name]),
                low=_finite(low[place]),
                high=_finite(high[place]),
                known=rows,
                documents=n_documents,
            )
        )
    return sorted(found, key=lambda one: measure.statistics.index(one.statistic))


def statistics(values: Any, weights: Any, names: Sequence[str]) -> dict[str, float]:
    """Statistics of sorted ``values``, each counted ``weights`` times (whole numbers, not all 0).

    Quantiles are linear between neighbours (Hyndman and Fan 1996, type 7); the standard deviation is by n − 1; Gini's
    coefficient is Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² x̄); MAD is the median of the distances from the median.

    >>> import numpy as np
    >>> statistics(np.array([1.0, 3.0]), np.array([2, 2]), ["mean", "median", "gini", "mad"])
    {'mean': 2.0, 'median': 2.0, 'gini': 0.25, 'mad': 1.0}
    """
    import numpy as np

    cumulated = np.cumsum(weights)
    n = float(cumulated[-1])
    mean = float(values @ weights) / n
    made: dict[str, float] = {}
    for name in names:
        if name in _SHARES:
            made[name] = _quantile(values, cumulated, _SHARES[name])
        elif name == "mean":
            made[name] = mean
        elif name == "iqr":
            made[name] = _quantile(values, cumulated, 0.75) - _quantile(values, cumulated, 0.25)
        elif name == "mad":
            away = np.abs(values - _quantile(values, cumulated, 0.5))
            order = np.argsort(away, kind="stable")
            made[name] = _quantile(away[order], np.cumsum(weights[order]), 0.5)
        elif name == "gini":
            ranks = weights * (cumulated - weights + (weights + 1) / 2)
            made[name] = float(2 * (ranks @ values) / (n * n * mean) - (n + 1) / n) if mean else float("nan")
        else:
            squares = max(0.0, float(((values - mean) ** 2) @ weights))
            sd = (squares / (n - 1)) ** 0.5 if n > 1 else float("nan")
            made[name] = sd if name == "sd" else sd / mean if mean else float("nan")
    return made


def _quantile(values: Any, cumulated: Any, share: float) -> float:
    """As of the values written out as often as they count."""
    import numpy as np

    place = (float(cumulated[-1]) - 1) * share
    below = int(place)
    first, second = np.searchsorted(cumulated, (below, min(below + 1, cumulated[-1] - 1)), side="right")
    return float(values[first] + (place - below) * (values[second] - values[first]))


def _finite(value: float) -> float | None:
    return float(value) if value == value and abs(value) != float("inf") else None
