"""The tagger as a component of spaCy: ``nlp.add_pipe("panjue_tagger", config={"checkpoint": "my-tagger"})``.

It marks the passages that the tagger finds in ``doc.spans["panjue_tagger"]``, which may overlap and nest, and leaves
everything else in the ``Doc`` alone, so that any tokenizer and any other component will do. A passage that ends within
a word takes in the whole word, as with ``panjue.models.spacy_pipe``. ``attrs["scores"]`` of the span group has the
score of each, in the same order: what the network gives, of which 0 is even.

The checkpoint is read when the first document comes, and written into the folder of a pipeline that is saved. So a
pipeline that was moved, and is loaded where the first checkpoint is not, does not miss it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import parent_process
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import minibatch

from panjue.models.spacy_pipe import span_of
from panjue.models.tagger.tagger import Scored, Tagger


class TaggerPipe(Pipe):
    """The component.

    Args:
        name: of the component in its pipeline.
        checkpoint: folder of the tagger.
        spans_key: where in ``doc.spans`` the passages go.
        threshold: passages that score no more are left out.
    """

    def __init__(self, name: str, checkpoint: Path, spans_key: str, threshold: float) -> None:
        self.name = name
        self._checkpoint = checkpoint
        self._key = spans_key
        self._threshold = threshold
        self._loaded: Tagger | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Mark the passages of one document.

        Raises:
            CheckpointError: the checkpoint is missing or damaged.
            ImportError: torch, transformers or safetensors is missing; the message says what to install.
        """
        self._mark([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Mark documents in order, ``batch_size`` of them by one call of the network; raises as ``__call__``."""
        for docs in minibatch(stream, size=batch_size):  # type: ignore[no-untyped-call]
            try:
                self._mark(docs)
            except Exception as error:  # spaCy's users say what becomes of a batch that fails
                self.get_error_handler()(self.name, self, docs, error)
            else:
                yield from docs

    @property
    def hide_labels(self) -> bool:
        """Whether the pipeline's description leaves the labels out: spaCy writes it before a checkpoint is read."""
        return True

    @property
    def labels(self) -> tuple[str, ...]:
        """What passages are marked as."""
        return tuple(self._tagger.about.labels)

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write the checkpoint into the folder of a pipeline."""
        self._tagger.save(Path(path))

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> TaggerPipe:  # noqa: ARG002
        """Use the checkpoint in the folder of a pipeline."""
        self._checkpoint, self._loaded = Path(path), None
        return self

    @property
    def _tagger(self) -> Tagger:
        if self._loaded is None:
            try:
                self._loaded = Tagger(self._checkpoint)
            except ImportError as error:
                raise ImportError(f"{error.name} is not installed: pip install 'panjue[models]'") from error
        return self._loaded

    def _mark(self, docs: Sequence[Doc]) -> None:
        tagger = self._tagger
        if parent_process():  # of nlp.pipe(n_process=2): with more threads it waits forever for those of its parent
            import torch

            torch.set_num_threads(1)
        for doc, found in zip(docs, tagger.tag([doc.text for doc in docs], self._threshold), strict=True):
            doc.spans[self._key] = self._group(doc, found)

    def _group(self, doc: Doc, found: Sequence[Scored]) -> SpanGroup:
        """Passages as spans of words; two that take in the same words are one, with the better score."""
        best: dict[Span, float] = {}
        for passage, score in found:
            if span := span_of(doc, passage.start, passage.end, passage.label):
                best[span] = max(score, best.get(span, score))
        scores = np.array([*best.values()], dtype=np.float32)
        return SpanGroup(doc, name=self._key, attrs={"scores": scores}, spans=[*best])


@Language.factory(
    "panjue_tagger",
    default_config={"spans_key": "panjue_tagger", "threshold": 0.0},
    assigns=["doc.spans"],
)
def make_tagger(nlp: Language, name: str, checkpoint: str, spans_key: str, threshold: float) -> TaggerPipe:  # noqa: ARG001 - spaCy passes nlp to every factory
    """Factory of the component; spaCy finds it by the entry point ``spacy_factories`` of the package."""
    return TaggerPipe(name, Path(checkpoint), spans_key, threshold)
