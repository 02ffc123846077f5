"""From bytes to text, strictly: a byte order mark decides, else UTF-8, else GB18030 (GBK, GB2312); never by replacement."""

from __future__ import annotations

import codecs
import re
from typing import Literal

_ASCII = bytes(range(128))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_PLAIN = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_MAX_CONTROL_SHARE = 0.01
_MIN_PLAIN_SHARE = 0.95
# Of the non-ASCII bytes of GB18030 judgments 31 to 40 % happen to form valid UTF-8; of UTF-8 with damage nearly all do.
_MIN_UTF8_SHARE = 0.8


class UndecodableError(ValueError):
    """Bytes that are no text; ``offset`` is the first byte to blame, from 0."""

    def __init__(self, kind: Literal["binary", "encoding"], message: str, offset: int) -> None:
        """Keep what a failure record needs."""
        super().__init__(message)
        self.kind: Literal["binary", "encoding"] = kind
        self.offset = offset


def decode(data: bytes) -> tuple[str, str]:
    r"""The text and the name of its encoding; the byte order mark, if any, is left out of the text.

    UTF-16 without a mark is taken only if nearly every character it gives is one of Chinese print.

    Raises:
        UndecodableError: neither encoding fits, or the bytes are no text at all.

    >>> decode("判决书".encode("gb18030"))
    ('判决书', 'gb18030')
    >>> decode(b"\xff\xfe\x24\x52")
    ('判', 'utf-16-le')
    """
    text, encoding = _decode(data)
    controls = _CONTROL.findall(text)
    if "\0" in controls or len(controls) > len(text) * _MAX_CONTROL_SHARE:
        first = text.index("\0") if "\0" in controls else text.index(controls[0])
        offset = len(data) - len(text[first:].encode(encoding.removesuffix("-sig")))
        raise _binary(text[first], offset)
    return text, encoding


def encoding_of(sample: bytes) -> str:
    """The encoding by which to read on line by line, judged by whole lines from a file's start, some perhaps damaged."""
    try:
        return decode(sample)[1]
    except UndecodableError:
        if sample.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        return "utf-8" if _utf8_share(sample) >= _MIN_UTF8_SHARE else "gb18030"


def is_utf16(start: bytes) -> bool:
    """Whether lines must not be cut at the byte of a line end, because two bytes make a character."""
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start[:2]


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return body.decode("utf-8" if mark == codecs.BOM_UTF8 else encoding), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(encoding.removesuffix("-sig"), error, len(mark)) from error
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _utf8_share(data) >= _MIN_UTF8_SHARE:
            raise _undecodable("utf-8", error) from error
        first = error
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError as error:
        offset = max(first.start, error.start)
        message = f"byte {offset}: neither UTF-8 (wrong at {first.start}) nor GB18030 (wrong at {error.start})"
        raise UndecodableError("encoding", message, offset) from error


def _utf16_without_mark(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_PLAIN.findall(text)) >= len(text) * _MIN_PLAIN_SHARE:
            return text, encoding
    raise _binary("\0", data.index(b"\0"))


def _utf8_share(data: bytes) -> float:
    """Share of the non-ASCII bytes that stand in valid UTF-8 sequences."""
    valid = data.decode("utf-8", "ignore").encode().translate(None, _ASCII)
    return len(valid) / max(1, len(data.translate(None, _ASCII)))


def _undecodable(encoding: str, error: UnicodeDecodeError, skipped: int = 0) -> UndecodableError:
    offset = error.start + skipped
    return UndecodableError("encoding", f"byte {offset}: damaged {encoding.upper()} ({error.reason})", offset)


def _binary(character: str, offset: int) -> UndecodableError:
    return UndecodableError("binary", f"byte {offset} is {character!a}: a binary file, or damaged text", offset)
