"""Rules over a text whose misread characters were put right: ``panjue extract --restore``.

The restored text has the length of the text as obtained, so every offset holds in both. Values are those of the restored
text; where a passage holds a character that was put right, its confidence is at most what the model gives that character,
and the record is flagged.
"""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec

from panjue.extractors import pipeline
from panjue.extractors.record import Flag, Record
from panjue.models.restoring.restorer import Change, Restorer

MODEL = "panjue-restorer/1"
_SHOWN = 5


def extract(text: str, doc_id: str | None = None) -> Record:
    """Read one judgment as :func:`panjue.extractors.pipeline.extract` does, misread characters put right before.

    Raises:
        RestorerError: the shipped restorer is not there.
        ImportError: torch or transformers is missing.
    """
    return extract_with(_shipped(), text, doc_id)


def extract_with(restorer: Restorer, text: str, doc_id: str | None = None, *, always: bool = False) -> Record:
    """The same with a restorer at hand; ``always`` reads every text with it, whether it looks noisy or not."""
    restored, changes = restorer.restore(text, always=always)
    record = pipeline.extract(restored, doc_id)
    if changes:
        record.text_sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        record.doc_id = doc_id or f"sha256-{record.text_sha256[:16]}"
        _mark(record, changes)
    if record.toolkit is not None:
        record.toolkit = msgspec.structs.replace(record.toolkit, model=MODEL)  # all records share one
    return record


def _mark(record: Record, changes: list[Change]) -> None:
    for evidence in record.evidence:
        inside = [change.probability for change in changes if evidence.start <= change.place < evidence.end]
        if inside:
            evidence.confidence = min(evidence.confidence, *inside)
    shown = "、".join(f"{change.printed}→{change.restored}" for change in changes[:_SHOWN])
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    record.flags.append(Flag(code="text_restored", path="", message=f"characters put right: {shown}{more}"))


@cache
def _shipped() -> Restorer:
    import torch

    torch.set_num_threads(1)  # one process for each processor is faster than threads
    return Restorer()
