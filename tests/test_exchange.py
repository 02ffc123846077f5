"""Records go to other annotation tools and come back; what people corrected there comes back with them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from exchanged import TEXT, document, read_back
from hypothesis import given, settings
from hypothesis import strategies as st

from panjue.annotation.exchange.command import FORMATS, convert_command
from panjue.annotation.exchange.labels import LABELS, Place, from_tag, place, pointer
from panjue.annotation.exchange.offsets import Utf16
from panjue.annotation.exchange.spans import Document, ExchangeError, checked
from panjue.extractors.record import Case, Count, Defendant, Evidence, Record, Sentence, decode, encode

PIECES = st.sampled_from(["被告人", "𠮷", "😀某", "\r\n", "\n", "\r", " ", "\t", "#", "\\x41", "\u2028", "é", "é", "七个月", "a", "\x85", '"', "<b>"])  # fmt: skip
NAMES = st.text("甲乙丙𠮷<&\"'\\@ ", min_size=1, max_size=4)

NOTES: list[Any] = [msgspec.UNSET, {"stratum": "甲", "notes": ["𠮷"]}]


@st.composite
def documents(draw: st.DrawFn, number: int = 0) -> Document:
    text = "".join(draw(st.lists(PIECES, max_size=30)))
    months, fines = st.none() | st.integers(0, 300), st.none() | st.integers(0, 10**6) | st.sampled_from([0.5, 1234.56])
    defendants = []
    for _ in range(draw(st.integers(0, 3))):
        counts = [
            Count(charge=draw(NAMES), months=draw(months), fine=draw(fines)) for _ in range(draw(st.integers(0, 2)))
        ]
        sentence = Sentence(
            counts=counts,
            months=draw(months),
            fine=draw(fines),
            political_rights_months=draw(st.sampled_from([None, 12, "life"])),
        )
        charges = draw(st.lists(NAMES, max_size=2))
        defendants.append(Defendant(name=draw(NAMES), charges_convicted=charges, sentence=sentence))
    record = Record(
        doc_id=f"{number}-{draw(NAMES)}",
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        case=Case(court=draw(st.none() | NAMES)),
        defendants=defendants,
        annotation=draw(st.sampled_from(NOTES)),
    )
    paths = ["/case", "/case/court", "/case/case_number", "/status"]
    for index, defendant in enumerate(defendants):
        head = f"/defendants/{index}"
        paths += [head, f"{head}/name", f"{head}/plea/status", f"{head}/sentence", f"{head}/charges_convicted"]
        paths += [f"{head}/charges_convicted/{i}" for i in range(len(defendant.charges_convicted))]
        paths += [f"{head}/sentence/counts/{i}" for i in range(len(defendant.sentence.counts))]
        paths += [f"{head}/sentence/counts/{i}/fine" for i in range(len(defendant.sentence.counts))]
    for _ in range(draw(st.integers(0, 8))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        source = draw(st.sampled_from(["rule:a", "model:b", "person"]))
        confidence = draw(st.floats(0, 1))
        record.evidence.append(
            Evidence(path=draw(st.sampled_from(paths)), start=start, end=end, source=source, confidence=confidence)
        )
    return checked("drawn", Document(text, record))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_record_comes_back_as_it_went_out(name: str, data: st.DataObject) -> None:
    drawn = [data.draw(documents(number=number)) for number in range(data.draw(st.integers(0, 2)))]
    back = read_back(name, FORMATS[name].write(drawn), *drawn)
    assert sorted((d.doc_id, encode(d.record), d.text) for d in back) == sorted(
        (d.doc_id, encode(d.record), d.text) for d in drawn
    )


@pytest.mark.parametrize("name", FORMATS)
def test_overlapping_passages_come_back(name: str) -> None:
    one = document()
    assert [encode(d.record) for d in read_back(name, FORMATS[name].write([one]), one)] == [encode(one.record)]


def test_a_label_and_its_numbers_are_a_pointer() -> None:
    record = document().record
    for path in ("/case/court", "/defendants/1", "/defendants/0/sentence/counts/0", "/defendants/0/sentence/counts/0/fine",
                 "/defendants/0/charges_convicted/0", "/defendants/0/charges_convicted", "/defendants/0/counsel/0/kind"):  # fmt: skip
        named = place(path)
        assert named is not None
        assert pointer(named, record) == path
        assert from_tag(named.tag) == named
    assert place("/defendants/0/sentence/months") == Place("sentence.months", 1)
    assert place("/defendants/00/name") is None
    assert len(set(LABELS)) == len(LABELS)
    assert {"case.court", "defendant", "sentence.counts.months", "charges_convicted", "counsel.name"} <= set(LABELS)
    assert pointer(Place("sentence.counts.months", 1), record) == "/defendants/0/sentence/counts/0/months"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Place("name"), "number of the defendant is missing; the record has 2"),
        (Place("name", 3), "no defendant 3; the record has 2"),
        (Place("sentence.counts.fine", 2), "number of the counts is missing; the record has 0"),
        (Place("charges_convicted", 1, 2), "no /defendants/0/charges_convicted/1"),
        (Place("nonsense", 1), "no label 'nonsense'"),
    ],
)
def test_a_place_that_is_not_in_the_record_is_refused(wrong: Place, message: str) -> None:
    with pytest.raises(LookupError, match=re.escape(message)):
        pointer(wrong, document().record)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_utf16_offsets_are_exact(text: str) -> None:
    offsets = Utf16(text)
    for index in range(len(text) + 1):
        units = len(text[:index].encode("utf-16-le")) // 2
        assert offsets.units(index) == units
        assert offsets.points(units) == index
    for index, character in enumerate(text):
        if len(character.encode("utf-16-le")) == 4:
            with pytest.raises(ValueError, match="middle of a character"):
                offsets.points(offsets.units(index) + 1)


def test_each_format_counts_in_its_own_unit() -> None:
    """After 𠮷, which is one code point and two UTF-16 units, and after CRLF, which is two of either."""
    one = document()
    points = TEXT.index("七个月")
    units = len(TEXT[:points].encode("utf-16-le")) // 2
    assert units == points + 2
    written = {name: form.write([one]) for name, form in FORMATS.items()}
    labelled = json.loads(written["label-studio"]["tasks.json"])[0]["predictions"][0]["result"]
    (region,) = [r["value"] for r in labelled if r["value"].get("labels") == ["sentence.months"]]
    assert (region["start"], region["end"], region["text"]) == (points, points + 3, "七个月")
    assert [units, units + 3, "sentence.months@1"] in json.loads(written["doccano"]["doccano.jsonl"])["label"]
    (ann,) = [content.decode() for file, content in written["brat"].items() if file.endswith(".ann")]
    assert f"\tsentence-months {points} {points + 3}\t七个月\n" in ann
    assert f"\tsentence-fine {points + 2} {points + 4};{points + 6} {points + 13}\t月， 并处罚金二千元\n" in ann
    (cas,) = [json.loads(content) for file, content in written["inception"].items() if file.endswith(".json")]
    features = cas["%FEATURE_STRUCTURES"]
    assert (units, units + 3) in {(f["begin"], f["end"]) for f in features if f.get("label") == "sentence.months"}
    items = json.loads(written["web-annotation"]["annotations.json"])["first"]["items"]
    (target,) = [i["target"] for i in items if i["body"][0]["value"] == "sentence.months"]
    assert target["selector"][0] == {"type": "TextPositionSelector", "start": points, "end": points + 3}
    assert target["selector"][1]["prefix"].endswith("\r\n判处𠮷某甲有期徒刑")
    spans = json.loads(written["prodigy"]["prodigy.jsonl"])["spans"]
    assert {"start": points, "end": points + 3}.items() <= spans[4].items()
    assert spans[4]["value"] == "7"


def test_spacy_reads_the_group_of_spans() -> None:
    import spacy
    from spacy.tokens import DocBin

    (content,) = FORMATS["spacy"].write([document()]).values()
    (doc,) = DocBin().from_bytes(content).get_docs(spacy.blank("zh").vocab)
    assert doc.text == TEXT
    assert [(s.text, s.label_, s.kb_id_) for s in doc.spans["panjue"]][4:6] == [
        ("七个月", "sentence.months", "1"),
        ("七个月", "sentence.counts.months", "1.1"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    one = document()
    (tmp_path / "records.jsonl").write_bytes(encode(one.record) + b"\n")
    (tmp_path / "texts.jsonl").write_text(json.dumps({"doc_id": one.doc_id, "text": one.text}) + "\n")
    return tmp_path


def convert(*arguments: object) -> Any:
    return CliRunner().invoke(convert_command, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_converts_both_ways(name: str, folder: Path) -> None:
    texts, records, out, back = (folder / file for file in ("texts.jsonl", "records.jsonl", "out", "back.jsonl"))
    written = convert(records, "--texts", texts, "--to", name, "-o", out)
    assert written.exit_code == 0, written.output
    for loss in FORMATS[name].LOSES:
        assert f"not held: {loss}" in written.output
    assert ("1 documents, 5 passages" if name == "conll" else "1 documents, 9 passages") in written.output
    assert ("left out: 5 passages" if name == "conll" else "left out: 1 passages (1 status)") in written.output
    more = ["--records", records] if name == "brat" else []
    read = convert("--from", name, out, "--texts", texts, "-o", back, *more)
    assert read.exit_code == 0, read.output
    assert "1 documents, 10 passages, 0 by a person" in read.output
    assert decode(back.read_bytes()) == document().record


def test_the_command_says_what_is_wrong(folder: Path) -> None:
    texts, records, out = folder / "texts.jsonl", folder / "records.jsonl", folder / "out"
    for arguments, message in [
        ([records, "-o", out], "either --to or --from"),
        ([records, "--to", "brat", "-o", records], "records.jsonl is there already; to write over it: --overwrite"),
        ([records, "--from", "doccano", "-o", out], "records.jsonl:1: "),
        ([folder, "--from", "spacy", "-o", out], "no .spacy files"),
    ]:
        result = convert(*arguments, "--texts", texts)
        assert result.exit_code != 0
        assert message in result.output.replace("\n", " ")
    assert convert(records, "--texts", texts, "--to", "brat", "-o", out).exit_code == 0
    result = convert("--from", "brat", out, "--texts", texts, "-o", folder / "back.jsonl")
    assert "--records" in result.output
    assert result.exit_code == 1


def test_half_a_surrogate_pair_is_refused() -> None:
    record = Record(doc_id="a", text_sha256="0" * 64)
    with pytest.raises(ExchangeError, match="half a surrogate pair at 1"):
        checked("a", Document("甲\ud842", record))


def test_the_documentation_says_what_each_format_loses(root: Path) -> None:
    page = (root / "docs" / "exchange.md").read_text(encoding="utf-8")
    for name, form in FORMATS.items():
        (line,) = [line for line in page.splitlines() if f"| `{name}` |" in line]
        assert all(loss in line for loss in form.LOSES)
        assert form.LOSES or "nothing" in line
