"""The pictures of the report as SVG: drawn by matplotlib, text kept as text, no colour without a second sign.

The map of provinces is a grid in which each province-level unit is one square near its place: every unit is as visible as
every other, and no boundary is drawn.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from panjue.eval.calibration import Bin

INK, QUIET, BLUE, RED = "#1c1b19", "#8a867e", "#1a5fb4", "#b3261e"
_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "DejaVu Sans")
"""Fonts to measure with, where they are installed; the page sets the text in its own."""

#: column and row of each province-level unit (GB/T 2260), by its name without what kind of unit it is
GRID = {
    "黑龙江": (9, 0), "内蒙古": (6, 1), "吉林": (9, 1), "新疆": (1, 2), "北京": (7, 2), "天津": (8, 2), "辽宁": (9, 2),
    "青海": (2, 3), "甘肃": (3, 3), "宁夏": (4, 3), "陕西": (5, 3), "山西": (6, 3), "河北": (7, 3), "山东": (8, 3),
    "西藏": (2, 4), "四川": (4, 4), "重庆": (5, 4), "河南": (6, 4), "安徽": (7, 4), "江苏": (8, 4), "上海": (9, 4),
    "云南": (4, 5), "贵州": (5, 5), "湖北": (6, 5), "江西": (7, 5), "浙江": (8, 5), "广西": (5, 6), "湖南": (6, 6),
    "福建": (7, 6), "台湾": (9, 6), "海南": (5, 8), "广东": (6, 7), "香港": (7, 7), "澳门": (6, 8),
}  # fmt: skip
_KIND = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$")


class Box(NamedTuple):
    """The distribution of one group: percentiles of a value."""

    p10: float
    p25: float
    median: float
    p75: float
    p90: float
    label: str
    n: int


class Rate(NamedTuple):
    """One rate to draw; shares from 0 to 1, None where it is suppressed or undefined."""

    label: str
    rate: float | None
    low: float | None
    high: float | None
    n: int


def short(province: str) -> str:
    """The name of a province-level unit without its kind.

    >>> short("广西壮族自治区"), short("浙江省"), short("北京市"), short("内蒙古自治区")
    ('广西', '浙江', '北京', '内蒙古')
    """
    return _KIND.sub("", province)


def rates(found: Sequence[Rate], title: str) -> str:
    """Points with their 95 % intervals, one line each, with n at the right."""
    with _figure(8.2, 0.7 + 0.32 * max(len(found), 1), title) as (axes, made):
        for place, one in enumerate(reversed(found)):
            if one.rate is None or one.low is None or one.high is None:
                axes.text(50, place, "suppressed 未公布", ha="center", va="center", color=QUIET, fontsize=9)
            else:
                axes.plot([100 * one.low, 100 * one.high], [place, place], color=BLUE, linewidth=2)
                axes.plot(100 * one.rate, place, "o", color=BLUE, markersize=6)
            axes.text(103, place, f"n = {one.n:,}", va="center", color=QUIET, fontsize=9)
        axes.set_yticks(range(len(found)), [one.label for one in reversed(found)])
        axes.set_xlim(0, 100)
        axes.set_ylim(-0.6, len(found) - 0.4)
        axes.set_xlabel("%")
        axes.grid(axis="x", color="#e6e2da")
    return made[0]


def boxes(found: Sequence[Box], title: str, across: str) -> str:
    """Median, middle half and middle four fifths of each group, one line each, with n at the right."""
    with _figure(8.2, 0.9 + 0.32 * max(len(found), 1), title) as (axes, made):
        for place, one in enumerate(reversed(found)):
            axes.plot([one.p10, one.p90], [place, place], color=BLUE, linewidth=1)
            axes.plot([one.p25, one.p75], [place, place], color=BLUE, linewidth=7, alpha=0.35, solid_capstyle="butt")
            axes.plot(one.median, place, "o", color=BLUE, markersize=6)
            axes.annotate(f"n = {one.n:,}", (1.01, place), xycoords=("axes fraction", "data"), va="center", color=QUIET, fontsize=9)  # fmt: skip
        axes.set_yticks(range(len(found)), [one.label for one in reversed(found)])
        axes.set_xlim(left=0)
        axes.set_ylim(-0.6, len(found) - 0.4)
        axes.set_xlabel(across)
        axes.grid(axis="x", color="#e6e2da")
    return made[0]


def province_map(values: Mapping[str, Rate], title: str) -> str:
    """One square a province, shaded by its rate and labelled with it; a dash where it is suppressed or there is none."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    known = {short(name): one for name, one in values.items()}
    shares = [one.rate for one in known.values() if one.rate is not None]
    low, high = min(shares, default=0.0), max(shares, default=1.0)
    shades = colormaps["Blues"]
    with _figure(8.2, 6.6, title) as (axes, made):
        for name, (column, row) in GRID.items():
            one = known.get(name)
            share = one.rate if one else None
            level = 0.0 if share is None else 0.15 + 0.7 * ((share - low) / (high - low) if high > low else 0.5)
            colour = "#f0eee9" if share is None else shades(level)
            axes.add_patch(Rectangle((column, -row), 0.94, 0.94, facecolor=colour, edgecolor="#ffffff"))
            ink = "#ffffff" if level > 0.6 else INK
            axes.text(column + 0.47, -row + 0.6, name, ha="center", va="center", fontsize=10, color=ink)
            said = "–" if share is None else f"{100 * share:.0f} %"
            axes.text(column + 0.47, -row + 0.25, said, ha="center", va="center", fontsize=9, color=ink)
        axes.set_xlim(0.8, 10.2)
        axes.set_ylim(-8.2, 1.1)
        axes.set_aspect("equal")
        axes.axis("off")
    return made[0]


