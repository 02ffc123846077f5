"""What people corrected in another tool comes back; what is not the document's is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from exchanged import EXPORT, TEXT, corrected_in_label_studio, document, read_back

from panjue.annotation.exchange.command import FORMATS
from panjue.annotation.exchange.labels import LABELS
from panjue.annotation.exchange.spans import Document, ExchangeError, Originals
from panjue.extractors.record import Evidence


def _edited(name: str, edit: Callable[[list[Any]], None]) -> dict[str, bytes]:
    """The files of a document with its list of spans edited, as a tool's user would."""
    files = dict(FORMATS[name].write([document()]))
    (file,) = [file for file in files if file.endswith(FORMATS[name].SUFFIX)]
    content = json.loads(files[file])
    edit(
        {
            "doccano": lambda: content["label"],
            "prodigy": lambda: content["spans"],
            "web-annotation": lambda: content["first"]["items"],
            "inception": lambda: content["%FEATURE_STRUCTURES"],
            "label-studio": lambda: content[0]["predictions"][0]["result"],
        }[name]()
    )
    files[file] = json.dumps(content).encode()
    return files


def _moved(spans: list[Any]) -> None:
    """𠮷某甲 loses its last character in whatever shape the span has."""
    for span in spans:
        if isinstance(span, list) and span[2] == "name@1":
            span[1] -= 1
        elif isinstance(span, dict):
            value: dict[str, Any] = span["value"] if isinstance(span.get("value"), dict) else span
            if "name" in (value.get("label"), *value.get("labels", []), *(b["value"] for b in span.get("body", []))):
                if span.get("panjue:defendant", value.get("defendant", 1)) != 1 or value.get("text") == "李某乙":
                    continue
                if "target" in span:
                    position, quoted = span["target"]["selector"]
                    position["end"] -= 1
                    quoted["exact"] = quoted["exact"][:-1]
                else:
                    value["end"] -= 1
                    if "text" in value:
                        value["text"] = value["text"][:-1]


@pytest.mark.parametrize("name", ["doccano", "prodigy", "web-annotation", "inception", "label-studio"])
def test_a_moved_passage_is_a_persons(name: str) -> None:
    one = document()
    (back,) = read_back(name, _edited(name, _moved), one)
    start = TEXT.index("𠮷某甲")
    assert back.record.evidence == [
        *(entry for entry in one.record.evidence if entry.path != "/defendants/0/name"),
        Evidence(path="/defendants/0/name", start=start, end=start + 2, source="person"),
    ]
    assert back.record.defendants == one.record.defendants


def test_brat_lines_are_moved_deleted_and_added() -> None:
    one = document()
    files = dict(FORMATS["brat"].write([one]))
    (file,) = [file for file in files if file.endswith(".ann")]
    start = TEXT.index("李某乙免予")
    lines = [line for line in files[file].decode().split("\n") if not line.startswith(("T1\t", "#1\t"))]
    lines += [f"T99\tplea-status {start} {start + 3}\t李某乙", "A99\tDefendant T99 2"]
    files[file] = "\n".join(lines).encode()
    (back,) = read_back("brat", files, one)
    assert back.record.evidence == [
        *(entry for entry in one.record.evidence if entry.path != "/case/court"),
        Evidence(path="/defendants/1/plea/status", start=start, end=start + 3, source="person"),
    ]


