"""Misread characters: what is put right, what is left alone, and what the record says of it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from panjue.cli import main
from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record
from panjue.models.hybrid import MODEL, extract_with
from panjue.models.restoring.names import misread_names
from panjue.models.restoring.noise import lookalikes, noisy
from panjue.models.restoring.pairs import Pairs, write_pairs
from panjue.models.restoring.restorer import FOLDER, Restorer, RestorerError, allowed

MISREAD = {"罚金": "罚余", "提起公诉": "捉起公诉", "认罪认罚": "认罪让罚", "人民币": "入民币", "拘役": "拘没"}
FIGURES = "0123456789零〇一二两三四五六七八九十百千万亿"


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer()


@pytest.fixture(scope="module")
def judgments(request: pytest.FixtureRequest) -> dict[str, str]:
    folder = request.config.rootpath / "corpora/examples/texts"
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def values(record: Record) -> tuple[object, ...]:
    """All that was read, without where and by what."""
    return record.status, record.case, record.defendants


def test_clean_judgments_are_left_as_they_are(restorer: Restorer, judgments: dict[str, str]) -> None:
    for text in judgments.values():
        assert restorer.restore(text) == (text, [])


def test_a_misread_judgment_gives_the_record_of_the_clean_one(restorer: Restorer, judgments: dict[str, str]) -> None:
    clean = judgments["expedited-one-line"]
    text = clean
    for right, wrong in MISREAD.items():
        text = text.replace(right, wrong)
    assert text != clean
    assert values(extract(text, "a")) != values(extract(clean, "a"))
    restored, changes = restorer.restore(text)
    assert restored == clean
    assert [(change.printed, change.restored) for change in changes] == [
        (ours, theirs) for ours, theirs in zip(text, clean, strict=True) if ours != theirs
    ]
    record = extract_with(restorer, text, "a")
    plain = extract(clean, "a")
    assert values(record) == values(plain)
    assert [(one.path, one.start, one.end) for one in record.evidence] == [
        (one.path, one.start, one.end) for one in plain.evidence
    ]
    assert record.text_sha256 == extract(text, "a").text_sha256
    assert [flag.code for flag in record.flags if flag.code == "text_restored"] == ["text_restored"]
    assert record.toolkit is not None
    assert record.toolkit.model == MODEL
    assert plain.toolkit is not None
    assert plain.toolkit.model is None
    touched = [one for one in record.evidence if any(one.start <= change.place < one.end for change in changes)]
    assert touched
    assert all(one.confidence <= max(change.probability for change in changes) for one in touched)


def test_what_is_changed_looks_like_it_and_no_figure_is_touched(restorer: Restorer, judgments: dict[str, str]) -> None:
    draw = random.Random(5)
    for text in list(judgments.values())[:6]:
        spoiled = noisy(text, 0.05, draw)
        restored, changes = restorer.restore(spoiled, always=True)
        assert len(restored) == len(spoiled)
        assert "".join(c for c in spoiled if c.isspace()) == "".join(c for c in restored if c.isspace())
        for change in changes:
            assert spoiled[change.place] == change.printed
            assert restored[change.place] == change.restored
            assert change.printed not in FIGURES
            assert allowed(change.printed, change.restored, change.probability)
        others = {change.place for change in changes}
        assert all(a == b for i, (a, b) in enumerate(zip(spoiled, restored, strict=True)) if i not in others)
        wrong = sum(a != b for a, b in zip(text, spoiled, strict=True))
        still = sum(a != b for a, b in zip(text, restored, strict=True))
        assert still < 0.6 * wrong


@given(st.text(max_size=80), st.integers(0, 9))
def test_noise_keeps_length_figures_and_what_is_no_chinese_character(text: str, seed: int) -> None:
    made = noisy(text, 0.5, random.Random(seed))
    assert len(made) == len(text)
    for before, after in zip(text, made, strict=True):
        assert before == after or before in lookalikes()
    assert made == noisy(text, 0.5, random.Random(seed))


def test_odd_texts(restorer: Restorer) -> None:
    for text in ("", " ", "判", "\ud800", "a" * 600, "𠮷" * 300):
        assert restorer.restore(text, always=True)[0] == text


def test_where_a_text_looks_misread(tmp_path: Path) -> None:
    path = tmp_path / "pairs.npz"
    write_pairs(["被告人有期徒刑一年。\n"] * 100 + ["甲乙丙"] * 2, path)
    pairs = Pairs(path)
    assert pairs.suspects("被告人有期徒刑一年。") == []
    assert pairs.suspects("被告人有期徙刑一年。") == [5]
    assert pairs.suspects("甲乙丙") == []  # rare, and nothing that looks like it is frequent
    assert pairs.suspects("") == []


def test_a_checkpoint_that_is_missing_or_damaged_is_said(tmp_path: Path) -> None:
    with pytest.raises(RestorerError, match=r"no config\.json"):
        Restorer(tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(FOLDER, broken)
    (broken / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(RestorerError, match="damaged"):
        Restorer(broken)


def test_the_command(judgments: dict[str, str], tmp_path: Path) -> None:
    text = judgments["expedited-one-line"]
    for right, wrong in MISREAD.items():
        text = text.replace(right, wrong)
    (tmp_path / "scan.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["extract", str(tmp_path / "scan.txt"), "-o", str(out), "--restore", "--quiet"])
    assert result.exit_code == 0, result.output
    line = (out / "records.jsonl").read_text(encoding="utf-8")
    assert "text_restored" in line
    assert '"penalty":"detention"' in line
    listed = CliRunner().invoke(main, ["models", "list"])
    assert "restorer" in listed.output


def test_the_checkpoint_is_small_enough_to_ship() -> None:
    assert (FOLDER / "model.safetensors").stat().st_size <= 10_000_000


def test_a_name_printed_once_is_the_one_like_it_that_is_printed_often() -> None:
    often = "被告人柳青禾，男。被告人柳青禾辩称无罪。柳青禾供述。"
    assert misread_names(often + "被告人柳青未犯盗窃罪") == {len(often) + 5: "禾"}
    assert misread_names(often + "被告人柳青未犯盗窃罪。柳青未供述") == {}  # twice: another person
    assert misread_names(often + "被告人柳青山犯盗窃罪") == {}  # does not look like it
    masked = "被告人张三，男。被告人张三辩称。被告人张三供述。"
    assert misread_names(masked + "被告人张二犯盗窃罪") == {}  # figures tell masked people apart
