"""What is released: its number, and the wheel, installed where nothing of the project is near."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

FOLDERS = ["annotation", "corpora", "eval", "extractors", "models"]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_one_version_everywhere(root: Path) -> None:
    def first(pattern: str, file: str) -> str:
        found = re.search(pattern, (root / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert found, f"{file} names no version"
        return found[1]

    version = metadata.version("panjue")
    assert first(r'^version = "(.+)"', "pyproject.toml") == version
    assert first(r"^version: (.+)", "CITATION.cff") == version
    assert first(r"^## (\d\S*)", "CHANGELOG.md") == version


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel made from the source distribution, not from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, root, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.packaging
def test_wheel_holds_what_the_repository_holds(root: Path, wheel: Path) -> None:
    """Every module, table and example of the package folders, and nothing else."""
    listed = run(
        *("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *FOLDERS, "src/panjue"), cwd=root
    )
    files = [path for path in listed.split("\0") if (root / path).is_file()]
    expected = {"panjue/" + path.removeprefix("src/panjue/") for path in files}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == expected


@pytest.mark.packaging
def test_wheel_works_in_an_empty_environment(root: Path, wheel: Path, tmp_path: Path) -> None:
    """With the declared dependencies alone, from a folder that has nothing of the project."""
    venv.create(tmp_path / "env", with_pip=True)
    python, panjue = tmp_path / "env/bin/python", tmp_path / "env/bin/panjue"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)

    assert str(tmp_path) in run(python, "-c", "import panjue; print(panjue.__file__)", cwd=tmp_path)
    assert "extract" in run(panjue, "--help", cwd=tmp_path)
    shutil.copy(root / "corpora/examples/texts/expedited-one-line.txt", tmp_path / "judgment.txt")
    run(panjue, "extract", "judgment.txt", "-o", "out", cwd=tmp_path)
    (line,) = (tmp_path / "out/records.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    assert [defendant["name"] for defendant in record["defendants"]] == ["严守田"]
    assert record["toolkit"]["version"] == metadata.version("panjue")
    assert {path.stem for path in (tmp_path / "out").glob("*.parquet")} >= {
        "cases",
        "defendants",
        "charges",
        "evidence",
    }
