"""The texts that the records of an output folder speak of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import orjson

from panjue.corpora.files import STDIN
from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import read
from panjue.extractors.record import Record
from panjue.run.folder import records_of
from panjue.run.jobs import STDIN_COPY
from panjue.run.manifest import load


class TextError(ValueError):
    """A record's text cannot be found; the message says what to do."""


def texts_of(out: Path) -> Iterator[tuple[Record, str]]:
    """Every record of an output folder with its text: what was kept beside it, or else the input, read again.

    Raises:
        TextError: the input is not what it was.
    """
    records = {record.doc_id: record for record in records_of(out)}
    missing = dict.fromkeys(records)
    for doc_id, text in _texts(out):
        record = records.get(doc_id)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if record is not None and doc_id in missing and digest == record.text_sha256:
            del missing[doc_id]
            yield record, text
    if missing:
        raise TextError(
            f"{len(missing)} of {len(records)} texts are not where {out} was made from, among them {next(iter(missing))}; "
            "give them with --texts, as JSON lines of doc_id and text"
        )


def _texts(out: Path) -> Iterator[tuple[str, str]]:
    kept = out / "texts.jsonl"
    if kept.exists():
        with kept.open("rb") as lines:
            for line in lines:
                row = orjson.loads(line)
                yield row["doc_id"], row["text"]
    manifest = load(out)
    if manifest is None:
        return
    run = manifest.run
    paths = [out / STDIN_COPY if path == STDIN else Path(run.folder, os.fsdecode(path)) for path in run.paths]
    options = run.options
    for found in read([path for path in paths if path.exists()], options.text_field, options.id_field, out):
        if isinstance(found, Judgment):
            yield found.doc_id, found.text
