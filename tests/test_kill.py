"""A run that is killed again and again ends with the bytes of one that was left alone."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from generated import judgments

KILLS = 20


def _input(folder: Path) -> list[str]:
    """Large files that are streamed, small ones in groups, and something that fails."""
    texts = list(judgments(1500))
    (folder / "small").mkdir(parents=True)
    for number, text in enumerate(texts[:300]):
        (folder / "small" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (folder / "small" / "empty.txt").touch()
    rows = [{"id": f"j{number % 1000}", "text": text} for number, text in enumerate(texts[300:])]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "large.jsonl").write_text("\n".join([*lines[:700], "{broken", *lines[700:]]) + "\n", encoding="utf-8")
    return [str(folder / "small"), str(folder / "large.jsonl")]


def _start(paths: list[str], out: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-c",
        "from panjue.cli import main; main()",
        "extract",
        *paths,
        "-o",
        str(out),
        "--jobs",
        "2",
        "--quiet",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _content(out: Path) -> dict[str, str]:
    files = [path for path in out.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    paths = _input(tmp_path / "in")
    started = time.monotonic()
    assert _start(paths, tmp_path / "whole").wait() == 1  # something failed
    length = time.monotonic() - started
    draw, kills, out, when = random.Random(20), 0, tmp_path / "killed", 1.0
    while kills < KILLS:
        run = _start(paths, out)
        try:
            code = run.wait(timeout=draw.uniform(0, when) * length)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
            kills += 1
        else:  # it came to its end: begin again, and kill it earlier
            assert code == 1, run.communicate()
            assert _content(out) == _content(tmp_path / "whole")
            out, when = tmp_path / f"killed-after-{kills}", when * 0.8
    assert _start(paths, out).wait() == 1
    assert _content(out) == _content(tmp_path / "whole")
    ids = [json.loads(line)["doc_id"] for line in (out / "records.jsonl").read_text("utf-8").splitlines()]
    assert len(ids) == len(set(ids)) == 1500


@pytest.mark.slow
def test_killed_workers_are_replaced(tmp_path: Path) -> None:
    """The system may end a worker though no document is to blame."""
    paths = _input(tmp_path / "in")
    started = time.monotonic()
    assert _start(paths, tmp_path / "whole").wait() == 1
    length = time.monotonic() - started
    run, draw, killed = _start(paths, tmp_path / "out"), random.Random(20), 0
    while run.poll() is None and killed < KILLS // 2:
        time.sleep(draw.uniform(0.15, 0.35) * length)  # a machine that is slow needs longer to begin anew
        workers = _workers(run.pid)
        if workers:
            subprocess.run(["kill", "-9", str(draw.choice(workers))], check=False, stderr=subprocess.DEVNULL)
            killed += 1
    assert killed
    assert run.wait() == 1, run.communicate()
    assert _content(tmp_path / "out") == _content(tmp_path / "whole")


def _workers(pid: int) -> list[int]:
    """Children of the server from which the processes of a run are forked."""
    server = [child for child in _children(pid) if "forkserver" in _command(child)]
    return [worker for one in server for worker in _children(one)]


def _children(pid: int) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
