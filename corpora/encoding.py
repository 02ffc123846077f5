"""From bytes to text, strictly: a byte order mark decides, else UTF-8, else GB18030 (GBK, GB2312); nothing is replaced."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain

_ASCII = bytes(range(128))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_PLAIN = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uffe5]")
_MAX_CONTROL_SHARE = 0.01
_MIN_PLAIN_SHARE = 0.95
# Of the non-ASCII bytes of GB18030 judgments 31 to 40 % happen to form valid UTF-8; of UTF-8 with damage nearly all do.
_MIN_UTF8_SHARE = 0.8
_MIN_UTF8_BYTES = 30  # short words of GB18030 happen to be UTF-8, such as the famous 联通
_SAMPLE_BYTES = 1 << 20
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
    encoding = _encoding(data)
    mark = next((mark for mark, _ in _MARKS if data.startswith(mark)), b"")
    return _strict(data[len(mark) :], encoding, len(mark))


def decoded_lines(lines: Iterable[bytes]) -> Iterator[tuple[str, UndecodableError | None]]:
    r"""The lines of a file with their line ends, read on as they come; a line that is no text has its error beside it.

    In such a line the wrong bytes are lone surrogates (``surrogateescape``), so that what is right in it still tells
    where a row of a table ends. The encoding is decided once, by the first megabyte. Only UTF-16 is loaded whole, because its line ends cannot be
    seen in the bytes.

    Raises:
        UndecodableError: not one line of the first megabyte is text.

    >>> [line for line, error in decoded_lines([b"\xef\xbb\xbf1\n", b"2\n"])]
    ['1\n', '2\n']
    """
    lines = iter(lines)
    head: list[bytes] = []
    size = 0
    for line in lines:
        head.append(line)
        size += len(line)
        if size >= _SAMPLE_BYTES:
            break
    encoding = _encoding_of_lines(head)
    if encoding.startswith("utf-16"):
        text = decode(b"".join(chain(head, lines)))
        yield from ((line, None) for line in io.StringIO(text, newline="\n"))
        return
    offset = 0
    for line in chain(head, lines):
        mark = len(codecs.BOM_UTF8) if offset == 0 and line.startswith(codecs.BOM_UTF8) else 0
        try:
            yield _strict(line[mark:], encoding, offset + mark), None
        except UndecodableError as error:
            yield line[mark:].decode(encoding, "surrogateescape"), error
        offset += len(line)


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
        raise UndecodableError(max(utf8_error.start, error.start), reason) from error
    return "gb18030"


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
    if encoding == "gb18030" and _count_beyond_ascii(data) >= _MIN_UTF8_BYTES and _utf8_share(data) >= _MIN_UTF8_SHARE:
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
