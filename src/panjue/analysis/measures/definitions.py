"""The measures, by what they are about: the one place where a measure is added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from panjue.analysis.measures.kinds import DISPERSION, LEVEL, Measure

_FIRST = (
    "record_status <> 'out_of_scope' AND instance = 'first' AND document_type = 'judgment' AND prosecution = 'public'"
    " AND disposition <> 'none'"
)
BASE = (_FIRST, "first-instance judgments, public prosecution")
PEOPLE = (f"{_FIRST} AND kind = 'person'", "people in first-instance judgments, public prosecution")
SINCE_2018 = (f"{PEOPLE[0]} AND regime = 'statute'", "people in first-instance judgments since 2018-10-26")
APPLIED = (f"{PEOPLE[0]} AND plea_status = 'applied'", "people to whom leniency was applied, first instance")
SIGNED = (f"{APPLIED[0]} AND plea_recognizance = 'signed'", "of these, those who signed a recognizance")
SECOND = ("record_status <> 'out_of_scope' AND instance = 'second'", "second instance")
ASKED = (f"{_FIRST} AND rec_content <> 'none'", "a recommendation is mentioned, first instance")
ASKED_FOR = (f"{_FIRST} AND rec_content = 'given'", "a recommendation with content, first instance")
COMPARED = (f"{ASKED_FOR[0]} AND adoption_penalty IS NOT NULL", "recommendation and sentence can be compared")
PUNISHED = (f"{PEOPLE[0]} AND disposition = 'punished'", "people punished, first instance")
TIMED = (f"{PUNISHED[0]} AND months IS NOT NULL", "people punished by a term, first instance")
SENTENCED = (f"{PEOPLE[0]} AND severity IS NOT NULL", "people sentenced or exempted, first instance")

_SILENT = "Silence is not absence: the lower bound counts the silent as no."
_SELECTED = "Published judgments are a selection, and fewer are published since 2020."
_STAGE = "The stage is inferred from the signing for most defendants."
_AT_SIGNING = "Judgments rarely say who was present at the signing."
_SHORT = "Judgments in short form leave the recommendation and counsel out."

_RESPONDED = "court_response IN ('adopted', 'adopted_discretion', 'adopted_part', 'considered', 'not_adopted')"
_RANGES = "('range', 'range_upper', 'range_lower', 'range_cross', 'approx', 'conditional')"
_SUSPENDABLE = "(rec_penalty = 'detention' OR rec_penalty = 'imprisonment' AND rec_max_months <= 36)"
_STAGES = {
    "investigation": ("investigation", "侦查阶段"),
    "review_for_prosecution": ("review for prosecution", "审查起诉阶段"),
    "trial_first": ("first trial", "一审阶段"),
}
_TWO_SIDED = f"{TIMED[0]} AND rec_form = 'range' AND rec_width_months > 0 AND penalty = rec_penalty"


def _rate(name: str, formula: str, words: tuple[str, str], of: tuple[str, str], holds: str, **more: Any) -> Measure:
    return Measure(
        name=name,
        formula=formula,
        english=words[0],
        chinese=words[1],
        population=of[0],
        population_says=of[1],
        holds=holds,
        **more,
    )


def _spread(name: str, formula: str, words: tuple[str, str], of: tuple[str, str], value: str, **more: Any) -> Measure:
    return Measure(
        name=name,
        formula=formula,
        english=words[0],
        chinese=words[1],
        population=of[0],
        population_says=of[1],
        value=value,
        **more,
    )


def _leniency() -> Iterator[Measure]:
    said: dict[str, Any] = {"known": "plea_status <> 'not_mentioned'", "caveat": _SILENT}
    yield _rate(
        "leniency", "A1.1", ("Leniency applied", "适用认罪认罚从宽"), SINCE_2018, "plea_status = 'applied'", **said
    )
    yield _rate(
        "leniency_wide", "A1.1w", ("Leniency applied or claimed", "适用或自愿认罪认罚"), SINCE_2018,
        "plea_status IN ('applied', 'claimed_only')", **said,
    )  # fmt: skip
    cases: dict[str, Any] = {"rows": "cases", "known": "plea_stated", "caveat": _SILENT}
    since = (f"{_FIRST} AND regime = 'statute'", "first-instance cases since 2018-10-26")
    yield _rate(
        "leniency_any",
        "A1.2 ∃",
        ("Cases with leniency for anyone", "有人适用从宽的案件"),
        since,
        "any_applied",
        **cases,
    )
    yield _rate(
        "leniency_all",
        "A1.2 ∀",
        ("Cases with leniency for everyone", "全案适用从宽的案件"),
        since,
        "all_applied",
        **cases,
    )
    yield _rate(
        "confession", "A1.3", ("Pleaded guilty", "认罪"), PEOPLE, "plea_status IN ('applied', 'plea_only', 'claimed_only')", **said
    )  # fmt: skip
    yield _rate(
        "retraction", "A1.4", ("Plea retracted", "反悔"),
        (f"{PEOPLE[0]} AND plea_status IN ('applied', 'retracted')", "people who pleaded under the regime, first instance"),
        "plea_status = 'retracted'", caveat="Retraction on appeal is seen only in second instance.",
    )  # fmt: skip


def _stages() -> Iterator[Measure]:
    for value, words in _STAGES.items():
        yield _rate(
            f"stage_{value}", "A2.1", (f"Plea from: {words[0]}", words[1]), APPLIED, f"plea_stage = '{value}'",
            known="plea_stage <> 'unknown'", caveat=_STAGE,
        )  # fmt: skip
        yield _rate(
            f"stage_{value}_strict", "A2.1 strict", (f"Plea from: {words[0]}, stated or dated", words[1] + "（明示）"), APPLIED,
            f"plea_stage = '{value}'", known="plea_stage <> 'unknown' AND plea_stage_basis IN ('explicit', 'dated')",
        )  # fmt: skip
    yield _rate(
        "signing", "A2.2", ("Recognizance signed", "签署具结书"), APPLIED, "plea_recognizance = 'signed'",
        known="plea_recognizance <> 'not_stated'", caveat=_SILENT,
    )  # fmt: skip
    yield _rate(
        "trial_without_signing", "A2.2b", ("Pleaded at trial without a recognizance", "审判阶段认罚未签具结书"),
        (f"{APPLIED[0]} AND plea_stage = 'trial_first'", "people who pleaded at the first trial"), "plea_recognizance <> 'signed'",
    )  # fmt: skip
    yield _rate(
        "plea_in_second_instance", "A2.3", ("First plea in second instance", "二审首次认罚"), SECOND,
        "plea_status = 'applied' AND coalesce(plea_stage = 'trial_second', false)",
    )  # fmt: skip


def _defence() -> Iterator[Measure]:
    stated: dict[str, Any] = {"known": "counsel_trial <> 'not_stated'"}
    yield _rate("lawyer", "A3.1", ("A lawyer at trial", "律师辩护"), PEOPLE, "lawyer_at_trial", caveat=_SHORT, **stated)
    for value, english, chinese in (
        ("retained", "Retained lawyer", "委托辩护"),
        ("legal_aid", "Legal aid lawyer", "法律援助辩护"),
        ("mixed", "Retained and legal aid", "委托与法律援助"),
        ("non_lawyer", "Defender who is no lawyer", "非律师辩护"),
        ("none", "Nobody", "无辩护人"),
    ):
        yield _rate(f"counsel_{value}", "A3.2", (english, chinese), PEOPLE, f"counsel_trial = '{value}'", **stated)
    yield _rate(
        "legal_aid_among_lawyers", "A3.2b", ("Legal aid among the represented", "有律师者中法律援助"),
        (f"{PEOPLE[0]} AND lawyer_at_trial", "people with a lawyer at trial"), "counsel_trial IN ('legal_aid', 'mixed')",
    )  # fmt: skip
    yield _rate(
        "duty_lawyer", "A3.3", ("Duty lawyer mentioned", "载明值班律师"), PEOPLE, "duty_lawyer", caveat="A floor: judgments rarely print it."
    )  # fmt: skip
    seen = "counsel_at_signing <> 'not_stated'"
    yield _rate(
        "counsel_at_signing", "A3.4", ("A lawyer at the signing", "具结时有律师在场"), SIGNED,
        "counsel_at_signing IN ('defender', 'duty_lawyer', 'lawyer_unspecified')", known=seen, caveat=_AT_SIGNING,
    )  # fmt: skip
    yield _rate(
        "duty_lawyer_at_signing", "A3.5", ("Duty lawyer at the signing", "具结时值班律师在场"), SIGNED, "counsel_at_signing = 'duty_lawyer'",
        known="counsel_at_signing IN ('defender', 'duty_lawyer')", caveat=_AT_SIGNING,
    )  # fmt: skip
    yield _rate(
        "mandatory_defence", "A3.6", ("A lawyer where life or death was imposed", "无期死刑案件律师辩护"),
        (f"{PEOPLE[0]} AND penalty IN ('life', 'death_reprieve', 'death')", "people sentenced to life or death"), "lawyer_at_trial",
        caveat="刑事诉讼法第三十五条 demands one: each without is an error or a finding.", **stated,
    )  # fmt: skip
    yield _spread(
        "counsel_number", "A3.9", ("Counsel of a defendant", "辩护人数"), PEOPLE, "n_counsel", statistics=("mean",)
    )


def _recommendations() -> Iterator[Measure]:
    yield _rate(
        "recommended",
        "A4.1",
        ("Recommendation mentioned", "载明量刑建议"),
        BASE,
        "rec_content <> 'none'",
        caveat=_SHORT,
    )
    yield _rate(
        "recommended_with_leniency", "A4.1b", ("Recommendation mentioned, where leniency was applied", "适用从宽案件载明量刑建议"), APPLIED,
        "rec_content <> 'none'", caveat="刑事诉讼法第一百七十六条 demands one: the shortfall is silence of documents.",
    )  # fmt: skip
    yield _rate("recommendation_content", "A4.2", ("Content given", "建议内容载明"), ASKED, "rec_content = 'given'")
    yield _rate("fixed", "A4.3", ("Fixed term", "确定刑建议"), ASKED_FOR, "rec_form IN ('fixed', 'life', 'death')")
    yield _rate(
        "fully_fixed", "A4.3b", ("Fixed in every part", "完全确定的建议"), ASKED_FOR,
        f"rec_form IN ('fixed', 'life', 'death') AND rec_fine IN ('amount', 'none') AND (rec_probation IN ('recommended', 'none') OR NOT {_SUSPENDABLE})",
    )  # fmt: skip
    yield _rate("range", "A4.4", ("Range", "幅度刑建议"), ASKED_FOR, f"rec_form IN {_RANGES}")
    yield _rate("kind_only", "A4.4b", ("Kind of penalty only", "仅建议刑种"), ASKED_FOR, "rec_form = 'type_only'")
    wide = (f"{ASKED_FOR[0]} AND rec_form = 'range' AND rec_width_months IS NOT NULL", "ranges with both ends")
    yield _spread("range_width", "A4.5", ("Width of the range", "建议幅度"), wide, "rec_width_months", unit="months")
    yield _spread(
        "range_width_relative", "A4.5 relative", ("Width by the middle of the range", "相对幅度"), wide,
        "rec_width_months / nullif(rec_mid_months, 0)",
    )  # fmt: skip
    yield _rate(
        "range_wide", "A4.6", ("Wide range", "过宽幅度"), wide,
        "rec_width_months > CASE WHEN rec_mid_months < 12 THEN 2 WHEN rec_mid_months < 36 THEN 6 WHEN rec_mid_months < 120 THEN 12 ELSE 24 END",
        caveat="More than 2, 6, 12, 24 months below 12, 36, 120 months and above: a convention, no rule of law.",
    )  # fmt: skip
    yield _rate(
        "probation_recommended", "A4.7", ("Probation recommended", "建议缓刑"), (f"{ASKED_FOR[0]} AND {_SUSPENDABLE}", "recommended penalty may be suspended"),
        "rec_probation IN ('recommended', 'may', 'conditional')",
    )  # fmt: skip
    yield _rate(
        "fine_specific", "A4.8", ("Fine with an amount", "罚金建议明确"), (f"{ASKED_FOR[0]} AND rec_fine <> 'none'", "a fine is recommended"),
        "rec_fine IN ('amount', 'range')",
    )  # fmt: skip
    yield _spread(
        "recommended_months", "A4.9", ("Recommended term, middle", "建议刑期中值"), (f"{ASKED_FOR[0]} AND rec_mid_months IS NOT NULL", "recommended terms"),
        "rec_mid_months", unit="months", statistics=LEVEL + DISPERSION, caveat="Compare within one charge: --by main_charge.",
    )  # fmt: skip


def _adoption() -> Iterator[Measure]:
    yield _rate(
        "adopted_stated", "A5.1", ("Adopted, by the court's words", "法院表述采纳"), ASKED, "court_response IN ('adopted', 'adopted_discretion')",
        known=_RESPONDED,
    )  # fmt: skip
    yield _rate(
        "adopted_stated_strict",
        "A5.1s",
        ("Adopted without reserve", "法院明确采纳"),
        ASKED,
        "court_response = 'adopted'",
        known=_RESPONDED,
    )
    yield _rate("response_silent", "A5.2", ("The court is silent", "法院未回应"), ASKED, "court_response = 'silent'")
    yield _rate(
        "adopted_computed",
        "A5.3",
        ("Sentence within the recommendation", "判决在建议范围内"),
        COMPARED,
        "adoption_penalty = 'within'",
    )
    yield _rate(
        "adopted_fully",
        "A5.4",
        ("Sentence as recommended in every part", "判决与建议完全相符"),
        COMPARED,
        "adoption_full",
    )
    yield _rate(
        "adopted_probation", "A5.5", ("Probation as recommended", "缓刑与建议相符"), COMPARED, "adoption_probation", known="adoption_probation IS NOT NULL"
    )  # fmt: skip
    yield _rate(
        "adopted_fine",
        "A5.6",
        ("Fine as recommended", "罚金与建议相符"),
        COMPARED,
        "adoption_fine",
        known="adoption_fine IS NOT NULL",
    )
    yield _rate(
        "rejected",
        "A5.9",
        ("Not adopted, by the court's words", "法院不采纳"),
        ASKED,
        "court_response = 'not_adopted'",
        known=_RESPONDED,
    )
    yield _rate(
        "adoption_contradicted", "A5.10", ("Said to be adopted, and is not", "表述采纳而判决不符"),
        (f"{COMPARED[0]} AND court_response = 'adopted'", "the court says it adopts, and it can be compared"), "adoption_penalty <> 'within'",
        caveat="A finding, an adjusted recommendation, or an error of extraction.",
    )  # fmt: skip
    yield _rate(
        "charge_adopted", "A5.11", ("Charge convicted as prosecuted", "罪名采纳"),
        (f"{_FIRST} AND prosecuted", "charges prosecuted, first instance"), "convicted", rows="charges",
    )  # fmt: skip


def _deviation() -> Iterator[Measure]:
    same = (f"{COMPARED[0]} AND deviation_months IS NOT NULL", "same kind of penalty with a term")
    yield _spread(
        "deviation",
        "A6.1",
        ("Deviation from the recommendation", "判决偏离建议"),
        same,
        "deviation_months",
        unit="months",
    )
    yield _spread("deviation_relative", "A6.3", ("Relative deviation", "相对偏离"), same, "deviation_relative")
    ranged = (_TWO_SIDED, "ranges with both ends and a sentence of the same kind")
    place = "(months - rec_min_months) / rec_width_months"
    inside = (f"{_TWO_SIDED} AND adoption_penalty = 'within'", "sentences within a range")
    yield _spread(
        "range_position", "A6.2", ("Place in the range, 0 lowest to 1 highest", "在幅度中的位置"), inside, place
    )
    yield _rate("range_bottom", "A6.2b", ("At the range's lower end", "判在下限"), ranged, "months = rec_min_months")
    yield _rate("range_top", "A6.2c", ("At the range's upper end", "判在上限"), ranged, "months = rec_max_months")
    for value, formula, english, chinese in (
        ("below", "A6.4", "Sentence below", "判决低于建议"),
        ("above", "A6.4", "Sentence above", "判决高于建议"),
        ("type_lighter", "A6.5", "Lighter kind of penalty", "刑种更轻"),
        ("type_heavier", "A6.5", "Heavier kind of penalty", "刑种更重"),
    ):
        yield _rate(f"sentence_{value}", formula, (english, chinese), COMPARED, f"adoption_penalty = '{value}'")
    granted = "probation_months IS NOT NULL"
    firm = (
        f"{COMPARED[0]} AND penalty IN ('detention', 'imprisonment')",
        "compared, and the sentence may be suspended",
    )
    yield _rate("probation_added", "A6.6", ("Probation granted without recommendation", "未建议而适用缓刑"), (f"{firm[0]} AND rec_probation = 'none'", "no probation recommended"), granted)  # fmt: skip
    yield _rate("probation_refused", "A6.6b", ("Recommended probation refused", "建议缓刑未适用"), (f"{firm[0]} AND rec_probation = 'recommended'", "probation recommended"), f"NOT ({granted})")  # fmt: skip


def _sentences() -> Iterator[Measure]:
    both: dict[str, Any] = {"statistics": LEVEL + DISPERSION, "unit": "months"}
    prison = (f"{TIMED[0]} AND penalty = 'imprisonment'", "people sentenced to fixed-term imprisonment")
    held = (f"{TIMED[0]} AND penalty = 'detention'", "people sentenced to detention")
    yield _spread("months_imprisonment", "A7.1", ("Term of imprisonment", "有期徒刑刑期"), prison, "months", **both)
    yield _spread("months_detention", "A7.1", ("Term of detention", "拘役刑期"), held, "months", **both)
    yield _spread(
        "log_months", "A7.4", ("Logarithm of the term", "刑期对数"), TIMED, "ln(months)", statistics=("mean",),
        caveat="Compare applied with plea_only within charge and severity; not the discount given.",
    )  # fmt: skip
    yield _spread(
        "within_case", "A7.5", ("Longest by shortest term of one charge in a case", "同案同罪最长与最短刑期之比"), (_FIRST, "cases with two or more terms for one main charge"),
        "term_ratio", rows="cases",
    )  # fmt: skip
    yield _rate(
        "imprisonment_immediate",
        "A7.1b",
        ("Imprisonment not suspended", "实刑（有期徒刑）"),
        PUNISHED,
        "penalty = 'imprisonment' AND probation_months IS NULL",
    )
    yield _rate("fine_only", "A7.1c", ("Fine only", "单处罚金"), PUNISHED, "penalty = 'none' AND fine IS NOT NULL")
    yield _rate(
        "probation", "A8.1", ("Probation granted", "适用缓刑"),
        (f"{PUNISHED[0]} AND (penalty = 'detention' OR penalty = 'imprisonment' AND months <= 36)", "people whose penalty may be suspended (刑法第七十二条)"),
        "probation_months IS NOT NULL",
    )  # fmt: skip
    yield _spread(
        "probation_ratio", "A8.2", ("Probation by term", "缓刑考验期与刑期之比"), (f"{TIMED[0]} AND probation_months IS NOT NULL", "people on probation"),
        "probation_months / nullif(months, 0)",
    )  # fmt: skip
    punished = (f"{_FIRST} AND disposition = 'punished'", "punished, first instance")
    fined = (f"{punished[0]} AND fine > 0", "fined, first instance")
    yield _rate("fined", "A8.3", ("Fined", "判处罚金"), punished, "coalesce(fine > 0, false)")
    yield _spread("fine", "A8.3b", ("Fine", "罚金数额"), fined, "fine", unit="yuan")
    yield _spread(
        "fine_by_month",
        "A8.3c",
        ("Fine by month of the term", "每月刑期罚金"),
        (f"{fined[0]} AND months > 0", "fined and punished by a term"),
        "fine / months",
        unit="yuan",
    )
    yield _rate("exempt", "A8.5", ("Exempted from punishment", "免予刑事处罚"), PEOPLE, "disposition = 'exempt'")
    yield _rate("acquitted", "A8.5b", ("Acquitted", "宣告无罪"), PEOPLE, "disposition = 'acquitted'")
    yield _rate("minor", "A9.1", ("At most three years", "三年以下刑罚"), SENTENCED, "severity = 'minor'")
    yield _rate(
        "below_three_years",
        "A9.1 SPP",
        ("Less than three years", "不满三年刑罚"),
        SENTENCED,
        "below_three_years",
        caveat="Exactly three years is counted on the other side.",
    )
    yield _rate("heavy", "A9.1b", ("Ten years or more", "十年以上刑罚"), SENTENCED, "severity = 'heavy'")


def _course() -> Iterator[Measure]:
    for value, english, chinese in (
        ("expedited", "Expedited procedure", "速裁程序"),
        ("summary", "Summary procedure", "简易程序"),
        ("ordinary", "Ordinary procedure", "普通程序"),
    ):
        yield _rate(
            f"procedure_{value}",
            "A10.1",
            (english, chinese),
            BASE,
            f"procedure = '{value}'",
            known="procedure <> 'unknown'",
        )
    dated = (f"{_FIRST} AND days_to_judgment BETWEEN 0 AND 1095", "both dates stated, at most three years apart")
    yield _spread(
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
        yield _rate(
            f"second_{value}",
            "A11.2",
            (english, chinese),
            reviewed,
            f"disposition = '{value}'",
            caveat="Appeals among all cases cannot be counted from judgments alone.",
        )
    yield _rate(
        "partial_text",
        "A12",
        ("Text breaks off", "文本不完整"),
        ("record_status <> 'out_of_scope'", "all judgments"),
        "record_status = 'partial'",
        rows="cases",
    )
    yield _rate(
        "dated",
        "A12b",
        ("Indictment and judgment dated", "载明起诉与裁判日期"),
        (_FIRST, BASE[1]),
        "indictment_date IS NOT NULL AND judgment_date IS NOT NULL",
        rows="cases",
        caveat=_SELECTED,
    )


MEASURES = (
    *_leniency(),
    *_stages(),
    *_defence(),
    *_recommendations(),
    *_adoption(),
    *_deviation(),
    *_sentences(),
    *_course(),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


def listing() -> str:
    """All measures as a page of Markdown (docs/measures.md)."""
    lines = [
        "# Measures 指标",
        "",
        "Written from `analysis/measures/definitions.py`; a test holds it to it. `panjue measure --list` prints the same.",
        "",
        "A rate is `holds / known` among the rows of its population; the coverage is `known / population`, the lower bound",
        "`holds / population`. Conditions are SQL over the tables of `panjue tables` (`counted_cases` adds a case's pleas and ratio",
        "of terms, `duty_lawyer` is whether the counsel table has one). Intervals are 95 %: Wilson's, of the effective number of",
        "rows where defendants share a document, or percentiles of 200 bootstrap samples of documents.",
        "",
        "| measure | formula | what it is | of | holds, or value | known | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in MEASURES:
        known = "" if one.known == "true" else f"`{one.known}`"
        words = f"{one.english} {one.chinese}" + (f" ({one.unit})" if one.unit else "")
        what = f"`{one.holds or one.value}`".replace("|", r"\|")
        lines.append(f"| `{one.name}` | {one.formula} | {words} | {one.population_says} ({one.rows}) | {what} | {known} | {one.caveat} |")  # fmt: skip
    return "\n".join(lines) + "\n"
