"""The lexicons: charges (罪名), case types, regions and court levels, as the CSV files in ``lexicons`` hold them.

Every row carries the day from which it holds, and its source. Nothing is read before it is asked for, each file once.

A selective charge (选择性罪名) may be named by any of its parts in any order: of 窝藏、包庇罪 also 窝藏罪, 包庇罪
and 包庇、窝藏罪. The column ``selective_pattern`` writes this as ``{A:窝藏|包庇}罪``: of the alternatives between
braces one or more, in any order, joined by 、. The letter says what varies (act, object, subject, modifier, phrase);
braces may nest.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations, product
from types import MappingProxyType
from typing import Literal, cast

Level = Literal["supreme", "high", "intermediate", "basic"]

_FOLD = str.maketrans("", "", "、，,､（）()　 \t\r\n\xa0")
_LEXICONS = (
    "charges",
    "charges_former",
    "charge_aliases",
    "case_types",
    "regions",
    "confidence",
    "record_confidence",
    "court_levels",
    "pilot_cities",
    "terms",
)


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge of the criminal law (刑法), in force or former.

    ``article`` is written ``264`` or ``114; 115(1)``: the paragraph in brackets, ``120-1`` for 第一百二十条之一.
    ``code`` is the year of the law it stands in: 1997, or 1979 for the charges that ended with that law.
    ``article_cn``, ``chapter`` and ``section`` are empty for former charges. ``in_force_from`` and ``in_force_until``
    are ISO dates, the latter the first day on which the name no longer held. ``successor`` is the id of the charge in
    force that took a former charge's place; None for charges in force and for the few that were divided up (流氓罪,
    投机倒把罪).
    """

    id: str
    name: str
    article: str
    article_cn: str
    chapter: str
    section: str
    code: str
    in_force_from: str
    in_force_until: str | None
    selective: bool
    former: bool
    successor: str | None


@dataclass(frozen=True, slots=True)
class Region:
    """The first part of a court's case-number code (法院代字): a province, 兵 (兵团), 军, 最高法.

    ``region`` is the statistical group of 2011 (east, central, west, northeast) or None; ``gb2260`` the first two
    digits of GB/T 2260 or None.
    """

    code: str
    name: str
    gb2260: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class CaseType:
    """A code of the case number (类型代字): 刑初, or 刑初字 before 2016. ``instance`` is that of the record's case."""

    code: str
    meaning: str
    instance: str
    in_scope: bool


@dataclass(frozen=True, slots=True)
class CourtLevel:
    """Level of a court, and its jurisdiction: ``general``, or a special one (military, railway, maritime, ip …)."""

    level: Level
    jurisdiction: str


def charge(name: str) -> Charge | None:
    """The charge that a document means by ``name``, or None if it is no charge of the law.

    Taken are, in this order: the exact name; a former name; a selective charge in any of its partial forms; a known
    alias. Each with or without 罪, and also where 、, white space or brackets are missing or different. So
    生产、销售假药罪 is the former charge of that name, 销售假药罪 a partial form of today's 生产、销售、提供假药罪.

    >>> charge("掩饰、隐瞒犯罪所得罪").article, charge("贩卖、运输毒品罪").name
    ('312', '走私、贩卖、运输、制造毒品罪')
    >>> charge("数罪") is None
    True
    """
    return _by_folded_name().get(_fold(name))


def charge_by_id(charge_id: str) -> Charge:
    """The charge with this ``id``.

    Raises:
        KeyError: there is no such charge.
    """
    return _by_id()[charge_id]


def charge_in_force(charge: Charge) -> Charge | None:
    """The charge itself if in force, else the one that took its place; None if that was more than one.

    >>> charge_in_force(charge("偷税罪")).name
    '逃税罪'
    """
    if not charge.former:
        return charge
    return None if charge.successor is None else _by_id()[charge.successor]


@cache
def known_charge_forms() -> Mapping[str, Charge]:
    """Every printed form of every charge, ending in 罪 and with its 、; a form of two charges as ``charge`` decides."""
    return MappingProxyType(_first_of(_printed_forms()))


def region(code: str) -> Region | None:
    """The region of a court by the first part of its case-number code (from 2016 on): 沪, 沪0112, 最高法."""
    return _regions().get(code if code in _regions() else code[:1])


def case_type(code: str) -> CaseType | None:
    """The case type of a code (刑初) or, for the free forms before 2016, of the longest code it ends with.

    >>> case_type("刑终").instance, case_type("浦刑初字").instance
    ('second', 'first')
    """
    return next((t for start in range(len(code)) if (t := _case_types().get(code[start:]))), None)


def court_level(court_code: str | None = None, court: str | None = None) -> CourtLevel | None:
    """Level of a court, by its name if that tells it, else by its case-number code (from 2016 on: 沪0112, 沪01, 沪).

    The name decides because branches of a high court (高级人民法院分院) print two digits, as intermediate courts do.

    >>> court_level("沪0112").level, court_level(court="上海市第一中级人民法院").level
    ('basic', 'intermediate')
    """
    rows = _court_levels()
    if court:
        fitting = [row for row in rows if row["kind"] == "court" and row["key"] in court]
        if fitting:
            row = max(fitting, key=lambda row: len(row["key"]))
            return CourtLevel(cast(Level, row["level"]), row["jurisdiction"])
    if not court_code:
        return None
    if court_code == "最高法":
        return CourtLevel("supreme", "general")
    digits = court_code[1:]
    by_key = {row["key"]: row for row in rows if row["kind"] != "court"}
    of_length = by_key.get(str(len(digits)))
    if of_length is None or not (digits == "" or digits.isdecimal()) or region(court_code) is None:
        return None
    block = by_key.get(digits[:2]) if len(digits) > 1 else None
    jurisdiction = "military" if court_code[0] == "军" else (block or of_length)["jurisdiction"]
    return CourtLevel(cast(Level, of_length["level"]), jurisdiction)


