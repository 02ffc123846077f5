"""Rules and models together: ``panjue extract --restore`` and ``--tagger``.

Misread characters are put right before the rules read (``panjue.models.restoring``). Where the rules then find nothing, or are
not sure, and the table of a tagger says that it is better there, the tagger reads the passages that may hold it; where they find
no disposition, it may say where the sections begin.
Evidence points into the text as obtained. Where a passage holds a character that was put right, its confidence is at most what
the model gives that character, and the record is flagged.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from panjue.extractors import pipeline
from panjue.extractors.groups import Roster
from panjue.extractors.parties import read_parties
from panjue.extractors.record import Flag, Record
from panjue.extractors.sections import cut
from panjue.extractors.view import View
from panjue.models.deciding import SECTIONS_SILENT, Table, decisions, settle, situation, version
from panjue.models.restoring.changes import Restored
from panjue.models.restoring.restorer import Restorer
from panjue.models.tagger.checkpoint import CheckpointError
from panjue.models.tagger.reading import Reading, read_tagged, sections_of
from panjue.models.tagger.tagger import Scored, Tagger
from panjue.models.tagger.windows import pieces

MODEL = "panjue-restorer/2"
_SHOWN = 5
_CUES = {
    "charges_prosecuted": "指控|控诉",
    "charges_convicted": "犯[^，。；]{2,40}罪",
    "plea/status": "认罪|认罚|悔罪|具结|从宽|供述|供认",
    "plea/stage": "认罪认罚|具结",
    "plea/recognizance": "具结",
    "recommendation": "建议|量刑",
    "recommendation/court_response": "建议|采纳",
    "counsel": "辩护|律师|法律援助",
}
"""What a passage must hold for a field to be looked for in it."""


class Looked(NamedTuple):
    """A judgment as the rules read it, and what the tagger says of its defendants.

    Offsets are those of the restored text.
    """

    text: str
    restored: Restored
    record: Record
    view: View | None
    """Of the restored text; none where there is no tagger."""
    tagged: list[Scored]
    readings: list[dict[str, Reading]]
    recut: Reading | None
    """Where the rules find no disposition: the record by the sections of the tagger, and how sure it is of that one."""


class Hybrid:
    """Rules, restorer and tagger, loaded once.

    Raises:
        RestorerError: the restorer is missing or damaged.
        CheckpointError: the tagger is.
        ImportError: torch or transformers is missing.
    """

    def __init__(
        self, restorer: Restorer, tagger: Tagger | None = None, table: Table | None = None, *, always: bool = False
    ) -> None:
        """Take models that are loaded.

        Args:
            restorer: of misread characters.
            tagger: of passages; without one the rules stand.
            table: where the tagger is trusted; nowhere, if there is none.
            always: let the tagger read every passage.
        """
        self._restorer, self._tagger, self._table, self._always = restorer, tagger, table or {}, always

    def extract(self, text: str, doc_id: str | None = None) -> Record:
        """Read one judgment as :func:`panjue.extractors.pipeline.extract` does."""
        record = settled(self.look(text, doc_id), self._table)
        record.doc_id = doc_id or f"sha256-{record.text_sha256[:16]}"  # of the text as obtained
        if record.toolkit is not None:
            name = f"{MODEL} {self._tagger.name}" if self._tagger else MODEL
            record.toolkit = msgspec.structs.replace(record.toolkit, model=name)  # all records share one
        return record

    def look(self, text: str, doc_id: str | None = None) -> Looked:
        """Read with the rules, and tag what is to be tagged."""
        restored = self._restorer.restore(text)
        record = pipeline.extract(restored.text, doc_id)
        nothing: list[dict[str, Reading]] = [{} for _ in record.defendants]
        if self._tagger is None or not record.defendants:  # nobody, or a document out of scope
            return Looked(text, restored, record, None, [], nothing, None)
        view = View(restored.text)
        looked = Looked(text, restored, record, view, [], nothing, None)
        undecided = all(one.sentence.disposition == "none" for one in record.defendants)
        recut = bool(record.defendants) and undecided and (self._always or SECTIONS_SILENT in self._table)
        where = list(pieces(view.text)) if recut or self._always else self._passages(record, view)
        if not where:
            return looked
        tagged = self._tagger.read(view.text, where)
        roster = Roster(read_parties(view, cut(view)))
        roster.mask(view.text)
        return looked._replace(
            tagged=tagged,
            readings=read_tagged(tagged, view.text, roster),
            recut=self._recut(looked, tagged, len(view.text)) if recut else None,
        )

    def _recut(self, looked: Looked, tagged: list[Scored], length: int) -> Reading | None:
        sections = sections_of(tagged, length)
        if sections is None:
            return None
        start, end = sections.disposition
        score = max(one.score for one in tagged if one.span.start == start and one.span.label == "SECTION=disposition")
        record = pipeline.extract(looked.restored.text, looked.record.doc_id, sections)
        return Reading(record, start, end, score)

    def _passages(self, record: Record, view: View) -> list[tuple[int, int]]:
        """Passages that may hold what the rules have not, or are not sure of, where the tagger is trusted with it."""
        asked = {
            field
            for field, when in self._table
            if field in _CUES
            and any(situation(record, index, field) == when for index in range(len(record.defendants)))
        }
        if not asked:
            return []
        cue = re.compile("|".join(sorted(_CUES[field] for field in asked)))
        return [(start, end) for start, end in pieces(view.text) if cue.search(view.text, start, end)]


def settled(looked: Looked, table: Table) -> Record:
    """The record with what the table trusts the tagger with; its evidence points into the text as obtained."""
    record, changes = looked.record, looked.restored.changes
    trusted = table.get(SECTIONS_SILENT)
    if trusted and looked.recut and looked.recut.score >= trusted.score:
        record = looked.recut.value
        record.flags.append(
            Flag(code="sections_by_model", path="", message="where its sections begin was read by a model")
        )
    elif looked.view:
        settle(record, looked.readings, looked.view, table)
    if changes:
        for evidence in record.evidence:
            evidence.start, evidence.end = looked.restored.original(evidence.start, evidence.end)
            inside = [change.probability for change in changes if evidence.start <= change.place < evidence.end]
            evidence.confidence = min(evidence.confidence, *inside, 1.0)
        record.text_sha256 = hashlib.sha256(looked.text.encode("utf-8", "surrogatepass")).hexdigest()
        shown = "、".join(f"{change.printed or '␣'}→{change.restored}" for change in changes[:_SHOWN])
        more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
        record.flags.append(Flag(code="text_restored", path="", message=f"characters put right: {shown}{more}"))
    return record


def extract(
    text: str, doc_id: str | None = None, *, tagger: str = "", tagger_version: str = "", always: bool = False
) -> Record:
    """Read one judgment with the restorer that comes with panjue, and with a tagger if a folder is named.

    Args:
        text: as obtained.
        doc_id: as :func:`panjue.extractors.pipeline.extract`.
        tagger: folder of a checkpoint.
        tagger_version: which tagger, with which table, must lie there, if that is known.
        always: let the tagger read every passage.

    Raises:
        RestorerError: the shipped restorer is not there.
        CheckpointError: there is no such tagger, or another one.
        ImportError: torch or transformers is missing.
    """
    return _loaded(tagger, tagger_version, always).extract(text, doc_id)


@cache
def _loaded(folder: str, tagger_version: str, always: bool) -> Hybrid:
    import torch

    torch.set_num_threads(1)  # one process for each processor is faster than threads
    if not folder:
        return Hybrid(Restorer())
    if tagger_version not in ("", version(Path(folder))):
        raise CheckpointError(f"{folder} holds another tagger than when the run began; start anew with --overwrite")
    return Hybrid(Restorer(), Tagger(Path(folder)), decisions(Path(folder)), always=always)
