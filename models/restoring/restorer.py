"""Put misread characters right, where the model is sure and the character looks like what it should have been.

A text in which little looks misread is left alone; so is one where the model does not agree. A figure (一, 二, 3) is never
changed into another, whatever the model thinks, and what is no figure becomes one only if it looks like it: a term that was
guessed would look like one that was read.
"""

from __future__ import annotations

import importlib.util
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from panjue.extractors.view import View
from panjue.models.restoring.changes import Change, Restored
from panjue.models.restoring.charges import misread_charges
from panjue.models.restoring.names import misread_names
from panjue.models.restoring.noise import alike
from panjue.models.tagger.encoder import MASK, PAD, SPECIAL, UNKNOWN
from panjue.models.tagger.tagger import padded

FOLDER = Path(str(files("panjue.models.restoring"))) / "checkpoint"
FILES = ("config.json", "model.safetensors", "pairs.npz", "tokenizer.json")
_SIZE, _MARGIN = 256, 32
_NEAR = 48
"""Characters to either side that are read to decide on one suspect."""
_BATCH = 16
_FIGURES = frozenset("0123456789零〇一二两三四五六七八九十百千万亿")
_DENIALS = frozenset("不未无非没否免")
"""What would turn a sentence into its contrary is not put in."""
_SUSPECT = 1 / 1000
"""Suspects by character that make a text worth a look: one in five clean judgments of courts that the pairs do not know has so many, 99 in
100 noisy ones."""
_NOISY = 0.3 / 1000
"""Suspects by character that the model would change: then the whole text is read."""
_SURE, _ALIKE = 0.95, 0.6
"""How probable a restored character must be; the second if it looks like the one printed."""
_LOST = 0.9
"""How probable a character that was lost must be."""
_DOUBT = 0.1
"""How probable the printed character may be at most."""


# What follows is a name, and a name that is rare is not misread for that.
_NAMED = re.compile(
    r"(?:被告人|上诉人|被害人|证人|辩护人|代理人|审判长|审判员|陪审员|书记员|法官助理|检察员)(?:（[^（）]{1,12}）)?"
    r"(?P<name>[^，。、；：（）]{2,3})"
)


class RestorerError(ValueError):
    """A restorer that cannot be used; the message says why."""


