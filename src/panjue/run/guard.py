"""A worker process that is watched: one that hangs is ended, one that dies is replaced, and its job goes on.

The document at which it happened is given up: it becomes an error in the output. A process that dies (for want of
memory, say, which need not be this document's fault) gets a second chance at the same document first.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Lock
from types import ModuleType
from typing import Any

from msgspec import Struct

from panjue.run.jobs import Job, Position

TIME_LIMIT = 60
_CHANCES = 5  # of a worker that dies where no document is to blame
_STARTING = 120  # seconds that a process may take until it is ready; more than it ever needs


_MAIN = Lock()


class WorkerError(RuntimeError):
    """Worker processes cannot be started, or do not get on where no document is to blame."""


class _Result(Struct):
    value: Any


class _End(Struct):
    pass


class Guard:
    """One worker process; a new one where the old one was ended.

    Args:
        limit: seconds that may pass before the worker goes on from one document to the next.
        watch: is told every position of the worker.
    """

    def __init__(self, limit: int = TIME_LIMIT, watch: Callable[[Position], None] = lambda _: None) -> None:
        """No process is started yet."""
        self._limit = limit
        self._watch = watch
        self._closed = False
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None

    def results(self, job: Job) -> Iterator[Any]:
        """What the job gives, one after the other.

        Where a worker is replaced the job is sent anew: one that gives several results must know which it need not
        give again.

        Raises:
            WorkerError: see there.
            OSError: the worker could not write its output.
        """
        died: Counter[object] = Counter()
        while True:
            position: Position | None = None
            late = False
            try:
                connection = self._started()
                connection.send(job)
                while True:
                    late = not connection.poll(self._limit)
                    if late:
                        break
                    message = connection.recv()
                    if isinstance(message, Position):
                        position = message
                        self._watch(message)
                    elif isinstance(message, _Result):
                        yield message.value
                    else:
                        break
            except GeneratorExit:  # the rest is not wanted, and must not be taken for results of the next job
                self._end()
                raise
            except (EOFError, OSError):  # the other end is gone, perhaps in the middle of a message
                message = None
            if late or message is None:
                self._end()
                self._give_up(job, position, died, late=late)
            elif isinstance(message, Exception):
                raise message
            else:
                return

    def _give_up(self, job: Job, position: Position | None, died: Counter[object], *, late: bool) -> None:
        place = position.key if position is not None else None
        died[place] += 1
        if self._closed:
            raise WorkerError("the run was stopped")
        if position is None or position.stage == "write":
            if late or died[place] > _CHANCES:
                raise WorkerError(
                    f"a worker process {'wrote nothing for too long' if late else 'was ended from outside'}"
                )
        elif late:
            reason = f"not done within {self._limit} s, the time limit for one document"
            job.given_up[position.key] = position.failure("TimeLimit", reason, self._limit)
        elif died[place] > 1:
            reason = "the worker process died of it, or the system ended it: for want of memory?"
            job.given_up[position.key] = position.failure("WorkerDied", reason)

    def close(self) -> None:
        """End the process; also from another thread, while it works."""
        self._closed = True
        self._end()

    def _started(self) -> Connection[Any, Any]:
        if self._connection is None:
            context = _context()
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=serve, args=(theirs, self._limit), daemon=True)
            with _without_main():
                self._process.start()
            theirs.close()
            if not self._connection.poll(_STARTING):
                raise WorkerError("a worker process does not start")
            self._connection.recv()
        return self._connection

    def _end(self) -> None:
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if process is not None:
            process.kill()
            process.join()
        if connection is not None:
            connection.close()


def serve(connection: Connection[Any, Any], limit: int) -> None:
    """Work for whoever holds the other end, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the other side's to handle

    def begin(position: Position) -> None:
        if hasattr(signal, "setitimer"):  # should the other side be gone, the system ends a worker that hangs
            signal.setitimer(signal.ITIMER_REAL, 2 * limit + 10)
        connection.send(position)

    try:
        connection.send(_End())
        while True:
            job = connection.recv()
            try:
                for result in job.work(begin):
                    connection.send(_Result(result))
                message: object = _End()
            except ConnectionError:
                raise
            except Exception as error:
                message = (
                    error if isinstance(error, OSError) else WorkerError(f"{type(error).__name__} in a worker: {error}")
                )
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(message)
    except (EOFError, ConnectionError):
        return


@contextmanager
def _without_main() -> Iterator[None]:
    """Worker processes would run the script that is running once more, to have what it defines; they need nothing of it.

    So a script that calls us needs no ``if __name__ == "__main__"``.
    """
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _context() -> Any:
    """Processes forked from one that is clean and has the code loaded; where there is no fork, new ones."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["panjue.run.guard", "panjue.extractors.pipeline"])
    return context
