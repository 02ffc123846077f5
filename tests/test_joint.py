"""Joint language: what is said of several defendants in one breath reaches those who are meant, and no others."""

from __future__ import annotations

import pytest

from panjue import extract
from panjue.extractors.record import Defendant

NAMES = ("柳青禾", "白术", "成竹")
JUDGMENT = """云州市临溪县人民法院
刑事判决书
（2021）浙0199刑初7号
公诉机关云州市临溪县人民检察院。
被告人柳青禾，男，1990年1月2日出生。
被告人白术，男，1991年1月2日出生。
被告人成竹，男，1992年1月2日出生。
云州市临溪县人民检察院以临检刑诉〔2021〕5号起诉书指控{indictment}，于2021年3月1日向本院提起公诉。本院依法组成合议庭，公开开庭审理了本案。现已审理终结。
公诉机关指控，2021年1月5日，三被告人窃得手机一部。{recommendation}
{defence}
经审理查明的事实与公诉机关指控的一致。
本院认为，三被告人的行为均已构成盗窃罪。{opinion}依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：
{disposition}
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审判员　辜成均
二〇二一年三月二十日
书记员　祁小满
"""
PLACES = {
    "indictment": "被告人柳青禾、白术、成竹犯盗窃罪",
    "recommendation": "",
    "defence": "三被告人对指控均无异议。",
    "opinion": "",
    "disposition": "被告人柳青禾、白术、成竹犯盗窃罪，各判处有期徒刑七个月。",
}


def read(**places: str) -> list[Defendant]:
    record = extract(JUDGMENT.format_map(PLACES | places))
    assert [defendant.name for defendant in record.defendants] == list(NAMES)
    return record.defendants


@pytest.mark.parametrize(
    ("words", "charges"),
    [
        ("被告人柳青禾、白术犯盗窃罪，被告人成竹犯诈骗罪", ("盗窃罪", "盗窃罪", "诈骗罪")),
        ("被告人柳青禾犯盗窃、白术、成竹犯诈骗罪", ("盗窃罪", "诈骗罪", "诈骗罪")),
        ("被告人柳青禾滥用职权、被告人白术、成竹玩忽职守罪", ("滥用职权罪", "玩忽职守罪", "玩忽职守罪")),
        ("被告人柳青禾等三人犯盗窃罪", ("盗窃罪", "盗窃罪", "盗窃罪")),
        (
            "被告人柳青禾犯寻衅滋事、故意伤害、被告人白术、成竹犯寻衅滋事",
            ("寻衅滋事罪 故意伤害罪", "寻衅滋事罪", "寻衅滋事罪"),
        ),
        ("三被告人犯盗窃罪以及被告人白术犯诈骗罪", ("盗窃罪", "盗窃罪 诈骗罪", "盗窃罪")),
        # others, whom the header does not know, are charged in the same breath
        ("被告人柳青禾、白术、成竹犯盗窃罪，被告人于海、江岸犯诈骗罪一案", ("盗窃罪", "盗窃罪", "盗窃罪")),
    ],
)
def test_charges_prosecuted(words: str, charges: tuple[str, ...]) -> None:
    assert tuple(" ".join(d.charges_prosecuted) for d in read(indictment=words)) == charges


