"""The derived variables by hand: one line, one case that a lawyer can check."""

from __future__ import annotations

from typing import Any

import pytest

from panjue.analysis import derived
from panjue.extractors.record import Case, Counsel, Defendant, Recommendation, Record, Sentence


def defendant(asked: dict[str, Any] | None = None, given: dict[str, Any] | None = None) -> Defendant:
    return Defendant(
        name="甲",
        recommendation=Recommendation(**({"content": "given"} | (asked or {}))),
        sentence=Sentence(**({"disposition": "punished"} | (given or {}))),
    )


FIXED = {"form": "fixed", "penalty": "imprisonment", "min_months": 8, "max_months": 8}
RANGE = {"form": "range", "penalty": "imprisonment", "min_months": 6, "max_months": 10}
CROSS = {"form": "range_cross", "penalty": "detention", "min_months": 4, "max_months": 8}
PRISON = "imprisonment"


@pytest.mark.parametrize(
    ("asked", "given", "penalty", "months", "relative"),
    [
        (FIXED, {"penalty": PRISON, "months": 8}, "within", 0.0, 0.0),
        (FIXED, {"penalty": PRISON, "months": 10}, "above", 2.0, 0.25),
        (FIXED, {"penalty": PRISON, "months": 7}, "below", -1.0, -0.125),
        (RANGE, {"penalty": PRISON, "months": 6}, "within", 0.0, 0.0),  # bounds are inclusive
        (RANGE, {"penalty": PRISON, "months": 10}, "within", 0.0, 0.0),
        (RANGE, {"penalty": PRISON, "months": 10, "days": 15}, "above", 0.5, 0.0625),
        (RANGE, {"penalty": "detention", "months": 5}, "type_lighter", None, None),
        (RANGE, {"penalty": "life"}, "type_heavier", None, None),
        (RANGE, {"disposition": "exempt"}, "type_lighter", None, None),
        (RANGE, {"fine": 2000}, "type_lighter", None, None),  # a fine alone
        (RANGE, {"disposition": "acquitted"}, None, None, None),
        (CROSS, {"penalty": "detention", "months": 5}, "within", 0.0, 0.0),
        (CROSS, {"penalty": "detention", "months": 3}, "below", -1.0, -1 / 6),
        (CROSS, {"penalty": PRISON, "months": 7}, "within", 0.0, 0.0),
        (CROSS, {"penalty": PRISON, "months": 9}, "above", 1.0, 1 / 6),
        ({"form": "range_upper", "penalty": PRISON, "max_months": 36}, {"penalty": PRISON, "months": 12}, "within", 0.0, None),
        ({"form": "range_upper", "penalty": PRISON, "max_months": 36}, {"penalty": PRISON, "months": 40}, "above", 4.0, None),
        ({"form": "type_only", "penalty": PRISON}, {"penalty": PRISON, "months": 40}, "within", None, None),
        ({"form": "life", "penalty": "life"}, {"penalty": "life"}, "within", None, None),
        ({"form": "fixed", "penalty": "fine_only"}, {"fine": 2000}, "within", None, None),
        ({"content": "mentioned"}, {"penalty": PRISON, "months": 8}, None, None, None),
        (FIXED, {"penalty": PRISON}, None, None, None),  # the term was not read
    ],
)  # fmt: skip
def test_sentence_against_recommendation(
    asked: dict[str, Any], given: dict[str, Any], penalty: str | None, months: float | None, relative: float | None
) -> None:
    found = derived.adoption(defendant(asked, given))
    assert found.penalty == penalty
    assert found.months == (None if months is None else pytest.approx(months))
    assert found.relative == (None if relative is None else pytest.approx(relative))


