"""What is compared: one line for each field, with its legal term and where it stands in the record.

Records are taken as plain JSON objects, not as :class:`panjue.extractors.record.Record`, so that records of other
software, of other versions and with keys missing can be scored too. A value is reduced to a hashable one: names
without white space and width, terms as (months, days), lists without their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from msgspec import Struct

Json = Mapping[str, Any]

MISSING = "<missing>"
"""The value of a defendant whom the other side does not have."""
MALFORMED = "<malformed>"
"""The value where the record's shape is not the contract's."""

_EMPTY = frozenset({None, "none", "not_stated", "not_mentioned", "silent", "unknown", False, (), "null"})
_BRACKETS = str.maketrans("[〔【]〕】", "((()))")
_SPACE = re.compile(r"\s")


class Field(Struct, frozen=True):
    """One compared field.

    ``pointers`` are relative to the defendant (``sentence/months``), for fields of the case to the record.
    """

    name: str
    group: str
    label: str
    """The legal term, in Chinese."""
    pointers: tuple[str, ...]
    read: Callable[[Json], Hashable]

    def value(self, owner: Json) -> Hashable:
        """The comparable value in ``owner`` (a defendant, or the case); ``MALFORMED`` where it cannot be read."""
        try:
            value = self.read(owner)
            hash(value)
        except (KeyError, TypeError, AttributeError):
            return MALFORMED
        return value


def is_empty(value: Hashable) -> bool:
    """Whether the value says nothing (nothing stated, no such penalty, zero)."""
    return value in _EMPTY or (isinstance(value, tuple) and all(part in _EMPTY for part in value))


def flat(value: Any) -> Any:
    """A string without white space, width of digits and shape of brackets; anything else as it is.

    >>> flat("〔2019〕沪 0112 刑初４号")
    '(2019)沪0112刑初4号'
    """
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFKC", _SPACE.sub("", value)).translate(_BRACKETS)


def _number(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else round(float(value), 2)


def _term(part: Json, months: str = "months", days: str = "days") -> Hashable:
    return None if part.get(months) is None else (_number(part[months]), _number(part.get(days) or 0))


def _recommended_term(part: Json) -> Hashable:
    low, high = _term(part, "min_months", "min_days"), _term(part, "max_months", "max_days")
    return None if low is None and high is None else (low, high)


def _qualified(part: Json, key: str, low: str, high: str) -> Hashable:
    """A kind together with its bounds, which mean nothing where the kind is none."""
    kind: Hashable = part.get(key)
    return kind if kind in (None, "none") else (kind, _number(part.get(low)), _number(part.get(high)))


def _dates(part: Json) -> Hashable:
    start, end = part.get("term_start"), part.get("term_end")
    return (start, end) if start or end else None


def _counts(part: Json) -> Hashable:
    counts = (
        (flat(count.get("charge")), count.get("penalty") or "none", _term(count), _number(count.get("fine")))
        for count in part.get("counts") or ()
    )
    return tuple(sorted(counts, key=repr))  # repr, for None and numbers do not compare


def _charges(defendant: Json, key: str) -> Hashable:
    return tuple(sorted(flat(charge) for charge in defendant.get(key) or ()))


def _counsel(defendant: Json) -> Hashable:
    counsel = defendant.get("counsel") or ()
    return tuple(sorted((flat(lawyer.get("name")) or "", lawyer.get("kind") or "") for lawyer in counsel))


def _case(key: str, label: str) -> Field:
    return Field(f"case.{key}", "case", label, (f"case/{key}",), lambda case: flat(case.get(key)))


def _plain(group: str, key: str, label: str) -> Field:
    return _part(group, key, label, (key,), lambda part: part.get(key))


def _part(group: str, key: str, label: str, keys: tuple[str, ...], read: Callable[[Json], Hashable]) -> Field:
    """A field read from one part of the defendant: his plea, recommendation or sentence."""
    pointers = tuple(f"{group}/{k}" for k in keys)
    return Field(f"{group}.{key}", group, label, pointers, lambda defendant: read(defendant[group]))


CASE_FIELDS = (
    _case("case_number", "案号"),
    _case("court", "审理法院"),
    _case("procuratorate", "公诉机关"),
    _case("document_type", "文书种类"),
    _case("instance", "审级"),
    _case("prosecution", "起诉方式"),
    _case("procedure", "审理程序"),
    _case("indictment_date", "起诉日期"),
    _case("judgment_date", "裁判日期"),
)

DEFENDANT_FIELDS = (
    Field(
        "charges_prosecuted",
        "charges",
        "指控罪名",
        ("charges_prosecuted",),
        lambda defendant: _charges(defendant, "charges_prosecuted"),
    ),
    Field(
        "charges_convicted",
        "charges",
        "认定罪名",
        ("charges_convicted",),
        lambda defendant: _charges(defendant, "charges_convicted"),
    ),
    _plain("plea", "status", "认罪认罚"),
    _plain("plea", "stage", "认罪认罚阶段"),
    _plain("plea", "recognizance", "具结书"),
    _plain("recommendation", "content", "量刑建议"),
    _plain("recommendation", "form", "建议形式"),
    _plain("recommendation", "penalty", "建议刑种"),
    _part(
        "recommendation",
        "term",
        "建议刑期",
        ("min_months", "min_days", "max_months", "max_days"),
        _recommended_term,
    ),
    _part(
        "recommendation",
        "probation",
        "建议缓刑",
        ("probation", "probation_min_months", "probation_max_months"),
        lambda part: _qualified(part, "probation", "probation_min_months", "probation_max_months"),
    ),
    _part(
        "recommendation",
        "fine",
        "建议罚金",
        ("fine", "fine_min", "fine_max"),
        lambda part: _qualified(part, "fine", "fine_min", "fine_max"),
    ),
    _plain("recommendation", "court_response", "采纳情况"),
    _plain("sentence", "disposition", "裁判结果"),
    _plain("sentence", "penalty", "主刑刑种"),
    _part("sentence", "term", "刑期", ("months", "days"), _term),
    _part(
        "sentence",
        "probation_months",
        "缓刑考验期",
        ("probation_months",),
        lambda part: _number(part.get("probation_months")),
    ),
    _part("sentence", "fine", "罚金", ("fine",), lambda part: _number(part.get("fine"))),
    _part("sentence", "confiscation", "没收财产", ("confiscation",), lambda part: part.get("confiscation") or "none"),
    _part(
        "sentence",
        "political_rights_months",
        "剥夺政治权利",
        ("political_rights_months",),
        lambda part: _number(part.get("political_rights_months")),
    ),
    _part("sentence", "term_dates", "刑期起止", ("term_start", "term_end"), _dates),
    _part("sentence", "counts", "各罪刑罚", ("counts",), _counts),
    Field("counsel", "counsel", "辩护人", ("counsel",), _counsel),
    Field(
        "counsel_at_signing",
        "counsel",
        "具结时在场律师",
        ("counsel_at_signing",),
        lambda defendant: defendant.get("counsel_at_signing"),
    ),
)

FIELDS = {field.name: field for field in (*CASE_FIELDS, *DEFENDANT_FIELDS)}
