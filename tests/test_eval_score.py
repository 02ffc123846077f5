"""The figures of a small input worked out by hand, the table of fields, passages and confidence."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from panjue.eval.confidence import calibrate
from panjue.eval.display import label, order
from panjue.eval.fields import DEFENDANT_FIELDS, FIELDS, Field, is_empty
from panjue.eval.passages import evidence_of, excerpt
from panjue.eval.records import read_records, read_texts
from panjue.eval.score import Report, changes, score
from panjue.extractors.record import Case, Defendant

EXAMPLES = Path(__file__).with_name("eval_data")


@pytest.fixture
def gold() -> Any:
    return read_records(EXAMPLES / "gold.jsonl")


@pytest.fixture
def texts() -> dict[str, str]:
    return read_texts(EXAMPLES / "texts.jsonl")


# The same figures as worked out by hand


@pytest.fixture
def small(gold: Any, texts: dict[str, str]) -> Report:
    """Two documents with three defendants; one document was not predicted."""
    full, light = copy.deepcopy(gold["two"]["defendants"])
    full["plea"]["stage"] = "trial_first"
    full["sentence"]["counts"].reverse()  # order says nothing
    full["name"] = "钱 一平"
    light["sentence"]["probation_months"] = None
    predicted = {
        "doc_id": "two",
        "case": {**gold["two"]["case"], "court": "虚构县 人民法院", "procedure": "expedited"},
        "defendants": [light, {**light, "name": "吴某"}, full],
        "evidence": [{"path": "/defendants/2/sentence/months", "start": 16, "end": 19}],
    }
    return score({k: gold[k] for k in ("two", "one")}, {"two": predicted}, texts)


def tally(report: Report, name: str) -> tuple[Any, ...]:
    return msgspec.structs.astuple(report.tallies[name])


def test_figures_of_a_small_input(small: Report) -> None:
    assert tally(small, "case.court") == (1, 2, 0, 0)
    assert tally(small, "case.procedure") == (0, 2, 0, 0)
    assert tally(small, "case.indictment_date") == (2, 2, 0, 0)
    assert tally(small, "plea.status") == (2, 3, 2, 3)
    assert tally(small, "plea.stage") == (1, 3, 0, 2)
    assert tally(small, "sentence.counts") == (2, 3, 2, 3)
    assert tally(small, "sentence.probation_months") == (1, 3, 1, 3)
    assert tally(small, "counsel") == (2, 3, 1, 2)
    assert tally(small, "group plea") == (1, 3, 0, 0)
    assert tally(small, "group sentence") == (1, 3, 0, 0)
    assert tally(small, "group charges") == (2, 3, 0, 0)
    assert tally(small, "defendant exact") == (0, 3, 0, 0)
    assert tally(small, "document exact") == (0, 2, 0, 0)
    assert tally(small, "evidence sentence") == (1, 2, 0, 0)
    assert tally(small, "evidence plea") == (0, 1, 0, 0)
    assert (small.defendants_matched, small.defendants_gold, small.defendants_predicted) == (2, 3, 3)
    assert small.precision == pytest.approx(2 / 3)
    assert small.recall == pytest.approx(2 / 3)


def test_misses_of_a_small_input(small: Report) -> None:
    misses = {miss.key: miss for miss in small.misses}
    stage = misses["plea.stage", "two", 0]
    assert (stage.name, stage.gold, stage.predicted) == ("钱一平", "review_for_prosecution", "trial_first")
    assert stage.predicted_defendant == 2
    assert misses["defendants", "two", None].predicted == ("吴某", "孙小满", "钱一平")
    assert misses["evidence sentence", "two", 1].gold == "拘役二个月"


def test_gold_against_itself_is_right_throughout(gold: Any, texts: dict[str, str]) -> None:
    report = score(gold, gold, texts)
    assert report.misses == []
    assert all(t.right == t.total and t.active_right == t.active_total for t in report.tallies.values())
    assert (report.precision, report.recall) == (1.0, 1.0)


def test_changes_tell_gains_from_losses(gold: Any) -> None:
    before, after = copy.deepcopy(gold), copy.deepcopy(gold)
    before["two"]["defendants"][0]["plea"]["stage"] = "investigation"
    after["two"]["defendants"][1]["plea"]["status"] = "denied"
    before["one"]["case"]["court"] = after["one"]["case"]["court"] = "远方县人民法院"
    gains, losses = changes(score(gold, before), score(gold, after))
    assert [miss.key for miss in gains] == [("plea.stage", "two", 0)]
    assert [miss.key for miss in losses] == [("plea.status", "two", 1)]


# The table of fields


def leaves(struct: type[msgspec.Struct], prefix: str = "") -> set[str]:
    result = set()
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            result |= leaves(field.type, f"{prefix}{field.name}/")
        else:
            result.add(prefix + field.name)
    return result


def test_every_field_of_the_record_is_compared() -> None:
    compared = {pointer for field in FIELDS.values() for pointer in field.pointers}
    matched_not_compared = {"name", "kind", "plea/stage_basis"}
    assert compared | matched_not_compared == leaves(Case, "case/") | leaves(Defendant)


@pytest.mark.parametrize("field", DEFENDANT_FIELDS, ids=lambda field: field.name)
def test_a_change_at_every_pointer_changes_the_value(field: Field, gold: Any) -> None:
    before = gold["two"]["defendants"][0]
    assert not is_empty(field.value(before))
    for pointer in field.pointers:
        after = copy.deepcopy(before)
        *parents, key = pointer.split("/")
        owner = after[parents[0]] if parents else after
        old = owner[key]
        owner[key] = old + 1 if isinstance(old, int) else [] if isinstance(old, list) else "else"
        assert field.value(after) != field.value(before), pointer


def test_every_figure_has_a_label(small: Report) -> None:
    assert all(label(name) for name in order({*small.tallies, *(miss.field for miss in small.misses)}))


# Passages and confidence


def test_evidence_is_the_nearest() -> None:
    entries = [{"path": p, "start": 0, "end": 1} for p in ("/defendants/0/sentence", "/defendants/0/sentence/counts/1")]
    assert evidence_of({"evidence": entries}, ("/defendants/0/sentence/counts",)) == entries[1:]
    assert evidence_of({"evidence": entries}, ("/defendants/0/sentence/months",)) == entries[:1]
    assert evidence_of({"evidence": entries}, ("/defendants/0/plea/status",)) == []
    assert evidence_of({"evidence": entries}, ("/defendants/00/sentence",)) == []
    assert evidence_of({}, ("/case/court",)) == []


def test_excerpts_cannot_command_the_terminal() -> None:
    shown = excerpt("前\x1b[31m\u3000\n后文\ud800", 1, 6, context=3)
    assert shown == "前⟦\ufffd[31m⟧ 后…"
    assert len(excerpt("长" * 10_000, 0, 10_000)) < 200


def test_confidence_of_values(gold: Any) -> None:
    predicted = copy.deepcopy(gold["two"])
    predicted["defendants"][0]["sentence"]["months"] = 8
    predicted["defendants"].append({**predicted["defendants"][1], "name": "吴某"})
    paths = [
        ("/defendants/0/sentence", 0.9),
        ("/defendants/0/sentence/months", 0.4),
        ("/defendants/0/sentence/days", 0.7),
        ("/defendants/2/plea", 0.3),
    ]
    predicted["evidence"] = [{"path": path, "start": 0, "end": 1, "confidence": c} for path, c in paths]
    values = calibrate(gold, {"two": predicted, "unknown": predicted})
    assert [(v.confidence, v.right) for v in values if v.field == "sentence.term"] == [
        (0.4, False),  # of two passages the less sure
        (None, True),
        (None, False),  # of a defendant gold does not have
    ]
    assert [(v.confidence, v.right) for v in values if v.field == "sentence.fine"] == [(0.9, True)]
    assert [(v.confidence, v.right) for v in values if v.field == "plea.status"] == [
        (None, True),
        (None, True),
        (0.3, False),
    ]
    assert sum(v.field == "case.court" for v in values) == 1
    assert not [v for v in values if v.field == "case.procuratorate"]
