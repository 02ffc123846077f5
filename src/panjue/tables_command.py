"""``panjue tables``: tidy tables for other software, with their dictionary."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from panjue.analysis.codebook import codebook, data_package
from panjue.analysis.dictionary import TABLES
from panjue.analysis.formats import FORMATS, FormatError, to_csv
from panjue.analysis.tables import Choices, deletion_of, write_tables
from panjue.eval.command import as_json
from panjue.eval.records import InputError, read_records
from panjue.eval.score import score
from panjue.extractors.lexicon import lexicon_version
from panjue.run.folder import part_folders, records_of
from panjue.run.manifest import version

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("tables")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder for the tables; a new one."
)
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(list(FORMATS)), help="Beside Parquet. May be repeated."
)
@click.option("--bom", is_flag=True, help="CSV with a byte order mark, for older Excel.")
@click.option("--with-names", is_flag=True, help="Put names of people in.")
@click.option("--hash-key", type=_FILE, help="File with a secret: defendants get a keyed hash of their name.")
@click.option("--delete", type=_FILE, help="Case numbers or doc_ids to leave out everywhere, one a line.")
@click.option("--gold", type=_FILE, help="Gold records: the codebook then says how well each field is read.")
@click.option("--overwrite", is_flag=True, help="Write over earlier tables.")
def tables_command(
    out: Path,
    output: Path,
    formats: tuple[str, ...],
    bom: bool,
    with_names: bool,
    hash_key: Path | None,
    delete: Path | None,
    gold: Path | None,
    overwrite: bool,
) -> None:
    """Write tidy tables, linked by doc_id and defendant_no, with a codebook.

    cases, defendants, charges, counts, counsel, recommendations, evidence, flags, errors, and defendants_wide: one row for
    each defendant with everything, to begin with. Where a value is missing, the column why_NAME says whether it is not
    stated, not applicable, or could not be read. Names of people stay out.

    \b
    panjue tables out -o tables
    panjue tables out -o tables --format stata --format csv --bom --overwrite
    panjue tables out -o tables --delete withdrawn.txt --hash-key secret.key --overwrite
    """
    _ready(output, overwrite=overwrite)
    key = hash_key.read_bytes().strip() if hash_key else None
    if key is not None and len(key) < 16:
        raise click.UsageError(f"{hash_key}: a key has at least 16 bytes; make one with: openssl rand -hex 32")
    choices = Choices(with_names=with_names, key=key, deleted=deletion_of(delete))
    about = {"toolkit": version(), "lexicons": lexicon_version(), "model": _models(out)}
    with click.progressbar(records_of(out), _read(out), label="writing", file=sys.stderr) as records:
        counts = write_tables(records, _failures(out), output, choices, about)
    paths = [output / f"{name}.parquet" for name in (*(table.name for table in TABLES), "errors")]
    try:
        for name in formats:
            to_csv(paths, output, bom=bom) if name == "csv" else FORMATS[name](paths, output)
        words = codebook(paths, _accuracy(gold, out), about)
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[tables]'") from error
    except FormatError as error:
        raise click.ClickException(str(error)) from error
    (output / "codebook.md").write_text(words, encoding="utf-8")
    if "csv" in formats:
        described = json.dumps(data_package(paths, about), ensure_ascii=False, indent=1)
        (output / "datapackage.json").write_text(described + "\n", encoding="utf-8")
    for name, count in counts.items():
        click.echo(f"{name:16} {count:>12,}")


def _ready(output: Path, *, overwrite: bool) -> None:
    if output.exists() and any(output.iterdir()):
        if not (output / "defendants_wide.parquet").exists():
            raise click.UsageError(f"{output} holds something else; name a new folder")
        if not overwrite:
            raise click.UsageError(f"{output} holds tables already; --overwrite writes them anew")
        shutil.rmtree(output)
    output.mkdir(parents=True, exist_ok=True)


def _read(out: Path) -> int | None:
    """Judgments in the output, as far as its summary is there."""
    path = out / "summary.json"
    return int(orjson.loads(path.read_bytes())["counts"]["read"]) if path.exists() else None


def _models(out: Path) -> str:
    """The models that the records were read with, by their own word."""
    used = {record.toolkit.model or "none" for record in records_of(out) if record.toolkit}
    return ", ".join(sorted(used)) or "none"


def _failures(out: Path) -> Iterator[dict[str, Any]]:
    files = [out / "errors.jsonl"]
    if not files[0].exists():
        files = [folder / "errors.jsonl" for folder in part_folders(out)]
    for file in files:
        with file.open("rb") as lines:
            yield from map(orjson.loads, lines)


def _accuracy(gold: Path | None, out: Path) -> dict[str, dict[str, Any]]:
    if gold is None:
        return {}
    try:
        ours = read_records(gold)
        figures: dict[str, dict[str, Any]] = as_json(score(ours, _shared(out, set(ours))))["figures"]
    except InputError as error:
        raise click.ClickException(str(error)) from error
    return figures


def _shared(out: Path, doc_ids: set[str]) -> dict[str, Any]:
    import msgspec

    return {record.doc_id: msgspec.to_builtins(record) for record in records_of(out) if record.doc_id in doc_ids}
