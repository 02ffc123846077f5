"""The same judgment twice."""

from __future__ import annotations

from panjue.corpora.duplicates import clusters, fingerprint

NUMBER = "（2019）云0199刑初7号"
TEXT = "云河县人民法院刑事判决书。" + "".join(
    f"二〇一九年第{n}日，被告人柳青禾在云河县第{n * 7}号店内，窃得价值{n * 31}元的物品。" for n in range(1, 40)
)
OTHER = "云河县人民法院刑事裁定书。" + "".join(
    f"原判决书第{n}页第{n * 3}行笔误，应补正为{n * 53}元。" for n in range(1, 20)
)


def test_layout_and_masks_make_no_difference_and_the_fullest_comes_first() -> None:
    masked = TEXT.replace("柳青禾", "柳某").replace("。", "。\n\n ")
    prints = [
        fingerprint(NUMBER, text) for text in (TEXT[: len(TEXT) * 2 // 3], TEXT + "附：相关法条。", OTHER, masked)
    ]
    assert clusters(prints) == [[1, 3, 0], [2]]


def test_judgment_and_ruling_under_one_number_are_two() -> None:
    assert clusters([fingerprint(NUMBER, TEXT), fingerprint(NUMBER, OTHER)]) == [[0], [1]]


def test_same_text_under_two_numbers_is_two_and_without_a_number_one() -> None:
    assert fingerprint(NUMBER, TEXT).key != fingerprint("（2019）云0199刑初8号", TEXT).key
    assert fingerprint(None, TEXT) == fingerprint(None, TEXT + "\n")


def test_number_is_compared_without_its_brackets_form() -> None:
    assert fingerprint(" (2019)云0199刑初7号", TEXT).key == fingerprint(NUMBER, TEXT).key
