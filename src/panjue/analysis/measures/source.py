"""The tables as DuckDB sees them: one view for each thing that is counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from panjue.analysis.measures.kinds import Measure, Rows

if TYPE_CHECKING:
    import duckdb

_TABLES = ("defendants_wide", "cases", "charges", "counsel")
_MEMORY = "3GB"
_VIEWS = """
CREATE VIEW counted_defendants AS
  SELECT wide.*, coalesce(duty.doc_id IS NOT NULL, false) AS duty_lawyer
  FROM defendants_wide AS wide
  LEFT JOIN (SELECT DISTINCT doc_id, defendant_no FROM counsel WHERE counsel_kind = 'duty_lawyer') AS duty
  USING (doc_id, defendant_no);
CREATE VIEW counted_cases AS
  SELECT cases.*, of_case.* EXCLUDE (doc_id), term_ratio FROM cases JOIN (
    SELECT doc_id,
      coalesce(min(disposition) FILTER (disposition <> 'none'), 'none') AS disposition,
      bool_or(plea_status <> 'not_mentioned') AS plea_stated,
      bool_or(plea_status = 'applied') AS any_applied,
      bool_and(plea_status = 'applied') AS all_applied
    FROM defendants_wide GROUP BY doc_id
  ) AS of_case USING (doc_id) LEFT JOIN (
    SELECT doc_id, max(ratio) AS term_ratio FROM (
      SELECT doc_id, max(months) / min(months) AS ratio FROM defendants_wide
      WHERE kind = 'person' AND penalty = 'imprisonment' AND months > 0 AND n_charges_convicted = 1
      GROUP BY doc_id, main_charge HAVING count(*) > 1
    ) GROUP BY doc_id
  ) AS terms USING (doc_id);
CREATE VIEW counted_charges AS
  SELECT charges.* EXCLUDE (doc_id, defendant_no, chapter, article), wide.*
  FROM charges JOIN defendants_wide AS wide USING (doc_id, defendant_no);
"""


class SourceError(ValueError):
    """Tables that cannot be read, or a column they do not have; the message says what to do."""


def open_tables(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the views ``counted_defendants``, ``counted_cases`` and ``counted_charges``.

    Args:
        folder: as ``panjue tables`` writes it.

    Raises:
        SourceError: a table is not there.
    """
    import duckdb

    base = duckdb.connect(config={"memory_limit": _MEMORY, "preserve_insertion_order": "false"})
    for name in _TABLES:
        path = folder / f"{name}.parquet"
        if not path.exists():
            raise SourceError(f"{folder} holds no {name}.parquet; make it with: panjue tables OUT -o {folder}")
        base.read_parquet(str(path)).create_view(name)
    base.execute(_VIEWS)
    return base


def grouped_by(base: duckdb.DuckDBPyConnection, rows: Rows, columns: tuple[str, ...]) -> list[str]:
    """The columns, quoted for SQL.

    Raises:
        SourceError: the rows have no such column.
    """
    known = [name for name, *_ in base.execute(f"DESCRIBE counted_{rows}").fetchall()]
    for column in columns:
        if column not in known:
            raise SourceError(f"{rows} have no {column}; there are: {', '.join(sorted(known))}")
    return [f'"{column}"' for column in columns]


def matching(measure: Measure, where: str | None) -> str:
    """The condition of the population, and a further one; parentheses keep each whole."""
    return f"({measure.population})" + (f" AND ({where})" if where else "")
