from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.cli import main
from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record
from panjue.models.tagger.examples import read_examples
from panjue.models.tagger.silver import LABELS, PARTS, SECTIONS, VALUED, build, passages


@pytest.fixture(scope="module")
def judgments(request: pytest.FixtureRequest) -> list[tuple[Record, str]]:
    folder = request.config.rootpath / "corpora/examples/texts"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    return [(extract(text, f"d{number}"), text) for number, text in enumerate(texts)]


def test_spans_say_what_the_evidence_says(judgments: list[tuple[Record, str]]) -> None:
    seen = set()
    for record, text in judgments:
        known = {(one.start, one.end) for one in record.evidence}
        for example in passages(record, text, "train", 0.0):
            start = int(example.id.split(":")[1])
            assert text[start : start + len(example.text)] == example.text
            for span in example.entities:
                kind, _, value = span.label.partition("=")
                assert kind in ("SECTION", "GROUP", *PARTS) or (start + span.start, start + span.end) in known
                assert bool(value) == (kind in (*VALUED, "SECTION"))
                seen.add(span.label)
    assert {label.partition("=")[0] for label in seen} == {*LABELS.values(), *PARTS, "GROUP", "SECTION"}
    assert {f"SECTION={name}" for name in SECTIONS} <= seen
    assert {"PLEA=applied", "RESPONSE=adopted", "COUNSEL=legal_aid"} <= seen


def test_courts_and_the_same_judgment_stand_on_one_side(judgments: list[tuple[Record, str]]) -> None:
    made = []
    numbered = [text for record, text in judgments if record.case.case_number]
    for number in range(2 * len(numbered)):
        text = numbered[number % len(numbered)] + f"\n{number}"
        again = extract(text, f"e{number}")
        again.case.court = f"云州市第{number}区人民法院"  # the same judgment, as if of many courts
        made.append((again, text))
    found = build(made)
    assert found == build(made)
    side = {example.id.split(":")[0]: example.split for example in found.examples}
    for number in range(len(numbered)):
        first, second = side.get(f"e{number}"), side.get(f"e{number + len(numbered)}")
        assert first is None or second is None or first == second
    assert found.moved > 0
    alone = build(judgments)
    by_court: dict[str, set[str]] = {}
    for example in alone.examples:
        by_court.setdefault(example.group, set()).add(example.split)
    assert all(len(splits) == 1 for splits in by_court.values())


def test_frequent_labels_are_thinned_and_rare_ones_kept(judgments: list[tuple[Record, str]]) -> None:
    whole, thin = build(judgments, 0.0), build(judgments, 0.0, most=3)
    assert thin == build(judgments, 0.0, most=3)
    assert 0 < len(thin.examples) < len(whole.examples)
    assert [one for one in whole.examples if one in thin.examples] == thin.examples
    for label, count in whole.labels["train"].items():
        assert thin.labels["train"][label] >= min(1, count)
    assert {one.id for one in whole.examples if one.split != "train"} <= {one.id for one in thin.examples}


def test_the_command(root: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    out, output = tmp_path / "out", tmp_path / "examples.jsonl"
    texts = str(root / "corpora/examples/texts")
    assert runner.invoke(main, ["extract", texts, "-o", str(out), "--quiet"]).exit_code == 0
    result = runner.invoke(main, ["data", "build", str(out), "-o", str(output), "--most", "50"])
    assert result.exit_code == 0, result.output
    about = json.loads((tmp_path / "examples.about.json").read_text(encoding="utf-8"))
    assert about["examples"] == len(read_examples(output))
    assert sum(about["judgments"].values()) == len((out / "records.jsonl").read_text(encoding="utf-8").splitlines())
