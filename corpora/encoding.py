"""From bytes to text, strictly: a byte order mark decides, else UTF-8, else GB18030 (GBK, GB2312) or Big5.

Nothing is replaced.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from panjue.corpora.limits import LimitError, Reads

_ASCII = bytes(range(128))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_PLAIN = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uffe5]")
_MAX_CONTROL_SHARE = 0.01
_MIN_PLAIN_SHARE = 0.95
# Of the non-ASCII bytes of GB18030 judgments 31 to 40 % happen to form valid UTF-8; of UTF-8 with damage nearly all do.
_MIN_UTF8_SHARE = 0.8
_MIN_UTF8_BYTES = 30  # short words of GB18030 happen to be UTF-8, such as the famous 联通
_SAMPLE_BYTES = 1 << 20
_BLOCK = 1 << 16
_MIN_COMMON_SHARE = 0.97
_MAX_GB_SHARE_OF_BIG5 = 0.7
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class UndecodableError(ValueError):
    """Bytes that are no text; ``offset`` is the first byte to blame, counted from 0 from the start of the file."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"byte {offset}: {reason}")
        self.offset = offset


def decode(data: bytes) -> str:
    r"""The text of a whole file; the byte order mark, if any, is left out.

    UTF-16 without a mark is taken only if nearly every character it gives is one of Chinese print.

    Raises:
        UndecodableError: no encoding fits, or the bytes are no text at all (NUL, many control characters).

    >>> decode("判决书".encode("gb18030"))
    '判决书'
    >>> decode(b"\xff\xfe\x24\x52")
    '判'
    """
    return decoded(data)[0]


def decoded(data: bytes) -> tuple[str, str]:
    """The text as :func:`decode` gives it, and the encoding it was in.

    Raises:
        UndecodableError: as there.
    """
    encoding = _encoding(data)
    mark = next((mark for mark, _ in _MARKS if data.startswith(mark)), b"")
    return _strict(data[len(mark) :], encoding, len(mark)), encoding


def encoding_of_start(data: bytes) -> str:
    """The encoding of a file that begins so, wherever its beginning was cut off.

    Raises:
        UndecodableError: it is no text.
    """
    for cut in range(4):
        try:
            return _encoding(data[: len(data) - cut])
        except UndecodableError as problem:
            error = problem
    raise error


def decoded_lines(lines: Iterable[bytes | LimitError]) -> tuple[str, Iterator[tuple[str, ValueError | None]]]:
    r"""The encoding, and the lines with their ends, read on as they come; one that is no text has its error beside it.

    In such a line the wrong bytes are lone surrogates (``surrogateescape``), so that what is right in it still tells
    where a row of a table ends. The encoding is decided once, by the first megabyte. UTF-16 has to come as UTF-8.

    Raises:
        UndecodableError: not one line of the first megabyte is text.

    >>> encoding, lines = decoded_lines([b"\xef\xbb\xbf1\n", b"2\n"])
    >>> encoding, [line for line, error in lines]
    ('utf-8', ['1\n', '2\n'])
    """
    lines = iter(lines)
    head: list[bytes | LimitError] = []
    size = 0
    for line in lines:
        head.append(line)
        size += 0 if isinstance(line, LimitError) else len(line)
        if size >= _SAMPLE_BYTES:
            break
    encoding = _encoding_of_lines([line for line in head if isinstance(line, bytes)])
    return encoding, _decoded_lines(chain(head, lines), encoding)


def _decoded_lines(lines: Iterable[bytes | LimitError], encoding: str) -> Iterator[tuple[str, ValueError | None]]:
    offset = 0
    for line in lines:
        if isinstance(line, LimitError):
            yield "", line
            offset += line.size
            continue
        mark = len(codecs.BOM_UTF8) if offset == 0 and line.startswith(codecs.BOM_UTF8) else 0
        try:
            yield _strict(line[mark:], encoding, offset + mark), None
        except UndecodableError as error:
            yield line[mark:].decode(encoding, "surrogateescape"), error
        offset += len(line)


