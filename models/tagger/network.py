"""The network: an encoder, and a score for every passage and label, so that passages may overlap and nest.

The head is the efficient GlobalPointer (Su et al. 2022, arXiv:2208.03054): one bilinear score for each pair of first and
last character, turned by their distance (RoPE), to which each label adds what it thinks of either end. The loss asks
every true passage to score above 0 and all others below (Su's multi-label cross entropy), so that no class weighs more
for being rare.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_HEAD = 64
_LOW = -1e4


class SpanTagger(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Scores of shape (texts, labels, characters, characters): how sure it is that a passage has a label; 0 is even."""

    def __init__(self, encoder: Any, labels: int, dropout: float = 0.1) -> None:
        """Put a head for so many labels on an encoder of ``transformers``."""
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.ends = nn.Linear(size, 2 * _HEAD)
        self.bias = nn.Linear(2 * _HEAD, 2 * labels)
        self.labels_count = labels

    def forward(self, input_ids: Tensor, attention_mask: Tensor, labels: Tensor | None = None) -> dict[str, Tensor]:
        """Score all passages.

        Args:
            input_ids: (texts, characters).
            attention_mask: the same shape, 0 where there is no character.
            labels: (texts, n, 3) true passages as label, first, last character; −1 fills up. With them comes ``loss``.
        """
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        made = self.ends(self.dropout(states)).float()
        first, last = made[..., ::2], made[..., 1::2]
        first, last = _turned(first), _turned(last)
        pairs = torch.einsum("bmd,bnd->bmn", first, last) / _HEAD**0.5
        bias = self.bias(made).transpose(1, 2) / 2
        scores = pairs[:, None] + bias[:, ::2, :, None] + bias[:, 1::2, None, :]
        there = attention_mask.bool()
        possible = (there[:, :, None] & there[:, None, :]).triu()
        scores = scores.masked_fill(~possible[:, None], _LOW)
        if labels is None:
            return {"scores": scores}
        return {"loss": _loss(scores, _dense(labels, scores)), "scores": scores}


def _turned(states: Tensor) -> Tensor:
    """Rotary positions: the product of two states then depends on their distance."""
    length, size = states.shape[1:]
    steps = torch.arange(0, size, 2, device=states.device, dtype=torch.float32)
    angles = torch.outer(torch.arange(length, device=states.device), 10_000 ** (-steps / size))
    sine, cosine = angles.sin().repeat_interleave(2, 1), angles.cos().repeat_interleave(2, 1)
    swapped = torch.stack([-states[..., 1::2], states[..., ::2]], -1).reshape(states.shape)
    return states * cosine + swapped * sine


def _dense(labels: Tensor, scores: Tensor) -> Tensor:
    """1 where a passage is true, of the shape of the scores."""
    target = torch.zeros_like(scores)
    text, place = (labels[..., 0] >= 0).nonzero(as_tuple=True)
    label, first, last = labels[text, place].unbind(-1)
    target[text, label, first, last] = 1
    return target


def _loss(scores: Tensor, target: Tensor) -> Tensor:
    """Multi-label cross entropy over the passages of each text and label."""
    scores = scores.flatten(2)
    target = target.flatten(2)
    signed = (1 - 2 * target) * scores
    zero = torch.zeros_like(signed[..., :1])
    wrong = torch.cat([signed.masked_fill(target.bool(), 2 * _LOW), zero], -1)
    missed = torch.cat([signed.masked_fill(~target.bool(), 2 * _LOW), zero], -1)
    return (wrong.logsumexp(-1) + missed.logsumexp(-1)).sum(1).mean()
