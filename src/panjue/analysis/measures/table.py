"""Estimates of several measures as one tidy table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from msgspec import structs
from pyarrow import csv, parquet

from panjue.analysis.measures.kinds import Estimate, Measure
from panjue.analysis.measures.rates import rate
from panjue.analysis.measures.source import SourceError, grouped_by
from panjue.analysis.measures.spreads import spread

if TYPE_CHECKING:
    import duckdb

_TYPES: dict[str, pa.DataType] = {"measure": pa.string(), "statistic": pa.string(), "suppressed": pa.bool_()}
_TYPES |= dict.fromkeys(("holds", "known", "population", "documents"), pa.int64())
_NUMBER: pa.DataType = pa.float64()


def measured(
    base: duckdb.DuckDBPyConnection,
    measures: Iterable[Measure],
    by: Sequence[str] = (),
    where: str | None = None,
    *,
    skip: bool = False,
) -> Iterator[Estimate]:
    """Every estimate of the measures.

    Args:
        base: of ``open_tables``.
        measures: what is measured.
        by: columns to group by.
        where: a condition in SQL.
        skip: pass over measures whose rows do not have the columns of ``by``.

    Raises:
        SourceError: there is no such column.
    """
    for measure in measures:
        try:
            grouped_by(base, measure.rows, tuple(by))
        except SourceError:
            if skip:
                continue
            raise
        yield from (rate if measure.holds else spread)(base, measure, by, where)


def estimates_table(found: Iterable[Estimate], by: Sequence[str]) -> pa.Table:
    """One row for each estimate, a column for each of ``by``."""
    names = [name for name in Estimate.__struct_fields__ if name != "group"]
    fields: list[tuple[str, pa.DataType]] = [(name, _TYPES.get(name, _NUMBER)) for name in names]
    fields[2:2] = [(f"by_{column}" if column in names else column, pa.string()) for column in by]
    rows = []
    for one in found:
        row = structs.asdict(one)
        row |= {f"by_{column}" if column in names else column: value for column, value in row.pop("group").items()}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def write_estimates(found: Iterable[Estimate], by: Sequence[str], path: Path) -> None:
    """As CSV, Parquet or JSON, by the suffix of ``path``.

    Raises:
        ValueError: another suffix.
    """
    table = estimates_table(found, by)
    if path.suffix == ".csv":
        csv.write_csv(table, path)
    elif path.suffix == ".parquet":
        parquet.write_table(table, path)
    elif path.suffix == ".json":
        import orjson

        path.write_bytes(orjson.dumps(table.to_pylist(), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        raise ValueError(f"{path}: name a file that ends in .csv, .parquet or .json")
