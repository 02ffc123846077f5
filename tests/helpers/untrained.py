"""A tagger that has learned nothing: small, made in a moment, and it marks the same passages every time."""

from __future__ import annotations

from pathlib import Path

from panjue.models.tagger.checkpoint import About, save
from panjue.models.tagger.encoder import character_tokenizer

LABELS = ["CHARGE", "PERSON"]
WINDOW = 16


def save_untrained(folder: Path, characters: str) -> None:
    """Write a checkpoint that knows these characters."""
    import torch
    from transformers import AutoModel, ModernBertConfig

    from panjue.models.tagger.network import SpanTagger

    torch.manual_seed(7)
    tokenizer = character_tokenizer([characters])
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        pad_token_id=0,
        bos_token_id=None,
        cls_token_id=None,
        eos_token_id=None,
        sep_token_id=3,
    )
    about = About(labels=LABELS, window=WINDOW, encoder="untrained", data="", examples=0, settings={}, toolkit="")
    save(folder, SpanTagger(AutoModel.from_config(config), len(LABELS)).eval(), tokenizer, about)
