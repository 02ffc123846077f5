"""Measures against tables small enough to count by hand, and against an independent computation in pandas."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from panjue.analysis.measures.comparing import compare, odds_ratio, variance_share
from panjue.analysis.measures.correction import Accuracy, accuracy, corrected
from panjue.analysis.measures.definitions import BY_NAME, MEASURES
from panjue.analysis.measures.intervals import effective
from panjue.analysis.measures.kinds import DISPERSION, LEVEL, Estimate, Measure
from panjue.analysis.measures.rates import rate
from panjue.analysis.measures.source import SourceError, open_tables
from panjue.analysis.measures.spreads import spread, statistics
from panjue.analysis.measures.table import measured
from panjue.analysis.tables import Choices, write_tables
from panjue.cli import main
from panjue.eval.intervals import wilson
from panjue.extractors.record import Case, Counsel, Defendant, Record, Sentence, decode

BASE = {"document_type": "judgment", "instance": "first", "prosecution": "public", "court": "某县人民法院"}


def judgment(doc_id: str, *defendants: Defendant, **case: Any) -> Record:
    known: dict[str, Any] = {**BASE, "judgment_date": "2020-05-01", **case}
    return Record(doc_id=doc_id, text_sha256="0" * 64, case=Case(**known), defendants=list(defendants))


def defendant(name: str, months: int | None = 12, *, status: str = "plea_only", **parts: Any) -> Defendant:
    sentence = Sentence(disposition="punished", penalty="imprisonment" if months else "none", months=months)
    made = Defendant(name=name, charges_convicted=["盗窃罪"], charges_prosecuted=["盗窃罪"], sentence=sentence)
    made.plea.status = status  # type: ignore[assignment]
    for part, value in parts.items():
        setattr(made, part, value)
    return made


def tables(folder: Path, records: list[Record]) -> Path:
    folder.mkdir()
    write_tables(records, (), folder, Choices(), {})
    return folder


@pytest.fixture(scope="module")
def examples_tables(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    lines = (request.config.rootpath / "corpora/examples/gold.jsonl").read_text(encoding="utf-8").splitlines()
    return tables(tmp_path_factory.mktemp("measures") / "tables", [decode(line) for line in lines])


def only(found: list[Estimate]) -> Estimate:
    (one,) = found
    return one


def test_names_are_unique_and_each_measure_is_a_rate_or_a_value(examples_tables: Path) -> None:
    assert len(BY_NAME) == len(MEASURES)
    base = open_tables(examples_tables)
    for measure in MEASURES:
        assert bool(measure.holds) != bool(measure.value), measure.name
        assert measure.english, measure.name
        assert measure.chinese, measure.name
        base.execute(f"SELECT count(*) FROM counted_{measure.rows} WHERE {measure.population}").fetchall()
    assert {one.measure for one in measured(base, MEASURES)} == set(BY_NAME)


def test_a_rate_counted_by_hand(tmp_path: Path) -> None:
    """14 people since 2018: 6 applied, 4 not, 2 silent; 2 before 2018 do not count, nor does the company."""
    statuses = ["applied"] * 6 + ["plea_only"] * 4 + ["not_mentioned"] * 2
    records = [judgment(f"a{i}", defendant("甲", status=status)) for i, status in enumerate(statuses)]
    records += [judgment(f"b{i}", defendant("乙", status="applied"), judgment_date="2015-05-01") for i in range(2)]
    records += [judgment("c", defendant("某公司", status="applied", kind="organization"))]
    found = only(rate(open_tables(tables(tmp_path / "t", records)), BY_NAME["leniency"]))
    assert (found.holds, found.known, found.population, found.documents) == (6, 10, 12, 10)
    assert found.estimate == 0.6
    assert found.coverage == pytest.approx(10 / 12)
    assert found.lower_bound == 0.5
    assert (found.low, found.high) == pytest.approx(wilson(0.6, 10))
    assert (found.low, found.high) == pytest.approx((0.31267, 0.83182), abs=1e-5)  # Wilson's, by hand


def test_few_rows_are_suppressed(tmp_path: Path) -> None:
    records = [judgment(f"a{i}", defendant("甲", status="applied")) for i in range(9)]
    base = open_tables(tables(tmp_path / "t", records))
    assert only(rate(base, BY_NAME["leniency"])) == Estimate(
        measure="leniency", statistic="rate", group={}, suppressed=True
    )
    assert all(one.suppressed and one.known is None for one in spread(base, BY_NAME["months_imprisonment"]))
    more = records + [judgment(f"b{i}", defendant("甲", status="applied")) for i in range(11)]
    found = spread(open_tables(tables(tmp_path / "more", more)), BY_NAME["months_imprisonment"])
    assert {one.statistic for one in found if one.suppressed} == set(DISPERSION)
    assert {one.statistic for one in found if not one.suppressed} == set(LEVEL)


def test_defendants_of_one_case_who_share_an_answer_count_less(tmp_path: Path) -> None:
    """Four cases of five, all alike within the case: hardly better than four rows."""
    cases = [
        judgment(f"a{case}", *[defendant(f"甲{i}", status="applied" if case % 2 else "plea_only") for i in range(5)])
        for case in range(4)
    ]
    found = only(rate(open_tables(tables(tmp_path / "t", cases)), BY_NAME["leniency"]))
    assert found.estimate == 0.5
    squares = 4 * (2.5**2)  # each case: |k − p·n| = 2.5
    assert effective(20, 0.5, 4, squares) == pytest.approx(20 / ((4 / 3 * squares / 400) / (0.25 / 19)))
    assert (found.low, found.high) == pytest.approx(wilson(0.5, effective(20, 0.5, 4, squares)))


def test_cases_for_anyone_and_for_everyone(tmp_path: Path) -> None:
    mixed = [judgment(f"m{i}", defendant("甲", status="applied"), defendant("乙")) for i in range(5)]
    whole = [judgment(f"w{i}", defendant("甲", status="applied")) for i in range(3)]
    none = [judgment(f"n{i}", defendant("甲")) for i in range(4)]
    base = open_tables(tables(tmp_path / "t", mixed + whole + none))
    assert only(rate(base, BY_NAME["leniency_any"])).holds == 8
    assert only(rate(base, BY_NAME["leniency_all"])).holds == 3
    assert only(rate(base, BY_NAME["leniency_any"])).known == 12


def test_the_ratio_of_terms_within_a_case(tmp_path: Path) -> None:
    pairs = [judgment(f"a{i}", defendant("甲", 24), defendant("乙", 12), defendant("丙", 6)) for i in range(10)]
    alone = [judgment(f"b{i}", defendant("甲", 100)) for i in range(10)]
    found = spread(open_tables(tables(tmp_path / "t", pairs + alone)), BY_NAME["within_case"])
    assert {one.known for one in found} == {10}
    assert {one.estimate for one in found} == {4.0}


def test_a_duty_lawyer_is_a_row_of_the_counsel_table(tmp_path: Path) -> None:
    with_duty = [
        judgment(f"a{i}", defendant("甲", counsel=[Counsel(name="李值", kind="duty_lawyer")])) for i in range(3)
    ]
    rest = [judgment(f"b{i}", defendant("甲")) for i in range(9)]
    found = only(rate(open_tables(tables(tmp_path / "t", with_duty + rest)), BY_NAME["duty_lawyer"]))
    assert (found.holds, found.known) == (3, 12)


weighted = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 4)), min_size=1, max_size=40).filter(
    lambda pairs: any(weight for _, weight in pairs)
)


@given(weighted)
def test_weighted_statistics_are_those_of_the_values_written_out(pairs: list[tuple[int, int]]) -> None:
    values = np.array([value / 10 for value, _ in sorted(pairs)])
    weights = np.array([weight for _, weight in sorted(pairs)])
    whole = pd.Series(np.repeat(values, weights))
    found = statistics(values, weights, LEVEL + DISPERSION)
    expected = {
        "mean": whole.mean(),
        "sd": whole.std(),
        "cv": whole.std() / whole.mean() if whole.mean() else math.nan,
        "iqr": whole.quantile(0.75) - whole.quantile(0.25),
        "gini": sum(abs(a - b) for a in whole for b in whole) / (2 * len(whole) ** 2 * whole.mean())
        if whole.mean()
        else math.nan,
        "mad": (whole - whole.median()).abs().median(),
        **{name: whole.quantile(share) for name, share in zip(LEVEL[1:], (0.1, 0.25, 0.5, 0.75, 0.9), strict=True)},
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-9, nan_ok=True), name


def test_rates_against_pandas(examples_tables: Path) -> None:
    """The same populations and answers, written again for pandas."""
    wide = parquet.read_table(examples_tables / "defendants_wide.parquet").to_pandas()
    first = wide[
        (wide.record_status != "out_of_scope")
        & (wide.instance == "first")
        & (wide.document_type == "judgment")
        & (wide.prosecution == "public")
        & (wide.disposition != "none")
    ]
    people = first[first.kind == "person"]
    base = open_tables(examples_tables)
    known = people[people.counsel_trial != "not_stated"]
    for region, rows in known.groupby("economic_region", observed=True):
        found = [one for one in rate(base, BY_NAME["lawyer"], ["economic_region"]) if one.group == {"economic_region": region}]  # fmt: skip
        assert only(found).suppressed == (len(rows) < 10)
        if len(rows) >= 10:
            assert only(found).estimate == pytest.approx(rows.lawyer_at_trial.astype(float).mean())
    given_content = first[first.rec_content == "given"]
    fixed = only(rate(base, BY_NAME["fixed"]))
    assert fixed.estimate == pytest.approx(given_content.rec_form.isin(["fixed", "life", "death"]).mean())
    compared = given_content[given_content.adoption_penalty.notna()]
    within = only(rate(base, BY_NAME["adopted_computed"]))
    assert within.estimate == pytest.approx((compared.adoption_penalty == "within").mean())
    fully = only(rate(base, BY_NAME["adopted_fully"]))
    assert fully.estimate == pytest.approx(compared.adoption_full.astype(float).mean())
    terms = people[(people.disposition == "punished") & (people.penalty == "imprisonment")].months.dropna()
    by_name = {one.statistic: one.estimate for one in spread(base, BY_NAME["months_imprisonment"])}
    assert by_name["mean"] == pytest.approx(terms.mean())
    assert by_name["median"] == pytest.approx(terms.median())
    assert by_name["p90"] == pytest.approx(terms.quantile(0.9))


def test_order_and_partition_of_the_input_do_not_matter(examples_tables: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    draw = random.Random(7)
    for path in examples_tables.glob("*.parquet"):
        table = parquet.read_table(path)
        order = list(range(table.num_rows))
        draw.shuffle(order)
        parquet.write_table(table.take(pa.array(order, pa.int64())), shuffled / path.name, row_group_size=7)
    chosen = [BY_NAME[name] for name in ("lawyer", "minor", "months_imprisonment", "days", "charge_adopted")]

    def figures(folder: Path) -> list[tuple[Any, ...]]:
        found = measured(open_tables(folder), chosen, ["court_level"])
        return [
            (
                one.measure,
                one.statistic,
                one.group,
                one.known,
                *(None if value is None else round(value, 9) for value in (one.estimate, one.low, one.high)),
            )
            for one in found
        ]

    assert figures(shuffled) == figures(examples_tables)


def test_a_correction_by_hand() -> None:
    """Of 100 there 80 are found, of 100 not there 90 are passed by: 0.45 seen is (0.45 − 0.1) / 0.7 = 0.5."""
    seen = Estimate(measure="x", statistic="rate", group={}, estimate=0.45, low=0.44, high=0.46, known=10_000)
    found = corrected(seen, Accuracy(80, 100, 90, 100))
    assert found.corrected == pytest.approx(0.5)
    assert found.corrected_low is not None
    assert found.corrected_high is not None
    se, sp = 81 / 102, 91 / 102
    reading = 0.25 * se * (1 - se) / 100 + 0.25 * sp * (1 - sp) / 100
    half = 1.959963984540054 * math.sqrt((0.02 / (2 * 1.959963984540054)) ** 2 + reading) / 0.7
    assert found.corrected_high - found.corrected_low == pytest.approx(2 * half)
    assert corrected(seen, Accuracy(9, 9, 90, 100)) == seen  # too few to say
    assert corrected(seen, Accuracy(20, 100, 80, 100)) == seen  # no better than chance
    suppressed = Estimate(measure="x", statistic="rate", group={}, suppressed=True)
    assert corrected(suppressed, Accuracy(80, 100, 90, 100)) == suppressed


def test_a_perfect_reading_changes_no_rate_but_widens_it() -> None:
    seen = Estimate(measure="x", statistic="rate", group={}, estimate=0.5, low=0.4, high=0.6, known=100)
    found = corrected(seen, Accuracy(50, 50, 50, 50))
    assert found.corrected == 0.5
    assert found.corrected_low is not None
    assert found.corrected_low < 0.4


def test_accuracy_is_counted_defendant_by_defendant() -> None:
    gold = [judgment(f"a{i}", defendant("甲", status="applied"), defendant("乙")) for i in range(4)]
    read = msgspec.convert(msgspec.to_builtins(gold), list[Record])
    read[0].defendants[0].plea.status = "plea_only"
    read[1].defendants[1].plea.status = "applied"
    read[2].defendants[1].plea.status = "not_mentioned"  # not known as read: not counted
    read[3].defendants[0].name = "丁"
    found = accuracy(gold, read, [BY_NAME["leniency"]])["leniency"]
    assert found == Accuracy(found=2, positive=3, passed=2, negative=3)


def test_standardised_rates_by_hand(tmp_path: Path) -> None:
    """Theft: A 10/20, B 8/10. Fraud: A 1/10, B 6/30. Weights 30 and 40 of 70."""
    records: list[Record] = []
    for province, charge, size, applied in (
        ("浙", "盗窃罪", 20, 10),
        ("川", "盗窃罪", 10, 8),
        ("浙", "诈骗罪", 10, 1),
        ("川", "诈骗罪", 30, 6),
        ("川", "抢劫罪", 5, 5),
    ):
        for i in range(size):
            one = defendant("甲", status="applied" if i < applied else "plea_only", charges_convicted=[charge])
            number = f"（2020）{province}01刑初{len(records)}号"
            records.append(judgment(f"{len(records)}", one, case_number=number))
    base = open_tables(tables(tmp_path / "t", records))
    found = compare(base, BY_NAME["leniency"], "economic_region", ["east", "west"], ["main_charge"])
    east, west = found.groups
    assert (east.rows, west.rows) == (30, 45)
    assert east.raw == pytest.approx(11 / 30)
    assert west.raw == pytest.approx(19 / 45)
    assert found.support == pytest.approx(70 / 75)
    assert east.standardised == pytest.approx((30 * 0.5 + 40 * 0.1) / 70)
    assert west.standardised == pytest.approx((30 * 0.8 + 40 * 0.2) / 70)
    assert found.gap == pytest.approx((30 * -0.3 + 40 * -0.1) / 70)
    theft, fraud = (10 * 2 / 30, 10 * 8 / 30), (1 * 24 / 40, 9 * 6 / 40)
    assert found.odds_ratio == pytest.approx((theft[0] + fraud[0]) / (theft[1] + fraud[1]))
    with pytest.raises(SourceError, match="fewer than 10"):
        compare(base, BY_NAME["leniency"], "economic_region", ["east", "central"], ["main_charge"])


def test_the_odds_ratio_of_one_table_is_its_own() -> None:
    """For one table: ad/bc, and Woolf's interval: exp(ln OR ± 1.96 √(1/a + 1/b + 1/c + 1/d))."""
    ratio, low, high = odds_ratio([((10, 20), (5, 40))])
    assert ratio == 4.0
    half = 1.959963984540054 * math.sqrt(1 / 10 + 1 / 20 + 1 / 5 + 1 / 40)
    assert (low, high) == pytest.approx((math.exp(math.log(4) - half), math.exp(math.log(4) + half)))
    assert odds_ratio([((0, 20), (5, 40))]) == (None, None, None)


