"""Train a tagger on marked examples."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from panjue.models.fitting import Course, fit
from panjue.models.restoring.noise import noisy
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
    noise: float = 0.0
    """Of the characters of an example, how many at most are misread (``panjue.models.restoring.noise``)."""
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

    The encoder may be any of ``transformers``: a folder, or a name that its hub or cache knows.

    Raises:
        OSError: there is no such encoder.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer, set_seed

    from panjue.models.tagger.network import SpanTagger

    settings = settings or Training()
    set_seed(settings.seed)
    labels = sorted({span.label for example in examples for span in example.entities})
    numbered = {label: number for number, label in enumerate(labels)}
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    network = SpanTagger(AutoModel.from_pretrained(encoder, dtype=torch.float32), len(labels), settings.dropout)
    pieces = []
    draw = random.Random(settings.seed)  # noqa: S311
    for example in examples:
        text = noisy(example.text, draw.uniform(0, settings.noise), draw) if settings.noise else example.text
        for window in windows([text], tokenizer, settings.window, settings.window // 2):
            pieces.append({"ids": window.ids, "spans": targets(window, example.entities, numbered)})

    def collated(rows: list[dict[str, Any]]) -> dict[str, Any]:
        ids, mask = padded([row["ids"] for row in rows], tokenizer.pad_token_id)
        longest = max([1, *(len(row["spans"]) for row in rows)])
        filled = [[*row["spans"], *[(-1, -1, -1)] * (longest - len(row["spans"]))] for row in rows]
        return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor(filled)}

    head = [parameter for name, parameter in network.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {"params": list(network.encoder.parameters()), "lr": settings.rate},
        {"params": head, "lr": settings.head_rate},
    ]
    course = Course(
        steps=math.ceil(len(pieces) / settings.batch * settings.epochs),
        batch=settings.batch,
        rate=settings.rate,
        warmup=settings.warmup,
        seed=settings.seed,
    )
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.decay)
    fit(network, pieces, collated, out, course, optimizer=optimizer, resume=resume)
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
