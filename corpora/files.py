"""Which files are meant by paths, and how they are opened."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

SUFFIXES = frozenset({".txt", ".html", ".htm", ".doc", ".json", ".jsonl", ".ndjson", ".csv"})
STDIN = "-"
READ_ERRORS = (OSError, EOFError, zlib.error)


def files_of(path: str | Path, skip: Path | None = None) -> Iterator[str]:
    """The files meant by a path: itself, or those of known formats in a folder and below, sorted.

    Hidden files and links in a folder are passed over, so nothing outside of it and nothing twice is read; so is the
    folder ``skip``, that of the output. A file that
    is named itself is taken whatever its name.

    Raises:
        OSError: no such file or folder, or it may not be read.
    """
    if str(path) == STDIN or not Path(path).is_dir():
        yield str(path)
        return
    for item in sorted(Path(path).iterdir()):
        if item.name.startswith(".") or item.is_symlink():
            continue
        if item.is_dir() and skip is not None and item.resolve() == skip.resolve():
            continue
        if item.is_dir() or (item.is_file() and suffix_of(item.name) in SUFFIXES):
            yield from files_of(item, skip)


def count_bytes(paths: Sequence[str | Path], skip: Path | None = None) -> int:
    """Bytes of all files that ``files_of`` finds, as they lie on disk; standard input and what cannot be read count 0."""
    total = 0
    for path in paths:
        try:
            total += sum(Path(name).stat().st_size for name in files_of(path, skip) if name != STDIN)
        except OSError:
            continue  # reading reports it
    return total


def suffix_of(name: str) -> str:
    """The suffix that tells the format, lower case.

    >>> suffix_of("2018/Export.JSONL.gz")
    '.jsonl'
    """
    return Path(name.lower().removesuffix(".gz")).suffix


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked if its name ends in ``.gz``; ``-`` is standard input."""
    if name == STDIN:
        yield sys.stdin.buffer
    elif name.lower().endswith(".gz"):
        with cast("IO[bytes]", gzip.open(name)) as unpacked:
            yield unpacked
    else:
        with Path(name).open("rb") as plain:
            yield plain
