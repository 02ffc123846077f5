"""What people did to a record, one thing after the other, and the record that comes of it.

Nothing is ever changed or taken away: undoing is an event too. The state of a record is a fold over the events from
what panjue read; with the same reading and the same events it is always the same.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from panjue.annotation.form import form, parts_of
from panjue.annotation.pointers import at, put, within, without
from panjue.extractors.record import Evidence, Record

Verb = Literal["set", "evidence", "add", "remove", "replace", "accept", "reopen", "note", "undo", "redo"]
Passage = tuple[int, int]
"""Start and end, code points, half-open."""
PERSON = "person"
JUDGMENT = ""
"""The pointer of the whole record."""


class EventError(ValueError):
    """An event that cannot be applied to the record as it is; the message says why."""


class Event(Struct, frozen=True, kw_only=True):
    """One thing a person did.

    ``set``: ``new`` are the values of a row's parts. ``evidence``: the passages of a row. ``add``: ``path`` names the
    place in a list, at its end; ``remove``: one item. ``replace``: ``new`` are values by pointer, ``path`` the first of
    them, and ``new_evidence`` all evidence below them, as one reading has it. ``accept`` and ``reopen``: a row, a defendant, or with the empty path the judgment. ``note``: a
    remark. ``old`` and ``old_evidence`` are what was there before.
    """

    verb: Verb
    path: str = JUDGMENT
    new: Any = None
    old: Any = None
    new_evidence: list[Any] | None = None
    old_evidence: list[Any] | None = None


class State(Struct, kw_only=True):
    """A record in the making."""

    record: dict[str, Any]
    accepted: set[str] = msgspec.field(default_factory=set)
    notes: dict[str, str] = msgspec.field(default_factory=dict)
    undoable: int = 0
    redoable: int = 0

    @property
    def done(self) -> bool:
        """Whether the judgment is accepted."""
        return JUDGMENT in self.accepted


def active(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """The events that hold, and those undone that may be done again, the next one last."""
    done: list[Event] = []
    undone: list[Event] = []
    for event in events:
        if event.verb == "undo":
            if done:
                undone.append(done.pop())
        elif event.verb == "redo":
            if undone:
                done.append(undone.pop())
        else:
            done.append(event)
            undone.clear()
    return done, undone


def fold(reading: dict[str, Any], events: Sequence[Event]) -> State:
    """The state after all events.

    Args:
        reading: the record as panjue read it; it is not changed.
        events: in the order in which they came.

    Raises:
        EventError: an event does not fit the record.
    """
    done, undone = active(events)
    state = State(record=msgspec.to_builtins(reading))  # a copy, in C
    for event in done:
        _apply(state, event)
    state.undoable, state.redoable = len(done), len(undone)
    return state


def complete(state: State, event: Event, length: int) -> Event:
    """The event with what was there before it, once it is known to fit.

    Args:
        state: what the person saw; it becomes what comes of the event, except by undo and redo.
        event: what the person did.
        length: of the text, code points; passages end there.

    Raises:
        EventError: it does not fit the record or the contract, or a passage lies outside the text.
    """
    if event.verb in ("undo", "redo"):
        if not (state.undoable if event.verb == "undo" else state.redoable):
            raise EventError(f"nothing to {event.verb}")
        return event
    for passage in event.new_evidence or ():
        start, end = (passage["start"], passage["end"]) if isinstance(passage, dict) else passage
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
            raise EventError(f"no passage of the text: {start}–{end}")
    old, old_evidence = _before(state, event)
    whole = msgspec.structs.replace(event, old=old, old_evidence=old_evidence)
    _apply(state, whole)
    try:
        msgspec.convert(state.record, Record)
    except msgspec.ValidationError as error:
        raise EventError(str(error)) from error
    state.undoable, state.redoable = state.undoable + 1, 0
    return whole


def pointers(path: str) -> tuple[str, ...]:
    """The pointers that a path speaks for: of its row's parts, or itself."""
    row = form().row(path)
    return parts_of(row, path) if row else (path,)


