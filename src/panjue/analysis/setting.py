"""Where and when a case was decided: province, region, level of the court, and the law on plea leniency in force."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from panjue.extractors.lexicon import Region, court_level, read_lexicon, region
from panjue.extractors.record import Case

Regime = Literal["before_pilots", "pilot_expedited", "pilot_leniency", "outside_pilots", "statute"]
"""The law on plea leniency: none yet; a pilot city under the expedited procedure (速裁) or leniency (认罪认罚) trial;
no pilot city while others were; the Criminal Procedure Law of 2018."""

# NPCSC decision of 2014-06-27 with the measures issued on 2014-08-22; decision of 2016-09-03 with 法〔2016〕386号;
# Criminal Procedure Law as amended and in force on 2018-10-26.
_EXPEDITED_PILOT, _LENIENCY_PILOT, _STATUTE = "2014-08-22", "2016-11-11", "2018-10-26"

# the court's code in numbers from 2016 on; earlier numbers carry free abbreviations that are unsafe to read
_COURT_CODE = re.compile(r"20(?:1[6-9]|[2-9]\d)\D?\s*(最高法|[\u4e00-\u9fff]\d{0,4})(?=\D)")


class Setting(Struct, frozen=True, kw_only=True):
    """Place and legal regime of one case; None is what neither the case number nor a name tells.

    ``economic_region`` is one of the four groups of the National Bureau of Statistics (2011-06-13): east, central,
    west, northeast.
    """

    year: int | None
    province: str | None
    economic_region: str | None
    court_level: str | None
    court_jurisdiction: str | None
    pilot_city: str | None
    regime: Regime | None


def setting(case: Case) -> Setting:
    """Place and regime of ``case``.

    The court's code in the case number decides, then the court's name, then the procuratorate's; never the place of
    the crime. The date is the judgment's.

    >>> case = Case(case_number="（2019）浙0102刑初429号", court="杭州市上城区人民法院", judgment_date="2019-04-01")
    >>> here = setting(case)
    >>> here.province, here.economic_region, here.court_level, here.pilot_city, here.regime
    ('浙江省', 'east', 'basic', '杭州', 'statute')
    """
    code = _court_code(case)
    place = region(code) if code else _named(case.court) or _named(case.procuratorate)
    level = court_level(code, case.court)
    city = _pilot_city(code, case.court)
    return Setting(
        year=int(case.judgment_date[:4]) if case.judgment_date else None,
        province=place.name if place and place.gb2260 else None,
        economic_region=(place.region or None) if place else None,
        court_level=level.level if level else None,
        court_jurisdiction=level.jurisdiction if level else None,
        pilot_city=city,
        regime=_regime(case.judgment_date, city),
    )


def _court_code(case: Case) -> str | None:
    found = _COURT_CODE.search(case.case_number or "")
    return found[1] if found and region(found[1]) else None


def _named(name: str | None) -> Region | None:
    """The region whose full name a court or procuratorate bears at its beginning."""
    return next((place for place in _regions() if name and name.startswith(place.name)), None)


def _pilot_city(code: str | None, court: str | None) -> str | None:
    """The pilot city whose courts have the code or, failing a code, stand under the city's name."""
    for row in _pilot_cities():
        if code.startswith(row["code"]) if code else re.match(rf"(?:\w{{2,3}}省)?{row['name']}市", court or ""):
            return row["name"]
    return None


@cache
def _regions() -> list[Region]:
    return [place for row in read_lexicon("regions") if (place := region(row["code"]))]


@cache
def _pilot_cities() -> list[dict[str, str]]:
    return read_lexicon("pilot_cities")


def _regime(date: str | None, city: str | None) -> Regime | None:
    if date is None:
        return None
    if date >= _STATUTE:
        return "statute"
    if date < _EXPEDITED_PILOT:
        return "before_pilots"
    if city is None:
        return "outside_pilots"
    return "pilot_leniency" if date >= _LENIENCY_PILOT else "pilot_expedited"
