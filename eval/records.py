"""Reading of records and texts for evaluation: one JSON object a line, errors with file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec import Struct

from panjue.eval.fields import Json


class InputError(ValueError):
    """A file that cannot be evaluated; the message names file and line."""


class _Named(Struct):
    name: str | None = None


class _Passage(Struct):
    path: str
    start: int
    end: int


class _Record(Struct):
    """The least a record must have to be scored."""

    doc_id: str
    case: dict[str, Any] | None = None
    defendants: list[_Named] | None = None
    evidence: list[_Passage] | None = None


class _Text(Struct):
    doc_id: str
    text: str


def read_records(path: Path) -> dict[str, Json]:
    """Records by ``doc_id``: of a file, of a folder's ``records.jsonl``, or of all ``.jsonl`` files below a folder.

    Raises:
        InputError: no such file, nothing in it, a line that is no record, or a ``doc_id`` twice.
    """
    records: dict[str, Json] = {}
    for where, line in _lines(path):
        record = _parse(where, line, _Record)
        if record["doc_id"] in records:
            raise InputError(f"{where}: doc_id {record['doc_id']!r} for the second time")
        records[record["doc_id"]] = record
    if not records:
        raise InputError(f"{path}: no records")
    return records


def read_texts(path: Path) -> dict[str, str]:
    """Texts by ``doc_id``; lines as ``{"doc_id": …, "text": …}``.

    Raises:
        InputError: no such file, or a line that has no text.
    """
    texts = (_parse(where, line, _Text) for where, line in _lines(path))
    return {line["doc_id"]: line["text"] for line in texts}


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        output = path / "records.jsonl"  # beside it an output folder holds other lines, such as errors.jsonl
        files = [output] if output.is_file() else sorted(path.glob("**/*.jsonl"))
    else:
        files = [path]
    for file in files:
        try:
            with file.open(encoding="utf-8-sig") as stream:
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        yield f"{file}:{number}", line
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{file}: not UTF-8: {error.reason} at byte {error.start}") from error


def _parse(where: str, line: str, shape: type[Struct]) -> dict[str, Any]:
    try:
        value = json.loads(line)  # the standard reader lets lone surrogates through, which texts do contain
        msgspec.convert(value, shape)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: invalid JSON: {error.msg} at character {error.pos}") from error
    except msgspec.ValidationError as error:
        raise InputError(f"{where}: {error}") from error
    return cast("dict[str, Any]", value)
