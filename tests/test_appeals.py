"""What an appeal or a retrial leaves standing: the disposition together with the earlier one that the document quotes."""

from __future__ import annotations

import pytest

from panjue import extract
from panjue.extractors.record import Record

JUDGMENT = """云州市中级人民法院
刑事判决书
（2021）浙99刑终17号
{office}
上诉人（原审被告人）柳青禾，男，1990年1月2日出生。
{history}原审被告人柳青禾不服，提出上诉。本院依法组成合议庭，公开开庭审理了本案。现已审理终结。
原判认定，2020年1月5日，被告人柳青禾窃得手机一部。{earlier}
柳青禾上诉称，原判量刑过重，要求改判其无罪。
经审理查明的事实与原判一致。
本院认为，原判定罪准确。依照《中华人民共和国刑事诉讼法》第二百三十六条第一款之规定，判决如下：
{disposition}
本判决为终审判决。
审判长　辜成均
二〇二一年三月二十日
书记员　祁小满
"""
HISTORY = "云州市临溪县人民法院审理云州市临溪县人民检察院指控原审被告人柳青禾犯盗窃罪一案，于2020年11月30日作出（2020）浙0199刑初7号刑事判决。"


def read(
    disposition: str = "驳回上诉，维持原判。",
    earlier: str = "原判以盗窃罪判处被告人柳青禾有期徒刑七个月。",
    office: str = "原公诉机关云州市临溪县人民检察院。",
    history: str = HISTORY,
) -> Record:
    return extract(JUDGMENT.format(office=office, history=history, earlier=earlier, disposition=disposition))


@pytest.mark.parametrize(
    ("earlier", "disposition", "outcome", "charges", "months", "probation"),
    [
        ("原判以盗窃罪判处被告人柳青禾有期徒刑七个月。", "驳回上诉，维持原判。", "appeal_dismissed", "盗窃罪", 7, None),
        (
            "据此，原判判决被告人柳青禾犯盗窃罪，免予刑事处罚。",
            "驳回上诉，维持原判。",
            "appeal_dismissed",
            "盗窃罪",
            None,
            None,
        ),
        (
            "原判以盗窃罪判处被告人柳青禾有期徒刑七个月。",
            "一、维持原判对柳青禾的定罪部分，即“被告人柳青禾犯以危险方法危害公共安全罪”。二、撤销原判的量刑部分，即“判处有期徒刑三年”。三、改判柳青禾有期徒刑二年，缓刑三年。",
            "punished",
            "以危险方法危害公共安全罪",
            24,
            36,
        ),
        (
            "原判以盗窃罪判处被告人柳青禾有期徒刑九个月。",
            "一、维持原判对柳青禾的定罪部分，即被告人柳青禾犯盗窃罪。二、撤销原判的量刑部分，即判处被告人柳青禾有期徒刑九个月。三、判处上诉人柳青禾拘役五个月。",
            "punished",
            "盗窃罪",
            5,
            None,
        ),
        (
            "原判以盗窃罪判处被告人柳青禾有期徒刑九个月。",
            "一、维持原判对被告人柳青禾犯盗窃罪的定罪量刑部分。二、随案移送的手机一部，予以没收。",
            "punished",
            "盗窃罪",
            9,
            None,
        ),
        (
            "原判判决被告人柳青禾无罪。",
            "一、撤销云州市临溪县人民法院（2020）浙0199刑初7号刑事判决。即：“被告人柳青禾无罪。”二、原审被告人柳青禾犯盗窃罪，免予刑事处罚。",
            "exempt",
            "盗窃罪",
            None,
            None,
        ),
        (
            "原判以盗窃罪、诈骗罪判处被告人柳青禾有期徒刑三年。",
            "一、维持原判中关于上诉人柳青禾犯盗窃罪的定罪量刑部分，即被告人柳青禾犯盗窃罪，判处有期徒刑一年。二、撤销原判中关于上诉人柳青禾犯诈骗罪的定罪量刑部分，即被告人柳青禾犯诈骗罪，判处有期徒刑二年六个月，决定执行有期徒刑三年。",
            "punished",
            "盗窃罪",
            12,
            None,
        ),
        (
            "原判以盗窃罪、诈骗罪判处被告人柳青禾有期徒刑七个月。",
            "一、撤销云州市临溪县人民法院（2020）浙0199刑初7号刑事判决对被告人柳青禾犯诈骗罪的定罪量刑部分及决定执行刑罚部分。即“被告人柳青禾犯诈骗罪，判处有期徒刑一年；决定执行有期徒刑一年六个月”。二、上诉人柳青禾犯盗窃罪，判处有期徒刑七个月。",
            "punished",
            "盗窃罪",
            7,
            None,
        ),
    ],
)
def test_what_stands(
    earlier: str, disposition: str, outcome: str, charges: str, months: int | None, probation: int | None
) -> None:
    defendant = read(disposition, earlier).defendants[0]
    sentence = defendant.sentence
    assert (sentence.disposition, " ".join(defendant.charges_convicted)) == (outcome, charges)
    assert [count.charge for count in sentence.counts] == defendant.charges_convicted
    assert (sentence.months, sentence.probation_months) == (months, probation)


