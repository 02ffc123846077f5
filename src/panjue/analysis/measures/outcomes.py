"""Measures of what came of it: deviation from the recommendation, sentences, procedure and time, second instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from panjue.analysis.measures.kinds import DISPERSION, LEVEL, Measure
from panjue.analysis.measures.populations import (
    BASE,
    COMPARED,
    FIRST,
    PEOPLE,
    PUNISHED,
    SECOND,
    SELECTED,
    SENTENCED,
    TIMED,
    TWO_SIDED,
    a_rate,
    a_spread,
)


def deviation() -> Iterator[Measure]:
    """The sentence against the recommendation, in months and in kind."""
    same = (f"{COMPARED[0]} AND deviation_months IS NOT NULL", "same kind of penalty with a term")
    yield a_spread(
        "deviation",
        "A6.1",
        ("Deviation from the recommendation", "判决偏离建议"),
        same,
        "deviation_months",
        unit="months",
    )
    yield a_spread("deviation_relative", "A6.3", ("Relative deviation", "相对偏离"), same, "deviation_relative")
    ranged = (TWO_SIDED, "ranges with both ends and a sentence of the same kind")
    place = "(months - rec_min_months) / rec_width_months"
    inside = (f"{TWO_SIDED} AND adoption_penalty = 'within'", "sentences within a range")
    yield a_spread(
        "range_position", "A6.2", ("Place in the range, 0 lowest to 1 highest", "在幅度中的位置"), inside, place
    )
    yield a_rate("range_bottom", "A6.2b", ("At the range's lower end", "判在下限"), ranged, "months = rec_min_months")
    yield a_rate("range_top", "A6.2c", ("At the range's upper end", "判在上限"), ranged, "months = rec_max_months")
    for value, formula, english, chinese in (
        ("below", "A6.4", "Sentence below", "判决低于建议"),
        ("above", "A6.4", "Sentence above", "判决高于建议"),
        ("type_lighter", "A6.5", "Lighter kind of penalty", "刑种更轻"),
        ("type_heavier", "A6.5", "Heavier kind of penalty", "刑种更重"),
    ):
        yield a_rate(f"sentence_{value}", formula, (english, chinese), COMPARED, f"adoption_penalty = '{value}'")
    granted = "probation_months IS NOT NULL"
    firm = (
        f"{COMPARED[0]} AND penalty IN ('detention', 'imprisonment')",
        "compared, and the sentence may be suspended",
    )
    yield a_rate("probation_added", "A6.6", ("Probation granted without recommendation", "未建议而适用缓刑"), (f"{firm[0]} AND rec_probation = 'none'", "no probation recommended"), granted)  # fmt: skip
    yield a_rate("probation_refused", "A6.6b", ("Recommended probation refused", "建议缓刑未适用"), (f"{firm[0]} AND rec_probation = 'recommended'", "probation recommended"), f"NOT ({granted})")  # fmt: skip


def sentences() -> Iterator[Measure]:
    """What was imposed."""
    both: dict[str, Any] = {"statistics": LEVEL + DISPERSION, "unit": "months"}
    prison = (f"{TIMED[0]} AND penalty = 'imprisonment'", "people sentenced to fixed-term imprisonment")
    held = (f"{TIMED[0]} AND penalty = 'detention'", "people sentenced to detention")
    yield a_spread("months_imprisonment", "A7.1", ("Term of imprisonment", "有期徒刑刑期"), prison, "months", **both)
    yield a_spread("months_detention", "A7.1", ("Term of detention", "拘役刑期"), held, "months", **both)
    yield a_spread(
        "log_months", "A7.4", ("Logarithm of the term", "刑期对数"), TIMED, "ln(months)", statistics=("mean",),
        caveat="Compare applied with plea_only within charge and severity; not the discount given.",
    )  # fmt: skip
    yield a_spread(
        "within_case", "A7.5", ("Longest by shortest term of one charge in a case", "同案同罪最长与最短刑期之比"), (FIRST, "cases with two or more terms for one main charge"),
        "term_ratio", rows="cases",
    )  # fmt: skip
    yield a_rate(
        "imprisonment_immediate",
        "A7.1b",
        ("Imprisonment not suspended", "实刑（有期徒刑）"),
        PUNISHED,
        "penalty = 'imprisonment' AND probation_months IS NULL",
    )
    yield a_rate("fine_only", "A7.1c", ("Fine only", "单处罚金"), PUNISHED, "penalty = 'none' AND fine IS NOT NULL")
    yield a_rate(
        "probation", "A8.1", ("Probation granted", "适用缓刑"),
        (f"{PUNISHED[0]} AND (penalty = 'detention' OR penalty = 'imprisonment' AND months <= 36)", "people whose penalty may be suspended (刑法第七十二条)"),
        "probation_months IS NOT NULL",
    )  # fmt: skip
    yield a_spread(
        "probation_ratio", "A8.2", ("Probation by term", "缓刑考验期与刑期之比"), (f"{TIMED[0]} AND probation_months IS NOT NULL", "people on probation"),
        "probation_months / nullif(months, 0)",
    )  # fmt: skip
    punished = (f"{FIRST} AND disposition = 'punished'", "punished, first instance")
    fined = (f"{punished[0]} AND fine > 0", "fined, first instance")
    yield a_rate("fined", "A8.3", ("Fined", "判处罚金"), punished, "coalesce(fine > 0, false)")
    yield a_spread("fine", "A8.3b", ("Fine", "罚金数额"), fined, "fine", unit="yuan")
    yield a_spread(
        "fine_by_month",
        "A8.3c",
        ("Fine by month of the term", "每月刑期罚金"),
        (f"{fined[0]} AND months > 0", "fined and punished by a term"),
        "fine / months",
        unit="yuan",
    )
    yield a_rate("exempt", "A8.5", ("Exempted from punishment", "免予刑事处罚"), PEOPLE, "disposition = 'exempt'")
    yield a_rate("acquitted", "A8.5b", ("Acquitted", "宣告无罪"), PEOPLE, "disposition = 'acquitted'")
    yield a_rate("minor", "A9.1", ("At most three years", "三年以下刑罚"), SENTENCED, "severity = 'minor'")
    yield a_rate(
        "below_three_years",
        "A9.1 SPP",
        ("Less than three years", "不满三年刑罚"),
        SENTENCED,
        "below_three_years",
        caveat="Exactly three years is counted on the other side.",
    )
    yield a_rate("heavy", "A9.1b", ("Ten years or more", "十年以上刑罚"), SENTENCED, "severity = 'heavy'")


def course() -> Iterator[Measure]:
    """Procedure, time, second instance, and what the documents hold."""
    for value, english, chinese in (
        ("expedited", "Expedited procedure", "速裁程序"),
        ("summary", "Summary procedure", "简易程序"),
        ("ordinary", "Ordinary procedure", "普通程序"),
    ):
        yield a_rate(
            f"procedure_{value}",
            "A10.1",
            (english, chinese),
            BASE,
            f"procedure = '{value}'",
            known="procedure <> 'unknown'",
        )
    dated = (f"{FIRST} AND days_to_judgment BETWEEN 0 AND 1095", "both dates stated, at most three years apart")
    yield a_spread(
        "days",
        "A10.3",
        ("Days from indictment to judgment", "起诉至判决天数"),
        dated,
        "days_to_judgment",
        unit="days",
        rows="cases",
    )
    reviewed = (f"{SECOND[0]} AND disposition <> 'none'", "second instance, disposed of")
    for value, english, chinese in (
        ("appeal_dismissed", "Appeal dismissed", "驳回上诉"),
        ("remanded", "Remanded", "发回重审"),
        ("punished", "Sentence pronounced anew", "二审改判"),
    ):
        yield a_rate(
            f"second_{value}",
            "A11.2",
            (english, chinese),
            reviewed,
            f"disposition = '{value}'",
            caveat="Appeals among all cases cannot be counted from judgments alone.",
        )
    yield a_rate(
        "partial_text",
        "A12",
        ("Text breaks off", "文本不完整"),
        ("record_status <> 'out_of_scope'", "all judgments"),
        "record_status = 'partial'",
        rows="cases",
    )
    yield a_rate(
        "dated",
        "A12b",
        ("Indictment and judgment dated", "载明起诉与裁判日期"),
        (FIRST, BASE[1]),
        "indictment_date IS NOT NULL AND judgment_date IS NOT NULL",
        rows="cases",
        caveat=SELECTED,
    )
