"""The output folder: its parts, what they count, and one run at a time."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout
from msgspec import Struct, field

from panjue.extractors.record import Record, decode
from panjue.run.jobs import STDIN_COPY
from panjue.run.join import DATABASE, DUPLICATES, TABLES
from panjue.run.manifest import INPUTS, RUN
from panjue.run.part import LINES, MARKER, Marker

PARTS, SUMMARY = "parts", "summary.json"
_FILES = [RUN, INPUTS, SUMMARY, STDIN_COPY, DATABASE, DUPLICATES, *LINES, *TABLES]
_SHOWN = 5


class OutputError(Exception):
    """The output folder holds something else, or a run that differs from this one; the message says what."""


class Summary(Struct):
    """What a run did: counts, and the first failures."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = False


def prepare(out: Path) -> None:
    """Make the folder, or see that it is an output.

    Raises:
        OutputError: it is neither new nor empty nor an earlier output.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder with -o")
    found = {path.name.removesuffix(".part") for path in out.iterdir()} if out.is_dir() else set()
    if any(not name.startswith(".") for name in found) and found.isdisjoint({PARTS, *_FILES}):
        raise OutputError(f"{out} is not empty and is no earlier output of panjue; name another folder with -o")
    out.mkdir(parents=True, exist_ok=True)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep the folder for this run.

    Raises:
        OutputError: another run is at work in it.
    """
    try:
        with FileLock(out / ".lock", timeout=0):
            yield
    except Timeout:
        raise OutputError(f"another run is at work in {out}") from None


def clear(out: Path) -> None:
    """Remove an earlier output, and nothing else; first what says that it is one run's."""
    (out / RUN).unlink(missing_ok=True)
    shutil.rmtree(out / PARTS, ignore_errors=True)
    for name in _FILES:
        (out / name).unlink(missing_ok=True)
    sweep(out)


def markers(out: Path) -> list[Marker]:
    """The markers of all parts that are whole, in the order of the input."""
    found: list[Marker] = []
    for folder in sorted((out / PARTS).iterdir()) if (out / PARTS).is_dir() else []:
        if (folder / MARKER).exists():
            found.append(orjson.loads((folder / MARKER).read_bytes()))
    return found


def sweep(out: Path) -> None:
    """Remove what a run that was stopped has left unfinished."""
    for folder in list((out / PARTS).iterdir()) if (out / PARTS).is_dir() else []:
        if not (folder / MARKER).exists():
            shutil.rmtree(folder, ignore_errors=True)
        for left in folder.glob(f".{MARKER}.*"):
            left.unlink(missing_ok=True)
    for name in _FILES:
        for left in [*out.glob(f"{name}.part"), *out.glob(f".{name}.*")]:
            left.unlink(missing_ok=True)


def remove_part(out: Path, name: str) -> None:
    """Remove a part, its marker first."""
    (out / PARTS / name / MARKER).unlink()
    shutil.rmtree(out / PARTS / name)


def part_folders(out: Path) -> list[Path]:
    """The folders of the parts that are whole, in order."""
    return [out / PARTS / marker["part"] for marker in markers(out)]


def records_of(out: Path) -> Iterator[Record]:
    """The records of an output folder, joined or in parts."""
    files = [out / "records.jsonl"]
    if not files[0].exists():
        files = [folder / "records.jsonl" for folder in part_folders(out)]
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                yield decode(line)


def summarised(out: Path) -> Summary:
    """The summary of a finished run, or counts over all parts that are there, and the first failures."""
    if (out / SUMMARY).exists():
        found = orjson.loads((out / SUMMARY).read_bytes())
        return Summary(Counter(found["counts"]), found["failures"], found["complete"])
    counts: Counter[str] = Counter()
    failures: list[dict[str, Any]] = []
    for marker in markers(out):
        counts.update(marker["counts"])
        if marker["counts"].get("failed") and len(failures) < _SHOWN:
            lines = (out / PARTS / marker["part"] / "errors.jsonl").read_bytes().splitlines()
            failures += [orjson.loads(line) for line in lines[: _SHOWN - len(failures)]]
    return Summary(counts, failures)
