from __future__ import annotations

import csv
import json
import random
import re
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.cli import main
from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.eval.perturb import WAYS, misread, rephrased


@pytest.mark.parametrize("way", WAYS)
def test_each_way_changes_the_text_the_same_each_time(way: str, examples: Path, tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        output = tmp_path / name
        result = CliRunner().invoke(main, ["perturb", str(examples / "texts"), "--way", way, "-o", str(output)])
        assert result.exit_code == 0, result.output
        written.append(output.read_bytes())
    assert written[0] == written[1]
    made = {row["doc_id"]: row["text"] for row in map(json.loads, written[0].splitlines())}
    texts = {one.doc_id: one.text for one in read([examples / "texts"]) if isinstance(one, Judgment)}
    assert made.keys() == texts.keys()
    assert any(made[doc_id] != text for doc_id, text in texts.items())


def test_as_many_characters_are_misread_as_it_says() -> None:
    text = "被告人柳青禾犯盗窃罪判处有期徒刑" * 500
    made = misread(text, 0.05, random.Random(1))
    lost = len(text) - len(made)
    assert 0.003 * len(text) < lost < 0.008 * len(text)


def test_a_rarer_phrase_says_the_same() -> None:
    draw = random.Random(0)
    made = {rephrased("判处有期徒刑一年六个月，缓刑二年", draw) for _ in range(800)}
    assert "判处有期徒刑一年六个月，宣告缓刑二年" in made
    assert "判处有期徒刑一年六个月缓刑二年" in made
    assert "判处有期徒刑一年又六个月，缓刑二年" in made


def test_every_rarer_phrase_is_printed_in_judgments_and_found_by_its_pattern() -> None:
    with (files("panjue.eval") / "phrasings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({(row["pattern"], row["rarer"]) for row in rows})
    for row in rows:
        assert int(row["judgments"]) > 0, row
        re.compile(row["printed"])
        assert re.compile(row["pattern"]).groups >= max(
            (int(n) for n in re.findall(r"\\(\d)", row["rarer"])), default=0
        )


@pytest.mark.parametrize("way", ["phrases", "layout"])
def test_phrases_and_layout_cost_the_rules_nothing(way: str, examples: Path, tmp_path: Path) -> None:
    harder = tmp_path / "harder.jsonl"
    runner = CliRunner()
    assert runner.invoke(main, ["perturb", str(examples / "texts"), "--way", way, "-o", str(harder)]).exit_code == 0
    assert runner.invoke(main, ["extract", str(harder), "-o", str(tmp_path / "out"), "--quiet"]).exit_code == 0
    gold = str(examples / "gold.jsonl")
    result = runner.invoke(main, ["eval", "--gold", gold, "--pred", str(tmp_path / "out"), "--json", str(tmp_path / "e.json")])  # fmt: skip
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))["figures"]
    for field in ("plea.status", "recommendation.form", "recommendation.court_response", "sentence.penalty", "counsel"):
        assert figures[field]["right"] == figures[field]["total"], field
