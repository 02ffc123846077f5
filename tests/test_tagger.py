"""The tagger on a small checkpoint that is made here: it learns, keeps, is refused when damaged, and counts right."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from panjue.cli import main
from panjue.models.tagger.checkpoint import CheckpointError, about
from panjue.models.tagger.encoder import Pretraining, character_tokenizer, mask_runs, pretrain
from panjue.models.tagger.examples import Example, ExampleError, Span, fingerprint, read_examples
from panjue.models.tagger.scoring import strict
from panjue.models.tagger.tagger import Tagger
from panjue.models.tagger.training import Training, train
from panjue.models.tagger.windows import targets, windows

NAMES = ("柳青禾", "严守田", "何小满", "季长河", "纪春山", "陆云舟")
THINGS = ("手机一部", "现金五百元", "电动车一辆", "黄金项链一条")


def example(number: int) -> Example:
    name, thing = NAMES[number % len(NAMES)], THINGS[number // 2 % len(THINGS)]
    text = f"被告人{name}盗窃被害人{NAMES[(number + 1) % len(NAMES)]}的{thing}。"
    victim = text.index("被害人") + 3
    return Example(
        id=str(number),
        text=text,
        split="test" if number % 4 == 0 else "train",
        entities=[
            Span(3, 3 + len(name), "PERSON"),
            Span(victim, text.index("的", victim), "VICTIM"),
            Span(victim, text.index("。"), "LOSS"),  # the victim's, with the victim inside
        ],
    )


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "encoder"
    small = Pretraining(hidden=32, feed_forward=32, layers=2, heads=2, rarest=1, block=32, batch=4, steps=2)
    pretrain([example(number).text for number in range(24)] * 8, folder, small)
    return folder


@pytest.fixture(scope="module")
def tagger(encoder: Path) -> Path:
    folder = encoder.parent / "tagger"
    examples = [example(number) for number in range(48)]
    settings = Training(epochs=40, batch=8, rate=3e-3, head_rate=5e-3, window=24)
    held_out = [one for one in examples if one.split == "test"]
    scores = train(str(encoder), [one for one in examples if one.split == "train"], held_out, folder, settings)
    assert scores["all"].f1 > 0.9
    return folder


def test_it_tags_passages_inside_others_and_over_windows(tagger: Path) -> None:
    found = Tagger(tagger)
    texts = [example(number).text for number in range(8)] + ["", "甲" * 100]
    tags = found.tag(texts)
    pairs = [(example(number).entities, [one.span for one in tags[number]]) for number in range(8)]
    assert strict(pairs)["all"].f1 > 0.9
    assert any(a.span != b.span and a.span.start == b.span.start for tag in tags for a in tag for b in tag)
    assert tags[8] == []
    long = "".join(texts[:6])  # longer than a window
    starts = {span.span.start for span in found.tag([long])[0] if span.span.label == "PERSON"}
    assert {long.index(example(number).text) + 3 for number in range(6)} & starts


def test_a_checkpoint_says_what_it_is_and_is_refused_when_damaged(tagger: Path, tmp_path: Path) -> None:
    known = about(tagger)
    assert known.labels == ["LOSS", "PERSON", "VICTIM"]
    assert known.data == fingerprint([example(n) for n in range(48) if n % 4])
    assert known.scores["f1"] > 0.9
    shown = CliRunner().invoke(main, ["models", "info", str(tagger)])
    assert "PERSON" in shown.output
    with pytest.raises(CheckpointError, match="panjue train tagger"):
        about(tmp_path)
    for path in tagger.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(CheckpointError, match="lost its weights"):
        about(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(CheckpointError, match="not the file"):
        Tagger(tmp_path)
    assert "damaged" in CliRunner().invoke(main, ["models", "list", str(tmp_path)]).output
    (tmp_path / "tagger.json").write_bytes(b"{")
    assert CliRunner().invoke(main, ["models", "info", str(tmp_path)]).exit_code == 1


def test_training_goes_on_where_it_stopped(encoder: Path, tmp_path: Path) -> None:
    texts = [example(number).text for number in range(24)] * 8
    small = Pretraining(hidden=32, feed_forward=32, layers=2, heads=2, rarest=1, block=32, batch=4, steps=8)
    whole = tmp_path / "whole"
    pretrain(texts, whole, small)
    assert list(whole.glob("checkpoint-*"))
    before = (whole / "model.safetensors").read_bytes()
    pretrain(texts, whole, small, resume=True)  # nothing is left to do
    assert (whole / "model.safetensors").read_bytes() == before


def test_training_starts_from_another_encoder(encoder: Path, tmp_path: Path) -> None:
    for number in range(24):
        (tmp_path / f"{number}.txt").write_text(example(number).text * 8, encoding="utf-8")
    options = ["--start", str(encoder), "--steps", "3", "--batch", "2", "--rate", "0.5"]
    result = CliRunner().invoke(main, ["train", "encoder", str(tmp_path), "-o", str(tmp_path / "on"), *options])
    assert result.exit_code == 0, result.output
    on = tmp_path / "on"
    told = json.loads((on / "pretraining.json").read_bytes())
    assert (told["steps"], told["batch"], told["rate"], told["hidden"]) == (3, 2, 0.5, 32)
    assert (on / "tokenizer.json").read_bytes() == (encoder / "tokenizer.json").read_bytes()
    assert json.loads((on / "config.json").read_bytes())["hidden_size"] == 32
    assert (on / "model.safetensors").read_bytes() != (encoder / "model.safetensors").read_bytes()


@given(st.text(alphabet="被告人甲乙，a1 \n", min_size=1, max_size=90), st.integers(4, 20))
def test_every_character_stands_in_a_window_at_its_place(text: str, size: int) -> None:
    tokenizer = character_tokenizer([text])
    seen = set()
    for window in windows([text], tokenizer, size, max(1, size // 2)):
        assert len(window.ids) == len(window.characters)
        for token, character in zip(window.ids, window.characters, strict=True):
            if character >= 0:
                assert tokenizer.convert_ids_to_tokens(token) == text[character]
                seen.add(character)
    assert {i for i, character in enumerate(text) if not character.isspace()} <= seen


def test_a_span_is_a_target_where_both_its_ends_are_seen() -> None:
    tokenizer = character_tokenizer(["甲乙丙丁戊己"])
    (first, second) = windows(["甲乙丙丁戊己"], tokenizer, 4, 2)
    span = Span(1, 3, "X")
    assert targets(first, [span], {"X": 0}) == [(0, 1, 2)]
    assert targets(second, [span], {"X": 0}) == []


def test_masks_are_short_runs_and_only_what_is_hidden_is_asked() -> None:
    import torch

    tokens = torch.arange(4, 204).repeat(50, 1)
    made = mask_runs(tokens, 0.2, 300, torch.Generator().manual_seed(1))
    asked = made["labels"] != -100
    assert 0.15 < asked.float().mean() < 0.25
    assert (made["input_ids"][~asked] == tokens[~asked]).all()
    assert (made["labels"][asked] == tokens[asked]).all()


def test_examples_that_are_wrong_are_named(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    for line, said in (
        (b"{", "line 1"),
        (b'{"id": "a", "text": "ab", "entities": [{"label": "X", "start": 1, "end": 3}]}', "not in the text"),
        (b"", "no examples"),
    ):
        path.write_bytes(line)
        with pytest.raises(ExampleError, match=said):
            read_examples(path)
    packed = tmp_path / "examples.jsonl.gz"
    packed.write_bytes(gzip.compress(msgspec.json.encode(example(1)) + b"\n"))
    assert read_examples(packed) == [example(1)]
    packed.write_bytes(b"no gzip")
    with pytest.raises(ExampleError, match="unpacked"):
        read_examples(packed)


def test_the_commands(encoder: Path, tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(example(number)) + b"\n" for number in range(8)))
    arguments = ["train", "tagger", str(path), "--encoder", str(encoder), "-o", str(tmp_path / "out"), "--epochs", "1"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "all" in result.output
    wrong = CliRunner().invoke(main, [*arguments[:4], "no/such-encoder", *arguments[5:]])
    assert wrong.exit_code == 1
    assert "no/such-encoder" in wrong.output


@settings(deadline=None)  # the first example imports torch
@given(st.integers(0, 99), st.sampled_from([1.0, 6.0]))
def test_the_loss_is_that_over_every_passage(seed: int, scale: float) -> None:
    import torch

    from panjue.models.tagger.network import span_loss

    generator = torch.Generator().manual_seed(seed)
    texts, count, size = 3, 4, 9
    pairs = torch.randn(texts, size, size, generator=generator) * scale
    pairs = pairs.masked_fill(~torch.ones(size, size, dtype=torch.bool).triu(), -1e4)
    starts, ends = (torch.randn(texts, count, size, generator=generator) * scale for _ in range(2))
    none = [-1, -1, -1]
    # the same passage under two labels; one text with nothing
    true = [[[0, 1, 4], [1, 1, 4], [2, 3, 3], [0, 5, 8]], [[3, 0, 8], none, none, none], [none] * 4]
    scores = pairs[:, None] + starts[..., None] + ends[:, :, None]
    target = torch.zeros(scores.shape, dtype=torch.bool)
    for text, spans in enumerate(true):
        for label, first, last in spans:
            if label >= 0:
                target[text, label, first, last] = True
    scores, target = scores.flatten(2), target.flatten(2)
    zero = torch.zeros_like(scores[..., :1])
    wrong = torch.cat([scores.masked_fill(target, -2e4), zero], -1).logsumexp(-1)
    missed = torch.cat([(-scores).masked_fill(~target, -2e4), zero], -1).logsumexp(-1)
    expected = (wrong + missed).sum(1).mean()
    assert torch.isclose(span_loss(pairs, starts, ends, torch.tensor(true)), expected, rtol=1e-4)