@pytest.mark.parametrize(
    ("answer", "charges"),
    [
        ("公诉机关指控的罪名成立。", ["盗窃罪"]),
        (
            "公诉机关指控被告人柳青禾犯诈骗罪罪名不当，应予变更。公诉机关指控被告人白术、成竹犯盗窃罪罪名成立。",
            ["诈骗罪"],
        ),
        ("公诉机关指控的罪名不当，应予变更。", []),
        ("公诉机关指控三被告人犯盗窃罪罪名成立。", ["盗窃罪"]),
    ],
)
def test_charges_that_only_the_court_names(answer: str, charges: list[str]) -> None:
    assert read(indictment="三被告人的事实", opinion=answer)[0].charges_prosecuted == charges


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("建议对三被告人判处有期徒刑九个月。", (9, 9, 9)),
        ("被告人白术系自首。建议判处三被告人有期徒刑九个月。", (9, 9, 9)),
        ("建议判处被告人柳青禾有期徒刑一年，判处被告人白术、成竹有期徒刑八个月。", (12, 8, 8)),
        ("建议对被告人柳青禾、白术、成竹分别判处有期徒刑一年、八个月、六个月。", (12, 8, 6)),
        ("建议在有期徒刑一年的幅度内对被告人柳青禾量刑；在有期徒刑八个月的幅度内对被告人白术、成竹量刑。", (12, 8, 8)),
        ("建议判处被告人柳青禾有期徒刑一年；对其余被告人判处有期徒刑八个月。", (12, 8, 8)),
        (
            "被告人柳青禾系主犯，建议对其判处有期徒刑一年；被告人白术系从犯，建议对其判处有期徒刑八个月；被告人成竹系从犯，建议对其判处有期徒刑六个月。",
            (12, 8, 6),
        ),
        (
            "提出对被告人柳青禾判处二年有期徒刑，并处罚金五千元；对被告人白术、成竹判处一年有期徒刑的量刑建议。",
            (24, 12, 12),
        ),
        (
            "提请本院判处被告人柳青禾罚金；被告人白术一年以上二年以下有期徒刑；判处被告人成竹八个月以下有期徒刑。",
            (None, 24, 8),
        ),
        (
            "建议判处三被告人有期徒刑十个月。被告人白术、成竹请求给予判处六个月有期徒刑的量刑意见。",
            (10, 10, 10),
        ),
    ],
)
def test_recommended_terms(words: str, months: tuple[int | None, ...]) -> None:
    assert tuple(d.recommendation.max_months for d in read(recommendation=words)) == months


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("犯盗窃罪判处有期徒刑一年，犯诈骗罪判处有期徒刑二年", None),
        ("以盗窃罪判处有期徒刑一年至二年；以诈骗罪判处有期徒刑二年", None),
        ("所犯盗窃罪判处有期徒刑一年以上，并处五千元以上一万元以下罚金；诈骗罪判处有期徒刑六个月以上", None),
        ("以盗窃罪判处有期徒刑一年。构成诈骗罪，建议判处有期徒刑二年", None),
        ("以盗窃罪判处有期徒刑一年，以诈骗罪判处有期徒刑二年，数罪并罚，在二年六个月以下有期徒刑的幅度内量刑", 30),
        ("犯盗窃罪在有期徒刑一年以下量刑，犯诈骗罪在有期徒刑二年以下量刑，合并执行二年六个月以下有期徒刑", 30),
        ("以盗窃罪判处有期徒刑一年，以诈骗罪判处有期徒刑二年。数罪并罚，建议判处有期徒刑二年六个月", 30),
    ],
)
def test_penalties_for_each_charge_have_no_bounds_without_a_total(words: str, months: int | None) -> None:
    recommended = read(recommendation=f"公诉机关建议对被告人柳青禾{words}。")[0].recommendation
    assert (recommended.content, recommended.penalty, recommended.max_months) == ("given", "imprisonment", months)


def test_each_charge_with_its_defendants() -> None:
    words = "建议以盗窃罪判处被告人柳青禾有期徒刑一年；以诈骗罪判处被告人柳青禾、白术有期徒刑八个月。"
    assert [d.recommendation.max_months for d in read(recommendation=words)] == [None, 8, None]


def test_fines_of_an_ordered_list() -> None:
    words = "建议对被告人柳青禾、白术、成竹分别判处有期徒刑一年、八个月、六个月，并处罚金三千元、二千元、一千元。"
    assert [d.recommendation.fine_max for d in read(recommendation=words)] == [3000, 2000, 1000]


def test_probation_in_a_clause_of_its_own() -> None:
    words = "建议判处被告人柳青禾有期徒刑一年，判处被告人白术、成竹有期徒刑八个月；对被告人白术、成竹可以适用缓刑。"
    assert [d.recommendation.probation for d in read(recommendation=words)] == ["none", "may", "may"]


def test_what_is_said_of_all_at_the_end() -> None:
    words = "建议判处被告人柳青禾有期徒刑一年，判处被告人白术、成竹有期徒刑八个月，均并处罚金。"
    assert [d.recommendation.fine for d in read(recommendation=words)] == ["unspecified"] * 3


