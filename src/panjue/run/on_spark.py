"""Spark: a run whose shards are worked on by a cluster, and extraction over a DataFrame that is there already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from panjue.extractors.arrow import record_schema
from panjue.run.batches import Batches
from panjue.run.guard import TIME_LIMIT
from panjue.run.jobs import Options
from panjue.run.part import Marker
from panjue.run.shards import Setting, Todo, made

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def extract_dataframe(
    frame: DataFrame, *, time_limit: int = TIME_LIMIT, extractor: str = Options().extractor
) -> DataFrame:
    """Judgments in, records out, lazily: row for row what :func:`panjue.extract_batch` gives.

    A judgment that takes longer than ``time_limit`` seconds, or brings its process down, is a row with an ``error``.
    To be written exactly once, write the result with Spark's own writers, which commit each task once.

    Args:
        frame: columns ``text`` and, if there is one, ``doc_id``.
        time_limit: seconds for one judgment.
        extractor: the function that reads a judgment.
    """
    _spark()
    from pyspark.sql.pandas.types import from_arrow_schema

    options = Options(extractor=extractor)

    def extracted(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        extract = Batches(options, time_limit)
        try:
            for batch in batches:
                yield from extract(batch).to_batches()
        finally:
            extract.close()

    columns = [name for name in ("doc_id", "text") if name in frame.columns]
    return frame.select(*columns).mapInArrow(extracted, from_arrow_schema(record_schema()))


def work(todo: list[Todo], setting: Setting) -> Iterator[Marker]:
    """Make all parts, and give their markers. The folders must be the same for the whole cluster."""
    spark = _spark()
    plain = setting.elsewhere()

    def make(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for item in batch.column("id"):
                markers = [orjson.dumps(marker).decode() for marker in made(todo[int(item.as_py())], plain)]
                yield pa.RecordBatch.from_pydict({"marker": markers})

    numbers = spark.range(0, len(todo), 1, len(todo))
    for row in numbers.mapInArrow(make, "marker string").toLocalIterator():
        yield orjson.loads(row["marker"])


def _spark() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ImportError('Spark is not installed; install it with: pip install "panjue[spark]"') from error
    session = SparkSession.getActiveSession()
    if session is None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else any python3 on the path
        builder = SparkSession.builder.appName("panjue").config("spark.ui.showConsoleProgress", "false")
        session = builder.getOrCreate()
    return session
