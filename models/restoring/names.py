"""Names misread once: the same name is printed many times in a judgment, and the times agree.

No model knows a rare name from a misread one; the text does. Where 被告人柳青禾 stands again and again, the 柳青米 that
is printed once is he, if 米 looks like 禾; and a 柳青山 whom the header names and nobody else ever does is he in any case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from panjue.models.restoring.changes import Change, one_change
from panjue.models.restoring.noise import alike

_CUE = r"(?:被告人|上诉人|罪犯|辩护人)(?:（[^（）]{1,12}）)?"
_NAME = re.compile(
    rf"{_CUE}(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?=[，。、；：（犯的在于系经及与对到辩称供自又因当已将未无违以曾被非其归])"
    r"|被告单位(?P<firm>[\u4e00-\u9fff（）]{5,30}?)(?=[，。、；：犯的])"
)
_OFTEN, _AGAIN = 3, 5
"""How often a name must be printed for another to be its misreading; the second if the characters do not look alike."""
_LONG = 5
_MASKED = frozenset("某甲乙丙丁戊一二三四五六七八九十")
"""Characters that tell people with masked names apart."""
_SURE = 0.9
"""How probable we take it to be that a name printed once is the one like it that is printed again and again."""


def misread_names(text: str) -> list[Change]:
    """Of names in the text of a view the characters that they have everywhere else, and those that were lost.

    A name of two characters is put right only where it says that a name follows. A name is misread in one character, and
    never is one printed twice.

    >>> text = "被告人柳青禾，被告人柳青禾，因柳青禾。被告人柳青米犯盗窃罪"
    >>> misread_names(text)
    [Change(place=24, printed='米', restored='禾', probability=0.9)]
    """
    places: dict[str, int] = {}
    for match in _NAME.finditer(text):
        places.setdefault(match["name"] or match["firm"], match.start(match.lastgroup or 0))
    counts = Counter({name: text.count(name) for name in places})
    found: dict[int, Change] = {}
    for name, count in counts.most_common():
        if count < _OFTEN:
            break
        for other, place in places.items():
            once = counts[other] - (count if other in name else 0) == 1
            change = one_change(other, name, _SURE) if once else None
            if change and _is_he(change, other, name, text, count):
                found.setdefault(place + change.place, change._replace(place=place + change.place))
        for change in _elsewhere(text, name):
            found.setdefault(change.place, change)
    return sorted(found.values())


def _is_he(change: Change, other: str, name: str, text: str, count: int) -> bool:
    if {change.printed, change.restored} & _MASKED:
        return False
    if not change.printed:
        return count >= _AGAIN
    # a defendant is named again after the header: one who is not is one who is, misread
    first = text.find(other) < text.find(name)
    return alike(change.printed, change.restored) or (count >= _AGAIN and (first or len(name) >= _LONG))


def _elsewhere(text: str, name: str) -> Iterator[Change]:
    """Where the name is printed with another character that looks like its own, and only once so."""
    lead = _CUE if len(name) == 2 else ""
    for place, right in enumerate(name):
        if right in _MASKED:
            continue
        variant = re.compile(f"{lead}({re.escape(name[:place])}(.){re.escape(name[place + 1 :])})")
        for match in variant.finditer(text):
            other = match[2]
            if other != right and other not in _MASKED and alike(other, right) and text.count(match[1]) == 1:
                yield Change(match.start(2), other, right, _SURE)
