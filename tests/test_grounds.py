"""What the text tells of a sentence beyond its figures: custody, an earlier sentence, recidivism."""

from __future__ import annotations

import pytest

from panjue import extract
from panjue.extractors.checks import flags
from panjue.extractors.checks.dates import beyond, term_spans
from panjue.extractors.record import Case, Defendant, Evidence, Record, Sentence


def dated(end: str, months: int = 7, source: str | None = None) -> Record:
    """Seven months from 2019-01-02, judged on 2019-03-09; with a passage found by the rule ``source``."""
    sentence = Sentence(
        disposition="punished", penalty="imprisonment", months=months, term_start="2019-01-02", term_end=end
    )
    path = "/defendants/0/sentence/term_end"
    return Record(
        doc_id="dated",
        text_sha256="0" * 64,
        case=Case(judgment_date="2019-03-09"),
        defendants=[Defendant(name="柳青禾", sentence=sentence)],
        evidence=[Evidence(path=path, start=1, end=9, source=f"rule:{source}")] if source else [],
    )


@pytest.mark.parametrize(
    ("end", "ground", "span"),
    [
        ("2019-08-01", False, "exact"),
        ("2019-08-04", False, "near"),
        ("2019-07-10", False, "earlier"),
        ("2019-07-10", True, "credited"),
        ("2018-12-10", True, "earlier"),  # before the start
        ("2019-09-01", False, "later"),
        ("2019-09-01", True, "interrupted"),
        ("2020-09-01", True, "later"),  # more than the days between the start and the judgment
    ],
)
def test_how_dates_agree_with_the_term(end: str, ground: bool, span: str) -> None:
    record = dated(end, source="disposition.custody" if ground else None)
    assert [found for _, found, _ in term_spans(record)] == [span]


def test_a_term_beyond_belief_has_no_last_day() -> None:
    assert beyond(dated("2019-08-01", months=999999).defendants[0].sentence) is None


HEAD = (
    "云州市临溪县人民法院\n刑事判决书\n（2019）浙0199刑初7号\n公诉机关云州市临溪县人民检察院。\n"
    "被告人柳青禾，男，1990年1月2日出生。{custody}现羁押于临溪县看守所。\n"
    "云州市临溪县人民检察院指控被告人柳青禾犯盗窃罪，于2019年3月1日向本院提起公诉。本院依法组成合议庭，公开开庭进行了审理。现已审理终结。\n"
    "经审理查明，被告人柳青禾窃得手机一部。\n本院认为，被告人柳青禾的行为已构成盗窃罪。{opinion}判决如下：\n"
)
TAIL = "\n如不服本判决，可在接到判决书的第二日起十日内提出上诉。\n审判长 洪照\n二〇一九年三月九日\n书记员 温朗"
RULE = "刑期从判决执行之日起计算。判决执行以前先行羁押的，羁押一日折抵刑期一日，"


@pytest.mark.parametrize(
    ("custody", "bracket", "span"),
    [
        ("", "即自2019年1月2日起至2019年8月1日止", "exact"),
        ("", "即自2019年1月2日起至2019年7月12日止", "earlier"),
        ("", "扣除先行羁押的20日，即自2019年1月2日起至2019年7月12日止", "credited"),
        ("", "即自2019年1月2日起至2019年7月12日止，已折抵先行羁押的二十日", "credited"),
        (
            "因涉嫌犯盗窃罪于2018年9月1日被刑事拘留，同月21日被取保候审。",
            "即自2019年1月2日起至2019年7月12日止",
            "credited",
        ),
        # released and detained, but long before this case
        (
            "2010年因盗窃被行政拘留十日。因涉嫌犯盗窃罪于2019年1月2日被刑事拘留。",
            "即自2019年1月2日起至2019年7月12日止",
            "earlier",
        ),
        ("", "取保候审期间顺延，即自2019年1月2日起至2019年8月21日止", "interrupted"),
        ("", "即自2019年1月2日起至2019年8月21日止", "later"),
    ],
)
def test_the_text_says_why_dates_differ(custody: str, bracket: str, span: str) -> None:
    text = (
        HEAD.format(custody=custody, opinion="")
        + f"被告人柳青禾犯盗窃罪，判处有期徒刑七个月。（{RULE}{bracket}。）"
        + TAIL
    )
    record = extract(text, "dates")
    assert [found for _, found, _ in term_spans(record)] == [span]
    assert any(flag.code == "term_dates" for flag in record.flags) == (span in ("earlier", "later"))


