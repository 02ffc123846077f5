"""Judgments to review: two of the examples and one that is hostile, in a store of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from panjue import extract
from panjue.annotation.store import Document, Store
from panjue.extractors.record import Evidence

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "corpora" / "examples" / "texts"

HOSTILE = (
    "云州市临溪县人民法院\r\n刑事判决书\r\n（2021）浙0199刑初900号\r\n"
    "公诉机关云州市临溪县人民检察院。\r\n"
    "被告人<script>alert(1)</script>，男，1990年1月2日出生。\r\n"
    "被告人𠮷田禾，男，1991年3月4日出生。\r\n"
    "云州市临溪县人民检察院指控被告人𠮷田禾犯盗窃罪，于2021年3月1日向本院提起公诉。\r\n"
    "<img src=x onerror=alert(2)> \u202ejavascript:alert(3)\u202c \"'><b>𠮷𠮷</b> &lt;i&gt;\r\n"
    "本院认为，被告人𠮷田禾自愿认罪认罚。判决如下：\r\n"
    "被告人𠮷田禾犯盗窃罪，判处拘役三个月，并处罚金二千元。\r\n审判员 甲\r\n二〇二一年三月九日\r\n书记员 乙\r\n"
)


def example(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_bytes().decode("utf-8")


def documents() -> list[Document]:
    texts = {
        "one": example("expedited-one-line"),
        "six": example("six-defendants-tabs"),
        "<hostile>/'\"": HOSTILE,
    }
    return [
        Document(doc_id=doc_id, text=text, reading=msgspec.to_builtins(extract(text, doc_id)))
        for doc_id, text in texts.items()
    ]


def reading(name: str = "six") -> dict[str, Any]:
    return next(document.reading for document in documents() if document.doc_id == name)


def long_judgment() -> Document:
    """50,000 characters with a thousand passages."""
    text = example("expedited-one-line") + "附：" + "𠮷甲乙丙丁戊己庚辛壬\n" * 5000
    text = text[:50_000]
    reading = msgspec.to_builtins(extract(text, "long"))
    passages = [Evidence(path="/case/court", start=n * 40, end=n * 40 + 60, source="person") for n in range(1000)]
    reading["evidence"] += msgspec.to_builtins(passages)
    return Document(doc_id="long", text=text, reading=reading)


def filled(path: Path, *more: Document) -> Store:
    store = Store(path)
    store.load([*documents(), *more])
    return store
