"""brat standoff: a ``.txt`` and a ``.ann`` file for each document, and ``annotation.conf``.

Offsets are code points of the ``.txt`` file (https://brat.nlplab.org/standoff.html speaks of characters; its server
slices decoded text), ``\\r\\n`` counts two. A passage over several lines is written, as brat does, in fragments without
the line ends. Names of types may have no dots: ``sentence-months``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import quote

from msgspec import Struct

from panjue.annotation.exchange.labels import LABELS, Place
from panjue.annotation.exchange.spans import Document, ExchangeError, Files, Found, Originals, Span, corrected
from panjue.annotation.exchange.structured import attributes, dumps, loads

SUFFIX = ".ann"
LOSES = (
    "the record itself: read back with --records",
    "a passage that begins or ends with a line end: it stays as it was",
)

_ENDS = re.compile(r"[\r\n]+")
_LINE = re.compile(r"T\d+\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)


class _Note(Struct):
    pointer: str
    value: str | None = None


def held(document: Document) -> Sequence[Span]:
    """The passages that neither begin nor end with a line end."""
    return [span for span in document.spans if not {span.text[0], span.text[-1]} & {"\r", "\n"}]


def write(documents: Sequence[Document]) -> dict[str, bytes]:
    """Two files for each document, named by its ``doc_id``."""
    files = {"annotation.conf": _configuration(documents)}
    for document in documents:
        name = file_name(document.doc_id)
        files[f"{name}.txt"] = document.text.encode()
        files[f"{name}.ann"] = "".join(line + "\n" for line in _lines(document)).encode()
    return files


def read(files: Files, originals: Originals) -> list[Document]:
    """The documents of ``.ann`` files.

    Raises:
        ExchangeError: a file that is no text's, a line that is no annotation, or a passage that is not the document's.
    """
    names = {file_name(doc_id): doc_id for doc_id in originals.texts}
    documents = []
    for file, content in files.items():
        name = file.removesuffix(SUFFIX)
        if name not in names:
            raise ExchangeError(f"{file}: no text of that name")
        document = originals.document(file, names[name])
        try:
            annotations = content.decode().split("\n")
        except UnicodeDecodeError as error:
            raise ExchangeError(f"{file}: not UTF-8: {error.reason} at byte {error.start}") from error
        found = list(_found(f"{file}: document {document.doc_id!r}", annotations, document.text))
        documents.append(corrected(file, document, found, held=held(document)))
    return documents


def file_name(doc_id: str) -> str:
    """A name for a file that holds one document; different for different documents.

    >>> file_name("（2020）云01刑初1号/a")
    '（2020）云01刑初1号%2Fa'
    """
    return "".join(c if c.isalnum() or c in "._-()（）〔〕" else quote(c, safe="") for c in doc_id)


def _fragments(span: Span) -> list[tuple[int, int]]:
    edges = [span.start]
    for ends in _ENDS.finditer(span.text):
        edges += [span.start + ends.start(), span.start + ends.end()]
    edges.append(span.end)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _lines(document: Document) -> Iterator[str]:
    attribute = 0
    for number, span in enumerate(held(document), 1):
        places = ";".join(f"{start} {end}" for start, end in _fragments(span))
        yield f"T{number}\t{span.place.label.replace('.', '-')} {places}\t{_ENDS.sub(' ', span.text)}"
        for name, value in (("Defendant", span.place.defendant), ("Item", span.place.item)):
            if value is not None:
                attribute += 1
                yield f"A{attribute}\t{name} T{number} {value}"
        yield f"#{number}\tAnnotatorNotes T{number}\t{dumps(attributes(span)).decode()}"


def _found(where: str, annotations: list[str], text: str) -> Iterator[Found]:
    numbers: dict[tuple[str, str], int] = {}
    notes: dict[str, _Note] = {}
    for line in annotations:
        head, _, rest = line.partition("\t")
        words = rest.split()
        if head.startswith("A") and len(words) == 3 and words[0] in ("Defendant", "Item") and words[2].isdigit():
            numbers[words[1], words[0]] = int(words[2])
        elif head.startswith("#") and rest.startswith("AnnotatorNotes ") and rest.partition("\t")[2].startswith("{"):
            notes[words[1]] = loads(f"{where}: {head}", rest.partition("\t")[2].encode(), _Note)
    for line in annotations:
        if not line.startswith("T"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ExchangeError(f"{where}: no annotation of a passage: {line!r}")
        name = line.partition("\t")[0]
        parts = [(int(start), int(end)) for start, end in (part.split() for part in match[2].split(";"))]
        gaps = [text[end:start] for (_, end), (start, _) in pairwise(parts)]
        if any(_ENDS.fullmatch(gap) is None for gap in gaps):
            raise ExchangeError(f"{where}: span {name} is in several pieces, evidence is one")
        start, end = parts[0][0], parts[-1][1]
        same = match[3] == " ".join(text[first:last] for first, last in parts)
        note = notes.get(name)
        yield Found(
            start,
            end,
            Place(match[1].replace("-", "."), numbers.get((name, "Defendant")), numbers.get((name, "Item"))),
            text[start:end] if same else match[3],
            note.value if note else None,
            note.pointer if note else None,
        )


def _configuration(documents: Sequence[Document]) -> bytes:
    most = {"Defendant": 1, "Item": 1}
    for span in (span for document in documents for span in document.spans):
        most["Defendant"] = max(most["Defendant"], span.place.defendant or 1)
        most["Item"] = max(most["Item"], span.place.item or 1)
    values = [f"{name}\tArg:<ENTITY>, Value:{'|'.join(str(n + 1) for n in range(most[name]))}" for name in most]
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"  # without it brat refuses crossing passages
    entities = [label.replace(".", "-") for label in LABELS]
    parts = ["[entities]", *entities, "[relations]", overlap, "[events]", "[attributes]", *values]
    return "".join(part + "\n" for part in parts).encode()
