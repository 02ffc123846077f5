"""Ray Data: a run whose shards are worked on by a cluster, and extraction over a dataset that is there already."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from panjue.run.batches import Batches
from panjue.run.guard import TIME_LIMIT
from panjue.run.jobs import Options
from panjue.run.part import Marker
from panjue.run.shards import Setting, Todo, made

if TYPE_CHECKING:
    from ray.data import Dataset


def extract_dataset(
    dataset: Dataset,
    *,
    workers: int | None = None,
    batch_size: int = 256,
    time_limit: int = TIME_LIMIT,
    extractor: str = Options().extractor,
) -> Dataset:
    """Judgments in, records out, lazily: row for row what :func:`panjue.extract_batch` gives.

    A judgment that takes longer than ``time_limit`` seconds, or brings its process down, is a row with an ``error``.
    To be written exactly once, write the result with Ray's own writers, which leave out files of tasks that failed.

    Args:
        dataset: columns ``text`` and, if there is one, ``doc_id``.
        workers: how many actors; by default as many as there are processors.
        batch_size: judgments that are handed over at once.
        time_limit: seconds for one judgment.
        extractor: the function that reads a judgment.
    """
    ray = _ray()
    number = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    return dataset.map_batches(
        Batches,
        fn_constructor_args=(Options(extractor=extractor), time_limit),
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=ray.data.ActorPoolStrategy(size=number),
    )


def apply_model(dataset: Dataset, model: type, *, num_gpus: float = 1, workers: int = 1, **how: Any) -> Dataset:
    """Let a model go over a dataset, its records or its judgments, on actors that each hold it once.

    Args:
        dataset: what the model takes.
        model: a class whose instances map an Arrow table to another; it is made on the actor, so the model is loaded
            there, onto the GPU that Ray has set aside for it.
        num_gpus: GPUs of each actor; 0 for a model that needs none.
        workers: how many actors.
        how: further arguments of ``Dataset.map_batches``.
    """
    ray = _ray()
    return dataset.map_batches(
        model,
        batch_format="pyarrow",
        num_gpus=num_gpus,
        compute=ray.data.ActorPoolStrategy(size=workers),
        **how,
    )


def work(todo: list[Todo], setting: Setting) -> Iterator[Marker]:
    """Make all parts, and give their markers. The folders must be the same for the whole cluster."""
    ray = _ray()
    plain = setting.elsewhere()

    def make(row: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"marker": marker} for marker in made(todo[row["id"]], plain)]

    rows = ray.data.range(len(todo), override_num_blocks=len(todo)).flat_map(
        make, compute=ray.data.TaskPoolStrategy(size=setting.jobs)
    )
    for row in rows.iter_rows():
        yield row["marker"]


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ImportError('Ray is not installed; install it with: pip install "panjue[ray]"') from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
        ray.data.DataContext.get_current().enable_progress_bars = False  # a run has its own
        logging.getLogger("ray.data").setLevel(logging.WARNING)
    return ray