@pytest.mark.parametrize(
    ("words", "responses"),
    [
        ("公诉机关的量刑建议适当，予以采纳。", ("adopted", "adopted", "adopted")),
        (
            "公诉机关对被告人柳青禾的量刑建议偏重，不予采纳；对被告人白术、成竹的量刑建议适当，予以采纳。",
            ("not_adopted", "adopted", "adopted"),
        ),
        (
            "公诉机关对柳青禾的量刑建议，本院不予采纳，对白术、成竹的量刑建议，本院予以采纳。",
            ("not_adopted", "adopted", "adopted"),
        ),
        (
            "公诉机关对柳青禾的量刑建议，对白术的量刑建议，本院不予采纳，其余的量刑建议，本院予以采纳。",
            ("not_adopted", "not_adopted", "adopted"),
        ),
        (
            "公诉机关对被告人柳青禾的量刑建议不予采纳，其余的量刑建议适当，本院予以采纳。",
            ("not_adopted", "adopted", "adopted"),
        ),
        (
            "对被告人白术的辩护人的意见不予采纳。公诉机关对被告人柳青禾的量刑建议不予采纳，对其余被告人的量刑建议适当，本院予以采纳。",
            ("not_adopted", "adopted", "adopted"),
        ),
    ],
)
def test_responses(words: str, responses: tuple[str, ...]) -> None:
    defendants = read(recommendation="建议判处三被告人有期徒刑九个月。", opinion=words)
    assert tuple(d.recommendation.court_response for d in defendants) == responses


@pytest.mark.parametrize(
    ("words", "statuses"),
    [
        ("三被告人均自愿认罪认罚，可从宽处理。", ("applied", "applied", "applied")),
        ("除被告人成竹外，其余二被告人均自愿认罪认罚。", ("applied", "applied", "plea_only")),
        ("被告人柳青禾有坦白情节，被告人白术自愿认罪认罚，均从轻处罚。", ("plea_only", "applied", "plea_only")),
        ("被告人柳青禾系主犯，被告人白术、成竹系从犯，均自愿认罪认罚。", ("plea_only", "applied", "applied")),
        ("三名被告人均自愿认罪认罚，可从宽处理。", ("applied", "applied", "applied")),
    ],
)
def test_pleas(words: str, statuses: tuple[str, ...]) -> None:
    assert tuple(d.plea.status for d in read(opinion=words)) == statuses


def test_a_denial_is_his_who_speaks_not_of_whom_he_speaks() -> None:
    defendants = read(
        defence="被告人柳青禾对指控无异议。被告人白术辩称，与成竹商量时其不在场，其没有参与盗窃。被告人成竹对指控无异议。"
    )
    assert [d.plea.status for d in defendants] == ["plea_only", "denied", "plea_only"]


@pytest.mark.parametrize(
    ("words", "statuses"),
    [
        ("被告单位青禾公司的诉讼代表人对指控无异议。", ("plea_only", "not_mentioned")),
        ("青禾公司的诉讼代表人及被告人白术对指控的事实均无异议。", ("plea_only", "plea_only")),
        ("被告单位青禾公司、被告人白术对指控的事实均无异议。", ("plea_only", "plea_only")),
        ("被告人白术对指控的事实无异议。", ("not_mentioned", "plea_only")),
    ],
)
def test_a_company_pleads_by_its_representative(words: str, statuses: tuple[str, str]) -> None:
    text = JUDGMENT.format_map(PLACES | {"defence": words}).replace("三被告人", "二被告人")
    text = text.replace("被告人柳青禾，男，1990年1月2日出生。", "被告单位云州市柳氏青禾贸易有限公司，住所地云州市。")
    text = text.replace("被告人成竹，男，1992年1月2日出生。\n", "")
    assert tuple(d.plea.status for d in extract(text).defendants) == statuses


@pytest.mark.parametrize(
    ("opinion", "status"),
    [
        ("", "claimed_only"),
        ("辩护人所提辩护意见合理，本院予以采信。", "applied"),
        ("辩护人提出的相关辩护意见，本院予以采纳。", "claimed_only"),
        ("辩护人罗予安提出的辩护意见，本院不予采纳。", "claimed_only"),
    ],
)
def test_counsel_claims_and_the_court_adopts(opinion: str, status: str) -> None:
    words = "被告人柳青禾对指控无异议，其辩护人提出，柳青禾认罪认罚。"
    assert read(defence=words, opinion=opinion)[0].plea.status == status


