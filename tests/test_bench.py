"""The benchmark measures what it says; how fast it is depends on the machine and is not tested."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue import bench as benching
from panjue.bench import bench
from panjue.eval.bench import Speed, measure


def test_ratio_is_of_documents_a_second() -> None:
    speed = Speed(documents=10, characters=1000, extract=0.5, jieba=2.0)
    assert speed.ratio == 4.0 == (speed.documents / speed.extract) / (speed.documents / speed.jieba)


def test_all_texts_are_measured() -> None:
    speed = measure(["判决书", "刑事裁定书"], rounds=2)
    assert speed[:2] == (2, 8)
    assert speed.extract > 0 < speed.jieba


@pytest.mark.parametrize(("texts", "rounds"), [([], 1), (["判决书"], 0)])
def test_nothing_to_measure(texts: list[str], rounds: int) -> None:
    with pytest.raises(ValueError, match="nothing to measure"):
        measure(texts, rounds)


def test_a_sample_of_any_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benching, "ways", lambda: [benching.Way("1 process", "local", 1)])
    file = tmp_path / "texts.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": str(n), "text": "被告人柳青禾犯盗窃罪。" * 9}) + "\n" for n in range(5))
    shown = CliRunner().invoke(bench, ["--texts", str(file), "--sample", "2", "--rounds", "1", "--documents", "8"])
    assert shown.exit_code == 0, shown.output
    assert "2 documents" in shown.output
    assert all(word in shown.output for word in ("panjue.extract", "jieba.lcut", "ratio", "1 process", "extract "))


def test_no_judgment_among_the_texts(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    failed = CliRunner().invoke(bench, ["--texts", str(tmp_path)])
    assert failed.exit_code == 1
    assert "no judgment" in failed.output
