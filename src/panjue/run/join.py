"""The parts, one after the other, as the output; identifiers that occur twice are made distinct.

Nothing is kept in memory but one part: what has to be known of all documents lies in a database on disk.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

import msgspec
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from panjue.corpora.duplicates import Fingerprint, clusters
from panjue.extractors.record import Record, decode
from panjue.extractors.tables import columns, tables
from panjue.run.part import INDEX, LINES, Indexed

_FORMULA = r"^([=+\-@\t\r])"
DATABASE, DUPLICATES = "index.sqlite", "duplicates.jsonl"
TABLES = [f"{name}.{suffix}" for name in columns() for suffix in ("parquet", "csv")]
_INDEX_LINES = msgspec.json.Decoder(Indexed)
_SKETCH = msgspec.msgpack.Decoder(tuple[int, ...])
_SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE documents (part INTEGER, line INTEGER, doc_id TEXT, key TEXT, length INTEGER, sketch BLOB,
        PRIMARY KEY (part, line)) WITHOUT ROWID;
    CREATE TABLE duplicates (part INTEGER, line INTEGER, of_part INTEGER, of_line INTEGER);
    CREATE TABLE changes (part INTEGER, line INTEGER, new TEXT, PRIMARY KEY (part, line)) WITHOUT ROWID;
"""
# What becomes of a document of a part, by its line: another identifier, or nothing.
_Changes = dict[int, str | None]


def join(parts: Sequence[Path], out: Path, *, with_names: bool, dedupe: bool = False) -> dict[str, int]:
    """Write the output of all parts into ``out``, under temporary names until it is whole.

    Args:
        parts: the folders of the parts, in order.
        out: the folder for the output.
        with_names: whether the tables carry names.
        dedupe: whether of a judgment that is there several times only the fullest text is taken.

    Returns:
        How many documents are duplicates of another, and how many of them were left out.

    Raises:
        OSError: it cannot be written.
    """
    database = out / f"{DATABASE}.part"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as index:
        index.executescript(_SCHEMA)
        for number, part in enumerate(parts):
            rows = (
                (number, line, one.doc_id, one.key, one.length, msgspec.msgpack.encode(one.sketch))
                for line, one in enumerate(_index(part))
            )
            index.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", rows)
        _find_duplicates(index)
        if dedupe:
            index.execute("INSERT INTO changes SELECT part, line, NULL FROM duplicates")
        _number_repeated(index)
        with ExitStack() as stack:
            write = _Writer(out, stack, with_names=with_names)
            for number, part in enumerate(parts):
                found = index.execute("SELECT line, new FROM changes WHERE part = ?", (number,))
                write.part(part, dict(found.fetchall()))
        _report_duplicates(index, parts, out, dropped=dedupe)
        (count,) = index.execute("SELECT count(*) FROM duplicates").fetchone()
    database.unlink()
    for name in [*LINES, DUPLICATES, *TABLES]:
        temporary = out / f"{name}.part"
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(out / name)
    return {"duplicates": count, "dropped": count if dedupe else 0}


def _index(part: Path) -> list[Indexed]:
    return _INDEX_LINES.decode_lines((part / INDEX).read_bytes())


def _find_duplicates(index: sqlite3.Connection) -> None:
    """Every document of which there is a fuller one, or an equal one earlier, with that one."""
    index.execute("CREATE INDEX by_key ON documents (key)")
    rows = index.execute("""
        SELECT key, part, line, length, sketch FROM documents
        WHERE key IN (SELECT key FROM documents WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)
        ORDER BY key, part, line
    """)
    for key, group in groupby(rows, itemgetter(0)):
        members = list(group)
        prints = [Fingerprint(key, length, _SKETCH.decode(sketch)) for *_, length, sketch in members]
        for fullest, *others in clusters(prints):
            found = [(*members[other][1:3], *members[fullest][1:3]) for other in others]
            index.executemany("INSERT INTO duplicates VALUES (?, ?, ?, ?)", found)


