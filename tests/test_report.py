"""The report: its figures are those of the measures, its page is whole, and it looks right at two widths."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from repeated import repeated
from serving import chromium

from panjue.analysis.measures.definitions import BY_NAME
from panjue.analysis.measures.rates import rate
from panjue.analysis.measures.source import open_tables
from panjue.analysis.pages.plots import GRID, short
from panjue.analysis.pages.report import report_page
from panjue.analysis.report import COMPARISONS, SECTIONS, report, sureness
from panjue.analysis.tables import Choices, write_tables
from panjue.cli import main
from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.record import Record, decode, encode

_PICTURE = re.compile(r"<svg.*?<title>(.*?)</title>.*?</svg>", re.DOTALL)


@pytest.fixture
def gold(examples: Path) -> list[Record]:
    return [decode(line) for line in (examples / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def tables(gold: list[Record], tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    write_tables(repeated(gold, 6), (), folder, Choices(), {})
    return folder


def test_every_measure_it_names_is_there() -> None:
    named = {name for section in SECTIONS for name in section.measures}
    assert named <= set(BY_NAME)
    assert all(BY_NAME[name].holds for name in named)
    assert {name for section in SECTIONS for name, _ in section.grouped} <= set(BY_NAME)
    assert {name for name, *_ in COMPARISONS} <= set(BY_NAME)


def test_the_figures_are_those_of_the_measures(tables: Path) -> None:
    base = open_tables(tables)
    found = report(base)
    for section in found.sections:
        for measure, estimate in section.rates:
            assert [estimate] == rate(base, measure)
    assert sum(count for *_, count in found.pairs) > 0


def read_wrongly(gold: list[Record]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gold, and what might have been read of it: every tenth passage unsure, the first sentence read wrongly."""
    ours = {record.doc_id: msgspec.to_builtins(record) for record in gold}
    theirs = copy.deepcopy(ours)
    for record in theirs.values():
        for number, entry in enumerate(record["evidence"]):
            entry["confidence"] = 0.7 if number % 10 == 0 else 0.99
    first = next(record for record in theirs.values() if record["defendants"] and record["defendants"][0]["sentence"]["months"])  # fmt: skip
    first["defendants"][0]["sentence"]["months"] += 1
    return ours, theirs


def test_how_sure_the_values_are(gold: list[Record]) -> None:
    found = sureness(*read_wrongly(gold))
    assert found.judgments == len(gold)
    assert sum(one.values for one in found.bands) == sum(one.values for _, one in found.groups) > 500
    assert sum(one.values - one.right for one in found.bands) == 1
    assert [group for group, one in found.groups if one.right < one.values] == ["sentence"]
    assert found.in_lowest[1] == 1
    assert 0 < found.equal_width < 0.1


def test_the_page_is_the_golden_one(gold: list[Record], tables: Path, root: Path, rewrite_golden: bool) -> None:
    """Without what the pictures are drawn of, which differs with the version of the plotting library."""
    found = report(open_tables(tables), sure=sureness(*read_wrongly(gold)))
    page = report_page(found, {"toolkit": "x"})
    plain = _PICTURE.sub(r"[picture: \1]", page)
    golden = root / "tests" / "golden" / "report.html"
    if rewrite_golden:
        golden.write_text(plain, encoding="utf-8")
    assert plain == golden.read_text(encoding="utf-8")


def test_the_command_and_what_the_page_does_not_hold(gold: list[Record], tmp_path: Path) -> None:
    hostile = repeated(gold, 2)
    for record in hostile:
        record.case.court = "<script>alert(1)</script>"
        for defendant in record.defendants:
            defendant.charges_convicted = ["<img src=x>罪"]
    records = tmp_path / "records.jsonl"
    records.write_bytes(b"".join(encode(record) + b"\n" for record in hostile))
    page = tmp_path / "report.html"
    arguments = ["report", str(records), "-o", str(page), "--gold", str(records), "--read", str(records)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "<img" not in html
    assert "corrected" in html
    assert 'id="sure"' in html
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?!#)(?:https?:)?//", html)
    assert not {d.name for record in gold for d in record.defendants if len(d.name) > 2} & set(re.split(r"\W+", html))


def test_what_is_on_the_deletion_list_is_in_no_page(gold: list[Record], tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    records.write_bytes(b"".join(encode(record) + b"\n" for record in gold))
    listed = tmp_path / "withdrawn.txt"
    listed.write_text(f"{gold[0].doc_id}\n{gold[1].case.case_number}\n", encoding="utf-8")
    for name in ("report", "consistency"):
        whole, less = (
            CliRunner()
            .invoke(main, [name, str(records), "-o", str(tmp_path / "page.html"), *more])
            .output.splitlines()[-1]
            .split()[0]
            for more in ([], ["--delete", str(listed)])
        )
        assert int(whole) - 2 == int(less)


def test_tables_that_are_empty_give_a_page(tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    records.write_bytes(b"")
    result = CliRunner().invoke(main, ["report", str(records), "-o", str(tmp_path / "page.html")])
    assert result.exit_code == 0, result.output
    assert "0 judgments" in result.output
    assert 'id="sure"' not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_every_province_has_its_place_on_the_map() -> None:
    named = {short(row["name"]) for row in read_lexicon("regions") if row["region"]}
    assert named - set(GRID) <= {"新疆生产建设兵团"}
    assert len(set(GRID.values())) == len(GRID)


@pytest.mark.browser
def test_the_page_in_a_browser_at_two_widths(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report_page(report(open_tables(tables)), {"toolkit": "x"}), encoding="utf-8")
    asked: list[str] = []
    with chromium() as browser:
        for width in (1200, 400):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("request", lambda request: asked.append(request.url))
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("figure svg").count() > 10
            assert all(box and box["width"] > 200 for box in (one.bounding_box() for one in page.locator("figure svg").all()))  # fmt: skip
            page.close()
    assert set(asked) == {path.as_uri()}
