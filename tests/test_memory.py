"""A gigabyte of JSON lines goes through processes that stay small."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from generated import judgments

GIGABYTE = 1_000_000_000
LIMIT_MB = 300


def _gigabyte(path: Path) -> int:
    """Judgments, and between them long documents of another kind, which take less time; returns how many."""
    long = (
        "民事判决书\n（2021）云0999民初7号\n原告周一，女。\n被告吴二，男。\n"
        + "原告诉称，被告借款不还，经多次催要未果。" * 10_000
    )
    small = [json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in judgments(60)]
    large = json.dumps({"text": long}).encode() + b"\n"  # escaped: six bytes a character
    size = count = 0
    with path.open("wb") as lines:
        while size < GIGABYTE:
            size += lines.write(large) + lines.write(small[count % len(small)])
            count += 2
    return count


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_a_gigabyte_under_300_mb_a_process(tmp_path: Path) -> None:
    count = _gigabyte(tmp_path / "in.jsonl")
    command = [sys.executable, "-c", "from panjue.cli import main; main()", "extract", str(tmp_path / "in.jsonl")]
    run = subprocess.Popen([*command, "-o", str(tmp_path / "out"), "--jobs", "2"], stdout=subprocess.PIPE, text=True)
    peaks: Counter[int] = Counter()
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            for pid in _family(run.pid):
                peaks[pid] = max(peaks[pid], _peak(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    shown, _ = run.communicate()
    stop.set()
    watcher.join()
    print(f"{time.monotonic() - started:.0f} s, peaks in MB: {sorted(peaks.values())}")  # noqa: T201
    assert run.returncode == 0
    assert f"read {count}," in shown
    assert len(peaks) >= 4  # the run, its server, the reader, the workers
    assert max(peaks.values()) < LIMIT_MB


def _family(pid: int) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    children = [int(line) for line in done.stdout.split()]
    return [pid, *(one for child in children for one in _family(child))]


def _peak(pid: int) -> int:
    """The most that was resident, in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return max([int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM:")], default=0)
