from __future__ import annotations

import copy
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import reading

from panjue.annotation.agreement import agreement, alpha, kappa
from panjue.annotation.compare import merged
from panjue.annotation.sampling import divided, sample

READING = reading()


def test_readings_that_are_the_same_have_nothing_to_settle() -> None:
    record, differences = merged(READING, copy.deepcopy(READING))
    assert (record, differences) == (READING, [])


def test_differences_name_both_values_and_passages() -> None:
    other = copy.deepcopy(READING)
    other["case"]["court"] = "云州市南屏区人民法院"
    other["defendants"].reverse()  # aligned by name, not by place
    for entry in other["evidence"]:
        head, tail, *rest = entry["path"].split("/")[1:]
        if head == "defendants":
            entry["path"] = "/".join(["", head, str(5 - int(tail)), *rest])
    other["defendants"][5]["sentence"]["months"] = 99
    _, differences = merged(READING, other)
    assert [one.field for one in differences] == ["case.court", "sentence.term"]
    court, term = differences
    assert (court.first.values, court.second.values) == ([READING["case"]["court"]], ["云州市南屏区人民法院"])
    assert term.paths == ["/defendants/0/sentence/months", "/defendants/0/sentence/days"]
    assert term.second.values[0] == 99
    assert all(entry["path"].startswith("/defendants/0/") for entry in term.second.evidence)


def test_a_defendant_only_one_has() -> None:
    other = copy.deepcopy(READING)
    gone = other["defendants"].pop()
    other["evidence"] = [e for e in other["evidence"] if not e["path"].startswith("/defendants/5")]
    record, (only,) = merged(READING, other)
    assert (only.field, only.first.there, only.second.there) == ("defendants", True, False)
    assert only.first.values == [gone["name"]]
    record, (only,) = merged(other, READING)
    assert record["defendants"][5] == gone
    assert (only.first.there, only.second.there) == (False, True)
    assert any(entry["path"].startswith("/defendants/5/") for entry in record["evidence"])


def test_figures_by_hand() -> None:
    """Of ten values 6 × a a, 1 × a b, 1 × b a, 2 × b b: observed .8, expected .58 (κ), .6053 (α)."""
    pairs = [("a", "a")] * 6 + [("a", "b"), ("b", "a")] + [("b", "b")] * 2
    assert kappa(pairs) == pytest.approx((0.8 - 0.58) / 0.42, abs=1e-6)
    # 20 values, 14 a and 6 b: expected disagreement 2·14·6 / (20·19), observed 2/10
    assert alpha(pairs) == pytest.approx(1 - 0.2 / (168 / 380), abs=1e-6)
    assert kappa([("a", "a")] * 5) is None
    assert alpha([("a", "a")] * 5) is None
    assert kappa([]) is None
    assert alpha([]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30))
def test_alpha_from_its_coincidence_matrix(pairs: list[tuple[str, str]]) -> None:
    cells: Counter[tuple[str, str]] = Counter()
    for first, second in pairs:
        cells[first, second] += 1
        cells[second, first] += 1
    totals = Counter({value: sum(n for (row, _), n in cells.items() if row == value) for value in "abc"})
    whole = sum(totals.values())
    observed = sum(n for (row, column), n in cells.items() if row != column) / whole
    expected = sum(totals[a] * totals[b] for a in "abc" for b in "abc" if a != b) / (whole * (whole - 1))
    assert alpha(pairs) == (None if not expected else pytest.approx(1 - observed / expected, abs=1e-5))


def test_agreement_over_records() -> None:
    other = copy.deepcopy(READING)
    other["defendants"][0]["plea"]["status"] = "denied"
    moved = next(e for e in other["evidence"] if e["path"] == "/defendants/1/name")
    moved["end"] += 1
    found = {one.field: one for one in agreement([(READING, other)])}
    assert found["plea.status"].n == 6
    assert found["plea.status"].same == pytest.approx(5 / 6)
    assert found["sentence.confiscation"].same == 1.0
    assert found["sentence.confiscation"].kappa is None
    assert found["defendants"].n == 6
    court = found["case.court"]
    assert (court.evidence_exact, court.evidence_overlap) == (1.0, 1.0)


def test_work_is_divided_the_same_with_the_same_seed() -> None:
    names = [f"d{n}" for n in range(20)]
    tasks = divided(names, ["li", "wang", "zhao"], 0.3, seed=4)
    assert tasks == divided(names[::-1], ["li", "wang", "zhao"], 0.3, seed=4)
    assert sorted(task.doc_id for task in tasks) == sorted(names)
    assert sum(task.blind for task in tasks) == 6
    assert {task.annotators for task in tasks if task.blind} == {("li", "wang"), ("li", "zhao"), ("wang", "zhao")}
    single = Counter(task.annotators[0] for task in tasks if not task.blind)
    assert max(single.values()) - min(single.values()) <= 1
    assert sample(names, 5, 1) != sample(names, 5, 2)
    with pytest.raises(ValueError, match="at least two"):
        divided(names, ["li"], 0.1, seed=1)
