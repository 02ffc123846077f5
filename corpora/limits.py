"""How much is read before it is refused, so that no file can exhaust memory or disk."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, Protocol

MIB = 1 << 20
# The longest judgments with hundreds of defendants have 2 MB of text; as HTML of an office program some times that.
MAX_TEXT = 16 * MIB
"""Bytes of one text: of a file, a line, a cell, an item of a JSON array."""
MAX_BINARY = 512 * MIB
"""Bytes of one PDF, Word file, workbook or image."""
MAX_SPOOLED = 4096 * MIB
"""Bytes of an archive or Parquet file inside an archive, which has to lie on disk to be read."""
# Judgments pack to about a fifth, the same judgment a thousand times over to a hundredth; bombs reach 1000 and more.
MAX_RATIO = 200
RATIO_COUNTS_FROM = 64 * MIB
"""Bytes unpacked below which the ratio does not matter."""
MAX_NESTING = 4
"""Archives within archives (``.tar.gz`` counts two)."""
MAX_PAGES = 2000
MAX_FAILURES = 10_000
"""Entries of a file that may be none, as long as not one is a judgment."""
MAX_PIXELS = 100_000_000


class LimitError(ValueError):
    """More than is read; ``size`` is how many bytes were passed over, if reading goes on behind them."""

    def __init__(self, message: str, size: int = 0) -> None:
        super().__init__(message)
        self.size = size


class Reads(Protocol):
    """What can be read in pieces."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes."""


class Counted(io.RawIOBase):
    """A stream that says how many bytes were taken from it."""

    def __init__(self, inner: Reads) -> None:
        super().__init__()
        self.inner = inner
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the type of the buffer is ours to say
        """The next bytes."""
        data = self.inner.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class Unpacked(Counted):
    """What is unpacked from a counted stream, for as long as the ratio stays plausible.

    Raises:
        LimitError: on reading on from where it does not.
    """

    def __init__(self, inner: Reads, packed: Counted) -> None:
        super().__init__(inner)
        self.packed = packed

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        size = super().readinto(buffer)
        check_ratio(self.count, self.packed.count)
        return size


def check_ratio(unpacked: int, packed: int) -> None:
    """Refuse what unpacks to many times its size.

    Raises:
        LimitError: it does.
    """
    if unpacked > RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO:
        raise LimitError(
            f"unpacks to more than {MAX_RATIO} times its size ({unpacked // MIB} MiB so far), as only bombs do; "
            "if it is none, unpack it yourself"
        )


def whole(stream: Reads, limit: int = MAX_TEXT) -> bytes:
    """All that is left of a stream.

    Raises:
        LimitError: more than ``limit`` bytes.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise LimitError(f"one document of more than {limit // MIB} MiB")
    return data


def bounded_lines(stream: IO[bytes], limit: int = MAX_TEXT) -> Iterator[bytes | LimitError]:
    """The lines of a stream with their ends; in place of one of more than ``limit`` bytes an error."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        size = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(MIB)):
            size += len(line)
        yield LimitError(f"a line of {size // MIB} MiB; the most is {limit // MIB}", size)


def pushed_back(pieces: Iterable[bytes], stream: Reads) -> IO[bytes]:
    """A stream that gives the pieces, which were taken from it, once more, and then the rest."""
    return io.BufferedReader(Counted(_Joined(pieces, stream)), buffer_size=1 << 16)


class _Joined:
    def __init__(self, pieces: Iterable[bytes], stream: Reads) -> None:
        self.first = io.BytesIO(b"".join(pieces))
        self.rest = stream

    def read(self, size: int, /) -> bytes:
        return self.first.read(size) or self.rest.read(size)