def test_conll_tags_are_corrected_and_what_overlapped_stays() -> None:
    one = document()
    (content,) = FORMATS["conll"].write([one]).values()
    rows = content.decode().replace("\t2\tB-name", "\t_\tO").replace("\t2\tI-name", "\t_\tO")
    (back,) = read_back("conll", {"a.conll": rows.encode()}, one)
    assert back.record.evidence == [entry for entry in one.record.evidence if entry.path != "/defendants/1/name"]
    held = FORMATS["conll"].held(one)
    assert [span.place.tag for span in held] == ["case.court", "name@1", "name@2", "sentence.months@1", "sentence.disposition@2"]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_passage_of_another_text_is_refused(name: str) -> None:
    """The text was changed after the conversion by as little as one character."""
    one = document()
    files = FORMATS[name].write([one])
    text = TEXT.replace("七个月", "九个月")
    digest = hashlib.sha256(text.encode()).hexdigest()
    other = Document(text, msgspec.structs.replace(one.record, text_sha256=digest))
    with pytest.raises(ExchangeError, match=r"(?s)document .*span .*七个月.*九个月"):
        read_back(name, files, other, with_records=True)
    with pytest.raises(ExchangeError, match="another text"):
        FORMATS[name].read(
            {f: c for f, c in files.items() if f.endswith(FORMATS[name].SUFFIX)},
            Originals({one.doc_id: text}, {one.doc_id: one.record}),
        )


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_another_kind_is_refused(name: str) -> None:
    one = document()
    files = dict.fromkeys(
        [f for f in FORMATS[name].write([one]) if f.endswith(FORMATS[name].SUFFIX)], b'T1 {"a": "\xff'
    )
    with pytest.raises(ExchangeError):
        read_back(name, files, one)


def _region(
    name: str, start: int, end: int, label: str, value: str | None, defendant: int | None
) -> list[dict[str, Any]]:
    """A region as Label Studio's editor saves it."""
    where = {"start": start, "end": end, "text": TEXT[start:end].replace("\r", "\n")}
    common = {"id": name, "to_name": "text", "origin": "manual"}
    region: list[dict[str, Any]] = [
        {**common, "from_name": "label", "type": "labels", "value": {**where, "labels": [label]}}
    ]
    if defendant is not None:
        region.append({**common, "from_name": "defendant", "type": "number", "value": {**where, "number": defendant}})
    if value is not None:
        region.append({**common, "from_name": "value", "type": "textarea", "value": {**where, "text": [value]}})
    return region


def _export(result: list[dict[str, Any]], **more: Any) -> dict[str, bytes]:
    (task,) = json.loads(FORMATS["label-studio"].write([document()])["tasks.json"])
    finished = {"result": result, "was_cancelled": False, "updated_at": "2026-01-02T00:00:00Z", **more}
    earlier = {"result": [], "was_cancelled": False, "updated_at": "2026-01-01T00:00:00Z"}
    skipped = {"result": [], "was_cancelled": True, "updated_at": "2026-01-03T00:00:00Z"}
    task |= {"annotations": [finished, earlier, skipped], "predictions": [12], "id": 1}
    return {"export.json": json.dumps([task]).encode()}


def test_label_studio_corrections_come_back() -> None:
    one = document()
    months, fine = TEXT.index("七个月"), TEXT.index("月，\r\n并处罚金二千元")
    result = [
        *_region("panjue-4", months, months + 3, "sentence.months", "8", 1),
        *_region("panjue-7", fine, fine + 11, "sentence.fine", "2000.5", 1),
        *_region("new", months, months + 2, "sentence.political_rights_months", "life", 1),
        *_region("panjue-0", 0, 10, "case.procuratorate", "云州市临溪县人民法院", None),
    ]
    (back,) = read_back("label-studio", _export(result), one)
    sentence = back.record.defendants[0].sentence
    assert (sentence.months, sentence.fine, sentence.political_rights_months) == (8, 2000.5, "life")
    assert back.record.case == one.record.case, "a region named otherwise still shows the value of its old name"
    assert back.record.evidence == [
        one.record.evidence[4],
        one.record.evidence[7],
        one.record.evidence[9],
        Evidence(path="/defendants/0/sentence/political_rights_months", start=months, end=months + 2, source="person"),
        Evidence(path="/case/procuratorate", start=0, end=10, source="person"),
    ]


