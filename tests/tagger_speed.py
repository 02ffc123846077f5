"""The tagger under PyTorch and under ONNX Runtime, on one core: ``python tests/tagger_speed.py TAGGER TEXTS``.

Prints characters a second of both, in turns over the same pieces in batches of like length, and how far their scores differ.
Needs ``pip install onnx onnxscript onnxruntime`` beside panjue[models].
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import click
import torch

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.view import View
from panjue.models.tagger.checkpoint import load
from panjue.models.tagger.tagger import padded
from panjue.models.tagger.windows import pieces, windows

ROUNDS = 3
BATCH = 16
JUDGMENTS = 20


class Scores(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
    """The network with the scores alone."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.network(input_ids=input_ids, attention_mask=attention_mask)["scores"]


def batches(tokenizer: Any, paths: list[Path]) -> list[tuple[Any, Any]]:
    """Tokens and masks of the pieces of some judgments, those of like length together."""
    texts = [View(one.text).text for one in read(paths) if isinstance(one, Judgment)][:JUDGMENTS]
    found = [text[start:end] for text in texts for start, end in pieces(text)]
    rows = sorted((window.ids for window in windows(found, tokenizer, 256, 128)), key=len)
    return [padded(rows[at : at + BATCH], tokenizer.pad_token_id) for at in range(0, len(rows), BATCH)]


def main() -> None:
    import onnxruntime

    torch.set_num_threads(1)
    network, tokenizer, _ = load(Path(sys.argv[1]))
    scores = Scores(network).eval()
    made = batches(tokenizer, [Path(path) for path in sys.argv[2:]])
    characters = sum(int(mask.sum()) for _, mask in made)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "tagger.onnx")
        free = {0: torch.export.Dim("texts", min=1, max=64), 1: torch.export.Dim("characters", min=8, max=512)}
        torch.onnx.export(scores, made[-1], path, dynamic_shapes=(free, free), dynamo=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        names = [one.name for one in session.get_inputs()]

        def by_torch(ids: Any, mask: Any) -> Any:
            with torch.inference_mode():
                return scores(ids, mask)

        def by_onnx(ids: Any, mask: Any) -> Any:
            return torch.from_numpy(session.run(None, dict(zip(names, (ids.numpy(), mask.numpy()), strict=True)))[0])

        worst = max(float((by_torch(*one) - by_onnx(*one)).abs().max()) for one in made[:3])
        for name, way in (("PyTorch", by_torch), ("ONNX Runtime", by_onnx)):
            times = []
            for _ in range(ROUNDS):
                start = time.process_time()
                for one in made:
                    way(*one)
                times.append(time.process_time() - start)
            click.echo(f"{name}: {characters / median(times):,.0f} characters/s")
        click.echo(f"scores differ by {worst:.4f} at most")


if __name__ == "__main__":
    main()
