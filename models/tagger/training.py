"""Train a tagger on marked examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from panjue.models.tagger.checkpoint import About, save
from panjue.models.tagger.examples import Example, fingerprint
from panjue.models.tagger.scoring import Strict, strict
from panjue.models.tagger.tagger import padded, tag
from panjue.models.tagger.windows import targets, windows


class Training(Struct, frozen=True, kw_only=True):
    """Settings of ``train``."""

    epochs: float = 20.0
    batch: int = 16
    rate: float = 3e-4
    """Learning rate of the encoder; the head's is ``head_rate``."""
    head_rate: float = 1e-3
    warmup: float = 0.05
    decay: float = 0.01
    dropout: float = 0.1
    window: int = 256
    """Characters read at once; windows of a longer text overlap by half."""
    seed: int = 20180


def train(
    encoder: str,
    examples: Sequence[Example],
    held_out: Sequence[Example],
    out: Path,
    settings: Training | None = None,
    *,
    toolkit: str = "",
    resume: bool = False,
) -> dict[str, Strict]:
    """Train on ``examples``, measure on ``held_out``, write the tagger to ``out``; return the scores by label.

    The encoder may be any of ``transformers``: a folder, or a name that its hub or cache knows. On a GPU, or a processor
    that knows it, in bfloat16. The course of the loss is in ``out/trainer_state.json``.

    Raises:
        OSError: there is no such encoder.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer, Trainer, TrainingArguments, set_seed

    from panjue.models.tagger.encoder import has_bfloat16
    from panjue.models.tagger.network import SpanTagger

    settings = settings or Training()
    set_seed(settings.seed)
    labels = sorted({span.label for example in examples for span in example.entities})
    numbered = {label: number for number, label in enumerate(labels)}
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    network = SpanTagger(AutoModel.from_pretrained(encoder, dtype=torch.float32), len(labels), settings.dropout)
    pieces = []
    for example in examples:
        for window in windows([example.text], tokenizer, settings.window, settings.window // 2):
            pieces.append({"ids": window.ids, "spans": targets(window, example.entities, numbered)})

    def collated(rows: list[dict[str, Any]]) -> dict[str, Any]:
        ids, mask = padded([row["ids"] for row in rows], tokenizer.pad_token_id)
        longest = max(1, *(len(row["spans"]) for row in rows)) if len(rows) > 1 else max(1, len(rows[0]["spans"]))
        filled = [[*row["spans"], *[(-1, -1, -1)] * (longest - len(row["spans"]))] for row in rows]
        return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor(filled)}

    head = [parameter for name, parameter in network.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {"params": list(network.encoder.parameters()), "lr": settings.rate},
        {"params": head, "lr": settings.head_rate},
    ]
    trainer = Trainer(
        model=network,
        args=TrainingArguments(
            output_dir=str(out),
            num_train_epochs=settings.epochs,
            per_device_train_batch_size=settings.batch,
            warmup_steps=settings.warmup,
            lr_scheduler_type="linear",
            use_cpu=not torch.cuda.is_available(),
            bf16=has_bfloat16(),
            logging_steps=50,
            save_strategy="epoch",
            save_total_limit=1,
            seed=settings.seed,
            report_to="none",
            remove_unused_columns=False,
        ),
        train_dataset=pieces,
        data_collator=collated,
        optimizers=(torch.optim.AdamW(groups, weight_decay=settings.decay), None),
    )
    trainer.train(resume_from_checkpoint=resume)
    trainer.save_state()
    network = network.to("cpu").float().eval()
    about = About(
        labels=labels,
        window=settings.window,
        encoder=Path(encoder).name,
        data=fingerprint(list(examples)),
        examples=len(examples),
        settings=msgspec.to_builtins(settings),
        toolkit=toolkit,
    )
    found = tag(network, tokenizer, about, [example.text for example in held_out])
    scores = strict(
        (example.entities, [one.span for one in ours]) for example, ours in zip(held_out, found, strict=True)
    )
    whole = scores["all"]
    measured = {"precision": whole.precision, "recall": whole.recall, "f1": whole.f1}
    save(out, network, tokenizer, msgspec.structs.replace(about, scores=measured))
    return scores
