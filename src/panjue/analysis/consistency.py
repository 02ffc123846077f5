"""What not to trust: how often the self-checks and the flags speak, by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from panjue.analysis.derived import adoption
from panjue.eval.checks import Rates, run_checks
from panjue.extractors.checks import CHECKS
from panjue.extractors.record import Record

_SOME = 5


class Disagreement(Struct, frozen=True):
    """One kind: how often it applies and is found, and some judgments to look at."""

    code: str
    english: str
    chinese: str
    statute: str
    hard: bool
    """Whether it can only be an error, of the court or of the extraction; else it is lawful but rare."""
    applies: int
    found: int
    doc_ids: list[str]

    @property
    def rate(self) -> float:
        """Of what it applies to."""
        return self.found / self.applies if self.applies else 0.0


class Consistency(Struct, frozen=True):
    """All of it, for one set of records."""

    records: int
    unread: int
    """Out of scope."""
    partial: int
    checks: list[Disagreement]
    responses: list[tuple[str, str, int]]
    """What the court said of the recommendation, what its sentence did, and of how many defendants."""
    dates_explained: float


def consistency(records: Iterable[Record]) -> Consistency:
    """Run the checks over records, and set the court's words against its sentence."""
    seen: Counter[tuple[str, str]] = Counter()
    partial = 0

    def watched() -> Iterable[Record]:
        nonlocal partial
        for record in records:
            partial += record.status == "partial"
            for defendant in record.defendants:
                match, said = adoption(defendant).penalty, defendant.recommendation.court_response
                if match is not None and said is not None:
                    seen[said, match] += 1
            yield record

    rates = run_checks(watched())
    return Consistency(
        rates.records,
        rates.out_of_scope,
        partial,
        _disagreements(rates),
        [(said, match, count) for (said, match), count in sorted(seen.items())],
        rates.dates_explained,
    )


def _disagreements(rates: Rates) -> list[Disagreement]:
    found = [
        Disagreement(
            one.code,
            one.english,
            one.chinese,
            one.statute,
            one.hard,
            rates.applicable[one.code],
            len(rates.hits[one.code]),
            list(dict.fromkeys(hit.doc_id for hit in rates.hits[one.code]))[:_SOME],
        )
        for one in CHECKS
        if rates.applicable[one.code]
    ]
    return sorted(found, key=lambda one: (not one.hard, -one.rate, one.code))
