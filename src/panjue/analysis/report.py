"""What the report shows: its sections, their measures, and the groups that are set side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from panjue.analysis.dictionary import BY_NAME as TABLES
from panjue.analysis.measures.comparing import Comparison, compare, variance_share
from panjue.analysis.measures.correction import Accuracy, corrected
from panjue.analysis.measures.definitions import BY_NAME
from panjue.analysis.measures.kinds import Estimate, Measure
from panjue.analysis.measures.populations import ASKED_FOR, COMPARED
from panjue.analysis.measures.rates import rate
from panjue.analysis.measures.source import SourceError
from panjue.analysis.measures.spreads import spread
from panjue.eval.calibration import TENTHS, Bin, Pair, by_band, by_mass, expected_calibration_error, in_lowest
from panjue.eval.confidence import calibrate, calibrate_records
from panjue.eval.fields import FIELDS
from panjue.eval.score import Records

if TYPE_CHECKING:
    import duckdb

_CHARGES = 12
"""Charges shown, the most frequent."""
_VALUES = {one.name: {value: (english, chinese) for value, english, chinese in one.values} for one in TABLES["defendants_wide"].variables}  # fmt: skip


class Section(NamedTuple):
    """A part of the report: title, the question it answers, its measures, and what it groups them by."""

    title: str
    chinese: str
    question: str
    measures: tuple[str, ...]
    grouped: tuple[tuple[str, str], ...] = ()
    """A measure and a column; the columns ``province`` and ``judgment_year`` become a map and a line."""


SECTIONS = (
    Section(
        "Leniency for guilty pleas", "认罪认罚从宽",
        "How often is leniency applied; where, when, for which charges; less in serious cases?",
        ("leniency", "leniency_wide", "leniency_any", "leniency_all", "confession", "retraction"),
        (("leniency", "judgment_year"), ("leniency", "province"), ("leniency", "main_charge"), ("leniency", "severity")),
    ),
    Section(
        "Stage and signing", "认罪认罚阶段与具结",
        "At which stage do people plead, and do they sign a recognizance?",
        (
            "stage_investigation", "stage_review_for_prosecution", "stage_trial_first", "stage_investigation_strict",
            "stage_review_for_prosecution_strict", "stage_trial_first_strict", "signing", "trial_without_signing",
            "plea_in_second_instance",
        ),
        (("stage_review_for_prosecution", "economic_region"),),
    ),
    Section(
        "Counsel", "辩护与值班律师",
        "Who has a lawyer, of which kind, where; and who is there when the recognizance is signed?",
        (
            "lawyer", "counsel_retained", "counsel_legal_aid", "counsel_none", "legal_aid_among_lawyers", "duty_lawyer",
            "counsel_at_signing", "duty_lawyer_at_signing", "mandatory_defence",
        ),
        (("lawyer", "province"), ("lawyer", "economic_region"), ("lawyer", "court_level"), ("lawyer", "procedure"), ("lawyer", "judgment_year")),
    ),
    Section(
        "The recommendation", "量刑建议",
        "Is it fixed or a range, how wide is the range, and does this differ by region for the same charge?",
        (
            "recommended", "recommended_with_leniency", "recommendation_content", "fixed", "fully_fixed", "range", "kind_only",
            "range_wide", "probation_recommended", "fine_specific",
        ),
        (("fixed", "judgment_year"), ("fixed", "economic_region"), ("range_width", "main_charge")),
    ),
    Section(
        "Adoption", "量刑建议的采纳",
        "How often does the court follow, by its words and by its sentence, and where in the range does it go?",
        (
            "adopted_stated", "adopted_stated_strict", "response_silent", "rejected", "adopted_computed", "adopted_fully",
            "adopted_probation", "adopted_fine", "adoption_contradicted", "charge_adopted", "range_bottom", "range_top",
            "sentence_below", "sentence_above", "sentence_type_lighter", "sentence_type_heavier", "probation_added", "probation_refused",
        ),
        (("adopted_computed", "rec_form"), ("adopted_computed", "main_charge"), ("adopted_stated", "economic_region")),
    ),
    Section(
        "Sentences", "判处刑罚",
        "What is imposed, for which charge, and how much do sentences for one charge differ?",
        ("minor", "below_three_years", "heavy", "imprisonment_immediate", "probation", "fined", "fine_only", "exempt", "acquitted"),
        (("months_imprisonment", "main_charge"), ("probation", "economic_region")),
    ),
    Section(
        "Procedure and time", "程序与期间",
        "Which procedure, and how long from indictment to judgment?",
        ("procedure_expedited", "procedure_summary", "procedure_ordinary", "dated"),
        (("days", "procedure"), ("procedure_summary", "judgment_year")),
    ),
    Section(
        "Second instance", "二审",
        "What becomes of appeals that were decided and published?",
        ("second_appeal_dismissed", "second_punished", "second_remanded"),
    ),
    Section(
        "What the documents are", "文书状况",
        "How much of the text is there?",
        ("partial_text",),
        (("partial_text", "judgment_year"),),
    ),
)  # fmt: skip
COMPARISONS = (
    ("lawyer", "economic_region", ("east", "west"), ("main_charge", "court_level", "procedure")),
    ("leniency", "severity", ("minor", "serious"), ("main_charge",)),
    ("leniency", "economic_region", ("east", "west"), ("main_charge",)),
    ("fixed", "economic_region", ("east", "west"), ("main_charge",)),
    ("log_months", "plea_status", ("applied", "plea_only"), ("main_charge", "severity")),
)


class Grouped(Struct, frozen=True):
    """A measure by a column: the estimates in the order in which they are shown, and their labels."""

    measure: Measure
    column: str
    estimates: list[Estimate]
    labels: list[str]


class Filled(Struct, frozen=True):
    """A section with its figures."""

    section: Section
    rates: list[tuple[Measure, Estimate]]
    grouped: list[Grouped]


class Sureness(Struct, frozen=True):
    """How often values are right, by their confidence, as measured on a gold set."""

    judgments: int
    bands: list[Bin]
    groups: list[tuple[str, Bin]]
    """By group of fields: all its values together."""
    equal_width: float
    """Expected calibration error in ten bins of equal width."""
    equal_size: float
    """The same in ten bins of equal size."""
    in_lowest: tuple[int, int]
    """Records with an error among the least sure fifth, and in all."""


class Report(Struct, frozen=True):
    """All figures of the report."""

    judgments: int
    defendants: int
    years: tuple[int, int] | None
    undated: int
    provinces: int
    sections: list[Filled]
    comparisons: list[Comparison]
    dispersion: list[tuple[str, str, dict[str, Estimate]]]
    """Charge, region, and the dispersion of recommended terms there."""
    between: list[tuple[str, int, float]]
    """Charge, terms, and the share of their spread that lies between provinces."""
    pairs: list[tuple[float, float, int]]
    """Recommended middle, term imposed, defendants."""
    deviations: list[tuple[float, int]]
    corrected: bool
    sureness: Sureness | None
    """How well confidences fit, where a gold set was given."""


def sureness(gold: Records, read: Records) -> Sureness:
    """How well the confidences fit of what was read of the gold's judgments."""
    values = [(value.field, (value.confidence, value.right)) for value in calibrate(gold, read) if value.confidence is not None]  # fmt: skip
    pairs = [pair for _, pair in values]
    groups: dict[str, list[Pair]] = {}
    for name, pair in values:
        groups.setdefault(FIELDS[name].group, []).append(pair)
    return Sureness(
        len(gold.keys() & read.keys()),
        [one for one in by_band(pairs) if one.values],
        [(group, by_band(found, (0.0, 1.0))[0]) for group, found in groups.items()],
        expected_calibration_error(by_band(pairs, TENTHS)),
        expected_calibration_error(by_mass(pairs)),
        in_lowest(calibrate_records(gold, read)),
    )


