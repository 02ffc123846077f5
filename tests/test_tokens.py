"""Segmentation: terms of the law stay whole, and the text can always be put together again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from panjue.extractors.lexicon import known_charge_forms, read_lexicon
from panjue.models.tokens import charge_spans, mentions, tokenize

EXAMPLES = [
    line
    for line in (Path(__file__).parent / "data" / "segmentation.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PIECES = st.sampled_from(
    [
        "被告人",
        "柳青禾",
        "犯",
        "盗窃、",
        "掩饰、隐瞒",
        "犯罪所得罪",
        "，",
        "。、",
        "、",
        " ",
        "\n",
        "\u3000",
        "\x00",
        "\u200b",
        "２０１９年3月5日",
        "有期",
        "徒刑",
        "罪",
        "罪名",
        "（",
        ")",
        "㐂",
        "𠮷",
        "🙂",
        "a",
        "3.5",
        "\r\n",
        "\ud800",
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_marked_passage_is_one_token(marked: str) -> None:
    text, spans = "", []
    for piece in re.split(r"(\[[^\]]*\])", marked):
        plain = piece[1:-1] if piece.startswith("[") else piece
        if plain != piece:
            spans.append((len(text), len(text) + len(plain)))
        text += plain
    assert spans, "nothing is marked"
    found = {(token.start, token.end) for token in tokenize(text)}
    assert [text[slice(*span)] for span in spans if span not in found] == []


def test_enough_different_terms_are_marked() -> None:
    assert len({term for line in EXAMPLES for term in re.findall(r"\[([^\]]*)\]", line)}) >= 200


@pytest.mark.parametrize("row", read_lexicon("charges") + read_lexicon("charges_former"), ids=lambda row: row["name"])
def test_no_charge_is_cut(row: dict[str, str]) -> None:
    assert words(f"被告人柳青禾犯{row['name']}，判处拘役一个月")[-5:] == [row["name"], "，", "判处", "拘役", "一个月"]


@given(st.sampled_from(sorted(known_charge_forms())))
def test_no_partial_form_is_cut(form: str) -> None:
    assert form in words(f"其行为已构成{form}。")


@pytest.mark.parametrize(
    "row", [row for row in read_lexicon("terms") if row["match"] == "always"], ids=lambda r: r["term"]
)
def test_no_sure_term_is_cut(row: dict[str, str]) -> None:
    assert row["term"] in words(f"对{row['term']}。")


@given(TEXTS)
@example("")
@example(" \n\t")
@example("犯掩饰、\n隐瞒犯罪 所得罪。、被告人")
def test_tokens_and_white_space_give_the_text_back(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert text[at : token.start].strip() == ""
        assert token.start >= at
        assert token.text == text[token.start : token.end] == token.text.strip() != ""
        at = token.end
    assert text[at:].strip() == ""


def test_offsets_are_code_points() -> None:
    text = "🙂𠮷田犯盗窃罪"
    token = next(token for token in tokenize(text) if token.text == "盗窃罪")
    assert text[token.start : token.end] == "盗窃罪"
    assert (token.start, token.end) == (4, 7)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("判 处 有 期 徒 刑 一年", "有 期 徒 刑"),
        ("签署认罪认罚\n具结书", "认罪认罚\n具结书"),
        ("犯掩饰、隐瞒犯\u3000罪所得罪", "掩饰、隐瞒犯\u3000罪所得罪"),
        ("刑　事　判　决　书", "刑　事　判　决　书"),
        ("２０１９年３月５日", "２０１９年３月５日"),
        ("于2019年3月5日经本院", "2019年3月5日"),
    ],
)
def test_a_term_across_spaces_and_line_ends(text: str, whole: str) -> None:
    assert whole in words(text)


def test_spaces_part_other_words() -> None:
    assert words("人民 币") == ["人民", "币"]


@pytest.mark.parametrize(
    "text", ["处罚金额较大", "各自首先表态", "以前科目不多", "建立功能完善的系统", "积累犯罪线索", "从犯罪现场提取"]
)
def test_no_term_where_its_letters_belong_to_other_words(text: str) -> None:
    assert not set(words(text)) & {"罚金", "自首", "前科", "立功", "累犯", "从犯"}


@pytest.mark.parametrize(
    ("text", "charges"),
    [
        ("犯盗窃、诈骗罪", ["诈骗罪"]),
        ("盗窃罪名不成立，抢劫罪行严重，系贪污罪犯", []),
        ("犯抢劫罪犯罪事实清楚", ["抢劫罪"]),
        ("数罪并罚，又犯新罪", []),
        ("犯掩饰、隐瞒犯罪所得罪、窝藏、包庇罪", ["掩饰、隐瞒犯罪所得罪", "窝藏、包庇罪"]),
        ("以以危险方法危害公共安全罪", ["以危险方法危害公共安全罪"]),
    ],
)
def test_charge_spans(text: str, charges: list[str]) -> None:
    assert [text[start:end] for start, end in charge_spans(text)] == charges


def test_names_are_whole() -> None:
    text = "被告人柳青禾将财物交予张某，张某某接收"
    named = [token.text for token in tokenize(text, names=["柳青禾", "张某", "张某某"])]
    assert named[:3] == ["被告人", "柳青禾", "将"]
    assert named.count("张某") == named.count("张某某") == 1


def test_a_masked_name_is_not_in_a_longer_one() -> None:
    assert [
        match.group() for match in mentions(["张某", "××"]).finditer("张某，张某某，张某甲，张某1，××，张某犯罪")
    ] == ["张某", "张某"]


def test_the_global_jieba_and_the_temporary_folder_stay_untouched(tmp_path: Path) -> None:
    code = (
        "import jieba, tempfile; from panjue.models.tokens import tokenize; tokenize('签署认罪认罚具结书');"
        "assert not jieba.dt.initialized; print(tempfile.gettempdir())"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == str(tmp_path)
    assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []
