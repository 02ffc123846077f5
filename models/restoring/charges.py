"""Charges misread or cut short: the law has a closed list of them, and 贩索毒品罪 is like one of them only."""

from __future__ import annotations

import re
from functools import cache

from panjue.extractors.lexicon import charge, known_charge_forms
from panjue.models.restoring.changes import Change, one_change

_NAMED = re.compile(r"(?:犯|以|构成|涉嫌)(?P<charges>(?:(?!犯|被告|以|构成)[\u4e00-\u9fff、（）]){1,30}罪)")
_PART = re.compile(r"[^、罪]{1,20}罪?")
_SURE = 0.9
"""How probable we take it to be that what is one character from one charge, and from no other, is that charge."""


def misread_charges(text: str) -> list[Change]:
    """In the text of a view the characters that make a charge of the law of what is none.

    >>> misread_charges("被告人柳青禾犯盗窈罪、贩卖毒品罪")
    [Change(place=8, printed='窈', restored='窃', probability=0.9)]
    >>> misread_charges("被告人柳青禾犯盗罪")
    [Change(place=8, printed='', restored='窃', probability=0.9)]
    """
    found: dict[int, Change] = {}
    for match in _NAMED.finditer(text):
        if charge(match["charges"]) is not None:
            continue
        for part in _PART.finditer(text, *match.span("charges")):
            name = part.group().removesuffix("罪") + "罪"
            if charge(name) is None and (change := _nearest(name)):
                place = part.start() + change.place
                found.setdefault(place, change._replace(place=place))
    return sorted(found.values())


@cache
def _nearest(name: str) -> Change | None:
    """The one change that makes a charge of ``name``, if there is but one."""
    found = {change for form in known_charge_forms() if (change := one_change(name, form, _SURE))}
    return found.pop() if len(found) == 1 else None
