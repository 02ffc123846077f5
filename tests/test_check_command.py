"""``panjue check``: the table of the self-checks, and what one of them found."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue import extract
from panjue.cli import main
from panjue.extractors.checks import CHECKS
from panjue.extractors.record import Record, encode

JUDGMENT = (
    "云州市临溪县人民法院\n刑事判决书\n（2019）浙0199刑初7号\n公诉机关云州市临溪县人民检察院。\n被告人柳青禾，男，1990年1月2日出生。\n"
    "云州市临溪县人民检察院指控被告人柳青禾犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。\n"
    "本院认为，被告人柳青禾的行为已构成盗窃罪。判决如下：\n被告人柳青禾犯盗窃罪，判处有期徒刑{term}。"
    "（刑期自2019年1月2日起至2019年8月1日止。）\n审判员 洪照\n二〇一九年三月九日\n书记员 温朗"
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Records of three judgments: one lawful, one with a term outside the law, one out of scope."""
    records = [
        extract(JUDGMENT.format(term="七个月"), "lawful"),
        extract(JUDGMENT.format(term="四个月"), "wrong"),
        Record(doc_id="other", text_sha256="0" * 64, status="out_of_scope"),
    ]
    (tmp_path / "records.jsonl").write_bytes(b"".join(encode(record) + b"\n" for record in records))
    return tmp_path


def test_the_command_prints_every_check(output: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(output)])
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line for line in result.output.splitlines() if line.strip()}
    assert set(rows) >= {one.code for one in CHECKS}
    row = rows["term_outside_law"]
    assert "hard" in row
    assert "CL 38, 42, 45" in row
    assert "50.00%" in row
    assert "wrong" in row
    assert "3 records, 1 of them out of scope" in result.output
    assert "term dates explained: 50.0% of 2 sentences" in result.output
    assert "柳青禾" not in result.output


def test_the_command_lists_what_one_check_found(output: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(output / "records.jsonl"), "--show", "term_outside_law"])
    assert result.exit_code == 0, result.output
    assert "wrong  /defendants/0/sentence/counts/0/months  imprisonment, 4 months" in result.output
    assert "1 of 2" in result.output


def test_the_command_refuses_what_it_cannot_check(output: Path, tmp_path: Path) -> None:
    assert "there is no check" in CliRunner().invoke(main, ["check", str(output), "--show", "nothing"]).output
    (tmp_path / "empty").mkdir()
    assert "holds no records.jsonl" in CliRunner().invoke(main, ["check", str(tmp_path / "empty")]).output
    (output / "records.jsonl").write_text('{"doc_id": 3}\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(output)])
    assert result.exit_code == 2
    assert "records.jsonl:1" in result.output


def test_a_day_that_is_none_is_an_error_with_its_file(output: Path) -> None:
    file = output / "records.jsonl"
    file.write_bytes(file.read_bytes().replace(b"2019-08-01", b"2019-02-30"))
    result = CliRunner().invoke(main, ["check", str(output)])
    assert result.exit_code == 2
    assert str(output) in result.output
