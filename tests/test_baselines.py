"""The public baselines read what they can read, and are scored like any other reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.eval.baselines import regex
from panjue.eval.baselines.__main__ import main
from panjue.eval.comparison import compare
from panjue.eval.records import read_records
from panjue.extractors.record import (
    Case,
    Counsel,
    Count,
    Defendant,
    Plea,
    Recommendation,
    Record,
    Sentence,
    decode,
    encode,
)

TEXT = """云州市南屏区人民法院
刑 事 判 决 书
（2021）浙0198刑初31号
公诉机关云州市南屏区人民检察院。
被告人荀之白（别名荀白），男，1990年5月1日出生，汉族，农民。
指定辩护人麻一川, 浙江溪源律师事务所律师。
云州市南屏区人民检察院以南检刑诉〔2021〕9号起诉书指控被告人荀之白犯诈骗罪，于2021年2月3日向本院提起公诉。本院适用简易程序审理了本案。
被告人荀之白自愿认罪认罚，在值班律师的见证下签署了具结书。公诉机关建议判处有期徒刑六个月至八个月，缓刑一年，并处罚金。
本院认为，公诉机关的量刑建议适当，应予采纳。判决如下：
被告人荀之白犯诈骗罪，判处有期徒刑七个月，缓刑一年，并处罚金人民币3，000元。
（缓刑考验期从判决确定之日起计算。）
审判员　毕小石
二〇二一年三月四日
"""


def recommendation() -> Recommendation:
    return Recommendation(
        content="given",
        form="range",
        penalty="imprisonment",
        min_months=6,
        max_months=8,
        probation="recommended",
        probation_min_months=12,
        probation_max_months=12,
        fine="unspecified",
        court_response="adopted",
    )


def test_regex_reads_a_simple_judgment() -> None:
    record = regex.extract("one", TEXT)
    assert record.case == Case(
        case_number="（2021）浙0198刑初31号",
        court="云州市南屏区人民法院",
        procuratorate="云州市南屏区人民检察院",
        document_type="judgment",
        instance="first",
        prosecution="public",
        procedure="summary",
        indictment_date="2021-02-03",
        judgment_date="2021-03-04",
    )
    assert record.defendants == [
        Defendant(
            name="荀之白",
            charges_prosecuted=["诈骗罪"],
            charges_convicted=["诈骗罪"],
            plea=Plea(
                status="applied",
                stage="review_for_prosecution",
                stage_basis="inferred_signing",
                recognizance="signed",
            ),
            recommendation=recommendation(),
            sentence=Sentence(
                disposition="punished",
                counts=[Count(charge="诈骗罪", penalty="imprisonment", months=7, fine=3000)],
                penalty="imprisonment",
                months=7,
                probation_months=12,
                fine=3000,
            ),
            counsel=[Counsel(name="麻一川", kind="legal_aid"), Counsel(kind="duty_lawyer")],
            counsel_at_signing="duty_lawyer",
        )
    ]
    assert decode(encode(record)) == record


@pytest.mark.parametrize(
    ("words", "form", "low", "high"),
    [
        ("建议判处有期徒刑一年。", "fixed", 12, 12),
        ("建议判处拘役三个月至五个月。", "range", 3, 5),
        ("建议判处有期徒刑六个月以上一年以下。", "range", 6, 12),
        ("建议判处无期徒刑。", "type_only", None, None),
    ],
)
def test_regex_reads_recommendations(words: str, form: str, low: int | None, high: int | None) -> None:
    (defendant,) = regex.extract("one", f"被告人荀之白，男。{words}").defendants
    found = defendant.recommendation
    assert (found.form, found.min_months, found.max_months) == (form, low, high)


def test_regex_gives_everybody_the_same() -> None:
    """It is what makes it a baseline: who got what takes sections and groups."""
    text = "被告人荀之白，男。被告人麻一川，女。被告人荀之白犯诈骗罪，判处有期徒刑三年；被告人麻一川犯盗窃罪，判处拘役二个月。"
    first, second = regex.extract("one", text).defendants
    assert (first.name, second.name) == ("荀之白", "麻一川")
    assert first.charges_convicted == second.charges_convicted == ["诈骗罪", "盗窃罪"]
    assert first.sentence.months == second.sentence.months == 2


def test_a_defendant_without_a_header_is_read_from_the_charge() -> None:
    assert [one.name for one in regex.extract("one", "指控被告人荀之白犯诈骗罪一案").defendants] == ["荀之白"]


def test_regex_stands_between_nothing_and_the_rules(examples: Path, tmp_path: Path) -> None:
    output = tmp_path / "regex.jsonl"
    result = CliRunner().invoke(main, ["regex", str(examples / "texts"), "-o", str(output)])
    assert result.exit_code == 0, result.output
    assert "30 judgments" in result.stdout

    from panjue.extractors.pipeline import extract

    texts = {one.doc_id: one.text for one in read([examples / "texts"]) if isinstance(one, Judgment)}
    rules = tmp_path / "rules.jsonl"
    rules.write_bytes(b"\n".join(encode(extract(text, doc_id)) for doc_id, text in texts.items()))
    found = compare(
        read_records(examples / "gold.jsonl"),
        {"rules": read_records(rules), "regex": read_records(output), "nothing": {}},
    )
    by_rules, by_regex, nothing = (one.share.value for one in found.all["mean of fields"] if one.share)
    assert nothing < by_regex < by_rules


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    result = CliRunner().invoke(main, ["regex", str(tmp_path / "empty.txt"), "-o", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 1
    assert "no judgment" in result.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_cutword_finds_the_names_and_leaves_the_rest_to_the_expressions() -> None:
    from panjue.eval.baselines.cutword import Reader

    reader = Reader()
    record = reader.extract("one", TEXT)
    assert [(one.name, one.kind) for one in record.defendants] == [("荀之白", "person")]
    assert record.defendants[0].counsel == [Counsel(name="麻一川", kind="legal_aid"), Counsel(kind="duty_lawyer")]
    assert record.defendants[0].recommendation == recommendation()
    assert record.case == regex.extract("one", TEXT).case
    several = "被告人王小明，男。辩护人李建国、张志强，浙江溪源律师事务所律师。被告人陈大伟，男。"
    found = reader.extract("two", several).defendants
    assert [one.name for one in found] == ["王小明", "陈大伟"]
    assert [(one.name, one.kind) for one in found[0].counsel] == [("李建国", "retained"), ("张志强", "retained")]
    assert reader.extract("three", "") == Record(
        doc_id="three", text_sha256=record_of_nothing(), case=Case(prosecution="public", procedure="unknown")
    )


def record_of_nothing() -> str:
    return "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cutword", None)
    monkeypatch.delitem(sys.modules, "panjue.eval.baselines.cutword", raising=False)
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["cutword", str(tmp_path / "one.txt"), "-o", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 1
    assert "cutword is not installed: pip install 'panjue[baselines]'" in result.stderr


def test_called_as_a_module(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "panjue.eval.baselines", "regex", "one.txt", "-o", "out.jsonl"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert [one["case"]["court"] for one in read_records(tmp_path / "out.jsonl").values()] == ["云州市南屏区人民法院"]
