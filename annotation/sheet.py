"""The form filled in: every row of one record with its value, its passages, and what makes it worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from panjue.annotation.events import State
from panjue.annotation.form import List, Row, form, parts_of
from panjue.annotation.pointers import at, within
from panjue.annotation.typed import shown
from panjue.eval.confidence import UNSURE


class Line(Struct, frozen=True, kw_only=True):
    """One line of the page: a row, or the head of a list (without ``kind``) to which something can be added."""

    path: str
    template: str
    group: str
    defendant: int | None
    item: int | None = None
    """Number in its list, of charges, counts and counsel."""
    kind: str = ""
    values: list[Any] = []
    shown: str = ""
    evidence: list[list[int]] = []
    confidence: float | None = None
    """The least of its passages; None where there are none."""
    look: list[str] = []
    """Why a person should look at it: flags, low confidence."""
    accepted: bool = False
    changed: bool = False
    """Whether it is not what the reading has at this place."""
    note: str | None = None


def sheet(state: State, reading: dict[str, Any]) -> list[Line]:
    """All lines: the case, then each defendant, in the order of the form."""
    return list(_Sheet(state, reading).lines())


class _Sheet:
    """A record with its evidence and flags by path."""

    def __init__(self, state: State, reading: dict[str, Any]) -> None:
        self._state = state
        self._reading = reading
        self._evidence: dict[str, list[dict[str, Any]]] = {}
        self._flags: dict[str, list[str]] = {}
        for entry in state.record["evidence"]:
            self._evidence.setdefault(entry["path"], []).append(entry)
        for flag in state.record["flags"]:
            self._flags.setdefault(flag["path"], []).append(f"{flag['code']}: {flag['message']}")

    def lines(self) -> Iterator[Line]:
        for row in form().rows:
            if row.group == "case":
                yield self._line(row, row.template, None, None)
        for number, defendant in enumerate(self._state.record["defendants"]):
            for one in _ordered():
                owner, *rest = one.template.split("#")
                place = f"{owner}{number}{rest[0]}"
                if isinstance(one, Row) and len(rest) == 1:
                    yield self._line(one, place, number, None)
                elif isinstance(one, List):
                    yield from self._items(one, place.rstrip("/"), number, defendant)

    def _items(self, one: List, head: str, number: int, defendant: dict[str, Any]) -> Iterator[Line]:
        yield Line(
            path=head,
            template=one.template,
            group=one.group,
            defendant=number,
            evidence=_spans(self._evidence.get(head, [])),
            look=self._flags.get(head, []),
            accepted=self._accepted(head),
            note=self._state.notes.get(head),
        )
        for item in range(len(at(defendant, head.removeprefix(f"/defendants/{number}")))):
            for row in form().rows:
                if row.template.startswith(one.template):
                    yield self._line(row, f"{head}/{item}" + row.template.removeprefix(one.template), number, item)

    def _line(self, row: Row, path: str, defendant: int | None, item: int | None) -> Line:
        own = parts_of(row, path)
        values = [at(self._state.record, pointer) for pointer in own]
        entries = [entry for pointer in own for entry in self._evidence.get(pointer, ())] or self._around(path)
        confidence = min((entry["confidence"] for entry in entries), default=None)
        look = list(self._flags.get(path, ()))
        if confidence is not None and confidence < UNSURE:
            look.append(f"confidence {confidence:.2f}")
        return Line(
            path=path,
            template=row.template,
            group=row.group,
            defendant=defendant,
            item=item,
            kind=row.kind,
            values=values,
            shown=shown(row, tuple(values)),
            evidence=_spans(entries),
            confidence=confidence,
            look=look,
            accepted=self._accepted(path),
            changed=self._changed(own, values),
            note=self._state.notes.get(path),
        )

    def _around(self, path: str) -> list[dict[str, Any]]:
        """The evidence of the nearest object around a row that has none of its own, below the defendant."""
        owner = path.rpartition("/")[0]
        while owner.count("/") > 2:
            if owner in self._evidence:
                return self._evidence[owner]
            owner = owner.rpartition("/")[0]
        return []

    def _accepted(self, path: str) -> bool:
        return any(within(path, owner) for owner in self._state.accepted if owner)

    def _changed(self, own: tuple[str, ...], values: list[Any]) -> bool:
        try:
            return values != [at(self._reading, pointer) for pointer in own]
        except LookupError:
            return True


def _spans(entries: list[dict[str, Any]]) -> list[list[int]]:
    return [[entry["start"], entry["end"]] for entry in entries]


@cache
def _ordered() -> list[Row | List]:
    """Rows and lists as they stand in the record: a list before its first row."""
    found: list[Row | List] = []
    for row in form().rows:
        for one in form().lists:
            if one.template.count("#") == 2 and row.template.startswith(one.template) and one not in found:
                found.append(one)
        found.append(row)
    return [one for one in found if one.group != "case"]
