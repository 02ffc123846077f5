"""What people read instead of the record's names: English and the Chinese legal term, of fields and of their values."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Term(NamedTuple):
    """A field or a value in both languages."""

    english: str
    chinese: str


def field_term(field: str) -> Term:
    """The term of a field, named by its place in the record without numbers.

    Raises:
        KeyError: the vocabulary lacks it.

    >>> field_term("defendants.plea.stage")
    Term(english='Stage of the plea', chinese='认罪认罚阶段')
    """
    return _terms()[field, ""]


def value_term(field: str, value: str) -> Term:
    """The term of one value of a field.

    Raises:
        KeyError: the vocabulary lacks it.

    >>> value_term("defendants.sentence.penalty", "detention").chinese
    '拘役'
    """
    return _terms()[field, value]


@cache
def _terms() -> dict[tuple[str, str], Term]:
    text = resources.files("panjue.extractors").joinpath("vocabulary.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["field"], row["value"]): Term(row["english"], row["chinese"]) for row in rows}
