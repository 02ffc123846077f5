"""What tagged passages say of each defendant.

The tagger tells where a value stands and of which kind it is, the grammar of ``panjue.extractors`` reads the words inside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from panjue.extractors import charges
from panjue.extractors.groups import Roster
from panjue.extractors.parties import Party
from panjue.extractors.recommended import read_recommended
from panjue.extractors.record import Counsel, Recommendation
from panjue.extractors.sections import Sections
from panjue.extractors.sections import Span as Range
from panjue.models.tagger.silver import SECTIONS
from panjue.models.tagger.tagger import Scored

FIELDS = (
    "charges_prosecuted",
    "charges_convicted",
    "plea/status",
    "plea/stage",
    "plea/recognizance",
    "recommendation",
    "recommendation/court_response",
    "counsel",
)
"""What is read of a defendant, as pointers into him."""
_VALUED = {"PLEA": FIELDS[2], "STAGE": FIELDS[3], "RECOGNIZANCE": FIELDS[4], "RESPONSE": FIELDS[6]}
_CHARGES = {"CHARGE_PROSECUTED": FIELDS[0], "CHARGE_CONVICTED": FIELDS[1]}
_STOPS = "。；"


class Reading(NamedTuple):
    """A value, the passage it was read from, and the score of the tagger."""

    value: Any
    start: int
    end: int
    score: float


def parties_of(tagged: Sequence[Scored], text: str) -> list[Party]:
    """The defendants that the tagger found, in order, each name once."""
    found: dict[str, Party] = {}
    for start, end, label in (_bounds(one) for one in tagged):
        if label == "DEFENDANT":
            where = Range(start, end)
            found.setdefault(text[start:end], Party(text[start:end], "person", where, where))
    return list(found.values())


def sections_of(tagged: Sequence[Scored], length: int) -> Sections | None:
    """The sections that the tagger found, the surest first, as far as they stand in the order of a judgment.

    None without a disposition.
    """
    kept: list[tuple[int, int]] = []
    for one in sorted(tagged, key=lambda one: -one.score):
        kind, _, name = one.span.label.partition("=")
        if kind != "SECTION":
            continue
        number, start = SECTIONS.index(name), one.span.start
        if all((number < other) == (start < place) and number != other for other, place in kept):
            kept.append((number, start))
    starts = dict(kept)
    if SECTIONS.index("disposition") not in starts:
        return None
    bounds = [0, 0]
    following = length
    placed = []
    for number in reversed(range(len(SECTIONS))):
        following = starts.get(number, following)
        placed.append(following)
    bounds += reversed(placed)
    ends = [*bounds[1:], length, length]
    bounds.append(length)
    return Sections(*(Range(start, end) for start, end in zip(bounds, ends, strict=True)))


def read_tagged(tagged: Sequence[Scored], text: str, roster: Roster) -> list[dict[str, Reading]]:
    """For each defendant of the roster what the passages say of him, by field.

    Args:
        tagged: passages of ``text``.
        text: of a view.
        roster: of the defendants; it has masked ``text``.
    """
    found: list[dict[str, Reading]] = [{} for _ in roster.parties]
    lists: list[dict[str, list[Reading]]] = [defaultdict(list) for _ in roster.parties]
    for one in tagged:
        start, end, label = _bounds(one)
        kind, _, value = label.partition("=")
        words = text[start:end]
        if kind in _VALUED:
            _best(found, _of(roster, text, start, end), _VALUED[kind], Reading(value, start, end, one.score))
        elif kind == "RECOMMENDATION":
            content = read_recommended(words) or Recommendation(content="mentioned")
            _best(found, _of(roster, text, start, end), "recommendation", Reading(content, start, end, one.score))
        elif kind in _CHARGES:
            for index in _of(roster, text, start, end):
                names = charges.split(words.lstrip("犯以构成"))
                lists[index][_CHARGES[kind]].append(Reading(list(names), start, end, one.score))
        elif kind == "COUNSEL":
            for index in _before(roster, start):
                for name in _names(words):
                    lists[index]["counsel"].append(Reading([Counsel(name=name, kind=value)], start, end, one.score))  # type: ignore[arg-type]
    for mine, several in zip(found, lists, strict=True):
        for field, readings in several.items():
            mine[field] = _together(readings)
    return found


def _bounds(one: Scored) -> tuple[int, int, str]:
    return one.span.start, one.span.end, one.span.label


def _best(found: list[dict[str, Reading]], who: Sequence[int], field: str, reading: Reading) -> None:
    for index in who:
        if field not in found[index] or found[index][field].score < reading.score:
            found[index][field] = reading


def _of(roster: Roster, text: str, start: int, end: int) -> tuple[int, ...]:
    """Of whom a passage speaks: those it names, those its sentence named before, or all."""
    sentence = max((text.rfind(stop, 0, start) for stop in _STOPS), default=-1) + 1
    return roster.mentioned(start, end) or roster.spoken_of(sentence, start) or roster.everyone


def _before(roster: Roster, start: int) -> tuple[int, ...]:
    """The defendant whom the header names last before a place."""
    named = [index for index, party in enumerate(roster.parties) if party.span.start < start]
    return tuple(named[-1:])


def _names(words: str) -> list[str]:
    """The names of counsel in a passage.

    >>> _names("辩护人古月明、林觉，浙江溪源律师事务所律师")
    ['古月明', '林觉']
    """
    head = words.split("，", 1)[0]
    head = head.rsplit("辩护人", 1)[-1].strip("：。；系")
    return [name for name in head.split("、") if 2 <= len(name) <= 4]


def _together(readings: list[Reading]) -> Reading:
    """Readings of a list as one: each item once; it is as sure as the least sure."""
    items: list[Any] = []
    for reading in readings:
        items += [item for item in reading.value if item not in items]
    return Reading(items, readings[0].start, readings[0].end, min(reading.score for reading in readings))
