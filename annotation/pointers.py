"""JSON Pointers (RFC 6901) into records: look up, and keep pointers right when a list grows shorter."""

from __future__ import annotations

from typing import Any


def at(record: Any, pointer: str) -> Any:
    """The value a pointer names; a pointer of the contract has no ``~``.

    Raises:
        LookupError: the record has nothing there.
    """
    value = record
    for part in pointer.split("/")[1:]:
        if isinstance(value, list):
            if not part.isdigit() or int(part) >= len(value):
                raise LookupError(pointer)
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            raise LookupError(pointer)
    return value


def put(record: Any, pointer: str, value: Any) -> None:
    """Set what a pointer names.

    Raises:
        LookupError: the record has no such place.
    """
    at(record, pointer)
    owner, _, name = pointer.rpartition("/")
    holder = at(record, owner)
    holder[int(name) if isinstance(holder, list) else name] = value


def within(pointer: str, owner: str) -> bool:
    """Whether a pointer is ``owner`` or something in it.

    >>> within("/defendants/1/plea", "/defendants/1"), within("/defendants/10", "/defendants/1")
    (True, False)
    """
    return pointer == owner or pointer.startswith(owner + "/")


def without(pointer: str, removed: str) -> str | None:
    """The pointer after the item ``removed`` has left its list; None if it was of that item.

    >>> without("/defendants/2/name", "/defendants/1"), without("/defendants/1/name", "/defendants/1")
    ('/defendants/1/name', None)
    """
    if within(pointer, removed):
        return None
    owner, _, number = removed.rpartition("/")
    if not pointer.startswith(owner + "/"):
        return pointer
    head, *rest = pointer[len(owner) + 1 :].split("/")
    if not head.isdigit() or int(head) < int(number):
        return pointer
    return "/".join([owner, str(int(head) - 1), *rest])
