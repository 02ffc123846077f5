"""The command line: exit codes and what is printed."""

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
