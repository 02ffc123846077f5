"""Adds events to a store for ever and says after each that it is kept: to be killed in the middle of it."""

from __future__ import annotations

import sys
from pathlib import Path

from panjue.annotation.events import Event
from panjue.annotation.people import add_person
from panjue.annotation.review import Action, Person, Review
from panjue.annotation.store import Store


def main(path: str) -> None:
    store = Store(Path(path))
    add_person(store, "li", "annotator")
    review, li = Review(store), Person("li", "annotator")
    version = 0
    while True:
        event = Event(verb="set", path="/defendants/0/sentence/months", new=[version % 240, 0])
        version = review.act(li, "one", Action(seen=version, event=event))["version"]
        sys.stdout.write(f"{version}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