def test_a_fine_that_is_revoked_is_not_kept() -> None:
    record = read(
        "一、维持原判中柳青禾的主刑及犯盗窃罪判决的附加刑罚金部分；二、撤销原判中犯诈骗罪判决的附加刑罚金部分；三、上诉人柳青禾犯盗窃罪，判处有期徒刑六个月；犯诈骗罪，判处有期徒刑七个月，决定执行有期徒刑一年。",
        "原判以盗窃罪判处被告人柳青禾有期徒刑六个月，并处罚金二千元；以诈骗罪判处有期徒刑七个月，并处罚金三千元；决定执行有期徒刑一年，并处罚金五千元。",
    )
    assert [count.fine for count in record.defendants[0].sentence.counts] == [2000, None]


def test_a_death_sentence_that_is_not_approved_does_not_stand() -> None:
    record = read(
        "一、不核准云州市高级人民法院（2020）浙刑终7号维持第一审以故意杀人罪判处被告人柳青禾死刑，剥夺政治权利终身的刑事裁定。"
        "二、撤销云州市高级人民法院（2020）浙刑终7号刑事裁定。三、发回云州市高级人民法院重新审判。",
        "原判以故意杀人罪判处被告人柳青禾死刑，剥夺政治权利终身。",
    )
    (defendant,) = record.defendants
    assert defendant.sentence.disposition == "remanded"
    assert (defendant.charges_convicted, defendant.sentence.counts, defendant.sentence.penalty) == ([], [], "none")


def test_the_sentence_before_the_case_was_sent_back_does_not_stand() -> None:
    earlier = (
        "云州市临溪县人民法院以诈骗罪判处被告人柳青禾有期徒刑二年。宣判后，柳青禾提出上诉。本院裁定撤销原判，发回重审。"
        "原审法院重审后，以盗窃罪判处被告人柳青禾有期徒刑七个月。"
    )
    (defendant,) = read("驳回上诉，维持原判。", earlier).defendants
    assert (defendant.charges_convicted, defendant.sentence.months) == (["盗窃罪"], 7)


@pytest.mark.parametrize(
    ("before", "after", "instance", "disposition"),
    [
        ("本院认为，原判定罪准确。", "经审判委员会讨论决定，", "second", "acquitted"),  # an opinion under another name
        ("刑终17号", "刑抗17号", "second", "acquitted"),
        ("刑终17号", "刑抗17号（再审）", "retrial", "acquitted"),
    ],
)
def test_kinds_of_appeal(before: str, after: str, instance: str, disposition: str) -> None:
    own = "一、撤销原判第一项，即“一、被告人柳青禾犯盗窃罪，免予刑事处罚。”二、上诉人（原审被告人）柳青禾无罪。"
    earlier = "依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：一、被告人柳青禾犯盗窃罪，免予刑事处罚。"
    text = JUDGMENT.format(office="抗诉机关云州市临溪县人民检察院。", history=HISTORY, earlier=earlier, disposition=own)
    record = extract(text.replace(before, after, 1))
    assert (record.case.instance, record.defendants[0].sentence.disposition) == (instance, disposition)


def test_a_text_cut_off_before_its_own_disposition_has_none() -> None:
    earlier = "依照《中华人民共和国刑法》第二百六十四条之规定，判决：一、被告人柳青禾犯盗窃罪，判处有期徒刑七个月。宣判后，原审被告人柳青禾不服，向本院提出上诉。"
    text = JUDGMENT.format(office="", history=HISTORY, earlier=earlier, disposition="").split("本院认为")[0]
    record = extract(text)
    assert (record.status, record.defendants[0].sentence.disposition) == ("partial", "none")


@pytest.mark.parametrize(
    ("office", "history", "name"),
    [
        ("原公诉机关云州市临溪县人民检察院。", HISTORY, "云州市临溪县人民检察院"),
        ("抗诉机关云州市人民检察院。", HISTORY, "云州市临溪县人民检察院"),  # who protests did not prosecute
        (
            "抗诉机关浙江省云州市临溪县人民检察院。",
            HISTORY,
            "浙江省云州市临溪县人民检察院",
        ),  # the fuller form of the same
        ("抗诉机关云州市人民检察院。", "", "云州市人民检察院"),
        ("原公诉机关云州市XX区人民检察院。", HISTORY, "云州市XX区人民检察院"),
        (
            "",
            "被告人柳青禾盗窃一案，由云州市临溪县人民检察院于2020年3月1日以临检刑诉〔2020〕5号起诉书提起公诉。",
            "云州市临溪县人民检察院",
        ),
        ("原公诉机关云州市临溪畲族自治县（以下简称临溪县）人民检察院。", HISTORY, "云州市临溪畲族自治县人民检察院"),
    ],
)
def test_who_prosecuted(office: str, history: str, name: str) -> None:
    assert read(office=office, history=history).case.procuratorate == name
