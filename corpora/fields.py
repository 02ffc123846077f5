"""Which field of an entry holds the text of a judgment, and which its identifier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from panjue.corpora.judgment import NoTextError, text_id
from panjue.corpora.markup import is_html, text_of_html

# Names as compared: lower case, without spaces, "_" and "-". The first that has a text counts.
_TEXT = (
    *("裁判文书全文", "文书全文", "判决书全文", "全文", "fulltext", "qwcontent", "qw", "text", "文书内容", "裁判文书"),
    *("判决书", "正文", "内容", "content", "doccontent", "html", "htmlcontent", "doc", "document"),
)
_ID = ("docid", "文书id", "id", "s5", "rowkey", "uuid", "文书唯一标识", "唯一标识")
# The portal cuts a judgment into fields; its interface and its exports name them differently.
_PARTS = (
    ("s22", "s23", "s24", "s25", "s26", "s27", "s28", "s51"),
    ("record", "fact", "reason", "result", "ending"),
    ("文首", "当事人", "诉讼记录", "事实", "理由", "裁判结果", "判决结果", "文尾", "附录"),
)
_MIN_PARTS = 3
# No dump nests deeper, and a hostile one must not exhaust the stack.
_MAX_DEPTH = 20

Entry = Mapping[str, Any]


def text_and_id(entry: Entry, text_field: str | None, id_field: str | None) -> tuple[str, str, bool]:
    """The text, the identifier, and whether the text was taken out of markup or put together from parts.

    Raises:
        NoTextError: no field has a text, or a field that was asked for is missing.
    """
    raw, joined = _raw_text(entry, text_field)
    markup = is_html(raw)
    text = text_of_html(raw) if markup else raw
    if not text.strip():
        raise NoTextError("the text is empty")
    if "\0" in text:
        raise NoTextError(f"NUL in the text, character {text.index(chr(0))}: damaged")
    return text, _identifier(entry, id_field) or text_id(text), markup or joined


def entries(value: object, text_field: str | None, depth: int = 0) -> list[Entry | None]:
    """The entries in a JSON value that hold a text, however deep in objects, arrays and strings of JSON.

    ``None`` stands for an item of an array that has none though others have. A list without items means that no text
    was found at all.
    """
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, str):
        return entries(_json_in(value), text_field, depth + 1)
    if isinstance(value, list):
        if depth == 0 and value and all(isinstance(item, str) and _json_in(item) is None for item in value):
            return [{text_field or "text": item} for item in value]
        found = [entries(item, text_field, depth + 1) for item in value]
        return [entry for item in found for entry in item or [None]] if any(found) else []
    if not isinstance(value, dict) or str(value.get("schema", "")).startswith("panjue-record/"):
        return []  # a record of ours holds passages and names, but no judgment
    if _has_text(value, text_field):
        return [value]
    inner = [entry for item in value.values() for entry in entries(item, text_field, depth + 1)]
    if len(inner) == 1 and inner[0] is not None and _identifier(value, None):
        return [{**value, **inner[0]}]  # the identifier stands around the text
    return inner


def check_columns(header: list[str], text_field: str | None, id_field: str | None) -> None:
    """Refuse a table by its header.

    Raises:
        NoTextError: no column for the text, or one that was asked for is missing.
    """
    columns = dict.fromkeys(header, "")
    if not _has_text(columns, text_field):
        raise NoTextError(_no_field(columns, text_field))
    _identifier(columns, id_field)


def _has_text(entry: Entry, text_field: str | None) -> bool:
    if text_field is not None:
        return text_field in entry
    names = _by_name(entry)
    return any(_is_text(names[name]) for name in _TEXT if name in names) or bool(_parts(names))


def _raw_text(entry: Entry, text_field: str | None) -> tuple[str, bool]:
    if text_field is not None:
        if text_field not in entry:
            raise NoTextError(_no_field(entry, text_field))
        value = entry[text_field]
        if value is not None and not isinstance(value, str):
            raise NoTextError(f"field {text_field!r} is no text but {type(value).__name__}")
        return value or "", False
    names = _by_name(entry)
    for name in _TEXT:
        value = names.get(name)
        if isinstance(value, str) and value.strip() and _is_text(value):
            return value, False
    return "\n".join(part.strip("\r\n") for part in _parts(names)), True


def _parts(names: Entry) -> list[str]:
    for parts in _PARTS:
        if sum(part in names for part in parts) >= _MIN_PARTS:
            return [names[part] for part in parts if isinstance(names.get(part), str)]
    return []


def _is_text(value: object) -> bool:
    return value is None or (isinstance(value, str) and _json_in(value) is None)


def _identifier(entry: Entry, id_field: str | None) -> str:
    if id_field is not None:
        if id_field not in entry:
            raise NoTextError(f"no field {id_field!r} for the identifier; there are: {_listed(entry)}")
        return _as_id(entry[id_field])
    names = _by_name(entry)
    return next(filter(None, (_as_id(names.get(name)) for name in _ID)), "")


def _as_id(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _by_name(entry: Entry) -> dict[str, Any]:
    return {re.sub(r"[\s_-]", "", name).lower(): value for name, value in entry.items()}


def _json_in(value: str) -> Any:
    """The object or array that a string holds as JSON, else nothing."""
    if not re.match(r"\s*[\[{]\s*[\[{\"]", value):
        return None
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _no_field(entry: Entry, text_field: str | None) -> str:
    wanted = "known" if text_field is None else repr(text_field)
    return f"no field for the text ({wanted}); there are: {_listed(entry)}; name it with --text-field"


def _listed(entry: Entry) -> str:
    names = [name[:30] for name in entry]
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
