"""A tagger on disk: a folder with its encoder's configuration, its characters, its weights, and what it was made from.

Nothing in it is executed: weights are safetensors, the rest is JSON. A folder that is missing, incomplete or changed since
it was written is refused with the reason.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from panjue.models.tagger.network import SpanTagger

ABOUT = "tagger.json"
_WEIGHTS = "model.safetensors"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says why, and what to do."""


class About(Struct, frozen=True, kw_only=True):
    """What a tagger is and how it came to be."""

    labels: list[str]
    window: int
    """Characters that it reads at once."""
    encoder: str
    """Where the encoder came from: a folder's or a hub's name."""
    data: str
    """Hash of the examples it was trained on."""
    examples: int
    settings: dict[str, Any]
    toolkit: str
    scores: dict[str, float] = {}
    """Measured when it was trained: strict precision, recall, F1."""
    weights: str = ""
    """Hash of the file of weights."""


def save(folder: Path, tagger: SpanTagger, tokenizer: Any, about: About) -> None:
    """Write all files; weights in half precision."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tagger.encoder.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    weights = {name: tensor.half().contiguous() for name, tensor in tagger.state_dict().items()}
    save_file(weights, folder / _WEIGHTS)
    digest = sha256((folder / _WEIGHTS).read_bytes()).hexdigest()
    written = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(about, weights=digest)))
    (folder / ABOUT).write_bytes(written + b"\n")


def about(folder: Path) -> About:
    """What a checkpoint says of itself.

    Raises:
        CheckpointError: it is no checkpoint, or a damaged one.
    """
    path = folder / ABOUT
    if not path.exists():
        raise CheckpointError(f"{folder} is no tagger: it has no {ABOUT}; panjue train tagger … -o {folder} makes one")
    try:
        found = msgspec.json.decode(path.read_bytes(), type=About)
    except msgspec.DecodeError as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    weights = folder / _WEIGHTS
    if not weights.exists():
        raise CheckpointError(f"{folder} has lost its weights: there is no {_WEIGHTS}")
    if sha256(weights.read_bytes()).hexdigest() != found.weights:
        raise CheckpointError(f"{weights} is not the file that was written with {ABOUT}; copy the checkpoint again")
    return found


def load(folder: Path) -> tuple[SpanTagger, Any, About]:
    """The tagger in single precision, ready to tag, its tokenizer, and what it is.

    Raises:
        CheckpointError: as ``about``.
        ImportError: torch, transformers or safetensors is missing.
    """
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    from panjue.models.tagger.network import SpanTagger

    known = about(folder)
    encoder = AutoModel.from_config(AutoConfig.from_pretrained(folder, local_files_only=True))
    tagger = SpanTagger(encoder, len(known.labels))
    tagger.load_state_dict({name: tensor.float() for name, tensor in load_file(folder / _WEIGHTS).items()})
    return tagger.eval(), AutoTokenizer.from_pretrained(folder, local_files_only=True), known
