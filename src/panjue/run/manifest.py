"""What a run is of: its input, options and version, written down so that it can go on only as what it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterator, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct

import panjue
from panjue.corpora.files import STDIN
from panjue.corpora.judgment import ReadFailure
from panjue.corpora.reader import Input, files
from panjue.extractors.lexicon import lexicon_version
from panjue.run.jobs import STDIN_COPY, Options, printable
from panjue.run.part import write_whole

RUN, INPUTS = "run.json", "inputs.jsonl"


class File(Struct, frozen=True, omit_defaults=True):
    """A file of the input as it was when the run began, or a path that was none."""

    name: str
    size: int = 0
    mtime_ns: int = 0
    sha256: str = ""
    error: str = ""
    reason: str = ""
    raw: bytes | None = None
    """The name on disk, where it is no UTF-8."""

    @property
    def item(self) -> Input | ReadFailure:
        """What is read."""
        return (
            ReadFailure(self.name, self.reason, self.error)
            if self.error
            else Input(self.name if self.raw is None else os.fsdecode(self.raw), self.size)
        )


class Run(Struct, frozen=True):
    """Everything but the input."""

    version: str
    lexicons: str
    options: Options
    paths: list[str]
    folder: str
    """In which relative paths begin."""


class Manifest(Struct, frozen=True):
    """A run and its input."""

    run: Run
    files: list[File]

    def differences(self, earlier: Manifest, but: Container[str] = ()) -> list[str]:
        """In what it is another run than the earlier one, for people; nothing where it is the same.

        Args:
            earlier: what the output was begun with.
            but: files that may have changed.
        """
        lines = []
        for name in ("version", "lexicons", "paths"):
            before, now = getattr(earlier.run, name), getattr(self.run, name)
            if before != now:
                lines.append(f"{name}: {before} then, {now} now")
        for name in Options.__struct_fields__:
            before, now = getattr(earlier.run.options, name), getattr(self.run.options, name)
            if before != now:
                lines.append(f"option {name}: {before} then, {now} now")
        return lines + [f"input {change}" for change in _changes(earlier.files, self.files, but)]


def take(paths: Sequence[str], out: Path, options: Options, earlier: Manifest | None = None) -> Manifest:
    """Look at the input as it is now. A file that has the size and time it had earlier is not read for its hash again.

    Raises:
        OSError: standard input cannot be copied into ``out``.
    """
    known = {file.name: file for file in earlier.files} if earlier else {}
    run = Run(version(), lexicon_version(), options, [str(path) for path in paths], str(Path.cwd()))
    return Manifest(run, [_looked_at(item, out, known) for item in files(paths, out)])


def _looked_at(item: Input | ReadFailure, out: Path, known: dict[str, File]) -> File:
    if isinstance(item, ReadFailure):
        return File(item.source, error=item.error, reason=item.reason)
    name = printable(item.name)
    raw = None if name == item.name else os.fsencode(item.name)
    path = out / STDIN_COPY if item.name == STDIN else Path(item.name)
    try:
        status = path.stat()
        before = known.get(name)
        if before is not None and (before.size, before.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return before
        if not path.is_file():  # a pipe can be read once only
            return File(name, raw=raw)
        digest = _sha256(path)
    except OSError as error:
        return File(name, error=type(error).__name__, reason=error.strerror or str(error))
    return File(name, status.st_size, status.st_mtime_ns if name != STDIN else 0, digest, raw=raw)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _changes(before: list[File], now: list[File], but: Container[str]) -> Iterator[str]:
    then, today = ({file.name: file for file in files} for files in (before, now))
    for name in [*then, *(name for name in today if name not in then)]:
        if name not in today:
            yield f"{name}: is gone"
        elif name not in then:
            yield f"{name}: is new"
        elif name not in but and (then[name].sha256, then[name].error) != (today[name].sha256, today[name].error):
            yield f"{name}: has changed"
    if list(then) != list(today) and then.keys() == today.keys():
        yield "files: are in another order"


def load(out: Path) -> Manifest | None:
    """The manifest of an output folder, if it is one.

    Raises:
        msgspec.DecodeError: it is not what this version writes.
    """
    if not (out / RUN).exists():
        return None
    run = msgspec.json.decode((out / RUN).read_bytes(), type=Run)
    return Manifest(run, msgspec.json.Decoder(File).decode_lines((out / INPUTS).read_bytes()))


def save(manifest: Manifest, out: Path) -> None:
    """Write it; ``run.json`` last, so that it stands for both."""
    write_whole(out / INPUTS, msgspec.json.Encoder().encode_lines(manifest.files))
    write_whole(out / RUN, msgspec.json.format(msgspec.json.encode(manifest.run), indent=1) + b"\n")


@cache
def version() -> str:
    """The version of panjue, and a hash of its code, since a checkout may be ahead of its version.

    >>> version().startswith(metadata.version("panjue") + "+")
    True
    """
    top = Path(panjue.__file__).parent
    digest = hashlib.sha256()
    for folder in ("corpora", "extractors", "models", "run"):
        for path in sorted((top / folder).rglob("*.py")):
            digest.update(os.fsencode(path.relative_to(top)) + b"\0" + path.read_bytes())
    return f"{metadata.version('panjue')}+{digest.hexdigest()[:12]}"
