"""How every training runs: the trainer of ``transformers``, which can be resumed and keeps the course of the loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct


class Course(Struct, frozen=True, kw_only=True):
    """Steps of a training, and how fast it learns."""

    steps: int
    batch: int
    rate: float
    warmup: float
    """Share of the steps in which the rate rises; then it falls to nothing."""
    seed: int
    decay: float = 0.01


def fit(
    model: Any,
    rows: Sequence[Any],
    collated: Callable[[list[Any]], dict[str, Any]],
    out: Path,
    course: Course,
    *,
    optimizer: Any = None,
    resume: bool = False,
) -> None:
    """Train ``model`` on ``rows``; on a GPU, or a processor that knows it, in bfloat16.

    ``out`` holds a checkpoint while training goes on, and afterwards ``trainer_state.json``, the loss by step.

    Args:
        model: of ``transformers``, or one that gives ``loss`` likewise.
        rows: what it is trained on.
        collated: makes of some rows the arguments of the model.
        out: a folder.
        course: how long and how fast.
        optimizer: where parts of the model learn at rates of their own; else AdamW at the rate of the course.
        resume: go on from the checkpoint in ``out``.
    """
    import torch
    from transformers import Trainer, TrainingArguments

    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(out),
            max_steps=course.steps,
            per_device_train_batch_size=course.batch,
            learning_rate=course.rate,
            weight_decay=course.decay,
            warmup_steps=max(1, round(course.steps * course.warmup)),
            lr_scheduler_type="linear",
            use_cpu=not torch.cuda.is_available(),
            bf16=_has_bfloat16(),
            logging_steps=max(1, course.steps // 100),
            save_steps=max(1, course.steps // 8),
            save_total_limit=1,
            seed=course.seed,
            report_to="none",
            remove_unused_columns=False,
        ),
        train_dataset=rows,
        data_collator=collated,
        optimizers=(optimizer, None),
    )
    trainer.train(resume_from_checkpoint=resume)
    trainer.save_state()


def _has_bfloat16() -> bool:
    """Whether bfloat16 is faster than float32 here: on a GPU that has it, or by AVX-512."""
    import torch

    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported())
