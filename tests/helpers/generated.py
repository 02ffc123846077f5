"""Judgments by the hundred, made from the examples: each with names and a number of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "examples" / "texts"


def judgments(count: int) -> Iterator[str]:
    """Different texts, in a fixed order."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    for number in range(count):
        yield f"{texts[number % len(texts)]}\n附：卷宗第{number}号。\n"


def write_jsonl(path: Path, count: int) -> str:
    """A file of JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(judgments(count)):
            lines.write(json.dumps({"id": f"j{number}", "text": text}, ensure_ascii=False) + "\n")
    return str(path)
