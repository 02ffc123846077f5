"""The form filled in: every row of one record with its value, its passages, and what makes it worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from panjue.annotation.events import State
from panjue.annotation.form import List, Row, form, parts_of
from panjue.annotation.pointers import at, within
from panjue.annotation.typed import shown

LOW = 0.8
"""Below this confidence a value is shown as unsure."""


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
    return list(_lines(state, reading))


def _lines(state: State, reading: dict[str, Any]) -> Iterator[Line]:
    for row in form().rows:
        if row.group == "case":
            yield _line(state, reading, row, row.template, None, None)
    for number, defendant in enumerate(state.record["defendants"]):
        for one in _ordered():
            parts = one.template.split("#")
            place = parts[0] + str(number) + parts[1]
            if len(parts) == 2:
                if isinstance(one, Row):
                    yield _line(state, reading, one, place, number, None)
                continue
            items = at(defendant, place.removeprefix(f"/defendants/{number}").rstrip("/"))
            if isinstance(one, List):
                head = place.rstrip("/")
                yield _head(state, one, head, number)
                for item in range(len(items)):
                    for row in form().rows:
                        if row.template.startswith(one.template):
                            path = f"{head}/{item}" + row.template.removeprefix(one.template)
                            yield _line(state, reading, row, path, number, item)


def _ordered() -> list[Row | List]:
    """Rows and lists as they stand in the record: a list before its first row."""
    found: list[Row | List] = []
    for row in form().rows:
        for one in form().lists:
            if one.template.count("#") == 2 and row.template.startswith(one.template) and one not in found:
                found.append(one)
        found.append(row)
    return [one for one in found if one.group != "case"]


def _head(state: State, one: List, path: str, defendant: int) -> Line:
    entries = [entry for entry in state.record["evidence"] if entry["path"] == path]
    return Line(
        path=path,
        template=one.template,
        group=one.group,
        defendant=defendant,
        evidence=[[entry["start"], entry["end"]] for entry in entries],
        look=_flags(state, path),
        accepted=any(within(path, owner) for owner in state.accepted if owner),
        note=state.notes.get(path),
    )


def _line(
    state: State, reading: dict[str, Any], row: Row, path: str, defendant: int | None, item: int | None
) -> Line:  # fmt: skip
    own = parts_of(row, path)
    values = [at(state.record, pointer) for pointer in own]
    entries = [entry for entry in state.record["evidence"] if entry["path"] in own] or _around(state.record, path)
    confidence = min((entry["confidence"] for entry in entries), default=None)
    look = _flags(state, path)
    if confidence is not None and confidence < LOW:
        look.append(f"confidence {confidence:.2f}")
    try:
        changed = values != [at(reading, pointer) for pointer in own]
    except LookupError:
        changed = True
    return Line(
        path=path,
        template=row.template,
        group=row.group,
        defendant=defendant,
        item=item,
        kind=row.kind,
        values=values,
        shown=shown(row, tuple(values)),
        evidence=[[entry["start"], entry["end"]] for entry in entries],
        confidence=confidence,
        look=look,
        accepted=any(within(path, owner) for owner in state.accepted if owner),
        changed=changed,
        note=state.notes.get(path),
    )


def _around(record: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The evidence of the nearest object around a row that has none of its own, below the defendant."""
    owner = path.rpartition("/")[0]
    while owner.count("/") > 2:
        found = [entry for entry in record["evidence"] if entry["path"] == owner]
        if found:
            return found
        owner = owner.rpartition("/")[0]
    return []


def _flags(state: State, path: str) -> list[str]:
    return [f"{flag['code']}: {flag['message']}" for flag in state.record["flags"] if flag["path"] == path]
