"""How sure a value is: signals of a record, decision lists, their calibration, and what reviews add to them."""

import csv
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panjue import extract
from panjue.eval import judged, record_weights
from panjue.eval.calibration import TENTHS, brier, by_band, by_mass, expected_calibration_error, in_lowest
from panjue.eval.decision_lists import Line, Weighed, decision_list, fold_of, held_out, learn, weighed
from panjue.eval.judged import Document, Seen, of_gold, of_reviews
from panjue.extractors.confidence import (
    AND,
    ANY,
    INTERCEPT,
    SILENT,
    confidence,
    readings,
    record_confidence,
    record_traits,
    weigh_traits,
)
from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.record import Case, Defendant, Evidence, Record, encode

TEXT = (
    "云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人柳青禾，男，1990年1月2日出生。 "
    "被告人白术，男，1991年1月2日出生。 云州市临溪县人民检察院指控被告人柳青禾、白术犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。 "
    "被告人柳青禾、白术对指控无异议。 本院认为，被告人柳青禾自愿认罪认罚。判决如下： 一、被告人柳青禾犯盗窃罪，判处拘役三个月。"
    "二、被告人白术犯盗窃罪，判处拘役九个月。 审判员 甲 二〇一九年三月九日 书记员 乙"
)
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


def seen(right: bool, court: str, *signals: str, group: str = "g") -> Seen:
    return Seen(group, frozenset({ANY, *signals}), right, right, court)


# Signals


def test_signals_tell_the_rule_the_flags_and_the_rare_value() -> None:
    record = extract(TEXT)
    found = {(one.entry.path, signal) for one in readings(record) if one.entry for signal in one.signals}
    assert ("/defendants/0/plea/status", "status=applied") in found
    assert ("/defendants/0/plea/status", "several_defendants") in found
    assert ("/defendants/1/sentence", "flag:term_outside_law") in found
    assert ("/defendants/0/sentence", "flag:term_outside_law") not in found


def test_silences_have_signals_but_no_passage() -> None:
    found = readings(extract(TEXT))
    assert [one.entry is None for one in found] == sorted(one.entry is None for one in found)
    silent = {(one.defendant, one.group) for one in found if SILENT in one.signals and one.defendant is not None}
    assert silent == {
        (i, group) for i in (0, 1) for group in ("recommendation", "court_response", "counsel", "counsel_at_signing")
    }


def test_every_passage_has_the_confidence_of_its_signals() -> None:
    record = extract(TEXT)
    assert record.evidence
    for one in readings(record):
        if one.entry:
            assert one.entry.confidence == confidence(one.group, one.signals) < 1


def test_a_field_of_the_case_that_is_lacking_is_silent() -> None:
    found = readings(extract(TEXT.replace("，于2019年3月1日向本院提起公诉", "")))
    assert [(one.defendant, one.group) for one in found if one.entry is None and one.defendant is None] == [
        (None, "case.procedure"),
        (None, "case.indictment_date"),
    ]


def test_a_record_is_less_sure_the_less_its_groups_are() -> None:
    record = extract(TEXT)
    sure = record_confidence(record)
    assert 0 < sure <= min(entry.confidence for entry in record.evidence)
    terms = [entry for entry in record.evidence if entry.path == "/defendants/0/sentence"]
    was = min(e.confidence for e in record.evidence if e.path.startswith("/defendants/0/sentence"))
    for entry in terms[:1]:
        entry.confidence = was / 2
    less = record_confidence(record)
    assert 0 < less <= was / 2 < sure < 1
    for entry in terms:  # of one group the least counts, and it counts once
        entry.confidence = was / 2
    assert record_confidence(record) == less


def test_what_makes_a_judgment_hard_to_read_counts() -> None:
    record = extract(TEXT)
    traits = record_traits(record, 0.9)
    assert traits["log_defendants"] == math.log(2)
    assert traits["log_doubt"] == math.log(1 - 0.9)
    assert traits["log_length"] == math.log(max(entry.end for entry in record.evidence))
    assert {name for name, value in traits.items() if value == 1 and name != INTERCEPT} == {
        "pleas_differ",
        "undefended",
        "flagged",
    }
    assert record_traits(record, 1.0)["log_doubt"] < -9
    weights = {row["trait"]: float(row["weight"]) for row in read_lexicon("record_confidence")}
    assert weights.keys() == traits.keys()
    assert weights["log_doubt"] < 0


def test_a_record_without_a_defendant_is_never_sure() -> None:
    assert record_confidence(Record(doc_id="a", text_sha256="0" * 64)) == 0


# Decision lists


def test_the_least_reliable_signals_come_first_and_count_only_what_is_left() -> None:
    values = [seen(False, court, "a") for court in "xyz"] + [seen(False, "x", "a", "b")]
    values += [seen(True, "x", "b")] * 18 + [seen(False, "y", "b"), seen(False, "z", "b")]
    values += [seen(True, "x")] * 40
    lines = decision_list(values)
    assert [(one.said, one.right, one.values) for one in lines] == [("a", 0, 4), ("b", 18, 20), (ANY, 40, 40)]
    assert [one.confidence for one in lines] == sorted(one.confidence for one in lines)


