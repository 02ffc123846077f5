"""``panjue eval`` and ``panjue gate`` as they are called: what they print, write, and exit with."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from panjue.eval.command import eval_command
from panjue.eval.gate import FLOORS, gate_command, read_floors
from panjue.eval.records import InputError, read_records, read_texts

EXAMPLES = Path(__file__).with_name("eval_data")
GOLD, TEXTS = EXAMPLES / "gold.jsonl", EXAMPLES / "texts.jsonl"


@pytest.fixture
def wrong() -> Any:
    """Predictions with one value wrong, with its evidence, and one document missing."""
    records: Any = copy.deepcopy(read_records(GOLD))
    del records["three"]
    records["two"]["defendants"][0]["plea"]["stage"] = "trial_first"
    start = read_texts(TEXTS)["two"].index("钱一平自愿")
    records["two"]["evidence"].append(
        {
            "path": "/defendants/0/plea/stage",
            "start": start,
            "end": start + 3,
            "source": "rule:plea.court",
            "confidence": 0.5,
        }
    )
    return records


def write(path: Path, records: Any) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records.values()), "utf-8")
    return path


def call(command: Any, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_eval_prints_figures_with_legal_terms(tmp_path: Path, wrong: Any) -> None:
    result = call(eval_command, "--gold", GOLD, "--pred", write(tmp_path / "p.jsonl", wrong), "--texts", TEXTS)
    assert result.exit_code == 0, result.output
    line = next(line for line in result.stdout.splitlines() if "plea.stage" in line)
    assert line.split() == ["plea.stage", "认罪认罚阶段", "2/6", "33.3%", "0/4", "0.0%"]
    assert "precision 100.0%, recall 50.0%" in result.stdout
    assert "1 document(s) not in" in result.stderr
    assert "three" in result.stderr


def test_eval_prints_errors_with_their_text(tmp_path: Path, wrong: Any) -> None:
    pred = write(tmp_path / "p.jsonl", wrong)
    result = call(eval_command, "--gold", GOLD, "--pred", pred, "--texts", TEXTS, "--errors", 3)
    assert "two 钱一平: gold review_for_prosecution, got trial_first" in result.stdout
    assert "⟦签署认罪认罚具结书⟧" in result.stdout
    assert "⟦钱一平⟧" in result.stdout
    assert "rule:plea.court 0.5" in result.stdout
    assert "plea.status 认罪认罚: 3, 3 of defendants not found" in result.stdout


def test_eval_does_not_show_evidence_of_another_text(tmp_path: Path, wrong: Any) -> None:
    wrong["two"]["text_sha256"] = "0" * 64
    pred = write(tmp_path / "p.jsonl", wrong)
    result = call(eval_command, "--gold", GOLD, "--pred", pred, "--texts", TEXTS, "--errors", 3)
    assert "⟦签署认罪认罚具结书⟧" in result.stdout
    assert "⟦钱一平⟧" not in result.stdout
    assert "another text" in result.stdout


def test_eval_json_is_the_only_output(tmp_path: Path, wrong: Any) -> None:
    pred = write(tmp_path / "p.jsonl", wrong)
    document = json.loads(call(eval_command, "--gold", GOLD, "--pred", pred, "--json", "-").stdout)
    assert document["figures"]["plea.stage"] == {"right": 2, "total": 6, "active_right": 0, "active_total": 4}
    assert document["defendants"]["recall"] == 0.5
    assert {"field": "plea.stage", "gold": "review_for_prosecution", "predicted": "trial_first"}.items() <= next(
        error for error in document["errors"] if error["field"] == "plea.stage" and error["doc_id"] == "two"
    ).items()
    file = tmp_path / "figures.json"
    assert "plea.stage" in call(eval_command, "--gold", GOLD, "--pred", pred, "--json", file).stdout
    assert json.loads(file.read_bytes()) == document


def test_eval_against_prints_gains_and_losses(tmp_path: Path, wrong: Any) -> None:
    before = write(tmp_path / "before.jsonl", wrong)
    wrong["two"]["defendants"][0]["plea"]["stage"] = "review_for_prosecution"
    wrong["two"]["defendants"][1]["sentence"]["probation_months"] = None
    after = write(tmp_path / "after.jsonl", wrong)
    result = call(eval_command, "--gold", GOLD, "--pred", after, "--texts", TEXTS, "--against", before)
    _, losses = result.stdout.split("losses: right before, now")
    losses, gains = losses.split("gains: right now, before")
    assert "two 孙小满: gold 4.0, got null" in losses
    assert "⟦拘役二个月⟧，缓刑四个月" in losses
    assert "two 钱一平: gold review_for_prosecution, got trial_first" in gains
    assert "three" not in losses + gains  # wrong before and after
    same = call(eval_command, "--gold", GOLD, "--pred", after, "--against", after)
    assert "no gains and no losses" in same.stdout


def test_eval_confidence(tmp_path: Path, wrong: Any) -> None:
    result = call(eval_command, "--gold", GOLD, "--pred", write(tmp_path / "p.jsonl", wrong), "--confidence")
    rows = {line.split("  ")[1]: line.split()[3:6] for line in result.stdout.splitlines() if line.startswith("  0.")}
    assert rows["0.5 – 0.8"] == ["1", "0", "0.0%"]
    assert re.search(r"1 of the 1 wrong values, and 1 of all \d+, have a confidence under 0.95", result.stdout)
    assert "in ten bins of equal width" in result.stdout
    assert "records with an error" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"doc_id": "two"}\n{"doc_id": \n', "p.jsonl:2: invalid JSON"),
        ('\n{"defendants": []}\n', "p.jsonl:2: Object missing required field `doc_id`"),
        ('["two"]\n', "p.jsonl:1: Expected `object`"),
        ('{"doc_id": "two", "defendants": ["钱一平"]}\n', "p.jsonl:1: Expected `object`"),
        ('{"doc_id": "two", "evidence": [{"path": "/case", "start": 1}]}\n', "p.jsonl:1: Object missing"),
        ('{"doc_id": "two"}\n{"doc_id": "two"}\n', "p.jsonl:2: doc_id 'two' for the second time"),
        ('{"doc_id": "elsewhere"}\n', "has none of the documents of"),
        ("\n", "no records"),
    ],
)
def test_eval_names_what_is_wrong_with_a_file(tmp_path: Path, content: str, message: str) -> None:
    pred = tmp_path / "p.jsonl"
    pred.write_text(content, "utf-8")
    result = call(eval_command, "--gold", GOLD, "--pred", pred)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_eval_names_missing_and_undecodable_files(tmp_path: Path) -> None:
    result = call(eval_command, "--gold", GOLD, "--pred", tmp_path / "nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl" in result.stderr
    (tmp_path / "p.jsonl").write_bytes("被告人钱一平".encode("gb18030"))
    with pytest.raises(InputError, match=r"p\.jsonl: not UTF-8"):
        read_records(tmp_path / "p.jsonl")


def test_records_of_an_output_folder(tmp_path: Path) -> None:
    gold = read_records(GOLD)
    write(tmp_path / "records.jsonl", gold)
    (tmp_path / "errors.jsonl").write_text('{"file": "x", "reason": "empty"}\n')
    assert read_records(tmp_path) == gold


def test_records_of_a_folder_of_parts(tmp_path: Path) -> None:
    gold = read_records(GOLD)
    for doc_id, record in gold.items():
        write(tmp_path / f"{doc_id}.jsonl", {doc_id: record})
    assert read_records(tmp_path) == gold


# The gate


@pytest.fixture
def gate(tmp_path: Path) -> Any:
    """The gate with floors pinned on gold against itself, and on a copy of gold that a test may change."""
    gold, floors = tmp_path / "gold.jsonl", tmp_path / "floors.json"
    gold.write_bytes(GOLD.read_bytes())

    def run(pred: Path, *arguments: str) -> Result:
        return call(gate_command, "--gold", gold, "--pred", pred, "--texts", TEXTS, "--floors", floors, *arguments)

    assert "no floors" in run(gold).stderr
    assert run(gold, "--raise").exit_code == 0
    return run


def test_gate_passes_at_the_floors_and_fails_under_them(tmp_path: Path, gate: Any, wrong: Any) -> None:
    assert gate(tmp_path / "gold.jsonl").exit_code == 0
    wrong["three"] = read_records(GOLD)["three"]
    result = gate(write(tmp_path / "p.jsonl", wrong))
    assert result.exit_code == 1
    assert "plea.stage: 0.8333 is under its floor 1.0000" in result.stderr
    assert "sentence.term:" not in result.stderr


def test_gate_pins_every_figure(tmp_path: Path, gate: Any) -> None:
    (pinned,) = read_floors(tmp_path / "floors.json").values()
    assert {"case.court", "plea.stage", "counsel", "group sentence", "document exact"} <= pinned.floors.keys()
    assert {"evidence plea", "defendants precision", "defendants recall"} <= pinned.floors.keys()
    without_texts = call(
        gate_command,
        "--gold",
        tmp_path / "gold.jsonl",
        "--pred",
        GOLD,
        "--floors",
        tmp_path / "floors.json",
    )
    assert without_texts.exit_code == 1
    assert "evidence plea: has a floor and was not measured" in without_texts.stderr


def test_gate_raise_never_lowers(tmp_path: Path, gate: Any, wrong: Any) -> None:
    floors = tmp_path / "floors.json"
    pinned = json.loads(floors.read_bytes())
    (gold_set,) = pinned.values()
    gold_set["floors"]["sentence.term"] = 0.5
    floors.write_text(json.dumps(pinned))
    wrong["three"] = read_records(GOLD)["three"]
    assert gate(write(tmp_path / "p.jsonl", wrong), "--raise").exit_code == 1
    (after,) = read_floors(floors).values()
    assert after.floors["sentence.term"] == 1.0
    assert after.floors["plea.stage"] == 1.0


def test_gate_lowers_one_floor_with_a_reason(tmp_path: Path, gate: Any, wrong: Any) -> None:
    pred = write(tmp_path / "p.jsonl", wrong)
    before = (tmp_path / "floors.json").read_bytes()
    assert gate(pred, "--lower", "plea.stage").exit_code == 2
    assert gate(pred, "--lower", "plea.stage", "--why", " ").exit_code == 2
    assert gate(pred, "--lower", "plea.stag", "--why", "a reason").exit_code == 2
    assert gate(tmp_path / "gold.jsonl", "--lower", "plea.stage", "--why", "a reason").exit_code == 2
    assert (tmp_path / "floors.json").read_bytes() == before
    result = gate(pred, "--lower", "plea.stage", "--why", "the stage is read strictly now")
    assert result.exit_code == 1  # the other floors stand
    assert "plea.stage:" not in result.stderr
    assert "plea.status: 0.5000 is under its floor 1.0000" in result.stderr
    (after,) = read_floors(tmp_path / "floors.json").values()
    assert after.floors["plea.stage"] == 0.3333
    assert after.floors["plea.status"] == 1.0
    assert [(entry.figure, entry.before, entry.why) for entry in after.lowered] == [
        ("plea.stage", 1.0, "the stage is read strictly now")
    ]


def test_gate_notices_that_gold_has_changed(tmp_path: Path, gate: Any, wrong: Any) -> None:
    gold = tmp_path / "gold.jsonl"
    pred = write(tmp_path / "p.jsonl", read_records(GOLD))
    write(gold, wrong)
    for arguments in ([], ["--raise"], ["--why", "gold corrected"]):
        result = gate(pred, *arguments)
        assert result.exit_code == 2
        assert "not the gold its floors were measured on" in result.stderr
    assert gate(pred, "--raise", "--why", "gold corrected").exit_code == 0
    (after,) = read_floors(tmp_path / "floors.json").values()
    assert after.floors["plea.stage"] == 0.6666
    assert {entry.why for entry in after.lowered} == {"gold corrected"}
    assert gate(pred).exit_code == 0


def test_pinned_floors_can_be_read_and_every_lowering_has_its_reason() -> None:
    for gold_set in read_floors(FLOORS).values():
        assert all(0 <= floor <= 1 for floor in gold_set.floors.values())
        assert all(entry.why.strip() for entry in gold_set.lowered)
