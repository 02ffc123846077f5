"""The tables in the formats of other software, from the Parquet files; what can be streamed is."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from pyarrow import csv, parquet

from panjue.analysis.variables import FAILED, NOT_APPLICABLE, NOT_STATED, WHY

_STATA = {NOT_STATED: 0x7FE00E0000000000, NOT_APPLICABLE: 0x7FE0010000000000, FAILED: 0x7FE0060000000000}
"""Stata's extended missing values .n, .a, .f, as the bits of a double."""
_STAND_INS = {NOT_STATED: -1.1713e250, NOT_APPLICABLE: -1.1719e250, FAILED: -1.1723e250}
"""Numbers that no variable has, in their place until the file is written."""
_SPSS = {NOT_STATED: -7.0, NOT_APPLICABLE: -8.0, FAILED: -9.0}
"""User-missing values in SPSS."""
_REASON_NUMBERS = {NOT_STATED: 1, NOT_APPLICABLE: 2, FAILED: 3}
_REASONS = {NOT_STATED: "not stated", NOT_APPLICABLE: "not applicable", FAILED: "extraction failed"}
_FORMULA = r"^([=+\-@\t\r])"
"""What a spreadsheet takes for a formula."""
_EXCEL_ROWS = 1_048_575
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class FormatError(ValueError):
    """A table that a format cannot hold; the message says which could."""


def to_csv(tables: list[Path], folder: Path, *, bom: bool = False) -> None:
    """``NAME.csv`` in UTF-8; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    for table in tables:
        with (folder / f"{table.stem}.csv").open("wb") as file:
            if bom:
                file.write(b"\xef\xbb\xbf")
            schema = _plain_schema(table)
            with csv.CSVWriter(file, schema) as writer:
                for batch in _batches(table):
                    writer.write_batch(_escaped(batch, schema))


def to_jsonl(tables: list[Path], folder: Path) -> None:
    """``NAME.jsonl``: one object a row, dates in ISO 8601."""
    for table in tables:
        with (folder / f"{table.stem}.jsonl").open("w", encoding="utf-8") as file:
            for batch in _batches(table):
                for row in batch.to_pylist():
                    file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def to_duckdb(tables: list[Path], folder: Path) -> None:
    """``panjue.duckdb``: each table, with its words as comments, and views for first-instance judgments."""
    import duckdb

    path = folder / "panjue.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as base:
        for table in tables:
            base.execute(f'CREATE TABLE "{table.stem}" AS SELECT * FROM read_parquet(?)', [str(table)])  # noqa: S608
            for field in parquet.read_schema(table):
                said = _said(field).get("description", "").replace("'", "''")
                base.execute(f'COMMENT ON COLUMN "{table.stem}"."{field.name}" IS \'{said}\'')
        base.execute(
            "CREATE VIEW base_population AS SELECT * FROM defendants_wide WHERE instance = 'first' AND"
            " document_type = 'judgment' AND prosecution = 'public' AND disposition <> 'none'"
        )
        base.execute("CREATE VIEW pleas AS SELECT * FROM base_population WHERE plea_status = 'applied'")


def to_stata(tables: list[Path], folder: Path) -> None:
    """``NAME.dta``, format 118 (Stata 14 and later): labels of variables and values, missing values .n, .a, .f.

    Writers of this format know only the plain missing value. So a number that stands for each reason is written, and
    then replaced by the extended missing value in the file (Stata, ``help dta``: .a is 0x7fe0010000000000).
    """
    for table in tables:
        made = labelled(table, _STAND_INS)
        path = folder / f"{table.stem}.dta"
        texts = [name for name in made.frame if made.frame[name].dtype == object]
        made.frame.to_stata(
            path,
            version=118,
            write_index=False,
            variable_labels=made.labels,
            value_labels={
                name: {n: term for n, term in terms.items() if n >= 0} for name, terms in made.values.items()
            },
            convert_strl=texts,
        )
        content = path.read_bytes()
        for reason, stand_in in _STAND_INS.items():
            before = struct.pack("<d", stand_in)
            expected = sum(int((made.frame[name] == stand_in).sum()) for name in made.missing)
            if content.count(before) != expected:
                raise FormatError(f"{table.stem}: cannot be written for Stata; CSV can")
            content = content.replace(before, struct.pack("<Q", _STATA[reason]))
        path.write_bytes(content)


def to_spss(tables: list[Path], folder: Path) -> None:
    """``NAME.sav``: labels of variables and values, missing values −7, −8, −9."""
    import pyreadstat

    codes: list[Any] = sorted(_SPSS.values())
    for table in tables:
        made = labelled(table, _SPSS)
        words: dict[str, Any] = dict(made.labels)
        ranges = dict.fromkeys(made.missing, codes)
        path = str(folder / f"{table.stem}.sav")
        pyreadstat.write_sav(
            made.frame, path, column_labels=words, variable_value_labels=made.values, missing_ranges=ranges
        )


def to_excel(tables: list[Path], folder: Path) -> None:
    """``panjue.xlsx``: one sheet a table, and a sheet that says what each column is.

    Raises:
        FormatError: a table has more rows than a sheet holds.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    words = book.create_sheet("dictionary")
    words.append(["table", "variable", "English", "中文", "unit", "universe", "derivation", "values"])
    for table in tables:
        if parquet.read_metadata(table).num_rows > _EXCEL_ROWS:
            raise FormatError(
                f"{table.stem} has more than {_EXCEL_ROWS:,} rows; an Excel sheet holds no more, CSV does"
            )
        schema = parquet.read_schema(table)
        for field in schema:
            said = _said(field)
            cells = [said.get(name, "") for name in ("description", "description_zh", "unit", "universe", "derivation")]
            words.append([table.stem, field.name, *cells, said.get("values", "")])
        sheet = book.create_sheet(table.stem)
        sheet.append(schema.names)
        for batch in _batches(table):
            for row in batch.to_pylist():
                cells_of = []
                for value in row.values():
                    cell = WriteOnlyCell(sheet, _CONTROL.sub("", value) if isinstance(value, str) else value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # never a formula
                    cells_of.append(cell)
                sheet.append(cells_of)
    book.save(folder / "panjue.xlsx")


FORMATS: dict[str, Callable[[list[Path], Path], None]] = {
    "csv": to_csv,
    "jsonl": to_jsonl,
    "duckdb": to_duckdb,
    "stata": to_stata,
    "spss": to_spss,
    "excel": to_excel,
}


def _batches(table: Path) -> Iterator[pa.RecordBatch]:
    with parquet.ParquetFile(table) as file:
        for batch in file.iter_batches():
            yield batch.cast(_plain_schema(table))


def _plain_schema(table: Path) -> pa.Schema:
    """Without dictionaries, which not every format knows."""
    schema = parquet.read_schema(table)
    return pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in schema])


