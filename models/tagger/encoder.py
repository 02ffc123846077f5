"""A compact encoder of characters, made from judgments alone: what the tagger stands on where no other is named.

A judgment is read as the text of its view (``panjue.extractors.view``), one character one token. The encoder is a small
ModernBERT (Warner et al. 2024, arXiv:2412.13663) trained to restore masked characters; short runs are masked and not
single characters, since a Chinese word is one to four (whole-word masking, Cui et al. 2021, arXiv:1906.08101). The
folder written is an ordinary checkpoint of ``transformers``: any other encoder can stand in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from panjue.extractors.view import View
from panjue.models.fitting import Course, fit

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[MASK]", "[SEP]")
PAD, UNKNOWN, MASK, SEPARATOR = range(len(SPECIAL))
_RUN = (0.5, 0.3, 0.2)
"""How often a masked run has one, two, three characters."""


class Pretraining(Struct, frozen=True, kw_only=True):
    """Settings of ``pretrain``; the defaults are for a processor. What was shipped went on from such an encoder."""

    hidden: int = 256
    feed_forward: int = 384
    layers: int = 6
    heads: int = 4
    rarest: int = 5
    """A character printed less often in the texts than this is unknown to the encoder."""
    block: int = 256
    """Characters read at once."""
    batch: int = 32
    steps: int = 2400
    rate: float = 1e-3
    warmup: float = 1 / 15
    masked: float = 0.2
    seed: int = 20180


def character_tokenizer(texts: Iterable[str], rarest: int = 1) -> PreTrainedTokenizerFast:
    """One token for each character that occurs at least ``rarest`` times in the texts."""
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import PreTrainedTokenizerFast

    counts = Counter[str]()
    for text in texts:
        counts.update(text)
    known = sorted(character for character, count in counts.items() if count >= rarest)
    tokenizer = Tokenizer(WordLevel({token: i for i, token in enumerate([*SPECIAL, *known])}, unk_token=SPECIAL[1]))
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=SPECIAL[PAD],
        unk_token=SPECIAL[UNKNOWN],
        mask_token=SPECIAL[MASK],
        sep_token=SPECIAL[SEPARATOR],
    )


def pretrain(
    texts: Iterable[str],
    out: Path,
    settings: Pretraining | None = None,
    *,
    start: Path | None = None,
    resume: bool = False,
) -> None:
    """Train an encoder on ``texts`` and write it to ``out``, with its tokenizer.

    Args:
        texts: judgments as obtained.
        out: a folder; holds checkpoints while training goes on.
        settings: size and course of the training.
        start: an encoder to go on from, which has its own size and characters.
        resume: go on from the last checkpoint in ``out``.

    Raises:
        OSError: there is no encoder in ``start``.
    """
    import torch
    from transformers import set_seed

    settings = settings or Pretraining()
    set_seed(settings.seed)
    read = [View(text).text for text in texts]
    tokenizer, model = masked_model(start) if start else _fresh(read, settings)
    settings = structs.replace(  # what is written tells the size of what was trained
        settings,
        hidden=model.config.hidden_size,
        feed_forward=model.config.intermediate_size,
        layers=model.config.num_hidden_layers,
        heads=model.config.num_attention_heads,
    )
    pieces = blocks(read, tokenizer.get_vocab(), settings.block)
    generator = torch.Generator().manual_seed(settings.seed)

    def masked(rows: list[Tensor]) -> dict[str, Any]:
        return mask_runs(torch.stack(rows), settings.masked, len(tokenizer), generator)

    course = Course(
        steps=settings.steps, batch=settings.batch, rate=settings.rate, warmup=settings.warmup, seed=settings.seed
    )
    fit(model, pieces, masked, out, course, resume=resume)
    model.half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "pretraining.json").write_bytes(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")


def masked_model(folder: Path) -> tuple[PreTrainedTokenizerFast, Any]:
    """The tokenizer in ``folder``, and its model, which says what masked characters were.

    Raises:
        OSError: there is no such model.
    """
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    model = AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32)
    model.config.sparse_prediction = model.sparse_prediction = True
    return AutoTokenizer.from_pretrained(folder), model


def _fresh(texts: list[str], settings: Pretraining) -> tuple[PreTrainedTokenizerFast, Any]:
    """A tokenizer of the characters in the texts, and a model that has learnt nothing yet."""
    from transformers import ModernBertConfig, ModernBertForMaskedLM

    tokenizer = character_tokenizer(texts, settings.rarest)
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=settings.hidden,
        intermediate_size=settings.feed_forward,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        local_attention=64,
        max_position_embeddings=1024,
        pad_token_id=PAD,
        bos_token_id=None,
        cls_token_id=None,
        eos_token_id=None,
        sep_token_id=SEPARATOR,
        sparse_prediction=True,
    )
    return tokenizer, ModernBertForMaskedLM(config)


def mask_runs(tokens: Tensor, share: float, vocabulary: int, generator: Any) -> dict[str, Tensor]:
    """Hide about ``share`` of the tokens in short runs: of these 80 % by the mask, 10 % by another character.

    Returns ``input_ids``, ``attention_mask`` and ``labels`` (what was hidden; -100 where nothing was), each of the
    shape of ``tokens``.
    """
    import torch

    mean = sum(length * p for length, p in enumerate(_RUN, 1))
    starts = torch.rand(tokens.shape, generator=generator) < share / mean
    lengths = 1 + torch.multinomial(torch.tensor(_RUN), tokens.numel(), replacement=True, generator=generator)
    lengths = lengths.reshape(tokens.shape)
    hidden = starts.clone()
    for further in range(1, len(_RUN)):
        hidden[:, further:] |= starts[:, :-further] & (lengths[:, :-further] > further)
    hidden &= tokens >= len(SPECIAL)
    chance = torch.rand(tokens.shape, generator=generator)
    other = torch.randint(len(SPECIAL), vocabulary, tokens.shape, generator=generator)
    seen = tokens.masked_fill(hidden & (chance < 0.8), MASK)
    seen = torch.where(hidden & (chance >= 0.9), other, seen)
    return {
        "input_ids": seen,
        "attention_mask": torch.ones_like(seen),
        "labels": tokens.masked_fill(~hidden, -100),
    }


def blocks(texts: Iterable[str], vocabulary: dict[str, int], size: int) -> list[Tensor]:
    """The texts one after the other, cut into pieces of ``size`` tokens; what is left at the end is dropped."""
    import torch

    joined = [i for text in texts for i in (*(vocabulary.get(character, UNKNOWN) for character in text), SEPARATOR)]
    return list(torch.tensor(joined).split(size)[: len(joined) // size])
