"""Examples for spaCy's own trainer: a DocBin for each split, and a config with which ``spacy train`` runs as it stands.

The tokenizer is spaCy's own for Chinese, which cuts into characters (a run of white space is one token), so that every
passage falls on tokens, and a trained pipeline loads where panjue is not installed. Passages overlap and nest; they are
in ``doc.spans["sc"]``. A span finder proposes passages and ``spancat`` labels them: proposing every run of a length
that occurs, as is usual, makes ten thousand of a passage of 240 characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panjue.models.tagger.examples import Example, ExampleError, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

SPLITS = ("train", "dev", "test")
KEY = "sc"
"""Where ``spancat`` looks for passages unless it is told otherwise."""
_LENGTHS = 0.999
"""So many of the passages are no longer than the longest that is proposed; a few outliers would cost memory."""
_RARE = -3.0
"""Where scores begin, as a logit: untrained, nothing is proposed. At 0, as usual, it would be half of everything."""


def write(examples: Iterable[Example], folder: Path) -> dict[str, int]:
    """Write ``train.spacy``, ``dev.spacy``, ``test.spacy`` and ``config.cfg``; return how many examples each split has.

    Without examples of the split test there is no ``test.spacy``: training does not need it.

    Raises:
        ExampleError: spaCy cannot be trained on these: none for train or dev, or nothing is marked.
        ImportError: spaCy is missing.
    """
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("zh")
    docs: dict[str, list[Doc]] = {split: [] for split in SPLITS}
    for example in examples:
        if example.split not in docs:
            raise ExampleError(f"{example.id}: the split {example.split!r} is none of {', '.join(SPLITS)}")
        doc = nlp.make_doc(example.text)
        doc.spans[KEY] = [_on_tokens(doc, span, example.id) for span in example.entities]
        docs[example.split].append(doc)
    for split in ("train", "dev"):
        if not any(doc.spans[KEY] for doc in docs[split]):
            raise ExampleError(f"nothing is marked in the split {split}: spaCy learns from train and stops by dev")
    folder.mkdir(parents=True, exist_ok=True)
    for split, some in docs.items():
        path = folder / f"{split}.spacy"
        path.unlink(missing_ok=True)
        if some:
            DocBin(docs=some).to_disk(path)
    _config([list(doc.spans[KEY]) for doc in docs["train"]]).to_disk(folder / "config.cfg")
    return {split: len(some) for split, some in docs.items()}


def _on_tokens(doc: Doc, span: Span, name: str) -> DocSpan:
    """A passage as a span of tokens; white space at its ends, of which a token may hold more, is no part of it."""
    passage = doc.text[span.start : span.end]
    start = span.end - len(passage.lstrip())
    found = doc.char_span(start, start + len(passage.strip()), label=span.label) if passage.strip() else None
    if found is None:
        raise ExampleError(f"{name}: {span.label} at {span.start}:{span.end} is white space")
    return found


def _config(marked: Sequence[Sequence[DocSpan]]) -> Any:
    """A config for passages as long, and with as many labels at once, as those of the documents given.

    Paths are relative to the folder in which it stands. Each component has an encoder of its own: one that is shared
    learns only when all learn, and ``spancat`` has nothing to learn from before the finder proposes something.
    """
    import spacy

    lengths = sorted(len(span) for spans in marked for span in spans)
    labels = max(max(Counter((span.start, span.end) for span in spans).values(), default=0) for spans in marked)
    encoder = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "width": 96,
        "depth": 4,
        "window_size": 2,
        "maxout_pieces": 3,
        "embed_size": 4000,
        "subword_features": False,
        "pretrained_vectors": None,
    }
    scorer = {
        "@layers": "Sigmoid.v1",
        "nI": None,
        "init_W": {"@initializers": "zero_init.v1"},
        "init_b": {"@initializers": "uniform_init.v1", "lo": _RARE, "hi": _RARE},
    }
    nlp = spacy.blank("zh")
    nlp.batch_size = 8
    nlp.add_pipe(
        "span_finder",
        config={
            "spans_key": KEY,
            "min_length": lengths[0],
            "max_length": lengths[int(_LENGTHS * (len(lengths) - 1))],
            "model": {"@architectures": "spacy.SpanFinder.v1", "scorer": {**scorer, "nO": 2}, "tok2vec": encoder},
        },
    )
    nlp.add_pipe(
        "spancat",
        config={
            "spans_key": KEY,
            "max_positive": labels,
            "suggester": {"@misc": "spacy.preset_spans_suggester.v1", "spans_key": KEY},
            "model": {
                "@architectures": "spacy.SpanCategorizer.v1",
                "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 128},
                "scorer": {**scorer, "nO": None},
                "tok2vec": encoder,
            },
        },
    )
    config = nlp.config.copy()
    config["paths"].update(train="train.spacy", dev="dev.spacy")
    config["training"]["annotating_components"] = ["span_finder"]
    config["training"]["batcher"]["size"] = 2000  # tokens, which are characters here; it would begin with 100
    return config
