"""Long texts in pieces that overlap, and characters as an encoder's tokens, with the way back to the character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from panjue.models.tagger.examples import Span

LENGTH = 240
"""Characters of a piece of whole sentences, if one is not longer."""
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")


class Window(NamedTuple):
    """A piece of a text: where it begins, its tokens, and of each token the character (−1: of none)."""

    text: int
    start: int
    ids: list[int]
    characters: list[int]


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where a text can be cut: whole sentences put together as long as they fit.

    >>> list(pieces("甲。" * 200))
    [(0, 240), (240, 400)]
    """
    start = end = 0
    for match in _SENTENCE.finditer(text):
        if match.end() - start > LENGTH and end > start:
            yield start, end
            start = match.start()
        end = match.end()
    if text[start:end].strip():
        yield start, end


def windows(texts: Sequence[str], tokenizer: Any, size: int, stride: int) -> Iterator[Window]:
    """Pieces of ``size`` characters, one beginning ``stride`` after the other; a text that is shorter is one piece.

    Each character is given to the tokenizer as a word of its own, so that any encoder of Chinese reads the same
    positions. A character of which it makes more than one token keeps the first; one of which it makes none has none.
    """
    for number, text in enumerate(texts):
        start = 0
        while True:
            piece = text[start : start + size]
            encoded = tokenizer(list(piece), is_split_into_words=True, add_special_tokens=True)
            characters, last = [], None
            for word in encoded.word_ids():
                characters.append(-1 if word is None or word == last else start + word)
                last = word
            yield Window(number, start, encoded["input_ids"], characters)
            if start + size >= len(text):
                break
            start += stride


def targets(window: Window, spans: Sequence[Span], labels: dict[str, int]) -> list[tuple[int, int, int]]:
    """The spans that lie wholly in a window, as label, first and last token."""
    place = {character: token for token, character in enumerate(window.characters) if character >= 0}
    return [
        (labels[span.label], place[span.start], place[span.end - 1])
        for span in spans
        if span.start in place and span.end - 1 in place
    ]
