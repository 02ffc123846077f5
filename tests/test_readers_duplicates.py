"""The same judgment twice."""

from __future__ import annotations

from panjue.corpora.duplicates import fingerprint, groups

NUMBER = "（2019）云0199刑初7号"
TEXT = "云河县人民法院刑事判决书。" + "".join(
    f"第{n}项，被告人柳青禾于二〇一九年{n}月在云河县第{n * 7}号店内窃得价值{n * 31}元的物品。" for n in range(1, 40)
)
OTHER = "云河县人民法院刑事裁定书。" + "".join(
    f"原判决书第{n}页第{n * 3}行笔误，应补正为{n * 53}元。" for n in range(1, 20)
)


def test_layout_and_masks_make_no_difference_and_the_fullest_comes_first() -> None:
    masked = TEXT.replace("柳青禾", "柳某").replace("。", "。\n\n ")
    items = [("cut", TEXT[: len(TEXT) * 2 // 3]), ("whole", TEXT + "附：相关法条。"), ("masked", masked)]
    found = groups((name, fingerprint(NUMBER, text)) for name, text in items)
    assert [sorted(group) for group in found if group[0] == "whole"] == [["cut", "masked", "whole"]]


def test_judgment_and_ruling_under_one_number_are_two() -> None:
    assert groups([("a", fingerprint(NUMBER, TEXT)), ("b", fingerprint(NUMBER, OTHER))]) == []


def test_same_text_under_two_numbers_is_two_and_without_a_number_one() -> None:
    assert groups([("a", fingerprint(NUMBER, TEXT)), ("b", fingerprint("（2019）云0199刑初8号", TEXT))]) == []
    assert groups([("a", fingerprint(None, TEXT)), ("b", fingerprint(None, TEXT))]) == [["a", "b"]]


def test_number_is_compared_without_its_brackets_form() -> None:
    assert fingerprint(" (2019)云0199刑初7号", TEXT).key == fingerprint(NUMBER, TEXT).key
