"""Records as Arrow: the schema is derived from the record's types, and a batch of texts becomes a batch of records."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import msgspec
import pyarrow as pa
from msgspec import inspect

from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record


@cache
def record_schema() -> pa.Schema:
    """One column for each field of a record, and ``error`` (null where the judgment was read).

    A value that is a number or a word (``political_rights_months`` may be "life") is a string; yuan are float64.
    """
    record = cast("inspect.StructType", inspect.type_info(Record))
    fields = [pa.field(field.name, _arrow(field.type)) for field in record.fields if field.name != "annotation"]
    return pa.schema([*fields, pa.field("error", pa.string())])


def extract_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Read a batch of judgments: rows in are rows out, in order.

    Args:
        batch: columns ``text`` (string) and, if there is one, ``doc_id`` (string).

    Returns:
        A batch with the columns of :func:`record_schema`. A judgment that cannot be read is a row with ``status``
        "error" and the reason in ``error``.

    Raises:
        KeyError: the batch has no column ``text``.

    >>> texts = pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": ["判决书"]})
    >>> extract_batch(texts).column("doc_id").to_pylist()
    ['a']
    """
    texts = batch.column("text").to_pylist()
    names = batch.column("doc_id").to_pylist() if "doc_id" in batch.schema.names else [None] * len(texts)
    rows = [_row(text, name) for text, name in zip(texts, names, strict=True)]
    return pa.RecordBatch.from_pylist(rows, schema=record_schema())


def _row(text: str | None, doc_id: str | None) -> dict[str, Any]:
    try:
        if text is None:
            raise ValueError("the text is missing")
        return {**as_row(extract(text, doc_id)), "error": None}
    except Exception as error:
        return error_row(doc_id, type(error).__name__, str(error) if text is None else "extraction failed")


def error_row(doc_id: str | None, error: str, reason: str) -> dict[str, Any]:
    """The row of a judgment that was not read, as plain values that fit :func:`record_schema`."""
    return {"doc_id": doc_id, "status": "error", "error": f"{error}: {reason}"}


def as_row(record: Record) -> dict[str, Any]:
    """The record as plain values that fit :func:`record_schema`."""
    row: dict[str, Any] = msgspec.to_builtins(record)
    for defendant in row["defendants"]:
        rights = defendant["sentence"]["political_rights_months"]
        defendant["sentence"]["political_rights_months"] = None if rights is None else str(rights)
    return row


def _arrow(kind: inspect.Type) -> pa.DataType:
    match kind:
        case inspect.StructType():
            return pa.struct([pa.field(field.name, _arrow(field.type)) for field in kind.fields])
        case inspect.ListType():
            return pa.list_(_arrow(kind.item_type))
        case inspect.UnionType():
            kinds = {_arrow(part) for part in kind.types if not isinstance(part, inspect.NoneType)}
            if len(kinds) == 1:
                return kinds.pop()
            return pa.float64() if kinds == {pa.int64(), pa.float64()} else pa.string()
        case inspect.IntType():
            return pa.int64()
        case inspect.FloatType():
            return pa.float64()
        case inspect.StrType() | inspect.LiteralType():
            return pa.string()
        case inspect.Metadata():
            return _arrow(kind.type)
        case _:
            raise TypeError(f"no Arrow type for {kind}")
