"""One run: read the files, extract, and write records, tables and errors into a folder."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec
import orjson
import pyarrow as pa
from pyarrow import csv, parquet

from panjue.corpora.judgment import Judgment, ReadFailure
from panjue.corpora.reader import read
from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record, decode, encode
from panjue.extractors.tables import columns, tables

_FILES = ("records.jsonl", "errors.jsonl", "texts.jsonl", "sources.jsonl")
_CHUNK = 32
_PARALLEL_FROM = 200  # documents; below, starting workers takes longer than the work
_FORMULA = re.compile(r"^[=+\-@\t\r]")


class OutputError(Exception):
    """The output folder holds something that is not an earlier output."""


@dataclass(slots=True)
class Summary:
    """What a run did: counts, and the first failures."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, str | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Done:
    """What came of one judgment: its record, or why there is none."""

    judgment: Judgment
    record: bytes | None
    error: str | None = None
    reason: str | None = None


def run(
    paths: Sequence[str],
    out: Path,
    *,
    text_field: str | None = None,
    id_field: str | None = None,
    with_names: bool = False,
    jobs: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Extract every judgment of ``paths`` into ``out``.

    Args:
        paths: files and folders; ``-`` is standard input.
        out: a folder that is new, empty, or an earlier output, which is replaced.
        text_field: where the text stands, if not under a usual name.
        id_field: where its identifier stands, if not under a usual name.
        with_names: whether the tables carry names.
        jobs: worker processes; by default as many as there are processors.
        progress: called for each judgment that is done, with the bytes of its text.

    Raises:
        OutputError: ``out`` holds other files.
        OSError: ``out`` cannot be written.
        BrokenExecutor: a worker process was ended from outside.
    """
    _prepare(out)
    summary = Summary()
    with (
        (out / "records.jsonl.part").open("wb") as records,
        (out / "errors.jsonl.part").open("wb") as errors,
        (out / "texts.jsonl.part").open("wb") as texts,
        (out / "sources.jsonl.part").open("wb") as sources,
    ):
        for item in _extracted(read(paths, text_field, id_field, out), jobs or os.cpu_count() or 1):
            summary.counts["read"] += 1
            if isinstance(item, _Done):
                place = {"doc_id": item.judgment.doc_id, "source": item.judgment.source}
                sources.write(orjson.dumps(place, option=orjson.OPT_APPEND_NEWLINE))
            if isinstance(item, ReadFailure):
                failure: dict[str, str | None] | None = {
                    "source": item.source,
                    "doc_id": None,
                    "stage": "read",
                    "error": item.error,
                    "reason": item.reason,
                }
            elif item.record is None:
                failure = {
                    "source": item.judgment.source,
                    "doc_id": item.judgment.doc_id,
                    "stage": "extract",
                    "error": item.error,
                    "reason": item.reason,
                }
            else:
                failure = None
                records.write(item.record + b"\n")
                if item.judgment.markup:
                    kept = {"doc_id": item.judgment.doc_id, "text": item.judgment.text}
                    texts.write(orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE))
                _count(summary, decode(item.record))
            if failure:
                summary.counts["failed"] += 1
                summary.failures.append(failure)
                errors.write(msgspec.json.encode(failure) + b"\n")
            progress(0 if isinstance(item, ReadFailure) else len(item.judgment.text.encode()))
    for name in _FILES:
        (out / f"{name}.part").replace(out / name)
    _write_tables(out, with_names=with_names)
    return summary


def records_of(out: Path) -> Iterator[Record]:
    """The records of an output folder."""
    with (out / "records.jsonl").open("rb") as lines:
        for line in lines:
            yield decode(line)


def _prepare(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder with -o")
    others = [path for path in out.iterdir() if path.suffix != ".part"] if out.is_dir() else []
    if others and not (out / "records.jsonl").exists():
        raise OutputError(f"{out} is not empty and is no earlier output of panjue; name another folder with -o")
    out.mkdir(parents=True, exist_ok=True)


def _count(summary: Summary, record: Record) -> None:
    summary.counts["out_of_scope" if record.status == "out_of_scope" else "extracted"] += 1
    summary.counts["partial"] += record.status == "partial"
    summary.counts["flagged"] += bool(record.flags) and record.status != "out_of_scope"


def _extracted(items: Iterable[Judgment | ReadFailure], jobs: int) -> Iterator[_Done | ReadFailure]:
    """Extract in order; in worker processes once there are enough judgments to be worth it."""
    source = iter(items)
    first = list(islice(source, _PARALLEL_FROM))
    yield from (_extract(item) for item in first)
    if jobs == 1:
        yield from (_extract(item) for item in source)
        return
    rest = list(islice(source, 1))
    if not rest:
        return
    # not multiprocessing's own Pool: it waits for ever for the work of a process that was killed
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        # a few chunks at a time, so that memory stays bounded however long the input is
        while rest:
            yield from pool.map(_extract, rest, chunksize=_CHUNK)
            rest = list(islice(source, _CHUNK * jobs * 4))


def _extract(item: Judgment | ReadFailure) -> _Done | ReadFailure:
    if isinstance(item, ReadFailure):
        return item
    try:
        return _Done(item, encode(extract(item.text, item.doc_id)))
    except Exception as error:  # one judgment must not stop the others
        return _Done(item, None, type(error).__name__, str(error))


def _write_tables(out: Path, *, with_names: bool) -> None:
    """Write each table as Parquet and CSV, some thousand records at a time."""
    schemas = columns(with_names=with_names)
    parquets = {name: parquet.ParquetWriter(out / f"{name}.parquet.part", schema) for name, schema in schemas.items()}
    sheets = {name: csv.CSVWriter(out / f"{name}.csv.part", schema) for name, schema in schemas.items()}
    source = records_of(out)
    while chunk := list(islice(source, 2000)):
        for name, table in tables(chunk, with_names=with_names).items():
            parquets[name].write_table(table)
            sheets[name].write_table(_without_formulas(table))
    for name in schemas:
        parquets[name].close()
        sheets[name].close()
        for suffix in ("parquet", "csv"):
            (out / f"{name}.{suffix}.part").replace(out / f"{name}.{suffix}")


def _without_formulas(table: pa.Table) -> pa.Table:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    for position, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            cells = [
                f"'{cell}" if cell is not None and _FORMULA.match(cell) else cell
                for cell in table.column(position).to_pylist()
            ]
            table = table.set_column(position, column, pa.array(cells, pa.string()))
    return table