@pytest.mark.parametrize(
    ("label", "value", "message"),
    [
        ("sentence.months", "八", r"'八' is no value of /defendants/0/sentence/months: .*int"),
        ("sentence.months", "-1", r"'-1' is no value of"),
        ("sentence.term_start", "1 May", r"'1 May' is no value of"),
        ("name", "", r"'' is no value of /defendants/0/name"),
    ],
)
def test_label_studio_values_outside_the_contract_are_refused(label: str, value: str, message: str) -> None:
    with pytest.raises(ExchangeError, match=f"export.json: document .*: span 1 .*: {message}"):
        read_back("label-studio", _export(_region("new", 0, 3, label, value, 1)), document())


def test_label_studio_configuration_has_every_label() -> None:
    view = ET.fromstring(FORMATS["label-studio"].write([])["config.xml"])
    assert tuple(label.get("value") for label in view.iter("Label")) == LABELS
    assert [(tag.tag, tag.get("name")) for tag in view.iter() if tag.get("perRegion")] == [
        ("Number", "defendant"), ("Number", "item"), ("TextArea", "value")]  # fmt: skip


def test_what_label_studio_itself_exported_is_read() -> None:
    """Written by ``label_studio.py`` beside this file, from a running Label Studio."""
    (task,) = json.loads(EXPORT.read_bytes())
    one = document()
    assert task["data"]["text"] == TEXT, "Label Studio keeps the text, CRLF and 𠮷 too"
    (back,) = read_back("label-studio", {EXPORT.name: EXPORT.read_bytes()}, one)
    assert back.record == corrected_in_label_studio(one.record)


def test_an_inception_value_is_corrected() -> None:
    one = document()

    def edit(spans: list[Any]) -> None:
        (months,) = [span for span in spans if span.get("label") == "sentence.months"]
        months["value"] = "8"

    (back,) = read_back("inception", _edited("inception", edit), one)
    assert back.record.defendants[0].sentence.months == 8
    assert back.record.evidence == one.record.evidence


def test_a_prodigy_task_that_was_not_accepted_is_as_it_was() -> None:
    one = document()
    task = json.loads(FORMATS["prodigy"].write([one])["prodigy.jsonl"]) | {"spans": [], "answer": "ignore"}
    assert read_back("prodigy", {"a.jsonl": json.dumps(task).encode()}, one)[0].record == one.record
    accepted = json.dumps(task | {"answer": "accept"}).encode()
    assert read_back("prodigy", {"a.jsonl": accepted}, one)[0].record.evidence == one.record.evidence[9:]


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("doccano", lambda spans: spans.append([16, 20, "name@1"]), "offset 16 is in the middle of a character"),
        ("doccano", lambda spans: spans.append([0, 999, "name@1"]), "outside the text"),
        ("doccano", lambda spans: spans.append([0, 2, "name@x"]), "'x' is no number"),
        ("doccano", lambda spans: spans.append([0, 2, "name"]), "number of the defendant is missing"),
        ("prodigy", lambda spans: spans.append({"start": 3, "end": 3, "label": "case.court"}), "or empty"),
        (
            "prodigy",
            lambda spans: [span.update(value=str(n)) for n, span in enumerate(spans) if span["item"]],
            "two different values for /defendants/0/sentence/counts/0/months",
        ),
    ],
)
def test_a_passage_that_cannot_be_evidence_is_refused(
    name: str, edit: Callable[[list[Any]], None], message: str
) -> None:
    with pytest.raises(ExchangeError, match=f"document .*: span .*{message}"):
        read_back(name, _edited(name, edit), document())


def test_a_passage_in_pieces_is_refused() -> None:
    one = document()
    files = dict(FORMATS["brat"].write([one]))
    (file,) = [file for file in files if file.endswith(".ann")]
    files[file] = f"T1\tcase-court 0 3;7 10\t{TEXT[:3]} {TEXT[7:10]}\n".encode()
    with pytest.raises(ExchangeError, match="span T1 is in several pieces"):
        read_back("brat", files, one)
