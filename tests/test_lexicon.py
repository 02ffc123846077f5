"""The lexicons as data, and what they make of the names that judgments print."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panjue.extractors import lexicon
from panjue.extractors.lexicon import case_type, charge, charge_by_id, charge_in_force, court_level, region

FOLDER = Path(lexicon.__file__).parent / "lexicons"
CHARGES = lexicon.read_lexicon("charges")
FORMER = lexicon.read_lexicon("charges_former")

with (Path(__file__).parent / "data" / "partial_charges.csv").open(encoding="utf-8") as _file:
    PARTIAL = [(row["name"], row["article"]) for row in csv.DictReader(_file)]

OTHER_FORMS = {
    "盗窃": "盗窃罪",
    "窝藏包庇罪": "窝藏、包庇罪",
    "走私贩卖运输制造毒品罪": "走私、贩卖、运输、制造毒品罪",
    "掩饰,隐瞒犯罪所得罪": "掩饰、隐瞒犯罪所得、犯罪所得收益罪",
    " 故 意 伤 害 罪 ": "故意伤害罪",
    "销售有毒有害食品罪": "生产、销售有毒、有害食品罪",
    "组织他人偷越国(边)境罪": "组织他人偷越国（边）境罪",
    "偷越国境罪": "偷越国（边）境罪",
    "帮信罪": "帮助信息网络犯罪活动罪",
    "妨碍公务罪": "妨害公务罪",
    "容留吸毒罪": "容留他人吸毒罪",
    "非法占用农地罪": "非法占用农用地罪",
    "非法收购滥伐林木罪": "非法收购、运输盗伐、滥伐的林木罪",
    "销售不符合安全标准食品罪": "生产、销售不符合安全标准的食品罪",
    "侮辱国歌罪": "侮辱国旗、国徽、国歌罪",
}

NO_CHARGES = [
    "数罪",
    "新罪",
    "本罪",
    "他罪",
    "前罪",
    "漏罪",
    "余罪",
    "两罪",
    "共同犯罪",
    "单位犯罪",
    "前款罪",
    "毒品犯罪",
    "应当判处有期徒刑以上刑罚之罪",
    "罪",
    "犯罪",
    "盗窃、诈骗罪",
    "组织、强迫卖淫罪",
    "危险驾驶、妨害公务罪",
    "毒品罪",
    "掩饰罪",
    "枪支罪",
    "涉黑",
    "醉驾",
    "无罪",
    "盗窃罪（未遂）",
    "犯盗窃罪",
]


@pytest.mark.parametrize("name", [name for name in lexicon._LEXICONS if "confidence" not in name])  # measured, no law
def test_every_row_has_a_first_day_and_a_source(name: str) -> None:
    raw = (FOLDER / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    rows = lexicon.read_lexicon(name)
    assert rows
    for row in rows:
        assert None not in row
        assert all(isinstance(value, str) for value in row.values()), row
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["in_force_from"]), row
        assert row["source"], row
        if row.get("in_force_until"):
            assert row["in_force_from"] < row["in_force_until"], row


def test_every_file_of_the_folder_counts_towards_the_version() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(lexicon._LEXICONS)
    assert re.fullmatch(r"[0-9a-f]{12}", lexicon.lexicon_version())


def test_version_changes_with_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = lexicon.lexicon_version()
    read = lexicon._file
    monkeypatch.setattr(lexicon, "_file", lambda name: read(name) + ("x" if name == "terms" else ""))
    assert lexicon.lexicon_version.__wrapped__() != before


def test_the_483_charges_in_force() -> None:
    assert len(CHARGES) == 483
    assert len({row["id"] for row in CHARGES + FORMER}) == len(CHARGES) + len(FORMER)


@pytest.mark.parametrize("row", CHARGES, ids=lambda row: row["name"])
def test_charge_in_force_is_itself(row: dict[str, str]) -> None:
    found = charge(row["name"])
    assert found is not None
    assert (found.id, found.name, found.article, found.former) == (row["id"], row["name"], row["article"], False)
    assert charge_in_force(found) is found
    assert charge(row["name"].removesuffix("罪")) is found
    assert charge(row["name"].replace("、", "")) is found


@pytest.mark.parametrize("row", FORMER, ids=lambda row: row["name"])
def test_former_charge_is_itself_and_has_a_successor(row: dict[str, str]) -> None:
    found = charge(row["name"])
    assert found is not None
    assert (found.id, found.name, found.former) == (row["id"], row["name"], True)
    successor = charge_in_force(found)
    if row["name"] in ("流氓罪", "投机倒把罪"):
        assert successor is None
    else:
        assert successor is not None
        assert not successor.former


def test_successor_of_a_successor() -> None:
    found = charge("操纵证券交易价格罪")
    assert found is not None
    assert found.successor is not None
    assert charge_by_id(found.successor).name == "操纵证券、期货市场罪"


@pytest.mark.parametrize(("name", "article"), PARTIAL)
def test_partial_form_of_a_selective_charge(name: str, article: str) -> None:
    found = charge(name)
    assert found is not None
    current = charge_in_force(found)
    assert current is not None
    assert current.article == article
    assert current.selective


def test_enough_partial_forms() -> None:
    assert len(PARTIAL) >= 60


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_other_forms(name: str) -> None:
    found = charge(name)
    assert found is not None
    assert found.name == OTHER_FORMS[name]


@pytest.mark.parametrize("name", NO_CHARGES)
def test_what_is_no_charge(name: str) -> None:
    assert charge(name) is None


def test_the_name_of_its_time_before_a_part_of_today() -> None:
    former, today = charge("生产、销售假药罪"), charge("销售假药罪")
    assert former is not None
    assert today is not None
    assert former.former
    assert charge_in_force(former) == today == charge("生产、销售、提供假药罪")


def test_no_form_belongs_to_two_charges_in_force() -> None:
    owner: dict[str, str] = {}
    for row in CHARGES:
        for form in {row["name"], *lexicon.expand(row["selective_pattern"] or row["name"])}:
            folded = lexicon._fold(form)
            assert owner.setdefault(folded, row["name"]) == row["name"], form


def test_selective_pattern_spells_the_name() -> None:
    for row in CHARGES + FORMER:
        if row["selective_pattern"]:
            assert lexicon.expand(row["selective_pattern"])[0] == row["name"]


def test_known_forms_are_printed_forms() -> None:
    forms = lexicon.known_charge_forms()
    assert forms["包庇、窝藏罪"].name == "窝藏、包庇罪"
    assert "窝藏包庇罪" not in forms
    assert all(form.endswith("罪") for form in forms)
    assert len(forms) < 200_000


@given(
    acts=st.permutations(["制造", "买卖", "运输", "邮寄", "储存"]),
    objects=st.permutations(["枪支", "弹药", "爆炸物"]),
    how_many=st.tuples(st.integers(1, 5), st.integers(1, 3)),
)
def test_any_choice_of_parts_in_any_order(acts: list[str], objects: list[str], how_many: tuple[int, int]) -> None:
    found = charge(f"非法{'、'.join(acts[: how_many[0]])}{'、'.join(objects[: how_many[1]])}罪")
    assert found is not None
    assert found.article == "125(1)"


def test_nested_pattern() -> None:
    assert lexicon.expand("虚开{O:专用发票|用于{M:退税|抵扣}发票}罪")[:3] == [
        "虚开专用发票、用于退税、抵扣发票罪",
        "虚开专用发票、用于抵扣、退税发票罪",
        "虚开专用发票、用于退税发票罪",
    ]


@pytest.mark.parametrize("pattern", ["{A:窝藏|包庇", "窝藏}罪", "窝藏|包庇罪"])
def test_unbalanced_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        lexicon.expand(pattern)


@pytest.mark.parametrize(
    ("code", "name", "group"),
    [("沪", "上海市", "east"), ("鄂0106", "湖北省", "central"), ("吉01", "吉林省", "northeast"), ("兵", None, "west")],
)
def test_region(code: str, name: str | None, group: str) -> None:
    found = region(code)
    assert found is not None
    assert found.region == group
    assert name in (None, found.name)


def test_region_of_the_supreme_court_and_of_nothing() -> None:
    supreme = region("最高法")
    assert supreme is not None
    assert supreme.region is None
    assert region("蒙") is None
    assert region("") is None


@pytest.mark.parametrize(
    ("code", "instance", "in_scope"),
    [
        ("刑初", "first", True),
        ("刑终", "second", True),
        ("刑再", "retrial", True),
        ("刑更", "modification", False),
        ("刑核", "death_review", False),
        ("刑初字", "first", True),
        ("浦刑初字", "first", True),
        ("一中刑二终字", "second", True),
    ],
)
def test_case_type(code: str, instance: str, in_scope: bool) -> None:
    found = case_type(code)
    assert found is not None
    assert (found.instance, found.in_scope) == (instance, in_scope)


def test_case_type_of_a_civil_case() -> None:
    assert case_type("民初") is None


@pytest.mark.parametrize(
    ("code", "court", "level", "jurisdiction"),
    [
        ("沪0112", None, "basic", "general"),
        ("沪01", None, "intermediate", "general"),
        ("沪", None, "high", "general"),
        ("最高法", None, "supreme", "general"),
        ("辽7102", None, "basic", "railway"),
        ("鄂72", None, "intermediate", "maritime"),
        ("军01", None, "intermediate", "military"),
        (None, "中华人民共和国最高人民法院", "supreme", "general"),
        (None, "云州市中级人民法院", "intermediate", "general"),
        (None, "云州省高级人民法院", "high", "general"),
        (None, "云州市临溪县人民法院", "basic", "general"),
        (None, "云州铁路运输法院", "basic", "railway"),
        (None, "云州铁路运输中级法院", "intermediate", "railway"),
        (None, "云州互联网法院", "basic", "internet"),
        ("新40", "新疆维吾尔自治区高级人民法院伊犁哈萨克自治州分院", "high", "general"),
        ("沪0112", "不成名的机关", "basic", "general"),
    ],
)
def test_court_level(code: str | None, court: str | None, level: str, jurisdiction: str) -> None:
    found = court_level(code, court)
    assert found is not None
    assert (found.level, found.jurisdiction) == (level, jurisdiction)


@pytest.mark.parametrize("code", [None, "", "x", "沪1", "蒙01", "沪ab"])
def test_no_court_level(code: str | None) -> None:
    assert court_level(code) is None


def test_same_charges_as_the_reference(shared: Path) -> None:
    def read(name: str) -> list[dict[str, str]]:
        with (shared / "reference" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    ours = [(row["id"], row["name"], row["article"], row["in_force_from"]) for row in CHARGES]
    assert ours == [(row["id"], row["name"], row["article"], row["in_force_from"]) for row in read("charges.csv")]
    official = {row["name"] for row in read("charges_former.csv") if row["status"].startswith("former")}
    assert official <= {row["name"] for row in FORMER}
