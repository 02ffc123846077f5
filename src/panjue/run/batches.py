"""Arrow batches through a watched worker: what engines call on their workers."""

from __future__ import annotations

import pyarrow as pa

from panjue.corpora.judgment import Judgment, text_id
from panjue.extractors.arrow import as_row, error_row, record_schema
from panjue.run.guard import TIME_LIMIT, Guard
from panjue.run.jobs import Batch, Options
from panjue.run.part import Outcome


class Batches:
    """Does what :func:`panjue.extract_batch` does, in a process of its own that a hanging judgment cannot keep.

    Args:
        options: which function reads a judgment.
        time_limit: seconds for one.
    """

    def __init__(self, options: Options | None = None, time_limit: int = TIME_LIMIT) -> None:
        """The process starts with the first batch."""
        self._options = options or Options()
        self._guard = Guard(time_limit)

    def __call__(self, batch: pa.RecordBatch | pa.Table) -> pa.Table:
        """Rows in are rows out, in order."""
        texts = batch.column("text").to_pylist()
        names = batch.column("doc_id").to_pylist() if "doc_id" in batch.schema.names else [None] * len(texts)
        present = [
            Judgment(name or text_id(text), text, "")
            for text, name in zip(texts, names, strict=True)
            if text is not None
        ]
        (found,) = self._guard.results(Batch(items=list(present), options=self._options))
        outcomes = iter(found)
        rows = [
            error_row(name, "ValueError", "the text is missing") if text is None else _row(next(outcomes))
            for text, name in zip(texts, names, strict=True)
        ]
        return pa.Table.from_pylist(rows, schema=record_schema())

    def close(self) -> None:
        """End the process."""
        self._guard.close()


def _row(outcome: Outcome) -> dict[str, object]:
    if outcome.record is not None:
        return {**as_row(outcome.record), "error": None}
    failure = outcome.failure
    return error_row(failure.doc_id, failure.error, failure.reason) if failure else {}