@pytest.mark.parametrize(
    ("opinion", "status"),
    [
        ("上诉人柳青禾所提上诉理由不能成立，本院不予采纳。", "claimed_only"),
        ("上诉人柳青禾认罪认罚，可从宽处理。", "applied"),
    ],
)
def test_the_grounds_of_an_appeal_are_a_claim(opinion: str, status: str) -> None:
    words = "上诉人柳青禾的上诉理由是：其认罪认罚，原判量刑过重。"
    assert read(defence=words, opinion=opinion)[0].plea.status == status


def test_of_several_who_speak_in_one_sentence_each_is_heard() -> None:
    words = "被告人柳青禾辩称其不构成犯罪；被告人白术当庭辩称其没有犯罪；被告人成竹对指控无异议。"
    assert [d.plea.status for d in read(defence=words)] == ["denied", "denied", "plea_only"]


def test_another_who_asks_for_acquittal_denies_for_himself() -> None:
    words = "柳青禾及其辩护人所提请求从轻的意见，予以采纳；白术及其辩护人所提请求宣告白术无罪的意见，不予采纳。"
    assert [d.plea.status for d in read(defence="", opinion=words)][:2] == ["not_mentioned", "denied"]


def test_what_one_grants_another_may_deny() -> None:
    defendants = read(
        defence="被告人柳青禾、白术对指控的事实无异议；被告人成竹辩称其没有盗窃。被告人柳青禾辩称其没有参与分赃。"
    )
    assert [d.plea.status for d in defendants] == ["plea_only", "plea_only", "denied"]


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("被告人柳青禾、白术、成竹犯盗窃罪，各判处有期徒刑七个月。", (7, 7, 7)),
        (
            "一、被告人柳青禾犯盗窃罪，判处有期徒刑一年；二、被告人白术、成竹犯盗窃罪，均判处有期徒刑八个月。",
            (12, 8, 8),
        ),
        ("被告人柳青禾、白术、成竹犯盗窃罪，分别判处有期徒刑一年、八个月、六个月。", (12, 8, 6)),
    ],
)
def test_sentences(words: str, months: tuple[int, ...]) -> None:
    assert tuple(d.sentence.months for d in read(disposition=words)) == months


def test_a_recommendation_mentioned_by_name_beside_one_that_is_given() -> None:
    defendants = read(
        recommendation="建议判处被告人柳青禾有期徒刑九个月。",
        opinion="公诉机关对被告人柳青禾、白术的量刑建议适当，予以采纳。",
    )
    assert [d.recommendation.content for d in defendants] == ["given", "mentioned", "none"]


def test_a_penalty_before_the_first_name_is_for_whom_the_clause_is_about() -> None:
    words = "对被告人柳青禾判处有期徒刑一年，对被告人白术判处有期徒刑八个月的量刑建议恰当，予以采纳。"
    assert [d.recommendation.max_months for d in read(opinion=words)] == [12, 8, None]


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("建议判处被告人柳青禾有期徒刑一年至二年。对被告人白术判处有期徒刑八个月，并处罚金。", (24, 8, None)),
        ("建议判处被告人柳青禾有期徒刑一年，并处罚金。判处被告人白术、成竹有期徒刑八个月。", (12, 8, 8)),
        ("建议判处被告人柳青禾有期徒刑一年。对被告人白术判处有期徒刑八个月。判处被告人成竹拘役五个月。", (12, 8, 5)),
        ("建议判处被告人柳青禾有期徒刑一年。被告人白术犯盗窃罪在有期徒刑六至八个月间判处刑罚。", (12, 8, None)),
        ("建议判处被告人柳青禾有期徒刑一年。对被告人白术请求判处有期徒刑八个月的意见不予采纳。", (12, None, None)),
    ],
)
def test_a_recommendation_that_goes_on_in_the_next_sentence(words: str, months: tuple[int | None, ...]) -> None:
    assert tuple(d.recommendation.max_months for d in read(recommendation=words)) == months


