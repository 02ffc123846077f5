"""``panjue texts``: the texts that records speak of, for tools that want them beside each other."""

from __future__ import annotations

import json
from pathlib import Path

import click

from panjue.run.texts import TextError, texts_of


@click.command("texts")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON lines.")
@click.option("--overwrite", is_flag=True, help="Write over what is there.")
def texts_command(out: Path, output: Path, overwrite: bool) -> None:
    """Write the text of every record of an output folder: lines of doc_id and text.

    Texts taken out of markup were kept in the folder; plain ones are read again from the input.

    \b
    panjue texts out -o texts.jsonl
    """
    if output.exists() and not overwrite:
        raise click.UsageError(f"{output} is there already; to write over it: --overwrite")
    temporary = output.with_name(f".{output.name}.new")
    try:
        with temporary.open("w", encoding="ascii") as lines:
            for record, text in texts_of(out):
                lines.write(json.dumps({"doc_id": record.doc_id, "text": text}) + "\n")
        temporary.replace(output)
    except TextError as error:
        raise click.ClickException(str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
