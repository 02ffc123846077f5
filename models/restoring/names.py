"""Names misread once: the same name is printed many times in a judgment, and the times agree.

No model knows a rare name from a misread one; the text does. Where 被告人柳青禾 stands again and again, the 柳青未 that
is printed once is he, if 未 looks like 禾.
"""

from __future__ import annotations

import re
from collections import Counter

from panjue.models.restoring.noise import alike

_CUE = r"(?:被告人|上诉人|罪犯|辩护人)(?:（[^（）]{1,12}）)?"
_NAME = re.compile(rf"{_CUE}(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?=[，。、；：（犯的在于系经及与和对到明称自又因])")
_OFTEN = 3
"""How often a name must be printed for another to be its misreading."""
_MASKED = frozenset("某甲乙丙丁戊一二三四五六七八九十")
"""Characters that tell people with masked names apart."""


def misread_names(text: str) -> dict[int, str]:
    """By place in the text of a view the character that a name has there everywhere else.

    A name of two characters is put right only where it says that a name follows. A name is misread in one character, which
    must look like the right one, and never is one printed twice.

    >>> text = "被告人柳青禾，被告人柳青禾，因柳青禾。被告人柳青未犯盗窃罪"
    >>> misread_names(text)
    {24: '禾'}
    """
    seen = Counter(match["name"] for match in _NAME.finditer(text))
    found: dict[int, str] = {}
    for name in seen:
        if text.count(name) < _OFTEN:
            continue
        for place, right in enumerate(name):
            if right in _MASKED:
                continue
            lead = _CUE if len(name) == 2 else ""
            variant = re.compile(f"{lead}({re.escape(name[:place])}(.){re.escape(name[place + 1 :])})")
            for match in variant.finditer(text):
                other = match[2]
                if other != right and other not in _MASKED and alike(other, right) and text.count(match[1]) == 1:
                    found[match.start(2)] = right
    return found
