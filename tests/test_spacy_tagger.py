"""The tagger as a component of spaCy: what it marks is what the tagger finds, wherever the pipeline goes."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from untrained import LABELS, WINDOW, save_untrained

from panjue.models.tagger.checkpoint import CheckpointError
from panjue.models.tagger.tagger import Tagger

spacy = pytest.importorskip("spacy", reason="spaCy is an extra: pip install 'panjue[spacy]'")

from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
from spacy.util import ignore_error  # noqa: E402

from panjue.models.spacy_tagger import TaggerPipe  # noqa: E402

TEXT = "被告人柳青禾犯窝藏、包庇罪，判处有期徒刑一年，缓刑二年，并处罚金人民币二千元。"
KEY = "panjue_tagger"
LEAST = 0.6


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tagger"
    save_untrained(folder, TEXT)
    return folder


@pytest.fixture(scope="module")
def found(checkpoint: Path) -> dict[tuple[int, int, str], float]:
    """What the tagger itself finds in the text."""
    (tagged,) = Tagger(checkpoint).tag([TEXT], LEAST)
    return {(span.start, span.end, span.label): score for span, score in tagged}


@pytest.fixture(scope="module")
def nlp(checkpoint: Path) -> Language:
    return pipeline(checkpoint)


def pipeline(checkpoint: Path, **config: object) -> Language:
    nlp: Language = spacy.blank("zh")
    nlp.add_pipe("panjue_tagger", config={"checkpoint": str(checkpoint), "threshold": LEAST, **config})
    return nlp


def facts(doc: Doc, key: str = KEY) -> dict[tuple[int, int, str], float]:
    group = doc.spans[key]
    scores = group.attrs["scores"].tolist()
    return {(s.start_char, s.end_char, s.label_): score for s, score in zip(group, scores, strict=True)}


def test_it_marks_what_the_tagger_finds_over_windows(nlp: Language, found: dict[tuple[int, int, str], float]) -> None:
    doc = nlp(TEXT)
    assert len(TEXT) > 2 * WINDOW
    assert facts(doc) == pytest.approx(found)
    assert len(doc.spans[KEY]) == len(found)
    assert max(end for _, end, _ in found) > 2 * WINDOW
    assert doc.spans[KEY].has_overlap
    component = nlp.get_pipe("panjue_tagger")
    assert isinstance(component, TaggerPipe)
    assert component.labels == tuple(LABELS)
    assert len(nlp("").spans[KEY]) == 0


def test_beside_panjue_a_passage_takes_in_whole_words(
    checkpoint: Path, found: dict[tuple[int, int, str], float]
) -> None:
    nlp = pipeline(checkpoint, spans_key="passages")
    nlp.add_pipe("panjue")
    doc = nlp(TEXT)
    words = [(token.idx, token.idx + len(token)) for token in doc]
    expected: dict[tuple[int, int, str], float] = {}
    for (start, end, label), score in found.items():
        touched = [word for word in words if word[0] < end and start < word[1]]
        whole = (touched[0][0], touched[-1][1], label)
        expected[whole] = max(score, expected.get(whole, score))
    assert expected.keys() != found.keys()
    assert facts(doc, "passages") == pytest.approx(expected)
    assert len(doc.spans["passages"]) == len(expected)
    assert "窝藏、包庇罪" in {entity.text for entity in doc.ents}
    assert KEY not in doc.spans


def test_a_batch_goes_to_the_network_at_once_and_gives_the_same(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    tag = Tagger.tag

    def counted(self: Tagger, texts: list[str], least: float = 0.0) -> object:
        sizes.append(len(texts))
        return tag(self, texts, least)

    texts = [TEXT, "", TEXT[:9], TEXT[5:30], TEXT[::-1]]
    alone = [facts(nlp(text)) for text in texts]
    monkeypatch.setattr(Tagger, "tag", counted)
    docs = list(nlp.pipe(texts, batch_size=3))
    assert sizes == [3, 2]
    assert [doc.text for doc in docs] == texts
    for doc, expected in zip(docs, alone, strict=True):
        assert facts(doc) == pytest.approx(expected, abs=1e-4)


def test_several_processes_give_the_same_after_one_has_worked(nlp: Language) -> None:
    texts = [TEXT, TEXT[5:30], TEXT[:9]]
    alone = [facts(nlp(text)) for text in texts]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=1))
    assert [doc.text for doc in docs] == texts
    for doc, expected in zip(docs, alone, strict=True):
        assert facts(doc) == pytest.approx(expected, abs=1e-4)


def test_a_stored_doc_keeps_the_scores(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert facts(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == facts(doc)


def test_a_pipeline_that_was_moved_has_its_checkpoint(tmp_path: Path, checkpoint: Path) -> None:
    shutil.copytree(checkpoint, tmp_path / "tagger")
    nlp = pipeline(tmp_path / "tagger")
    nlp.to_disk(tmp_path / "saved")
    expected = facts(nlp(TEXT))
    shutil.rmtree(tmp_path / "tagger")
    (tmp_path / "saved").rename(tmp_path / "moved")
    again = spacy.load(tmp_path / "moved")
    again.to_disk(tmp_path / "once-more")
    assert facts(again(TEXT)) == expected
    assert facts(spacy.load(tmp_path / "once-more")(TEXT)) == expected


def test_a_checkpoint_that_cannot_be_used_is_named(tmp_path: Path, checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no-tagger is no tagger: .* panjue train tagger"):
        pipeline(tmp_path / "no-tagger")(TEXT)
    shutil.copytree(checkpoint, tmp_path / "damaged")
    (tmp_path / "damaged" / "model.safetensors").write_bytes(b"other")
    nlp = pipeline(tmp_path / "damaged")
    with pytest.raises(CheckpointError, match="not the file that was written"):
        list(nlp.pipe([TEXT]))
    nlp.set_error_handler(ignore_error)
    assert list(nlp.pipe([TEXT, TEXT])) == []


def test_message_when_torch_is_missing(checkpoint: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import spacy, panjue.models.spacy_tagger\n"
        "nlp = spacy.blank('zh')\n"
        f"nlp.add_pipe('panjue_tagger', config={{'checkpoint': {str(checkpoint)!r}}})\n"
        "try: nlp('判决')\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "torch is not installed: pip install 'panjue[models]'\n", run.stderr


def test_component_is_found_without_importing_panjue() -> None:
    """By its entry point: an installation older than it must be made again, ``pip install --editable .``."""
    code = (
        "import spacy; nlp = spacy.blank('zh')\n"
        "nlp.add_pipe('panjue_tagger', config={'checkpoint': 'any'}); print(nlp.pipe_names)"
    )
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "['panjue_tagger']\n", run.stderr


def test_the_card_shows_what_works(
    root: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theft-tagger").symlink_to(checkpoint)
    monkeypatch.chdir(tmp_path)
    card = (root / "models" / "README.md").read_text(encoding="utf-8")
    source = "\n".join(re.findall(r"^```python\n(.+?)^```$", card, re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(source, {}, "models/README.md", None, 0)
    assert example.examples
    report: list[str] = []
    assert doctest.DocTestRunner().run(example, out=report.append).failed == 0, "".join(report)
