"""What each person may see and do: the queue, a judgment with its record, an event, the agreement, the gold."""

from __future__ import annotations

import random
from typing import Any

import msgspec
from msgspec import Struct

from panjue.annotation.agreement import Agreement, agreement
from panjue.annotation.compare import Difference, merged
from panjue.annotation.events import JUDGMENT, Event, EventError, State, active, fold
from panjue.annotation.form import form
from panjue.annotation.pointers import within, without
from panjue.annotation.sheet import sheet
from panjue.annotation.store import ADJUDICATION, COMMON, ConflictError, Document, Listed, Role, Store, Told
from panjue.annotation.typed import parse
from panjue.extractors.sections import cut
from panjue.extractors.view import View

GOLD, MACHINE = "gold", "panjue"


class Person(Struct, frozen=True):
    """Who works; an adjudicator settles what two annotators disagree on, and sees all."""

    name: str
    role: Role


class Wanted(Struct, frozen=True, kw_only=True):
    """Which judgments of the queue, and in what order."""

    court: str = ""
    year: str = ""
    charge: str = ""
    flag: str = ""
    below: float | None = None
    """Confidence below which."""
    state: str = "open"
    """``open`` (not accepted by this person), ``done`` or ``all``."""
    mine: bool = True
    """Only what is assigned to this person, if anything is."""
    order: str = "confidence"
    """``confidence``, the least first; ``input``; ``random`` with ``seed``."""
    seed: int = 0
    limit: int = 200
    """Only so many, the first of the order: a page of thousands of lines is slow, and nobody reads it."""


class Queue(Struct, frozen=True):
    """What is to be done: the first ``rows`` of ``count`` judgments wanted; of ``all`` of this person's ``done`` are."""

    rows: list[dict[str, Any]]
    count: int
    done: int
    all: int


class RefusedError(Exception):
    """Not for this person, or not yet; the message says why."""


class Action(Struct, frozen=True, kw_only=True):
    """What the page sends: an event with the version seen; ``typed`` words in place of values; or a side to choose."""

    seen: int
    event: Event | None = None
    typed: str | None = None
    difference: int | None = None
    side: int = 1


