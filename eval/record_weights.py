"""Weights of what makes a whole record doubtful: logistic regression on judged records.

The regression (ridge, standardised traits) is of records that were wrong when they were first read, since what was put
right with a judgment in view is right there and not everywhere; records that are wrong still count twice. The score is
then mapped to the chance of being right today on courts that it was not made of (Platt 1999, Advances in Large Margin
Classifiers 61). Both are linear in the traits, so that one weight for each trait comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from panjue.eval.decision_lists import Weighed, fold_of
from panjue.extractors.confidence import INTERCEPT, record_traits, weigh_record

_RIDGE = 0.01
"""The inverse strength of regularisation: there are few wrong records for so many traits."""


def fit(found: Sequence[Weighed]) -> dict[str, float]:
    """The weight of each trait for the logit of a record's confidence; ``found`` are weighed by lists not made of them.

    Raises:
        ImportError: scikit-learn is not installed.
    """
    from sklearn.linear_model import LogisticRegression

    found = [one for one in found if one.document.record.defendants]
    held = list(_held_out(found))
    platt = LogisticRegression(C=1e6).fit([[score] for _, score in held], [one.document.right for one, _ in held])
    slope, start = float(platt.coef_[0][0]), float(platt.intercept_[0])
    weights = {name: round(slope * weight, 4) for name, weight in _regress(found).items()}
    weights[INTERCEPT] = round(weights[INTERCEPT] + start, 4)
    return weights


def held_out(found: Sequence[Weighed]) -> Iterator[tuple[Weighed, float]]:
    """Each record with its confidence by weights that were made without its court, and a tenth of the others."""
    for fold in sorted({fold_of(one.document) for one in found}):
        weights = fit([one for one in found if fold_of(one.document) != fold])
        for one in found:
            if fold_of(one.document) == fold:
                yield one, sure(one, weights)


def sure(one: Weighed, weights: Mapping[str, float]) -> float:
    """The confidence of a record by given weights."""
    return weigh_record(one.document.record, weights, one.groups, one.least)


def _held_out(found: Sequence[Weighed]) -> Iterator[tuple[Weighed, float]]:
    for fold in sorted({fold_of(one.document) for one in found}):
        weights = _regress([one for one in found if fold_of(one.document) != fold])
        for one in found:
            if fold_of(one.document) == fold:
                yield one, sum(weights[name] * value for name, value in _traits(one).items())


def _regress(found: Sequence[Weighed]) -> dict[str, float]:
    """Weights for the logit of having been wrong at first, in the traits' own units."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rows = [_traits(one) for one in found]
    names = [name for name in rows[0] if name != INTERCEPT]
    scaler = StandardScaler().fit([[row[name] for name in names] for row in rows])
    model = LogisticRegression(C=_RIDGE, max_iter=1000).fit(
        scaler.transform([[row[name] for name in names] for row in rows]),
        [not one.document.right_at_first for one in found],
        sample_weight=[1.0 if one.document.right else 2.0 for one in found],
    )
    weights = {
        name: float(weight / scale) for name, weight, scale in zip(names, model.coef_[0], scaler.scale_, strict=True)
    }
    start = float(model.intercept_[0]) - sum(
        weights[name] * float(mean) for name, mean in zip(names, scaler.mean_, strict=True)
    )
    return {INTERCEPT: start, **weights}


def _traits(one: Weighed) -> dict[str, float]:
    return record_traits(one.document.record, one.groups)
