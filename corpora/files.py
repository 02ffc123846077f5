"""The files to read: named ones, those in folders, standard input; opened as bytes, unpacked where gzip packed them."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from panjue.corpora.judgment import FailureKind, ReadFailure, Source

STDIN = "-"
# "content" is for what its name does not tell; HTML saved as .doc is common.
FORMATS = {
    ".txt": "document",
    ".html": "document",
    ".htm": "document",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".csv": "csv",
    ".tsv": "csv",
    ".doc": "content",
}
_GZIP = b"\x1f\x8b"


class Input(NamedTuple):
    """A file to read (``-`` is standard input) and how: document, json, lines, csv or content."""

    path: str
    format: str

    def open(self, on_bytes: Callable[[int], None] | None = None) -> BinaryIO:
        """The bytes, unpacked; ``on_bytes`` is told how many more were taken from the file itself.

        Raises:
            OSError: the file cannot be opened.
        """
        raw = sys.stdin.buffer if self.path == STDIN else io.BufferedReader(_Counted(self.path, on_bytes))
        start = cast(io.BufferedReader, raw).peek(2)[:2]
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb")) if start == _GZIP else cast(BinaryIO, raw)


def inputs(paths: Iterable[str | Path], skip: Path | None = None) -> Iterator[Input | ReadFailure]:
    """The files that ``paths`` name, folders by their content in sorted order, all the way down.

    In folders hidden files and the folder ``skip`` are passed over, links are not followed (a file inside is read
    where it stands; a link that leads out is a failure), and so are files of a format that is not read. A file named
    itself is read in any case, if need be by its content.
    """
    for path in map(str, paths):
        if path != STDIN and os.path.isdir(path):
            entries = list(_folder(path, os.path.realpath(path), os.path.realpath(skip) if skip else None))
            yield from entries or [_failure(path, "empty", "the folder has no files")]
        elif path == STDIN or os.path.exists(path):
            yield Input(path, _format(path) or "content")
        else:
            yield _failure(path, "no_file", "there is no such file")


def total_bytes(paths: Iterable[str | Path], skip: Path | None = None) -> int | None:
    """How many bytes the files hold, packed as they are; None if that is not known before they are read."""
    files = [entry.path for entry in inputs(paths, skip) if isinstance(entry, Input)]
    if not all(path != STDIN and stat.S_ISREG(os.stat(path).st_mode) for path in files):
        return None
    return sum(os.path.getsize(path) for path in files)


def _folder(folder: str, top: str, skip: str | None) -> Iterator[Input | ReadFailure]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _failure(folder, "no_file", f"the folder cannot be read: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if not os.path.exists(target):
                yield _failure(entry.path, "no_file", "a link that leads nowhere")
            elif os.path.commonpath([top, target]) != top:
                yield _failure(entry.path, "no_file", "a link out of the folder is not followed; name its target")
        elif entry.is_dir():
            if os.path.realpath(entry.path) != skip:
                yield from _folder(entry.path, top, skip)
        elif not entry.is_file():
            yield _failure(entry.path, "no_file", "not a regular file")
        elif form := _format(entry.name):
            yield Input(entry.path, form)
        else:
            suffix = os.path.splitext(entry.name)[1]
            yield _failure(entry.path, "format", f"files named *{suffix or entry.name} are not read from a folder")


def _format(name: str) -> str | None:
    stem = name.lower().removesuffix(".gz")
    return FORMATS.get(os.path.splitext(stem)[1])


def _failure(path: str, kind: FailureKind, message: str) -> ReadFailure:
    return ReadFailure(Source(path), kind, message)


class _Counted(io.FileIO):
    """A file that tells how many bytes are read from it."""

    def __init__(self, path: str, on_bytes: Callable[[int], None] | None) -> None:
        super().__init__(path, "rb")
        self._on_bytes = on_bytes

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]
        count = super().readinto(buffer)
        if self._on_bytes and count:
            self._on_bytes(count)
        return count