class Utf8(io.RawIOBase):
    """A stream of another encoding as UTF-8, without the byte order mark.

    Raises:
        UndecodableError: on reading on to bytes that are no text.
    """

    def __init__(self, inner: Reads, encoding: str) -> None:
        super().__init__()
        self._inner = inner
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._taken = 0
        self._rest = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the type of the buffer is ours to say
        """The next bytes."""
        while not self._rest:
            raw = self._inner.read(_BLOCK)
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                offset = self._taken + len(raw) - len(error.object) + error.start  # some were left from the last block
                reason = f"damaged {self._encoding.upper()} ({error.reason})"
                raise UndecodableError(offset, reason) from error
            self._rest = (text if self._taken else text.removeprefix("\ufeff")).encode()
            self._taken += len(raw)
            if not raw:
                break
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _utf8_share(data) >= _MIN_UTF8_SHARE:
            raise UndecodableError(error.start, f"damaged UTF-8 ({error.reason})") from error
        utf8_error = error
    else:
        return "utf-8"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as error:
        reason = f"neither UTF-8 (wrong at {utf8_error.start}) nor GB18030 (wrong at {error.start})"
        if _big5_share(data) >= _MIN_COMMON_SHARE:
            return "cp950"
        raise UndecodableError(max(utf8_error.start, error.start), reason) from error
    return "cp950" if _is_big5(data) else "gb18030"


def _is_big5(data: bytes) -> bool:
    """Whether bytes that GB18030 accepts are Big5: nearly all of Big5 is, but as characters nobody writes."""
    return _big5_share(data) >= _MIN_COMMON_SHARE and _gb_share(data) < _MAX_GB_SHARE_OF_BIG5


def _gb_share(data: bytes) -> float:
    """Share of the ideographs that are among the 3,755 common ones of GB2312 (first byte B0 to D7, second from A1)."""
    pairs = [char.encode("gb18030") for char in data[:_SAMPLE_BYTES].decode("gb18030", "ignore") if char > "\u33ff"]
    common = sum((len(pair) == 2 and 0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1) or pair[0] == 0xA3 for pair in pairs)
    return common / max(1, len(pairs))


def _big5_share(data: bytes) -> float:
    """Share of the characters beyond ASCII that are punctuation or among the 5,401 common ones of Big5; 0 if damaged."""
    try:
        text = data.decode("cp950")
    except UnicodeDecodeError:
        return 0.0
    pairs = [char.encode("cp950") for char in text[:_SAMPLE_BYTES] if char > "\x7f"]
    return sum(0xA1 <= pair[0] <= 0xC6 for pair in pairs) / max(1, len(pairs))


def _encoding_of_lines(head: list[bytes]) -> str:
    """The encoding by which to read on, judged by whole lines of which some may be damaged."""
    sample = b"".join(head)
    try:
        return _encoding(sample)
    except UndecodableError as error:
        encoding = "utf-8" if _utf8_share(sample) >= _MIN_UTF8_SHARE else "gb18030"
        for line in head:
            try:
                if _strict(line, encoding, 0).strip():
                    return encoding
            except UndecodableError:
                continue
        raise error from None


def _strict(data: bytes, encoding: str, base: int) -> str:
    """The text of bytes that start at ``base`` in the file."""
    if (
        encoding in {"gb18030", "cp950"}
        and _count_beyond_ascii(data) >= _MIN_UTF8_BYTES
        and _utf8_share(data) >= _MIN_UTF8_SHARE
    ):
        raise UndecodableError(base, "UTF-8 in a file of GB18030")  # which would give other characters, not an error
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(base + error.start, f"damaged {encoding.upper()} ({error.reason})") from error
    nul = text.find("\0")
    if nul >= 0:
        raise UndecodableError(base + len(text[:nul].encode(encoding)), "NUL, so a binary file or damaged text")
    control = _CONTROL.search(text)
    if control and (count := len(_CONTROL.findall(text))) > len(text) * _MAX_CONTROL_SHARE:
        offset = base + len(text[: control.start()].encode(encoding))
        raise UndecodableError(offset, f"the first of {count} control characters, so a binary file or damaged text")
    return text


def _utf16_without_mark(data: bytes) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_PLAIN.findall(text)) >= len(text) * _MIN_PLAIN_SHARE:
            return encoding
    raise UndecodableError(data.index(b"\0"), "NUL, so a binary file or damaged text")


def _utf8_share(data: bytes) -> float:
    """Share of the non-ASCII bytes that stand in valid UTF-8 sequences."""
    valid = data.decode("utf-8", "ignore").encode().translate(None, _ASCII)
    return len(valid) / max(1, _count_beyond_ascii(data))


def _count_beyond_ascii(data: bytes) -> int:
    return len(data.translate(None, _ASCII))