@pytest.mark.parametrize(
    ("asked", "given", "probation", "fine", "full"),
    [
        ({"probation": "recommended", "fine": "none"}, {"probation_months": 12}, True, None, True),
        ({"probation": "recommended", "fine": "none"}, {}, False, None, False),
        ({"probation": "none", "fine": "none"}, {"probation_months": 12}, False, None, False),
        ({"probation": "may", "fine": "none"}, {"probation_months": 12}, None, None, True),
        ({"probation": "none", "fine": "amount", "fine_min": 2000, "fine_max": 2000}, {"fine": 2000}, True, True, True),
        (
            {"probation": "none", "fine": "amount", "fine_min": 2000, "fine_max": 2000},
            {"fine": 3000},
            True,
            False,
            False,
        ),
        ({"probation": "none", "fine": "range", "fine_min": 1000, "fine_max": 3000}, {"fine": 3000}, True, True, True),
        ({"probation": "none", "fine": "unspecified"}, {}, True, False, False),
        ({"probation": "none", "fine": "unspecified"}, {"fine": 500}, True, True, True),
    ],
)
def test_probation_and_fine(
    asked: dict[str, Any], given: dict[str, Any], probation: bool | None, fine: bool | None, full: bool
) -> None:
    found = derived.adoption(defendant(FIXED | asked, {"penalty": PRISON, "months": 8} | given))
    assert (found.probation, found.fine, found.full) == (probation, fine, full)


@pytest.mark.parametrize(
    ("kinds", "status", "trial", "lawyer"),
    [
        (["retained"], "complete", "retained", True),
        (["legal_aid", "duty_lawyer"], "complete", "legal_aid", True),
        (["retained", "legal_aid"], "complete", "mixed", True),
        (["non_lawyer"], "complete", "non_lawyer", False),
        (["duty_lawyer"], "complete", "duty_only", False),
        (["unknown"], "complete", "not_stated", None),
        ([], "complete", "none", False),
        ([], "partial", "not_stated", None),  # of a text that breaks off nothing follows from silence
    ],
)
def test_counsel_at_trial(kinds: list[Any], status: Any, trial: str, lawyer: bool | None) -> None:
    record = Record(doc_id="a", text_sha256="0", status=status)
    found = derived.counsel_trial(record, Defendant(name="甲", counsel=[Counsel(kind=kind) for kind in kinds]))
    assert (found, derived.lawyer_at_trial(found)) == (trial, lawyer)


@pytest.mark.parametrize(
    ("given", "severity", "below"),
    [
        ({"penalty": PRISON, "months": 35, "days": 15}, "minor", True),
        ({"penalty": PRISON, "months": 36}, "minor", False),  # three years are not 不满三年
        ({"penalty": PRISON, "months": 37}, "serious", False),
        ({"penalty": PRISON, "months": 120}, "heavy", False),
        ({"penalty": "life"}, "heavy", False),
        ({"penalty": "detention", "months": 3}, "minor", True),
        ({"fine": 2000}, "minor", True),
        ({"disposition": "exempt"}, "minor", True),
        ({"disposition": "acquitted"}, None, None),
        ({"penalty": PRISON}, None, None),
    ],
)
def test_severity(given: dict[str, Any], severity: str | None, below: bool | None) -> None:
    sentence = defendant(None, given).sentence
    assert (derived.severity(sentence), derived.below_three_years(sentence)) == (severity, below)


def test_dates_width_and_charge() -> None:
    assert derived.days_between(Case(indictment_date="2020-02-27", judgment_date="2020-03-01")) == 3
    assert derived.days_between(Case(indictment_date="2020-03-02", judgment_date="2020-03-01")) == -1
    assert derived.days_between(Case(judgment_date="2020-03-01")) is None
    assert derived.width(Recommendation(**RANGE)) == 4  # type: ignore[arg-type]
    assert derived.width(Recommendation(**FIXED)) is None  # type: ignore[arg-type]
    assert derived.middle(Recommendation(**RANGE)) == 8  # type: ignore[arg-type]
    person = Defendant(name="甲", charges_prosecuted=["盗窃罪"], charges_convicted=["掩饰、隐瞒犯罪所得罪"])
    named, law = derived.main_charge(person)
    assert law is not None
    assert (named, law.article) == (law.name, "312")
    assert derived.main_charge(Defendant(name="甲", charges_prosecuted=["无此罪"])) == ("无此罪", None)
    assert derived.main_charge(Defendant(name="甲")) == (None, None)
