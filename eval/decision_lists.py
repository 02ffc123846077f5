"""Decision lists of confidence: made of judged values, calibrated on courts that they were not made of.

The lists put values in an order. They are made of how values were when they were first read, since a rule that was put
right with a judgment in view is right there and not everywhere; and signals are worse than the rest only where values
were wrong in at least two courts. How often values at a place in that order are right today, isotonic regression tells
(Zadrozny and Elkan 2002, KDD 694): the lists are made without one fold of the courts at a time, and right or wrong in
the fold is regressed on the score there. A group of fields has a map of its own as far as its wrong values go: of
``w`` wrong ones it weighs w / (w + 10), the map of all groups together the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from panjue.eval.judged import Document, Seen
from panjue.extractors.confidence import AND, ANY, Lists, look_up, together

FOLDS = 10
_COURTS = 2
"""In fewer courts than this wrong values cannot show that signals are worse than the rest."""
_WORSE = 0.02
"""Signals must be this much below the rest to have a line of their own."""
_WEIGHT = 10
"""What is known of a group weighs as much as so many values of a line, and the map of all groups as so many wrong ones."""
_LEAST, _MOST = 0.01, 0.9995
"""So few values make nothing certain."""


class Line(Struct, frozen=True):
    """Signals, and of the values that have them all and take no line before how many there are, and are right."""

    signals: frozenset[str]
    values: int
    right: int
    right_at_first: int
    confidence: float

    @property
    def said(self) -> str:
        """The signals as the lexicon has them."""
        return AND.join(sorted(self.signals))


class Weighed(Struct, frozen=True):
    """A document by given lists: the confidence of each of its values, of its groups together and of the least sure."""

    document: Document
    values: list[tuple[Seen, float]]
    groups: float
    least: float


def learn(documents: Sequence[Document]) -> dict[str, list[Line]]:
    """The calibrated decision list of each group of fields."""
    maps = _maps([(seen.group, sure, seen.right) for one in held_out(documents, _raw) for seen, sure in one.values])
    return {
        group: [replace(line, confidence=maps(group, line.confidence)) for line in lines]
        for group, lines in _raw(documents).items()
    }


def held_out(
    documents: Sequence[Document], make: Callable[[Sequence[Document]], dict[str, list[Line]]]
) -> Iterator[Weighed]:
    """Each document weighed by lists that were made without its court, and a tenth of the others."""
    folds = [fold_of(one) for one in documents]
    for fold in sorted(set(folds)):
        lists = make([one for one, its in zip(documents, folds, strict=True) if its != fold])
        yield from weighed((one for one, its in zip(documents, folds, strict=True) if its == fold), lists)


def fold_of(document: Document) -> int:
    """The fold of a document: one for all judgments of a court."""
    return int(sha256(document.court.encode()).hexdigest(), 16) % FOLDS


def weighed(documents: Iterable[Document], lists: dict[str, list[Line]]) -> Iterator[Weighed]:
    """Documents by given lists; of several passages of a value the least sure one counts."""
    table: Lists = {group: [(line.signals, line.confidence) for line in lines] for group, lines in lists.items()}
    for one in documents:
        sure = [look_up(table, reading.group, reading.signals) for reading in one.readings]
        values = [(seen, min(sure[position] for position in seen.readings)) for seen in one.seen]
        yield Weighed(one, values, together(one.readings, sure), min(sure, default=1.0))


def decision_list(values: list[Seen]) -> list[Line]:
    """Signals, one or two together, the least reliable first, the rest last.

    Each line is counted only on values that no line before it takes. Its score, not yet calibrated, is the share that was
    right at first, with ten values of the group's share added (the m-estimate of Cestnik 1990, ECAI 147).
    """
    tallies = _tallied(values)
    usual = _share(tallies)

    def line(signals: Iterable[str], found: list[_Tally]) -> Line:
        number, first = sum(one.values for one in found), sum(one.first for one in found)
        score = (first + _WEIGHT * usual) / (number + _WEIGHT)
        return Line(frozenset(signals), number, sum(one.right for one in found), first, score)

    lines = []
    while tallies:
        having: dict[tuple[str, ...], list[_Tally]] = defaultdict(list)
        for one in tallies:
            own = sorted(one.signals - {ANY})
            for pair in (*((signal,) for signal in own), *combinations(own, 2)):
                having[pair].append(one)
        faulty = [key for key, found in having.items() if len(set().union(*(one.wrong_in for one in found))) >= _COURTS]
        worst = min(
            (line(key, having[key]) for key in faulty), key=lambda one: (one.confidence, one.said), default=None
        )
        if worst is None or worst.right_at_first / worst.values > _share(tallies) - _WORSE:
            break
        lines.append(worst)
        tallies = [one for one in tallies if not worst.signals <= one.signals]
    return [*lines, line((ANY,), tallies)] if tallies else lines


class _Tally(Struct, frozen=True):
    """Values with the same signals: how many, how many right, today and at first, and the courts where some were wrong."""

    signals: frozenset[str]
    values: int
    right: int
    first: int
    wrong_in: frozenset[str]


def _tallied(values: Iterable[Seen]) -> list[_Tally]:
    alike: dict[frozenset[str], list[Seen]] = defaultdict(list)
    for value in values:
        alike[value.signals].append(value)
    return [
        _Tally(
            signals,
            len(found),
            sum(value.right for value in found),
            sum(value.right_at_first for value in found),
            frozenset(value.court for value in found if not value.right_at_first),
        )
        for signals, found in alike.items()
    ]


def _share(tallies: list[_Tally]) -> float:
    number = sum(one.values for one in tallies)
    return sum(one.first for one in tallies) / number if number else 0.0


def _raw(documents: Sequence[Document]) -> dict[str, list[Line]]:
    """The decision list of each group, not calibrated."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in documents:
        for seen in one.seen:
            groups[seen.group].append(seen)
    return {group: decision_list(groups[group]) for group in sorted(groups)}


def _maps(held: list[tuple[str, float, bool]]) -> Callable[[str, float], float]:
    """From a group and a score by its list to the share that is right of values not learnt from."""
    groups: dict[str, list[tuple[str, float, bool]]] = defaultdict(list)
    for one in held:
        groups[one[0]].append(one)
    wrong = {group: sum(not right for _, _, right in found) for group, found in groups.items()}
    pooled = _isotonic(held)
    own = {group: _isotonic(found) for group, found in groups.items() if wrong[group]}

    def calibrated(group: str, score: float) -> float:
        weight = wrong[group] / (wrong[group] + _WEIGHT) if group in own else 0.0
        return round((weight * own[group](score) if weight else 0.0) + (1 - weight) * pooled(score), 4)

    return calibrated


def _isotonic(held: list[tuple[str, float, bool]]) -> Callable[[float], float]:
    """Isotonic regression of right on the score."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=_LEAST, y_max=_MOST, out_of_bounds="clip")
    fitted.fit([score for _, score, _ in held], [right for *_, right in held])
    return lambda score: float(fitted.predict([score])[0])