class Restorer:
    """A restorer, loaded once.

    Raises:
        RestorerError: the checkpoint is missing, incomplete or damaged.
        ImportError: torch, transformers or numpy is missing.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load a checkpoint."""
        check(folder)
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForMaskedLM, AutoTokenizer

        try:
            self._model = AutoModelForMaskedLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
        except (SafetensorError, OSError, RuntimeError) as error:
            raise RestorerError(f"{folder} is damaged, copy it again: {error}") from error
        self._model.eval()
        self._ids: dict[str, int] = AutoTokenizer.from_pretrained(folder, local_files_only=True).get_vocab()
        self._letters = {number: token for token, number in self._ids.items()}
        from panjue.models.restoring.pairs import Pairs  # needs NumPy

        self._pairs = Pairs(folder / "pairs.npz")

    def restore(self, text: str, *, always: bool = False) -> Restored:
        """The text with misread characters put right and lost ones put back.

        Args:
            text: as obtained.
            always: read the whole text, whether it looks noisy or not.
        """
        view = View(text)
        letters = view.text
        if not letters or not (always or self._noisy(letters)):
            return Restored(text, ())
        names = _places_of_names(letters)
        step = _SIZE - 2 * _MARGIN
        windows = [
            (
                start,
                start + _MARGIN if start else 0,
                start + step + _MARGIN if start + _SIZE < len(letters) else len(letters),
            )
            for start in range(0, max(1, len(letters) - 2 * _MARGIN), step)
        ]
        misread = {p: change for p, change in self._misread(letters, windows, _SIZE).items() if p not in names}
        better = "".join(
            misread[place].restored if place in misread else letter for place, letter in enumerate(letters)
        )
        found = {(place, True): change for place, change in misread.items()}
        # what the text or the law says of a word goes before what the model thinks of a character
        for change in (*self._lost(better, names), *misread_charges(better), *misread_names(better)):
            found[change.place, bool(change.printed)] = change
        return Restored(text, [_of_text(change, view) for change in found.values()])

    def _noisy(self, letters: str) -> bool:
        """Whether enough of the text looks misread, and the model agrees."""
        suspects = self._pairs.suspects(letters)
        if len(suspects) < max(1, _SUSPECT * len(letters)):
            return False
        names = _places_of_names(letters)
        near = [(max(0, place - _NEAR), place, place + 1) for place in suspects]
        agreed = [
            place
            for place in self._misread(letters, near, 2 * _NEAR)
            # what is printed so again and again is a rare name or word rather than a scan's error
            if place not in names and min(map(letters.count, _pairs_at(letters, place))) == 1
        ]
        return len(agreed) >= max(1, _NOISY * len(letters))

    def _lost(self, letters: str, names: set[int]) -> list[Change]:
        """Characters that were lost: between two that hardly ever stand together, one that makes frequent pairs with both."""
        places = [place + 1 for place in self._pairs.rare(letters) if not {place, place + 1} & names]
        hidden = [self._hidden(letters, place) for place in places]
        found = []
        for at in range(0, len(places), _BATCH):
            logits = self._logits([row for row, _ in hidden[at : at + _BATCH]])
            for place, (_, column), scores in zip(places[at:], hidden[at:], logits, strict=False):
                probability, best = scores[column].softmax(-1).max(-1)
                letter = self._letters[int(best)]
                around = letters[place - 1] + letter + letters[place]
                if float(probability) >= _LOST and letter not in _FIGURES | _DENIALS and self._pairs.frequent(around):
                    found.append(Change(place, "", letter, float(probability)))
        return found

    def _hidden(self, letters: str, place: int) -> tuple[list[int], int]:
        """Tokens around ``place`` with a hidden one put in, and where that stands."""
        before, after = letters[max(0, place - _NEAR) : place], letters[place : place + _NEAR]
        return [*self._tokens(before), MASK, *self._tokens(after)], len(before)

    def _tokens(self, letters: str) -> list[int]:
        return [self._ids.get(one, UNKNOWN) for one in letters]

    def _logits(self, rows: list[list[int]]) -> Any:
        import torch

        tokens, mask = padded(rows, PAD)
        with torch.inference_mode():
            logits = self._model(input_ids=tokens, attention_mask=mask).logits.float()
            logits[..., : len(SPECIAL)] = -torch.inf
        return logits

    def _misread(self, letters: str, windows: list[tuple[int, int, int]], size: int) -> dict[int, Change]:
        """By place the character it should be; of each window (start, first, last) only from ``first`` to ``last``."""
        found: dict[int, Change] = {}
        for at in range(0, len(windows), _BATCH):
            batch = windows[at : at + _BATCH]
            rows = [self._tokens(letters[start : start + size]) for start, _, _ in batch]
            tokens, _ = padded(rows, PAD)
            logits = self._logits(rows)
            whole = logits.logsumexp(-1)
            top, best = logits.max(-1)
            sure = (top - whole).exp()
            printed = (logits.gather(2, tokens[..., None])[..., 0] - whole).exp()
            doubtful = (best != tokens) & (printed <= _DOUBT) & (sure >= _ALIKE)
            for row, column in doubtful.nonzero().tolist():
                start, first, last = batch[row]
                place, now = start + column, self._letters[int(best[row, column])]
                probability = float(sure[row, column])
                inside = first <= place < min(last, len(letters))
                if inside and allowed(letters[place], now, probability) and not self._fits(letters, place, now):
                    found[place] = Change(place, letters[place], now, probability)
        return found

    def _fits(self, letters: str, place: int, now: str) -> bool:
        """Whether what is printed makes sense: frequent pairs, or for a character that does not look alike any known ones."""
        around = letters[max(0, place - 1) : place + 2]
        return self._pairs.frequent(around) if alike(letters[place], now) else not self._pairs.rare(around)


def _places_of_names(letters: str) -> set[int]:
    return {place for match in _NAMED.finditer(letters) for place in range(*match.span("name"))}


def _of_text(change: Change, view: View) -> Change:
    """A change of the view's text as one of the text as obtained; what was lost stood after the character before it."""
    if change.printed:
        place = view.original(change.place, change.place + 1)[0]
        return change._replace(place=place, printed=view.raw[place])
    return change._replace(place=view.original(change.place - 1, change.place)[1] if change.place else 0)


def _pairs_at(letters: str, place: int) -> tuple[str, str]:
    """The character with the one before it, and with the one after it."""
    return letters[max(0, place - 1) : place + 1], letters[place : place + 2]


def check(folder: Path = FOLDER) -> None:
    """Whether a restorer could be loaded, without loading it.

    Raises:
        RestorerError: the checkpoint is missing or incomplete.
        ImportError: torch, transformers or numpy is missing.
    """
    for name in ("numpy", "torch", "transformers"):
        if importlib.util.find_spec(name) is None:
            raise ImportError(f"{name} is not installed", name=name)
    for name in FILES:
        if not (folder / name).exists():
            raise RestorerError(f"{folder} is no restorer: there is no {name}")


def allowed(printed: str, restored: str, probability: float) -> bool:
    """Whether a character may be taken for another.

    >>> allowed("徙", "徒", 0.9), allowed("二", "三", 0.999), allowed("穴", "六", 0.9), allowed("啊", "六", 0.999)
    (True, False, True, False)
    """
    if printed in _FIGURES or not ("一" <= printed <= "鿿") or not ("一" <= restored <= "鿿"):
        return False
    similar = alike(printed, restored)
    if restored in _FIGURES and not similar:
        return False
    return probability >= (_ALIKE if similar else _SURE)