def _escaped(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        pc.replace_substring_regex(column, _FORMULA, r"'\1") if pa.types.is_string(field.type) else column
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _said(field: Any) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in (field.metadata or {}).items()}


class Labelled(Struct, frozen=True):
    """A data frame with numbers for categories and for reasons why a value is missing, and all labels."""

    frame: Any
    labels: dict[str, str]
    values: dict[str, dict[Any, str]]
    missing: list[str]


def labelled(table: Path, reasons: Mapping[Any, float]) -> Labelled:
    """A whole table for software of statistics; beside a date or a text that may be missing stands why it is."""
    import pandas as pd

    schema = parquet.read_schema(table)
    whole = parquet.read_table(table).cast(_plain_schema(table)).to_pandas()
    made = Labelled({}, {}, {}, [])
    for field in schema:
        said, name = _said(field), field.name
        if "missing_of" in said:
            continue
        made.labels[name] = f"{said.get('description', name)} {said.get('description_zh', '')}".strip()[:80]
        column = whole[name]
        numeric = "values" in said or not (pa.types.is_date(field.type) or pa.types.is_string(field.type))
        if WHY + name in whole and not numeric:  # a date or a text cannot say why it is missing
            made.frame[WHY + name] = whole[WHY + name].map(_REASON_NUMBERS).astype(float)
            made.labels[WHY + name] = f"why {name} has no value 缺失原因"
            made.values[WHY + name] = {number: _REASONS[why] for why, number in _REASON_NUMBERS.items()}
        if pa.types.is_date(field.type):
            made.frame[name] = pd.to_datetime(column)
            continue
        if "values" in said:
            terms = json.loads(said["values"])
            numbers = {value: number for number, value in enumerate(terms, 1)}
            column = column.map(numbers)
            made.values[name] = {numbers[value]: f"{one} {other}" for value, (one, other) in terms.items()}
        elif pa.types.is_boolean(field.type):
            column = column.map({True: 1, False: 0})
            made.values[name] = {0: "no 否", 1: "yes 是"}
        elif pa.types.is_string(field.type) or pa.types.is_dictionary(field.type):
            made.frame[name] = column.fillna("").astype(object)
            continue
        column = column.astype(float)
        if WHY + name in whole:
            column = column.fillna(whole[WHY + name].map(dict(reasons)).astype(float))
            made.values.setdefault(name, {}).update({reasons[why]: words for why, words in _REASONS.items()})
            made.missing.append(name)
        made.frame[name] = column
    return Labelled(pd.DataFrame(made.frame), made.labels, made.values, made.missing)