def test_the_share_between_groups_by_hand(tmp_path: Path) -> None:
    """East 10 and 20 months, west 30 and 40, each 10 times: between 4000 of 5000 (in units of 10 rows)."""
    records = [
        judgment(
            f"{province}{months}{i}", defendant("甲", months), case_number=f"（2020）{province}01刑初{months}{i}号"
        )
        for province, months in (("浙", 10), ("浙", 20), ("川", 30), ("川", 40))
        for i in range(10)
    ]
    base = open_tables(tables(tmp_path / "t", records))
    ((charge, rows, share),) = variance_share(base, BY_NAME["months_imprisonment"], "economic_region", "main_charge")
    assert (charge, rows) == ("盗窃罪", 40)
    assert share == pytest.approx(4000 / 5000)


def test_the_interval_of_a_median_holds_it(tmp_path: Path) -> None:
    records = [judgment(f"{i}", defendant("甲", 6 + i % 60)) for i in range(120)]
    base = open_tables(tables(tmp_path / "t", records))
    found = {one.statistic: one for one in spread(base, BY_NAME["months_imprisonment"])}
    one = found["median"]
    assert one.estimate == 35.5
    assert one.low is not None
    assert one.high is not None
    assert 25 < one.low < 35.5 < one.high < 46
    again = {one.statistic: one for one in spread(base, BY_NAME["months_imprisonment"])}
    assert again == found


