"""Twenty annotators for a minute on the real server: python tests/review_load.py [--seconds 60] [--people 20]

Each has a judgment, makes a change as soon as the last one is acknowledged and a short while has passed (a person is
slower), and reads it again from time to time. Prints the times of the answers and whether all that was acknowledged is
in the store, in order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "helpers"))

import httpx
import msgspec
from reviewed import documents
from serving import Server, server

from panjue.annotation.people import add_person, open_session
from panjue.annotation.server import COOKIE
from panjue.annotation.store import Store

PAUSE = 0.5
"""Seconds between two changes of one annotator, on average."""


class Annotator(threading.Thread):
    """One person: changes the term, asks for the judgment after every tenth change."""

    def __init__(self, at: Server, name: str, token: str, doc_id: str, until: float) -> None:
        super().__init__()
        self.name, self.doc_id, self.until = name, doc_id, until
        self.acknowledged: list[int] = []
        self.times: list[float] = []
        self.failed = 0
        headers = {"origin": at.address}
        self.client = httpx.Client(base_url=at.address, cookies={COOKIE: token}, headers=headers, timeout=30)

    def run(self) -> None:
        pauses = random.Random(self.name)
        address = f"/api/documents/{self.doc_id}"
        version = self.client.get(address).json()["version"]
        while time.time() < self.until:
            event = {"verb": "set", "path": "/defendants/0/sentence/months"}
            began = time.perf_counter()
            answer = self.client.post(address, json={"seen": version, "event": event, "typed": f"{version % 200 + 1}"})
            self.times.append(time.perf_counter() - began)
            if answer.status_code == 200:
                version = answer.json()["version"]
                self.acknowledged.append(version)
            else:
                self.failed += 1
            if version % 10 == 0:
                began = time.perf_counter()
                self.client.get(address)
                self.times.append(time.perf_counter() - began)
            time.sleep(pauses.uniform(0, 2 * PAUSE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.sqlite"
        store = Store(path)
        six = next(one for one in documents() if one.doc_id == "six")
        names = [f"annotator{number}" for number in range(given.people)]
        store.load(msgspec.structs.replace(six, doc_id=name, reading={**six.reading, "doc_id": name}) for name in names)
        for name in names:
            add_person(store, name, "annotator")
        tokens = {name: open_session(store, name) for name in names}
        store.close()
        with server(Path(folder)) as at:
            until = time.time() + given.seconds
            people = [Annotator(at, name, tokens[name], name, until) for name in names]
            for person in people:
                person.start()
            for person in people:
                person.join()
            at.process.kill()
            at.process.wait()
        store = Store(path)
        lost = 0
        for person in people:
            kept = [told.version for told in store.told(person.doc_id, "common")]
            lost += len(set(person.acknowledged) - set(kept))
        times = sorted(moment for person in people for moment in person.times)
    figures = {
        "annotators": given.people,
        "seconds": given.seconds,
        "answers": len(times),
        "changes": sum(len(person.acknowledged) for person in people),
        "failed": sum(person.failed for person in people),
        "lost": lost,
        "median_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * times[int(0.95 * len(times))], 1),
        "slowest_ms": round(1000 * times[-1], 1),
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("NO_PROXY", "127.0.0.1")
    main()
