"""Whole runs: what is written, what is refused, and input nobody would wish for."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import faulty
import pytest
from pyarrow import csv, parquet

import panjue
from panjue.run import Options, OutputError, manifest, records_of, run
from panjue.run.folder import locked
from panjue.run.where import Where

JUDGMENT = (
    "刑事判决书\n（2021）云0999刑初7号\n公诉机关云海县人民检察院。\n"
    "被告人钱小明，男，1990年1月1日出生，汉族，农民。\n"
    "云海县人民检察院以云检刑诉〔2021〕7号起诉书指控被告人钱小明犯盗窃罪，向本院提起公诉。\n"
    "被告人钱小明自愿认罪认罚，并签署认罪认罚具结书。公诉机关建议判处被告人钱小明有期徒刑六个月至十个月，并处罚金。\n"
    "本院认为，被告人钱小明的行为构成盗窃罪。公诉机关量刑建议适当，予以采纳。判决如下：\n"
    "被告人钱小明犯盗窃罪，判处有期徒刑八个月，并处罚金人民币三千元。\n审判员　孙大伟\n二〇二一年三月一日\n"
)
CIVIL = "民事判决书\n（2021）云0999民初7号\n原告周一，女。\n被告吴二，男。\n原告诉称，被告借款不还。判决如下：\n驳回原告的诉讼请求。\n"

FAULTY = Options(extractor="faulty:extract")


def _jsonl(path: Path, texts: list[str]) -> str:
    lines = [json.dumps({"id": f"j{number}", "text": text}, ensure_ascii=False) for number, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _content(out: Path) -> dict[str, bytes]:
    files = [path for path in out.rglob("*") if path.is_file()]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


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


def test_goes_on_only_with_the_same_run(tmp_path: Path) -> None:
    out, source = tmp_path / "out", _jsonl(tmp_path / "in.jsonl", [JUDGMENT, CIVIL])
    run([source], out, jobs=1)
    before = _content(out)
    run([source], out, jobs=2)
    assert _content(out) == before
    with pytest.raises(OutputError, match="option with_names: False then, True now"):
        run([source], out, Options(with_names=True))
    _jsonl(tmp_path / "in.jsonl", [JUDGMENT])
    with pytest.raises(OutputError, match=r"in\.jsonl: has changed"):
        run([source], out)
    assert _content(out) == before
    assert run([source], out, overwrite=True).counts["read"] == 1
    assert len(list(records_of(out))) == 1


@pytest.mark.parametrize("name", ["version", "lexicon_version"])
def test_another_version_or_lexicon_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    source = _jsonl(tmp_path / "in.jsonl", [CIVIL])
    run([source], tmp_path / "out")
    monkeypatch.setattr(manifest, name, lambda: "another")
    with pytest.raises(OutputError, match=r"(version|lexicons): \S+ then, another now"):
        run([source], tmp_path / "out")


def test_a_touched_file_is_the_same_and_a_new_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(CIVIL, encoding="utf-8")
    run([str(folder)], tmp_path / "out")
    os.utime(folder / "a.txt", (1, 1))
    run([str(folder)], tmp_path / "out")
    (folder / "b.txt").write_text(CIVIL, encoding="utf-8")
    with pytest.raises(OutputError, match=r"b\.txt: is new"):
        run([str(folder)], tmp_path / "out")


def test_other_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputError, match="no earlier output"):
        run([_jsonl(tmp_path / "in.jsonl", [CIVIL])], tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_two_runs_in_one_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out"), pytest.raises(OutputError, match="at work"):
        run([_jsonl(tmp_path / "in.jsonl", [CIVIL])], tmp_path / "out")


def test_what_fails_hangs_or_dies_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    texts = [JUDGMENT] * 12
    texts[3], texts[5], texts[8] = JUDGMENT + faulty.RAISES, JUDGMENT + faulty.HANGS, JUDGMENT + faulty.DIES
    source = _jsonl(tmp_path / "in.jsonl", texts)
    summary = run([source], tmp_path / "out", FAULTY, jobs=2, time_limit=2)
    assert summary.counts["failed"] == 3
    rows = [json.loads(line) for line in (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines()]
    assert [(row["doc_id"], row["stage"], row["error"], row["seconds"]) for row in rows] == [
        ("j3", "extract", "ValueError", 0),
        ("j5", "extract", "TimeLimit", 2),
        ("j8", "extract", "WorkerDied", 0),
    ]
    assert all(row["source"].startswith(source) and "被告人" not in row["reason"] for row in rows)
    assert [record.doc_id for record in records_of(tmp_path / "out")] == [
        f"j{number}" for number in range(12) if number not in (3, 5, 8)
    ]


def test_a_file_that_hangs_while_it_is_read_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(JUDGMENT, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    paths = [str(tmp_path / "pipe.txt"), str(tmp_path / "a.txt")]
    for limit in (None, 5):  # the second way reads in a process of its own
        out = tmp_path / f"out-{limit}"
        run(paths, out, Options(limit=limit), time_limit=1)
        (row,) = [json.loads(line) for line in (out / "errors.jsonl").read_text("utf-8").splitlines()]
        assert (row["source"], row["stage"], row["error"]) == (paths[0], "read", "TimeLimit")
        assert [record.status for record in records_of(out)] == ["complete"]


def test_retry_takes_what_failed_again(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.txt").write_text(f"{CIVIL}{number}", encoding="utf-8")
    (folder / "299.txt").write_bytes(b"")
    out = tmp_path / "out"
    assert run([str(folder)], out).counts["failed"] == 1
    first = (out / "parts" / "00000000-000000" / "done.json").stat().st_mtime_ns
    (folder / "299.txt").write_text(JUDGMENT, encoding="utf-8")
    with pytest.raises(OutputError, match="299"):
        run([str(folder)], out)
    (folder / "000.txt").write_text(JUDGMENT, encoding="utf-8")
    with pytest.raises(OutputError, match=r"000\.txt: has changed"):
        run([str(folder)], out, retry=True)
    (folder / "000.txt").write_text(f"{CIVIL}0", encoding="utf-8")
    assert run([str(folder)], out, retry=True).counts["failed"] == 0
    assert (out / "parts" / "00000000-000000" / "done.json").stat().st_mtime_ns == first
    assert len(list(records_of(out))) == 300
    assert not (out / "errors.jsonl").read_bytes()


def test_limit_and_where(tmp_path: Path) -> None:
    source = _jsonl(tmp_path / "in.jsonl", [JUDGMENT, CIVIL, JUDGMENT])
    assert run([source], tmp_path / "limited", Options(limit=2)).counts["read"] == 2
    summary = run([source], tmp_path / "chosen", Options(where=["defendants.sentence.months>=6"]))
    assert (summary.counts["extracted"], summary.counts["left_out"]) == (2, 1)
    assert [record.doc_id for record in records_of(tmp_path / "chosen")] == ["j0", "j2"]
    with pytest.raises(ValueError, match="no field 'colour'"):
        run([source], tmp_path / "wrong", Options(where=["case.colour=red"]))
    assert not (tmp_path / "wrong").exists()


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("status=complete", True),
        ("status!=complete", False),
        ("case.judgment_date>=2021-03-01", True),
        ("case.judgment_date<2021-03-01", False),
        ("defendants.sentence.months>10", False),
        ("defendants.charges_convicted~盗窃", True),
        ("defendants.plea.stage=", False),
        ("defendants.sentence.probation_months=", True),
        ("source~in.jsonl", True),
    ],
)
def test_conditions(condition: str, wanted: bool) -> None:
    assert Where([condition])(panjue.extract(JUDGMENT), "in.jsonl#1") is wanted


@pytest.mark.parametrize("condition", ["", "case", "__class__=x", "case=1", "annotation.x=1", "case.court.upper=1"])
def test_conditions_that_are_none(condition: str) -> None:
    with pytest.raises(ValueError, match=r"condition|field"):
        Where([condition])


def test_worker_processes_keep_the_order(tmp_path: Path) -> None:
    texts = [f"{JUDGMENT}{number}" for number in range(600)]
    run([_jsonl(tmp_path / "in.jsonl", texts)], tmp_path / "out", jobs=2)
    assert len(list((tmp_path / "out" / "parts").iterdir())) == 3
    assert [record.doc_id for record in records_of(tmp_path / "out")] == [f"j{number}" for number in range(600)]
    tables = [parquet.read_table(tmp_path / "out" / f"cases.{kind}") for kind in ("parquet",)]
    assert tables[0]["doc_id"].to_pylist() == [f"j{number}" for number in range(600)]


def test_repeated_identifiers_are_made_distinct_everywhere(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        page = f"<p>{JUDGMENT}{name}</p>" if name == "b" else JUDGMENT + name
        rows = [{"id": "same", "text": page}, {"id": "same", "text": JUDGMENT + name + faulty.RAISES}]
        rows += [{"id": "same#2", "text": CIVIL}] if name == "a" else []
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out"
    run([str(tmp_path / f"{name}.jsonl") for name in ("a", "b", "c")], out, FAULTY)

    def ids(name: str) -> list[str]:
        return [json.loads(line)["doc_id"] for line in (out / name).read_text("utf-8").splitlines()]

    assert ids("sources.jsonl") == ["same", "same#3", "same#2", "same#4", "same#5", "same#6", "same#7"]
    assert ids("records.jsonl") == ["same", "same#2", "same#4", "same#6"]
    assert ids("errors.jsonl") == ["same#3", "same#5", "same#7"]
    assert ids("texts.jsonl") == ["same#4"]
    assert parquet.read_table(out / "cases.parquet")["doc_id"].to_pylist() == ids("records.jsonl")


def test_output_inside_the_input_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<p>{JUDGMENT}</p>", encoding="utf-8")
    for _ in range(2):
        assert run([str(tmp_path)], tmp_path / "out", jobs=1).counts["read"] == 1
    (line,) = (tmp_path / "out" / "sources.jsonl").read_text(encoding="utf-8").splitlines()
    (record,) = records_of(tmp_path / "out")
    row = json.loads(line)
    assert (row["doc_id"], row["source"], row["encoding"]) == (record.doc_id, str(tmp_path / "a.html"), "utf-8")


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


@pytest.mark.parametrize("dedupe", [False, True])
def test_the_same_judgment_twice_is_reported_and_on_demand_the_fullest_kept(tmp_path: Path, dedupe: bool) -> None:
    fuller = JUDGMENT.replace("\n", "\n\n") + "附相关法律条文\n"
    other = "刑事裁定书\n（2021）云0999刑初7号\n被告人钱小明。\n原判决书有笔误，裁定如下：\n“三千元”补正为“四千元”。\n"
    source = _jsonl(tmp_path / "in.jsonl", [JUDGMENT, other, fuller, CIVIL, JUDGMENT])
    out = tmp_path / "out"
    counts = run([source], out, Options(dedupe=dedupe)).counts
    assert (counts["read"], counts["duplicates"], counts["dropped"]) == (5, 2, 2 if dedupe else 0)
    rows = [json.loads(line) for line in (out / "duplicates.jsonl").read_text("utf-8").splitlines()]
    assert [(row["doc_id"], row["duplicate_of"], row["source"]) for row in rows] == [
        ("j0", "j2", f"{source}#1"),
        ("j4", "j2", f"{source}#5"),
    ]
    kept = ["j1", "j2", "j3"] if dedupe else ["j0", "j1", "j2", "j3", "j4"]
    assert [record.doc_id for record in records_of(out)] == kept
    assert parquet.read_table(out / "cases.parquet")["doc_id"].to_pylist() == kept
    assert run([source], out, Options(dedupe=dedupe)).counts == counts


def test_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xc4\xcf.txt"
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - the name is bytes
        file.write(JUDGMENT)
    for _ in range(2):
        assert run([str(tmp_path)], tmp_path / "out").counts["extracted"] == 1
