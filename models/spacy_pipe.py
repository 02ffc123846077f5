"""panjue as a component of spaCy: ``nlp.add_pipe("panjue")``.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> panjue = nlp.add_pipe("panjue")
>>> doc = nlp("被告人柳青禾犯窝藏、包庇罪，判处有期徒刑一年。")
>>> [(entity.text, entity.label_) for entity in doc.ents if entity.label_ in ("CHARGE", "TERM")]
[('窝藏、包庇罪', 'CHARGE'), ('有期徒刑一年', 'TERM')]
>>> doc._.record.schema
'panjue-record/1'

Adding the component replaces the pipeline's tokenizer by ours, since a component comes after the text is cut. The
tokenizer reads the record already, for the names in it are words to be kept whole. Each ``Doc`` then holds

- the words of ``panjue.models.tokens``; ``doc.text`` is the text as given, always;
- ``doc.ents``, where overlaps are settled in favour of the longer, and ``doc.spans["panjue"]``, which holds all
  entities (labels: ``panjue.models.entities.LABELS``). One that ends within a word takes in the whole word;
- ``doc._.record``, the ``Record``. It is kept as JSON, so that a ``Doc`` can be stored and sent to other processes;
  each access reads it anew, and a change must be assigned back.
"""

from __future__ import annotations

from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record, decode, encode
from panjue.models.entities import find_entities
from panjue.models.tokens import tokenize

try:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.util import DummyTokenizer, filter_spans
    from spacy.vocab import Vocab
except ImportError as error:
    raise ImportError("the spaCy component needs spaCy: pip install 'panjue[spacy]'") from error

_KEY = "panjue.record"


class Tokenizer(DummyTokenizer):
    """Makes a ``Doc`` of the words of ``tokenize``, with its record; there is nothing of it to store on disk."""

    def __init__(self, vocab: Vocab) -> None:
        """Make documents that share ``vocab``."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cut ``text``; a single space belongs to the word before it, other white space is a word of its own.

        Raises:
            UnicodeEncodeError: the text holds half a surrogate pair, for which spaCy has no form.
        """
        record = extract(text)
        names = [defendant.name for defendant in record.defendants]
        names += [counsel.name for defendant in record.defendants for counsel in defendant.counsel if counsel.name]
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for token, start, end in [*tokenize(text, names), ("", len(text), len(text))]:
            gap = text[at:start]
            if gap.startswith(" ") and words:
                spaces[-1] = True
                gap = gap[1:]
            for word in filter(None, (gap, token)):
                words.append(word)
                spaces.append(False)
            at = end
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc._.record = record
        return doc


class Extractor:
    """The component: entities of each document, and its record if another tokenizer made it."""

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.record``, ``doc.spans["panjue"]`` and ``doc.ents``; entities that are there stay if they can."""
        record = doc._.record
        if record is None:
            record = doc._.record = extract(doc.text)
        spans = [
            span
            for entity in find_entities(doc.text, record)
            if (span := span_of(doc, entity.start, entity.end, entity.label))
        ]
        doc.spans["panjue"] = spans
        doc.ents = filter_spans([*spans, *doc.ents])
        return doc


@Language.factory("panjue", assigns=["doc.ents", "doc.spans", "doc._.record"])
def make_panjue(nlp: Language, name: str) -> Extractor:  # noqa: ARG001 - spaCy passes the name to every factory
    """Factory of the component; spaCy finds it by the entry point ``spacy_factories`` of the package."""
    nlp.tokenizer = Tokenizer(nlp.vocab)
    return Extractor()


def span_of(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """A passage as a span of words: one that ends within a word takes in the whole word, one without a word is none."""
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    return span or None


def _get_record(doc: Doc) -> Record | None:
    stored = doc.user_data.get(_KEY)
    return None if stored is None else decode(stored)


def _set_record(doc: Doc, record: Record) -> None:
    doc.user_data[_KEY] = encode(record)


Doc.set_extension("record", getter=_get_record, setter=_set_record, force=True)
