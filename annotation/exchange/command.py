"""``panjue convert``: records to and from the formats of other annotation tools."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
import msgspec

from panjue.annotation.exchange import brat, conll, docbin, doccano, inception, label_studio, prodigy, web_annotation
from panjue.annotation.exchange.spans import Document, ExchangeError, Format, Originals, checked
from panjue.eval.records import InputError, read_records, read_texts
from panjue.extractors.record import Evidence, Record, encode

FORMATS: dict[str, Format] = {
    "brat": brat,
    "conll": conll,
    "doccano": doccano,
    "inception": inception,
    "label-studio": label_studio,
    "prodigy": prodigy,
    "spacy": docbin,
    "web-annotation": web_annotation,
}


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "target", type=click.Choice(list(FORMATS)), help="Format to write records in.")
@click.option("--from", "origin", type=click.Choice(list(FORMATS)), help="Format to read corrections from.")
@click.option(
    "--texts",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help='The judgments: JSON lines with "doc_id" and "text".',
)
@click.option(
    "--records",
    type=click.Path(exists=True, path_type=Path),
    help="The records that were converted, for a format that does not carry them.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="File or folder to write.")
@click.option("--overwrite", is_flag=True, help="Write over what is there.")
def convert_command(
    source: Path,
    target: str | None,
    origin: str | None,
    texts: Path,
    records: Path | None,
    output: Path,
    overwrite: bool,
) -> None:
    """Take records to another annotation tool, and the corrections back.

    \b
    panjue convert out --texts texts.jsonl --to label-studio -o label-studio/
        writes label-studio/tasks.json to import and label-studio/config.xml,
        the labeling interface of the project
    panjue convert --from label-studio export.json --texts texts.jsonl -o corrected.jsonl
        reads what was exported as JSON; what people changed has the source person
    panjue convert out --texts texts.jsonl --to spacy -o records.spacy
    panjue convert out --texts texts.jsonl --to brat -o brat/
    panjue convert --from brat brat/ --texts texts.jsonl --records out -o corrected.jsonl
        brat's files do not hold the records, so they are given again
    """
    if (target is None) == (origin is None):
        raise click.UsageError("say either --to or --from")
    if output.exists() and not overwrite:
        raise click.UsageError(f"{output} is there already; to write over it: --overwrite")
    try:
        known = read_texts(texts)
        if target is not None:
            _write(FORMATS[target], source, known, output)
        elif origin is not None:
            given = _records(records) if records else {}
            _read(FORMATS[origin], source, Originals(known, given), output)
    except (ExchangeError, InputError) as error:
        raise click.ClickException(str(error)) from error


def _write(form: Format, source: Path, texts: dict[str, str], output: Path) -> None:
    documents = []
    for doc_id, record in _records(source).items():
        if doc_id not in texts:
            raise ExchangeError(f"{source}: document {doc_id!r}: no text of that doc_id")
        documents.append(checked(f"{source}: document {doc_id!r}", Document(texts[doc_id], record)))
    files = form.write(documents)
    if len(files) == 1 and not output.is_dir():
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(*files.values())
    else:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (output / name).write_bytes(content)
    held = sum(len(form.held(document)) for document in documents)
    click.echo(f"{len(documents)} documents, {held} passages: {output}")
    left = Counter(entry.path.rpartition("/")[2] for document in documents for entry in _left(form, document))
    if left:
        click.echo(f"left out: {sum(left.values())} passages ({', '.join(f'{n} {k}' for k, n in left.most_common())})")
    for loss in form.LOSES:
        click.echo(f"not held: {loss}")


def _left(form: Format, document: Document) -> list[Evidence]:
    held = {span.number for span in form.held(document)}
    return [entry for number, entry in enumerate(document.record.evidence) if number not in held]


def _read(form: Format, source: Path, originals: Originals, output: Path) -> None:
    paths = sorted(source.glob(f"*{form.SUFFIX}")) if source.is_dir() else [source]
    if not paths:
        raise ExchangeError(f"{source}: no {form.SUFFIX} files")
    documents = form.read({path.name: path.read_bytes() for path in paths}, originals)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(b"".join(encode(document.record) + b"\n" for document in documents))
    by = Counter(entry.source == "person" for document in documents for entry in document.record.evidence)
    click.echo(f"{len(documents)} documents, {by.total()} passages, {by[True]} by a person: {output}")


def _records(path: Path) -> dict[str, Record]:
    records = {}
    for doc_id, record in read_records(path).items():
        try:
            records[doc_id] = msgspec.convert(record, Record)
        except msgspec.ValidationError as error:
            raise InputError(f"{path}: document {doc_id!r}: {error}") from error
    return records
