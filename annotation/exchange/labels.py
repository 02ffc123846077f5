"""Labels of passages: a pointer into the record without its numbers, dotted, and the numbers beside it.

``/defendants/0/sentence/counts/1/months`` is the label ``sentence.counts.months`` of defendant 1, item 2. Annotation
tools show labels to people, so both numbers count from 1. Label and numbers together give the pointer back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Struct

from panjue.extractors.record import Case, Defendant, Record


class Place(Struct, frozen=True):
    """What a passage speaks for; ``item`` is the number in a list of the defendant's: charge, count, counsel."""

    label: str
    defendant: int | None = None
    item: int | None = None

    @property
    def tag(self) -> str:
        """Label and numbers in one word, for tools whose labels have no attributes.

        >>> Place("sentence.counts.months", 1, 2).tag, Place("case.court").tag
        ('sentence.counts.months@1.2', 'case.court')
        """
        numbers = ".".join(str(number) for number in (self.defendant, self.item) if number is not None)
        return f"{self.label}@{numbers}" if numbers else self.label


def from_tag(tag: str) -> Place:
    """The place a tag names.

    Raises:
        LookupError: what follows the ``@`` is no number.

    >>> from_tag("sentence.months@3")
    Place(label='sentence.months', defendant=3, item=None)
    """
    label, _, numbers = tag.partition("@")
    parts = numbers.split(".") if numbers else []
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise LookupError(f"{numbers!r} is no number of a defendant, nor of a defendant and an item")
    return Place(label, *(int(part) for part in parts))


def _templates(struct: type[Struct], pointer: str) -> Iterator[str]:
    yield pointer
    for field in msgspec.structs.fields(struct):
        here, kind = f"{pointer}/{field.encode_name}", field.type
        if get_origin(kind) is list:
            here, kind = f"{here}/#", get_args(kind)[0]
        if isinstance(kind, type) and issubclass(kind, Struct):
            yield from _templates(kind, here)
        else:
            yield here


def _label(template: str) -> str:
    parts = [part for part in template.split("/")[1:] if part != "#"]
    return ".".join(parts[1:] or ["defendant"]) if parts[0] == "defendants" else ".".join(parts)


_POINTERS = {_label(t): t for t in (*_templates(Case, "/case"), *_templates(Defendant, "/defendants/#"))}
_LABELS = {
    **{template.removesuffix("/#"): label for label, template in _POINTERS.items() if label != "defendant"},
    **{template: label for label, template in _POINTERS.items()},
}

LABELS = tuple(_POINTERS)
"""All labels, in the order of the record."""


def place(path: str) -> Place | None:
    """The place a pointer names; None where a label cannot say it, as for ``/status``.

    >>> place("/defendants/0/charges_convicted/1")
    Place(label='charges_convicted', defendant=1, item=2)
    """
    parts = path.split("/")
    label = _LABELS.get("/".join("#" if part.isascii() and part.isdigit() else part for part in parts))
    if label is None:
        return None
    found = Place(label, *(int(part) + 1 for part in parts if part.isascii() and part.isdigit()))
    return found if _filled(found) == path else None  # 00 is no number of a pointer


def pointer(found: Place, record: Record) -> str:
    """The pointer of a place. A number may be missing where the record leaves no choice.

    Raises:
        LookupError: no such label, a number is missing, or the record has nothing there; the message says which.
    """
    template = _POINTERS.get(found.label)
    if template is None:
        raise LookupError(f"no label {found.label!r}")
    one = found
    if template.startswith("/defendants/"):
        one = Place(found.label, _number("defendant", found.defendant, record.defendants), found.item)
        head, inner, _ = template.removeprefix("/defendants/#").partition("/#/")
        if inner:
            items = value_at(record, f"/defendants/{(one.defendant or 1) - 1}{head}")
            one = Place(one.label, one.defendant, _number(head.rpartition("/")[2], found.item, items))
    path = _filled(one)
    value_at(record, path)
    return path


def value_at(record: Record, path: str) -> Any:
    """The value at a pointer.

    Raises:
        LookupError: the record has nothing there.
    """
    value: Any = record
    for part in path.split("/")[1:]:
        if isinstance(value, list):
            if int(part) >= len(value):
                raise LookupError(f"the record has no {path}")
            value = value[int(part)]
        else:
            value = getattr(value, part)
    return value


def _filled(found: Place) -> str:
    template = _POINTERS[found.label]
    if found.defendant is not None:
        template = template.replace("#", str(found.defendant - 1), 1)
    if found.item is not None:
        template = template.replace("#", str(found.item - 1), 1)
    return template.removesuffix("/#")


def _number(what: str, number: int | None, items: list[Any]) -> int:
    if number is None and len(items) == 1:
        return 1
    if number is None:
        raise LookupError(f"the number of the {what} is missing; the record has {len(items)}")
    if not 1 <= number <= len(items):
        raise LookupError(f"no {what} {number}; the record has {len(items)}")
    return number
