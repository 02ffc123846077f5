"""The figures are those of the reference scorer, on perturbed examples and on perturbed gold."""

from __future__ import annotations

import copy
import importlib.util
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from panjue.eval.fields import FIELDS, MALFORMED
from panjue.eval.records import read_records, read_texts
from panjue.eval.score import Records, score
from panjue.extractors.record import Defendant

SHARED = Path(__file__).resolve().parents[2] / "shared"
REFERENCE = SHARED / "tools" / "score.py"
EXAMPLES = Path(__file__).with_name("eval_data")


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    if not REFERENCE.exists():
        pytest.skip("the reference scorer ../shared/tools/score.py is not here")
    spec = importlib.util.spec_from_file_location("reference_score", REFERENCE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_same(reference: ModuleType, gold: Records, predicted: Records, texts: dict[str, str] | None) -> None:
    summary, errors, precision, recall = reference.score(gold, predicted, texts)
    report = score(gold, predicted, texts)
    found = summary.pop("defendants found")
    assert {k: msgspec.structs.astuple(v) for k, v in report.tallies.items()} == summary
    assert (report.defendants_matched, report.defendants_gold) == found[:2]
    assert report.defendants_predicted == found[3]
    assert (report.precision, report.recall) == (precision, recall)
    ours = sorted((m.field, m.doc_id, m.name) for m in report.misses if not m.field.startswith("evidence "))
    assert ours == sorted((field, doc, name) for field, entries in errors.items() for doc, name, *_ in entries)


SOMEONE = msgspec.to_builtins(Defendant(name="某人", charges_convicted=["盗窃罪"]))
LEAVES: list[Any] = [None, "none", "unknown", "盗窃罪", " 诈 骗 罪", 0, 0.0, 7, 7.004, "life", True, [], ["盗窃罪"], {}]


def perturb(records: Records, rng: random.Random) -> Records:
    """The records with a few of the things that go wrong in predictions, at random."""
    result: Any = copy.deepcopy(dict(records))
    for _ in range(rng.randint(1, 12)):
        if result:
            rng.choice(MUTATIONS)(result[rng.choice(list(result))], rng)
    for doc_id in list(result):
        if rng.random() < 0.1:
            del result[doc_id]
    return dict(result)


def change_value(record: dict[str, Any], rng: random.Random) -> None:
    owner: Any = rng.choice([record["case"], *record["defendants"]])
    while owner:
        key = rng.choice(
            [k for k in (owner if isinstance(owner, dict) else range(len(owner))) if k != "name"] or [None]
        )
        if key is None:
            return
        if isinstance(owner[key], dict | list) and owner[key] and rng.random() < 0.85:
            owner = owner[key]
            continue
        if isinstance(owner, dict) and rng.random() < 0.3:
            del owner[key]
        else:
            owner[key] = rng.choice(LEAVES)
        return


def print_otherwise(record: dict[str, Any], rng: random.Random) -> None:
    """The case number in other brackets, widths and spaces: the same one; or another."""
    brackets = rng.choice(["()", "（）", "〔〕", "【】", "[]", "［］", "<>"])
    record["case"]["case_number"] = f"{brackets[0]}２０２１{brackets[1]} 虚 0101刑初{rng.choice('7７8')}号"


def rename(record: dict[str, Any], rng: random.Random) -> None:
    if record["defendants"]:
        defendant = rng.choice(record["defendants"])
        defendant["name"] = rng.choice(
            [None, "吴某", " ".join(str(defendant.get("name"))), "孙小满", "青禾(虚构)贸易有限公司"]
        )
        if rng.random() < 0.2:
            del defendant["name"]


def rearrange(record: dict[str, Any], rng: random.Random) -> None:
    defendants = record["defendants"]
    match rng.randrange(4):
        case 0 if defendants:
            defendants.pop(rng.randrange(len(defendants)))
        case 1:
            defendants.append({**SOMEONE, "name": rng.choice(["郑某", "钱一平"])})
        case 2:
            rng.shuffle(defendants)
        case _ if defendants:
            defendants.append(copy.deepcopy(rng.choice(defendants)))


def move_evidence(record: dict[str, Any], rng: random.Random) -> None:
    if rng.random() < 0.1:
        record["text_sha256"] = "f" * 64
    if rng.random() < 0.1:
        record["evidence"] = None
    for entry in record["evidence"] or ():
        if rng.random() < 0.5:
            start, end = entry["start"], entry["end"]
            moved = rng.randrange(90)
            beside = [(end, end + 2), (start - 2, start), (moved, moved + rng.randrange(6))]
            entry["start"], entry["end"] = rng.choice(beside)
        if rng.random() < 0.3:
            entry["path"] += rng.choice(["/status", "/0", "x"])


MUTATIONS: list[Callable[[dict[str, Any], random.Random], None]] = [
    change_value,
    change_value,
    print_otherwise,
    rename,
    rearrange,
    move_evidence,
]


@pytest.mark.parametrize("block", range(10))
def test_same_figures_as_the_reference_on_perturbed_examples(reference: ModuleType, block: int) -> None:
    gold, texts = read_records(EXAMPLES / "gold.jsonl"), read_texts(EXAMPLES / "texts.jsonl")
    for seed in range(block * 40, block * 40 + 40):
        predicted = perturb(gold, random.Random(seed))
        assert_same(reference, gold, predicted, texts if seed % 4 else None)


@pytest.mark.parametrize("seed", range(3))
def test_same_figures_as_the_reference_on_perturbed_gold(reference: ModuleType, seed: int) -> None:
    gold_file = SHARED / "gold" / "dev.jsonl"
    if not gold_file.exists():
        pytest.skip("the annotated judgments ../shared/gold/dev.jsonl are not here")
    gold = read_records(gold_file)
    rng = random.Random(seed)
    predicted: Any = copy.deepcopy(gold)
    for one in predicted.values():
        if rng.random() < 0.7:
            rng.choice(MUTATIONS)(one, rng)
    assert_same(reference, gold, predicted, read_texts(SHARED / "gold" / "dev.texts.jsonl"))


def test_the_perturbations_reach_what_they_should() -> None:
    gold, texts = read_records(EXAMPLES / "gold.jsonl"), read_texts(EXAMPLES / "texts.jsonl")
    reports = [score(gold, perturb(gold, random.Random(seed)), texts) for seed in range(400)]
    missed = {miss.field for report in reports for miss in report.misses}
    assert missed >= {*FIELDS, "defendants", "evidence plea", "evidence sentence", "evidence counsel"}
    assert any(miss.predicted == MALFORMED for report in reports for miss in report.misses)
