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
from panjue.models.hybrid import MODEL, Hybrid
from panjue.models.restoring.changes import Change, Restored
from panjue.models.restoring.charges import misread_charges
from panjue.models.restoring.names import misread_names
from panjue.models.restoring.noise import lookalikes, noisy
from panjue.models.restoring.pairs import Pairs, write_pairs
from panjue.models.restoring.restorer import FOLDER, Restorer, RestorerError

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
        restored = restorer.restore(text)
        assert (restored.text, restored.changes) == (text, [])


def test_a_misread_judgment_gives_the_record_of_the_clean_one(restorer: Restorer, judgments: dict[str, str]) -> None:
    clean = judgments["expedited-one-line"]
    text = clean
    for right, wrong in MISREAD.items():
        text = text.replace(right, wrong)
    assert text != clean
    assert values(extract(text, "a")) != values(extract(clean, "a"))
    restored = restorer.restore(text)
    changes = restored.changes
    assert restored.text == clean
    assert [(change.printed, change.restored) for change in changes] == [
        (ours, theirs) for ours, theirs in zip(text, clean, strict=True) if ours != theirs
    ]
    record = Hybrid(restorer).extract(text, "a")
    plain = extract(clean, "a")
    assert values(record) == values(plain)
    assert [(one.path, one.start, one.end) for one in record.evidence] == [
        (one.path, one.start, one.end) for one in plain.evidence
    ]
    assert record.text_sha256 == extract(text, "a").text_sha256
    assert Hybrid(restorer).extract(text).doc_id == extract(text).doc_id
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
    wrong = still = 0
    for text in list(judgments.values())[:6]:
        spoiled = noisy(text, 0.05, draw)
        restored = restorer.restore(spoiled, always=True)
        back = [restored.original(place, place + 1)[0] for place in range(len(restored.text))]
        changed = {change.place: change for change in restored.changes if change.printed}
        lost = [change for change in restored.changes if not change.printed]
        assert len(restored.text) == len(spoiled) + len(lost)
        for change in changed.values():
            assert spoiled[change.place] == change.printed
            assert change.printed not in FIGURES
        assert not {change.restored for change in lost} & set(FIGURES + "不未无")
        kept = [(place, at) for place, at in enumerate(back) if at not in changed]
        others = [spoiled[at] for place, at in kept if restored.text[place] != spoiled[at]]
        assert len(others) <= len(lost)
        wrong += sum(a != b for a, b in zip(text, spoiled, strict=True))
        still += sum(changed[at].restored != text[at] for at in changed)
        still += sum(a != b for at, (a, b) in enumerate(zip(text, spoiled, strict=True)) if at not in changed)
    assert still < 0.4 * wrong


@given(st.text(alphabet="甲乙丙丁", max_size=12), st.data())
def test_a_span_of_the_restored_text_is_one_of_the_text_as_obtained(text: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(text))))
    swapped = data.draw(st.sets(st.integers(0, len(text) - 1))) if text else set()
    changes = [Change(place, "", "+", 0.9) for place in places] + [Change(p, text[p], "-", 0.9) for p in swapped]
    restored = Restored(text, changes)
    assert restored.text.replace("+", "") == "".join("-" if p in swapped else c for p, c in enumerate(text))
    start = data.draw(st.integers(0, len(restored.text)))
    end = data.draw(st.integers(start, len(restored.text)))
    first, last = restored.original(start, end)
    assert 0 <= first <= last <= len(text)
    assert last - first == len(restored.text[start:end].replace("+", ""))


@given(st.text(max_size=80), st.integers(0, 9))
def test_noise_keeps_length_figures_and_what_is_no_chinese_character(text: str, seed: int) -> None:
    made = noisy(text, 0.5, random.Random(seed))
    assert len(made) == len(text)
    for before, after in zip(text, made, strict=True):
        assert before == after or before in lookalikes()
    assert made == noisy(text, 0.5, random.Random(seed))


def test_odd_texts(restorer: Restorer) -> None:
    for text in ("", " ", "判", "\ud800", "a" * 600, "𠮷" * 300):
        assert restorer.restore(text, always=True).text == text


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
    assert misread_names(often + "被告人柳青米犯盗窃罪") == [Change(len(often) + 5, "米", "禾", 0.9)]
    assert misread_names(often + "被告人柳青米犯盗窃罪。柳青米供述") == []  # twice: another person
    assert misread_names(often + "被告人柳青山犯盗窃罪") == []  # does not look like it
    masked = "被告人张三，男。被告人张三辩称。被告人张三供述。"
    assert misread_names(masked + "被告人张二犯盗窃罪") == []  # figures tell masked people apart


def test_whom_only_the_header_names_is_he_whom_the_rest_names() -> None:
    rest = "被告人柳青禾辩称无罪。" + "柳青禾供述。" * 5
    assert misread_names("被告人柳青山，男。" + rest) == [Change(5, "山", "禾", 0.9)]
    assert misread_names("被告人青禾，男。" + rest) == [Change(3, "", "柳", 0.9)]
    firm = "被告单位云州市青禾贸易有限公司"
    assert misread_names(f"{firm.replace('贸', '费')}，住所地云州。" + f"{firm}犯逃税罪。" * 5) == [
        Change(9, "费", "贸", 0.9)
    ]


def test_a_charge_that_is_like_one_of_the_law_is_that_one() -> None:
    assert misread_charges("被告人柳青禾犯詹险驾驶罪") == [Change(7, "詹", "危", 0.9)]
    assert misread_charges("被告人柳青禾犯贩卖毒酷罪、盗罪") == [Change(10, "酷", "品", 0.9), Change(14, "", "窃", 0.9)]
    assert misread_charges("被告人柳青禾犯盗窃罪、窝藏、包庇罪") == []
    assert misread_charges("被告人柳青禾犯种植幻想罪") == []