@cache
def lexicon_version() -> str:
    """First twelve hex digits of the SHA-256 over the lexicon files: goes into each record's ``toolkit``."""
    digest = hashlib.sha256()
    for name in _LEXICONS:
        digest.update(_file(name).encode())
    return digest.hexdigest()[:12]


def read_lexicon(name: str) -> list[dict[str, str]]:
    """The rows of one lexicon file, as the file's header names the columns."""
    return list(csv.DictReader(_file(name).splitlines()))


def expand(pattern: str) -> list[str]:
    """All forms of a selective pattern, the one with every part in the printed order first.

    >>> expand("{A:窝藏|包庇}罪")
    ['窝藏、包庇罪', '包庇、窝藏罪', '窝藏罪', '包庇罪']
    """
    forms, end = _expand_sequence(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"unbalanced braces: {pattern}")
    return forms


def _expand_sequence(pattern: str, start: int) -> tuple[list[str], int]:
    """Forms of the pattern from ``start`` to the next ``|`` or ``}`` of this depth, and where that is."""
    pieces: list[list[str]] = []
    at = start
    while at < len(pattern) and pattern[at] not in "|}":
        if pattern[at] == "{":
            group, at = _expand_group(pattern, at + 3)
            pieces.append(group)
        else:
            literal_end = next((i for i in range(at, len(pattern)) if pattern[i] in "{|}"), len(pattern))
            pieces.append([pattern[at:literal_end]])
            at = literal_end
    return ["".join(parts) for parts in product(*pieces)], at


def _expand_group(pattern: str, start: int) -> tuple[list[str], int]:
    """Forms of the alternatives from ``start`` (behind ``{A:``), and where the text goes on behind ``}``."""
    alternatives: list[list[str]] = []
    at = start
    while True:
        forms, at = _expand_sequence(pattern, at)
        alternatives.append(forms)
        if at >= len(pattern):
            raise ValueError(f"unbalanced braces: {pattern}")
        at += 1
        if pattern[at - 1] == "}":
            break
    chosen = (p for n in range(len(alternatives), 0, -1) for p in permutations(alternatives, n))
    return ["、".join(parts) for choice in chosen for parts in product(*choice)], at


def _file(name: str) -> str:
    return (files("panjue.extractors") / "lexicons" / f"{name}.csv").read_text(encoding="utf-8")


def _fold(name: str) -> str:
    return name.translate(_FOLD).removesuffix("罪")


def _printed_forms() -> Iterator[tuple[str, Charge]]:
    """Printed forms with their charge, the preferred first: a form may come twice."""
    in_force = [(_by_id()[row["id"]], row) for row in read_lexicon("charges")]
    former = [(_by_id()[row["id"]], row) for row in read_lexicon("charges_former")]
    yield from ((charge.name, charge) for charge, _ in in_force + former)
    for charge_, row in in_force + former:
        if row["selective_pattern"]:
            yield from ((form, charge_) for form in expand(row["selective_pattern"]))
    by_name = {charge.name: charge for charge, _ in in_force}
    for alias in read_lexicon("charge_aliases"):
        yield from ((form, by_name[alias["charge"]]) for form in expand(alias["pattern"]))


@cache
def _by_folded_name() -> dict[str, Charge]:
    return _first_of((_fold(form), charge) for form, charge in known_charge_forms().items())


def _first_of(pairs: Iterable[tuple[str, Charge]]) -> dict[str, Charge]:
    """A dict in which the first of equal keys wins."""
    found: dict[str, Charge] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


@cache
def _by_id() -> dict[str, Charge]:
    in_force = [_charge(row) for row in read_lexicon("charges")]
    id_of = {charge.name: charge.id for charge in in_force}
    rows = read_lexicon("charges_former")
    next_name = {row["name"]: row["successor"] for row in rows}
    former = []
    for row in rows:
        successor = row["successor"]
        while successor in next_name:
            successor = next_name[successor]
        former.append(_charge(row, id_of[successor] if successor else None))
    return {charge.id: charge for charge in in_force + former}


def _charge(row: dict[str, str], successor: str | None = None) -> Charge:
    """A row of the lexicon of charges; only rows of former charges say when they ended."""
    ended = row.get("in_force_until")
    return Charge(
        id=row["id"],
        name=row["name"],
        article=row["article"],
        article_cn=row.get("article_cn", ""),
        chapter=row.get("chapter", ""),
        section=row.get("section", ""),
        code=row.get("code", "1997"),
        in_force_from=row["in_force_from"],
        in_force_until=ended,
        selective=bool(row["selective_pattern"]),
        former=ended is not None,
        successor=successor,
    )


@cache
def _regions() -> dict[str, Region]:
    rows = read_lexicon("regions")
    return {r["code"]: Region(r["code"], r["name"], r["gb2260"] or None, r["region"] or None) for r in rows}


@cache
def _case_types() -> dict[str, CaseType]:
    rows = read_lexicon("case_types")
    return {r["code"]: CaseType(r["code"], r["meaning"], r["instance"], r["in_scope"] == "yes") for r in rows}


@cache
def _court_levels() -> tuple[dict[str, str], ...]:
    return tuple(read_lexicon("court_levels"))