class Review:
    """The work on the judgments of one store."""

    def __init__(self, store: Store) -> None:
        """Work on what is in ``store``."""
        self.store = store

    def queue(self, person: Person, wanted: Wanted) -> Queue:
        """The judgments that fulfil all that is wanted, and how far this person is."""
        listed = [one for one in self.store.listed() if self._sees(person, one)]
        own = [one for one in listed if person.name in one.annotators] if person.role == "annotator" else []
        found = [one for one in (own if wanted.mine and own else listed) if _fits(one, wanted)]
        done = {one.doc_id for one in listed if self._layer(person, one) in one.done}
        if wanted.state != "all":
            found = [one for one in found if (one.doc_id in done) == (wanted.state == "done")]
        if wanted.order == "random":
            found.sort(key=lambda one: one.doc_id)
            random.Random(wanted.seed).shuffle(found)  # noqa: S311  no secret
        elif wanted.order == "confidence":
            found.sort(key=lambda one: (not self._ready(person, one), one.likely, one.position))
        rows = []
        for one in found[: wanted.limit]:
            row = msgspec.to_builtins(one)
            begun = self._layer(person, one) in one.begun
            row |= {"done": one.doc_id in done, "begun": begun, "ready": self._ready(person, one)}
            del row["annotators"], row["position"]  # what others did with it is not shown
            rows.append(row)
        work = own or listed
        return Queue(rows, len(found), sum(one.doc_id in done for one in work), len(work))

    def _ready(self, person: Person, one: Listed) -> bool:
        return self._layer(person, one) != ADJUDICATION or self._both_done(one)

    def view(self, person: Person, doc_id: str) -> dict[str, Any]:
        """All the page shows of one judgment.

        Raises:
            RefusedError: it is not this person's to see.
        """
        document, layer = self._opened(person, doc_id)
        base, differences, sides = self._base(document, layer)
        told = self.store.told(doc_id, layer)
        state = fold(base, [one.event for one in told])
        return {
            "doc_id": doc_id,
            "text": document.text,
            "sections": _sections(document.text),
            "layer": layer,
            "case_number": document.reading["case"]["case_number"],
            **self._shown(document, state, told, differences, sides),
        }

    def act(self, person: Person, doc_id: str, action: Action) -> dict[str, Any]:
        """Take in what a person did; what is returned is on disk.

        Raises:
            RefusedError: it is not this person's.
            ConflictError: somebody was faster.
            EventError: it does not fit.
            TypedError: what was typed cannot be read.
        """
        document, layer = self._opened(person, doc_id)
        if layer not in (COMMON, ADJUDICATION) and self.store.told(doc_id, ADJUDICATION):
            raise RefusedError("its differences are being settled; tell the adjudicator what you would change")
        base, differences, sides = self._base(document, layer)
        event, source = self._event(document.doc_id, layer, base, differences, sides, action)
        state, told = self.store.add(
            doc_id,
            layer,
            base,
            event,
            seen=action.seen,
            annotator=person.name,
            source=source,
            reader=document.reader,
            length=len(document.text),
        )
        return self._shown(document, state, told, differences, sides)

    def _event(
        self, doc_id: str, layer: str, base: dict[str, Any], differences: list[Difference], sides: list[str], action: Action
    ) -> tuple[Event, str]:  # fmt: skip
        """The event that is meant, and where its value comes from: the page, or the side that was chosen."""
        told = self.store.told(doc_id, layer) if differences else []
        if differences and action.seen != len(told):
            raise ConflictError(told[-1] if told else None)
        settled = self._settled(differences, told)
        if action.difference is not None:
            if not (0 <= action.difference < len(differences) and action.side in (1, 2)):
                raise EventError("no such difference")
            event = _chosen(differences[action.difference], settled[action.difference], action.side)
            return event, sides[action.side - 1]
        if action.event is None:
            raise EventError("nothing was done")
        if action.event.verb == "accept" and action.event.path == JUDGMENT:
            state = fold(base, [one.event for one in told])
            left = [paths for paths in settled if paths and paths[0] not in state.accepted]
            if left:
                raise EventError(f"{len(left)} differences are not settled yet")
        return _said(action.event, action.typed), "page"

    def progress(self) -> list[dict[str, Any]]:
        """How far each annotator is: judgments assigned, begun, accepted, and events."""
        rows = self.store.rows("SELECT annotator AS name, count(*) AS events, max(time) AS last FROM events GROUP BY 1")
        people: dict[str, dict[str, Any]] = {
            row["name"]: {**dict(row), "assigned": 0, "begun": 0, "done": 0} for row in rows
        }
        for one in self.store.listed():
            for name in one.annotators:
                person = people.setdefault(
                    name, {"name": name, "events": 0, "last": None, "assigned": 0, "begun": 0, "done": 0}
                )
                person["assigned"] += 1
        for row in self.store.rows("SELECT annotator, count(*) AS begun, sum(done) AS done FROM layers GROUP BY 1"):
            people[row["annotator"]] |= {"begun": row["begun"], "done": row["done"]}
        return [people[name] for name in sorted(people)]

    def agreement(self) -> list[Agreement]:
        """How far two annotators agree, over the judgments that both have accepted."""
        pairs = []
        for one in self.store.listed():
            if one.blind and self._both_done(one):
                first, second = (self._final(one.doc_id, f"by:{name}") for name in one.annotators)
                pairs.append((first.record, second.record))
        return agreement(pairs)

    def finished(self) -> list[tuple[Document, State, list[Told]]]:
        """The judgments that are settled: accepted by the one who reads it, or by the adjudicator."""
        found = []
        for one in self.store.listed():
            layer = ADJUDICATION if one.blind else COMMON
            document = self.store.document(one.doc_id)
            if layer in one.done and document is not None:
                told = self.store.told(one.doc_id, layer)
                base, _, _ = self._base(document, layer)
                found.append((document, fold(base, [t.event for t in told]), told))
        return found

    def _opened(self, person: Person, doc_id: str) -> tuple[Document, str]:
        document = self.store.document(doc_id)
        if document is None:
            raise RefusedError("no such judgment")
        if not document.blind:
            return document, COMMON
        (one,) = self.store.listed(doc_id)
        if not self._sees(person, one):
            raise RefusedError("this judgment is read by two others")
        layer = self._layer(person, one)
        if layer == ADJUDICATION and not self._both_done(one):
            raise RefusedError("both annotators must accept it first")
        return document, layer

    def _sees(self, person: Person, one: Listed) -> bool:
        return not one.blind or person.role == "adjudicator" or person.name in one.annotators

    def _layer(self, person: Person, one: Listed) -> str:
        if not one.blind:
            return COMMON
        return f"by:{person.name}" if person.name in one.annotators else ADJUDICATION

    def _both_done(self, one: Listed) -> bool:
        return all(f"by:{name}" in one.done for name in one.annotators)

    def _final(self, doc_id: str, layer: str) -> State:
        document = self.store.document(doc_id)
        if document is None:
            raise RefusedError("no such judgment")
        return fold(document.reading, [told.event for told in self.store.told(doc_id, layer)])

    def _base(self, document: Document, layer: str) -> tuple[dict[str, Any], list[Difference], list[str]]:
        """The record a layer begins with, what is to be settled in it, and whose the two sides are."""
        if document.gold is not None:
            return *merged(document.gold, document.reading), [GOLD, MACHINE]
        if layer == ADJUDICATION:
            rows = self.store.rows("SELECT annotator FROM assignments WHERE doc_id = ? ORDER BY 1", document.doc_id)
            names = [row["annotator"] for row in rows]
            first, second = (self._final(document.doc_id, f"by:{name}").record for name in names)
            return *merged(first, second), names
        return document.reading, [], []

    def _settled(self, differences: list[Difference], told: list[Told]) -> list[list[str]]:
        """The paths of each difference as they are now; none where its defendant was removed."""
        removed = [event.path for event in active([one.event for one in told])[0] if event.verb == "remove"]
        paths = []
        for difference in differences:
            now: list[str] = []
            for path in difference.paths:
                moved: str | None = path
                for gone in removed:
                    moved = without(moved, gone) if moved is not None else None
                now += [moved] if moved is not None else []
            paths.append(now)
        return paths

    def _shown(
        self, document: Document, state: State, told: list[Told], differences: list[Difference], sides: list[str]
    ) -> dict[str, Any]:
        paths = self._settled(differences, told)
        last = told[-1] if told else None
        return {
            "version": len(told),
            "lines": msgspec.to_builtins(sheet(state, document.reading)),
            "defendants": [defendant["name"] for defendant in state.record["defendants"]],
            "status": state.record["status"],
            "flags": state.record["flags"],
            "accepted": sorted(state.accepted),
            "done": state.done,
            "note": state.notes.get(JUDGMENT),
            "undoable": state.undoable,
            "redoable": state.redoable,
            "saved": {"by": last.annotator, "time": last.time} if last else None,
            "sides": sides,
            "differences": [
                {
                    **msgspec.to_builtins(difference),
                    "paths": now,
                    "settled": not now or now[0] in state.accepted,
                }
                for difference, now in zip(differences, paths, strict=True)
            ],
        }


