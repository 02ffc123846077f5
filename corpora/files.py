"""Which files are meant by paths, and how they are opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct

from panjue.corpora.archives import is_aside
from panjue.corpora.judgment import EmptyError, ReadFailure

STDIN = "-"
# What lies beside saved web pages and data sets; everything else is read, or reported.
_ASIDE = frozenset({".css", ".js", ".ico", ".gif", ".svg", ".woff", ".woff2", ".md", ".py", ".log", ".part"})
_DATASET = frozenset({"dataset_info.json", "dataset_dict.json", "state.json"})


class Input(Struct, frozen=True):
    """A file to read: its name as given or found (``-`` for standard input), and its bytes on disk (0 if unknown)."""

    name: str
    size: int


def files(paths: Sequence[str | Path], skip: Path | None = None) -> list[Input | ReadFailure]:
    """The files meant by paths, each once, folders in the order of names; a path that gives none is a failure.

    Hidden files and links in a folder are passed over, so nothing outside of it is read; so are the folder ``skip``,
    that of the output, and what lies beside the data (styles and scripts of saved pages, descriptions of data sets).
    A file that is named itself is taken whatever its name.
    """
    found: list[Input | ReadFailure] = []
    seen: set[str] = set()
    for path in paths:
        none = True
        try:
            for name in _files_of(path, skip):
                none = False
                real = name if name == STDIN else os.path.realpath(name)
                if real not in seen:
                    seen.add(real)
                    found.append(Input(name, 0 if name == STDIN else Path(name).stat().st_size))
        except OSError as error:
            found.append(ReadFailure(str(path), error.strerror or str(error), type(error).__name__))
        else:
            if none:
                found.append(ReadFailure(str(path), "no file to read in the folder", EmptyError.__name__))
    return found


def count_bytes(paths: Sequence[str | Path], skip: Path | None = None) -> int:
    """Bytes of all files meant, as they lie on disk; standard input and what cannot be read count 0."""
    return sum(item.size for item in files(paths, skip) if isinstance(item, Input))


def _files_of(path: str | Path, skip: Path | None) -> Iterator[str]:
    if str(path) == STDIN or not Path(path).is_dir():
        yield str(path)
        return
    for item in sorted(Path(path).iterdir()):
        if item.is_symlink() or is_aside(item.name) or item.name in _DATASET or item.suffix.lower() in _ASIDE:
            continue
        if item.is_dir():
            page = item.name.endswith("_files") and item.with_name(item.name[:-6] + ".html").exists()
            if not page and (skip is None or item.resolve() != skip.resolve()):
                yield from _files_of(item, skip)
        elif item.is_file():
            yield str(item)


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The bytes of a file as they lie there; ``-`` is standard input."""
    if name == STDIN:
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as stream:
            yield stream
