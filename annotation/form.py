"""The form that people fill in, derived from the record's types: one row for each value a person decides.

A row may stand for several values of the record that are said together, as months and days. Pointers are JSON Pointers
into the record; a *template* has ``#`` where a pointer has the number of a defendant, a count or a counsel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from panjue.extractors.record import Case, Defendant
from panjue.extractors.vocabulary import Term, field_term, value_term

Kind = Literal[
    "choice", "text", "date", "term", "term_range", "months", "months_range", "months_or_life", "yuan", "yuan_range"
]

#: values said together, under the first of them
_TOGETHER: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "months": ("term", ("months", "days")),
    "min_months": ("term_range", ("min_months", "min_days", "max_months", "max_days")),
    "probation_min_months": ("months_range", ("probation_min_months", "probation_max_months")),
    "fine_min": ("yuan_range", ("fine_min", "fine_max")),
    "probation_months": ("months", ("probation_months",)),
    "political_rights_months": ("months_or_life", ("political_rights_months",)),
    "term_start": ("date", ("term_start",)),
    "term_end": ("date", ("term_end",)),
    "indictment_date": ("date", ("indictment_date",)),
    "judgment_date": ("date", ("judgment_date",)),
}
_GROUPS = {"charges_prosecuted": "charges", "charges_convicted": "charges", "counsel_at_signing": "counsel"}
_NUMBER = re.compile(r"/\d+(?=/|$)")


class Option(Struct, frozen=True):
    """One value to choose."""

    value: str
    english: str
    chinese: str


class Row(Struct, frozen=True):
    """One value a person decides; ``parts`` are the templates of all that it sets, the row's own first."""

    template: str
    field: str
    group: str
    kind: Kind
    parts: tuple[str, ...]
    english: str
    chinese: str
    options: tuple[Option, ...] = ()
    optional: bool = False
    """Whether it may be empty (null)."""
    default: Any = None
    """What an empty choice is."""


class List(Struct, frozen=True):
    """Something of which there are several: defendants, charges, counts, counsel; and what a new one looks like."""

    template: str
    group: str
    english: str
    chinese: str
    new: Any


class Form(Struct, frozen=True):
    """All rows and lists, in the order of the record; the groups of a defendant, in both languages."""

    rows: tuple[Row, ...]
    lists: tuple[List, ...]
    groups: dict[str, Term]

    def row(self, pointer: str) -> Row | None:
        """The row that ``pointer`` is one of, or None."""
        return _by_template().get(template(pointer))

    def list_of(self, owner: str) -> List | None:
        """The list that the pointer ``owner`` is, or None."""
        return next((one for one in self.lists if one.template == template(owner) + "/#"), None)


def template(pointer: str) -> str:
    """A pointer with ``#`` in place of its numbers.

    >>> template("/defendants/0/sentence/counts/12/charge")
    '/defendants/#/sentence/counts/#/charge'
    """
    return _NUMBER.sub("/#", pointer)


def parts_of(row: Row, pointer: str) -> tuple[str, ...]:
    """The pointers of all values a row sets, beside its own one.

    >>> parts_of(form().row("/defendants/1/sentence/months"), "/defendants/1/sentence/months")
    ('/defendants/1/sentence/months', '/defendants/1/sentence/days')
    """
    owner = pointer.rpartition("/")[0]
    if len(row.parts) == 1:
        return (pointer,)
    return tuple(f"{owner}/{part.rpartition('/')[2]}" for part in row.parts)


@cache
def form() -> Form:
    """The form of a record."""
    rows: list[Row] = []
    lists = [List("/defendants/#", "defendants", *field_term("defendants"), new=_new(Defendant))]
    for found in (*_walk(Case, "/case", "case"), *_walk(Defendant, "/defendants/#", "")):
        if isinstance(found, Row):
            rows.append(found)
        else:
            lists.append(found)
    named = ("charges", "defendants.plea", "defendants.recommendation", "defendants.sentence", "defendants.counsel")
    groups = {name.rpartition(".")[2]: field_term(name) for name in ("case", "defendants", *named)}
    return Form(tuple(rows), tuple(lists), groups)


@cache
def _by_template() -> dict[str, Row]:
    return {row.template: row for row in form().rows}


def _new(kind: type[Struct]) -> Any:
    required = {field.name: "？" for field in msgspec.structs.fields(kind) if field.required}
    return msgspec.to_builtins(kind(**required))


def _walk(owner: type[Struct], at: str, group: str) -> Iterator[Row | List]:
    told: set[str] = set()
    for field in msgspec.structs.fields(owner):
        if field.name in told:
            continue
        here = f"{at}/{field.name}"
        own_group = group or _GROUPS.get(field.name, "defendants")
        info = msgspec.inspect.type_info(field.type)
        if isinstance(info, msgspec.inspect.StructType):
            yield from _walk(info.cls, here, field.name)
        elif isinstance(info, msgspec.inspect.ListType):
            yield from _listed(info, here, group or _GROUPS.get(field.name, field.name))
        else:
            default = None if field.default is msgspec.NODEFAULT else field.default
            row = _row(here, own_group, field.type, default)
            told.update(part.rpartition("/")[2] for part in row.parts)
            yield row


def _listed(info: msgspec.inspect.ListType, here: str, group: str) -> Iterator[Row | List]:
    item = info.item_type
    name = here.replace("/#", "").strip("/").replace("/", ".")
    new = _new(item.cls) if isinstance(item, msgspec.inspect.StructType) else "？"
    yield List(f"{here}/#", group, *field_term(name), new=new)
    if isinstance(item, msgspec.inspect.StructType):
        yield from _walk(item.cls, f"{here}/#", group)
    else:
        yield _row(f"{here}/#", group, str, "")


def _plain(kind: Any) -> tuple[Any, ...]:
    """The types of a union, without what is said about them; values of a choice keep the order of the contract."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(plain for one in get_args(kind) for plain in _plain(one))
    return (kind,)


def _row(here: str, group: str, kind_of: Any, default: Any) -> Row:
    name = here.rpartition("/")[2]
    field = here.replace("/#", "").strip("/").replace("/", ".")
    kinds = _plain(kind_of)
    literal = next((one for one in kinds if get_origin(one) is Literal), None)
    numbers = int in kinds or float in kinds
    options: tuple[Option, ...] = ()
    kind: Kind
    if name in _TOGETHER:
        kind, parts = _TOGETHER[name]
    elif literal is not None:
        kind, parts = "choice", (name,)
        options = tuple(Option(str(value), *value_term(field, str(value))) for value in get_args(literal))
    else:
        kind, parts = ("yuan" if numbers else "text"), (name,)
    owner = here.rpartition("/")[0]
    return Row(
        template=here,
        field=field,
        group=group,
        kind=kind,
        parts=tuple(f"{owner}/{part}" for part in parts),
        english=field_term(field).english,
        chinese=field_term(field).chinese,
        options=options,
        optional=NoneType in kinds,
        default=default,
    )
