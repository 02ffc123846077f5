"""The input as shards: groups of small files, and runs of documents out of large ones. Each becomes one part.

How the input is divided depends on nothing but the input, so that a run which was stopped finds its parts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path, PurePath

from msgspec import Struct

from panjue.corpora.files import STDIN
from panjue.corpora.judgment import ReadFailure
from panjue.corpora.reader import Input
from panjue.run.guard import TIME_LIMIT, Guard
from panjue.run.jobs import Options, Part, Runs
from panjue.run.part import Marker

GROUP_FILES = 256
GROUP_BYTES = 1_000_000
_LARGE = 256_000  # bytes; a file from here on is read as a stream
# One document each, however large, and slow to read: in the workers, a few together.
_SINGLE = {".pdf", ".doc", ".docx", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_SINGLES = 8


class Entry(Struct, frozen=True):
    """Something of the input that is one shard, or if ``stream`` as many as its documents make up."""

    number: int
    """Place of its first file in the input."""
    inputs: tuple[Input | ReadFailure, ...]
    stream: bool = False

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(item.size for item in self.inputs if isinstance(item, Input))


def entries(inputs: Iterable[Input | ReadFailure], limit: int | None = None) -> Iterator[Entry]:
    """Divide the input; with a limit of documents it is all one stream."""
    if limit is not None:
        yield Entry(0, tuple(inputs), stream=True)
        return
    group: list[Input | ReadFailure] = []
    size = files = number = 0
    for place, item in enumerate(inputs):
        single = isinstance(item, Input) and PurePath(item.name).suffix.lower() in _SINGLE
        stream = isinstance(item, Input) and not single and (item.size >= _LARGE or item.name == STDIN)
        weight = GROUP_FILES // _SINGLES if single else 1
        if group and (stream or files + weight > GROUP_FILES or size > GROUP_BYTES):
            yield Entry(number, tuple(group))
            group, size, files = [], 0, 0
        if stream:
            yield Entry(place, (item,), stream=True)
            continue
        number = number if group else place
        group.append(item)
        files += weight
        size += item.size if isinstance(item, Input) and not single else 0
    if group:
        yield Entry(number, tuple(group))


class Todo(Struct, frozen=True):
    """An entry, and which of its parts are there already: their numbers, and whether each is the last."""

    entry: Entry
    done: dict[int, bool]

    @property
    def finished(self) -> bool:
        """Whether no part is missing."""
        return True in self.done.values() and all(number in self.done for number in range(max(self.done) + 1))


class Setting(Struct, frozen=True, kw_only=True):
    """Where and how parts are made."""

    out: str
    """The folder of the parts."""
    options: Options
    jobs: int = 1
    time_limit: int = TIME_LIMIT
    begun: Callable[[], None] = lambda: None
    """Called for each document, from any thread."""

    def elsewhere(self) -> Setting:
        """The same for one worker of a cluster, which has no way to call back."""
        return Setting(out=str(Path(self.out).resolve()), options=self.options, time_limit=self.time_limit)


def part_name(number: int, run: int) -> str:
    """The name of a part: the place of its first file in the input, and the run of documents; they sort as the input."""
    return f"{number:08}-{run:06}"


def parts(todo: Todo, setting: Setting) -> Iterator[Part]:
    """The parts that are still to be made.

    Raises:
        WorkerError: the process that reads a stream does not get on.
    """
    if todo.finished:
        return
    number, out, options = todo.entry.number, setting.out, setting.options
    failures = [item for item in todo.entry.inputs if isinstance(item, ReadFailure)]
    inputs = [item for item in todo.entry.inputs if isinstance(item, Input)]
    if not todo.entry.stream:
        yield Part(name=part_name(number, 0), out=out, options=options, inputs=inputs, failures=failures)
        return
    job = Runs(inputs=inputs, out=out, options=options, skip=set(todo.done))
    with closing(Guard(setting.time_limit)) as guard:
        for run, items, last in guard.results(job):
            job.skip.add(run)
            first = failures if run == 0 else []
            yield Part(name=part_name(number, run), out=out, options=options, items=items, failures=first, last=last)


def made(todo: Todo, setting: Setting) -> Iterator[Marker]:
    """Make the parts that are still to be made, one after the other; gives their markers."""
    with closing(Guard(setting.time_limit)) as guard:
        for part in parts(todo, setting):
            yield from guard.results(part)
