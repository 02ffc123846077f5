"""The processors of this machine: a thread for each worker process that waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue

from panjue.run.guard import Guard
from panjue.run.jobs import Part, Position
from panjue.run.part import Marker
from panjue.run.shards import Setting, Todo, parts


def work(todo: list[Todo], setting: Setting) -> Iterator[Marker]:
    """Make all parts, and give the marker of each as it comes."""

    def watch(position: Position) -> None:
        if position.stage == "extract":
            setting.begun()

    guards = [Guard(setting.time_limit, watch) for _ in range(setting.jobs)]
    idle: SimpleQueue[Guard] = SimpleQueue()
    for guard in guards:
        idle.put(guard)

    def make(part: Part) -> Marker:
        guard = idle.get()
        try:
            marker: Marker
            (marker,) = guard.results(part)
        finally:
            idle.put(guard)
        return marker

    with ThreadPoolExecutor(setting.jobs) as pool:
        try:
            waiting: set[Future[Marker]] = set()
            for one in todo:
                for part in parts(one, setting):
                    waiting.add(pool.submit(make, part))
                    if len(waiting) > setting.jobs:
                        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            for guard in guards:
                guard.close()