def test_two_signals_together_can_be_worse_than_each() -> None:
    values = [seen(False, court, "a", "b") for court in "wxyz"]
    values += [seen(True, "x", "a")] * 40 + [seen(True, "x", "b")] * 40
    assert decision_list(values)[0].said == "a & b"


def test_one_court_proves_nothing() -> None:
    values = [seen(True, "x")] * 40
    assert len(decision_list([*values, *[seen(False, "x", "a")] * 6])) == 1
    assert len(decision_list([*values, *[seen(False, "x", "a")] * 5, seen(False, "y", "a")])) == 2


def test_lists_are_made_of_what_was_wrong_at_first() -> None:
    mended = [Seen("g", frozenset({ANY, "a"}), True, False, court) for court in "xyz"]
    line, rest = decision_list([*mended, *[seen(True, "x")] * 40])
    assert (line.said, line.values, line.right, line.right_at_first) == ("a", 3, 3, 0)
    assert rest.said == ANY


def documents(number: int, seed: int = 0) -> Iterator[Document]:
    """Judgments of as many courts as half their number, in which of values with the signal ``hard`` a third is wrong."""
    chance = random.Random(seed)
    for index in range(number):
        court = f"court {index // 2}"
        record = Record(doc_id=str(index), text_sha256="0" * 64, case=Case(court=court))
        values = []
        for place in range(6):
            source = "hard" if chance.random() < 0.2 else "easy"
            right = chance.random() > (1 / 3 if source == "hard" else 0.002)
            record.evidence.append(Evidence(path="/defendants/0/plea/status", start=0, end=1, source=source))
            values.append(Seen("plea", frozenset({ANY, source}), right, right, court, True, (place,)))
        right = all(value.right for value in values)
        yield Document(record, values, right, right)


def test_lists_are_calibrated_to_the_share_that_is_right() -> None:
    hard, rest = learn(list(documents(300)))["plea"]
    assert hard.said == "hard"
    assert math.isclose(hard.confidence, 2 / 3, abs_tol=0.08)
    assert rest.confidence > 0.98
    assert learn(list(documents(300))) == {"plea": [hard, rest]}


def test_no_court_is_judged_by_lists_made_of_it() -> None:
    found = list(documents(60))
    courts: list[set[str]] = []

    def make(given: Sequence[Document]) -> dict[str, list[Line]]:
        courts.append({one.court for one in given})
        return {}

    judged_by = [(one.document.court, courts[-1]) for one in held_out(found, make)]
    assert len(judged_by) == len(found)
    assert len(courts) > 5
    assert all(court not in made_of for court, made_of in judged_by)


def test_documents_are_weighed_as_records_are() -> None:
    record = extract(TEXT)
    document = Document(record, [], True, True)
    lists: dict[str, list[Line]] = {}
    for row in read_lexicon("confidence"):
        line = Line(frozenset(row["signals"].split(AND)), 1, 1, 1, float(row["confidence"]))
        lists.setdefault(row["group"], []).append(line)
    (one,) = weighed([document], lists)
    weights = {row["trait"]: float(row["weight"]) for row in read_lexicon("record_confidence")}
    assert math.isclose(record_weights.sure(one, weights), record_confidence(record))


# Weights of what makes a record doubtful


def records(number: int) -> Iterator[Weighed]:
    """Records of many courts; of those with several defendants and a doubtful group two in three were wrong."""
    chance = random.Random(0)
    for index in range(number):
        several, doubtful = chance.random() < 0.3, chance.random() < 0.3
        defendants = [Defendant(name=name) for name in ("柳青禾", "白术")[: 1 + several]]
        record = Record(
            doc_id=str(index), text_sha256="0" * 64, case=Case(court=f"court {index // 3}"), defendants=defendants
        )
        right_at_first = chance.random() > (2 / 3 if several and doubtful else 0.05)
        right = right_at_first or chance.random() < 0.5
        yield Weighed(Document(record, [], right, right_at_first), [], 0.6 if doubtful else 0.99, 1.0)


def test_weights_tell_the_chance_that_a_record_is_right_today() -> None:
    found = list(records(3000))
    weights = record_weights.fit(found)
    assert weights["log_doubt"] < 0
    assert weights["log_defendants"] < 0
    sure = [(record_weights.sure(one, weights), one.document.right) for one in found]
    assert math.isclose(sum(one for one, _ in sure), sum(right for _, right in sure), rel_tol=0.01)
    assert expected_calibration_error(by_mass(sure)) < 0.03
    caught, wrong = in_lowest(sure)
    assert caught / wrong > 0.6
    assert record_weights.fit(found) == weights


