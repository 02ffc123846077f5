"""The report as one page: tables and pictures of :mod:`panjue.analysis.report`."""

from __future__ import annotations

from panjue.analysis.measures.definitions import BY_NAME
from panjue.analysis.measures.kinds import LEVEL
from panjue.analysis.pages import plots
from panjue.analysis.pages.rendered import rendered
from panjue.analysis.report import Grouped, Report, label


def report_page(found: Report, about: dict[str, str]) -> str:
    """The report as HTML, with its pictures inside."""
    return rendered(
        "report.html.j2",
        about=about,
        found=found,
        label=label,
        measures=BY_NAME,
        pictures={section.section.title: [_picture(one) for one in section.grouped] for section in found.sections},
        against=plots.against(
            found.pairs, "Recommendation against sentence", "recommended, middle (months) 建议", "imposed (months) 判处"
        ),
        reliability=plots.reliability(found.sureness.bands, "Values that are right, by confidence")
        if found.sureness
        else "",
        deviations=plots.histogram(
            found.deviations, "Months beyond the nearer bound; ±24 and more together", "months 月"
        ),
    )


def _picture(one: Grouped) -> str:
    words = f"{one.measure.english} {one.measure.chinese}"
    if one.measure.value:
        return plots.boxes(_boxes(one), words, one.measure.unit)
    drawn = [
        plots.Rate(name, estimate.estimate, estimate.low, estimate.high, estimate.known or 0)
        for name, estimate in zip(one.labels, one.estimates, strict=True)
    ]
    if one.column == "province":
        return plots.province_map({rate.label: rate for rate in drawn}, f"{words}, by province")
    if one.column == "judgment_year":
        return plots.trend([rate for rate in drawn if rate.label.isdigit()], f"{words}, by year of judgment")
    return plots.rates(drawn, words)


def _boxes(one: Grouped) -> list[plots.Box]:
    cells: dict[str, dict[str, float]] = {}
    sizes: dict[str, int] = {}
    for name, estimate in zip(one.labels, one.estimates, strict=True):
        if estimate.estimate is not None:
            cells.setdefault(name, {})[estimate.statistic] = estimate.estimate
            sizes[name] = estimate.known or 0
    return [
        plots.Box(**{part: cell[part] for part in LEVEL if part != "mean"}, label=name, n=sizes[name])
        for name, cell in cells.items()
    ]
