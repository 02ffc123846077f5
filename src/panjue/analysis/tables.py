"""The tables as Parquet files, written as a stream: never more than some thousand records in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from msgspec import Struct
from pyarrow import parquet

from panjue.analysis.dictionary import TABLES, Table
from panjue.analysis.rows import rows, variables
from panjue.analysis.variables import WHY, Variable
from panjue.eval.fields import flat
from panjue.extractors.record import Record

_BATCH = 20_000
"""Rows of a table that are written at once."""
_TYPES = {
    "text": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "whole": pa.int32(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "date": pa.date32(),
}
ERRORS = pa.schema([(name, pa.string()) for name in ("source", "doc_id", "stage", "error", "reason")])


class Choices(Struct, frozen=True, kw_only=True):
    """What is written: names or not, a key to hash them with, judgments that are to be left out."""

    with_names: bool = False
    key: bytes | None = None
    deleted: frozenset[str] = frozenset()
    """Case numbers and identifiers, as :func:`deletion` folds them."""


def deletion(lines: Iterable[str]) -> frozenset[str]:
    """A list of case numbers or identifiers to leave out, one a line; width, spaces and brackets do not matter.

    >>> sorted(deletion(["〔2019〕浙 0199刑初4号", "", "a1"]))
    ['(2019)浙0199刑初4号', 'a1']
    """
    return frozenset(flat(line.strip()) for line in lines if line.strip())


def deletion_of(path: Path | None) -> frozenset[str]:
    """The list in a file; none where there is no file."""
    return deletion(path.read_text(encoding="utf-8-sig").splitlines()) if path else frozenset()


def kept(records: Iterable[Record], deleted: frozenset[str]) -> Iterator[Record]:
    """The records that are on no deletion list."""
    return (one for one in records if not deleted & {flat(one.case.case_number), flat(one.doc_id)})


def write_tables(
    records: Iterable[Record], failures: Iterable[dict[str, Any]], folder: Path, choices: Choices, about: dict[str, str]
) -> dict[str, int]:
    """Write every table as ``NAME.parquet``.

    Args:
        records: one at a time.
        failures: judgments that could not be read, as in ``errors.jsonl``.
        folder: exists.
        choices: what is written.
        about: toolkit and lexicons, for the metadata.

    Returns:
        The rows of each table, and under ``deleted`` the judgments left out.
    """
    counts = dict.fromkeys((*(table.name for table in TABLES), "errors", "deleted"), 0)
    waiting: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
    schemas = {table.name: schema(table, choices, about) for table in TABLES}
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(parquet.ParquetWriter(folder / f"{name}.parquet", known, compression="zstd"))
            for name, known in schemas.items()
        }

        def write(name: str) -> None:
            batch = waiting[name]
            writers[name].write_batch(pa.RecordBatch.from_pylist(batch, schema=schemas[name]))
            counts[name] += len(batch)
            batch.clear()

        for record in records:
            if not any(kept([record], choices.deleted)):
                counts["deleted"] += 1
                continue
            for name, row in rows(record, with_names=choices.with_names, key=choices.key):
                waiting[name].append(_dated(name, row))
                if len(waiting[name]) >= _BATCH:
                    write(name)
        for name in waiting:
            write(name)
    failed = [{name: row.get(name) for name in ERRORS.names} for row in _kept(failures, choices)]
    counts["errors"] = len(failed)
    parquet.write_table(pa.Table.from_pylist(failed, schema=ERRORS), folder / "errors.parquet")
    return counts


def schema(table: Table, choices: Choices, about: dict[str, str]) -> pa.Schema:
    """The Arrow schema with what each column is: label in both languages, unit, universe, derivation, values."""
    fields = []
    shown = variables(table, with_names=choices.with_names, hashed=choices.key is not None)
    for one in shown:
        fields.append(pa.field(one.name, _TYPES[one.kind], nullable=one.optional, metadata=metadata(one)))
    for one in shown:
        if one.optional:
            said = {"description": f"why {one.name} has no value", "missing_of": one.name}
            fields.append(pa.field(WHY + one.name, _TYPES["category"], metadata=said))
    told: dict[bytes | str, bytes | str] = {"table": table.name, "row": table.row}
    told.update(about)
    return pa.schema(fields, metadata=told)


def metadata(one: Variable) -> dict[str, str]:
    """What the Parquet file says of a column."""
    said = {
        "description": one.english,
        "description_zh": one.chinese,
        "unit": one.unit,
        "universe": one.universe,
        "derivation": one.derivation,
        "values": json.dumps({value: [english, chinese] for value, english, chinese in one.values}, ensure_ascii=False)
        if one.values
        else "",
    }
    return {name: value for name, value in said.items() if value}


_DATES = {table.name: [one.name for one in table.variables if one.kind == "date"] for table in TABLES}


def _dated(name: str, row: dict[str, Any]) -> dict[str, Any]:
    for column in _DATES[name]:
        if row[column] is not None:
            row[column] = date.fromisoformat(row[column])
    return row


def _kept(failures: Iterable[dict[str, Any]], choices: Choices) -> Iterator[dict[str, Any]]:
    for failure in failures:
        if flat(failure.get("doc_id") or "") not in choices.deleted:
            yield failure
