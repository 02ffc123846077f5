"""A judgment with its record for the exchange with other tools, and what comes back of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from panjue.annotation.exchange.command import FORMATS
from panjue.annotation.exchange.spans import Document, Originals, checked
from panjue.extractors.record import (
    Case,
    Counsel,
    Count,
    Defendant,
    Evidence,
    Flag,
    Plea,
    Record,
    Sentence,
    Toolkit,
    decode,
    encode,
)

EXPORT = Path(__file__).resolve().parents[1] / "data" / "exchange" / "label_studio_export.json"

TEXT = "云州市临溪县人民法院\r\n被告人𠮷某甲，被告人李某乙。\r\n判处𠮷某甲有期徒刑七个月，\r\n并处罚金二千元；\n李某乙免予刑事处罚。\n"


def evidence(path: str, passage: str, source: str = "rule:test", confidence: float = 0.9) -> Evidence:
    start = TEXT.index(passage)
    return Evidence(path=path, start=start, end=start + len(passage), source=source, confidence=confidence)


def document() -> Document:
    """Nested, overlapping and identical passages, one over a line end, one that no label names."""
    record = Record(
        doc_id="（2020）云0199刑初7号/甲",
        text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        case=Case(court="云州市临溪县人民法院"),
        defendants=[
            Defendant(
                name="𠮷某甲",
                charges_convicted=["盗窃罪"],
                sentence=Sentence(
                    disposition="punished",
                    counts=[Count(charge="盗窃罪", penalty="imprisonment", months=7, fine=2000)],
                    penalty="imprisonment",
                    months=7,
                    fine=2000,
                ),
                counsel=[Counsel(kind="duty_lawyer")],
            ),
            Defendant(name="李某乙", plea=Plea(status="plea_only"), sentence=Sentence(disposition="exempt")),
        ],
        evidence=[
            evidence("/case/court", "云州市临溪县人民法院"),
            evidence("/defendants/0/name", "𠮷某甲"),
            evidence("/defendants/1/name", "李某乙", confidence=0.1),
            evidence("/defendants/0/sentence", "判处𠮷某甲有期徒刑七个月，\r\n并处罚金二千元"),
            evidence("/defendants/0/sentence/months", "七个月", "model:x"),
            evidence("/defendants/0/sentence/counts/0/months", "七个月"),
            evidence("/defendants/0/sentence/counts/0/months", "七个月", "rule:other", 0.5),
            evidence("/defendants/0/sentence/fine", "月，\r\n并处罚金二千元"),
            evidence("/defendants/1/sentence/disposition", "免予刑事处罚"),
            evidence("/status", "判处"),
        ],
        flags=[Flag(code="term_outside_law", path="/defendants/0/sentence/months", message="…")],
        toolkit=Toolkit(version="1", lexicons="abc"),
    )
    return checked("test", Document(TEXT, record))


def originals(*documents: Document, with_records: bool = True) -> Originals:
    return Originals(
        {d.doc_id: d.text for d in documents}, {d.doc_id: d.record for d in documents} if with_records else {}
    )


def read_back(name: str, files: dict[str, bytes], *documents: Document, with_records: bool = False) -> list[Document]:
    form = FORMATS[name]
    chosen = {file: content for file, content in files.items() if file.endswith(form.SUFFIX)}
    return form.read(chosen, originals(*documents, with_records=with_records or name == "brat"))


def corrected_in_label_studio(record: Record) -> Record:
    """What ``label_studio.py`` corrects: a value, a passage moved, one deleted, one added."""
    corrected = decode(encode(record))
    corrected.defendants[0].sentence.months = 8
    moved, added = TEXT.index("𠮷某甲"), TEXT.index("李某乙免予")
    corrected.evidence = [e for e in record.evidence if e.path not in ("/defendants/0/name", "/case/court")]
    corrected.evidence += [
        Evidence(path="/defendants/0/name", start=moved, end=moved + 2, source="person"),
        Evidence(path="/defendants/1/plea/status", start=added, end=added + 3, source="person"),
    ]
    return corrected
