"""Train the restorer: the encoder of characters, taught to say what a noisy character was."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from panjue.extractors.view import View
from panjue.models.fitting import Course, fit
from panjue.models.restoring.noise import OTHERS, lookalikes
from panjue.models.tagger.encoder import MASK, SPECIAL, blocks, masked_model


class Teaching(Struct, frozen=True, kw_only=True):
    """Settings of ``train_restorer``; the restorer that is shipped has its own in ``checkpoint/teaching.json``."""

    block: int = 256
    batch: int = 16
    steps: int = 1500
    rate: float = 5e-4
    warmup: float = 0.05
    most: float = 0.12
    """Noise of a block: evenly drawn from none to this."""
    hidden: float = 0.2
    """Of the noise, characters that are hidden altogether: so it learns, too, what a lost character was."""
    copied: float = 0.15
    """Of the characters that are right, how many it is asked for too."""
    seed: int = 20180


def train_restorer(
    encoder: Path, texts: Iterable[str], out: Path, settings: Teaching | None = None, *, resume: bool = False
) -> None:
    """Go on training ``encoder`` (of ``pretrain``) on texts with noise, and write the restorer to ``out``.

    Raises:
        OSError: there is no such encoder.
    """
    import torch
    from transformers import set_seed

    settings = settings or Teaching()
    set_seed(settings.seed)
    tokenizer, model = masked_model(encoder)
    vocabulary = tokenizer.get_vocab()
    pieces = blocks((View(text).text for text in texts), vocabulary, settings.block)
    alike = _alike(vocabulary)
    generator = torch.Generator().manual_seed(settings.seed)

    def spoiled(rows: list[Any]) -> dict[str, Any]:
        return spoil(torch.stack(rows), alike, settings, generator)

    course = Course(
        steps=settings.steps, batch=settings.batch, rate=settings.rate, warmup=settings.warmup, seed=settings.seed
    )
    fit(model, pieces, spoiled, out, course, resume=resume)
    model.half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "teaching.json").write_bytes(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")


def spoil(tokens: Any, alike: Any, settings: Teaching, generator: Any) -> dict[str, Any]:
    """Noise for a batch: ``input_ids``, ``attention_mask`` and ``labels`` of the shape of ``tokens``.

    Args:
        tokens: (texts, characters), right.
        alike: (vocabulary, n) tokens that look like each, 0 where there are fewer.
        settings: how much.
        generator: of torch.
    """
    import torch

    shape = tokens.shape
    rates = torch.rand((shape[0], 1), generator=generator) * settings.most
    others = alike[tokens]
    chosen = others.gather(2, torch.randint(others.shape[2], (*shape, 1), generator=generator))[..., 0]
    anything = torch.randint(len(SPECIAL), len(alike), shape, generator=generator)
    swap = torch.where(torch.rand(shape, generator=generator) < OTHERS, anything, chosen)
    hit = (torch.rand(shape, generator=generator) < rates) & (others[..., 0] > 0) & (swap > 0)
    asked = hit | ((torch.rand(shape, generator=generator) < settings.copied) & (tokens >= len(SPECIAL)))
    seen = torch.where(hit, swap, tokens)
    seen = seen.masked_fill(hit & (torch.rand(shape, generator=generator) < settings.hidden), MASK)
    return {
        "input_ids": seen,
        "attention_mask": torch.ones_like(seen),
        "labels": tokens.masked_fill(~asked, -100),
    }


def _alike(vocabulary: dict[str, int]) -> Any:
    import torch

    table = torch.zeros((len(vocabulary), 6), dtype=torch.long)
    for character, others in lookalikes().items():
        known = [vocabulary[other] for other in others if other in vocabulary]
        if character in vocabulary and known:
            table[vocabulary[character]] = torch.tensor((known * 6)[:6])
    return table
