"""Words with their place in the text: jieba's precise mode with a dictionary of the law.

Legal terms are not left to probability. A charge, whatever 、 it contains (掩饰、隐瞒犯罪所得罪), and every term that
the lexicon of terms marks ``always`` (认罪认罚具结书) is found first, also across line ends and letter spacing, and is
one token; so are dates, and names if they are given. Jieba cuts the rest, with the terms marked ``word`` in its
dictionary, since the letters of these may belong to other words (there is no 罚金 in 处罚金额).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import jieba  # type: ignore[import-untyped]

from panjue.extractors.lexicon import charge, known_charge_forms, read_lexicon
from panjue.extractors.quantities import DATE
from panjue.extractors.view import View

_CHARGE_END = re.compile(r"罪(?![名行状证]|犯(?!罪))")
"""The end of a charge; in 盗窃罪名, 抢劫罪行, 贪污罪犯 the 罪 belongs to what follows."""


class Token(NamedTuple):
    """One word: ``text`` as printed, and where; offsets in code points, half-open: ``source[start:end] == text``."""

    text: str
    start: int
    end: int


def tokenize(text: str, names: Iterable[str] = ()) -> list[Token]:
    """Cut a text into words.

    No token begins or ends with white space, and only white space lies between two tokens, so that tokens and skipped
    white space in turn give the text back. A term printed with spaces or line ends inside keeps these in its ``text``.

    Args:
        text: any text; offsets count its code points.
        names: names of people and companies in it, each to be one token wherever it is printed.

    >>> [token.text for token in tokenize("柳青禾犯窝藏、包庇罪，判处有期徒刑一年", names=["柳青禾"])]
    ['柳青禾', '犯', '窝藏、包庇罪', '，', '判处', '有期徒刑', '一年']
    """
    view = View(text)
    wholes = [view.original(start, end) for start, end in _wholes(view.text, [*names])]
    tokens: list[Token] = []
    at = 0
    for start, end in [*wholes, (len(text), len(text))]:
        for word in _jieba().cut(text[at:start]):
            if not word.isspace():
                tokens.append(Token(word, at, at + len(word)))
            at += len(word)
        if end > start:
            tokens.append(Token(text[start:end], start, end))
        at = end
    return tokens


def charge_spans(text: str) -> list[tuple[int, int]]:
    """Where charges ending in 罪 stand in the text of a view, in order and apart from each other; half-open.

    >>> text = "犯盗窃、掩饰、隐瞒犯罪所得罪，数罪并罚"
    >>> [text[start:end] for start, end in charge_spans(text)]
    ['掩饰、隐瞒犯罪所得罪']
    """
    longest = _longest_charge()
    spans: list[tuple[int, int]] = []
    for match in reversed(list(_CHARGE_END.finditer(text))):
        end = match.end()
        if spans and end > spans[-1][0]:
            continue
        for start in range(max(0, end - longest), end - 1):
            if text[start] not in "、，（）" and charge(text[start:end]):
                spans.append((start, end))
                break
    return spans[::-1]


def mentions(names: Iterable[str]) -> re.Pattern[str]:
    """Where in a view any of the names is printed, and not a longer masked one: 张某 is not in 张某某, 张某甲, 张某1.

    A name that is nothing but one repeated character (××) is none.
    """
    folded = {View(name).text for name in names}
    longest_first = sorted((name for name in folded if len(set(name)) > 1), key=len, reverse=True)
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, longest_first))})(?![某甲乙丙丁戊0-9×])" if longest_first else r"(?!)"
    )


def _wholes(text: str, names: list[str]) -> Iterator[tuple[int, int]]:
    """Spans that are one token each, in order and apart: charges before all else, then names, dates and sure terms."""
    at = 0
    pattern = re.compile(f"{mentions(names).pattern}|{_sure_terms()}")
    for start, end in [*charge_spans(text), (len(text), len(text))]:
        yield from (match.span() for match in pattern.finditer(text, at, start))
        if end > start:
            yield start, end
        at = end


@cache
def _longest_charge() -> int:
    return max(map(len, known_charge_forms()))


@cache
def _sure_terms() -> str:
    terms = [row["term"] for row in read_lexicon("terms") if row["match"] == "always"]
    return "|".join([DATE, *sorted(map(re.escape, terms), key=len, reverse=True)])


@cache
def _jieba() -> jieba.Tokenizer:
    """Jieba with our terms: an instance of its own, so that neither it nor the global one changes the other.

    Its dictionary is read here and not by ``initialize``, which logs, and trusts and writes a file in the shared
    temporary folder.
    """
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for row in read_lexicon("terms"):
        tokenizer.add_word(row["term"])
    for form in known_charge_forms().keys() & tokenizer.FREQ.keys():
        tokenizer.FREQ[form] = 0  # found already where it is one: what is left is 盗窃 罪名, not 盗窃罪 名
    return tokenizer
