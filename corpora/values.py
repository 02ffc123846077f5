"""JSON in any shape: one value, lines, or one array too large for memory; and the portal's script and court XML."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast
from xml.etree import ElementTree as ET

import ijson
import orjson

from panjue.corpora.encoding import Utf8, decoded, decoded_lines, encoding_of_start
from panjue.corpora.fields import Entry, entries
from panjue.corpora.judgment import EmptyError, FormatError, NoTextError
from panjue.corpora.limits import MAX_TEXT, LimitError, Reads, pushed_back
from panjue.corpora.office import parsed

Found = tuple[str, Entry | Exception]
_HTML_DATA = re.compile(r'\bjsonHtmlData\s*=\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_CASE_INFO = re.compile(r"\bJSON\.stringify\((\{.*?\})\)", re.DOTALL)


def json_lines(lines: Iterable[bytes | LimitError], text_field: str | None) -> tuple[str, Iterator[Found]]:
    """The encoding, and the entries of JSON lines; a line that gives none is an error of its own."""
    encoding, texts = decoded_lines(lines)
    return encoding, _json_lines(texts, text_field)


def _json_lines(texts: Iterable[tuple[str, Exception | None]], text_field: str | None) -> Iterator[Found]:
    none = True
    for number, (line, damage) in enumerate(texts, 1):
        if damage is None and not line.strip():
            continue
        none = False
        place = f"#{number}"
        if damage is not None:
            yield place, damage
            continue
        try:
            found = _located(orjson.loads(line), text_field)
        except ValueError as error:
            yield place, error
            continue
        yield from ((place, entry) for entry in found)
    if none:
        raise EmptyError("empty")


def json_value(stream: IO[bytes], text_field: str | None) -> tuple[str, Iterator[Found]]:
    """The encoding, and the entries of one JSON value; beyond 16 MiB only of its outermost arrays, read as they come.

    Raises:
        ValueError: it is no JSON.
    """
    data = stream.read(MAX_TEXT + 1)
    if len(data) <= MAX_TEXT:
        text, encoding = decoded(data)
        if not text.strip():
            raise EmptyError("empty")
        return encoding, _numbered(_located(orjson.loads(text), text_field))
    encoding = encoding_of_start(data[: 1 << 20])
    whole = io.BufferedReader(Utf8(pushed_back([data], stream), encoding), buffer_size=1 << 16)
    return encoding, _streamed(_Items(cast("Reads", whole)), text_field)


def _streamed(stream: _Items, text_field: str | None) -> Iterator[Found]:
    number, level = 0, 0
    builder: Any = None
    in_array = False
    try:
        for event, value in ijson.basic_parse(stream, use_float=True):
            if not in_array:
                in_array = event == "start_array"
                stream.taken = 0 if in_array else stream.taken
                continue
            if builder is None:
                if event == "end_array":
                    in_array = False
                    continue
                builder, level = ijson.ObjectBuilder(), 0
            builder.event(event, value)
            level += event in {"start_map", "start_array"}
            level -= event in {"end_map", "end_array"}
            if level == 0:
                number += 1
                stream.taken = 0
                found = entries([builder.value], text_field)
                for entry in found or [None]:
                    yield f"#{number}", NoTextError("an item without a text") if entry is None else entry
                builder = None
    except ijson.JSONError as error:
        raise FormatError(f"damaged JSON ({str(error).splitlines()[0][:80]})") from error
    if not number:
        raise NoTextError("no array of judgments in a JSON file of more than 16 MiB")


class _Items:
    """A stream; ``taken`` counts since it was last set to 0, and may not exceed one document."""

    def __init__(self, stream: Reads) -> None:
        self.stream = stream
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.taken += len(data)
        if self.taken > MAX_TEXT + 4 * size:  # a block may hold the ends of two items
            raise LimitError(f"an item of a JSON array of more than {MAX_TEXT >> 20} MiB; nothing after it is read")
        return data


def xml_entries(text: str, text_field: str | None) -> Iterator[Found]:
    """The entries of an XML file: elements of other elements are fields, be it their text or their ``value``.

    Raises:
        FormatError: damaged XML, or XML with declarations of its own.
        NoTextError: no element has a known name.
    """
    root = parsed(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).lstrip())
    return _numbered(_located(_as_value(root), text_field))


def _as_value(node: ET.Element, depth: int = 0) -> dict[str, Any]:
    own = node.get("value") or (node.text or "" if len(node) == 0 else "")
    fields: dict[str, Any] = {node.tag: own} if own else {}
    if depth > 15:
        return fields
    for child in node:
        if len(child) == 0 and child.tag not in fields:
            fields[child.tag] = child.get("value") or child.text or ""
    inner = [_as_value(child, depth + 1) for child in node if len(child)]
    return {**fields, "children": inner} if inner else fields


def portal_page(text: str) -> Entry:
    """The judgment in the script by which the portal showed one until 2018.

    Raises:
        FormatError: the script is damaged.
    """
    data, info = _HTML_DATA.search(text), _CASE_INFO.search(text)
    try:
        inner = orjson.loads(orjson.loads(data[1])) if data else None
        outer = orjson.loads(info[1]) if info else {}
    except orjson.JSONDecodeError as error:
        raise FormatError(f"damaged page of the portal ({error})") from error
    if not isinstance(inner, dict):
        raise FormatError("damaged page of the portal")
    return {**outer, **inner}


def _numbered(found: list[Entry | Exception]) -> Iterator[Found]:
    several = len(found) > 1
    return ((f"#{number}" if several else "", entry) for number, entry in enumerate(found, 1))


def _located(value: object, text_field: str | None) -> list[Entry | Exception]:
    found = entries(value, text_field)
    if not found:
        names = ", ".join(str(name)[:30] for name in list(value)[:20]) if isinstance(value, dict) else "no object"
        wanted = "a known name" if text_field is None else repr(text_field)
        return [NoTextError(f"no field for the text ({wanted}); there are: {names}; name it with --text-field")]
    return [NoTextError("an item without a text") if entry is None else entry for entry in found]
