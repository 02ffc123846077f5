"""Numbers, terms, money and dates as Chinese judgments print them, read in the folded view."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import NamedTuple

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_DIGIT |= {"〇": 0, "○": 0, "О": 0, "Ο": 0, "O": 0, "两": 2, "貳": 2, "参": 3, "廿": 20, "Ｏ": 0, "◯": 0, "0": 0}
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "仠": 1000}
_CJK = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟仠"
NUMBER = rf"(?:[0-9]+|[{_CJK}]+)"
#: the parts of a term: years, months, half, days; at least one is present
TERM = rf"(?:{NUMBER}年(?:半|[零又]?{NUMBER}个(?!半)(?=[，。；（、以至到]|$))?)?(?:[零又]?{NUMBER}(?:个半|个)?月)?(?:[零又]?{NUMBER}[日天])?"
_TERM = re.compile(
    rf"(?:(?P<y>{NUMBER})年(?P<yh>半)?)?(?:[零又]?(?P<m>{NUMBER})(?:个(?P<mh>半)?月|月|个(?=[，。；（、]|$)))?(?:[零又]?(?P<d>{NUMBER})[日天])?"
)
MONEY = rf"(?:[0-9]+万[0-9]+千|[0-9]+(?:[，,][0-9]{{3}})*(?:\.[0-9]+)?|[{_CJK}]+)[百千万余]?万?(?:元|圆)?"
_MONEY = re.compile(
    rf"(?:(?P<myriads>[0-9]+)万(?P<thousands>[0-9]+)千)|(?P<n>[0-9]+(?:[，,][0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[{_CJK}]+)(?P<u>[百千万]?万?)(?:余)?(?P<y>元|圆)?"
)
_CJK_DATE = r"[〇○零一二三四五六七八九十ОΟO0]"
DATE = rf"(?:[12][0-9]{{3}}年[0-9]{{1,2}}月[0-9]{{1,2}}日|{_CJK_DATE}{{4}}年(?:{_CJK_DATE}{{1,3}}|元)月{_CJK_DATE}{{1,3}}日?)"
_DATE = re.compile(r"(.{4})年(.{1,3})月(.{1,3}?)日?$")


class Term(NamedTuple):
    """A length of time in whole months and days."""

    months: int
    days: int = 0


def number(text: str) -> int | None:
    """The value of a numeral, Arabic or Chinese.

    >>> number("一万二千"), number("十五"), number("二十"), number("贰仟"), number("300"), number("二〇一九")
    (12000, 15, 20, 2000, 300, 2019)
    """
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(c in _UNIT or c in "万亿" for c in text):
        digits = [_DIGIT.get(c) for c in text]
        return None if None in digits else int("".join(map(str, digits)))
    high = total = section = digit = 0
    for c in text:
        if c in _DIGIT:
            digit = _DIGIT[c]
        elif c in _UNIT:
            section += (digit or (1 if _UNIT[c] == 10 and not digit else 0) or 1) * _UNIT[c]
            digit = 0
        elif c in "万亿":
            if c == "万":
                total = (total + section + digit) * 10**4
            else:
                high, total = (high + total + section + digit) * 10**8, 0
            section = digit = 0
        else:
            return None
    return high + total + section + digit


def term(text: str) -> Term | None:
    """Months and days of a printed term.

    >>> term("一年六个月"), term("二个月十五日"), term("一年半"), term("二个半月"), term("拘役")
    (Term(months=18, days=0), Term(months=2, days=15), Term(months=18, days=0), Term(months=2, days=15), None)
    """
    match = _TERM.match(text)
    if match is None or not match.group():
        return None
    years, months, days = (number(match[k]) if match[k] else 0 for k in ("y", "m", "d"))
    if years is None or months is None or days is None:
        return None
    return Term(12 * years + (6 if match["yh"] else 0) + months, days + (15 if match["mh"] else 0))


def yuan(text: str) -> int | float | None:
    """The amount at the start of ``text`` in yuan.

    >>> yuan("二千元"), yuan("2，000元"), yuan("1.5万元"), yuan("4万5千元"), yuan("贰万元"), yuan("5000.00元"), yuan("若干")
    (2000, 2000, 15000, 45000, 20000, 5000, None)
    """
    match = _MONEY.match(text)
    if match is None:
        return None
    if match["myriads"]:
        return int(match["myriads"]) * 10000 + int(match["thousands"]) * 1000
    printed = match["n"].replace("，", "").replace(",", "")
    if printed[0].isdigit():
        value = float(printed) * {"": 1, "百": 100, "千": 1000, "万": 10000, "百万": 10**6, "千万": 10**7}.get(
            match["u"], 1
        )
        value = round(value, 2)
        return int(value) if value == int(value) else value
    return number(printed)


def date(text: str) -> str | None:
    """The ISO date, or None if it is no day of the calendar.

    >>> date("2019年3月22日"), date("二〇一九年三月二十二日"), date("二0一九年元月八日"), date("2019年2月30日")
    ('2019-03-22', '2019-03-22', '2019-01-08', None)
    """
    match = _DATE.match(text)
    if match is None:
        return None
    parts = [1 if part == "元" else number(part) for part in match.groups()]
    try:
        return datetime.date(*(part or 0 for part in parts)).isoformat()
    except (ValueError, OverflowError):
        return None


def last_day(start: str, months: int, days: int = 0) -> str:
    """The last day of a term that begins on ``start``, both ISO dates: the day before the same day months later.

    >>> last_day("2019-01-02", 7), last_day("2019-08-31", 6), last_day("2019-03-01", 1, 15)
    ('2019-08-01', '2020-02-28', '2019-04-15')
    """
    first = datetime.date.fromisoformat(start)
    year, month = divmod(12 * first.year + first.month - 1 + months, 12)
    same_day = datetime.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
    return (same_day + datetime.timedelta(days=days - 1)).isoformat()
