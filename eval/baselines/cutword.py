"""Names by a public model: cutword's recogniser of named entities (Apache-2.0, an LSTM-CRF, weights in its wheel).

Its are the names of the defendants and of their counsel, and by the firm the counsel's kind; all other fields are those
of :mod:`panjue.eval.baselines.regex`. A defendant is a person found right after 被告人 in the header, or anywhere if
there is none in the header; counsel is a person, or several joined by 、, found right after 辩护人 likewise, retained
if an organization follows that is a law firm.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import NamedTuple

import torch

with redirect_stdout(StringIO()):  # it prints what it lacks
    from cutword import NER

from panjue.eval.baselines import regex
from panjue.extractors.record import Counsel, CounselKind, DefendantKind, Record

_BODY = re.compile("指控|审理终结|经审理查明|本院认为")
"""The first of these ends the header."""
_DEFENDANT = re.compile("被告(?:人|单位)）?：?$")
_KINDS: dict[str, DefendantKind] = {"PERSON": "person", "ORG": "organization"}
_DEFENDER = re.compile("辩护人：?$")
_OFFICE = 40
"""Characters after counsel's name in which the firm is looked for."""


class Entity(NamedTuple):
    """What the model found, and where."""

    text: str
    start: int
    end: int
    kind: str


class Reader:
    """The model, ready to read."""

    def __init__(self) -> None:
        """Load it; torch is set to one thread, for the steps are so small that several wait for each other."""
        torch.set_num_threads(1)
        with redirect_stdout(StringIO()):
            self._model = NER(device="cpu")

    def extract(self, doc_id: str, text: str) -> Record:
        """The record of one judgment, without evidence."""
        words = regex.plain(text)
        body = _BODY.search(words)
        header = words[: body.start()] if body else words
        entities = self._entities(header)
        if not any(_defendants(header, entities)):
            header, entities = words, self._entities(words)
        names = dict(_defendants(header, entities))
        counsel = dict(_counsel(header, entities))
        return regex.record(
            doc_id,
            text,
            names,
            [*(Counsel(name=name, kind=kind) for name, kind in counsel.items()), *regex.duty_lawyer(words)],
        )

    def _entities(self, words: str) -> list[Entity]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's, on how it is called
            found = self._model.predict(words)
        return [Entity(one.entity, one.begin, one.end, one.ner_type_en) for one in (found[0] if found else ())]


def _defendants(words: str, entities: list[Entity]) -> Iterator[tuple[str, DefendantKind]]:
    for one in entities:
        if one.kind in _KINDS and _DEFENDANT.search(words, 0, one.start):
            yield one.text, _KINDS[one.kind]


def _counsel(words: str, entities: list[Entity]) -> Iterator[tuple[str, CounselKind]]:
    last = -1
    """Where a list of counsel has come to."""
    for one in entities:
        joined = last >= 0 and words[last : one.start] == "、"
        if one.kind == "PERSON" and (joined or _DEFENDER.search(words, 0, one.start)):
            last = one.end
            yield one.text, _kind(words, one, entities)


def _kind(words: str, counsel: Entity, entities: list[Entity]) -> CounselKind:
    office = words[counsel.end : counsel.end + _OFFICE].partition("。")[0]
    if "法律援助" in office or words[: counsel.start].endswith("指定辩护人"):
        return "legal_aid"
    end = counsel.end + len(office)
    firm = any(one.kind == "ORG" and counsel.end <= one.start < end and "律师" in one.text for one in entities)
    return "retained" if firm else "unknown"
