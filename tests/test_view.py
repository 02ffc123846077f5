"""The view finds its way back to the text, and the sections divide it without gaps, in every layout."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.sections import cut
from panjue.extractors.view import View

ALPHABET = "被告人判处有期徒刑一年。；：、 \n\t\u3000３（(ａ,5𠮷\ue000×"


@given(st.text(ALPHABET, max_size=60))
def test_every_character_of_the_view_stands_in_the_text(raw: str) -> None:
    view = View(raw)
    for position, folded in enumerate(view.text):
        start, end = view.original(position, position + 1)
        assert end == start + 1
        assert raw[start] == folded or View(raw[start]).text == folded or raw[start] == ","


@given(st.text(ALPHABET, max_size=60), st.data())
def test_the_way_back_keeps_the_order(raw: str, data: st.DataObject) -> None:
    view = View(raw)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    first, last = view.original(start, end)
    assert 0 <= first <= last <= len(raw)
    assert len(view.printed(start, end)) == end - start


@given(st.text(ALPHABET + "本院认为判决如下公诉机关书记员附", max_size=80))
def test_sections_are_in_order_and_leave_no_gap(raw: str) -> None:
    view = View(raw)
    sections = cut(view)
    assert sections.title.start == 0
    assert sections.appendix.end == len(view.text)
    for before, after in pairwise(sections):
        assert before.start <= before.end <= after.end


@given(
    st.lists(
        st.sampled_from(["来自北大法宝", "谨防骗子", "爱法律，有未来", "判处拘役", "（一）", " \n", "法宝"]), max_size=8
    )
)
def test_what_a_vendor_put_in_is_passed_over(pieces: list[str]) -> None:
    raw = "".join(pieces)
    view = View(raw)
    clean = "".join(piece for piece in pieces if piece in ("判处拘役", "（一）", "法宝"))
    assert view.text == view.printed(0, len(view.text)) == clean
    assert view.original(0, len(view.text))[1] <= len(raw)


@pytest.mark.parametrize(
    "number", ["- {} -", "—{}—", "－ {} －", "第{}页", "第 {} 页 共 12 页", "第{}页/共12页", "　　{}"]
)
def test_page_numbers_between_lines_are_passed_over(number: str) -> None:
    lines = ["判处有期徒刑", "七个", "月，并处罚金人民币2", "000元。", ""]
    raw = "".join(f"{line}\n{number.format(page)}\n" for page, line in enumerate(lines, 3))
    view = View(raw)
    assert view.text == view.printed(0, len(view.text)) == "判处有期徒刑七个月，并处罚金人民币2000元。"
    assert raw[slice(*view.original(6, 9))] == f"七个\n{number.format(4)}\n月"


@pytest.mark.parametrize("raw", ["共计\n300\n元，各\n5\n元", "3-5-2号", "见卷宗第3页，", "1 - 5号"])
def test_other_numbers_are_no_page_numbers(raw: str) -> None:
    assert View(raw).text == "".join(raw.split())


def test_no_line_begins_between_letters_set_wide() -> None:
    assert View("检察院。\n被 告 人柳青禾").lines == [4]
    assert View("判处\n拘役").lines == [2]


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("有期徒刑一、年六个月", "有期徒刑一年六个月"),
        ("有期徒刑一、年半", "有期徒刑一年半"),
        ("罪名成立。、二、被告人", "罪名成立。二、被告人"),
        ("一、年满十八周岁的", "一、年满十八周岁的"),
    ],
)
def test_a_break_is_passed_over_only_inside_a_term_and_between_sentences(raw: str, seen: str) -> None:
    assert View(raw).text == seen


@pytest.mark.parametrize("layout", [" ", "", "\n", "\n\t", "\n\u3000\u3000", "、"])
def test_a_judgment_is_cut_alike_in_every_layout(layout: str) -> None:
    paragraphs = [
        "云州市临溪县人民法院",
        "刑 事 判 决 书" if layout == "\n" else "刑事判决书",
        "（2019）浙0199刑初7号",
        "公诉机关云州市临溪县人民检察院。",
        "被告人柳青禾，男，1990年1月2日出生。",
        "云州市临溪县人民检察院以云临检刑诉（2019）3号起诉书指控被告人柳青禾犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。",
        "公诉机关指控，被告人柳青禾窃得手机一部。",
        "被告人柳青禾对指控的事实无异议。",
        "经审理查明，被告人柳青禾窃得手机一部。",
        "本院认为，被告人柳青禾的行为已构成盗窃罪。判决如下：",
        "被告人柳青禾犯盗窃罪，判处拘役三个月。",
        "如不服本判决，可在接到判决书的第二日起十日内提出上诉。",
        "审判员甲乙",
        "二〇一九年三月九日",
        "书记员丙丁",
        "附：相关法律条文",
    ]
    view = View(layout.join(paragraphs))
    words = {name: view.text[start:end] for name, (start, end) in cut(view)._asdict().items()}
    begins = {
        "header": "公诉机关",
        "procedure": "云州市临溪县人民检察院以",
        "prosecution": "公诉机关指控",
        "defence": "被告人柳青禾对指控",
        "findings": "经审理查明",
        "opinion": "本院认为",
        "disposition": "被告人柳青禾犯盗窃罪，判处",
        "tail": "如不服本判决",
        "appendix": "附：",
    }
    assert {name: words[name][: len(begin)] for name, begin in begins.items()} == begins


@pytest.mark.parametrize("announced", ["判决如下：", "判处如下：", "合议如下：", "特判决："])
def test_the_disposition_is_found_however_it_is_announced(announced: str) -> None:
    text = f"本院认为，被告人柳青禾的行为已构成盗窃罪。依照《中华人民共和国刑法》第二百六十四条之规定，{announced}"
    rest = "一、被告人柳青禾犯盗窃罪，判处拘役三个月。"
    assert cut(View(f"{text}{rest}如不服本判决，")).disposition == (len(text), len(text + rest))


def test_a_disposition_that_nothing_announces_is_found() -> None:
    text = "本院认为，原判量刑适当。依照《中华人民共和国刑事诉讼法》第二百三十六条第一款第（一）项之规定："
    rest = "驳回上诉，维持原判。"
    sections = cut(View(text + rest + "本裁定为终审裁定。审判长　辜成均"))
    assert (text + rest)[slice(*sections.disposition)].endswith(rest)


def test_every_complete_example_has_a_disposition(examples: Path) -> None:
    for item in read([examples / "texts"]):
        assert isinstance(item, Judgment)
        view = View(item.text)
        if "判决如下" in view.text or "裁定如下" in view.text:
            sections = cut(view)
            assert sections.disposition.end > sections.disposition.start, item.doc_id