def _number_repeated(index: sqlite3.Connection) -> None:
    """The second document with an identifier becomes ``#2``, the third ``#3``, or the next that is free."""
    index.execute("CREATE INDEX by_id ON documents (doc_id)")
    repeated = """
        SELECT part, line, doc_id FROM documents
        WHERE doc_id IN (SELECT doc_id FROM documents GROUP BY doc_id HAVING count(*) > 1)
        AND NOT EXISTS (SELECT 1 FROM changes WHERE (changes.part, changes.line) = (documents.part, documents.line))
        ORDER BY doc_id, part, line
    """
    last, number = None, 1
    for part, line, doc_id in index.execute(repeated).fetchall():
        if doc_id != last:
            last, number = doc_id, 1
            continue
        number += 1
        while index.execute("SELECT 1 FROM documents WHERE doc_id = ?", (f"{doc_id}#{number}",)).fetchone():
            number += 1
        index.execute("INSERT INTO changes VALUES (?, ?, ?)", (part, line, f"{doc_id}#{number}"))


def _report_duplicates(index: sqlite3.Connection, parts: Sequence[Path], out: Path, *, dropped: bool) -> None:
    named = """
        SELECT d.part, d.line, coalesce(c.new, i.doc_id), coalesce(k.new, j.doc_id) FROM duplicates AS d
        JOIN documents AS i ON (i.part, i.line) = (d.part, d.line)
        JOIN documents AS j ON (j.part, j.line) = (d.of_part, d.of_line)
        LEFT JOIN changes AS c ON (c.part, c.line) = (d.part, d.line)
        LEFT JOIN changes AS k ON (k.part, k.line) = (d.of_part, d.of_line)
        ORDER BY d.part, d.line
    """
    sources: tuple[int, list[bytes]] = (-1, [])
    with (out / f"{DUPLICATES}.part").open("wb") as report:
        for part, line, doc_id, other in index.execute(named):
            if sources[0] != part:
                sources = (part, (parts[part] / "sources.jsonl").read_bytes().splitlines())
            source = orjson.loads(sources[1][line])["source"]
            row = {"doc_id": doc_id, "duplicate_of": other, "source": source, "dropped": dropped}
            report.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


class _Writer:
    """The files of the output, open under temporary names."""

    def __init__(self, out: Path, stack: ExitStack, *, with_names: bool) -> None:
        self._with_names = with_names
        self._lines: dict[str, BinaryIO] = {
            name: stack.enter_context((out / f"{name}.part").open("wb")) for name in LINES
        }
        schemas = columns(with_names=with_names)
        self._parquets = {
            name: stack.enter_context(parquet.ParquetWriter(out / f"{name}.parquet.part", schema))
            for name, schema in schemas.items()
        }
        self._sheets = {
            name: stack.enter_context(csv.CSVWriter(out / f"{name}.csv.part", schema))
            for name, schema in schemas.items()
        }

    def part(self, part: Path, changes: _Changes) -> None:
        """Append one part."""
        if changes:
            found = tables(self._changed(part, changes), with_names=self._with_names)
        else:
            for name in LINES:
                with (part / name).open("rb") as source:
                    shutil.copyfileobj(source, self._lines[name])
            found = {name: parquet.read_table(part / f"{name}.parquet") for name in self._parquets}
        for name, table in found.items():
            if table.num_rows:
                self._parquets[name].write_table(table)
                self._sheets[name].write_table(without_formulas(table))

    def _changed(self, part: Path, changes: _Changes) -> list[Record]:
        """Append the lines of a part with other identifiers; returns its records."""
        lines = {name: iter((part / name).read_bytes().splitlines(keepends=True)) for name in LINES}
        records: list[Record] = []
        for number, entry in enumerate(_index(part)):
            names = ["sources.jsonl", "errors.jsonl" if entry.failed else "records.jsonl"]
            names += ["texts.jsonl"] if entry.text and not entry.failed else []
            for name in names:
                line = next(lines[name])
                while name == "errors.jsonl" and orjson.loads(line)["doc_id"] is None:  # not read at all
                    self._lines[name].write(line)
                    line = next(lines[name])
                if number in changes and changes[number] is None:
                    continue
                line = _renamed(line, changes.get(number))
                self._lines[name].write(line)
                if name == "records.jsonl":
                    records.append(decode(line))
        self._lines["errors.jsonl"].writelines(lines["errors.jsonl"])
        return records


def _renamed(line: bytes, doc_id: str | None) -> bytes:
    """The line with another identifier; fields that the output does not know would be kept."""
    if doc_id is None:
        return line
    row: dict[str, msgspec.Raw] = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    return msgspec.json.encode(row | {"doc_id": doc_id}) + b"\n"


def without_formulas(table: pa.Table) -> pa.Table:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    for position, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            cells = pc.replace_substring_regex(table.column(position), _FORMULA, r"'\1")
            table = table.set_column(position, column, cells)
    return table
