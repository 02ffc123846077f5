"""What extraction reads in the example judgments, passage by passage, as it was when a person last looked at it.

``corpora/examples/gold.jsonl`` says what is right; this says what is done, evidence and flags included, so that no change
of a rule goes unseen. A wanted change is written with ``pytest tests/test_golden.py --rewrite-golden`` and read in the
difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import msgspec

from panjue import extract
from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.record import Record

GOLDEN = Path(__file__).parent / "golden" / "examples.txt"


def lines(record: Record, text: str) -> Iterator[str]:
    """A record for the eye: a line for each piece of evidence with the value and the passage, one for each flag."""
    yield f"== {record.doc_id} {record.status}"
    for evidence in record.evidence:
        value: Any = msgspec.to_builtins(record)
        for key in evidence.path.split("/")[1:]:
            value = value[int(key) if isinstance(value, list) else key]
        shown = msgspec.json.encode(value).decode()
        yield f"{evidence.path} {shown} {evidence.source} ⟦{text[evidence.start : evidence.end]}⟧".replace("\n", "⏎")
    for flag in record.flags:
        yield f"! {flag.path} {flag.code}: {flag.message}"


def test_examples_are_read_as_before(examples: Path, rewrite_golden: bool) -> None:
    judgments = [found for found in read([examples / "texts"]) if isinstance(found, Judgment)]
    now = [line for j in judgments for line in lines(extract(j.text, j.doc_id), j.text)]
    if rewrite_golden:
        GOLDEN.write_text("\n".join(now) + "\n", encoding="utf-8")
    before = GOLDEN.read_text(encoding="utf-8").splitlines()
    changes = list(unified_diff(before, now, "golden", "now", n=1, lineterm=""))
    assert not changes, "\n".join(["if this is wanted: --rewrite-golden", *changes])
