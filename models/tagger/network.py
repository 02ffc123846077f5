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
_LEAST = 1e-37
"""Keeps a logarithm finite."""


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
        first, last = _turned(made[..., ::2]), _turned(made[..., 1::2])
        pairs = torch.einsum("bmd,bnd->bmn", first, last) / _HEAD**0.5
        bias = self.bias(made).transpose(1, 2) / 2
        starts, ends = bias[:, ::2], bias[:, 1::2]
        there = attention_mask.bool()
        pairs = pairs.masked_fill(~(there[:, :, None] & there[:, None, :]).triu(), _LOW)
        if labels is not None:
            return {"loss": span_loss(pairs, starts, ends, labels)}
        return {"scores": pairs[:, None] + starts[..., None] + ends[:, :, None]}


def _turned(states: Tensor) -> Tensor:
    """Rotary positions: the product of two states then depends on their distance."""
    length, size = states.shape[1:]
    steps = torch.arange(0, size, 2, device=states.device, dtype=torch.float32)
    angles = torch.outer(torch.arange(length, device=states.device), 10_000 ** (-steps / size))
    sine, cosine = angles.sin().repeat_interleave(2, 1), angles.cos().repeat_interleave(2, 1)
    swapped = torch.stack([-states[..., 1::2], states[..., ::2]], -1).reshape(states.shape)
    return states * cosine + swapped * sine


def span_loss(pairs: Tensor, starts: Tensor, ends: Tensor, labels: Tensor) -> Tensor:
    """Multi-label cross entropy over the passages of each text and label, without a score for every one of them.

    The score of a passage is a sum of three, so what all passages of a label weigh is a product of matrices. The true ones
    are taken out beforehand, for a difference of such sums would be lost in rounding.

    Args:
        pairs: (texts, first, last) what a passage scores under any label; −10,000 where there is none.
        starts: (texts, labels, first) what its first character adds.
        ends: (texts, labels, last) what its last character adds.
        labels: (texts, n, 3) true passages as label, first, last; −1 fills up.
    """
    text, place = (labels[..., 0] >= 0).nonzero(as_tuple=True)
    label, first, last = labels[text, place].unbind(-1)
    under_each = pairs[text, first, last][:, None] + starts[text, :, first] + ends[text, :, last]
    true = under_each.gather(1, label[:, None])[:, 0]
    size = (len(pairs), starts.shape[1])
    missed = torch.zeros(size, device=pairs.device).index_put((text, label), (-true).exp(), accumulate=True)

    others = pairs.index_put((text, first, last), torch.tensor(_LOW, device=pairs.device))
    tops = [others.amax((1, 2), keepdim=True), starts.amax(2, keepdim=True), ends.amax(2, keepdim=True)]
    weighed = ((starts - tops[1]).exp() @ (others - tops[0]).exp() * (ends - tops[2]).exp()).sum(2)
    wrong = (weighed + _LEAST).log() + tops[0][..., 0] + (tops[1] + tops[2])[..., 0]

    # a passage that is true under one label is wrong under the others
    where = (text * pairs.shape[1] + first) * pairs.shape[2] + last
    same = where[:, None] == where
    is_true = same.float() @ nn.functional.one_hot(label, size[1]).float() > 0
    once = ~(same & torch.ones_like(same).tril(-1)).any(1)
    elsewhere = under_each.exp().masked_fill(is_true | ~once[:, None], 0)
    beside = torch.zeros(size, device=pairs.device).index_add(0, text, elsewhere)
    return (missed.log1p() + torch.logaddexp(wrong, beside.log1p())).sum(1).mean()
