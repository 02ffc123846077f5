"""Readers side by side: the scorer's figures, the bootstrap's intervals, the command."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from panjue.cli import main
from panjue.eval.comparison import FIGURES, Comparison, Interval, Standing, compare
from panjue.eval.gate import shares
from panjue.eval.records import read_records
from panjue.eval.score import score

GOLD = Path(__file__).with_name("eval_data") / "gold.jsonl"


def judgments(*courts: str | None) -> Any:
    """One judgment of each court named, gold's first one again and again."""
    made: Any = {}
    for number, court in enumerate(courts):
        record: Any = copy.deepcopy(next(iter(read_records(GOLD).values())))
        record["doc_id"] = str(number)
        record["case"]["court"] = court
        made[record["doc_id"]] = record
    return made


def wrong_in(gold: Any, *doc_ids: str) -> Any:
    """Gold with the stage of the plea wrong in some judgments."""
    made = copy.deepcopy(gold)
    for doc_id in doc_ids:
        for defendant in made[doc_id]["defendants"]:
            defendant["plea"]["stage"] = "trial_second"
    return made


def figures(found: Comparison, figure: str, reader: int) -> tuple[Interval, Interval]:
    one = found.all[figure][reader]
    assert one.share
    assert one.difference
    return one.share, one.difference


def test_figures_are_the_scorers(examples: Path) -> None:
    gold = read_records(examples / "gold.jsonl")
    some = wrong_in(gold, *list(gold)[::2])
    del some[list(gold)[3]]
    measured, found = shares(score(gold, some)), compare(gold, {"gold": gold, "some": some}, resamples=10)
    assert found.documents == len(gold)
    for figure in FIGURES[:-1]:
        share, _ = figures(found, figure, 1)
        assert measured[figure] <= share.value < measured[figure] + 0.0001
    tally = score(gold, some).tallies["plea.stage"]
    active = found.active["plea.stage"][1].share
    assert active
    assert active.value == tally.active_right / tally.active_total
    assert not any(name.startswith("case.") for name in found.active)


def test_intervals_are_those_of_scoring_the_resampled_judgments() -> None:
    """Judgments of the drawn courts are scored as a gold set of its own, one draw after the other."""
    gold = judgments("甲", "甲", "乙", "丙", "丙", "丁")
    readers = {"gold": wrong_in(gold, "5"), "other": wrong_in(gold, "0", "3")}
    courts = [["0", "1"], ["2"], ["3", "4"], ["5"]]
    draws = np.random.default_rng(7).multinomial(4, [0.25] * 4, 50)
    expected: dict[str, list[float]] = {name: [] for name in readers}
    for draw in draws:
        drawn = [doc_id for court, times in zip(courts, draw, strict=True) for doc_id in court * times]
        again = {str(place): gold[doc_id] for place, doc_id in enumerate(drawn)}
        for name, records in readers.items():
            report = score(again, {str(place): records[doc_id] for place, doc_id in enumerate(drawn)})
            tally = report.tallies["plea.stage"]
            expected[name].append(tally.right / tally.total)
    found = compare(gold, readers, resamples=50, seed=7)
    share, difference = figures(found, "plea.stage", 1)
    assert (share.low, share.high) == pytest.approx(np.percentile(expected["other"], [2.5, 97.5]))
    apart = np.array(expected["other"]) - np.array(expected["gold"])
    assert (difference.low, difference.high) == pytest.approx(np.percentile(apart, [2.5, 97.5]))


def test_judgments_of_one_court_are_drawn_together() -> None:
    half = ["0", "2", "4"]
    one, many = judgments(*["甲"] * 6), judgments(*"甲乙丙丁戊己")
    share, _ = figures(compare(one, {"gold": one, "half": wrong_in(one, *half)}), "document exact", 1)
    assert (share.low, share.value, share.high) == (0.5, 0.5, 0.5)
    share, _ = figures(compare(many, {"gold": many, "half": wrong_in(many, *half)}), "document exact", 1)
    assert share.low < 0.2
    assert share.high > 0.8


def test_judgments_without_a_court_stand_alone() -> None:
    gold = judgments(None, None, "甲", "甲")
    assert compare(gold, {"gold": gold}, resamples=5).courts == 3


