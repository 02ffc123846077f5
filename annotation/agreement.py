"""How far two annotators agree, per field: percentage, Cohen's κ, Krippendorff's α, and their evidence.

κ: Cohen, A coefficient of agreement for nominal scales (1960). α for nominal values: Krippendorff, Content Analysis
(2004), chapter 11. Both are undefined where all values are the same, for then agreement by chance is complete; they are
given as None, never as 0 or 1. Both annotators begin with what panjue read: what neither touched agrees, so the figures
tell how people correct, not how they would read alone.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, Field
from panjue.eval.passages import evidence_of
from panjue.eval.score import align

Pair = tuple[Hashable, Hashable]
Span = tuple[int, int]


class Agreement(Struct, frozen=True):
    """One field: ``n`` pairs of values; shares from 0 to 1, None where undefined."""

    field: str
    chinese: str
    n: int
    same: float | None
    kappa: float | None
    alpha: float | None
    evidence_n: int
    """Passages of both annotators."""
    evidence_exact: float | None
    """F1 of passages that are the same."""
    evidence_overlap: float | None
    """F1 of passages that overlap one of the other's."""


def agreement(records: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> list[Agreement]:
    """Agreement per field over judgments that two people read; first the defendants themselves.

    Args:
        records: of each judgment the records of both. Fields of a defendant whom only one of them has are not counted
            beside the line ``defendants``.
    """
    pairs: dict[str, list[Pair]] = defaultdict(list)
    passages: dict[str, list[tuple[list[Span], list[Span]]]] = defaultdict(list)
    labels = {"defendants": "被告人"} | {field.name: field.label for field in (*CASE_FIELDS, *DEFENDANT_FIELDS)}
    for first, second in records:
        for field in CASE_FIELDS:
            pairs[field.name].append((field.value(first["case"]), field.value(second["case"])))
            passages[field.name].append((_spans(first, "", field), _spans(second, "", field)))
        for here, there in align(first, second):
            pairs["defendants"].append((here is not None, there is not None))
            if here is None or there is None:
                continue
            for field in DEFENDANT_FIELDS:
                ours, theirs = first["defendants"][here], second["defendants"][there]
                pairs[field.name].append((field.value(ours), field.value(theirs)))
                spans = _spans(first, f"/defendants/{here}/", field), _spans(second, f"/defendants/{there}/", field)
                passages[field.name].append(spans)
    return [_figures(name, label, pairs[name], passages[name]) for name, label in labels.items()]


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's κ, computed by scikit-learn.

    >>> kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]), kappa([("a", "a"), ("a", "a")])
    (0.5, None)
    """
    from sklearn.metrics import cohen_kappa_score

    if not pairs:
        return None
    first, second = ([repr(value) for value in side] for side in zip(*pairs, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its division by zero, which is told by the result
        value = float(cohen_kappa_score(first, second))
    return None if math.isnan(value) else round(value, 6)


def alpha(pairs: Sequence[Pair]) -> float | None:
    """Krippendorff's α for nominal values and two observers with no value missing.

    >>> alpha([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.533333
    """
    counts = Counter(value for pair in pairs for value in pair)
    values = 2 * len(pairs)
    expected = values * values - sum(n * n for n in counts.values())
    if not expected:
        return None
    observed = 2 * sum(first != second for first, second in pairs)
    return round(1 - (values - 1) * observed / expected, 6)


def _figures(name: str, label: str, pairs: list[Pair], passages: list[tuple[list[Span], list[Span]]]) -> Agreement:
    total = sum(len(first) + len(second) for first, second in passages)
    exact = sum(2 * len(set(first) & set(second)) for first, second in passages)
    near = sum(_touching(first, second) + _touching(second, first) for first, second in passages)
    return Agreement(
        name,
        label,
        len(pairs),
        sum(first == second for first, second in pairs) / len(pairs) if pairs else None,
        kappa(pairs),
        alpha(pairs),
        total,
        exact / total if total else None,
        near / total if total else None,
    )


def _spans(record: dict[str, Any], owner: str, field: Field) -> list[Span]:
    places = tuple((owner or "/") + pointer for pointer in field.pointers)
    return sorted({(entry["start"], entry["end"]) for entry in evidence_of(record, places)})


def _touching(spans: list[Span], others: list[Span]) -> int:
    return sum(any(start < end and begin < stop for begin, end in others) for start, stop in spans)
