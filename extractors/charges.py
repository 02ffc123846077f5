"""Charges as printed: one phrase to the list of charges it names."""

from __future__ import annotations

import re
from functools import lru_cache

from panjue.extractors.lexicon import charge as statutory

_FORM = "（(?:边|致[^）]{1,6}|未遂|中止|预备)）"
#: a run of text up to the last 罪 that can name charges; group "charges"
_CHARACTER = rf"(?:(?!被告|原审|上诉人|指控|(?<!侵)犯(?!罪))(?:[\u4e00-\u9fff、“”X×]|{_FORM}))"
CHARGES = rf"(?P<charges>{_CHARACTER}{{1,60}}?(?<!犯)罪(?:(?:{_FORM})?(?:、|，|；|和|及|以及|与){_CHARACTER}{{1,40}}?(?<!犯)罪(?![行责犯过的之]|名(?!成立|准确)))*)"
_NOT_A_CHARGE = re.compile(
    r"数罪|新罪|本罪|前罪|漏罪|余罪|他罪|其罪|该罪|同罪|上述罪|前款罪|之罪|共同犯罪|有罪|无罪|认罪|犯罪(?!所得)|的罪|何罪|两罪|二罪|三罪|定罪|首罪|一罪|此罪|认定|理由|成立|不服"
)
_LEAD = re.compile(
    r"^(?:有|了|的|其|犯|所犯|涉嫌|又犯|还犯|同时犯|均犯|又|均|共同犯|共同|以|构成)(?=[\u4e00-\u9fff]{2})"
)


@lru_cache(maxsize=4096)
def split(phrase: str) -> tuple[str, ...]:
    """The charges named in ``phrase``, in full form ending in 罪, in their order.

    The whole is tried first, because 、 also stands inside charges; then the longest known parts.

    >>> split("盗窃、诈骗罪"), split("掩饰、隐瞒犯罪所得罪"), split("盗窃罪、窝藏、包庇罪")
    (('盗窃罪', '诈骗罪'), ('掩饰、隐瞒犯罪所得罪',), ('盗窃罪', '窝藏、包庇罪'))
    """
    return tuple(dict.fromkeys(name for chunk in _chunks(phrase) for name in _parts(chunk)))


def known(phrase: str) -> tuple[str, ...]:
    """The charges of ``phrase`` if every one is a charge in law, else none."""
    found = [_in_law(chunk) for chunk in _chunks(phrase)]
    return tuple(dict.fromkeys(name for named in found for name in named)) if all(found) else ()


def same(name: str, other: str) -> bool:
    """Whether two names are of one charge, whole or in part.

    >>> same("贩卖毒品罪", "走私、贩卖毒品罪"), same("爆炸罪", "过失爆炸罪")
    (True, False)
    """
    one, two = statutory(name), statutory(other)
    return name == other or (one is not None and two is not None and one.id == two.id)


def leading(text: str) -> tuple[tuple[str, ...], int]:
    """The charges that ``text`` begins with, whatever follows them, and how long the phrase is that names them.

    >>> leading("故意毁坏财物适用程序"), leading("盗窃罪、诈骗罪量刑建议"), leading("无异议")
    ((('故意毁坏财物罪',), 6), (('盗窃罪', '诈骗罪'), 7), ((), 0))
    """
    return next(((named, end) for end in range(len(text), 1, -1) if (named := known(text[:end]))), ((), 0))


def _chunks(phrase: str) -> list[str]:
    """What stands between one 罪 and the next, without words that lead up to it."""
    phrase = re.sub(r"[“”]", "", phrase)
    phrase = re.sub(r"（(?!边）)[^）]*）", "", phrase)
    chunks = (
        re.sub("罪罪+$", "罪", re.sub("(?<=罪)(?:并|且)(?!罚).*", "", chunk.strip("、，和及")))
        for chunk in re.split(r"(?<=罪)(?:、|，|和|及|以及|与|；)", phrase)
    )
    return [chunk if _in_law(chunk) else _LEAD.sub("", chunk) for chunk in chunks]


def _parts(chunk: str) -> list[str]:
    if not chunk or (_NOT_A_CHARGE.search(chunk) and statutory(chunk) is None):
        return []
    return _in_law(chunk) or [_ended(chunk)]


def _in_law(chunk: str) -> list[str]:
    """The charges of the law that ``chunk`` is made of, the longest first; empty if any of it is none."""
    pieces = re.split(r"[、和及]", chunk)
    found: list[str] = []
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            part = "、".join(pieces[start:end])
            if statutory(part) is not None:
                found.append(_ended(part))
                start = end
                break
        else:
            return []
    return found


def _ended(name: str) -> str:
    return name if name.endswith("罪") else name + "罪"
