"""A view of the text in which patterns match whatever the layout, with the way back to the original.

White space goes, and what a vendor put in; widths of letters, digits and punctuation are folded one character at a
time; the text itself is never edited.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

# A paragraph break is printed as 、 in some exports; it can only be one after a sentence's end.
_DROP = re.compile(r"、(?<=[。；：]、)\s*|[\s\u200b-\u200f\u2060\ufeff\x00]+")
# A vendor puts one of these into each text it lets out, anywhere, against copying; they are no part of the judgment.
_STRAY = (
    "北大法宝，版权所有", "来自北大法宝", "爱法律，有未来", "谨防骗子", "爬数据可耻", "果然是京城土著", "此人家庭地位极低",
    "都拉黑名单了，还接个P", "老婆觉得我剪头发浪费钱", "会让它误以为那是爱情", "我反正不洗碗，我可以做饭", "不能给市场做人工呼吸", "夫妻本是同林鸟", "打遮阳伞就显得很娘", "北京大学互联网法律中心",
    "三年不开张，开张吃三年", "感觉黑人都特别团结", "下跌你应该笑还是哭", "开弓没有回头箭", "中小学减的负已经加到家长身上了", "不接我们电话 也不给拒接原因",
)  # fmt: skip
_DROP_STRAY = re.compile("|".join([*_STRAY, _DROP.pattern]))
# markup that an export left in its plain text
_DROP_TAGS = re.compile("|".join([*_STRAY, r"<[/!]?[A-Za-z][^<>]{0,400}>", _DROP.pattern]))
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
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
        self._drop = _DROP_TAGS if "</" in raw else _DROP_STRAY if any(phrase in raw for phrase in _STRAY) else _DROP
        for match in self._drop.finditer(raw):
            start, end = match.span()
            kept.append(raw[last:start])
            breaks.append(start - gone)
            gone += end - start
            lost.append(gone)
            last = end
        kept.append(raw[last:])
        self._lost = lost
        #: view offsets before which something was dropped: where lines or paragraphs may have ended
        self.breaks = breaks
        text = _FOLDED.sub(lambda match: _FOLD[match.group()], "".join(kept))
        self.text = _COMMA.sub("，", text) if "," in text else text

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
        first, last = self.original(start, end)
        return self._drop.sub("", self.raw[first:last])

    @cached_property
    def break_set(self) -> frozenset[int]:
        """The breaks, for membership tests."""
        return frozenset(self.breaks)
