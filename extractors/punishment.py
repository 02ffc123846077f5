"""What a disposition (判决主文) gives a defendant: penalties for each charge, combined, and what else is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from panjue.extractors.quantities import Term
from panjue.extractors.record import Confiscation, Penalty
from panjue.extractors.sections import Span

_SEVERITY = ("none", "surveillance", "detention", "imprisonment", "life", "death_reprieve", "death")


@dataclass(slots=True)
class Punishment:
    """Penalties that stand together: for one charge, or combined."""

    charge: str | None = None
    penalty: Penalty = "none"
    term: Term | None = None
    fine: int | float | None = None
    probation: Term | None = None
    confiscation: Confiscation = "none"
    rights: int | Literal["life"] | None = None
    exempt: bool = False


@dataclass(slots=True)
class Verdict:
    """What a disposition says of one defendant."""

    counts: list[Punishment] = field(default_factory=list)
    combined: Punishment | None = None
    acquitted: Span | None = None
    not_responsible: Span | None = None
    start: str | None = None
    end: str | None = None
    spans: list[Span] = field(default_factory=list)
    charge_spans: list[Span] = field(default_factory=list)
    date_span: Span | None = None

    @property
    def said(self) -> bool:
        """Whether the disposition decides anything about the defendant's guilt or penalty."""
        return bool(self.counts or self.combined or self.acquitted or self.not_responsible)


def severity(penalty: Penalty) -> int:
    """The order of the principal penalties, from none to death."""
    return _SEVERITY.index(penalty)
