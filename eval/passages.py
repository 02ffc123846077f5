"""Where a value was read: evidence entries for a field, and their words with some of the text around them."""

from __future__ import annotations

import re

from panjue.eval.fields import FIELDS, Json
from panjue.eval.score import Miss

_SPACES = re.compile(r"\s+")
_LONGEST = 120
"""Characters of one passage that are shown; the middle of a longer one is left out."""


def evidence_of(record: Json, pointers: tuple[str, ...]) -> list[Json]:
    """The evidence entries at or below JSON Pointers, else those of the nearest object around them."""
    entries = record.get("evidence") or ()
    found = [e for e in entries if any(e["path"] == p or e["path"].startswith(p + "/") for p in pointers)]
    while not found and any(pointers):
        pointers = tuple(pointer.rpartition("/")[0] for pointer in pointers)
        found = [e for e in entries if e["path"] in pointers]
    return found


def pointers_of(field: str, defendant: int | None) -> tuple[str, ...]:
    """JSON Pointers into the record of what was scored, of one defendant or of the case; none for the names."""
    owner = "" if defendant is None else f"/defendants/{defendant}"
    if field in FIELDS:
        return tuple(f"{owner}/{pointer}" for pointer in FIELDS[field].pointers)
    return (f"{owner}/{field.removeprefix('evidence ')}",) if field.startswith("evidence ") else ()


def gold_evidence(miss: Miss, gold: Json) -> list[Json]:
    """Gold's evidence for the value that was missed."""
    return evidence_of(gold, pointers_of(miss.field, miss.defendant))


def predicted_evidence(miss: Miss, predicted: Json) -> list[Json]:
    """The prediction's evidence for the value it has instead; none where it lacks the defendant."""
    if miss.defendant is not None and miss.predicted_defendant is None:
        return []
    return evidence_of(predicted, pointers_of(miss.field, miss.predicted_defendant))


def excerpt(text: str, start: int, end: int, context: int = 20) -> str:
    """A passage in ⟦⟧ with the characters around it, on one line.

    White space is one space and every other character that does not print is U+FFFD, so that a text cannot
    command the terminal.

    >>> excerpt("被告人钱某犯盗窃罪，判处拘役\\n二个月。", 9, 17, context=4)
    '…犯盗窃罪⟦，判处拘役 二个⟧月。'
    """
    start, end = max(start, 0), min(end, len(text))
    passage = text[start:end]
    if len(passage) > _LONGEST:
        passage = f"{passage[: _LONGEST // 2]} … {passage[-_LONGEST // 2 :]}"
    before, after = text[max(start - context, 0) : start], text[end : end + context]
    left = "…" if start > context else ""
    right = "…" if end + context < len(text) else ""
    return f"{left}{printable(before)}⟦{printable(passage)}⟧{printable(after)}{right}"


def printable(text: str) -> str:
    """The text on one line, without control characters."""
    return _SPACES.sub(" ", "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text))
