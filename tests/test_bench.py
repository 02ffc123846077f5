"""The benchmark measures what it says; how fast it is depends on the machine and is not tested."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue import bench as benching
from panjue.bench import bench
from panjue.bench_tables import bench_tables
from panjue.eval.bench import Speed, measure
from panjue.scale import Measured, rows, scale, table


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
    told = " ".join(shown.output.split())
    assert all(word in told for word in ("panjue.extract", "jieba.lcut", "ratio", "1 process", "read ", "bytes out"))


def test_no_judgment_among_the_texts(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    failed = CliRunner().invoke(bench, ["--texts", str(tmp_path)])
    assert failed.exit_code == 1
    assert "no judgment" in failed.output


MEASURED = Measured(
    documents=9,
    characters=900,
    bytes_in=2000,
    bytes_out=500,
    worker_mb=250,
    jieba=10,
    local_1=6,
    local_2=10,
    ray_2=8,
    spark_2=4,
)


def test_scale_by_hand() -> None:
    assert [(row.cores, row.hours, row.memory) for row in rows(MEASURED, 3_600_000)] == [
        (8, 25.0, 2.0),  # 5 a second and core: 3,600,000 / 40 s
        (32, 6.25, 8.0),
        (256, 3_600_000 / (4 * 256) / 3600, 64.0),
        (256, 3_600_000 / (2 * 256) / 3600, 64.0),
    ]
    assert "3,600,000 judgments: 7 GB of JSON lines in, 2 GB of parts out." in table(MEASURED, 3_600_000)


def test_the_page_on_scale_holds_what_the_script_prints() -> None:
    docs = Path(__file__).parent.parent / "docs"
    shown = CliRunner().invoke(scale, [str(docs / "scale.json")])
    assert shown.exit_code == 0
    assert shown.output.strip() in (docs / "scale.md").read_text("utf-8")


def test_figures_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"documents": 3}')
    shown = CliRunner().invoke(scale, [str(tmp_path / "a.json")])
    assert (shown.exit_code, "missing required field `characters`" in shown.output) == (1, True)


def test_tables_and_measures_are_compared_with_reading() -> None:
    shown = CliRunner().invoke(bench_tables, ["--records", "100"])
    assert shown.exit_code == 0, shown.output
    assert "100 records" in shown.output
    ratio = re.search(r"read every table\s*│\s*[0-9.]+ │\s*([0-9.]+)", shown.output)
    assert ratio
    assert ratio[1] == "1.0"
