"""Several readers over the same gold: how good each is, and whether the first differs from the others.

Intervals are percentile bootstrap intervals (Efron and Tibshirani 1993, chapter 13) of 95 %. Courts are resampled, not
documents, for the judgments of a court are alike (the cluster bootstrap, Field and Welsh 2007, JRSS B 69:369); all
readers are scored on the same resamples, so that a difference is one of readers and not of judgments. Where a
reader is wrong nowhere in gold, it is so in no resample: the interval then says nothing about errors that gold does not
show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from panjue.eval.fields import FIELDS, flat
from panjue.eval.score import Records, Report, score

_TALLIED = (*FIELDS, "defendant exact", "document exact")
FIGURES = (*_TALLIED, "defendants recall", "defendants precision", "mean of fields")
"""What is compared, in reading order."""

_BOUNDS = (2.5, 97.5)


class Interval(Struct, frozen=True):
    """A figure with the interval of its resamples."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether all of the interval is on one side of 0."""
        return self.low > 0 or self.high < 0


class Standing(Struct, frozen=True):
    """A reader's share of right values, and its difference to the first reader's; None where there are no values."""

    share: Interval | None
    difference: Interval | None
    """Also None for the first reader."""


class Comparison(Struct, frozen=True):
    """Standings by figure, in the order of ``readers``: of all values, and of the active ones (see ``eval.score``)."""

    readers: list[str]
    documents: int
    courts: int
    resamples: int
    seed: int
    all: dict[str, list[Standing]]
    active: dict[str, list[Standing]]
    """Only figures that are counted so: the fields of defendants, and their mean."""


def compare(gold: Records, predictions: Mapping[str, Records], *, resamples: int = 1000, seed: int = 0) -> Comparison:
    """Score every reader by itself and against the first.

    Args:
        gold: as for :func:`panjue.eval.score.score`.
        predictions: records by reader; at least one.
        resamples: draws of as many courts as there are, with replacement.
        seed: of the draws.
    """
    courts = _by_court(gold)
    counts = np.array([[_counts(score(court, theirs)) for court in courts] for theirs in predictions.values()], float)
    draws = np.random.default_rng(seed).multinomial(len(courts), np.full(len(courts), 1 / len(courts)), resamples)
    weights = np.vstack([np.ones(len(courts)), draws])  # gold as it is, then the resamples
    sums = np.tensordot(weights, counts, axes=(1, 1))
    with np.errstate(invalid="ignore"):  # 0/0: no values
        shares = sums[..., 0, :] / sums[..., 1, :]  # draws × readers × figures × (all, active)
        fields = shares[:, :, : len(FIELDS)]
        mean = np.nansum(fields, axis=2, keepdims=True) / np.isfinite(fields).sum(axis=2, keepdims=True)
    shares = np.concatenate([shares, mean], axis=2)
    every, active = (_standings(shares[..., kind], len(predictions)) for kind in (0, 1))
    return Comparison(
        readers=list(predictions),
        documents=len(gold),
        courts=len(courts),
        resamples=resamples,
        seed=seed,
        all=every,
        active={name: found for name, found in active.items() if any(one.share for one in found)},
    )


def _by_court(gold: Records) -> list[Records]:
    """Gold of one court each; a document whose court is not known stands alone."""
    courts: dict[tuple[str, str], dict[str, Mapping[str, object]]] = defaultdict(dict)
    for doc_id, record in gold.items():
        court = flat((record.get("case") or {}).get("court"))
        courts[("court", court) if court else ("document", doc_id)][doc_id] = record
    return list(courts.values())


def _counts(report: Report) -> list[list[list[int]]]:
    """Figures × (right, counted) × (all values, active values)."""
    found = [report.tallies[name] for name in _TALLIED]
    return [
        *([[one.right, one.active_right], [one.total, one.active_total]] for one in found),
        [[report.defendants_matched, 0], [report.defendants_gold, 0]],
        [[report.defendants_matched, 0], [report.defendants_predicted, 0]],
    ]


def _standings(shares: NDArray[np.float64], readers: int) -> dict[str, list[Standing]]:
    """Of draws × readers × figures."""
    differences = shares - shares[:, :1]
    return {
        name: [
            Standing(
                share=_interval(shares[:, reader, figure]),
                difference=_interval(differences[:, reader, figure]) if reader else None,
            )
            for reader in range(readers)
        ]
        for figure, name in enumerate(FIGURES)
    }


def _interval(values: NDArray[np.float64]) -> Interval | None:
    """Of the value in gold and those in the resamples; resamples without a value are passed over."""
    value, drawn = values[0], values[1:][np.isfinite(values[1:])]
    if not np.isfinite(value) or not drawn.size:
        return None
    low, high = np.percentile(drawn, _BOUNDS)
    return Interval(float(value), float(low), float(high))