@pytest.mark.parametrize(
    ("words", "probation"),
    [
        ("判处被告人白术、成竹八个月。三被告人均可以适用缓刑。", ["may", "may", "may"]),
        ("判处被告人白术、成竹八个月，对被告人白术、成竹均可以适用缓刑。", ["none", "may", "may"]),
        ("判处被告人白术、成竹八个月，并可以对被告人成竹适用缓刑。", ["none", "none", "may"]),
    ],
)
def test_probation_for_all_or_for_those_named(words: str, probation: list[str]) -> None:
    defendants = read(recommendation=f"建议判处被告人柳青禾有期徒刑一年，{words}")
    assert [d.recommendation.probation for d in defendants] == probation


def test_a_fine_for_all_and_a_total_in_the_next_sentence() -> None:
    words = "建议判处被告人柳青禾有期徒刑一年，判处被告人白术、成竹八个月。均并处罚金。"
    assert [d.recommendation.fine for d in read(recommendation=words)] == ["unspecified"] * 3
    words = "建议以盗窃罪判处柳青禾有期徒刑一年，以诈骗罪判处有期徒刑二年。合并执行有期徒刑二年六个月。"
    assert read(recommendation=words)[0].recommendation.max_months == 30


@pytest.mark.parametrize(
    ("words", "contents"),
    [
        ("提出对被告人白术从轻处罚并适用缓刑的量刑意见，予以采纳。", ["none", "mentioned", "none"]),
        ("公诉机关建议对白术判处缓刑，并处罚金的量刑意见适当。", ["none", "given", "none"]),
        ("公诉机关的量刑建议适当，予以采纳。", ["mentioned"] * 3),
        ("对被告人白术的辩护意见及公诉机关提出的量刑意见予以采纳。", ["mentioned"] * 3),
    ],
)
def test_for_whom_a_recommendation_is_mentioned(words: str, contents: list[str]) -> None:
    assert [d.recommendation.content for d in read(opinion=words)] == contents


def test_an_appellant_complains_of_his_own_recommendation() -> None:
    words = "上诉人柳青禾提出，原判过重。上诉人白术及其辩护人提出，其系从犯，原审法院未采纳原公诉机关的量刑建议。"
    assert [d.recommendation.content for d in read(defence=words)] == ["none", "mentioned", "none"]


def test_one_who_answers_speaks_of_his_own_recommendation() -> None:
    words = "被告人白术对指控的事实、罪名及量刑建议均无异议。"
    assert [d.recommendation.content for d in read(defence=words)] == ["none", "mentioned", "none"]


def test_one_who_is_to_be_sentenced_by_law_has_no_recommendation() -> None:
    words = (
        "建议对被告人柳青禾依法量刑，对被告人白术在有期徒刑二年以下量刑并处罚金，对被告人成竹在有期徒刑一年以下量刑。"
    )
    recommended = [d.recommendation for d in read(recommendation=words)]
    assert [(r.content, r.max_months) for r in recommended] == [("none", None), ("given", 24), ("given", 12)]


def test_the_bounds_of_one_range_are_not_one_for_each() -> None:
    words = "建议对被告人柳青禾、白术判处三年以上、五年以下有期徒刑，对被告人成竹判处有期徒刑一年。"
    recommended = [d.recommendation for d in read(recommendation=words)]
    assert [(r.min_months, r.max_months) for r in recommended] == [(36, 60), (36, 60), (12, 12)]


def test_what_may_be_of_another_is_no_recommendation() -> None:
    words = "建议对柳青禾在有期徒刑六个月至八个月之间量刑；白术责任更小，可以从轻或者免除处罚。"
    assert [d.recommendation.content for d in read(recommendation=words)] == ["given", "none", "none"]


def test_a_fine_for_the_company_under_a_short_name() -> None:
    words = "建议判处被告单位青禾公司罚金；判处被告人白术有期徒刑一年；判处被告人成竹有期徒刑八个月。"
    text = JUDGMENT.format_map(PLACES | {"recommendation": words}).replace("三被告人", "二被告人")
    text = text.replace("被告人柳青禾，男，1990年1月2日出生。", "被告单位云州市柳氏青禾贸易有限公司，住所地云州市。")
    recommended = [d.recommendation for d in extract(text).defendants]
    assert [(r.penalty, r.max_months) for r in recommended] == [
        ("fine_only", None),
        ("imprisonment", 12),
        ("imprisonment", 8),
    ]
