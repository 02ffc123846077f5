"""Packed files and archives, read in place: nothing is written under a name that an archive gives."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

import pyarrow as pa

from panjue.corpora.judgment import FormatError
from panjue.corpora.limits import MAX_SPOOLED, Counted, LimitError, Reads, Unpacked, check_ratio

ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, NotImplementedError)
Member = tuple[str, "IO[bytes] | Exception"]


def unpacked(stream: Reads, kind: str) -> IO[bytes]:
    """What a gzip or zstd stream holds.

    Raises:
        LimitError: while reading, where it unpacks to many times its size.
    """
    packed = Counted(stream)
    inner: Reads
    if kind == "gzip":
        inner = cast("Reads", gzip.GzipFile(fileobj=cast("IO[bytes]", packed)))
    else:
        inner = pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd")
    return io.BufferedReader(Unpacked(inner, packed), buffer_size=1 << 16)


def seekable(stream: IO[bytes]) -> IO[bytes]:
    """The stream where it can go back, else a copy of it (beyond 64 MiB in a nameless file).

    Raises:
        LimitError: the copy would be too large.
    """
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO) and stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=1 << 26)  # noqa: SIM115 # closed with its last reader
    shutil.copyfileobj(cast("IO[bytes]", _Limited(stream)), copy)
    copy.seek(0)
    return cast("IO[bytes]", copy)


def zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The files in a zip archive, each with its content or what is wrong with it.

    Raises:
        LimitError: before anything is unpacked, where the archive says that it unpacks to many times its size.
    """
    check_zip(archive)
    for info in archive.infolist():
        name = _name(info)
        if info.is_dir() or is_aside(name):
            continue
        if info.flag_bits & 1:
            yield name, FormatError("encrypted")
            continue
        try:
            with archive.open(info) as member:
                yield name, member
        except ERRORS as error:
            yield name, error


def check_zip(archive: zipfile.ZipFile) -> None:
    """Refuse a bomb by what its directory says.

    Raises:
        LimitError: it unpacks to many times its size.
    """
    stream = archive.fp
    size = stream.seek(0, io.SEEK_END) if stream else 0
    check_ratio(sum(info.file_size for info in archive.infolist()), size)
    for info in archive.infolist():
        check_ratio(info.file_size, info.compress_size)


def tar_members(stream: IO[bytes]) -> Iterator[Member]:
    """The files in a tar archive; links and devices in it are passed over."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if not info.isfile() or is_aside(info.name):
                continue
            if info.issparse():
                yield info.name, FormatError("a sparse file")
                continue
            member = archive.extractfile(info)
            if member is not None:
                yield info.name, member


def is_aside(name: str) -> bool:
    """Whether a file holds what a system or a program put beside the data."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return last.startswith((".", "~$")) or "__MACOSX/" in name or last in {"Thumbs.db", "desktop.ini"}


def _name(info: zipfile.ZipInfo) -> str:
    """Windows in Chinese writes names in GBK and does not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


class _Limited:
    def __init__(self, inner: IO[bytes]) -> None:
        self.inner = inner
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self.inner.read(size)
        self.count += len(data)
        if self.count > MAX_SPOOLED:
            raise LimitError(f"more than {MAX_SPOOLED >> 20} MiB inside an archive; unpack it first")
        return data