def test_what_differs_and_what_may_be_chance() -> None:
    gold = judgments(*map(str, range(40)))
    rarely, mostly = wrong_in(gold, "0"), wrong_in(gold, *map(str, range(0, 40, 2)))
    found = compare(gold, {"gold": gold, "rarely": rarely, "mostly": mostly, "same": gold})
    assert found.all["plea.stage"][0].difference is None
    _, difference = figures(found, "plea.stage", 1)
    assert difference.value == pytest.approx(-1 / 40)
    assert not difference.excludes_zero
    _, difference = figures(found, "plea.stage", 2)
    assert difference.value == pytest.approx(-0.5)
    assert difference.excludes_zero
    assert figures(found, "plea.stage", 3)[1] == Interval(0, 0, 0)
    assert figures(found, "sentence.term", 2)[1] == Interval(0, 0, 0)


def test_the_mean_is_that_of_the_fields() -> None:
    gold = judgments("甲", "乙")
    _, difference = figures(compare(gold, {"gold": gold, "half": wrong_in(gold, "0")}), "mean of fields", 1)
    fields = len(FIGURES) - 5
    assert difference.value == pytest.approx(-0.5 / fields)


def test_what_is_not_there_has_no_figure() -> None:
    gold = judgments("甲", "乙")
    found = compare(gold, {"gold": gold, "nothing": {}})
    assert found.all["defendants precision"][1] == Standing(None, None)
    assert figures(found, "defendants recall", 1)[0].value == 0


def test_the_seed_decides() -> None:
    gold = judgments(*map(str, range(30)))
    readers = {"gold": gold, "other": wrong_in(gold, *"0123456")}
    first, again, another = (compare(gold, readers, resamples=200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.all != another.all


# The command


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare-readers", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    gold = judgments(*map(str, range(20)))
    made = {"gold": gold, "other": wrong_in(gold, *map(str, range(0, 20, 2)))}
    for name, records in made.items():
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records.values())
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return {name: tmp_path / f"{name}.jsonl" for name in made}


def test_tables_on_screen_in_markdown_and_in_json(files: dict[str, Path], tmp_path: Path) -> None:
    gold, other = files.values()
    card, out = tmp_path / "card.md", tmp_path / "out.json"
    result = call("--gold", gold, "--pred", f"rules={gold}", "--pred", f"other={other}", "--markdown", card, "--json", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if "plea.stage" in line)
    assert lines[at].split() == ["plea.stage", "认罪认罚阶段", "100.0", "(100.0–100.0)", "50.0", "(30.0–70.0)"]
    assert lines[at + 1].split() == ["-50.0", "(-70.0", "to", "-30.0)", "*"]
    assert "20 judgments" in lines[-1]
    assert "20 courts" in lines[-1]
    rows = card.read_text(encoding="utf-8").splitlines()
    assert "| plea.stage | 100.0 (100.0–100.0) | 50.0 (30.0–70.0) * |" in rows
    assert "| sentence.term | 100.0 (100.0–100.0) | 100.0 (100.0–100.0) |" in rows
    assert rows.count("| field | rules | other |") == 2
    written = json.loads(out.read_bytes())
    assert written["all"]["plea.stage"][1]["difference"] == pytest.approx({"value": -0.5, "low": -0.7, "high": -0.3})
    alone = call("--gold", gold, "--pred", f"rules={gold}", "--pred", f"other={other}", "--json", "-")
    assert json.loads(alone.stdout) == written


@pytest.mark.parametrize(
    ("readers", "message"),
    [
        (["{gold}"], "give it a name"),
        (["={gold}"], "give it a name"),
        (["a={gold}", "a={gold}"], "a for the second time"),
        (["a={gold}x"], "no such file or folder"),
        ([], "Missing option '--pred'"),
    ],
)
def test_what_cannot_be_compared_is_told(files: dict[str, Path], readers: list[str], message: str) -> None:
    given = [f"--pred={one.format(gold=files['gold'])}" for one in readers]
    result = call("--gold", files["gold"], *given)
    assert result.exit_code == 2
    assert message in result.stderr


def test_numpy_is_named_if_it_is_missing(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "panjue.eval.comparison")
    result = call("--gold", files["gold"], "--pred", f"a={files['gold']}")
    assert result.exit_code == 1
    assert "numpy is not installed: pip install 'panjue[eval]'" in result.stderr