def passages(record: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The evidence of a row."""
    return [entry for entry in record["evidence"] if entry["path"] in pointers(path)]


def _before(state: State, event: Event) -> tuple[Any, list[Any] | None]:
    record = state.record
    try:
        if event.verb == "set":
            return [at(record, pointer) for pointer in pointers(event.path)], passages(record, event.path)
        if event.verb == "evidence":
            at(record, event.path)
            return None, passages(record, event.path)
        if event.verb == "replace":
            old = {pointer: copy.deepcopy(at(record, pointer)) for pointer in event.new}
            return old, [entry for entry in record["evidence"] if _below(entry, old)]
        if event.verb == "remove":
            return copy.deepcopy(at(record, event.path)), [
                e for e in record["evidence"] if within(e["path"], event.path)
            ]
        if event.verb in ("accept", "reopen") and event.path:
            at(record, event.path)
    except LookupError:
        raise EventError(f"the record has no {event.path}") from None
    return (state.notes.get(event.path) if event.verb == "note" else None), None


def _apply(state: State, event: Event) -> None:
    try:
        _ACTIONS[event.verb](state, event)
    except (LookupError, TypeError, ValueError) as error:
        raise EventError(f"{event.verb} does not fit {event.path or 'the record'}: {error}") from error


def _set(state: State, event: Event) -> None:
    record, own = state.record, pointers(event.path)
    row = form().row(event.path)
    if row is None or len(event.new) != len(own):
        raise EventError(f"{event.path} is no row of the form")
    for pointer, value in zip(own, event.new, strict=True):
        put(record, pointer, value)
    mine = [entry for entry in record["evidence"] if entry["path"] in own]
    if mine and all(value in (None, 0, "", row.default) for value in event.new):
        record["evidence"] = [entry for entry in record["evidence"] if entry["path"] not in own]
    for entry in mine:
        entry.update(source=PERSON, confidence=1.0)
    if event.new_evidence is not None:
        _evidence(state, event)
    state.accepted.add(event.path)
    state.accepted.discard(JUDGMENT)


def _evidence(state: State, event: Event) -> None:
    own = pointers(event.path)
    at(state.record, event.path)
    kept = [entry for entry in state.record["evidence"] if entry["path"] not in own]
    kept += [_entry(event.path, start, end) for start, end in event.new_evidence or ()]
    state.record["evidence"] = kept
    state.accepted.discard(JUDGMENT)


def _add(state: State, event: Event) -> None:
    owner, _, number = event.path.rpartition("/")
    items = at(state.record, owner)
    if not isinstance(items, list) or number != str(len(items)):
        raise EventError(f"{event.path} is not the end of a list")
    items.append(copy.deepcopy(event.new))
    state.accepted.discard(JUDGMENT)


def _remove(state: State, event: Event) -> None:
    owner, _, number = event.path.rpartition("/")
    items = at(state.record, owner)
    if not isinstance(items, list):
        raise EventError(f"{event.path} is no item of a list")
    del items[int(number)]
    for name in ("evidence", "flags"):
        moved = [(entry, without(entry["path"], event.path)) for entry in state.record[name]]
        state.record[name] = [{**entry, "path": path} for entry, path in moved if path is not None]
    state.accepted = {path for one in state.accepted if (path := without(one, event.path)) is not None}
    state.notes = {path: said for one, said in state.notes.items() if (path := without(one, event.path)) is not None}
    state.accepted.discard(JUDGMENT)


def _replace(state: State, event: Event) -> None:
    for pointer, value in event.new.items():
        put(state.record, pointer, copy.deepcopy(value))
    kept = [entry for entry in state.record["evidence"] if not _below(entry, event.new)]
    added = [_entry(entry["path"], entry["start"], entry["end"]) for entry in event.new_evidence or ()]
    state.record["evidence"] = kept + [entry for entry in added if _below(entry, event.new)]
    state.accepted.update(event.new)
    state.accepted.discard(JUDGMENT)


def _below(entry: dict[str, Any], owners: Iterable[str]) -> bool:
    return any(within(entry["path"], owner) for owner in owners)


def _accept(state: State, event: Event) -> None:
    if event.path:
        at(state.record, event.path)
    state.accepted.add(event.path)


def _reopen(state: State, event: Event) -> None:
    state.accepted.discard(event.path)
    state.accepted.discard(JUDGMENT)


def _note(state: State, event: Event) -> None:
    if event.new:
        state.notes[event.path] = str(event.new)
    else:
        state.notes.pop(event.path, None)


def _entry(path: str, start: int, end: int) -> dict[str, Any]:
    entry: dict[str, Any] = msgspec.to_builtins(Evidence(path=path, start=start, end=end, source=PERSON))
    return entry


_ACTIONS = {
    "set": _set,
    "evidence": _evidence,
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "accept": _accept,
    "reopen": _reopen,
    "note": _note,
}