def test_an_earlier_sentence_explains_a_longer_one() -> None:
    first = "被告人柳青禾犯盗窃罪，判处有期徒刑七个月，并处罚金一千元；"
    revoked = "撤销临溪县人民法院（2018）浙0199刑初3号刑事判决中对被告人柳青禾宣告的缓刑；"
    end = "与前罪判处的有期徒刑一年并罚，决定执行有期徒刑一年四个月，并处罚金一千元。"
    record = extract(HEAD.format(custody="", opinion="") + revoked + first + end + TAIL, "earlier")
    assert record.defendants[0].sentence.months == 16
    assert "count_differs" not in {flag.code for flag in record.flags}
    slip = extract(
        HEAD.format(custody="", opinion="") + first + "决定执行有期徒刑一年四个月，并处罚金一千元。" + TAIL, "slip"
    )
    assert "count_differs" in {flag.code for flag in slip.flags}


@pytest.mark.parametrize(
    ("opinion", "flagged"), [("被告人柳青禾系累犯，应当从重处罚。", True), ("被告人柳青禾不构成累犯。", False)]
)
def test_a_recidivist_on_probation_is_flagged(opinion: str, flagged: bool) -> None:
    text = HEAD.format(custody="", opinion=opinion) + "被告人柳青禾犯盗窃罪，判处有期徒刑七个月，缓刑一年。" + TAIL
    assert any(flag.code == "recidivist_on_probation" for flag in extract(text, "recidivist").flags) == flagged


def test_a_text_cut_off_is_partial_and_says_so() -> None:
    record = extract(HEAD.format(custody="", opinion="").removesuffix("判决如下：\n"), "cut")
    assert record.status == "partial"
    assert [flag.code for flag in record.flags] == ["no_disposition"]
    assert record.flags[0].message


def test_checking_a_record_again_finds_the_same() -> None:
    text = HEAD.format(custody="", opinion="") + "被告人柳青禾犯盗窃罪，判处拘役七个月，并处罚金二千元。" + TAIL
    record = extract(text, "again")
    assert [flag.code for flag in record.flags] == ["term_outside_law"]
    assert list(flags(record)) == record.flags


def test_a_term_of_a_million_years_is_read_without_harm() -> None:
    dates = "（刑期自2019年1月2日起至2019年8月1日止。）"
    text = HEAD.format(custody="", opinion="") + "被告人柳青禾犯盗窃罪，判处有期徒刑1000000年。" + dates + TAIL
    assert extract(text, "long").doc_id == "long"


@pytest.mark.parametrize(
    ("convicted", "flagged"),
    [
        ("被告人柳青禾犯盗窃罪，判处有期徒刑七个月；被告人岑若谷犯盗窃罪，判处拘役五个月。", True),
        (
            "被告人柳青禾犯盗窃罪，判处有期徒刑七个月，与被告人犯诈骗罪所判处的有期徒刑六个月并罚，决定执行有期徒刑一年。",
            False,
        ),
    ],
)
def test_somebody_convicted_who_is_no_party_is_flagged(convicted: str, flagged: bool) -> None:
    record = extract(HEAD.format(custody="", opinion="") + convicted + TAIL, "stranger")
    assert ("unknown_defendant" in {flag.code for flag in record.flags}) == flagged
    assert list(flags(record)) == record.flags
