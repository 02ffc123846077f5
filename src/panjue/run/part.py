"""One part of the output: what came of one shard of the input, in a folder of its own that is whole or not there.

A part looks like the output of a run: the same files, of some hundred documents. It is written under a temporary name,
brought to disk and renamed; its marker ``done.json`` comes last.
"""

from __future__ import annotations

import os
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

import msgspec
import orjson
from msgspec import Struct
from pyarrow import parquet

from panjue.corpora.duplicates import fingerprint
from panjue.corpora.judgment import Judgment
from panjue.extractors.record import Record, encode
from panjue.extractors.tables import tables

MARKER = "done.json"
LINES = ("records.jsonl", "errors.jsonl", "texts.jsonl", "sources.jsonl")
INDEX = "index.jsonl"


class Marker(TypedDict):
    """What ``done.json`` holds."""

    part: str
    last: bool
    """Whether it is the last of its files."""
    counts: dict[str, int]


class Failure(Struct, frozen=True):
    """Why there is no record: a row of ``errors.jsonl``.

    ``reason`` holds no judgment text. ``seconds`` are counted only where a time limit ended the work; a run that is
    done again must give the same bytes.
    """

    source: str
    doc_id: str | None
    stage: str
    error: str
    reason: str
    seconds: int = 0

    @classmethod
    def of(cls, error: Exception, stage: str, source: str, doc_id: str | None = None) -> Failure:
        """The failure of an exception: where in the code it was raised, since its message may quote the text."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "unknown"
        return cls(source, doc_id, stage, type(error).__name__, f"at {place}")


class Indexed(Struct, frozen=True):
    """One line of ``index.jsonl``, for the same judgment as the line of ``sources.jsonl``."""

    doc_id: str
    failed: bool
    """Then the part has an error in place of a record."""
    text: bool
    """Whether the text is in ``texts.jsonl``."""
    key: str | None = None
    """Shared by all that may be the same judgment; none where nothing was extracted."""
    length: int = 0
    """See :class:`panjue.corpora.duplicates.Fingerprint`, for this and the next."""
    sketch: tuple[int, ...] = ()


class Outcome(Struct, kw_only=True):
    """What came of one entry of the input: a record or a failure."""

    judgment: Judgment | None = None
    record: Record | None = None
    failure: Failure | None = None
    wanted: bool = True


def write_part(
    out: Path,
    name: str,
    outcomes: Iterator[Outcome],
    *,
    with_names: bool,
    last: bool,
    finishing: Callable[[], None] = lambda: None,
) -> Marker:
    """Write a part and its marker into ``out``, and return the marker: its name, its counts, whether it is the last.

    A part of this name that another process has finished meanwhile is left as it is: it holds the same.

    Raises:
        OSError: it cannot be written.
    """
    folder, temporary = out / name, out / f".{name}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    marker: Marker = {"part": name, "last": last, "counts": _write_into(temporary, outcomes, with_names, finishing)}
    with ThreadPoolExecutor() as pool:  # the disk does it for all of them in about the time of one
        list(pool.map(_to_disk, [*temporary.iterdir(), temporary]))
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(temporary)
    _to_disk(out)
    write_whole(folder / MARKER, orjson.dumps(marker))
    return marker


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there with all its content, or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    _to_disk(temporary)
    temporary.replace(path)
    _to_disk(path.parent)


def _write_into(
    folder: Path, outcomes: Iterator[Outcome], with_names: bool, finishing: Callable[[], None]
) -> dict[str, int]:
    counts: Counter[str] = Counter()
    records: list[Record] = []
    files: dict[str, BinaryIO] = {name: (folder / name).open("wb") for name in (*LINES, INDEX)}

    def add(name: str, row: object) -> None:
        files[name].write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    for outcome in outcomes:
        counts["read"] += 1
        judgment, record = outcome.judgment, outcome.record
        if outcome.failure is not None:
            counts["failed"] += 1
            add("errors.jsonl", {name: getattr(outcome.failure, name) for name in Failure.__struct_fields__})
        if judgment is not None:
            counts["bytes"] += len(judgment.text.encode("utf-8", "surrogatepass"))
        if judgment is None or not outcome.wanted:
            counts["left_out"] += not outcome.wanted
            continue
        add("sources.jsonl", _source(judgment))
        add(INDEX, msgspec.to_builtins(indexed(judgment, record)))
        if record is None:
            continue
        files["records.jsonl"].write(encode(record) + b"\n")
        records.append(record)
        if judgment.markup:
            add("texts.jsonl", {"doc_id": judgment.doc_id, "text": judgment.text})
        counts["out_of_scope" if record.status == "out_of_scope" else "extracted"] += 1
        counts["partial"] += record.status == "partial"
        counts["flagged"] += bool(record.flags) and record.status != "out_of_scope"
    finishing()
    for file in files.values():
        file.close()
    for name, table in tables(records, with_names=with_names).items():
        parquet.write_table(table, folder / f"{name}.parquet")
    return dict(counts)


def _source(judgment: Judgment) -> dict[str, Any]:
    fields = ("doc_id", "source", "format", "encoding", "ocr")
    return {name: getattr(judgment, name) for name in fields}


def indexed(judgment: Judgment, record: Record | None) -> Indexed:
    """What is kept of a judgment for the comparison with all others."""
    if record is None:
        return Indexed(judgment.doc_id, failed=True, text=judgment.markup)
    found = fingerprint(record.case.case_number, judgment.text)
    return Indexed(
        judgment.doc_id,
        failed=False,
        text=judgment.markup,
        key=found.key,
        length=found.length,
        sketch=found.sketch,
    )


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; systems that cannot do this for folders need not."""
    with suppress(PermissionError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
