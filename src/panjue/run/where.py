"""Conditions on records, as given with ``--where``: a field, a comparison, a value.

>>> Where(["case.instance=first", "defendants.sentence.months>=36"]).conditions[1]
(('defendants', 'sentence', 'months'), '>=', '36')
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import inspect

from panjue.extractors.record import Record

_CONDITION = re.compile(r"\s*([a-z_][\w.]*)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*", re.DOTALL)


class Where:
    """All conditions hold.

    A field is a path into the record, such as ``status``, ``case.court`` or ``defendants.plea.status``, or ``source``,
    the file it came from. In a list (defendants, charges, flags) it is enough that one item fulfils the condition, for
    ``!=`` that none is equal. ``=`` and ``!=`` compare with the value, ``~`` looks for it as a part of the field,
    ``<``, ``<=``, ``>``, ``>=`` compare numbers as numbers and dates as they are written. A field that is empty
    fulfils only ``!=`` of a value, and ``=`` of nothing.

    Raises:
        ValueError: a condition is not of this form, or the record has no such field.
    """

    def __init__(self, conditions: list[str]) -> None:
        """Read the conditions."""
        self.conditions = [_parsed(condition) for condition in conditions]

    def __call__(self, record: Record, source: str) -> bool:
        """Whether a record is wanted."""
        return all(
            _holds([source] if path == ("source",) else list(_values(record, path)), sign, value)
            for path, sign, value in self.conditions
        )


def _parsed(condition: str) -> tuple[tuple[str, ...], str, str]:
    match = _CONDITION.fullmatch(condition)
    if not match:
        raise ValueError(f"{condition!r} is no condition; write for example case.instance=first")
    path = tuple(match[1].split("."))
    if path != ("source",):
        _check(path, condition)
    return path, match[2], match[3]


def _check(path: tuple[str, ...], condition: str) -> None:
    kinds: list[inspect.Type] = [inspect.type_info(Record)]
    for name in path:
        fields = {f.name: f.type for kind in kinds if isinstance(kind, inspect.StructType) for f in kind.fields}
        if name not in fields or name == "annotation":
            raise ValueError(f"{condition!r}: no field {name!r}; there are: {', '.join(sorted(fields)) or 'none'}")
        kinds = _inner(fields[name])
    if any(isinstance(kind, inspect.StructType) for kind in kinds):
        raise ValueError(f"{condition!r}: {'.'.join(path)} is a group of fields; name one of them")


def _inner(kind: inspect.Type) -> list[inspect.Type]:
    if isinstance(kind, inspect.ListType):
        return _inner(kind.item_type)
    return list(kind.types) if isinstance(kind, inspect.UnionType) else [kind]


def _values(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif value is None or not path:
        yield value
    else:
        yield from _values(getattr(value, path[0]), path[1:])


def _holds(values: list[Any], sign: str, wanted: str) -> bool:
    texts = [str(value) for value in values if value is not None]
    if sign in ("=", "!="):
        return (wanted in texts if wanted else not texts) == (sign == "=")
    if sign == "~":
        return any(wanted in text for text in texts)
    return any(_ordered(value, sign, wanted) for value in values if value is not None)


def _ordered(value: Any, sign: str, wanted: str) -> bool:
    left: Any = value
    right: Any = wanted
    if isinstance(value, int | float):
        try:
            right = float(wanted)
        except ValueError:
            return False
    else:
        left = str(value)
    less, equal = left < right, left == right
    return (less if sign[0] == "<" else not less and not equal) or (equal and sign.endswith("="))
