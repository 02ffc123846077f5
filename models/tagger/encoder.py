"""A compact encoder of characters, made from judgments alone: what the tagger stands on where no other is named.

A judgment is read as the text of its view (``panjue.extractors.view``), one character one token. The encoder is a small
ModernBERT (Warner et al. 2024, arXiv:2412.13663) trained to restore masked characters; short runs are masked and not
single characters, since a Chinese word is one to four (whole-word masking, Cui et al. 2021, arXiv:1906.08101). The
folder written is an ordinary checkpoint of ``transformers``: any other encoder can stand in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panjue.extractors.view import View

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[MASK]", "[SEP]")
_PAD, _UNKNOWN, _MASK, _SEPARATOR = range(4)
_RUN = (0.5, 0.3, 0.2)
"""How often a masked run has one, two, three characters."""


@dataclass(frozen=True)
class Pretraining:
    """Settings of ``pretrain``; the defaults give the encoder that is shipped."""

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
        pad_token=SPECIAL[_PAD],
        unk_token=SPECIAL[_UNKNOWN],
        mask_token=SPECIAL[_MASK],
        sep_token=SPECIAL[_SEPARATOR],
    )


def pretrain(texts: Iterable[str], out: Path, settings: Pretraining | None = None, *, resume: bool = False) -> None:
    """Train an encoder on ``texts`` and write it to ``out``, with its tokenizer.

    On a GPU, or a processor that knows it, in bfloat16. What was done is in ``out/trainer_state.json`` (loss by step).

    Args:
        texts: judgments as obtained.
        out: a folder; holds checkpoints while training goes on.
        settings: size and course of the training.
        resume: go on from the last checkpoint in ``out``.
    """
    import torch
    from transformers import ModernBertConfig, ModernBertForMaskedLM, Trainer, TrainingArguments, set_seed

    settings = settings or Pretraining()
    set_seed(settings.seed)
    read = [View(text).text for text in texts]
    tokenizer = character_tokenizer(read, settings.rarest)
    blocks = list(_blocks(read, tokenizer, settings.block))
    model = ModernBertForMaskedLM(
        ModernBertConfig(
            vocab_size=len(tokenizer),
            hidden_size=settings.hidden,
            intermediate_size=settings.feed_forward,
            num_hidden_layers=settings.layers,
            num_attention_heads=settings.heads,
            local_attention=64,
            max_position_embeddings=1024,
            pad_token_id=_PAD,
            bos_token_id=None,
            cls_token_id=None,
            eos_token_id=None,
            sep_token_id=_SEPARATOR,
            sparse_prediction=True,
        )
    )
    arguments = TrainingArguments(
        output_dir=str(out),
        max_steps=settings.steps,
        per_device_train_batch_size=settings.batch,
        learning_rate=settings.rate,
        weight_decay=0.01,
        warmup_steps=max(1, settings.steps // 15),
        lr_scheduler_type="linear",
        use_cpu=not torch.cuda.is_available(),
        bf16=has_bfloat16(),
        logging_steps=max(1, settings.steps // 100),
        save_steps=max(1, settings.steps // 8),
        save_total_limit=1,
        seed=settings.seed,
        report_to="none",
        remove_unused_columns=False,
        dataloader_drop_last=True,
    )
    generator = torch.Generator().manual_seed(settings.seed)

    def masked(rows: list[Tensor]) -> dict[str, Any]:
        return mask_runs(torch.stack(rows), settings.masked, len(tokenizer), generator)

    trainer = Trainer(model=model, args=arguments, train_dataset=blocks, data_collator=masked)
    trainer.train(resume_from_checkpoint=resume)
    trainer.save_state()
    model.half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "pretraining.json").write_text(_json(asdict(settings)), encoding="utf-8")


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
    seen = tokens.masked_fill(hidden & (chance < 0.8), _MASK)
    seen = torch.where(hidden & (chance >= 0.9), other, seen)
    return {
        "input_ids": seen,
        "attention_mask": torch.ones_like(seen),
        "labels": tokens.masked_fill(~hidden, -100),
    }


def _blocks(texts: list[str], tokenizer: PreTrainedTokenizerFast, size: int) -> Iterator[Tensor]:
    """The texts one after the other, cut into pieces of ``size`` tokens; the rest is left out."""
    import torch

    ids = tokenizer.get_vocab()
    joined = [i for text in texts for i in (*(ids.get(character, _UNKNOWN) for character in text), _SEPARATOR)]
    yield from torch.tensor(joined).split(size)[: len(joined) // size]


def has_bfloat16() -> bool:
    """Whether bfloat16 is faster than float32 here: on a GPU that has it, or by AVX-512."""
    import torch

    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported())


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
