"""All engines give the same rows for the same judgments, of which one breaks, one hangs and one leaves the BMP."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faulty
import pyarrow as pa
import pytest
from generated import judgments

from panjue.extractors.arrow import as_row, error_row
from panjue.run import Options, Progress, records_of, run
from panjue.run.batches import Batches
from panjue.run.shards import Todo

COUNT, LIMIT = 500, 5
OPTIONS = Options(extractor="faulty:extract")
HELPERS = str(Path(faulty.__file__).parent)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def table() -> pa.Table:
    texts = list(judgments(COUNT))
    texts[100] += faulty.RAISES
    texts[200] += faulty.HANGS
    texts[300] = texts[300].replace("被告人", "被告人𠮷", 1)
    return pa.table({"doc_id": [f"j{number:03}" for number in range(COUNT)], "text": texts})


@pytest.fixture(scope="module")
def paths(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The same in files: some small enough to be a group, one that is streamed."""
    folder = tmp_path_factory.mktemp("in")
    for name, rows in {"a": table[:40], "b": table[40:80], "c": table[80:]}.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows.to_pylist()]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return [str(folder)]


@pytest.fixture(scope="module")
def local(paths: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local")
    counts = run(paths, out, OPTIONS, jobs=2, time_limit=LIMIT).counts
    assert (counts["read"], counts["failed"]) == (COUNT, 2)
    return out


@pytest.fixture(scope="module")
def rows(local: Path) -> Rows:
    """What the run on this machine gave, as rows of a dataset."""
    found = [{**as_row(record), "error": None} for record in records_of(local)]
    for line in (local / "errors.jsonl").read_text("utf-8").splitlines():
        failure = json.loads(line)
        found.append(error_row(failure["doc_id"], failure["error"], failure["reason"]))
    return _sorted(pa.Table.from_pylist(found, schema=Batches()(pa.table({"text": pa.array([], "string")})).schema))


def _sorted(table: pa.Table) -> Rows:
    return table.sort_by("doc_id").to_pylist()


def _content(out: Path) -> dict[str, bytes]:
    files = [path for path in out.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_batches(table: pa.Table, rows: Rows) -> None:
    extract = Batches(OPTIONS, LIMIT)
    found = pa.concat_tables([extract(batch) for batch in table.to_batches(max_chunksize=64)])
    extract.close()
    assert found["doc_id"].to_pylist() == table["doc_id"].to_pylist()
    assert _sorted(found) == rows


def test_a_missing_text_is_an_error() -> None:
    extract = Batches()
    found = extract(pa.table({"doc_id": ["a", "b"], "text": ["判决书", None]}))
    extract.close()
    assert found["error"].to_pylist() == [None, "ValueError: the text is missing"]


class Finished(Progress):
    """Which parts were made."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.todo: list[Todo] = []

    def part(self, marker: Any) -> None:
        self.parts.append(marker["part"])


def _goes_on(paths: list[str], out: Path, local: Path, engine: str) -> None:
    """A run by this engine gives the same bytes, and makes again only the part that is missing."""
    run(paths, out, OPTIONS, jobs=2, time_limit=LIMIT, engine=engine)
    assert _content(out) == _content(local)
    first = min((out / "parts").iterdir())
    (first / "done.json").unlink()
    (out / "summary.json").unlink()
    made = Finished()
    run(paths, out, OPTIONS, jobs=2, time_limit=LIMIT, engine=engine, progress=made)
    assert made.parts == [first.name]
    assert _content(out) == _content(local)


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    ray = pytest.importorskip("ray")
    environment = {"env_vars": {"PYTHONPATH": HELPERS}}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=environment)
    yield ray
    ray.shutdown()


@pytest.mark.engines
def test_ray_dataset(ray: Any, table: pa.Table, rows: Rows) -> None:
    from panjue.run.on_ray import extract_dataset

    dataset = ray.data.from_arrow([table[:250], table[250:]])
    found = extract_dataset(dataset, time_limit=LIMIT, extractor=OPTIONS.extractor, batch_size=64)
    assert _sorted(pa.concat_tables(ray.get(found.to_arrow_refs()))) == rows


@pytest.mark.engines
def test_ray_run(ray: Any, paths: list[str], local: Path, tmp_path: Path) -> None:
    _goes_on(paths, tmp_path, local, "ray")


class Lengths:
    """A model: made once on its actor."""

    def __call__(self, batch: pa.Table) -> pa.Table:
        return pa.table({"doc_id": batch["doc_id"].to_pylist(), "length": [len(str(text)) for text in batch["text"]]})


@pytest.mark.engines
def test_ray_model(ray: Any, table: pa.Table) -> None:
    from panjue.run.on_ray import apply_model

    found = apply_model(ray.data.from_arrow(table), Lengths, num_gpus=0)
    lengths = {row["doc_id"]: row["length"] for row in found.take_all()}
    assert lengths == {row["doc_id"]: len(row["text"]) for row in table.to_pylist()}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [HELPERS, os.environ.get("PYTHONPATH")]))
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


@pytest.mark.engines
def test_spark_dataframe(spark: Any, table: pa.Table, rows: Rows) -> None:
    from panjue.run.on_spark import extract_dataframe

    frame = spark.createDataFrame(table)
    found = extract_dataframe(frame, time_limit=LIMIT, extractor=OPTIONS.extractor)
    assert _sorted(found.toArrow()) == rows


@pytest.mark.engines
def test_spark_run(spark: Any, paths: list[str], local: Path, tmp_path: Path) -> None:
    _goes_on(paths, tmp_path, local, "spark")
