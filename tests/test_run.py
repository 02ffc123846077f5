"""Whole runs: what is written, what is refused, and input nobody would wish for."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest
from pyarrow import csv, parquet

import panjue
from panjue import run as running
from panjue.run import OutputError, records_of, run

JUDGMENT = (
    "刑事判决书\n（2021）云0999刑初7号\n公诉机关云海县人民检察院。\n"
    "被告人钱小明，男，1990年1月1日出生，汉族，农民。\n"
    "云海县人民检察院以云检刑诉〔2021〕7号起诉书指控被告人钱小明犯盗窃罪，向本院提起公诉。\n"
    "被告人钱小明自愿认罪认罚，并签署认罪认罚具结书。公诉机关建议判处被告人钱小明有期徒刑六个月至十个月，并处罚金。\n"
    "本院认为，被告人钱小明的行为构成盗窃罪。公诉机关量刑建议适当，予以采纳。判决如下：\n"
    "被告人钱小明犯盗窃罪，判处有期徒刑八个月，并处罚金人民币三千元。\n审判员　孙大伟\n二〇二一年三月一日\n"
)
CIVIL = "民事判决书\n（2021）云0999民初7号\n原告周一，女。\n被告吴二，男。\n原告诉称，被告借款不还。判决如下：\n驳回原告的诉讼请求。\n"


def _jsonl(path: Path, texts: list[str]) -> str:
    lines = [json.dumps({"id": f"j{number}", "text": text}, ensure_ascii=False) for number, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_writes_records_and_tables(tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run([_jsonl(tmp_path / "in.jsonl", [JUDGMENT, CIVIL])], out, jobs=1)
    assert (summary.counts["read"], summary.counts["extracted"], summary.counts["out_of_scope"]) == (2, 1, 1)
    assert [record.status for record in records_of(out)][1] == "out_of_scope"
    assert not list(out.glob("*.part"))
    for name in ("cases", "defendants", "charges", "evidence"):
        table = parquet.read_table(out / f"{name}.parquet")
        assert csv.read_csv(out / f"{name}.csv").column_names == table.column_names
    (row,) = parquet.read_table(out / "charges.parquet").to_pylist()
    assert (row["charge"], row["prosecuted"], row["convicted"]) == ("盗窃罪", True, True)


def test_replaces_an_earlier_output_and_refuses_other_folders(tmp_path: Path) -> None:
    out, source = tmp_path / "out", _jsonl(tmp_path / "in.jsonl", [JUDGMENT, JUDGMENT])
    run([source], out, jobs=1)
    run([_jsonl(tmp_path / "one.jsonl", [JUDGMENT])], out, jobs=1)
    assert len(list(records_of(out))) == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputError):
        run([source], tmp_path / "mine")


def test_a_failing_judgment_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str, doc_id: str | None = None) -> panjue.Record:
        if doc_id == "j1":
            raise ValueError("made to fail")
        return panjue.extract(text, doc_id)

    monkeypatch.setattr(running, "extract", fails)
    summary = run([_jsonl(tmp_path / "in.jsonl", [JUDGMENT] * 3)], tmp_path / "out", jobs=1)
    assert summary.counts["failed"] == 1
    (line,) = (tmp_path / "out" / "errors.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert (row["doc_id"], row["stage"], row["reason"]) == ("j1", "extract", "made to fail")
    assert [record.doc_id for record in records_of(tmp_path / "out")] == ["j0", "j2"]


def test_worker_processes_keep_the_order(tmp_path: Path) -> None:
    run([_jsonl(tmp_path / "in.jsonl", [JUDGMENT] * 300)], tmp_path / "out", jobs=2)
    assert [record.doc_id for record in records_of(tmp_path / "out")] == [f"j{number}" for number in range(300)]


def _die(item: object) -> None:
    os._exit(9)


def test_a_killed_worker_ends_the_run_with_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _jsonl(tmp_path / "in.jsonl", [CIVIL] * 210)
    monkeypatch.setattr(running, "_PARALLEL_FROM", 0)
    monkeypatch.setattr(running, "_extract", _die)
    with pytest.raises(BrokenExecutor):
        run([source], tmp_path / "out", jobs=2)
    assert not (tmp_path / "out" / "records.jsonl").exists()


def test_output_inside_the_input_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<p>{JUDGMENT}</p>", encoding="utf-8")
    for _ in range(2):
        assert run([str(tmp_path)], tmp_path / "out", jobs=1).counts["read"] == 1
    (line,) = (tmp_path / "out" / "sources.jsonl").read_text(encoding="utf-8").splitlines()
    (record,) = records_of(tmp_path / "out")
    assert json.loads(line) == {"doc_id": record.doc_id, "source": str(tmp_path / "a.html")}


def test_a_cut_off_judgment_is_partial() -> None:
    assert panjue.extract(JUDGMENT[: JUDGMENT.index("判决如下")]).status == "partial"


@pytest.mark.parametrize("text", [JUDGMENT + JUDGMENT, JUDGMENT.replace("被告人", "被\0告人"), "\0", ""])
def test_odd_texts_do_not_raise(text: str) -> None:
    panjue.extract(text)


def test_five_megabytes_of_one_phrase() -> None:
    phrase = "被告人钱小明犯盗窃罪，"
    text = JUDGMENT + phrase * (5_000_000 // len(phrase.encode()))
    started = time.monotonic()
    panjue.extract(text)
    assert time.monotonic() - started < 60
