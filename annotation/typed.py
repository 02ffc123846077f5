"""What a person types into a row, as said in a judgment or as a number, and how it is shown back."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from panjue.annotation.form import Row
from panjue.extractors import quantities
from panjue.extractors.quantities import MONEY, TERM, Term

Values = tuple[Any, ...]
"""One for each part of the row."""

_BETWEEN = re.compile(r"至|到|~|-|–|—")
_BELOW, _ABOVE = re.compile(r"(?:以下|以内|及以下|<=|≤)$"), re.compile(r"(?:以上|及以上|>=|≥)$")
_LETTERS = {"years": "年", "year": "年", "y": "年", "months": "个月", "month": "个月", "m": "个月", "days": "日", "day": "日", "d": "日"}  # fmt: skip
_UNIT = re.compile(r"年|个月|月|日|天|万元|千元|万|千|元")
_LIFE = {"life", "终身"}


class TypedError(ValueError):
    """What was typed says no value of the row; the message says what would."""


def parse(row: Row, text: str) -> Values:
    """The values of the row's parts.

    Raises:
        TypedError: it cannot be read.

    >>> from panjue.annotation.form import form
    >>> parse(form().row("/defendants/0/sentence/months"), "一年六个月")
    (18, 0)
    >>> parse(form().row("/defendants/0/recommendation/min_months"), "六至十个月")
    (6, 0, 10, 0)
    >>> parse(form().row("/defendants/0/sentence/fine"), "3万元")
    (30000,)
    """
    if row.kind == "text":
        words = text.strip()
        if not words and not row.optional:
            raise TypedError(f"{row.english} {row.chinese} cannot be empty")
        return (words or None,)
    said = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if row.kind == "choice":
        return (_choice(row, said),)
    if row.kind == "date":
        return (_date(said) if said else None,)
    if row.kind == "term":
        return tuple(_term(said)) if said else (None, 0)
    if row.kind == "term_range":
        low, high = _range(said, _term)
        return (*(low or (None, 0)), *(high or (None, 0)))
    if row.kind == "months":
        return (_months(said) if said else None,)
    if row.kind == "months_or_life":
        return ("life" if said in _LIFE else _months(said) if said else None,)
    if row.kind == "months_range":
        return _range(said, _months)
    if row.kind == "yuan":
        return (_yuan(said) if said else None,)
    return _range(said, _yuan)


def shown(row: Row, values: Values) -> str:
    """The values as numbers with their unit; nothing where there is none.

    >>> from panjue.annotation.form import form
    >>> shown(form().row("/defendants/0/sentence/months"), (1, 15))
    '1 month 15 days'
    >>> shown(form().row("/defendants/0/recommendation/fine_min"), (1000, 2000))
    '¥1,000–¥2,000'
    """
    first = values[0]
    if row.kind == "term":
        return _length(*values)
    if row.kind == "term_range":
        return _between(_length(*values[:2]), _length(*values[2:]))
    if row.kind == "months_range":
        return _between(_length(values[0]), _length(values[1]))
    if row.kind == "yuan_range":
        return _between(_money(values[0]), _money(values[1]))
    if row.kind == "yuan":
        return _money(first)
    if row.kind in ("months", "months_or_life") and first is not None:
        return "life 终身" if first == "life" else _length(first)
    return "" if first is None else str(first)


def _choice(row: Row, said: str) -> str | None:
    if not said and row.optional:
        return None
    for option in row.options:
        if said in (option.value, option.english, option.chinese):
            return option.value
    raise TypedError(f"{said!r} is no value of {row.english}; there are: {', '.join(o.value for o in row.options)}")


def _date(said: str) -> str:
    try:
        return quantities.date(said) or datetime.date.fromisoformat(said).isoformat()
    except ValueError:
        raise TypedError(f"{said!r} is no date; write 2019-03-22 or 2019年3月22日") from None


def _term(said: str) -> Term:
    spelled = re.sub("[a-z]+", lambda match: _LETTERS.get(match.group(), match.group()), said.lower())
    if spelled.isascii() and spelled.isdigit():
        return Term(int(spelled))
    found = quantities.term(spelled) if re.fullmatch(TERM, spelled) else None
    if found is None:
        raise TypedError(f"{said!r} is no term; write 一年六个月, 18 (months) or 1m15d")
    return found


def _months(said: str) -> int:
    months, days = _term(said)
    if days:
        raise TypedError(f"{said!r} has days; this is in whole months")
    return months


def _yuan(said: str) -> int | float:
    spelled = said.removeprefix("人民币").removeprefix("¥")
    found = quantities.yuan(spelled) if re.fullmatch(MONEY, spelled) else None
    if found is None:
        raise TypedError(f"{said!r} is no amount; write 3万元, 三千元 or 3000")
    return found


def _range(said: str, read: Any) -> tuple[Any, Any]:
    if not said:
        return None, None
    if _BELOW.search(said):
        return None, read(_BELOW.sub("", said))
    if _ABOVE.search(said):
        return read(_ABOVE.sub("", said)), None
    low, *rest = _BETWEEN.split(said)
    if not rest:
        return read(low), read(low)
    units = _UNIT.findall(rest[-1])
    if units and not _UNIT.search(low):  # 三至五年: the unit is said once
        low += units[-1] if len(units) == 1 else units[0]
    bottom, top = read(low), read(rest[-1])
    if bottom > top:
        raise TypedError(f"{said!r} ends below its beginning")
    return bottom, top


def _length(months: int | None, days: int = 0) -> str:
    if months is None:
        return ""
    parts = [(months, "month"), (days, "day")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n or (unit == "month" and not days))


def _money(amount: float | None) -> str:
    return "" if amount is None else f"¥{amount:,}"


def _between(low: str, high: str) -> str:
    if low and high:
        return low if low == high else f"{low}–{high}"
    return f"at least {low}" if low else f"at most {high}" if high else ""