def trend(found: Sequence[Rate], title: str) -> str:
    """A rate by year with its interval and n; nothing is drawn across a year that is suppressed."""
    drawn = [one for one in found if one.rate is not None and one.low is not None and one.high is not None]
    with _figure(8.2, 3.4, title) as (axes, made):
        years = [int(one.label) for one in drawn]
        for run in _runs(drawn):
            at = [int(one.label) for one in run]
            axes.fill_between(at, [100 * (o.low or 0) for o in run], [100 * (o.high or 0) for o in run], color=BLUE, alpha=0.15)  # fmt: skip
            axes.plot(at, [100 * (one.rate or 0) for one in run], "o-", color=BLUE)
        for one in drawn:
            low, rate, high = (100 * (share or 0) for share in (one.low, one.rate, one.high))
            axes.plot([int(one.label)] * 2, [low, high], color=BLUE, linewidth=1)
            axes.annotate(f"{one.n:,}", (int(one.label), rate), textcoords="offset points", xytext=(9, 6), fontsize=8, color=QUIET)  # fmt: skip
        axes.set_xticks(years)
        axes.set_ylim(0, 105)
        axes.set_ylabel("%")
        axes.grid(color="#e6e2da")
    return made[0]


def against(pairs: Sequence[tuple[float, float, int]], title: str, across: str, up: str) -> str:
    """Recommendation against sentence: a circle for each pair of values, its area the number of defendants."""
    with _figure(6.4, 5.6, title) as (axes, made):
        top = max((max(one, other) for one, other, _ in pairs), default=1.0)
        axes.plot([0, top], [0, top], color=RED, linewidth=1, linestyle="--")
        sizes = [8 * count for _, _, count in pairs]
        axes.scatter([p[0] for p in pairs], [p[1] for p in pairs], s=sizes, color=BLUE, alpha=0.35, edgecolors="none")
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.grid(color="#e6e2da")
    return made[0]


def reliability(found: Sequence[Bin], title: str) -> str:
    """The share that is right of the values of each band of confidence, with its interval and n; it should be on the line."""
    with _figure(6.4, 5.6, title) as (axes, made):
        axes.plot([0, 100], [0, 100], color=RED, linewidth=1, linestyle="--")
        for one in found:
            low, high = one.interval
            axes.plot([100 * one.mean] * 2, [100 * low, 100 * high], color=BLUE, linewidth=2)
            axes.plot(100 * one.mean, 100 * one.share, "o", color=BLUE, markersize=6)
        left = min((one.mean for one in found), default=0.0)
        lowest = min((min(one.interval[0], one.mean) for one in found), default=0.0)
        axes.set_xlim(100 * left - 3, 101)
        axes.set_ylim(100 * lowest - 3, 101)
        axes.set_xlabel("mean confidence (%) 平均置信度")
        axes.set_ylabel("right (%) 正确率")
        axes.grid(color="#e6e2da")
    return made[0]


def histogram(values: Sequence[tuple[float, int]], title: str, across: str) -> str:
    """Counts by value, a bar each."""
    with _figure(8.2, 3.2, title) as (axes, made):
        axes.bar([value for value, _ in values], [count for _, count in values], color=BLUE, width=0.8)
        axes.set_xlabel(across)
        axes.set_ylabel("n")
        axes.grid(axis="y", color="#e6e2da")
    return made[0]


def _runs(found: Sequence[Rate]) -> list[list[Rate]]:
    """Years that follow each other: nothing is drawn across one that is left out."""
    runs: list[list[Rate]] = []
    for one in found:
        if runs and int(runs[-1][-1].label) + 1 == int(one.label):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


@contextmanager
def _figure(width: float, height: float, title: str) -> Iterator[tuple[Any, list[str]]]:
    """Axes to draw on, and after the block the SVG; the same drawing gives the same text."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.font_manager import fontManager

    made: list[str] = []
    installed = set(fontManager.get_font_names())
    fonts = [font for font in _FONTS if font in installed]
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "panjue", "font.family": fonts, "axes.edgecolor": QUIET}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # measured with another; the page has the font
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title, loc="left", fontsize=11, color=INK)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        yield axes, made
        content = io.StringIO()
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None, "Title": title})
    whole = content.getvalue()
    made.append(whole[whole.index("<svg") :])
