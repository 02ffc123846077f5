"""What worker processes are asked to do, and the work itself.

A job travels to a worker by pickle; the worker says before each step where it stands, so that whoever waits for it
knows which document hangs or has brought the process down. Such a document is then written into ``given_up`` and the
job is sent again, to a new worker.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple, cast

from msgspec import Struct, field

from panjue.corpora.files import STDIN
from panjue.corpora.judgment import Judgment, ReadFailure
from panjue.corpora.reader import Input, read_file
from panjue.extractors.record import Flag, Record
from panjue.run.part import Failure, Marker, Outcome, write_part
from panjue.run.where import Where

RUN_DOCUMENTS = 256
RUN_CHARACTERS = 1_000_000
STDIN_COPY = "stdin"


class Options(Struct, frozen=True, kw_only=True):
    """What decides about the bytes of the output, beside the input and the version."""

    text_field: str | None = None
    id_field: str | None = None
    with_names: bool = False
    where: list[str] = field(default_factory=list)
    limit: int | None = None
    dedupe: bool = False
    extractor: str = "panjue.extractors.pipeline:extract"
    """The function of a text and an identifier that gives the record, by its name, so that any process finds it."""
    settings: dict[str, str | bool] = field(default_factory=dict)
    """Its further arguments, by name."""


class Position(NamedTuple):
    """Where a worker stands: file of the job, entry of the file, and ``read``, ``extract`` or ``write``."""

    file: int
    entry: int
    stage: str
    source: str
    doc_id: str | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        """What identifies it when the job is done again."""
        return (self.file, self.entry, self.stage)

    def failure(self, error: str, reason: str, seconds: int = 0) -> Failure:
        """That it came to nothing here."""
        return Failure(self.source, self.doc_id, self.stage, error, reason, seconds)


Begin = Callable[[Position], None]
GivenUp = dict[tuple[int, int, str], Failure]


class Part(Struct, kw_only=True):
    """Extract files, or items that were read already, and write them as one part of the output."""

    name: str
    out: str
    options: Options
    inputs: list[Input] = field(default_factory=list)
    items: list[Judgment | ReadFailure] = field(default_factory=list)
    failures: list[ReadFailure] = field(default_factory=list)
    """Paths that could not be taken as files."""
    last: bool = True
    """Whether no other part follows from the same input."""
    given_up: GivenUp = field(default_factory=dict)

    def work(self, begin: Begin) -> Iterator[Marker]:
        """The marker of the part, once it is on disk."""
        found = chain(
            _numbered(-1, self.failures),
            _numbered(0, self.items),
            _read(self.inputs, self.options, self.given_up, begin),
        )
        outcomes = _extracted(found, self.options, self.given_up, begin)
        yield write_part(
            Path(self.out),
            self.name,
            outcomes,
            with_names=self.options.with_names,
            last=self.last,
            finishing=lambda: begin(Position(-1, -1, "write", self.name)),
        )


class Batch(Struct, kw_only=True):
    """Extract judgments and give what came of each, in order; nothing is written."""

    items: list[Judgment | ReadFailure]
    options: Options
    given_up: GivenUp = field(default_factory=dict)

    def work(self, begin: Begin) -> Iterator[list[Outcome]]:
        """One list of all."""
        yield list(_extracted(_numbered(0, self.items), self.options, self.given_up, begin))


class Runs(Struct, kw_only=True):
    """Read files as one stream and cut it into runs of documents."""

    inputs: list[Input]
    out: str
    options: Options
    skip: set[int] = field(default_factory=set)
    """Runs that need not be given."""
    given_up: GivenUp = field(default_factory=dict)

    def work(self, begin: Begin) -> Iterator[tuple[int, list[Judgment | ReadFailure], bool]]:
        """The number of each run, its items, and whether it is the last; at least one."""
        if any(source.name == STDIN for source in self.inputs):
            sys.stdin = (Path(self.out).parent / STDIN_COPY).open(encoding="utf-8")
        number, size = 0, 0
        run: list[Judgment | ReadFailure] = []
        for count, (_, _, item) in enumerate(_read(self.inputs, self.options, self.given_up, begin)):
            if count == self.options.limit:
                break
            if len(run) == RUN_DOCUMENTS or size > RUN_CHARACTERS:
                if number not in self.skip:
                    yield number, run, False
                number, size, run = number + 1, 0, []
            run.append(item)
            size += len(item.text) if isinstance(item, Judgment) else 0
        if number not in self.skip:
            yield number, run, True


def printable(name: str) -> str:
    """The name of a file; bytes of it that are no UTF-8 are written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


Job = Part | Batch | Runs
Found = tuple[int, int, Judgment | ReadFailure]


def _numbered(file: int, items: Sequence[Judgment | ReadFailure]) -> Iterator[Found]:
    """Items as entries of one file."""
    for entry, item in enumerate(items):
        yield file, entry, item


def _read(inputs: list[Input], options: Options, given_up: GivenUp, begin: Begin) -> Iterator[Found]:
    for file, source in enumerate(inputs):
        items = read_file(source, options.text_field, options.id_field)
        name = printable(source.name)
        entry = 0
        while True:
            position = Position(file, entry, "read", name)
            failure = given_up.get(position.key)
            item: Judgment | ReadFailure | None
            if failure is not None:  # what follows in the file cannot be reached
                item = ReadFailure(name, failure.reason, failure.error)
            else:
                begin(position)
                try:
                    item = next(items, None)
                except Exception as error:
                    failure = Failure.of(error, "read", name)
                    item = ReadFailure(name, failure.reason, failure.error)
            if item is not None:
                yield file, entry, item
            if item is None or failure is not None:
                break
            entry += 1


def _extracted(found: Iterator[Found], options: Options, given_up: GivenUp, begin: Begin) -> Iterator[Outcome]:
    module, name = options.extractor.split(":")
    extract = cast("Callable[..., Record]", getattr(importlib.import_module(module), name))
    wanted = Where(options.where)
    for file, entry, item in found:
        if isinstance(item, ReadFailure):
            yield Outcome(failure=Failure(item.source, None, "read", item.error, item.reason))
            continue
        position = Position(file, entry, "extract", item.source, item.doc_id)
        failure = given_up.get(position.key)
        if failure is not None:
            yield Outcome(judgment=item, failure=failure)
            continue
        begin(position)
        try:
            record = extract(item.text, item.doc_id, **options.settings)
        except Exception as error:  # one judgment must not stop the others
            yield Outcome(judgment=item, failure=Failure.of(error, "extract", item.source, item.doc_id))
            continue
        if item.ocr:
            record.flags.append(Flag(code="read_by_ocr", path="", message="the text was read from an image"))
        yield Outcome(judgment=item, record=record, wanted=wanted(record, item.source))
