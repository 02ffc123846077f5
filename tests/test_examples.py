"""The example judgments and their golden records: well formed, true to their texts, and covering the contract."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
import msgspec
import pytest

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.record import Defendant, Record, decode, json_schema

GROUPS = ("charges_prosecuted", "charges_convicted", "plea", "recommendation", "sentence", "counsel")
# Cannot be shown: a record of status error stands for a text that could not be read at all.
NOT_SHOWN = {"error"}

LAYOUTS: dict[str, Callable[[Judgment], bool]] = {
    "newlines": lambda j: "\n" in j.text and "\t" not in j.text,
    "newlines_tabs": lambda j: "\n\t" in j.text,
    "one_line": lambda j: "\n" not in j.text and "。 " in j.text,
    "no_breaks_cut": lambda j: "\n" not in j.text and j.text.startswith("号：") and "本院认为" not in j.text,
    "no_breaks": lambda j: "\n" not in j.text and " " not in j.text and "书记员" in j.text,
    "fullwidth_spaces": lambda j: "\n\u3000\u3000" in j.text and "刑 事 判 决 书" in j.text and "审\u3000判" in j.text,
    "enum_comma": lambda j: (
        "人民法院、刑事判决书、（" in j.text and "号\n公诉机关" in j.text and "。、被告人" in j.text
    ),
    "portal_html": lambda j: j.markup and j.source.endswith(".html"),
    "portal_json": lambda j: j.markup and j.source.endswith(".json"),
    "jsonl": lambda j: ".jsonl#" in j.source,
    "category_header": lambda j: j.text.startswith("category:刑事\ntitle:") and "\ncontent:" in j.text,
}


@pytest.fixture(scope="module")
def lines(examples: Path) -> list[str]:
    return (examples / "gold.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def gold(lines: list[str]) -> list[Record]:
    return [decode(line) for line in lines]


@pytest.fixture(scope="module")
def judgments(examples: Path) -> dict[str, Judgment]:
    found = list(read([examples / "texts"]))
    assert [j for j in found if not isinstance(j, Judgment)] == []
    return {j.doc_id: j for j in found if isinstance(j, Judgment)}


def test_every_text_has_its_record_in_the_order_of_reading(gold: list[Record], judgments: dict[str, Judgment]) -> None:
    assert len(gold) >= 22
    assert [record.doc_id for record in gold] == list(judgments)


def test_records_keep_the_contract(lines: list[str]) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in lines:
        value = msgspec.json.decode(line)
        validator.validate(value)
        # Nothing missing, nothing that the contract does not know.
        assert msgspec.to_builtins(decode(line)) == value


def test_records_are_a_persons(gold: list[Record]) -> None:
    for record in gold:
        assert record.toolkit is None
        assert {item.source for item in record.evidence} <= {"person"}
        assert isinstance(record.annotation, dict)
        assert set(record.annotation) == {"layout", "notes"}


def test_texts_are_those_annotated(gold: list[Record], judgments: dict[str, Judgment]) -> None:
    for record in gold:
        text = judgments[record.doc_id].text
        assert 400 <= len(text) <= 1600, record.doc_id
        assert hashlib.sha256(text.encode()).hexdigest() == record.text_sha256


def test_evidence_lies_in_the_text_and_points_into_the_record(
    gold: list[Record], judgments: dict[str, Judgment]
) -> None:
    for record in gold:
        text, value = judgments[record.doc_id].text, msgspec.to_builtins(record)
        for item in record.evidence:
            assert 0 <= item.start < item.end <= len(text)
            assert text[item.start : item.end].strip() == text[item.start : item.end]
            assert _resolve(value, item.path) is not None, item.path


def test_every_value_has_evidence(gold: list[Record]) -> None:
    for record in gold:
        paths = {item.path for item in record.evidence}
        missing = [path for path in _paths_with_a_value(record) if path not in paths]
        assert missing == [], record.doc_id


def test_literal_values_stand_in_their_evidence(gold: list[Record], judgments: dict[str, Judgment]) -> None:
    for record in gold:
        text = judgments[record.doc_id].text
        for item in record.evidence:
            value = _resolve(msgspec.to_builtins(record), item.path)
            if item.path in {"/case/court", "/case/procuratorate"} or item.path.endswith("/name"):
                assert "".join(text[item.start : item.end].split()) == value
            if item.path.endswith("/charges_convicted"):
                assert all(charge.removesuffix("罪") in text[item.start : item.end] for charge in value)


def test_every_value_of_every_enumeration_is_shown(gold: list[Record]) -> None:
    shown: dict[frozenset[Any], set[Any]] = defaultdict(set)
    for record in gold:
        for values, value in _enumerated(record):
            shown[values].add(value)
    assert len(shown) > 20
    missing = [values - seen - NOT_SHOWN for values, seen in shown.items()]
    assert [values for values in missing if values] == []


def test_every_layout_is_shown_and_looks_as_it_is_called(gold: list[Record], judgments: dict[str, Judgment]) -> None:
    shown = set()
    for record in gold:
        assert isinstance(record.annotation, dict)
        layout = record.annotation["layout"]
        assert LAYOUTS[layout](judgments[record.doc_id]), record.doc_id
        shown.add(layout)
    assert shown == set(LAYOUTS)


def test_only_a_cut_text_is_partial(gold: list[Record], judgments: dict[str, Judgment]) -> None:
    partial = {record.doc_id for record in gold if record.status == "partial"}
    assert partial == {doc_id for doc_id, judgment in judgments.items() if LAYOUTS["no_breaks_cut"](judgment)}


def test_out_of_scope_has_no_defendants_and_nothing_else_is_without(gold: list[Record]) -> None:
    for record in gold:
        assert (record.status == "out_of_scope") == (record.defendants == []), record.doc_id


def test_one_judgment_has_six_defendants(gold: list[Record]) -> None:
    assert max(len(record.defendants) for record in gold) == 6


def _resolve(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def _paths_with_a_value(record: Record) -> Iterator[str]:
    for field, value in msgspec.structs.asdict(record.case).items():
        if value not in (None, "unknown"):
            yield f"/case/{field}"
    for number, defendant in enumerate(record.defendants):
        yield f"/defendants/{number}/name"
        empty = Defendant(name=defendant.name)
        for group in (*GROUPS, "counsel_at_signing"):
            if getattr(defendant, group) != getattr(empty, group):
                yield f"/defendants/{number}/{group}"
        if defendant.recommendation.court_response is not None:
            yield f"/defendants/{number}/recommendation/court_response"


def _enumerated(struct: msgspec.Struct) -> Iterator[tuple[frozenset[Any], Any]]:
    """Each field of enumerated type in a record, as the values it may have and the value it has."""
    for name, hint in get_type_hints(type(struct), include_extras=True).items():
        value = getattr(struct, name)
        for values in _literals(hint):
            yield values, value
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, msgspec.Struct):
                yield from _enumerated(item)


def _literals(hint: Any) -> Iterator[frozenset[Any]]:
    if get_origin(hint) is Literal:
        yield frozenset(get_args(hint))
    elif get_origin(hint) in (Union, UnionType, Annotated):
        for part in get_args(hint):
            yield from _literals(part)
