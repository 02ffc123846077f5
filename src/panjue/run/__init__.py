"""A run: every judgment of files and folders becomes a record, by worker processes, in parts that survive a stop."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import orjson

from panjue.corpora.files import STDIN
from panjue.corpora.reader import Input
from panjue.run.folder import (
    PARTS,
    SUMMARY,
    OutputError,
    Summary,
    clear,
    locked,
    markers,
    part_folders,
    prepare,
    records_of,
    remove_part,
    summarised,
    sweep,
)
from panjue.run.guard import TIME_LIMIT, WorkerError
from panjue.run.jobs import STDIN_COPY, Options
from panjue.run.join import join
from panjue.run.manifest import Manifest, load, save, take
from panjue.run.part import LINES, Marker, write_whole
from panjue.run.shards import Entry, Setting, Todo, entries, part_name
from panjue.run.where import Where

__all__ = ["Options", "OutputError", "Progress", "Summary", "WorkerError", "records_of", "run"]


_PLACE = re.compile("[#!]")  # before a place in a file
_LISTED = 10


class Progress:
    """What is told to whoever watches a run; this one passes over it."""

    def start(self, todo: list[Todo], counts: Counter[str]) -> None:
        """The whole input, what of it is done already, and what that came to."""

    def document(self) -> None:
        """A worker takes up one more document; told from any thread."""

    def part(self, marker: Marker) -> None:
        """A part is on disk."""


def run(
    paths: Sequence[str],
    out: Path,
    options: Options | None = None,
    *,
    jobs: int | None = None,
    time_limit: int = TIME_LIMIT,
    overwrite: bool = False,
    retry: bool = False,
    joined: bool = True,
    progress: Progress | None = None,
    engine: str = "local",
) -> Summary:
    """Extract every judgment of ``paths`` into ``out``, or go on with it where an earlier run was stopped.

    Args:
        paths: files and folders; ``-`` is standard input.
        out: a folder that is new, empty, or the output of the same run.
        options: what decides about the output; the rest decides only how it is made.
        jobs: worker processes; by default as many as there are processors.
        time_limit: seconds for one document.
        overwrite: whether an earlier output is removed first, whatever it was of.
        retry: whether the parts in which something failed are made again.
        joined: whether the parts are put together at the end.
        progress: is told how far it is.
        engine: ``local``, ``ray`` or ``spark``.

    Raises:
        OutputError: ``out`` holds other files, or a run with another input, version or options.
        ValueError: the options are wrong.
        OSError: ``out`` cannot be written.
        WorkerError: worker processes cannot be started.
    """
    options = options or Options()
    progress = progress or Progress()
    Where(options.where)
    prepare(out)
    with locked(out):
        if overwrite or load(out) is None:
            clear(out)
        sweep(out)
        if STDIN in paths:
            _keep_stdin(out)
        manifest = _manifest(paths, out, options, retry=retry)
        todo = _todo(manifest, out, progress)
        if todo:
            (out / SUMMARY).unlink(missing_ok=True)
            setting = Setting(
                out=str(out / PARTS),
                options=options,
                jobs=jobs or os.cpu_count() or 1,
                time_limit=time_limit,
                begun=progress.document,
            )
            for marker in _engine(engine)(todo, setting):
                progress.part(marker)
            sweep(out)
        if joined and not (out / LINES[0]).exists():
            (out / SUMMARY).unlink(missing_ok=True)
        summary = summarised(out)
        if not summary.complete:
            if joined:
                found = join(part_folders(out), out, with_names=options.with_names, dedupe=options.dedupe)
                summary.counts.update(found)
            summary.complete = True
            write_whole(out / SUMMARY, msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n")
    return summary


def _engine(name: str) -> Callable[[list[Todo], Setting], Iterator[Marker]]:
    if name == "ray":
        from panjue.run.on_ray import work
    elif name == "spark":
        from panjue.run.on_spark import work
    else:
        from panjue.run.local import work
    return work


def _keep_stdin(out: Path) -> None:
    """Standard input is copied, so that the run can go on after a stop, like that of a file."""
    temporary = out / f"{STDIN_COPY}.part"
    with temporary.open("wb") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    temporary.replace(out / STDIN_COPY)


def _manifest(paths: Sequence[str], out: Path, options: Options, *, retry: bool) -> Manifest:
    """The manifest of the run, new or as it was.

    In a retry a file may have changed if something of it had failed: all of its parts are made again.
    """
    earlier = load(out)
    now = take(paths, out, options, earlier)
    if earlier is None:
        save(now, out)
        return now
    failed = _failed_files(earlier, out) if retry else set()
    differences = now.differences(earlier, but=failed)
    if differences:
        listed = "\n  ".join(differences[:_LISTED]) + (
            f"\n  … and {len(differences) - _LISTED} more" * (len(differences) > _LISTED)
        )
        raise OutputError(
            f"{out} holds another run; name another folder with -o, or start anew with --overwrite. It differs in\n  {listed}"
        )
    if retry:
        same = set(_whole(now)) & set(_whole(earlier))
        kept = {part_name(entry.number, 0).split("-")[0] for entry, _ in same}
        for marker in markers(out):
            if marker["counts"].get("failed") or marker["part"].split("-")[0] not in kept:
                (out / SUMMARY).unlink(missing_ok=True)
                remove_part(out, marker["part"])
        save(now, out)
    return now


def _whole(manifest: Manifest) -> list[tuple[Entry, tuple[str, ...]]]:
    """The entries of a run with the hashes of their files."""
    hashes = {file.name: file.sha256 for file in manifest.files}
    found = entries((file.item for file in manifest.files), manifest.run.options.limit)
    return [
        (entry, tuple(hashes.get(item.name, "") for item in entry.inputs if isinstance(item, Input))) for entry in found
    ]


def _failed_files(manifest: Manifest, out: Path) -> set[str]:
    """The files of which something failed; ``source`` of a failure is the file, and perhaps a place in it."""
    sources: set[str] = set()
    for marker in markers(out):
        if marker["counts"].get("failed"):
            lines = (out / PARTS / marker["part"] / "errors.jsonl").read_bytes().splitlines()
            sources.update(orjson.loads(line)["source"] for line in lines)
    starts = {source[: at.start()] for source in sources for at in _PLACE.finditer(source)} | sources
    return starts & {file.name for file in manifest.files}


def _todo(manifest: Manifest, out: Path, progress: Progress) -> list[Todo]:
    done: dict[int, dict[int, bool]] = {}
    counts: Counter[str] = Counter()
    for marker in markers(out):
        number, run = map(int, marker["part"].split("-"))
        done.setdefault(number, {})[run] = marker["last"]
        counts.update(marker["counts"])
    found = entries((file.item for file in manifest.files), manifest.run.options.limit)
    todo = [Todo(entry, done.get(entry.number, {})) for entry in found]
    left = [one for one in todo if not one.finished]
    progress.start(todo, counts)
    return left
