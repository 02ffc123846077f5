"""The command line: exit codes and what is printed."""

import json
import os
from pathlib import Path

from click.testing import CliRunner

from panjue.cli import main


def test_extract_then_show(tmp_path: Path) -> None:
    source, out = tmp_path / "one.txt", tmp_path / "out"
    source.write_text("民事判决书\n（2021）云0999民初7号\n原告周一。\n被告吴二。\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", str(source), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "read 1," in result.output
    assert "out of scope 1" in result.output
    assert CliRunner().invoke(main, ["show", str(out)]).exit_code == 0


def test_wrong_use(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["extract", str(tmp_path / "none"), "-o", str(tmp_path / "out")]).exit_code == 2
    assert CliRunner().invoke(main, ["show", str(tmp_path)]).exit_code == 2


def test_schema_and_help() -> None:
    assert '"$' in CliRunner().invoke(main, ["schema"]).output
    assert "eval" in CliRunner().invoke(main, ["--help"]).output


def test_help_teaches_by_example_one_to_a_line() -> None:
    lines = CliRunner().invoke(main, ["--help"]).output.splitlines()
    assert "  panjue extract judgments/ -o out            a folder of downloads" in lines


def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = CliRunner().invoke(main, ["extract", str(tmp_path / "file"), "-o", str(tmp_path / "file" / "out")])
    assert result.exit_code == 3
    assert "Error: " in result.output


def test_status_and_retry(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.txt").write_text("刑事判决书\n被告人钱小明犯盗窃罪。\n", encoding="utf-8")
    (source / "b.txt").write_bytes(b"\0")
    result = CliRunner().invoke(main, ["extract", str(source), "-o", str(out)])
    assert (result.exit_code, "failed 1" in result.output) == (1, True), result.output
    shown = CliRunner().invoke(main, ["status", str(out)])
    assert (shown.exit_code, "complete: 1 parts" in shown.output, "failed 1" in shown.output) == (0, True, True)
    (source / "b.txt").write_text("刑事裁定书\n", encoding="utf-8")
    there = Path.cwd()
    try:
        result = CliRunner().invoke(main, ["retry", str(out)])
    finally:
        os.chdir(there)
    assert (result.exit_code, "failed 0" in result.output) == (0, True), result.output
    assert (out / "errors.jsonl").read_bytes() == b""


def test_status_of_a_run_that_was_stopped(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "a.txt").write_text("刑事判决书\n", encoding="utf-8")
    CliRunner().invoke(main, ["extract", str(tmp_path / "a.txt"), "-o", str(out)])
    (out / "summary.json").unlink()
    assert "not complete; the command that began it goes on" in CliRunner().invoke(main, ["status", str(out)]).output
    for command in ("status", "retry"):
        refused = CliRunner().invoke(main, [command, str(tmp_path)])
        assert (refused.exit_code, "no output of panjue extract" in refused.output) == (2, True)


def test_progress_as_json_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("刑事判决书\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\0")
    command = ["extract", str(tmp_path), "-o", str(tmp_path / "out"), "--json-progress"]
    lines = [json.loads(line) for line in CliRunner().invoke(main, command).stderr.splitlines() if line[:1] == "{"]
    last = {"documents": 1, "failed": 1, "bytes": 17, "bytes_done": 17, "seconds_left": 0}
    assert {name: lines[-1][name] for name in last} == last
    assert lines[-1]["per_second"] > 0
    quiet = CliRunner().invoke(main, [*command[:-1], "--overwrite", "--quiet"])
    assert [line for line in quiet.stderr.splitlines() if "failed" not in line] == []
