"""The measures, by what they are about: the one place where a measure is added, with :mod:`.outcomes`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from panjue.analysis.measures.kinds import DISPERSION, LEVEL, Measure
from panjue.analysis.measures.outcomes import course, deviation, sentences
from panjue.analysis.measures.populations import (
    APPLIED,
    ASKED,
    ASKED_FOR,
    AT_SIGNING,
    BASE,
    COMPARED,
    FIRST,
    PEOPLE,
    RANGES,
    RESPONDED,
    SECOND,
    SHORT,
    SIGNED,
    SILENT,
    SINCE_2018,
    STAGE,
    STAGES,
    SUSPENDABLE,
    a_rate,
    a_spread,
)


def _leniency() -> Iterator[Measure]:
    said: dict[str, Any] = {"known": "plea_status <> 'not_mentioned'", "caveat": SILENT}
    yield a_rate(
        "leniency", "A1.1", ("Leniency applied", "适用认罪认罚从宽"), SINCE_2018, "plea_status = 'applied'", **said
    )
    yield a_rate(
        "leniency_wide", "A1.1w", ("Leniency applied or claimed", "适用或自愿认罪认罚"), SINCE_2018,
        "plea_status IN ('applied', 'claimed_only')", **said,
    )  # fmt: skip
    cases: dict[str, Any] = {"rows": "cases", "known": "plea_stated", "caveat": SILENT}
    since = (f"{FIRST} AND regime = 'statute'", "first-instance cases since 2018-10-26")
    yield a_rate(
        "leniency_any",
        "A1.2 ∃",
        ("Cases with leniency for anyone", "有人适用从宽的案件"),
        since,
        "any_applied",
        **cases,
    )
    yield a_rate(
        "leniency_all",
        "A1.2 ∀",
        ("Cases with leniency for everyone", "全案适用从宽的案件"),
        since,
        "all_applied",
        **cases,
    )
    yield a_rate(
        "confession", "A1.3", ("Pleaded guilty", "认罪"), PEOPLE, "plea_status IN ('applied', 'plea_only', 'claimed_only')", **said
    )  # fmt: skip
    yield a_rate(
        "retraction", "A1.4", ("Plea retracted", "反悔"),
        (f"{PEOPLE[0]} AND plea_status IN ('applied', 'retracted')", "people who pleaded under the regime, first instance"),
        "plea_status = 'retracted'", caveat="Retraction on appeal is seen only in second instance.",
    )  # fmt: skip


def _stages() -> Iterator[Measure]:
    for value, words in STAGES.items():
        yield a_rate(
            f"stage_{value}", "A2.1", (f"Plea from: {words[0]}", words[1]), APPLIED, f"plea_stage = '{value}'",
            known="plea_stage <> 'unknown'", caveat=STAGE,
        )  # fmt: skip
        yield a_rate(
            f"stage_{value}_strict", "A2.1 strict", (f"Plea from: {words[0]}, stated or dated", words[1] + "（明示）"), APPLIED,
            f"plea_stage = '{value}'", known="plea_stage <> 'unknown' AND plea_stage_basis IN ('explicit', 'dated')",
        )  # fmt: skip
    yield a_rate(
        "signing", "A2.2", ("Recognizance signed", "签署具结书"), APPLIED, "plea_recognizance = 'signed'",
        known="plea_recognizance <> 'not_stated'", caveat=SILENT,
    )  # fmt: skip
    yield a_rate(
        "trial_without_signing", "A2.2b", ("Pleaded at trial without a recognizance", "审判阶段认罚未签具结书"),
        (f"{APPLIED[0]} AND plea_stage = 'trial_first'", "people who pleaded at the first trial"), "plea_recognizance <> 'signed'",
    )  # fmt: skip
    yield a_rate(
        "plea_in_second_instance", "A2.3", ("First plea in second instance", "二审首次认罚"), SECOND,
        "plea_status = 'applied' AND coalesce(plea_stage = 'trial_second', false)",
    )  # fmt: skip


def _defence() -> Iterator[Measure]:
    stated: dict[str, Any] = {"known": "counsel_trial <> 'not_stated'"}
    yield a_rate("lawyer", "A3.1", ("A lawyer at trial", "律师辩护"), PEOPLE, "lawyer_at_trial", caveat=SHORT, **stated)
    for value, english, chinese in (
        ("retained", "Retained lawyer", "委托辩护"),
        ("legal_aid", "Legal aid lawyer", "法律援助辩护"),
        ("mixed", "Retained and legal aid", "委托与法律援助"),
        ("non_lawyer", "Defender who is no lawyer", "非律师辩护"),
        ("none", "Nobody", "无辩护人"),
    ):
        yield a_rate(f"counsel_{value}", "A3.2", (english, chinese), PEOPLE, f"counsel_trial = '{value}'", **stated)
    yield a_rate(
        "legal_aid_among_lawyers", "A3.2b", ("Legal aid among the represented", "有律师者中法律援助"),
        (f"{PEOPLE[0]} AND lawyer_at_trial", "people with a lawyer at trial"), "counsel_trial IN ('legal_aid', 'mixed')",
    )  # fmt: skip
    yield a_rate(
        "duty_lawyer", "A3.3", ("Duty lawyer mentioned", "载明值班律师"), PEOPLE, "duty_lawyer", caveat="A floor: judgments rarely print it."
    )  # fmt: skip
    seen = "counsel_at_signing <> 'not_stated'"
    yield a_rate(
        "counsel_at_signing", "A3.4", ("A lawyer at the signing", "具结时有律师在场"), SIGNED,
        "counsel_at_signing IN ('defender', 'duty_lawyer', 'lawyer_unspecified')", known=seen, caveat=AT_SIGNING,
    )  # fmt: skip
    yield a_rate(
        "duty_lawyer_at_signing", "A3.5", ("Duty lawyer at the signing", "具结时值班律师在场"), SIGNED, "counsel_at_signing = 'duty_lawyer'",
        known="counsel_at_signing IN ('defender', 'duty_lawyer')", caveat=AT_SIGNING,
    )  # fmt: skip
    yield a_rate(
        "mandatory_defence", "A3.6", ("A lawyer where life or death was imposed", "无期死刑案件律师辩护"),
        (f"{PEOPLE[0]} AND penalty IN ('life', 'death_reprieve', 'death')", "people sentenced to life or death"), "lawyer_at_trial",
        caveat="刑事诉讼法第三十五条 demands one: each without is an error or a finding.", **stated,
    )  # fmt: skip
    yield a_spread(
        "counsel_number", "A3.9", ("Counsel of a defendant", "辩护人数"), PEOPLE, "n_counsel", statistics=("mean",)
    )


def _recommendations() -> Iterator[Measure]:
    yield a_rate(
        "recommended",
        "A4.1",
        ("Recommendation mentioned", "载明量刑建议"),
        BASE,
        "rec_content <> 'none'",
        caveat=SHORT,
    )
    yield a_rate(
        "recommended_with_leniency", "A4.1b", ("Recommendation mentioned, where leniency was applied", "适用从宽案件载明量刑建议"), APPLIED,
        "rec_content <> 'none'", caveat="刑事诉讼法第一百七十六条 demands one: the shortfall is silence of documents.",
    )  # fmt: skip
    yield a_rate("recommendation_content", "A4.2", ("Content given", "建议内容载明"), ASKED, "rec_content = 'given'")
    yield a_rate("fixed", "A4.3", ("Fixed term", "确定刑建议"), ASKED_FOR, "rec_form IN ('fixed', 'life', 'death')")
    yield a_rate(
        "fully_fixed", "A4.3b", ("Fixed in every part", "完全确定的建议"), ASKED_FOR,
        f"rec_form IN ('fixed', 'life', 'death') AND rec_fine IN ('amount', 'none') AND (rec_probation IN ('recommended', 'none') OR NOT {SUSPENDABLE})",
    )  # fmt: skip
    yield a_rate("range", "A4.4", ("Range", "幅度刑建议"), ASKED_FOR, f"rec_form IN {RANGES}")
    yield a_rate("kind_only", "A4.4b", ("Kind of penalty only", "仅建议刑种"), ASKED_FOR, "rec_form = 'type_only'")
    wide = (f"{ASKED_FOR[0]} AND rec_form = 'range' AND rec_width_months IS NOT NULL", "ranges with both ends")
    yield a_spread("range_width", "A4.5", ("Width of the range", "建议幅度"), wide, "rec_width_months", unit="months")
    yield a_spread(
        "range_width_relative", "A4.5 relative", ("Width by the middle of the range", "相对幅度"), wide,
        "rec_width_months / nullif(rec_mid_months, 0)",
    )  # fmt: skip
    yield a_rate(
        "range_wide", "A4.6", ("Wide range", "过宽幅度"), wide,
        "rec_width_months > CASE WHEN rec_mid_months < 12 THEN 2 WHEN rec_mid_months < 36 THEN 6 WHEN rec_mid_months < 120 THEN 12 ELSE 24 END",
        caveat="More than 2, 6, 12, 24 months below 12, 36, 120 months and above: a convention, no rule of law.",
    )  # fmt: skip
    yield a_rate(
        "probation_recommended", "A4.7", ("Probation recommended", "建议缓刑"), (f"{ASKED_FOR[0]} AND {SUSPENDABLE}", "recommended penalty may be suspended"),
        "rec_probation IN ('recommended', 'may', 'conditional')",
    )  # fmt: skip
    yield a_rate(
        "fine_specific", "A4.8", ("Fine with an amount", "罚金建议明确"), (f"{ASKED_FOR[0]} AND rec_fine <> 'none'", "a fine is recommended"),
        "rec_fine IN ('amount', 'range')",
    )  # fmt: skip
    yield a_spread(
        "recommended_months", "A4.9", ("Recommended term, middle", "建议刑期中值"), (f"{ASKED_FOR[0]} AND rec_mid_months IS NOT NULL", "recommended terms"),
        "rec_mid_months", unit="months", statistics=LEVEL + DISPERSION, caveat="Compare within one charge: --by main_charge.",
    )  # fmt: skip


def _adoption() -> Iterator[Measure]:
    yield a_rate(
        "adopted_stated", "A5.1", ("Adopted, by the court's words", "法院表述采纳"), ASKED, "court_response IN ('adopted', 'adopted_discretion')",
        known=RESPONDED,
    )  # fmt: skip
    yield a_rate(
        "adopted_stated_strict",
        "A5.1s",
        ("Adopted without reserve", "法院明确采纳"),
        ASKED,
        "court_response = 'adopted'",
        known=RESPONDED,
    )
    yield a_rate("response_silent", "A5.2", ("The court is silent", "法院未回应"), ASKED, "court_response = 'silent'")
    yield a_rate(
        "adopted_computed",
        "A5.3",
        ("Sentence within the recommendation", "判决在建议范围内"),
        COMPARED,
        "adoption_penalty = 'within'",
    )
    yield a_rate(
        "adopted_fully",
        "A5.4",
        ("Sentence as recommended in every part", "判决与建议完全相符"),
        COMPARED,
        "adoption_full",
    )
    yield a_rate(
        "adopted_probation", "A5.5", ("Probation as recommended", "缓刑与建议相符"), COMPARED, "adoption_probation", known="adoption_probation IS NOT NULL"
    )  # fmt: skip
    yield a_rate(
        "adopted_fine",
        "A5.6",
        ("Fine as recommended", "罚金与建议相符"),
        COMPARED,
        "adoption_fine",
        known="adoption_fine IS NOT NULL",
    )
    yield a_rate(
        "rejected",
        "A5.9",
        ("Not adopted, by the court's words", "法院不采纳"),
        ASKED,
        "court_response = 'not_adopted'",
        known=RESPONDED,
    )
    yield a_rate(
        "adoption_contradicted", "A5.10", ("Said to be adopted, and is not", "表述采纳而判决不符"),
        (f"{COMPARED[0]} AND court_response = 'adopted'", "the court says it adopts, and it can be compared"), "adoption_penalty <> 'within'",
        caveat="A finding, an adjusted recommendation, or an error of extraction.",
    )  # fmt: skip
    yield a_rate(
        "charge_adopted", "A5.11", ("Charge convicted as prosecuted", "罪名采纳"),
        (f"{FIRST} AND prosecuted", "charges prosecuted, first instance"), "convicted", rows="charges",
    )  # fmt: skip


MEASURES = (
    *_leniency(),
    *_stages(),
    *_defence(),
    *_recommendations(),
    *_adoption(),
    *deviation(),
    *sentences(),
    *course(),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