def test_no_court_is_weighed_by_weights_made_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(records(120))
    made_of: list[set[int]] = []

    def fit(given: Sequence[Weighed]) -> dict[str, float]:
        made_of.append({fold_of(one.document) for one in given})
        return {INTERCEPT: 0.0}

    monkeypatch.setattr(record_weights, "fit", fit)
    for one, sure in record_weights.held_out(found):
        assert fold_of(one.document) not in made_of[-1]
        assert sure == weigh_traits({}, {}) == 0.5
    assert len(made_of) > 5


def test_a_list_ends_with_the_signal_that_every_value_has() -> None:
    groups: dict[str, list[str]] = {}
    for row in read_lexicon("confidence"):
        assert 0 <= int(row["right_at_first"]) <= int(row["right"]) <= int(row["values"])
        assert 0 < float(row["confidence"]) < 1
        groups.setdefault(row["group"], []).append(row["signals"])
    assert all(lines[-1] == ANY and ANY not in lines[:-1] for lines in groups.values())
    assert {"plea", "recommendation", "sentence", "case.indictment_date"} <= groups.keys()


# Figures


@given(pairs)
def test_bins_hold_every_value_once(found: list[tuple[float, bool]]) -> None:
    for bins in (by_band(found), by_band(found, TENTHS), by_mass(found)):
        assert sum(one.values for one in bins) == len(found)
        assert sum(one.right for one in bins) == sum(right for _, right in found)
        assert 0 <= expected_calibration_error(bins) <= 1
        for one in bins:
            assert one.interval[0] - 1e-9 <= one.share <= one.interval[1] + 1e-9
    assert len(by_mass(found)) <= 10
    assert 0 <= brier(found) <= 1


def test_the_figures_of_a_small_input_worked_out_by_hand() -> None:
    found = [(0.95, True), (0.95, True), (0.95, True), (0.95, False), (0.4, False), (0.4, True)]
    top = by_band(found)[4]
    assert (top.low, top.values, top.right) == (0.95, 4, 3)
    assert math.isclose(expected_calibration_error(by_band(found, TENTHS)), (4 * 0.2 + 2 * 0.1) / 6)
    assert math.isclose(brier(found), (3 * 0.05**2 + 0.95**2 + 0.4**2 + 0.6**2) / 6)
    assert [one.values for one in by_mass(found, 2)] == [6]  # what has one confidence stays together
    assert [one.values for one in by_mass(found, 3)] == [2, 4]
    assert in_lowest(found, 0.34) == (1, 2)
    assert in_lowest([]) == (0, 0)


# What people found


def test_gold_and_reviews_judge_values(tmp_path: Path) -> None:
    record = extract(TEXT, "a")
    wrong = extract(TEXT.replace("拘役三个月", "拘役五个月"), "a")
    for name, which in (("gold.jsonl", record), ("pred.jsonl", wrong)):
        (tmp_path / name).write_bytes(encode(which) + b"\n")
    (by_gold,) = of_gold(tmp_path / "gold.jsonl", tmp_path / "pred.jsonl")
    assert {value.group for value in by_gold.seen if not value.right} == {"sentence"}
    assert not by_gold.right

    reviews = tmp_path / "reviews"
    reviews.mkdir()
    with (reviews / "some.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["doc_id", "defendant", "field", "verdict", "remark"])
        writer.writerow(["a", "1", "sentence.term", "wrong", ""])
        writer.writerow(["a", "0", "plea", "debatable", ""])
        writer.writerow(["a", "0", "counsel", "fixed", ""])
        writer.writerow(["a", "1", "name", "fixed", ""])
    (by_review,) = of_reviews(reviews, tmp_path / "pred.jsonl")
    assert [value.group for value in by_review.seen if not value.right] == ["sentence"]
    mended = [value for value in by_review.seen if value.right and not value.right_at_first]
    assert [(value.group, value.stated) for value in mended] == [("name", True), ("counsel", False)]
    assert len(by_review.seen) < len(by_gold.seen)  # what is debatable is passed over


def test_a_silent_group_is_wrong_where_gold_speaks(tmp_path: Path) -> None:
    silent = extract(TEXT.replace("犯盗窃罪，于2019年3月1日", "一案，于2019年3月1日"), "a")
    for name, which in (("gold.jsonl", extract(TEXT, "a")), ("pred.jsonl", silent)):
        (tmp_path / name).write_bytes(encode(which) + b"\n")
    (document,) = of_gold(tmp_path / "gold.jsonl", tmp_path / "pred.jsonl")
    wrong = [value for value in document.seen if not value.right]
    assert {(value.group, SILENT in value.signals) for value in wrong} == {("charges_prosecuted", True)}
    assert not any(value.stated for value in wrong)


@pytest.mark.parametrize("path", sorted((Path(judged.__file__).parent / "reviews").glob("*.csv")), ids=lambda p: p.stem)
def test_reviews_are_well_formed_and_hold_no_text(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["doc_id"] for row in rows}) >= 5
    for row in rows:
        assert row["verdict"] in {"right", "wrong", "fixed", "debatable"}, row
        assert row["doc_id"]
        assert row["field"]
        assert not any("\u4e00" <= c <= "\u9fff" for c in row["remark"]), row
