"""A view of the text in which patterns match whatever the layout, with the way back to the original.

White space goes, and what a vendor put in; widths of letters, digits and punctuation are folded one character at a
time; the text itself is never edited.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from itertools import pairwise

_SPACE = r"[\s\u200b-\u200f\u2060\ufeff\x00]"
# - 3 - and 第3页 共10页, between lines
_PAGE = r"(?:[-－—–―]{1,2} ?[0-9]{1,3} ?[-－—–―]{1,2}|第 ?[0-9一二三四五六七八九十]{1,3} ?页(?:[ ,，/／]{0,3}共 ?[0-9一二三四五六七八九十]{1,3} ?页)?)"
# a line with nothing but a number: the page's, where such numbers count up
_NUMBER_LINE = r"\n[ \t\u3000]*({})[ \t\u3000]*(?=\n|$)"
_NUMBERS = re.compile(_NUMBER_LINE.format("[0-9]{1,3}"))
# A line break is printed as 、 in some exports; it can only be one after a sentence's end, and inside a date or a term.
_BREAK = r"、(?:(?<=[。；：]、)\s*|(?<=[0-9一二三四五六七八九十]、)(?=\s*(?:[年月][0-9一二三四五六七八九十半]|日[起至止被]|个月)))"
# A vendor puts one of these into each text it lets out, anywhere, against copying; they are no part of the judgment.
_STRAY = (
    "北大法宝，版权所有", "来自北大法宝", "爱法律，有未来", "谨防骗子", "爬数据可耻", "果然是京城土著", "此人家庭地位极低",
    "都拉黑名单了，还接个P", "老婆觉得我剪头发浪费钱", "会让它误以为那是爱情", "我反正不洗碗，我可以做饭", "不能给市场做人工呼吸", "夫妻本是同林鸟", "打遮阳伞就显得很娘", "北京大学互联网法律中心",
    "三年不开张，开张吃三年", "感觉黑人都特别团结", "下跌你应该笑还是哭", "开弓没有回头箭", "中小学减的负已经加到家长身上了", "不接我们电话 也不给拒接原因",
    "我能说我还比较喜欢洗碗吗", "小词儿都挺能整", "离婚不离婚是人家自己的事", "法小宝", "北大法宝",
)  # fmt: skip
# markup that an export left in its plain text
_TAG = r"<[/!]?[A-Za-z][^<>]{0,400}>|&(?:nbsp|ensp|emsp|#160|#12288|#x[aA]0|#x3000);"
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
# letters for the figures 1 and 0 in a date: 20l5年l2月, 201O年
_LETTER = re.compile("[lI](?<=[0-9年月lI].)(?=[0-9日月年lI])|O(?<=[0-9].)(?=[0-9年])")
_FOLD = dict(zip("()[]［］〔〕﹝﹞【】:;!?．＊•‧・﹤﹥", "（）（）（）（）（）（）：；！？.*···〈〉", strict=True))
_FOLD |= {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# private-use characters stand for defendants once their names are known (groups.Roster.mask)
_FOLD |= {chr(code): "\ufffd" for code in range(0xE000, 0xF001)}
# only the few characters that change are touched: faster than str.translate over all of them
_FOLDED = re.compile("[" + re.escape("".join(_FOLD)) + "]")


class View:
    """The folded text and the map back.

    Attributes:
        raw: the text as obtained.
        text: the same without white space and with folded widths; all finders search here.
    """

    def __init__(self, raw: str) -> None:
        """Fold ``raw``; offsets of both texts count code points."""
        self.raw = raw
        kept, lost, breaks, last, gone = [], [0], [], 0, 0
        for match in _dropped(raw).finditer(raw):
            start, end = match.span()
            kept.append(raw[last:start])
            breaks.append(start - gone)
            gone += end - start
            lost.append(gone)
            last = end
        kept.append(raw[last:])
        self._lost = lost
        #: view offsets before which something was dropped
        self.breaks = breaks
        text = _FOLDED.sub(lambda match: _FOLD[match.group()], "".join(kept))
        text = _COMMA.sub("，", text) if "," in text else text
        self.text = _LETTER.sub(lambda match: "0" if match.group() == "O" else "1", text)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text for a span of the view."""
        if end <= start:
            here = start + self._lost[bisect_right(self.breaks, start)]
            return here, here
        last = end - 1
        return start + self._lost[bisect_right(self.breaks, start)], last + self._lost[
            bisect_right(self.breaks, last)
        ] + 1

    def printed(self, start: int, end: int) -> str:
        """The passage as printed, without white space."""
        inside = self.breaks[bisect_right(self.breaks, start) : bisect_left(self.breaks, end)]
        return "".join(self.raw[slice(*self.original(*piece))] for piece in pairwise([start, *inside, end]))

    @cached_property
    def lines(self) -> list[int]:
        """View offsets at which a line or paragraph may begin; between letters that are set wide none does."""
        breaks = set(self.breaks)
        return [at for at in self.breaks if at - 1 not in breaks]


def _dropped(raw: str) -> re.Pattern[str]:
    """What of ``raw`` is no part of the judgment: the rarer things are looked for only where a text has them."""
    return _dropping(markup="</" in raw or "&" in raw, stray=any(phrase in raw for phrase in _STRAY), pages=_pages(raw))


def _pages(raw: str) -> range:
    """The longest run of numbers that count up on lines of their own; a lone one is no page's."""
    counted: dict[int, int] = {0: 0}
    for number in map(int, _NUMBERS.findall(raw)):
        counted[number] = counted.get(number - 1, 0) + 1
    last = max(counted, key=counted.__getitem__)
    return range(last - counted[last] + 1, last + 1) if counted[last] > 1 else range(0)


@lru_cache(maxsize=256)
def _dropping(*, markup: bool, stray: bool, pages: range) -> re.Pattern[str]:
    parts = [_BREAK, rf"{_SPACE}+(?:{_PAGE}(?:{_SPACE}+|$))*"]
    if pages:
        parts.insert(0, rf"(?:{_SPACE}*{_NUMBER_LINE.format('|'.join(map(str, pages)))})+{_SPACE}*")
    if markup:
        parts.insert(0, _TAG)
    if stray:
        parts.insert(0, "|".join(_STRAY))
    return re.compile("|".join(parts))
