"""The rules on which the folders, modules and imports of the project agree."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["annotation", "corpora", "eval", "extractors", "models"]
MAX_LINES = 400


def modules() -> list[Path]:
    """Every Python file of the project, relative to its top."""
    tops = [ROOT / name for name in (*FOLDERS, "src", "tests")]
    return sorted(path.relative_to(ROOT) for top in tops for path in walk(top))


def walk(top: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(top):  # follows no links: each file once, where it stands
        yield from (Path(folder, name) for name in names if name.endswith(".py"))


def imported(path: Path) -> set[str]:
    """The absolute names that a module imports, and ``.`` if it imports relatively."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else node.module or "")
    return names


def test_every_folder_is_found() -> None:
    found = {path.parts[0] for path in modules()}
    assert found == {*FOLDERS, "src", "tests"}


@pytest.mark.parametrize("path", modules(), ids=str)
def test_modules_stay_small(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{path} has {lines} lines: give part of it a module of its own"


@pytest.mark.parametrize("path", modules(), ids=str)
def test_modules_import_the_project_by_its_one_name(path: Path) -> None:
    bare = {name for name in imported(path) if name == "." or name.split(".")[0] in FOLDERS}
    assert not bare, f"{path} imports {bare}: import panjue.<folder>.<module>"


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_install_under_one_name(folder: str) -> None:
    link = ROOT / "src" / "panjue" / folder
    assert link.is_symlink(), f"src/panjue/{folder} is not a link; does this checkout support links (core.symlinks)?"
    assert link.readlink() == Path("..", "..", folder)


def test_golden_records_are_never_rewritten_in_ci() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--rewrite-golden", "--collect-only", "-q", __file__],
        cwd=ROOT,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "never in CI" in run.stderr
