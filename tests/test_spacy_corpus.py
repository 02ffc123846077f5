"""Examples for the trainer of spaCy: nothing is lost on the way, and spaCy trains on them as they stand."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from panjue.cli import main
from panjue.models.tagger import spacy_corpus
from panjue.models.tagger.examples import Example, ExampleError, Span, read_examples

spacy = pytest.importorskip("spacy", reason="spaCy is an extra: pip install 'panjue[spacy]'")

from spacy.tokens import DocBin  # noqa: E402
from spacy.util import load_config  # noqa: E402

NESTED = Example("a", "被告人 柳青禾\n\n犯盗窃罪。", [Span(0, 7, "LINE"), Span(4, 7, "PERSON"), Span(10, 13, "CHARGE")])


@pytest.fixture(scope="module")
def silver(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``panjue data build`` makes of the example judgments."""
    folder = tmp_path_factory.mktemp("silver")
    texts = str(root / "corpora/examples/texts")
    assert CliRunner().invoke(main, ["extract", texts, "-o", str(folder / "out"), "--quiet"]).exit_code == 0
    made = CliRunner().invoke(main, ["data", "build", str(folder / "out"), "-o", str(folder / "examples.jsonl")])
    assert made.exit_code == 0, made.output
    return folder / "examples.jsonl"


@pytest.fixture(scope="module")
def corpus(silver: Path) -> Path:
    folder = silver.parent / "corpus"
    result = CliRunner().invoke(main, ["data", "export", str(silver), "--spacy", "-o", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def test_every_passage_arrives_where_it_was(silver: Path, corpus: Path) -> None:
    for split in spacy_corpus.SPLITS:
        expected = [one for one in read_examples(silver) if one.split == split]
        docs = list(DocBin().from_disk(corpus / f"{split}.spacy").get_docs(spacy.blank("zh").vocab))
        assert [doc.text for doc in docs] == [one.text for one in expected]
        for doc, example in zip(docs, expected, strict=True):
            found = [Span(span.start_char, span.end_char, span.label_) for span in doc.spans["sc"]]
            assert sorted(found) == sorted(example.entities)


def test_the_config_fits_the_passages(corpus: Path) -> None:
    config = load_config(corpus / "config.cfg")
    docs = list(DocBin().from_disk(corpus / "train.spacy").get_docs(spacy.blank("zh").vocab))
    lengths = [len(span) for doc in docs for span in doc.spans["sc"]]
    finder = config["components"]["span_finder"]
    assert finder["min_length"] == min(lengths)
    assert sum(length > finder["max_length"] for length in lengths) <= len(lengths) // 1000 + 1
    at_once = [Counter((span.start, span.end) for span in doc.spans["sc"]) for doc in docs]
    assert config["components"]["spancat"]["max_positive"] == max(max(one.values(), default=0) for one in at_once)


def test_white_space_at_the_ends_is_no_part_of_a_passage(tmp_path: Path) -> None:
    loose = Example("b", " 柳青禾 \n犯盗窃罪", [Span(0, 6, "PERSON")], "dev")
    assert spacy_corpus.write([NESTED, loose], tmp_path) == {"train": 1, "dev": 1, "test": 0}
    (doc,) = DocBin().from_disk(tmp_path / "dev.spacy").get_docs(spacy.blank("zh").vocab)
    assert [span.text for span in doc.spans["sc"]] == ["柳青禾"]
    (nested,) = DocBin().from_disk(tmp_path / "train.spacy").get_docs(spacy.blank("zh").vocab)
    assert [span.text for span in nested.spans["sc"]] == ["被告人 柳青禾", "柳青禾", "盗窃罪"]
    assert not (tmp_path / "test.spacy").exists()


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([NESTED], "nothing is marked in the split dev"),
        ([msgspec.structs.replace(NESTED, split="dev")], "nothing is marked in the split train"),
        ([NESTED, Example("b", "判决", [], "dev")], "nothing is marked in the split dev"),
        ([Example("b", "判决", [], "valid")], "b: the split 'valid' is none of"),
        ([Example("b", "判 决", [Span(1, 2, "X")])], "b: X at 1:2 is white space"),
    ],
)
def test_what_spacy_cannot_learn_from_is_refused(examples: list[Example], said: str, tmp_path: Path) -> None:
    with pytest.raises(ExampleError, match=said):
        spacy_corpus.write(examples, tmp_path / "corpus")
    path = tmp_path / "examples.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in examples))
    result = CliRunner().invoke(main, ["data", "export", str(path), "--spacy", "-o", str(tmp_path / "corpus")])
    assert result.exit_code == 1
    assert said in result.output


def spacy_cli(*arguments: str, cwd: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "spacy", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_spacy_trains_as_it_stands_and_the_pipeline_needs_no_panjue(corpus: Path) -> None:
    """A few steps on four examples, which it then knows by heart."""
    few = ["--training.max_steps", "20", "--training.optimizer.learn_rate", "0.01", "--corpora.train.limit", "4"]
    spacy_cli("train", "config.cfg", "-o", "model", *few, cwd=corpus)
    trained = spacy.load(corpus / "model" / "model-last")
    assert "panjue" not in (corpus / "model" / "model-last" / "config.cfg").read_text(encoding="utf-8")
    docs = list(DocBin().from_disk(corpus / "train.spacy").get_docs(trained.vocab))[:4]
    known = {(doc.text, s.start, s.end, s.label_) for doc in docs for s in doc.spans["sc"]}
    found = {
        (doc.text, s.start, s.end, s.label_) for doc in trained.pipe(doc.text for doc in docs) for s in doc.spans["sc"]
    }
    assert len(found & known) > len(known) / 2
    assert len(found - known) < len(known) / 2
    report = spacy_cli("evaluate", "model/model-last", "test.spacy", cwd=corpus)
    assert "SPAN" in report
