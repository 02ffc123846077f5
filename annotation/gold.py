"""The gold set: records that people have settled, with who did, when, and from which reading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from panjue.annotation.events import PERSON, State
from panjue.annotation.review import Review
from panjue.annotation.store import Document, Told


class OverwriteError(ValueError):
    """The file is there and holds something else."""


def build(review: Review, gold: Path, texts: Path, *, overwrite: bool = False) -> int:
    """Write the settled records, and their texts, in the order of the input.

    Returns:
        How many there are.

    Raises:
        OverwriteError: one of the files holds something else, unless ``overwrite``.
    """
    finished = review.finished()
    twice = {one.doc_id: one.annotators for one in review.store.listed() if one.blind}
    lines = [json.dumps(gold_record(*one, twice.get(one[0].doc_id, [])), ensure_ascii=False) for one in finished]
    words = [json.dumps({"doc_id": document.doc_id, "text": document.text}) for document, _, _ in finished]
    contents = {gold: lines, texts: words}
    for path, rows in contents.items():
        whole = "".join(row + "\n" for row in rows)
        if path.exists() and not overwrite and path.read_bytes() != whole.encode("utf-8", "surrogatepass"):
            raise OverwriteError(f"{path} holds another gold set; name another file, or give --overwrite")
    for path, rows in contents.items():
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_bytes("".join(row + "\n" for row in rows).encode("utf-8", "surrogatepass"))
        temporary.replace(path)
    return len(finished)


def gold_record(document: Document, state: State, told: list[Told], twice: list[str]) -> dict[str, Any]:
    """The record as gold: a person stands for every value, and ``annotation`` says who and from what.

    Args:
        document: the judgment.
        state: its record, accepted.
        told: the events it came from.
        twice: the two annotators whose readings were adjudicated, if there were two.
    """
    people = list(dict.fromkeys(one.annotator for one in told))
    accepted = next(one for one in reversed(told) if one.event.verb == "accept" and not one.event.path)
    notes = {path or "/": said for path, said in sorted(state.notes.items())}
    return {
        **state.record,
        "evidence": [{**entry, "source": PERSON, "confidence": 1.0} for entry in state.record["evidence"]],
        "toolkit": None,
        "annotation": {
            "annotators": people,
            "accepted_by": accepted.annotator,
            "accepted_at": accepted.time,
            "read_by": document.reader,
            "read_twice_by": twice,
            "events": len(told),
            "notes": notes,
        },
    }
