"""What the documents on analysis show is what the commands give."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import orjson
import pyreadstat
import pytest
from click.testing import CliRunner
from repeated import repeated

from panjue.analysis.formats import to_csv, to_stata
from panjue.analysis.measures.listing import listing
from panjue.analysis.tables import Choices, write_tables
from panjue.cli import main
from panjue.extractors.record import decode

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    lines = (request.config.rootpath / "corpora/examples/gold.jsonl").read_text(encoding="utf-8").splitlines()
    folder = tmp_path_factory.mktemp("analysis") / "tables"
    folder.mkdir()
    write_tables(repeated([decode(line) for line in lines], 12), (), folder, Choices(), {})
    to_csv([folder / "defendants_wide.parquet"], folder)
    to_stata([folder / "defendants_wide.parquet"], folder)
    return folder


def lines_of(*command: str) -> set[tuple[str, ...]]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {tuple(line.split()) for line in done.stdout.splitlines()}


def test_the_list_of_measures_is_that_of_the_code(rewrite_golden: bool) -> None:
    path = DOCS / "measures.md"
    if rewrite_golden:
        path.write_text(listing(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == listing()


def test_python_gives_what_the_command_gives(tables: Path, tmp_path: Path) -> None:
    found = lines_of(sys.executable, str(DOCS / "analysis/questions.py"), str(tables))
    assert {line[0] for line in found} == {"lawyer", "dispersion", "adopted_stated", "adopted_computed", "deviation", "leniency", "signed"}  # fmt: skip
    output = tmp_path / "m.json"
    shown = {
        ("lawyer", "economic_region"): "lawyer",
        ("leniency", "severity"): "leniency",
        ("adopted_stated", ""): "adopted_stated",
        ("adopted_computed", ""): "adopted_computed",
    }
    for (name, by), word in shown.items():
        grouped = ["--by", by] if by else []
        result = CliRunner().invoke(main, ["measure", str(tables), name, *grouped, "-o", str(output)])
        assert result.exit_code == 0, result.output
        expected = {
            (word, *([row[by]] if by else []), f"{row['estimate']:.6f}")
            for row in orjson.loads(output.read_bytes())
            if not row["suppressed"] and (not by or row[by])
        }
        assert expected == {line for line in found if line[0] == word}
    # of every charge and region that Python prints, the same standard deviation and coefficient of variation
    grouped = ["--by", "main_charge", "--by", "economic_region", "-o", str(output)]
    assert CliRunner().invoke(main, ["measure", str(tables), "recommended_months", *grouped]).exit_code == 0
    cells: dict[tuple[str, str], dict[str, float]] = {}
    for row in orjson.loads(output.read_bytes()):
        if not row["suppressed"] and row["main_charge"] and row["economic_region"]:
            cells.setdefault((row["main_charge"], row["economic_region"]), {})[row["statistic"]] = row["estimate"]
    expected = {
        ("dispersion", *key, f"{cell['sd']:.6f}", f"{cell['cv']:.6f}") for key, cell in cells.items() if "sd" in cell
    }
    assert expected == {line for line in found if line[0] == "dispersion"}


@pytest.mark.r
def test_r_gives_what_python_gives(tables: Path) -> None:
    ours = lines_of(sys.executable, str(DOCS / "analysis/questions.py"), str(tables))
    assert lines_of("Rscript", str(DOCS / "analysis/questions.R"), str(tables)) == ours


def test_stata_names_variables_and_labels_that_there_are(tables: Path) -> None:
    program = (DOCS / "analysis/questions.do").read_text(encoding="utf-8")
    _, about = pyreadstat.read_dta(str(tables / "defendants_wide.dta"), metadataonly=True)
    program = re.sub(r"^\*.*", "", program, flags=re.MULTILINE)
    labels = re.findall(r'"([^"]+)":(\w+)', program)
    assert len(labels) > 8
    for text, name in labels:
        assert text in about.variable_value_labels[name].values(), (text, name)
    plain = re.sub(r'"[^"]*"(?::\w+)?|///|//.*', "", program, flags=re.MULTILINE)
    names = set(re.findall(r"\b[a-z]+_[a-z_]+\b", plain))
    assert len(names) > 10
    assert names <= set(about.column_names)


def test_the_commands_of_the_page_run(tables: Path) -> None:
    text = (DOCS / "analysis/README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    commands = [
        line for block in blocks for line in block.splitlines() if line.startswith(("panjue measure", "panjue compare"))
    ]
    assert len(commands) > 5
    for command in commands:
        arguments = [str(tables) if part == "tables" else part for part in shlex.split(command)[1:]]
        result = CliRunner().invoke(main, arguments)
        few = "fewer than 10 rows" in result.output and arguments[0] == "compare"
        assert result.exit_code == 0 or few, (command, result.output)
