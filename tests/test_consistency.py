from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.analysis.consistency import consistency
from panjue.analysis.pages.consistency import consistency_page
from panjue.cli import main
from panjue.eval.checks import run_checks
from panjue.extractors.record import Record, decode


@pytest.fixture
def gold(examples: Path) -> list[Record]:
    return [decode(line) for line in (examples / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def adopted(records: list[Record]) -> Iterator[Record]:
    """Records with one defendant whose recommendation of a fixed term was adopted."""
    for record in records:
        for defendant in record.defendants:
            asked = defendant.recommendation
            if asked.court_response == "adopted" and asked.form == "fixed" and asked.min_months is not None:
                record.defendants = [defendant]
                record.evidence, record.flags = [], []
                yield record


def test_the_figures_are_those_of_the_checks(gold: list[Record]) -> None:
    found, rates = consistency(gold), run_checks(gold)
    assert found.records == rates.records == len(gold)
    assert {one.code: (one.applies, one.found) for one in found.checks} == {
        code: (count, len(rates.hits[code])) for code, count in rates.applicable.items()
    }
    assert [one.hard for one in found.checks] == sorted((one.hard for one in found.checks), reverse=True)


def test_a_court_that_says_it_adopts_and_does_not(gold: list[Record]) -> None:
    record = next(adopted(gold))
    assert consistency([record]).responses == [("adopted", "within", 1)]
    harsher = copy.deepcopy(record)
    harsher.defendants[0].sentence.months = (record.defendants[0].sentence.months or 0) + 1
    assert consistency([record, harsher]).responses == [("adopted", "above", 1), ("adopted", "within", 1)]
    page = consistency_page(consistency([record, harsher]), {"toolkit": "x"})
    assert "1 of 2" in page.replace("\n", " ")


def test_the_page_is_whole_and_hostile_identifiers_stay_text(gold: list[Record], tmp_path: Path) -> None:
    gold[0].doc_id = "<script>alert(1)</script>"
    records = tmp_path / "records.jsonl"
    from panjue.extractors.record import encode

    bad = copy.deepcopy(gold[0])
    bad.case.indictment_date, bad.case.judgment_date = "2020-02-01", "2020-01-01"
    records.write_bytes(b"".join(encode(record) + b"\n" for record in [*gold, bad]))
    result = CliRunner().invoke(main, ["consistency", str(records), "-o", str(tmp_path / "page.html")])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "http" not in page
    assert not {defendant.name for record in gold for defendant in record.defendants if len(defendant.name) > 2} & set(
        page.replace("<", " ").replace(">", " ").split()
    )
