"""Rules and a tagger together, with a small tagger that is trained here on a phrase that the rules do not know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.cli import main
from panjue.extractors.pipeline import extract
from panjue.models.deciding import DECISIONS, SECTIONS_SILENT, Decision
from panjue.models.hybrid import Hybrid
from panjue.models.restoring.restorer import Restorer
from panjue.models.tagger.encoder import Pretraining, pretrain
from panjue.models.tagger.examples import Example, Span
from panjue.models.tagger.tagger import Tagger
from panjue.models.tagger.training import Training, train

PHRASE = "对认罚一事心悦诚服"
OPENING = "被告人严守田犯盗窃罪"
BEFORE = ("被告人柳青禾归案后，", "综合全案，被告人严守田", "审理中，被告人何小满当庭", "案发后，被告人季长河向法庭")


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    texts = [f"{before}{PHRASE}，可以从轻处罚。" for before in BEFORE]
    plain = [f"{before}赔偿了损失，可以从轻处罚。" for before in BEFORE]
    examples = [
        Example(str(n), text, [Span(text.index(PHRASE), text.index(PHRASE) + len(PHRASE), "PLEA=applied")])
        for n, text in enumerate(texts)
    ]
    examples += [Example(f"plain-{n}", text, []) for n, text in enumerate(plain)]
    for number, before in enumerate(
        ("从轻处罚。兹定夺曰：", "依法惩处。兹定夺曰：", "予以采信。兹定夺曰：", "应予惩处。兹定夺曰：")
    ):
        text = f"{before}{OPENING}，判处拘役三个月，并处罚金二千元。"
        opening = Span(len(before), len(before) + len(OPENING), "SECTION=disposition")
        examples.append(Example(f"opening-{number}", text, [opening]))
    small = Pretraining(hidden=32, feed_forward=32, layers=2, heads=2, rarest=1, block=32, batch=4, steps=2)
    pretrain([example.text for example in examples] * 8, folder / "encoder", small)
    settings = Training(epochs=40, batch=8, rate=3e-3, head_rate=5e-3)
    scores = train(str(folder / "encoder"), examples * 4, examples, folder / "tagger", settings)
    assert scores["all"].f1 == 1
    return folder / "tagger"


@pytest.fixture
def text() -> str:
    """A judgment whose plea the rules cannot read."""
    text = (
        "云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人严守田，男，"
        "1990年1月2日出生。 云州市临溪县人民检察院指控被告人严守田犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。 "
        f"公诉机关指控，被告人严守田盗窃手机一部。本院认为，综合全案，被告人严守田{PHRASE}，可以从轻处罚。判决如下： "
        "被告人严守田犯盗窃罪，判处拘役三个月，并处罚金二千元。 审判员 甲 二〇一九年三月九日 书记员 乙"
    )
    assert extract(text).defendants[0].plea.status == "not_mentioned"
    return text


def test_the_tagger_is_trusted_as_far_as_its_table_says(tagger: Path, text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    runner = CliRunner()

    def read(name: str, *options: str) -> dict[str, object]:
        arguments = ["extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / name), "--quiet", *options]
        result = runner.invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return json.loads((tmp_path / name / "records.jsonl").read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    rules = read("rules")
    untrusted = read("untrusted", "--tagger", str(tagger))
    assert {**untrusted, "toolkit": None} == {**rules, "toolkit": None}
    (tagger / DECISIONS).write_text(
        "field,situation,score,right,values\nplea/status,silent,0.5,9,10\n", encoding="utf-8"
    )
    try:
        asked = read("asked", "--tagger", str(tagger))
        everything = read("everything", "--tagger", str(tagger), "--always-tag")
        arguments = ["extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / "untrusted"), "--tagger", str(tagger)]
        mixed = runner.invoke(main, arguments)
    finally:
        (tagger / DECISIONS).unlink()
    assert mixed.exit_code == 2
    assert "It differs in" in mixed.output  # one run is read with one table
    assert asked["defendants"] == everything["defendants"] != rules["defendants"]
    assert asked["defendants"][0]["plea"]["status"] == "applied"  # type: ignore[index]
    found = [one for one in asked["evidence"] if one["source"] == "model:tagger"]  # type: ignore[attr-defined]
    assert [(one["path"], text[one["start"] : one["end"]], one["confidence"]) for one in found] == [
        ("/defendants/0/plea/status", PHRASE, 0.9)
    ]
    assert "tagger/" in asked["toolkit"]["model"]  # type: ignore[index]


def test_sections_are_the_taggers_where_the_rules_find_no_disposition(tagger: Path, text: str) -> None:
    odd = text.replace("判决如下： ", "兹定夺曰：")
    rules = extract(odd)
    assert (rules.status, rules.defendants[0].sentence.disposition) == ("partial", "none")
    models = Restorer(), Tagger(tagger)
    assert Hybrid(*models, {SECTIONS_SILENT: Decision(99.0, 1, 1)}).extract(odd).defendants == rules.defendants
    hybrid = Hybrid(*models, {SECTIONS_SILENT: Decision(0.0, 1, 1)})
    record = hybrid.extract(odd)
    assert record.status == "complete"
    sentence = record.defendants[0].sentence
    assert (sentence.penalty, sentence.months, sentence.fine) == ("detention", 3, 2000)
    assert "sections_by_model" in {flag.code for flag in record.flags}
    found = [one for one in record.evidence if one.path == "/defendants/0/charges_convicted"]
    assert {odd[one.start : one.end] for one in found} == {"犯盗窃罪"}
    assert hybrid.extract(text).defendants == extract(text).defendants  # the rules find it: the tagger is not asked


def test_only_passages_that_may_hold_it_are_tagged(tagger: Path, text: str) -> None:
    hybrid = Hybrid(Restorer(), Tagger(tagger), {("plea/recognizance", "silent"): (0.0, 1, 1)})  # type: ignore[dict-item]
    assert hybrid.look(text).tagged == []  # no passage speaks of 具结
    assert Hybrid(Restorer(), Tagger(tagger)).look(text).tagged == []  # nothing is asked
    assert Hybrid(Restorer(), Tagger(tagger), always=True).look(text).tagged


def test_a_document_out_of_scope_is_not_tagged(tagger: Path, text: str) -> None:
    looked = Hybrid(Restorer(), Tagger(tagger), always=True).look(text.replace("刑初7号", "刑更7号"))
    assert (looked.record.status, looked.tagged, looked.readings) == ("out_of_scope", [], [])


def test_a_tagger_that_cannot_be_used_is_said(tmp_path: Path, tagger: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    arguments = ["extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out")]
    missing = CliRunner().invoke(main, [*arguments, "--tagger", str(tmp_path)])
    assert missing.exit_code == 1
    assert "panjue train tagger" in missing.output
    alone = CliRunner().invoke(main, [*arguments, "--always-tag"])
    assert alone.exit_code == 2
    assert "--always-tag needs --tagger" in alone.output
    (tagger / DECISIONS).write_text("field,situation\nplea/status,silent\n", encoding="utf-8")
    try:
        damaged = CliRunner().invoke(main, [*arguments, "--tagger", str(tagger)])
    finally:
        (tagger / DECISIONS).unlink()
    assert damaged.exit_code == 1
    assert "decisions.csv is damaged" in damaged.output
