"""The page on what not to trust."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from panjue.analysis.columns import MATCHES
from panjue.analysis.consistency import Consistency
from panjue.analysis.pages.rendered import rendered
from panjue.extractors.record import CourtResponse
from panjue.extractors.vocabulary import value_term

_RESPONSE = "defendants.recommendation.court_response"


def consistency_page(found: Consistency, about: dict[str, str]) -> str:
    """The page on what not to trust, as HTML."""
    table = {(said, match): count for said, match, count in found.responses}
    totals: Counter[str] = Counter()
    for said, _, count in found.responses:
        totals[said] += count
    adopted = totals["adopted"]
    return rendered(
        "consistency.html.j2",
        about=about,
        found=found,
        matches=MATCHES,
        responses=[(value, *value_term(_RESPONSE, value)) for value in get_args(CourtResponse)],
        table=table,
        totals=totals,
        contradicted=(adopted - table.get(("adopted", "within"), 0), adopted),
    )
