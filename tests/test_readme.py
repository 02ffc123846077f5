"""What the README shows works: its commands run in the order in which they stand, its Python examples give what they say."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

#: a server goes on until it is stopped: when it has said where it is
SERVED = "{command} > served & until grep http served; do kill -0 $!; sleep 0.2; done; kill $!"
README = Path(__file__).resolve().parents[1] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line.partition("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line]


def commands_of(program: str) -> list[str]:
    return [command for command in commands() if f"{program} " in command]


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """A place like the top of the repository, in which output may be written."""
    folder = tmp_path / "panjue"
    folder.mkdir()
    (folder / "corpora").symlink_to(root / "corpora")
    (tmp_path / "shared").symlink_to(root.parent / "shared")
    return folder


def test_the_two_commands_come_first() -> None:
    assert commands()[:2] == ["make demo", "make test"]


def test_every_command_is_run_by_a_test() -> None:
    run = {*commands_of("make"), *commands_of("panjue"), *commands_of("pip")}
    assert set(commands()) == run


@pytest.mark.parametrize("command", commands_of("make"))
def test_make_commands_are_run(root: Path, command: str) -> None:
    """Not from here, where they would run the tests again: CI does, but for the benchmark, which is no test."""
    subprocess.run([*command.split(), "--dry-run"], cwd=root, check=True, capture_output=True)
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert command.startswith("make bench") or re.search(rf"^{command}\b", script, re.MULTILINE)


def test_panjue_commands(root: Path, checkout: Path) -> None:
    script = [c for c in commands_of("panjue") if "../shared" not in c or (root.parent / "shared").is_dir()]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = [SERVED.format(command=c) if c.startswith("panjue review") else c for c in script]
    run = subprocess.run(
        ["bash", "-eu", "-c", "\n".join(script)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    named = set(re.findall(r"`(\w+\.jsonl)`", README.read_text(encoding="utf-8")))
    assert named
    assert named <= {path.name for path in (checkout / "out").iterdir()}


def test_python_examples(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    source = "\n".join(blocks("python"))
    example = doctest.DocTestParser().get_doctest(source, {}, README.name, str(README), 0)
    assert example.examples
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=report.append)
    assert result.failed == 0, "".join(report)


@pytest.mark.packaging
@pytest.mark.parametrize("command", commands_of("pip"))
def test_installed_as_shown(root: Path, tmp_path: Path, command: str) -> None:
    """In an environment of one's own; spaCy then finds the component by its name."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    subprocess.run(["bash", "-c", f"{python} -m {command} --quiet"], cwd=root, check=True)
    found = "import spacy; print(spacy.blank('zh').add_pipe('panjue'))"
    subprocess.run([python, "-c", found], cwd=tmp_path, check=True)
