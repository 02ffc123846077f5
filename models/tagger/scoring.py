"""How good a tagging is: a passage counts where start, end and label are all right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from panjue.models.tagger.examples import Span


class Strict(Struct, frozen=True):
    """Passages that are right, that were found, and that are there."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """Of those found, how many are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of those there, how many are found."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (self.found + self.there) if self.found + self.there else 0.0


def strict(pairs: Iterable[tuple[Sequence[Span], Sequence[Span]]]) -> dict[str, Strict]:
    """Of (gold, found) for each text: by label, and under ``all`` the micro average.

    >>> a, b = Span(0, 2, "X"), Span(0, 3, "X")
    >>> strict([([a, b], [a])])["all"]
    Strict(right=1, found=1, there=2)
    """
    right, found, there = Counter[str](), Counter[str](), Counter[str]()
    for gold, ours in pairs:
        known, tagged = set(gold), set(ours)
        right.update(span.label for span in known & tagged)
        found.update(span.label for span in tagged)
        there.update(span.label for span in known)
    by_label = {label: Strict(right[label], found[label], there[label]) for label in sorted(found | there)}
    return {**by_label, "all": Strict(right.total(), found.total(), there.total())}
