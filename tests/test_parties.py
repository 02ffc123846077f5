"""Who stands accused, however the header puts it."""

from __future__ import annotations

import pytest

from panjue import extract

JUDGMENT = """云州市临溪县人民法院
刑事判决书
（2021）浙0199刑初8号
公诉机关云州市临溪县人民检察院。
{header}
云州市临溪县人民检察院以临检刑诉〔2021〕6号起诉书指控{accused}犯非法经营罪，于2021年3月1日向本院提起公诉。本院依法组成合议庭，公开开庭审理了本案。现已审理终结。
公诉机关指控，2021年1月5日，{accused}无证经营烟草制品。
{accused}对指控均无异议。
本院认为，{accused}的行为均已构成非法经营罪。依照《中华人民共和国刑法》第二百二十五条之规定，判决如下：
{disposition}
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审判员　辜成均
二〇二一年三月二十日
书记员　祁小满
"""
FINED = "犯非法经营罪，判处罚金人民币一万元。"


@pytest.mark.parametrize(
    ("header", "defendants"),
    [
        # one whom the header does not call accused, but the indictment and the disposition do
        (
            "被告人柳青禾，男，1990年1月2日出生。\n辩护人于海，浙江临溪律师事务所律师。\n白术，女，1991年1月2日出生。\n辩护人江岸，浙江云州律师事务所律师。",
            {"柳青禾": "于海", "白术": "江岸"},
        ),
        ("被告柳青禾，男，1990年1月2日出生。\n被告人白术，女，1991年1月2日出生。", {"柳青禾": "", "白术": ""}),
        (
            "单位云州临溪商贸有限公司，住所地云州市。\n被告人白术，女，1991年1月2日出生。",
            {"云州临溪商贸有限公司": "", "白术": ""},
        ),
        # a name that begins like a word that no name begins with
        (
            "被告单位无锡青禾商贸有限公司，住所地云州市，法定代表人白术。\n被告人白术，女，1991年1月2日出生。",
            {"无锡青禾商贸有限公司": "", "白术": ""},
        ),
        # one whose long name does not say what it is, and one that nothing separates from who speaks for it
        (
            "被告单位云州市临溪县北关镇北关村民小组，住所地云州市。\n被告人白术，女，1991年1月2日出生。",
            {"云州市临溪县北关镇北关村民小组": "", "白术": ""},
        ),
        (
            "被告单位云州临溪商贸有限公司\n法定代表人江岸。\n被告人白术，女，1991年1月2日出生。",
            {"云州临溪商贸有限公司": "", "白术": ""},
        ),
        # an arrest told like the beginning of the proceedings
        (
            "被告人柳青禾，无业。被告人柳青禾因非法经营一案，于2021年1月6日被刑事拘留。\n被告人白术，务农。",
            {"柳青禾": "", "白术": ""},
        ),
    ],
)
def test_every_defendant_of_the_header_is_found(header: str, defendants: dict[str, str]) -> None:
    styled = [("被告单位" if len(name) > 4 else "被告人") + name for name in defendants]
    record = extract(
        JUDGMENT.format(
            header=header, accused="、".join(styled), disposition="\n".join(name + FINED for name in styled)
        )
    )
    assert {d.name: "".join(c.name or "" for c in d.counsel) for d in record.defendants} == defendants
    assert list(defendants) == [d.name for d in record.defendants]
    assert all(d.sentence.fine == 10_000 for d in record.defendants)


def test_a_victim_of_the_header_is_no_defendant() -> None:
    header = "被告人柳青禾，男，1990年1月2日出生。\n白术，女，1991年1月2日出生，系被害人。"
    record = extract(
        JUDGMENT.format(
            header=header,
            accused="被告人柳青禾",
            disposition="被告人柳青禾" + FINED + "责令退赔白术人民币三千元。",
        )
    )
    assert [d.name for d in record.defendants] == ["柳青禾"]


def test_defendants_of_one_masked_name_have_each_his_own_sentence() -> None:
    header = "被告人柳某，男，1990年1月2日出生。\n辩护人于海，浙江临溪律师事务所律师。\n被告人白术，女，1991年1月2日出生。\n被告人柳某，女，1992年3月4日出生。"
    terms = {"柳某": "三年", "白术": "二年", "柳某 ": "一年"}
    disposition = "\n".join(
        f"{number}、被告人{name.strip()}犯非法经营罪，判处有期徒刑{term}。"
        for number, (name, term) in zip("一二三", terms.items(), strict=True)
    )
    accused = "被告人柳某、白术、柳某"
    record = extract(JUDGMENT.format(header=header, accused=accused, disposition=disposition))
    assert [(d.name, d.sentence.months) for d in record.defendants] == [("柳某", 36), ("白术", 24), ("柳某", 12)]
    assert [len(d.counsel) for d in record.defendants] == [1, 0, 0]
    assert all(d.charges_prosecuted == ["非法经营罪"] for d in record.defendants)
    assert [flag.path for flag in record.flags if flag.code == "named_twice"] == [
        "/defendants/0/name",
        "/defendants/2/name",
    ]


def test_one_who_is_described_twice_is_one_defendant() -> None:
    header = "被告人柳某，男，1990年1月2日出生。\n被告人柳某，男，1990年1月2日出生。"
    disposition = "被告人柳某犯非法经营罪，判处有期徒刑三年。"
    record = extract(JUDGMENT.format(header=header, accused="被告人柳某", disposition=disposition))
    assert [d.name for d in record.defendants] == ["柳某"]


def test_a_name_masked_otherwise_where_he_speaks_is_his() -> None:
    header = "被告人柳青禾，男，1990年1月2日出生。\n被告人白术，女，1991年1月2日出生。"
    text = JUDGMENT.format(
        header=header,
        accused="被告人柳青禾、被告人白术",
        disposition=f"被告人柳青禾{FINED}\n被告人白术{FINED}",
    )
    text = text.replace(
        "公诉机关指控，2021年1月5日，被告人柳青禾、被告人白术无证经营", "公诉机关指控，2021年1月5日，二人无证经营"
    )
    text = text.replace(
        "被告人柳青禾、被告人白术对指控均无异议。", "被告人柳某对公诉机关指控无异议。被告人白术辩称其不构成犯罪。"
    )
    assert [d.plea.status for d in extract(text).defendants] == ["plea_only", "denied"]


def test_a_header_cut_off_leaves_the_accused_of_the_case() -> None:
    text = "云州市中级人民法院刑事判决书（2021）浙99刑终17号：云州市临溪县人民法院审理云州市临溪县人民检察院指控原审被告人柳青禾犯罪一案，于2020年11月30日作出刑事判决。"
    assert [d.name for d in extract(text).defendants] == ["柳青禾"]


def test_a_slip_in_the_name_of_one_who_is_convicted_is_he_though_he_is_named_rightly_too() -> None:
    text = (
        "云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人柳青禾，男，1990年1月2日出生。 "
        "被告人岑若谷，男，1991年1月2日出生。 云州市临溪县人民检察院指控被告人柳青禾、岑若谷犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。 "
        "本院认为，被告人柳青禾、岑若谷的行为已构成盗窃罪。判决如下： 一、被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金二千元。"
        "二、被告人岑若古犯盗窃罪，判处拘役四个月，并处罚金三千元。 三、被告人岑若谷退出的赃款予以没收。 审判员 甲 二〇一九年三月九日 书记员 乙"
    )
    record = extract(text)
    assert [(d.name, d.sentence.months, d.sentence.fine) for d in record.defendants] == [
        ("柳青禾", 3, 2000),
        ("岑若谷", 4, 3000),
    ]
    assert not record.flags
