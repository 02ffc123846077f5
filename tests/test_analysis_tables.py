from __future__ import annotations

import csv
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner
from frictionless import Package

from panjue.analysis.codebook import codebook
from panjue.analysis.dictionary import BY_NAME, TABLES
from panjue.analysis.rows import rows
from panjue.analysis.tables import Choices, deletion, write_tables
from panjue.analysis.variables import LONGEST, WHY
from panjue.cli import main
from panjue.eval.fields import FIELDS
from panjue.extractors.record import Record, decode

NAMES = ["defendants_wide", "cases", "charges", "counts", "counsel", "recommendations", "evidence", "flags", "errors"]


@pytest.fixture(scope="module")
def gold(request: pytest.FixtureRequest) -> list[Record]:
    path = request.config.rootpath / "corpora" / "examples" / "gold.jsonl"
    return [decode(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path_factory.mktemp("run") / "out"
    texts = request.config.rootpath / "corpora" / "examples" / "texts"
    broken = folder.parent / "broken.json"
    broken.write_text('{"text": ', encoding="utf-8")
    panjue("extract", texts, broken, "-o", folder, "--quiet", exit_code=1)
    return folder


def panjue(*arguments: object, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


@pytest.fixture(scope="module")
def made(out: Path) -> Path:
    target = out.parent / "tables"
    formats = [part for name in ("csv", "jsonl", "duckdb", "stata", "spss", "excel") for part in ("--format", name)]
    panjue("tables", out, "-o", target, *formats)
    return target


def test_names_are_short_plain_and_unique() -> None:
    for table in TABLES:
        names = [one.name for one in table.variables]
        assert len(set(names)) == len(names)
        for one in table.variables:
            assert one.name.isascii()
            assert one.name.isidentifier()
            assert one.name == one.name.lower()
            assert len(WHY + one.name if one.optional else one.name) <= LONGEST
            assert one.field is None or one.field in FIELDS
            assert one.kind != "category" or one.values


def test_every_scored_field_is_in_the_tables() -> None:
    assert {one.field for table in TABLES for one in table.variables} - {None} == set(FIELDS)


def test_every_value_is_in_the_dictionary_or_missing_with_a_reason(gold: list[Record]) -> None:
    for record in gold:
        for name, row in rows(record, with_names=True):
            for one in BY_NAME[name].variables:
                value = row[one.name]
                if one.kind == "category" and value is not None:
                    assert value in {known for known, _, _ in one.values}
                if one.optional:
                    assert (value is None) == (row[WHY + one.name] is not None)
                else:
                    assert value is not None, one.name


def test_a_row_for_each_defendant_and_its_parts(gold: list[Record]) -> None:
    counted = dict.fromkeys(BY_NAME, 0)
    for record in gold:
        for name, _ in rows(record):
            counted[name] += 1
    people = [defendant for record in gold for defendant in record.defendants]
    assert counted["cases"] == len(gold)
    assert counted["defendants"] == counted["defendants_wide"] == len(people)
    assert counted["counts"] == sum(len(one.sentence.counts) for one in people)
    assert counted["counsel"] == sum(len(one.counsel) for one in people)
    assert counted["evidence"] == sum(len(record.evidence) for record in gold)


def test_the_parquet_files_say_what_they_hold(made: Path) -> None:
    schema = parquet.read_schema(made / "defendants_wide.parquet")
    said = {key.decode(): value.decode() for key, value in (schema.field("rec_min_months").metadata or {}).items()}
    assert (said["unit"], said["description_zh"]) == ("months", "建议刑期下限")
    assert schema.metadata is not None
    assert {b"toolkit", b"lexicons", b"model"} <= schema.metadata.keys()
    assert "name" not in schema.names
    assert parquet.read_metadata(made / "errors.parquet").num_rows == 1


def test_missing_values_are_kept_apart(made: Path) -> None:
    table = parquet.read_table(made / "defendants_wide.parquet").to_pylist()
    reasons = {row["why_plea_stage"] for row in table}
    assert "not_applicable" in reasons
    partial = [row for row in table if row["record_status"] == "partial"]
    assert partial
    assert all(row["why_judgment_date"] in (None, "extraction_failed") for row in partial)


def test_csv_is_a_valid_data_package_and_no_formula(made: Path, tmp_path: Path) -> None:
    report = Package(str(made / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    record = decode((made.parent / "out" / "records.jsonl").read_text(encoding="utf-8").splitlines()[0])
    record.doc_id, record.case.court = "=1+1", '@SUM("x")'
    write_tables([record], [], tmp_path, Choices(), {})
    from panjue.analysis.formats import to_csv

    to_csv([tmp_path / "cases.parquet"], tmp_path, bom=True)
    raw = (tmp_path / "cases.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    assert (row["doc_id"], row["court"]) == ("'=1+1", '\'@SUM("x")')


def test_all_formats_hold_the_same(made: Path) -> None:
    import duckdb
    import openpyxl
    import pyreadstat

    rows_ = parquet.read_table(made / "defendants_wide.parquet").to_pylist()
    lines = [json.loads(line) for line in (made / "defendants_wide.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [{k: str(v) if isinstance(v, date) else v for k, v in row.items()} for row in rows_] == lines
    with duckdb.connect(str(made / "panjue.duckdb"), read_only=True) as base:
        assert sorted(name for (name,) in base.execute("SHOW TABLES").fetchall()) == sorted(
            [*NAMES, "defendants", "base_population", "pleas"]
        )
        months = base.execute("SELECT months FROM defendants_wide ORDER BY doc_id, defendant_no").fetchall()
    assert sorted((m for (m,) in months), key=repr) == sorted((row["months"] for row in rows_), key=repr)

    stata, meta = pyreadstat.read_dta(str(made / "defendants_wide.dta"), user_missing=True)
    letters = {"not_stated": "n", "not_applicable": "a", "extraction_failed": "f", None: None}
    for column in ("months", "rec_min_months", "plea_stage", "lawyer_at_trial"):
        reasons = [letters[row["why_" + column]] for row in rows_]
        assert [value if isinstance(value, str) else None for value in stata[column]] == reasons
    assert [value for value in stata["months"] if not isinstance(value, str)] == [
        r["months"] for r in rows_ if r["months"] is not None
    ]
    labels = meta.variable_value_labels["plea_status"]
    terms = {"applied": "适用认罪认罚从宽", "not_mentioned": "未提及"}
    first = next(number for number, row in enumerate(rows_) if row["plea_status"] in terms)
    assert labels[stata["plea_status"][first]].endswith(terms[rows_[first]["plea_status"]])
    assert meta.column_names_to_labels["months"] == "Term 刑期"

    spss, _ = pyreadstat.read_sav(str(made / "defendants_wide.sav"))
    assert spss["months"].count() == sum(row["months"] is not None for row in rows_)
    raw, known = pyreadstat.read_sav(str(made / "defendants_wide.sav"), user_missing=True)
    assert known.missing_ranges["months"]
    assert (raw["months"] == -8).sum() == sum(row["why_months"] == "not_applicable" for row in rows_)

    book = openpyxl.load_workbook(made / "panjue.xlsx", read_only=True)
    assert book.sheetnames[0] == "dictionary"
    assert sum(1 for _ in book["defendants_wide"].iter_rows()) == len(rows_) + 1


def test_a_date_or_text_says_beside_it_why_it_is_missing(made: Path) -> None:
    import pyreadstat

    stata, meta = pyreadstat.read_dta(str(made / "defendants_wide.dta"))
    spss, _ = pyreadstat.read_sav(str(made / "defendants_wide.sav"))
    known = parquet.read_table(made / "defendants_wide.parquet").to_pylist()
    reasons = {1: "not_stated", 2: "not_applicable", 3: "extraction_failed"}
    for column in ("indictment_date", "term_start", "province"):
        for frame in (stata, spss):
            assert [reasons.get(value) for value in frame[WHY + column]] == [row[WHY + column] for row in known]
        assert meta.variable_value_labels[WHY + column] == {
            number: reason.replace("_", " ") for number, reason in reasons.items()
        }


def test_stata_files_are_format_118(made: Path) -> None:
    assert b"<release>118</release>" in (made / "cases.dta").read_bytes()[:100]


def test_names_and_hashes_only_when_asked_for(out: Path, tmp_path: Path) -> None:
    texts = (out / "records.jsonl").read_text(encoding="utf-8")
    people = {defendant.name for line in texts.splitlines() for defendant in decode(line).defendants}
    key = tmp_path / "key"
    key.write_text("0123456789abcdef", encoding="utf-8")
    panjue("tables", out, "-o", tmp_path / "hashed", "--hash-key", key, "--format", "csv")
    for path in (tmp_path / "hashed").glob("*.csv"):
        cells = {cell for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) for cell in row}
        assert not cells & people
    hashes = parquet.read_table(tmp_path / "hashed" / "defendants.parquet")["name_hash"].to_pylist()
    assert len(set(hashes)) > 10
    assert all(len(str(one)) == 16 for one in hashes)
    panjue("tables", out, "-o", tmp_path / "named", "--with-names")
    assert people == set(parquet.read_table(tmp_path / "named" / "defendants.parquet")["name"].to_pylist())
    key.write_text("short", encoding="utf-8")
    assert "16 bytes" in panjue("tables", out, "-o", tmp_path / "x", "--hash-key", key, exit_code=2)


def test_what_is_to_be_deleted_is_nowhere(out: Path, tmp_path: Path) -> None:
    lines = (out / "records.jsonl").read_text(encoding="utf-8").splitlines()
    gone = next(record for record in map(decode, lines) if record.case.case_number and len(record.defendants) > 1)
    assert gone.case.case_number is not None
    listed = tmp_path / "deleted.txt"
    listed.write_text(gone.case.case_number.replace("（", " 〔").replace("）", "〕 ") + "\n", encoding="utf-8")
    panjue("tables", out, "-o", tmp_path / "t", "--delete", listed)
    for path in (tmp_path / "t").glob("*.parquet"):
        assert gone.doc_id not in parquet.read_table(path)["doc_id"].to_pylist()
    assert deletion(["", " a "]) == {"a"}


@pytest.mark.parametrize(("module", "format_"), [("duckdb", "csv"), ("pyreadstat", "spss"), ("openpyxl", "excel")])
def test_a_library_that_is_missing_is_named(
    out: Path, tmp_path: Path, module: str, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    said = panjue("tables", out, "-o", tmp_path / "t", "--format", format_, exit_code=1)
    assert f"{module} is not installed: pip install 'panjue[tables]'" in said


def test_other_folders_are_left_alone(out: Path, made: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_bytes(b"x")
    assert "something else" in panjue("tables", out, "-o", tmp_path / "mine", exit_code=2)
    assert "--overwrite" in panjue("tables", out, "-o", made, exit_code=2)


def test_the_codebook_has_every_variable_with_its_counts_and_accuracy(made: Path, gold: list[Record]) -> None:
    paths = [made / f"{table.name}.parquet" for table in TABLES]
    page = codebook(paths, {"plea.status": {"right": 9, "total": 10}}, {"toolkit": "x"})
    for table in TABLES:
        assert f"## {table.name}\n" in page
        for one in table.variables:
            assert one.personal or f"### {one.name}\n" in page
    assert "accuracy of plea.status on the gold set: 90.0% of 10" in page
    wide = parquet.read_table(made / "defendants_wide.parquet").to_pylist()
    applied = sum(row["plea_status"] == "applied" for row in wide)
    assert f"| applied | applied | 适用认罪认罚从宽 | {applied} | {applied / len(wide):.1%} |" in page


def test_the_command_measures_accuracy_on_gold(out: Path, examples: Path, tmp_path: Path) -> None:
    lines = (out / "records.jsonl").read_text(encoding="utf-8").splitlines()
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(lines[:5]) + "\n", encoding="utf-8")
    panjue("tables", out, "-o", tmp_path / "t", "--gold", gold)
    assert "on the gold set: 100.0%" in (tmp_path / "t" / "codebook.md").read_text(encoding="utf-8")


def test_order_and_partition_of_the_input_do_not_matter(gold: list[Record], tmp_path: Path) -> None:
    def written(records: list[Record], name: str) -> list[dict[str, Any]]:
        (tmp_path / name).mkdir()
        write_tables(records, [], tmp_path / name, Choices(), {})
        found: list[dict[str, Any]] = parquet.read_table(tmp_path / name / "defendants_wide.parquet").to_pylist()
        return sorted(found, key=lambda row: (row["doc_id"], row["defendant_no"]))

    assert written(gold, "one") == written(gold[::-1], "two")


def test_the_record_stays_as_it_is(gold: list[Record]) -> None:
    before = [msgspec.json.encode(record) for record in gold]
    for record in gold:
        list(rows(record))
    assert [msgspec.json.encode(record) for record in gold] == before
