"""Parts that the JSON formats share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from panjue.annotation.exchange.spans import ExchangeError, Files, Span

T = TypeVar("T")


def dumps(value: Any, indent: int | None = None) -> bytes:
    """JSON in UTF-8 with Chinese as Chinese."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def loads(where: str, data: bytes, shape: type[T]) -> T:
    """JSON of a shape.

    Raises:
        ExchangeError: it is no JSON or of another shape.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.DecodeError as error:
        raise ExchangeError(f"{where}: {error}") from error


def lines(files: Files, shape: type[T]) -> Iterator[tuple[str, T]]:
    """Lines of JSON with file and line number.

    Raises:
        ExchangeError: a line is no JSON or of another shape.
    """
    for file, data in files.items():
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                where = f"{file}:{number}"
                yield where, loads(where, line, shape)


def attributes(span: Span) -> dict[str, Any]:
    """What a passage carries beside its label."""
    return {
        "defendant": span.place.defendant,
        "item": span.place.item,
        "pointer": span.pointer,
        "source": span.source,
        "confidence": span.confidence,
        "value": span.value,
    }
