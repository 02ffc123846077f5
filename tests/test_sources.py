"""The cards of public corpora: each is complete, and its options read a miniature of the layout it describes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from panjue.cli import main
from panjue.corpora.cards import cards
from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read

TEXT = "云河县人民法院 刑事判决书 （2019）云0199刑初7号 被告人柳青禾犯盗窃罪，判处拘役三个月。"


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


MINIATURES = {
    "cail2018": (
        "first_stage_test.json",
        line({"fact": TEXT, "meta": {"accusation": ["盗窃"], "criminals": ["柳某"]}}) * 2,
    ),
    "casegen": (
        "CaseGen.json",
        json.dumps(
            [{"id": 7, "title": "某案", "full_text": TEXT, "fact": "略", "event": {"a": "略"}, "evidence": {}}] * 2
        ).encode(),
    ),
    "judge": (
        "train.json",
        line({"CaseId": "c7", "Fact": "略", "Full Document": TEXT, "Sentence": ["3"], "Crime Type": ["盗窃罪"]}) * 2,
    ),
    "lecard": (
        "candidates1.zip",
        zipped("1325/7.json", line({"ajId": "a", "ajName": "某案", "pjjg": "略", "qw": TEXT, "writId": "w7"})),
    ),
    "lecardv2": ("query.json", line({"id": 794, "query": TEXT}) * 2),
    "mnbvc": ("1.jsonl.gz", gzip.compress(line({"详情": TEXT, "案号": "（2019）云0199刑初7号"}) * 2)),
}


def test_every_card_has_a_miniature() -> None:
    assert set(MINIATURES) == set(cards())


@pytest.mark.parametrize("short", MINIATURES)
def test_miniature(tmp_path: Path, short: str) -> None:
    name, data = MINIATURES[short]
    (tmp_path / name).write_bytes(data)
    reading = cards()[short].read
    found = list(read([tmp_path / name], reading.text_field, reading.id_field))
    assert [item.text for item in found if isinstance(item, Judgment)] == [TEXT] * (1 if short == "lecard" else 2)
    if reading.id_field:
        assert isinstance(found[0], Judgment)
        assert found[0].doc_id in {"w7", "794", "c7"}


def test_cards_are_listed_and_shown() -> None:
    listed = CliRunner().invoke(main, ["corpora"])
    assert listed.exit_code == 0
    for short, card in cards().items():
        assert short in listed.output
        assert card.home.startswith("https://")
        assert (card.documents is None) == (card.documents_from is None)
        shown = CliRunner().invoke(main, ["corpora", short])
        assert card.command in shown.output
    assert CliRunner().invoke(main, ["corpora", "none"]).exit_code == 2
