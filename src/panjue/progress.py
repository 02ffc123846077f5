"""How far a run is: a bar on a terminal, lines of JSON for machines, or nothing."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from panjue.run import Progress
from panjue.run.part import Marker
from panjue.run.shards import Todo


class Meter(Progress):
    """Counts documents, failures and bytes; the bytes of packed files are counted when the file is done."""

    def __init__(self) -> None:
        """Nothing is done yet."""
        self.documents = self.earlier = self.failed = self.size = self.done = self.begun = 0
        self._left: dict[int, int] = {}
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def start(self, todo: list[Todo], counts: Counter[str]) -> None:
        """Take the whole input as the measure."""
        self._started = time.monotonic()
        self._left = {one.entry.number: one.entry.size for one in todo if not one.finished}
        self.size = sum(one.entry.size for one in todo)
        self.begun = self.done = self.size - sum(self._left.values())
        self.documents = self.earlier = counts["read"]
        self.failed = counts["failed"]

    def document(self) -> None:
        """One more."""
        with self._lock:
            self.documents += 1

    def part(self, marker: Marker) -> None:
        """Its share of the bytes is done."""
        number = int(marker["part"].split("-")[0])
        left = self._left.get(number, 0)
        share = left if marker["last"] else min(left, marker["counts"].get("bytes", 0))
        self._left[number] = left - share
        self.done += share
        self.failed += marker["counts"].get("failed", 0)

    @property
    def rate(self) -> float:
        """Documents a second in this run."""
        return (self.documents - self.earlier) / max(time.monotonic() - self._started, 0.001)

    @property
    def seconds_left(self) -> float | None:
        """As far as can be told from the bytes that are done."""
        done = self.done - self.begun
        return (time.monotonic() - self._started) * (self.size - self.done) / done if done else None


@contextmanager
def progress_for(*, quiet: bool, json: bool) -> Iterator[Progress]:
    """What shows a run on standard error; nothing if it is no terminal, unless JSON is asked for."""
    console = Console(stderr=True)
    if quiet or not (json or console.is_terminal):
        yield Progress()
        return
    meter, stop = Meter(), threading.Event()
    with Bar(
        BarColumn(),
        TextColumn("{task.fields[documents]} judgments, {task.fields[rate]:.0f}/s, {task.fields[failed]} failed, left"),
        TimeRemainingColumn(),
        console=console,
        disable=json,
    ) as bar:
        task = bar.add_task("extract", total=None, documents=0, rate=0.0, failed=0)

        def show() -> None:
            if json:
                _print_json(meter)
            else:
                bar.update(
                    task,
                    total=meter.size or None,
                    completed=meter.done,
                    documents=meter.documents,
                    rate=meter.rate,
                    failed=meter.failed,
                )

        def repeat() -> None:
            while not stop.wait(1 if json else 0.3):
                show()

        thread = threading.Thread(target=repeat, daemon=True)
        thread.start()
        try:
            yield meter
        finally:
            stop.set()
            thread.join()
            show()


def _print_json(meter: Meter) -> None:
    left = meter.seconds_left
    row = {
        "documents": meter.documents,
        "failed": meter.failed,
        "per_second": round(meter.rate, 1),
        "bytes_done": meter.done,
        "bytes": meter.size,
        "seconds_left": None if left is None else round(left),
    }
    sys.stderr.write(orjson.dumps(row).decode() + "\n")
    sys.stderr.flush()
