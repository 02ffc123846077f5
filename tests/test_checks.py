"""Every self-check: one record that trips it, one that does not; rates."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from panjue.eval.checks import run_checks
from panjue.extractors.checks import CHECKS, flags
from panjue.extractors.record import (
    Case,
    Counsel,
    Count,
    Defendant,
    Evidence,
    Flag,
    Plea,
    Recommendation,
    Record,
    Sentence,
)

Change = Callable[[Record], None]


def lawful() -> Record:
    """A judgment with nothing to remark: one count, a fine, dates that fit, a recommendation adopted."""
    return Record(
        doc_id="lawful",
        text_sha256="0" * 64,
        case=Case(
            case_number="（2019）浙0199刑初7号",
            court="云州市临溪县人民法院",
            document_type="judgment",
            instance="first",
            prosecution="public",
            procedure="summary",
            indictment_date="2019-02-20",
            judgment_date="2019-03-09",
        ),
        defendants=[
            Defendant(
                name="柳青禾",
                charges_prosecuted=["盗窃罪"],
                charges_convicted=["盗窃罪"],
                plea=Plea(
                    status="applied",
                    stage="review_for_prosecution",
                    stage_basis="inferred_signing",
                    recognizance="signed",
                ),
                recommendation=Recommendation(
                    content="given",
                    form="range",
                    penalty="imprisonment",
                    min_months=6,
                    max_months=10,
                    probation="none",
                    fine="amount",
                    fine_min=2000,
                    fine_max=2000,
                    court_response="adopted",
                ),
                sentence=Sentence(
                    disposition="punished",
                    counts=[Count(charge="盗窃罪", penalty="imprisonment", months=7, fine=2000)],
                    penalty="imprisonment",
                    months=7,
                    fine=2000,
                    term_start="2019-01-02",
                    term_end="2019-08-01",
                ),
                counsel=[Counsel(name="苗子衿", kind="retained")],
            )
        ],
    )


def counts(*counted: Count, **final: Any) -> Change:
    """These counts, and this sentence in place of the lawful one."""

    def change(record: Record) -> None:
        defendant = record.defendants[0]
        defendant.charges_convicted = [count.charge for count in counted]
        defendant.recommendation = Recommendation()
        defendant.sentence = Sentence(disposition="punished", counts=list(counted), **final)

    return change


def setting(**values: Any) -> Change:
    """Other values, named by their way into the record: ``sentence__months`` of the first defendant, ``case__court``."""

    def change(record: Record) -> None:
        for way, value in values.items():
            *objects, name = way.split("__")
            target: Any = record if objects[:1] == ["case"] else record.defendants[0]
            for step in objects:
                target = getattr(target, step)
            setattr(target, name, value)

    return change


def evidence(path: str, source: str) -> Change:
    def change(record: Record) -> None:
        record.evidence.append(Evidence(path=f"/defendants/0/{path}", start=1, end=9, source=f"rule:{source}"))

    return change


def another(**values: Any) -> Change:
    """A second defendant, who differs from the first in these values."""

    def change(record: Record) -> None:
        first = record.defendants[0]
        second = copy.deepcopy(first)
        second.name, second.counsel = "岑若谷", [Counsel(name="桑远舟", kind="retained")]
        record.defendants = [second]
        setting(**values)(record)
        record.defendants.insert(0, first)

    return change


def all_of(*changes: Change) -> Change:
    def change(record: Record) -> None:
        for one in changes:
            one(record)

    return change


def flag(code: str) -> Change:
    return lambda record: record.flags.append(Flag(code=code, path="", message=""))


def nobody(record: Record) -> None:
    record.defendants = []


THEFT = Count(charge="盗窃罪", penalty="imprisonment", months=12, fine=1000)
FRAUD = Count(charge="诈骗罪", penalty="imprisonment", months=24, fine=3000)
AFFRAY = Count(charge="寻衅滋事罪", penalty="detention", months=5)
DRIVING = Count(charge="危险驾驶罪", penalty="detention", months=2, fine=2000)
UNPUNISHED: dict[str, Any] = {
    "sentence__counts": [],
    "sentence__penalty": "none",
    "sentence__months": None,
    "sentence__fine": None,
}
UNPUNISHED |= {"sentence__term_start": None, "sentence__term_end": None}
IMPRISONED: dict[str, Any] = {"penalty": "imprisonment"}
EARLIER = evidence("sentence", "disposition.earlier_sentence")
EXPEDITED = setting(case__procedure="expedited")
LONG_AGO = setting(
    case__judgment_date="2012-03-09", case__case_number="（2012）云刑初字第7号", case__indictment_date=None
)

#: for each check what trips it, and something close by that does not
CASES: dict[str, tuple[Change, Change]] = {
    "no_defendant": (nobody, setting()),
    "no_disposition": (flag("no_disposition"), flag("term_missing")),
    "no_sentence": (
        another(sentence=Sentence(), charges_convicted=[]),
        all_of(flag("no_disposition"), setting(sentence=Sentence(), charges_convicted=[])),
    ),
    "unknown_defendant": (flag("unknown_defendant"), all_of(flag("unknown_defendant"), flag("no_disposition"))),
    "named_twice": (another(name="柳青禾"), another()),
    "convicted_of_nothing": (
        setting(charges_convicted=[], sentence__counts=[]),
        setting(**UNPUNISHED, charges_convicted=[], sentence__disposition="acquitted"),
    ),
    "charged_with_nothing": (setting(charges_prosecuted=[]), setting(charges_prosecuted=["诈骗罪"])),
    "counts_differ": (setting(charges_convicted=["盗窃罪", "诈骗罪"]), counts(THEFT, FRAUD, **IMPRISONED, months=30, fine=4000)),
    "charge_unknown": (setting(charges_convicted=["偷窃东西罪"]), setting(charges_convicted=["掩饰、隐瞒犯罪所得罪"])),
    "charge_not_in_force": (
        setting(charges_convicted=["高空抛物罪"]),
        setting(charges_convicted=["销售假药罪"]),
    ),
    "counsel_too_many": (
        setting(counsel=[Counsel(name=name, kind="retained") for name in ("甲一", "乙二", "丙三")]),
        setting(counsel=[Counsel(name="甲一", kind="retained"), Counsel(name="乙二"), Counsel(kind="duty_lawyer")]),
    ),
    "counsel_shared": (
        another(counsel=[Counsel(name="苗子衿", kind="retained")]),
        another(counsel=[Counsel(name="苗子衿", kind="duty_lawyer")]),
    ),
    "recommendation_reversed": (setting(recommendation__min_months=11), setting(recommendation__min_months=10)),
    "recommendation_outside_law": (setting(recommendation__min_months=5), setting(recommendation__min_months=6)),
    "adopted_penalty": (
        setting(recommendation__penalty="detention", recommendation__min_months=None, recommendation__max_months=6),
        setting(recommendation__penalty="detention", recommendation__max_months=6, recommendation__court_response="not_adopted"),
    ),
    "adopted_term": (
        setting(recommendation__min_months=8),
        all_of(setting(recommendation__min_months=8), EARLIER),
    ),
    "adopted_probation": (setting(recommendation__probation="recommended"), setting(recommendation__probation="may")),
    "adopted_fine": (setting(recommendation__fine_max=1000), setting(recommendation__fine_max=3000)),
    "term_missing": (
        counts(Count(charge="盗窃罪", penalty="imprisonment"), penalty="imprisonment"),
        counts(Count(charge="盗窃罪", fine=3000), fine=3000),
    ),
    "term_outside_law": (
        counts(Count(charge="盗窃罪", penalty="detention", months=6, days=15), penalty="detention", months=6, days=15),
        counts(Count(charge="盗窃罪", penalty="detention", months=5, days=15), penalty="detention", months=5, days=15),
    ),
    "dangerous_driving_penalty": (
        counts(Count(charge="危险驾驶罪", penalty="imprisonment", months=6), **IMPRISONED, months=6),
        counts(DRIVING, penalty="detention", months=2, fine=2000),
    ),
    "organization_punished": (
        setting(kind="organization"),
        all_of(counts(Count(charge="单位行贿罪", fine=90000), fine=90000), setting(kind="organization")),
    ),
    "exempt_punished": (
        setting(sentence__disposition="exempt"),
        setting(**UNPUNISHED, sentence__disposition="exempt", recommendation__court_response="silent"),
    ),
    "acquitted_punished": (
        setting(sentence__disposition="acquitted", charges_convicted=[]),
        setting(**UNPUNISHED, sentence__disposition="acquitted", charges_convicted=[]),
    ),
    "punished_without_penalty": (
        setting(sentence__penalty="none", sentence__fine=None),
        setting(sentence__penalty="none"),
    ),
    "fine_small": (setting(sentence__counts=[Count(charge="盗窃罪", fine=1)]), setting(sentence__counts=[Count(charge="盗窃罪", fine=500)])),
    "fine_missing": (
        counts(Count(charge="盗窃罪", penalty="imprisonment", months=7), **IMPRISONED, months=7, fine=None),
        counts(Count(charge="寻衅滋事罪", penalty="imprisonment", months=7), **IMPRISONED, months=7, fine=None),
    ),
    "rights_outside_law": (setting(sentence__political_rights_months=6), setting(sentence__political_rights_months=12)),
    "rights_for_life": (
        setting(sentence__political_rights_months="life"),
        setting(sentence__political_rights_months="life", sentence__penalty="life"),
    ),
    "count_differs": (setting(sentence__months=9), all_of(setting(sentence__months=9), EARLIER)),
    "combined_below_heaviest": (
        counts(THEFT, FRAUD, **IMPRISONED, months=20, fine=4000),
        counts(AFFRAY, THEFT, **IMPRISONED, months=12, fine=1000),
    ),
    "combined_above_sum": (
        counts(THEFT, FRAUD, **IMPRISONED, months=37, fine=4000),
        counts(THEFT, FRAUD, **IMPRISONED, months=36, fine=4000),
    ),
    "combined_outside_law": (
        counts(
            Count(charge="盗窃罪", penalty="imprisonment", months=180),
            Count(charge="诈骗罪", penalty="imprisonment", months=180),
            **IMPRISONED,
            months=252,
        ),
        counts(
            Count(charge="抢劫罪", penalty="imprisonment", months=180),
            Count(charge="盗窃罪", penalty="imprisonment", months=120),
            Count(charge="诈骗罪", penalty="imprisonment", months=120),
            **IMPRISONED,
            months=300,
        ),
    ),
    "combined_equals_heaviest": (
        counts(THEFT, FRAUD, **IMPRISONED, months=24, fine=4000),
        counts(THEFT, FRAUD, **IMPRISONED, months=25, fine=4000),
    ),
    "fine_total": (
        counts(THEFT, FRAUD, **IMPRISONED, months=30, fine=3000),
        counts(THEFT, FRAUD, **IMPRISONED, months=30, fine=4000),
    ),
    "probation_not_allowed": (
        counts(Count(charge="盗窃罪", penalty="imprisonment", months=37), **IMPRISONED, months=37, probation_months=48),
        counts(Count(charge="盗窃罪", penalty="imprisonment", months=36), **IMPRISONED, months=36, probation_months=48),
    ),
    "probation_outside_law": (
        counts(THEFT, **IMPRISONED, months=12, fine=1000, probation_months=10),
        counts(AFFRAY, penalty="detention", months=5, probation_months=6),
    ),
    "recidivist_on_probation": (
        all_of(
            counts(THEFT, **IMPRISONED, months=12, fine=1000, probation_months=24),
            evidence("sentence", "opinion.recidivist"),
        ),
        counts(THEFT, **IMPRISONED, months=12, fine=1000, probation_months=24),
    ),
    "term_dates": (
        setting(sentence__term_end="2019-07-20"),
        all_of(setting(sentence__term_end="2019-07-20"), evidence("sentence/term_end", "disposition.custody")),
    ),
    "term_dates_reversed": (setting(sentence__term_end="2018-08-01"), setting()),
    "term_dates_suspended": (setting(sentence__probation_months=12), setting(sentence__probation_months=None)),
    "dates_reversed": (setting(case__indictment_date="2019-03-10"), setting(case__indictment_date="2019-03-09")),
    "judgment_late": (setting(case__indictment_date="2015-03-10"), setting(case__indictment_date="2018-03-10")),
    "case_year": (setting(case__case_number="（2020）浙0199刑初7号"), setting(case__case_number="（2018）浙0199刑初7号")),
    "expedited_court": (all_of(EXPEDITED, setting(case__court="云州市中级人民法院")), EXPEDITED),
    "expedited_term": (
        all_of(counts(Count(charge="盗窃罪", penalty="imprisonment", months=37), **IMPRISONED, months=37), EXPEDITED),
        all_of(counts(Count(charge="盗窃罪", penalty="imprisonment", months=36), **IMPRISONED, months=36), EXPEDITED),
    ),
    "expedited_plea": (
        all_of(EXPEDITED, setting(plea=Plea(status="plea_only"))),
        setting(plea=Plea(status="plea_only")),
    ),
    "expedited_too_early": (
        all_of(EXPEDITED, setting(case__judgment_date="2017-03-09", case__case_number="（2017）云0199刑初7号")),
        all_of(EXPEDITED, setting(case__judgment_date="2017-03-09", case__case_number="（2017）浙0199刑初7号")),
    ),
    "summary_court": (setting(case__court="云州市中级人民法院"), setting(case__court="云州市临溪县人民法院")),
    "summary_acquittal": (
        setting(**UNPUNISHED, charges_convicted=[], sentence__disposition="acquitted"),
        setting(**UNPUNISHED, charges_convicted=[], sentence__disposition="acquitted", case__procedure="ordinary"),
    ),
    "leniency_before_pilots": (LONG_AGO, all_of(LONG_AGO, setting(plea=Plea(status="plea_only")))),
    "leniency_outside_pilots": (
        setting(case__judgment_date="2018-03-09", case__case_number="（2018）云0199刑初7号"),
        setting(case__judgment_date="2018-03-09", case__court="上海市临溪区人民法院"),
    ),
    "signed_without_plea": (setting(plea__status="not_mentioned"), setting(plea__status="retracted")),
    "plea_stage": (
        setting(plea__stage="trial_second"),
        setting(plea__stage="trial_second", case__instance="second"),
    ),
    "life_court": (
        setting(sentence__penalty="life", sentence__political_rights_months="life"),
        setting(sentence__penalty="life", sentence__political_rights_months="life", case__court="云州市中级人民法院"),
    ),
}  # fmt: skip


def codes(change: Change) -> set[str]:
    record = lawful()
    change(record)
    return {flag.code for flag in flags(record)}


def test_nothing_is_said_of_a_lawful_record() -> None:
    assert codes(setting()) == set()


def test_every_check_has_its_two_examples() -> None:
    assert list(CASES) == [one.code for one in CHECKS]


@pytest.mark.parametrize("code", CASES)
def test_a_violation_is_flagged(code: str) -> None:
    assert code in codes(CASES[code][0])


@pytest.mark.parametrize("code", CASES)
def test_what_is_lawful_is_not_flagged(code: str) -> None:
    assert code not in codes(CASES[code][1])


def test_every_check_is_described() -> None:
    for one in CHECKS:
        assert one.english, one.code
        assert one.chinese, one.code
        assert one.of, one.code
        assert one.statute, one.code
    assert len({one.code for one in CHECKS}) == len(CHECKS)


def test_a_flag_says_the_statute_and_the_values_but_no_name() -> None:
    record = lawful()
    setting(sentence__term_end="2019-12-01")(record)
    (found,) = flags(record)
    assert (found.code, found.path) == ("term_dates", "/defendants/0/sentence/term_end")
    assert "CL 41, 44, 47" in found.message
    assert "2019-01-02 to 2019-12-01 for 7 months" in found.message
    assert "柳青禾" not in found.message


def test_rates_are_shares_of_what_a_check_applies_to() -> None:
    wrong = lawful()
    wrong.defendants[0].sentence.counts[0].months = 4
    rates = run_checks(
        [lawful(), lawful(), lawful(), wrong, Record(doc_id="x", text_sha256="0" * 64, status="out_of_scope")]
    )
    assert (rates.records, rates.out_of_scope) == (5, 1)
    assert rates.applicable["term_outside_law"] == 4
    assert rates.rate("term_outside_law") == 0.25
    assert rates.applicable["probation_outside_law"] == 0
    assert rates.rate("probation_outside_law") == 0.0
    assert rates.dates_explained == 1.0
