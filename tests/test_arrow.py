"""Batches: rows in are rows out, in order, also where a judgment fails."""

import pyarrow as pa
import pytest

import panjue
from panjue.extractors import arrow


def test_rows_in_are_rows_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str, doc_id: str | None = None) -> panjue.Record:
        if doc_id == "b":
            raise ValueError("made to fail")
        return panjue.extract(text, doc_id)

    monkeypatch.setattr(arrow, "extract", fails)
    rows = arrow.extract_batch(pa.RecordBatch.from_pydict({"doc_id": ["a", "b", "c"], "text": ["判决书"] * 3}))
    assert rows.schema == arrow.record_schema()
    assert rows["doc_id"].to_pylist() == ["a", "b", "c"]
    assert rows["status"].to_pylist() == ["out_of_scope", "error", "out_of_scope"]
    assert [bool(error) for error in rows["error"].to_pylist()] == [False, True, False]


def test_one_column_for_each_field_but_the_annotation() -> None:
    fields = [name for name in panjue.Record.__struct_fields__ if name != "annotation"]
    assert len(arrow.record_schema().names) == len(fields) + 1
    assert "annotation" not in arrow.record_schema().names
