"""Tag texts with a trained tagger: batches of like length, pieces put together again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from panjue.models.tagger.checkpoint import About, load, save
from panjue.models.tagger.examples import Span
from panjue.models.tagger.windows import Window, pieces, windows

_CHARACTERS = 4096
"""Characters in a batch, padding included."""


class Scored(NamedTuple):
    """A passage that was found, and the score of the network; 0 is even."""

    span: Span
    score: float


class Tagger:
    """A tagger, loaded once; ``tag`` may be called for any texts.

    Raises:
        CheckpointError: the checkpoint is missing or damaged.
        ImportError: torch, transformers or safetensors is missing.
    """

    def __init__(self, folder: Path) -> None:
        """Load a checkpoint."""
        self._network, self._tokenizer, self.about = load(folder)

    @property
    def name(self) -> str:
        """By which a record says what read it: the start of the hash of its weights."""
        return f"tagger/{self.about.weights[:12]}"

    def tag(self, texts: Sequence[str], least: float = 0.0) -> list[list[Scored]]:
        """For each text the passages that score more than ``least``, in order."""
        return tag(self._network, self._tokenizer, self.about, texts, least)

    def read(self, text: str, where: Sequence[tuple[int, int]] | None = None) -> list[Scored]:
        """The passages of a text of any length, which is tagged in pieces of whole sentences, as in training.

        Args:
            text: of a view.
            where: the pieces to read; all, if not given.
        """
        where = list(pieces(text)) if where is None else where
        tagged = self.tag([text[start:end] for start, end in where])
        return [
            Scored(Span(one.span.start + start, one.span.end + start, one.span.label), one.score)
            for (start, _), found in zip(where, tagged, strict=True)
            for one in found
        ]

    def save(self, folder: Path) -> None:
        """Write it to another folder."""
        save(folder, self._network, self._tokenizer, self.about)


def tag(network: Any, tokenizer: Any, about: About, texts: Sequence[str], least: float = 0.0) -> list[list[Scored]]:
    """For each text the passages that score more than ``least``, in order; of overlapping windows the better score."""
    import torch

    best: list[dict[Span, float]] = [{} for _ in texts]
    pieces = [one for one in windows(texts, tokenizer, about.window, about.window // 2) if one.ids]
    pieces.sort(key=lambda one: len(one.ids))
    with torch.inference_mode():
        for batch in _batches(pieces):
            ids, mask = padded([one.ids for one in batch], tokenizer.pad_token_id)
            scores = network(input_ids=ids, attention_mask=mask)["scores"]
            found = (scores > least).nonzero()
            for (row, label, first, last), score in zip(found.tolist(), scores[tuple(found.T)].tolist(), strict=True):
                window = batch[row]
                start, end = window.characters[first], window.characters[last]
                if start >= 0 and end >= 0:
                    span = Span(start, end + 1, about.labels[label])
                    known = best[window.text]
                    known[span] = max(score, known.get(span, score))
    return [sorted(Scored(span, score) for span, score in known.items()) for known in best]


def padded(rows: Sequence[Sequence[int]], fill: int) -> tuple[Any, Any]:
    """Token ids of the same length, and where there is one."""
    import torch

    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def _batches(pieces: Sequence[Window]) -> list[list[Window]]:
    """Pieces of like length together, so that little is padding."""
    batches: list[list[Window]] = []
    for piece in pieces:
        if batches and (len(batches[-1]) + 1) * len(piece.ids) <= _CHARACTERS:
            batches[-1].append(piece)
        else:
            batches.append([piece])
    return batches