def _said(event: Event, typed: str | None) -> Event:
    """The event with the values that were typed; a new item of a list with its empty values."""
    if event.verb == "set" and typed is not None:
        row = form().row(event.path)
        if row is None:
            raise EventError(f"{event.path} is no row of the form")
        return msgspec.structs.replace(event, new=list(parse(row, typed)))
    if event.verb == "add":
        owner = event.path.rpartition("/")[0]
        found = form().list_of(owner)
        if found is None:
            raise EventError(f"nothing can be added to {owner}")
        return msgspec.structs.replace(event, new=found.new)
    if event.verb == "replace":
        raise EventError("only a side can be taken whole")
    return event


def _chosen(difference: Difference, now: list[str], side: int) -> Event:
    """The event that takes one side of a difference."""
    taken = difference.first if side == 1 else difference.second
    if not now:
        raise EventError("its defendant was removed")
    if difference.field == "defendants":
        return Event(verb="accept" if taken.there else "remove", path=now[0])
    moved = dict(zip(difference.paths, now, strict=True))
    evidence = [
        {**entry, "path": moved[path] + entry["path"].removeprefix(path)}
        for entry in taken.evidence
        for path in moved
        if within(entry["path"], path)
    ]
    values = dict(zip(now, taken.values, strict=True))
    return Event(verb="replace", path=now[0], new=values, new_evidence=evidence)


def _fits(one: Listed, wanted: Wanted) -> bool:
    return (
        wanted.court in (one.court or "")
        and wanted.year in ("", one.year)
        and (not wanted.charge or any(wanted.charge in charge for charge in one.charges))
        and (not wanted.flag or any(wanted.flag in flag for flag in one.flags))
        and (wanted.below is None or one.confidence < wanted.below)
    )


def _sections(text: str) -> list[dict[str, Any]]:
    """Name, start and end of each section, code points of the text."""
    view = View(text)
    found = []
    for name, span in cut(view)._asdict().items():
        start, end = view.original(*span)
        if end > start:
            found.append({"name": name, "start": start, "end": end})
    return sorted(found, key=lambda section: section["start"])
