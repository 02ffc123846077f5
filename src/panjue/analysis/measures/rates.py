"""Rates: counted by document in DuckDB, with the interval for documents that hold more than one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from panjue.analysis.measures.intervals import effective
from panjue.analysis.measures.kinds import FEWEST, Estimate, Measure
from panjue.analysis.measures.source import grouped_by, matching
from panjue.eval.intervals import wilson

if TYPE_CHECKING:
    import duckdb


def rate(
    base: duckdb.DuckDBPyConnection, measure: Measure, by: Sequence[str] = (), where: str | None = None
) -> list[Estimate]:
    """The rate of each group, the groups in order; one that has fewer than ten rows is suppressed.

    Raises:
        SourceError: there is no such column.
    """
    keys = grouped_by(base, measure.rows, tuple(by))
    group = "".join(f"{key}, " for key in keys)
    cells = base.execute(
        f"WITH rows_ AS (SELECT {group} doc_id, coalesce({measure.known}, false) AS known,"  # noqa: S608  ours
        f" coalesce(({measure.known}) AND ({measure.holds}), false) AS holds"
        f" FROM counted_{measure.rows} WHERE {matching(measure, where)}),"
        f" documents AS (SELECT {group} doc_id, count(*) AS p, count(*) FILTER (known) AS n, count(*) FILTER (holds) AS k"
        f" FROM rows_ GROUP BY {group} doc_id)"
        f" SELECT {group} sum(p)::BIGINT, sum(n)::BIGINT, sum(k)::BIGINT, count(*) FILTER (n > 0), sum(k * k)::DOUBLE,"
        " sum(k * n)::DOUBLE, sum(n * n)::DOUBLE"
        f" FROM documents {f'GROUP BY {group[:-2]} ORDER BY {group[:-2]} NULLS LAST' if by else ''}"
    ).fetchall()
    return [_estimate(measure, dict(zip(by, map(_text, cell), strict=False)), cell[len(keys) :]) for cell in cells]


def _estimate(measure: Measure, group: dict[str, str | None], counts: tuple[int | None, ...]) -> Estimate:
    population, known, holds, documents, kk, kn, nn = (count or 0 for count in counts)
    if known < FEWEST:
        return Estimate(measure=measure.name, statistic="rate", group=group, suppressed=True)
    share = holds / known
    squares = kk - 2 * share * kn + share * share * nn
    low, high = wilson(share, effective(known, share, documents, squares))
    return Estimate(
        measure=measure.name,
        statistic="rate",
        group=group,
        estimate=share,
        low=low,
        high=high,
        holds=holds,
        known=known,
        population=population,
        documents=documents,
        coverage=known / population,
        lower_bound=holds / population,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
