"""Of whom measures are: conditions of SQL with their words, and the caveats that many share."""

from __future__ import annotations

from typing import Any

from panjue.analysis.measures.kinds import Measure

FIRST = (
    "record_status <> 'out_of_scope' AND instance = 'first' AND document_type = 'judgment' AND prosecution = 'public'"
    " AND disposition <> 'none'"
)
BASE = (FIRST, "first-instance judgments, public prosecution")
PEOPLE = (f"{FIRST} AND kind = 'person'", "people in first-instance judgments, public prosecution")
SINCE_2018 = (f"{PEOPLE[0]} AND regime = 'statute'", "people in first-instance judgments since 2018-10-26")
APPLIED = (f"{PEOPLE[0]} AND plea_status = 'applied'", "people to whom leniency was applied, first instance")
SIGNED = (f"{APPLIED[0]} AND plea_recognizance = 'signed'", "of these, those who signed a recognizance")
SECOND = ("record_status <> 'out_of_scope' AND instance = 'second'", "second instance")
ASKED = (f"{FIRST} AND rec_content <> 'none'", "a recommendation is mentioned, first instance")
ASKED_FOR = (f"{FIRST} AND rec_content = 'given'", "a recommendation with content, first instance")
COMPARED = (f"{ASKED_FOR[0]} AND adoption_penalty IS NOT NULL", "recommendation and sentence can be compared")
PUNISHED = (f"{PEOPLE[0]} AND disposition = 'punished'", "people punished, first instance")
TIMED = (f"{PUNISHED[0]} AND months IS NOT NULL", "people punished by a term, first instance")
SENTENCED = (f"{PEOPLE[0]} AND severity IS NOT NULL", "people sentenced or exempted, first instance")

SILENT = "Silence is not absence: the lower bound counts the silent as no."
SELECTED = "Published judgments are a selection, and fewer are published since 2020."
STAGE = "The stage is inferred from the signing for most defendants."
AT_SIGNING = "Judgments rarely say who was present at the signing."
SHORT = "Judgments in short form leave the recommendation and counsel out."

RESPONDED = "court_response IN ('adopted', 'adopted_discretion', 'adopted_part', 'considered', 'not_adopted')"
RANGES = "('range', 'range_upper', 'range_lower', 'range_cross', 'approx', 'conditional')"
SUSPENDABLE = "(rec_penalty = 'detention' OR rec_penalty = 'imprisonment' AND rec_max_months <= 36)"
STAGES = {
    "investigation": ("investigation", "侦查阶段"),
    "review_for_prosecution": ("review for prosecution", "审查起诉阶段"),
    "trial_first": ("first trial", "一审阶段"),
}
TWO_SIDED = f"{TIMED[0]} AND rec_form = 'range' AND rec_width_months > 0 AND penalty = rec_penalty"


def a_rate(name: str, formula: str, words: tuple[str, str], of: tuple[str, str], holds: str, **more: Any) -> Measure:
    """A measure that is a share of rows."""
    return _measure(name, formula, words, of, holds=holds, **more)


def a_spread(name: str, formula: str, words: tuple[str, str], of: tuple[str, str], value: str, **more: Any) -> Measure:
    """A measure that is a level or dispersion of a value."""
    return _measure(name, formula, words, of, value=value, **more)


def _measure(name: str, formula: str, words: tuple[str, str], of: tuple[str, str], **more: Any) -> Measure:
    english, chinese = words
    population, says = of
    return Measure(
        name=name,
        formula=formula,
        english=english,
        chinese=chinese,
        population=population,
        population_says=says,
        **more,
    )
