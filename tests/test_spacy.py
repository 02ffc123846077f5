"""The component of spaCy: words, entities and the record of a judgment in a Doc."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import panjue
from panjue.extractors.record import Record, encode
from panjue.models.entities import LABELS, find_entities

spacy = pytest.importorskip("spacy", reason="spaCy is an extra: pip install 'panjue[spacy]'")

from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc, DocBin  # noqa: E402

JUDGMENT = """云州市临溪县人民法院
刑 事 判 决 书
（2019）浙0199刑初7号
公诉机关云州市临溪县人民检察院。
被告人柳青禾，男，1990年1月2日出生，汉族，住云州市临溪县。
辩护人黎明远，云州清溪律师事务所律师。
临溪县人民检察院以临检刑诉〔2019〕5号起诉书指控被告人柳青禾犯掩饰、隐瞒犯罪所得罪，于2019年3月1日向本院提起公诉。\
本院依法适用简易程序，公开开庭审理了本案。现已审理终结。
公诉机关指控，2018年5月6日，被告人柳青禾明知是犯罪所得而予以收购。\
公诉机关建议判处被告人柳青禾有期徒刑六个月至八个月，并处罚金。
被告人柳青禾对指控的事实没有异议，在辩护人见证下签署了认罪认罚具结书。
本院认为，被告人柳青禾的行为已构成掩饰、隐瞒犯罪所得罪。被告人柳青禾自愿认罪认罚，依法可以从宽处理。公诉机关的量刑建议适当，予以采纳。\
依照《中华人民共和国刑法》第三百一十二条第一款、第五十二条之规定，判决如下：
被告人柳青禾犯掩饰、隐瞒犯罪所得罪，判处有期徒刑七个月，并处罚金人民币二千元。
如不服本判决，可在接到判决书的第二日起十日内，通过本院或者直接向云州市中级人民法院提出上诉。
审判员 简明
二〇一九年三月九日
书记员 田园
"""

PASSAGES = {
    "DEFENDANT": "柳青禾",
    "COUNSEL": "黎明远",
    "LAW_FIRM": "云州清溪律师事务所",
    "COURT": "云州市中级人民法院",
    "PROCURATORATE": "云州市临溪县人民检察院",
    "CHARGE": "掩饰、隐瞒犯罪所得罪",
    "STATUTE": "《中华人民共和国刑法》第三百一十二条第一款、第五十二条",
    "TERM": "有期徒刑七个月",
    "FINE": "并处罚金人民币二千元",
    "DATE": "二〇一九年三月九日",
    "PLEA": "认罪认罚",
    "RECOMMENDATION": "有期徒刑六个月至八个月",
}

ODD_TEXTS = st.lists(
    st.sampled_from(
        [
            "被告人",
            "犯盗窃罪",
            " ",
            "  ",
            "\n",
            "\t",
            "\u3000",
            "\x00",
            "🙂",
            "𠮷",
            "e\u0301",
            "有期徒刑一年",
            "，",
            "a b",
        ]
    ),
    max_size=20,
).map("".join)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp: Language = spacy.blank("zh")
    nlp.add_pipe("panjue")
    return nlp


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(JUDGMENT)


def facts(doc: Doc) -> tuple[object, ...]:
    """What a Doc must keep on every way."""
    entities = [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
    return doc.text, [token.text for token in doc], entities, encode(doc._.record)


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_found(doc: Doc, label: str) -> None:
    found = [entity.text for entity in doc.ents if entity.label_ == label]
    assert any(PASSAGES[label] in text for text in found), found


@pytest.mark.parametrize("label", sorted(set(LABELS) - {"PLEA", "RECOMMENDATION"}))
def test_entity_is_the_passage_and_no_more(doc: Doc, label: str) -> None:
    assert PASSAGES[label] in [entity.text for entity in doc.ents if entity.label_ == label]


def test_words_are_ours(doc: Doc) -> None:
    words = [token.text for token in doc]
    assert {"柳青禾", "黎明远", "掩饰、隐瞒犯罪所得罪", "认罪认罚具结书", "有期徒刑", "刑 事 判 决 书"} <= set(words)
    assert doc.text == JUDGMENT


def test_record_is_that_of_extract(doc: Doc) -> None:
    assert encode(doc._.record) == encode(panjue.extract(JUDGMENT))
    assert doc._.record.defendants[0].name == "柳青禾"


def test_a_changed_record_can_be_assigned(nlp: Language) -> None:
    doc = nlp("被告人柳青禾犯盗窃罪")
    record = doc._.record
    record.doc_id = "另一个"
    doc._.record = record
    assert doc._.record.doc_id == "另一个"


def test_entities_do_not_overlap_and_spans_hold_all(doc: Doc) -> None:
    ends = 0
    for entity in doc.ents:
        assert entity.start >= ends
        ends = entity.end
    everything = {(span.start, span.end, span.label_) for span in doc.spans["panjue"]}
    assert {(entity.start, entity.end, entity.label_) for entity in doc.ents} < everything
    recommended = next(entity for entity in doc.ents if entity.label_ == "RECOMMENDATION")
    assert any(
        span.label_ == "TERM" and recommended.start <= span.start < recommended.end for span in doc.spans["panjue"]
    )


def test_entities_of_others_stay() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("panjue")
    ruler = nlp.add_pipe("entity_ruler", before="panjue")
    ruler.add_patterns([{"label": "SEX", "pattern": "男"}, {"label": "OTHER", "pattern": "柳青禾"}])
    labels = {entity.text: entity.label_ for entity in nlp(JUDGMENT).ents}
    assert labels["男"] == "SEX"
    assert labels["柳青禾"] == "DEFENDANT"


def test_a_doc_of_another_tokenizer_gets_its_record() -> None:
    other, nlp = spacy.blank("zh"), spacy.blank("zh")
    component = nlp.add_pipe("panjue")
    made = component(other.make_doc(JUDGMENT))
    assert made._.record.defendants[0].name == "柳青禾"
    assert "COURT" in {entity.label_ for entity in made.ents}


def test_a_doc_without_the_component_has_no_record(nlp: Language) -> None:
    assert Doc(nlp.vocab, words=["判决"])._.record is None


@given(ODD_TEXTS)
@example("")
@example("   ")
@example(" 开头\n\n  结尾 ")
@example("🙂犯盗窃罪")
def test_text_is_kept(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)
    assert doc._.record.text_sha256 == panjue.extract(text).text_sha256


def test_offsets_beyond_the_basic_plane(nlp: Language) -> None:
    text = "🙂𠮷" + JUDGMENT
    doc = nlp(text)
    assert all(text[entity.start_char : entity.end_char] == entity.text for entity in doc.ents)
    assert PASSAGES["CHARGE"] in [entity.text for entity in doc.ents]


def test_half_a_surrogate_pair_is_refused(nlp: Language) -> None:
    with pytest.raises(UnicodeEncodeError):
        nlp("被告人\ud800")


@pytest.mark.parametrize("n_process", [1, 2])
def test_pipe_keeps_order(nlp: Language, doc: Doc, n_process: int) -> None:
    texts = ["", JUDGMENT, "被告人犯盗窃罪。", JUDGMENT, " "]
    docs = list(nlp.pipe(texts, n_process=n_process, batch_size=2))
    assert [made.text for made in docs] == texts
    assert facts(docs[1]) == facts(docs[3]) == facts(doc)


def test_pipeline_to_disk_and_back(nlp: Language, doc: Doc, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert facts(spacy.load(tmp_path)(JUDGMENT)) == facts(doc)


def test_pipeline_to_bytes_and_back(nlp: Language, doc: Doc) -> None:
    empty = spacy.blank("zh")
    empty.add_pipe("panjue")
    assert facts(empty.from_bytes(nlp.to_bytes())(JUDGMENT)) == facts(doc)


def test_doc_to_bytes_and_back(nlp: Language, doc: Doc) -> None:
    assert facts(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == facts(doc)


def test_docs_in_a_bin(nlp: Language, doc: Doc, tmp_path: Path) -> None:
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "docs.spacy")
    (back,) = DocBin().from_disk(tmp_path / "docs.spacy").get_docs(nlp.vocab)
    assert facts(back) == facts(doc)


def test_entities_without_spacy_agree_with_the_doc(doc: Doc) -> None:
    found = find_entities(JUDGMENT, panjue.extract(JUDGMENT))
    assert found == sorted(set(found))
    exact = {entity for entity in found if entity.label not in ("PLEA", "RECOMMENDATION")}
    assert exact <= {(span.start_char, span.end_char, span.label_) for span in doc.spans["panjue"]}


@pytest.mark.parametrize(
    ("text", "label", "passages"),
    [
        ("撤销云州市临溪县人民法院判决", "COURT", ["云州市临溪县人民法院"]),
        ("不服中华人民共和国云州市第一中级人民法院判决", "COURT", ["中华人民共和国云州市第一中级人民法院"]),
        ("报请最高人民法院核准", "COURT", ["最高人民法院"]),
        ("经云江傣族自治县人民检察院批准", "PROCURATORATE", ["云江傣族自治县人民检察院"]),
        ("云州市人民检察院第二分院提起公诉", "PROCURATORATE", ["云州市人民检察院第二分院"]),
        ("由本院指定云州市法律援助中心律师", "LAW_FIRM", ["云州市法律援助中心"]),
        ("系云州清溪（临溪）律师事务所律师", "LAW_FIRM", ["云州清溪（临溪）律师事务所"]),
        (
            "刑法第六十七条第三款和《关于办理案件的解释》第一条",
            "STATUTE",
            ["刑法第六十七条第三款", "《关于办理案件的解释》第一条"],
        ),
        ("签署《认罪认罚具结书》和《量刑建议书》", "STATUTE", []),
        ("《中华人民共和国刑法》第一百三十三条之一第一款第（二）项", "STATUTE", None),
        ("判处拘役一个月十五日，缓刑二个月", "TERM", ["拘役一个月十五日", "缓刑二个月"]),
        ("判处有期徒刑三年以上七年以下", "TERM", ["有期徒刑三年以上七年以下"]),
        ("判处死刑，缓期二年执行，剥夺政治权利终身", "TERM", ["死刑，缓期二年执行", "剥夺政治权利终身"]),
        ("依照死刑复核程序", "TERM", []),
        ("单处罚金2，000元，罚金已缴纳", "FINE", ["单处罚金2，000元"]),
        ("处罚金一千元至三千元", "FINE", ["罚金一千元至三千元"]),
        ("2019-03-05立案，二〇一九年三月九日结案", "DATE", ["2019-03-05", "二〇一九年三月九日"]),
        ("犯盗窃、窝藏、包庇罪，属窝藏罪犯", "CHARGE", ["窝藏、包庇罪"]),
    ],
)
def test_patterns(text: str, label: str, passages: list[str] | None) -> None:
    nothing_read = Record(doc_id="", text_sha256="")
    found = [text[start:end] for start, end, found in find_entities(text, nothing_read) if found == label]
    assert found == ([text] if passages is None else passages)


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_component_is_found_without_importing_panjue() -> None:
    code = "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('panjue'); print(nlp.pipe_names)"
    assert run(code).strip() == "['panjue']"


def test_extraction_does_not_need_spacy() -> None:
    code = "import sys; sys.modules['spacy'] = None; import panjue; print(panjue.extract('判决').status)"
    assert run(code).strip()


def test_message_when_spacy_is_missing() -> None:
    code = (
        "import sys; sys.modules['spacy'] = None\n"
        "try: import panjue.models.spacy_pipe\n"
        "except ImportError as error: print(error)"
    )
    assert "pip install 'panjue[spacy]'" in run(code)
