"""What tagged passages say of each defendant, and whom the table trusts with it."""

from __future__ import annotations

import pytest

from panjue.eval.deciding import Outcome, fit
from panjue.extractors.groups import Roster
from panjue.extractors.pipeline import extract
from panjue.extractors.record import Counsel
from panjue.extractors.view import View
from panjue.models.deciding import SOURCE, Decision, Disputed, Table, disputed, settle, situation
from panjue.models.tagger.examples import Span
from panjue.models.tagger.reading import Reading, parties_of, read_tagged, sections_of
from panjue.models.tagger.tagger import Scored

TEXT = (
    "被告人柳青禾，男。辩护人古月明，浙江溪源律师事务所律师。被告人严守田，男。"
    "检察院指控被告人柳青禾犯盗窃罪、被告人严守田犯诈骗罪。"
    "建议判处被告人柳青禾有期徒刑六个月至十个月。二被告人愿认愿罚。本院予以采纳。判决如下：被告人柳青禾犯盗窃罪。"
)


def marked(label: str, words: str, score: float = 3.0, after: str = "") -> Scored:
    start = TEXT.index(words, TEXT.index(after))
    return Scored(Span(start, start + len(words), label), score)


TAGGED = [
    marked("DEFENDANT", "柳青禾"),
    marked("DEFENDANT", "严守田"),
    marked("COUNSEL=retained", "辩护人古月明，浙江溪源律师事务所律师"),
    marked("CHARGE_PROSECUTED", "犯盗窃罪"),
    marked("CHARGE_PROSECUTED", "犯诈骗罪"),
    marked("RECOMMENDATION", "建议判处被告人柳青禾有期徒刑六个月至十个月"),
    marked("PLEA=applied", "愿认愿罚"),
    marked("PLEA=plea_only", "愿认愿罚", 1.0),
    marked("RESPONSE=adopted", "予以采纳"),
    marked("CHARGE_CONVICTED", "犯盗窃罪", after="判决如下"),
]


@pytest.fixture
def readings() -> list[dict[str, Reading]]:
    roster = Roster(parties_of(TAGGED, TEXT))
    roster.mask(TEXT)
    return read_tagged(TAGGED, TEXT, roster)


def test_each_defendant_gets_what_is_said_of_him(readings: list[dict[str, Reading]]) -> None:
    first, second = readings
    assert first["counsel"].value == [Counsel(name="古月明", kind="retained")]
    assert "counsel" not in second
    assert (first["charges_prosecuted"].value, second["charges_prosecuted"].value) == (["盗窃罪"], ["诈骗罪"])
    assert (first["recommendation"].value.min_months, first["recommendation"].value.max_months) == (6, 10)
    assert "recommendation" not in second
    assert first["plea/status"].value == second["plea/status"].value == "applied"  # the surer, and of both
    assert first["recommendation/court_response"].value == "adopted"
    assert first["charges_convicted"].value == ["盗窃罪"]
    assert "charges_convicted" not in second
    assert TEXT[first["plea/status"].start : first["plea/status"].end] == "愿认愿罚"


def test_sections_stand_in_the_order_of_a_judgment() -> None:
    procedure = marked("SECTION=procedure", "检察院指控")
    disposition = marked("SECTION=disposition", "被告人柳青禾犯盗窃罪", after="判决如下")
    out_of_order = marked("SECTION=opinion", "被告人柳青禾，男", 0.1)
    found = sections_of([out_of_order, procedure, disposition], len(TEXT))
    assert found is not None
    assert found.procedure.start == procedure.span.start
    assert found.disposition == (disposition.span.start, len(TEXT))
    assert found.opinion.end == disposition.span.start
    assert [start for start, _ in found] == sorted(start for start, _ in found)
    assert sections_of([procedure], len(TEXT)) is None


def test_the_rules_stand_where_the_table_does_not_say_otherwise(readings: list[dict[str, Reading]]) -> None:
    before = extract(TEXT, "a")
    record = extract(TEXT, "a")
    assert settle(record, readings, View(TEXT), {}) == 0
    assert record == before
    silent = [d for d in disputed(record, readings) if d.field == "plea/status"]
    assert [d.situation for d in silent] == ["silent", "silent"]
    assert situation(record, 0, "charges_prosecuted") == "sure"
    table: Table = {
        ("plea/status", "silent"): Decision(2.0, 9, 10),
        ("charges_prosecuted", "silent"): Decision(0.0, 1, 1),
    }
    assert settle(record, readings, View(TEXT), table) == 2
    assert [one.plea.status for one in record.defendants] == ["applied", "applied"]
    assert record.defendants[0].charges_prosecuted == before.defendants[0].charges_prosecuted
    evidence = [one for one in record.evidence if one.path == "/defendants/1/plea/status"]
    assert [(TEXT[one.start : one.end], one.source, one.confidence) for one in evidence] == [("愿认愿罚", SOURCE, 0.9)]
    unsure = extract(TEXT, "a")
    assert settle(unsure, readings, View(TEXT), {("plea/status", "silent"): Decision(3.1, 9, 10)}) == 0
    assert unsure == before


def test_the_least_score_is_the_one_that_gains_most() -> None:
    def outcome(score: float, before: int, after: int, *, plain: bool = False) -> Outcome:
        return Outcome(Disputed(0, "counsel", "silent", Reading([], 0, 1, score)), before, after, 1, plain)

    gains = [outcome(9, 0, 1), outcome(8, 0, 1), outcome(7, 0, 0), outcome(6, 0, 1), outcome(5, 1, 0)]
    assert fit(gains) == {("counsel", "silent"): Decision(6, 3, 4)}
    assert fit(gains[:2]) == {}  # too little to go by
    assert fit([outcome(9, 1, 0)] * 9) == {}
    assert fit([outcome(9.5, 1, 0, plain=True), *gains]) == {}  # it gains, but not on judgments as they were


def test_every_passage_of_a_list_has_the_confidence_of_the_decision() -> None:
    record = extract(TEXT, "a")
    record.defendants[0].counsel = []
    both = [Counsel(name="古月明", kind="retained"), Counsel(name="林觉", kind="retained")]
    taken = settle(record, [{"counsel": Reading(both, 0, 3, 2.0)}, {}], View(TEXT), {("counsel", "silent"): Decision(1.0, 9, 10)})  # fmt: skip
    found = [(one.path, one.confidence) for one in record.evidence if one.source == SOURCE]
    assert taken == 1
    assert found == [("/defendants/0/counsel/0", 0.9), ("/defendants/0/counsel/1", 0.9)]
