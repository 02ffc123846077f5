"""``panjue eval``: records against gold, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from panjue.eval.confidence import calibrate, calibrate_records, print_calibration
from panjue.eval.display import print_changes, print_figures, print_misses
from panjue.eval.records import InputError, read_records, read_texts
from panjue.eval.score import Records, Report, changes, score

_FILE = click.Path(exists=True, path_type=Path)


class BadInput(click.ClickException):
    """A file that cannot be evaluated, as opposed to records that are wrong: exit code 2."""

    exit_code = 2


def inputs(gold: Path, pred: Path, texts: Path | None) -> tuple[Records, Records, dict[str, str]]:
    """What is compared; documents that one side lacks are named on standard error.

    Raises:
        BadInput: a file cannot be read, or the two sides have no document in common.
    """
    try:
        ours, theirs = read_records(gold), read_records(pred)
        words = read_texts(texts) if texts else {}
    except InputError as error:
        raise BadInput(str(error)) from error
    if ours.keys().isdisjoint(theirs):
        raise BadInput(f"{pred} has none of the documents of {gold}: no doc_id is in both")
    _warn(ours.keys() - theirs.keys(), f"not in {pred}, counted as wrong")
    _warn(theirs.keys() - ours.keys(), f"not in {gold}, passed over")
    if texts:
        _warn(ours.keys() - words.keys(), f"not in {texts}, evidence not compared")
    return ours, theirs, words


def terminal(width: int = 110) -> Console:
    """Standard output; at least so many columns wide where it is not a terminal, so that tables stay whole."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, width)
    return console


def _warn(doc_ids: set[str], what: str) -> None:
    if doc_ids:
        some = ", ".join(sorted(doc_ids)[:5]) + (", …" if len(doc_ids) > 5 else "")
        click.echo(f"{len(doc_ids)} document(s) {what}: {some}", err=True)


@click.command("eval")
@click.option("--gold", type=_FILE, required=True, help="Gold records, JSON Lines.")
@click.option("--pred", type=_FILE, required=True, help="Records to judge: a file, or an output folder.")
@click.option("--texts", type=_FILE, help="Their texts (doc_id, text), to judge evidence and to show errors.")
@click.option("--errors", type=click.IntRange(min=0), help="Show up to N errors of each field, with their text.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, allow_dash=True), help="FILE for machines; - alone."
)
@click.option("--against", type=_FILE, help="Other records of the same documents: show gains and losses against them.")
@click.option(
    "--confidence", is_flag=True, help="Show how often values are right, by confidence, and how well that fits."
)
def eval_command(
    gold: Path,
    pred: Path,
    texts: Path | None,
    errors: int | None,
    json_file: str | None,
    against: Path | None,
    confidence: bool,
) -> None:
    """Compare records with gold: per field, per defendant, per document.

    'active' counts only the defendants of whom gold or prediction says something other than the empty value.
    With --against up to 10 gains and losses of each field are shown, or as many as --errors says.
    """
    ours, theirs, words = inputs(gold, pred, texts)
    report = score(ours, theirs, words)
    others = inputs(gold, against, None)[1] if against else {}
    before = score(ours, others, words) if against else None
    if json_file:
        write_json(json_file, as_json(report, before))
        if json_file == "-":
            return
    console = terminal()
    print_figures(console, report)
    if confidence:
        print_calibration(console, calibrate(ours, theirs), calibrate_records(ours, theirs))
    if errors:
        print_misses(console, report.misses, errors, ours, theirs, words)
    if before:
        limit = 10 if errors is None else errors
        gains, losses = changes(before, report)
        print_changes(console, str(against), before, report, gains, losses)
        if losses and limit:
            console.rule("losses: right before, now", align="left")
            print_misses(console, losses, limit, ours, theirs, words)
        if gains and limit:
            console.rule("gains: right now, before", align="left")
            print_misses(console, gains, limit, ours, others, words)


def as_json(report: Report, before: Report | None = None) -> dict[str, Any]:
    """Figures and errors as a JSON object; with ``before``, gains and losses against it."""
    document = {
        "figures": msgspec.to_builtins(dict(report.tallies)),
        "defendants": {
            "matched": report.defendants_matched,
            "gold": report.defendants_gold,
            "predicted": report.defendants_predicted,
            "precision": report.precision,
            "recall": report.recall,
        },
        "errors": msgspec.to_builtins(report.misses),
    }
    if before:
        gains, losses = changes(before, report)
        document["against"] = {"gains": msgspec.to_builtins(gains), "losses": msgspec.to_builtins(losses)}
    return document


def write_json(file: str, document: dict[str, Any]) -> None:
    """Write to the file, or with ``-`` to standard output."""
    text = json.dumps(document, indent=1) + "\n"  # in ASCII: texts may hold what UTF-8 cannot
    if file == "-":
        click.echo(text, nl=False)
    else:
        Path(file).write_text(text, encoding="ascii")
