"""Who reads what: a random sample, and its division among annotators; the same seed gives the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, cycle

from msgspec import Struct


class Task(Struct, frozen=True):
    """One judgment and who reads it: one person, or two who do not see each other's work."""

    doc_id: str
    annotators: tuple[str, ...]

    @property
    def blind(self) -> bool:
        """Whether two people read it, each for themselves."""
        return len(self.annotators) > 1


def sample(doc_ids: Sequence[str], size: int, seed: int) -> list[str]:
    """A random sample without repetition, in random order; all of them if there are fewer."""
    names = sorted(doc_ids)
    random.Random(seed).shuffle(names)  # noqa: S311  no secret
    return names[:size]


def divided(doc_ids: Sequence[str], annotators: Sequence[str], blind_share: float, seed: int) -> list[Task]:
    """Give every judgment to one annotator in turn, and a share of them to two, every pair in turn.

    Raises:
        ValueError: no annotators, or a blind share with fewer than two.

    >>> [task.annotators for task in divided(["a", "b", "c", "d"], ["li", "wang"], 0.5, seed=1)]
    [('li', 'wang'), ('li', 'wang'), ('li',), ('wang',)]
    """
    if not annotators:
        raise ValueError("no annotators; name them as --annotators li,wang")
    if blind_share and len(annotators) < 2:
        raise ValueError("a judgment is read twice by two annotators; name at least two")
    names = sample(doc_ids, len(doc_ids), seed)
    double = round(blind_share * len(names))
    pairs, single = cycle(combinations(annotators, 2)), cycle(annotators)
    both = [Task(name, next(pairs)) for name in names[:double]]
    return both + [Task(name, (next(single),)) for name in names[double:]]
