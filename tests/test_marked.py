"""Marked examples: one file of ``marked/`` for each field, one sentence a line, in its place in a judgment.

A line is ``section | value | sentence``. The sentence stands in that section of the judgment below, in place of what it
has there, where ⏎ ends a line; ``extract`` must give the value (a word, words, or JSON), and its evidence must touch the
passage in ``[brackets]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from panjue import extract

SECTIONS = {
    "title": "云州市临溪县人民法院\n刑事判决书",
    "header": "被告人柳青禾，男，1990年1月2日出生。",
    "indictment": "云州市临溪县人民检察院以临检刑诉〔2021〕5号起诉书指控被告人柳青禾犯盗窃罪，于2021年3月1日向本院提起公诉。",
    "procedure": "本院依法组成合议庭，公开开庭审理了本案。现已审理终结。",
    "prosecution": "公诉机关指控，2021年1月5日，被告人柳青禾窃得手机一部。",
    "defence": "被告人柳青禾未提交证据。",
    "opinion": "被告人柳青禾的行为已构成盗窃罪。",
    "disposition": "被告人柳青禾犯盗窃罪，判处有期徒刑七个月，并处罚金人民币二千元。",
}
JUDGMENT = """{title}
（2021）浙0199刑初7号
公诉机关云州市临溪县人民检察院。
{header}
{indictment}{procedure}
{prosecution}
{defence}
经审理查明的事实与公诉机关指控的一致。
本院认为，{opinion}依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：
{disposition}
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审判员　辜成均
二〇二一年三月二十日
书记员　祁小满
"""


def examples() -> Iterator[Any]:
    for file in sorted((Path(__file__).parent / "marked").glob("*.txt")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("#"):
                yield pytest.param(file.stem, *line.replace("⏎", "\n").split(" | "), id=f"{file.stem}-{number}")


@pytest.mark.parametrize(("field", "section", "value", "sentence"), [*examples()])
def test_marked_example(field: str, section: str, value: str, sentence: str) -> None:
    assert section in SECTIONS
    text = JUDGMENT.format_map({**SECTIONS, section: re.sub(r"[][]", "", sentence)})
    record = extract(text)
    assert [defendant.name for defendant in record.defendants] == ["柳青禾"]

    pointer = "/" + field.replace(".", "/")
    part: Any = msgspec.to_builtins(record)
    if not field.startswith("case."):
        pointer = "/defendants/0" + pointer
        part = part["defendants"][0]
    for key in field.split("."):
        part = part[int(key)] if isinstance(part, list) else part[key]
    if isinstance(part, list):
        part = " ".join(part)
    assert part == (json.loads(value) if re.fullmatch(r"null|\d+", value) else value)

    for mark in re.finditer(r"\[(.+?)\]", sentence):
        start = text.index(mark[1])
        passages = [
            text[evidence.start : evidence.end]
            for evidence in record.evidence
            if f"{pointer}/".startswith(f"{evidence.path}/")
            and evidence.start < start + len(mark[1])
            and start < evidence.end
        ]
        assert passages, f"no evidence for {pointer} in {mark[1]}: {record.evidence}"