def test_an_unknown_column_or_table_is_said(examples_tables: Path, tmp_path: Path) -> None:
    base = open_tables(examples_tables)
    with pytest.raises(SourceError, match=r"have no colour; there are: .*court_level"):
        rate(base, BY_NAME["lawyer"], ["colour"])
    with pytest.raises(SourceError, match="panjue tables OUT -o"):
        open_tables(tmp_path)


def panjue(*arguments: object, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def test_the_commands(examples_tables: Path, tmp_path: Path, examples: Path) -> None:
    listed = panjue("measure", "--list")
    assert all(name in listed for name in BY_NAME)
    shown = panjue("measure", examples_tables, "lawyer", "months_imprisonment", "--by", "kind")
    assert "median" in shown
    for suffix in ("csv", "parquet", "json"):
        panjue("measure", examples_tables, "lawyer", "--by", "court_level", "-o", tmp_path / f"m.{suffix}")
    table = parquet.read_table(tmp_path / "m.parquet").to_pandas()
    assert list(table.columns[:3]) == ["measure", "statistic", "court_level"]
    assert pd.read_csv(tmp_path / "m.csv").estimate.tolist() == pytest.approx(table.estimate.tolist(), nan_ok=True)
    gold = examples / "gold.jsonl"
    assert "corrected" in panjue("measure", examples_tables, "minor", "--gold", gold, "--read", gold)
    assert "no measure colour" in panjue("measure", examples_tables, "colour", exit_code=2)
    assert "go together" in panjue("measure", examples_tables, "lawyer", "--gold", gold, exit_code=2)
    assert "have no colour" in panjue("measure", examples_tables, "lawyer", "--by", "colour", exit_code=1)
    assert "--where" in panjue("measure", examples_tables, "lawyer", "--where", "colour = 1", exit_code=1)
    assert ".csv, .parquet or .json" in panjue("measure", examples_tables, "lawyer", "-o", tmp_path / "m.txt", exit_code=2)  # fmt: skip
    pleas = [judgment(f"{i}", defendant("甲", 6 + i, status=("applied", "plea_only")[i % 2])) for i in range(24)]
    made = tables(tmp_path / "t", pleas)
    groups = ("--by", "plea_status", "--group", "applied", "--group", "plea_only", "--within", "court_level")
    assert "no cells" in panjue("compare", made, "log_months", *groups[:-2])
    assert "odds ratio" not in panjue("compare", made, "log_months", *groups)
    assert "gap" in panjue("compare", made, "log_months", *groups)
    few = panjue("compare", made, "minor", "--by", "kind", "--group", "person", "--group", "x", exit_code=1)
    assert "fewer than 10 rows with kind = x" in few


def test_measures_over_columns_a_view_lacks_are_passed_over_unless_named(examples_tables: Path) -> None:
    base = open_tables(examples_tables)
    found = {one.measure for one in measured(base, MEASURES, ["main_charge"], skip=True)}
    assert "lawyer" in found
    assert "leniency_any" not in found
    measure: Measure = BY_NAME["leniency_any"]
    with pytest.raises(SourceError):
        list(measured(base, [measure], ["main_charge"]))