def report(
    base: duckdb.DuckDBPyConnection,
    errors: dict[str, Accuracy] | None = None,
    done: Callable[[str], None] = lambda _: None,
    sure: Sureness | None = None,
) -> Report:
    """All figures, from the tables.

    Args:
        base: of ``open_tables``.
        errors: how well each rate was read, where that was measured.
        done: is told the title of each section when it is counted.
        sure: how well confidences fit, where that was measured.
    """
    sections = []
    for section in SECTIONS:
        rates = [
            (BY_NAME[name], corrected(one, (errors or {}).get(name)))
            for name in section.measures
            for one in rate(base, BY_NAME[name])
        ]
        sections.append(Filled(section, rates, [_grouped(base, *pair) for pair in section.grouped]))
        done(section.title)
    judgments, undated, first, last, provinces = base.execute(
        "SELECT count(*), count(*) FILTER (judgment_year IS NULL), min(judgment_year), max(judgment_year),"
        " count(DISTINCT province) FROM cases WHERE record_status <> 'out_of_scope'"
    ).fetchall()[0]
    ((defendants,),) = base.execute("SELECT count(*) FROM defendants_wide").fetchall()
    return Report(
        judgments,
        defendants,
        (first, last) if first else None,
        undated,
        provinces,
        sections,
        list(_comparisons(base)),
        _dispersion(base),
        variance_share(base, BY_NAME["months_imprisonment"], "province", "main_charge")[:_CHARGES],
        base.execute(
            f"SELECT rec_mid_months, months, count(*) FROM counted_defendants WHERE {COMPARED[0]}"  # noqa: S608  ours
            " AND rec_mid_months IS NOT NULL AND deviation_months IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall(),
        base.execute(
            "SELECT greatest(-24, least(24, round(deviation_months))), count(*) FROM counted_defendants"  # noqa: S608  ours
            f" WHERE {COMPARED[0]} AND deviation_months IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall(),
        bool(errors),
        sure,
    )


def label(column: str, value: str | None) -> str:
    """A value of a column for people: English and Chinese where it is a category.

    >>> label("court_level", "basic"), label("main_charge", "盗窃罪"), label("procedure", None)
    ('basic 基层', '盗窃罪', 'not known 不详')
    """
    if value is None:
        return "not known 不详"
    return " ".join(_VALUES.get(column, {}).get(value, (value,)))


def _grouped(base: duckdb.DuckDBPyConnection, name: str, column: str) -> Grouped:
    measure = BY_NAME[name]
    found = (rate if measure.holds else spread)(base, measure, [column])
    if column == "main_charge":
        frequent = sorted(
            (one for one in found if not one.suppressed), key=lambda one: (-(one.known or 0), str(one.group))
        )
        kept = dict.fromkeys(one.group[column] for one in frequent)
        found = [one for charge in list(kept)[:_CHARGES] for one in frequent if one.group[column] == charge]
    elif _VALUES.get(column):
        order = [*_VALUES[column], None]
        found = sorted(found, key=lambda one: order.index(one.group[column]))
    return Grouped(measure, column, found, [label(column, one.group[column]) for one in found])


def _comparisons(base: duckdb.DuckDBPyConnection) -> Iterable[Comparison]:
    for name, by, groups, within in COMPARISONS:
        try:
            yield compare(base, BY_NAME[name], by, groups, within)
        except SourceError:
            continue  # too few to compare


def _dispersion(base: duckdb.DuckDBPyConnection) -> list[tuple[str, str, dict[str, Estimate]]]:
    """Recommended terms of the most frequent charges, by region."""
    found: dict[tuple[str, str], dict[str, Estimate]] = {}
    sizes = base.execute(
        f"SELECT main_charge FROM counted_defendants WHERE {ASKED_FOR[0]} AND rec_mid_months IS NOT NULL"  # noqa: S608  ours
        " AND main_charge IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 6"
    ).fetchall()
    charges: list[Any] = [charge for (charge,) in sizes]
    for one in spread(base, BY_NAME["recommended_months"], ["main_charge", "economic_region"]):
        charge, region = one.group["main_charge"], one.group["economic_region"]
        if charge is not None and charge in charges and region is not None and not one.suppressed:
            found.setdefault((charge, region), {})[one.statistic] = one
    enough = [(charge, region, cell) for (charge, region), cell in found.items() if "sd" in cell]
    return sorted(enough, key=lambda row: (charges.index(row[0]), row[1]))
