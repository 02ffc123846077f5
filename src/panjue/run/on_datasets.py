"""Hugging Face datasets: one of judgments goes in, one of records comes out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pyarrow as pa

from panjue.extractors.arrow import record_schema
from panjue.run.batches import Batches
from panjue.run.guard import TIME_LIMIT
from panjue.run.jobs import Options

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict


def extract_dataset(
    dataset: Dataset | DatasetDict,
    *,
    text_column: str = "text",
    id_column: str = "doc_id",
    processes: int = 1,
    batch_size: int = 256,
    time_limit: int = TIME_LIMIT,
    extractor: str = Options().extractor,
) -> Dataset | DatasetDict:
    """Judgments in, records out: row for row what :func:`panjue.extract_batch` gives, for each split.

    A judgment that takes longer than ``time_limit`` seconds, or brings its process down, is a row with an ``error``.
    Folders that ``save_to_disk`` wrote are read by ``panjue extract`` too.

    Args:
        dataset: local or in memory, with a column of texts.
        text_column: its name.
        id_column: the column of identifiers; where there is none they are made of the texts.
        processes: how many work side by side.
        batch_size: judgments that are handed over at once to each.
        time_limit: seconds for one judgment.
        extractor: the function that reads a judgment.

    Raises:
        ImportError: datasets is not installed.
        KeyError: there is no column of texts.
    """
    try:
        from datasets import DatasetDict, Features
    except ImportError as error:
        raise ImportError('datasets is not installed; install it with: pip install "panjue[datasets]"') from error
    splits = dataset if isinstance(dataset, DatasetDict) else {"": dataset}
    workers = [Batches(Options(extractor=extractor), time_limit) for _ in range(processes)]

    def records(table: pa.Table) -> pa.Table:
        columns = {"text": table.column(text_column)}
        if id_column in table.column_names:
            columns["doc_id"] = table.column(id_column).cast(pa.string())
        judgments = pa.Table.from_arrays(list(columns.values()), names=list(columns))
        size = -(-len(judgments) // processes)
        pieces = [judgments.slice(number * size, size) for number in range(processes)]
        return pa.concat_tables(pool.map(lambda worker, piece: worker(piece), workers, pieces))

    found: dict[str, Any] = {}
    with ThreadPoolExecutor(processes) as pool, ExitStack() as stack:
        for worker in workers:
            stack.callback(worker.close)
        for name, split in splits.items():
            if text_column not in split.column_names:
                raise KeyError(f"no column {text_column!r}; there are: {', '.join(split.column_names)}")
            found[name] = split.with_format("arrow").map(
                records,
                batched=True,
                batch_size=batch_size * processes,
                remove_columns=split.column_names,
                features=Features.from_arrow_schema(record_schema()),
                new_fingerprint=uuid4().hex,  # what a worker gives is made anew, never taken from a cache
            )
            found[name].reset_format()
    return DatasetDict(found) if isinstance(dataset, DatasetDict) else cast("Dataset", found[""])
