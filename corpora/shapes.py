"""Where the judgment stands in a row of a table or in a JSON value: the common names of its text and its identifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

# In the order of preference; compared without regard to case, spaces, "_", "-" and a leading "@" or "$".
TEXT_NAMES = (
    *("text", "fulltext", "content", "qwContent", "全文", "文书全文", "正文", "文书正文", "内容", "文书内容"),
    *("裁判文书", "裁判文书全文", "文书", "判决书", "判决书全文", "判决书内容", "判决全文", "原文"),
    *("judgment", "judgement", "doc", "document", "docContent", "wsContent", "qw", "html", "htmlContent", "body"),
)
ID_NAMES = (
    *("doc_id", "id", "_id", "s5", "文书ID", "文书编号", "rowkey", "uuid", "uniqid", "wsid", "writId"),
    *("judgment_id", "document_id", "case_id", "案件ID", "pid", "编号"),
)
# A judgment given in its parts: the portal's fields, and tables made from them.
PARTS = (
    ("s22", "s23", "s24", "s25", "s26", "s27", "s28", "s51"),
    ("record", "fact", "reason", "result", "ending"),
    ("首部", "事实", "理由", "主文", "尾部"),
    ("首部", "事实", "理由", "判决结果", "尾部"),
)
MIN_PARTS = 3
_MAX_DEPTH = 16
_MAX_METADATA = 200


class Found(NamedTuple):
    """A judgment as it stands in its fields: the whole text, or its parts in order."""

    texts: list[str]
    doc_id: str | None
    metadata: dict[str, str]


def find(fields: Mapping[str, object], text_field: str | None = None, id_field: str | None = None) -> Found | None:
    """The judgment in one row or object, or None if no field of it is known to hold a text.

    A field found by its usual name counts only if something stands in it; a named ``text_field`` may be empty.

    >>> tuple(find({"案号": "（2019）浙0199刑初7号", "全文": "刑事判决书…", "文书ID": 7}))
    (['刑事判决书…'], '7', {'案号': '（2019）浙0199刑初7号'})
    """
    names = _names(tuple(fields), text_field, id_field)
    whole = [name for name in names.text if isinstance(text := fields[name], str) and (text or text_field)][:1]
    holding = whole or next((some for group in names.parts if len(some := _filled(fields, group)) >= MIN_PARTS), [])
    if not holding:
        return None
    own_id = next((name for name in names.id if _scalar(fields[name])), None)
    others = {name: _scalar(value) for name, value in fields.items() if name != own_id and name not in holding}
    return Found(
        texts=[str(fields[name]) for name in holding],
        doc_id=_scalar(fields[own_id]) if own_id else None,
        metadata={name: value for name, value in others.items() if value},
    )


def may_hold_text(fields: Iterable[str], text_field: str | None = None) -> bool:
    """Whether a table with these columns can have judgments in it."""
    names = _names(tuple(fields), text_field, None)
    return bool(names.text) or any(len(group) >= MIN_PARTS for group in names.parts)


def find_all(
    value: object, text_field: str | None = None, id_field: str | None = None, pointer: str = "", depth: int = 0
) -> Iterator[tuple[str, Found | None]]:
    """Every judgment in a JSON value, with a JSON Pointer to its object, in order.

    Objects and lists are searched to a depth of 16. In a list of judgments an entry that is none gives None.
    """
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        found = find(value, text_field, id_field)
        if found:
            yield pointer, found
            return
        for name, inner in value.items():
            if isinstance(inner, (dict, list)):
                step = str(name).replace("~", "~0").replace("/", "~1")
                yield from find_all(inner, text_field, id_field, f"{pointer}/{step}", depth + 1)
    elif isinstance(value, list):
        entries = [list(find_all(v, text_field, id_field, f"{pointer}/{i}", depth + 1)) for i, v in enumerate(value)]
        if any(entries):
            for i, entry in enumerate(entries):
                yield from entry or [(f"{pointer}/{i}", None)]


class _Names(NamedTuple):
    text: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    id: tuple[str, ...]


@lru_cache(256)
def _names(fields: tuple[str, ...], text_field: str | None, id_field: str | None) -> _Names:
    """The fields to look into, of those that there are."""
    by_fold = {_fold(name): name for name in reversed(fields)}

    def known(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(by_fold[fold] for name in names if (fold := _fold(name)) in by_fold)

    text = known(TEXT_NAMES) if text_field is None else tuple(name for name in fields if name == text_field)
    parts = tuple(known(group) for group in PARTS) if text_field is None else ()
    ids = known(ID_NAMES) if id_field is None else tuple(name for name in fields if name == id_field)
    return _Names(text, parts, ids)


def _fold(name: str) -> str:
    return name.strip().lstrip("@$").replace("_", "").replace("-", "").replace(" ", "").lower()


def _filled(fields: Mapping[str, object], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if isinstance(value := fields[name], str) and value.strip()]


def _scalar(value: object) -> str:
    """A short value as a string, empty for anything else; MongoDB's ``{"$oid": …}`` is such a value."""
    if isinstance(value, dict) and set(value) == {"$oid"}:
        value = value["$oid"]
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value).strip()
    return text if len(text) <= _MAX_METADATA else ""
