"""From a file to its record: odd texts, bad files beside good ones, encodings, and what the output folder holds."""

import csv
import json
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from panjue import extract
from panjue.cli import main
from panjue.extractors.record import encode, json_schema
from panjue.run import records_of, run

JUDGMENT = (
    "云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人柳青禾，男，1990年1月2日出生。 "
    "辩护人温故，浙江问津律师事务所律师。 云州市临溪县人民检察院以云临检刑诉（2019）3号起诉书指控被告人柳青禾犯盗窃罪，"
    "于2019年3月1日向本院提起公诉。本院适用简易程序，实行独任审判。现已审理终结。 "
    "公诉机关建议判处被告人柳青禾拘役三个月至四个月，并处罚金。被告人柳青禾自愿认罪认罚，签署了认罪认罚具结书。 "
    "本院认为，被告人柳青禾的行为已构成盗窃罪。量刑建议适当，予以采纳。判决如下： 被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金二千元。"
    "如不服本判决，可上诉。 审判员 甲 二〇一九年三月九日 书记员 乙"
)
CIVIL = "云州市临溪县人民法院 民事判决书 （2019）浙0199民初9号 原告甲与乙借款合同纠纷一案。判决如下：一、偿还借款。"


def test_the_judgment_is_read_whole() -> None:
    record = extract(JUDGMENT, "a")
    (defendant,) = record.defendants
    assert record.status == "complete"
    assert (record.case.case_number, record.case.procedure) == ("（2019）浙0199刑初7号", "summary")
    assert (record.case.indictment_date, record.case.judgment_date) == ("2019-03-01", "2019-03-09")
    assert (defendant.name, defendant.charges_prosecuted, defendant.charges_convicted) == (
        "柳青禾",
        ["盗窃罪"],
        ["盗窃罪"],
    )
    assert (defendant.plea.status, defendant.plea.stage_basis) == ("applied", "inferred_signing")
    assert (defendant.recommendation.form, defendant.recommendation.court_response) == ("range", "adopted")
    assert (defendant.sentence.penalty, defendant.sentence.months, defendant.sentence.fine) == ("detention", 3, 2000)
    assert [(one.name, one.kind) for one in defendant.counsel] == [("温故", "retained")]


@pytest.mark.parametrize("front", ["\n", "  \u3000", "密级：无。", "𠮷\n"])
def test_text_put_in_front_only_shifts_the_passages(front: str) -> None:
    plain, shifted = extract(JUDGMENT, "a"), extract(front + JUDGMENT, "a")
    assert shifted.defendants == plain.defendants
    moved = [(one.path, one.start + len(front), one.end + len(front)) for one in plain.evidence]
    assert [(one.path, one.start, one.end) for one in shifted.evidence] == moved


def test_spaces_and_wide_digits_do_not_move_the_evidence() -> None:
    spaced = JUDGMENT.replace("判处拘役三个月，", "判 处\n拘役３个月，")
    record = extract(spaced)
    passages = [spaced[one.start : one.end] for one in record.evidence if one.path == "/defendants/0/sentence"]
    assert record.defendants[0].sentence.months == 3
    assert "拘役３个月" in passages


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (CIVIL, "out_of_scope"),
        (JUDGMENT[: JUDGMENT.index("本院认为")], "partial"),
        ("被告人犯盗窃罪，判处有期徒刑。" * 20_000, "partial"),
        (JUDGMENT + "\n" + JUDGMENT.replace("柳青禾", "方寸"), "complete"),
        (JUDGMENT.replace("判处", "判\x00处"), "complete"),
        ("\ud800" + JUDGMENT, "complete"),
        ("", "out_of_scope"),
    ],
    ids=["civil", "cut-off", "repeated", "two-pasted", "NUL", "surrogate", "empty"],
)
def test_odd_texts_get_an_honest_status(text: str, status: str) -> None:
    assert extract(text, "x").status == status


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_usual_encodings_give_the_same_record(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "one.txt").write_bytes(JUDGMENT.encode(encoding))
    run([str(tmp_path / "one.txt")], tmp_path / "out")
    (record,) = records_of(tmp_path / "out")
    assert record.defendants == extract(JUDGMENT).defendants


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("binary.txt", b"\x89PNG\x00\x01\x02\xff\xfe\x00"),
        ("surrogate.jsonl", b'{"doc_id": "x", "text": "\\ud800"}\n'),
        ("broken.json", b"{"),
    ],
)
def test_a_bad_file_is_named_and_the_rest_goes_on(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    (tmp_path / "in" / "good.txt").write_text(JUDGMENT, encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", str(tmp_path / "in"), "-o", str(tmp_path / "out")])
    (error,) = [json.loads(line) for line in (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines()]
    assert result.exit_code == 1
    assert name in result.output
    assert name in error["source"]
    assert error["reason"]
    assert [record.status for record in records_of(tmp_path / "out")] == ["complete"]


def test_tables_hold_the_law_and_no_formula(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [{"doc_id": "a", "text": JUDGMENT}, {"doc_id": "=b", "text": CIVIL}]
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    run([str(source)], tmp_path / "out")
    (charge,) = pq.read_table(tmp_path / "out" / "charges.parquet").to_pylist()
    assert (charge["statutory_charge"], charge["article"], charge["convicted"]) == ("盗窃罪", "264", True)
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8", newline="") as sheet:
        assert [row["doc_id"] for row in csv.DictReader(sheet)] == ["a", "'=b"]


def test_text_taken_out_of_markup_is_kept(tmp_path: Path) -> None:
    page = "<html><body>" + "".join(f"<p>{part}</p>" for part in JUDGMENT.split(" ")) + "</body></html>"
    (tmp_path / "one.html").write_text(page, encoding="utf-8")
    run([str(tmp_path / "one.html")], tmp_path / "out")
    (record,) = records_of(tmp_path / "out")
    (kept,) = [json.loads(line) for line in (tmp_path / "out" / "texts.jsonl").read_text("utf-8").splitlines()]
    name = next(one for one in record.evidence if one.path == "/defendants/0/name")
    assert kept["doc_id"] == record.doc_id
    assert kept["text"][name.start : name.end] == "柳青禾"


def test_every_record_and_the_development_gold_fit_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate(json.loads(encode(extract(JUDGMENT, "a"))))
    gold = Path(__file__).parents[2] / "shared" / "gold" / "dev.jsonl"
    if not gold.exists():
        pytest.skip("the development gold is not beside the checkout")
    for line in gold.read_text("utf-8").splitlines():
        validator.validate(json.loads(line))
