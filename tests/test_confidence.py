"""How sure a value is: signals of a record, decision lists, and what reviews add to them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panjue import extract
from panjue.eval import reliability
from panjue.eval.reliability import Seen, decision_list, of_gold, of_reviews
from panjue.extractors.confidence import ANY, confidence, lower_bound, signals
from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.record import encode

TEXT = (
    "云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人柳青禾，男，1990年1月2日出生。 "
    "被告人白术，男，1991年1月2日出生。 云州市临溪县人民检察院指控被告人柳青禾、白术犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。 "
    "被告人柳青禾、白术对指控无异议。 本院认为，被告人柳青禾自愿认罪认罚。判决如下： 一、被告人柳青禾犯盗窃罪，判处拘役三个月。"
    "二、被告人白术犯盗窃罪，判处拘役九个月。 审判员 甲 二〇一九年三月九日 书记员 乙"
)


@given(st.integers(0, 400), st.integers(0, 400))
def test_more_values_make_a_share_more_certain(right: int, wrong: int) -> None:
    values = right + wrong
    assert 0 <= lower_bound(right, values) <= (right / values if values else 0)
    if values:
        assert lower_bound(right, values) <= lower_bound(10 * right, 10 * values)


def test_signals_tell_the_rule_the_flags_and_the_rare_value() -> None:
    record = extract(TEXT)
    found = {(entry.path, signal) for entry, _, mine in signals(record) for signal in mine}
    assert ("/defendants/0/plea/status", "status=applied") in found
    assert ("/defendants/0/plea/status", "several_defendants") in found
    assert ("/defendants/1/sentence", "flag:term_outside_law") in found
    assert ("/defendants/0/sentence", "flag:term_outside_law") not in found


def test_every_passage_has_the_confidence_of_its_signals() -> None:
    record = extract(TEXT)
    assert record.evidence
    for entry, group, mine in signals(record):
        assert entry.confidence == confidence(group, frozenset(mine)) < 1


def test_the_least_reliable_signals_come_first_and_count_only_what_is_left() -> None:
    values = [Seen("g", frozenset({ANY, "a"}), False)] * 3 + [Seen("g", frozenset({ANY, "a", "b"}), False)]
    values += [Seen("g", frozenset({ANY, "b"}), True)] * 9 + [Seen("g", frozenset({ANY, "b"}), False)]
    values += [Seen("g", frozenset({ANY}), True)] * 20
    assert decision_list(values) == [("a", 0, 4), ("b", 9, 10), (ANY, 20, 20)]


def test_two_signals_together_can_be_worse_than_each() -> None:
    values = [Seen("g", frozenset({ANY, "a", "b"}), False)] * 4
    values += [Seen("g", frozenset({ANY, "a"}), True)] * 40 + [Seen("g", frozenset({ANY, "b"}), True)] * 40
    assert decision_list(values)[0] == ("a & b", 0, 4)


def test_a_list_ends_with_the_signal_that_every_value_has() -> None:
    groups: dict[str, list[str]] = {}
    for row in read_lexicon("confidence"):
        assert 0 <= int(row["right"]) <= int(row["values"])
        groups.setdefault(row["group"], []).append(row["signals"])
    assert all(lines[-1] == ANY and ANY not in lines[:-1] for lines in groups.values())


def test_gold_and_reviews_judge_values(tmp_path: Path) -> None:
    record = extract(TEXT, "a")
    wrong = extract(TEXT.replace("拘役三个月", "拘役五个月"), "a")
    for name, which in (("gold.jsonl", record), ("pred.jsonl", wrong)):
        (tmp_path / name).write_bytes(encode(which) + b"\n")
    judged = list(of_gold(tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"))
    assert {value.group for value in judged if not value.right} == {"sentence"}

    reviews = tmp_path / "reviews"
    reviews.mkdir()
    with (reviews / "some.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["doc_id", "defendant", "field", "verdict", "remark"])
        writer.writerow(["a", "1", "sentence.term", "wrong", ""])
        writer.writerow(["a", "0", "plea", "debatable", ""])
    read = list(of_reviews(reviews, tmp_path / "pred.jsonl"))
    assert [value.group for value in read if not value.right] == ["sentence"]
    assert len(read) < len(judged)  # what is debatable is passed over


@pytest.mark.parametrize(
    "path", sorted((Path(reliability.__file__).parent / "reviews").glob("*.csv")), ids=lambda p: p.stem
)
def test_reviews_are_well_formed_and_hold_no_text(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["doc_id"] for row in rows}) >= 5
    for row in rows:
        assert row["verdict"] in {"right", "wrong", "fixed", "debatable"}, row
        assert row["doc_id"]
        assert row["field"]
        assert not any("\u4e00" <= c <= "\u9fff" for c in row["remark"]), row
