"""Charges as printed: one phrase to the list of charges it names."""

from __future__ import annotations

import re
from functools import lru_cache

from panjue.extractors.lexicon import charge as statutory

#: a run of text up to the last 罪 that can name charges; group "charges"
_CHARACTER = r"(?:(?!被告|原审|上诉人|(?<!侵)犯(?!罪))(?:[\u4e00-\u9fff、“”X×]|（(?:边|致[^）]{1,6}|未遂|中止|预备)）))"
CHARGES = (
    rf"(?P<charges>{_CHARACTER}{{1,60}}?罪(?:(?:、|，|和|及|以及|与){_CHARACTER}{{1,40}}?罪(?![名行责犯过的之]))*)"
)
_NOT_A_CHARGE = re.compile(
    r"数罪|新罪|本罪|前罪|漏罪|余罪|他罪|其罪|该罪|同罪|上述罪|前款罪|之罪|共同犯罪|有罪|无罪|认罪|犯罪(?!所得)|的罪|何罪|两罪|二罪|三罪|定罪|罪罪|首罪|一罪|此罪|认定|理由|成立|不服"
)
_LEAD = re.compile(r"^(?:有|了|的|其|犯|所犯|涉嫌|又犯|还犯|同时犯|均犯|又|均|共同犯|非|以|构成)(?=[\u4e00-\u9fff]{2})")


@lru_cache(maxsize=4096)
def split(phrase: str) -> tuple[str, ...]:
    """The charges named in ``phrase``, in full form ending in 罪, in their order.

    The whole is tried first, because 、 also stands inside charges; then the longest known parts.

    >>> split("盗窃、诈骗罪"), split("掩饰、隐瞒犯罪所得罪"), split("盗窃罪、窝藏、包庇罪")
    (('盗窃罪', '诈骗罪'), ('掩饰、隐瞒犯罪所得罪',), ('盗窃罪', '窝藏、包庇罪'))
    """
    phrase = re.sub(r"[“”]", "", phrase)
    phrase = re.sub(r"（(?!边）)[^）]*）", "", phrase)
    found: list[str] = []
    for chunk in re.split(r"(?<=罪)(?:、|，|和|及|以及|与|；)", phrase):
        found.extend(_parts(chunk))
    return tuple(dict.fromkeys(found))


def known(phrase: str) -> tuple[str, ...]:
    """The charges of ``phrase`` if every one is a charge in law, else none."""
    named = split(phrase)
    return named if named and all(statutory(name) for name in named) else ()


def _parts(chunk: str) -> list[str]:
    chunk = re.sub("(?<=罪)(?:并|且)(?!罚).*", "", chunk.strip("、，和及"))
    if statutory(chunk) is None:
        chunk = _LEAD.sub("", chunk)
    if not chunk or (_NOT_A_CHARGE.search(chunk) and statutory(chunk) is None):
        return []
    if statutory(chunk) is not None:
        return [chunk if chunk.endswith("罪") else chunk + "罪"]
    pieces = re.split(r"[、和及]", chunk)
    found: list[str] = []
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            part = "、".join(pieces[start:end])
            if statutory(part) is not None and (start, end) != (0, len(pieces)):
                found.append(part if part.endswith("罪") else part + "罪")
                start = end
                break
        else:
            return [chunk if chunk.endswith("罪") else chunk + "罪"]
    return found
