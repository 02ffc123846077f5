"""Fit the table of decisions of a tagger, ``decisions.csv`` in its folder: for which fields, and from which score on, the tagger is better than the rules.

    python -m panjue.eval.deciding --gold GOLD --texts TEXTS.jsonl [--texts HARDER.jsonl …] --tagger FOLDER -o OUT [--write]

The first texts are the judgments as they were, the others are made harder (``panjue perturb``).

The tagger must not have been trained on these judgments, nor on others of their courts. Judgments of one court are one fold's.
Beside the table, fitted on all of them, OUT holds for each file of texts the records of the rules, of the tagger alone, and of
both with the table fitted on the other folds: what ``panjue compare-readers`` compares.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from panjue.eval.fields import DEFENDANT_FIELDS, Field
from panjue.eval.records import read_records, read_texts
from panjue.eval.score import align
from panjue.extractors.groups import Roster
from panjue.extractors.record import Defendant, Record, decode, encode
from panjue.extractors.sentence import read_sentences
from panjue.models.deciding import (
    DECISIONS,
    SECTIONS_SILENT,
    Decision,
    Disputed,
    Situation,
    Table,
    disputed,
    settle,
    take,
)
from panjue.models.hybrid import Hybrid, Looked, settled
from panjue.models.restoring.restorer import FOLDER as RESTORER
from panjue.models.restoring.restorer import Restorer
from panjue.models.tagger.reading import FIELDS, parties_of, read_tagged, sections_of
from panjue.models.tagger.tagger import Tagger

_FOLDS = 5
_GAIN = 3
"""Values that a decision must gain, all in all, on the judgments it is fitted on."""


class Outcome(NamedTuple):
    """A dispute, the values of its field that are right with the rules, with the tagger, and how many there are."""

    dispute: Disputed
    before: int
    after: int
    values: int
    plain: bool
    """Whether the text is the judgment as it was, not made harder."""


def outcomes(read: Looked, gold: Mapping[str, Any], *, plain: bool) -> list[Outcome]:
    """Every dispute of a judgment, settled by gold."""
    found = []
    rules = msgspec.to_builtins(read.record)
    where = {match: index for index, match in align(gold, rules) if match is not None and index is not None}
    for dispute in disputed(read.record, read.readings):
        if dispute.defendant not in where:
            continue
        ours = gold["defendants"][where[dispute.defendant]]
        trial = _copy(read).record
        if read.view is None or not take(trial, dispute, read.view):
            continue
        fields = _fields(dispute.field)
        before, after = (
            sum(field.value(ours) == field.value(theirs["defendants"][dispute.defendant]) for field in fields)
            for theirs in (rules, msgspec.to_builtins(trial))
        )
        found.append(Outcome(dispute, before, after, len(fields), plain))
    if read.recut:
        dispute = Disputed(0, *SECTIONS_SILENT, read.recut)
        theirs = msgspec.to_builtins(read.recut.value)
        counted = len(gold["defendants"]) * len(DEFENDANT_FIELDS)
        found.append(Outcome(dispute, _right(gold, rules), _right(gold, theirs), counted, plain))
    return found


def _right(gold: Mapping[str, Any], record: Mapping[str, Any]) -> int:
    """Values of the defendants that are gold's."""
    return sum(
        field.value(gold["defendants"][index]) == field.value(record["defendants"][match])
        for index, match in align(gold, record)
        if index is not None and match is not None
        for field in DEFENDANT_FIELDS
    )


def fit(found: Iterable[Outcome]) -> dict[tuple[str, Situation], Decision]:
    """The least score of each field and situation with which the tagger gains most.

    It must gain enough, and lose nothing on judgments as they were.
    """
    groups: dict[tuple[str, Situation], list[Outcome]] = defaultdict(list)
    for outcome in found:
        if outcome.dispute.situation != "sure":
            groups[outcome.dispute.field, outcome.dispute.situation].append(outcome)
    table = {}
    for key, group in sorted(groups.items()):
        best, gained = None, 0
        total = plain = right = values = 0
        for outcome in sorted(group, key=lambda one: -one.dispute.reading.score):
            total += outcome.after - outcome.before
            plain += outcome.plain and outcome.after - outcome.before
            right += outcome.after
            values += outcome.values
            if total > gained and plain >= 0:
                best, gained = Decision(round(outcome.dispute.reading.score, 2), right, values), total
        if best and gained >= _GAIN:
            table[key] = best
    return table


def alone(read: Looked) -> Record:
    """What the tagger reads by itself: passages it found, its sections, and the grammar inside them."""
    record = Record(doc_id=read.record.doc_id, text_sha256=read.record.text_sha256)
    if read.view is None:
        return record
    text = read.view.text
    roster = Roster(parties_of(read.tagged, text))
    record.defendants = [Defendant(name=party.name) for party in roster.parties]
    masked = roster.mask(text)
    settle(record, read_tagged(read.tagged, text, roster), read.view, _EVERYTHING)
    sections = sections_of(read.tagged, len(text))
    if sections:
        for defendant, finding in zip(record.defendants, read_sentences(masked, sections, roster, None), strict=True):
            defendant.sentence = finding.sentence
    return record


_EVERYTHING: Table = {(field, "silent"): Decision(0.0, 1, 1) for field in FIELDS}


def _fields(pointer: str) -> list[Field]:
    """What is scored of a field of readings: of a recommendation all but the answer to it."""
    name = pointer.replace("/", ".")
    if name == "recommendation":
        return [f for f in DEFENDANT_FIELDS if f.group == name and f.name != "recommendation.court_response"]
    return [field for field in DEFENDANT_FIELDS if field.name == name]


def _fold(record: Mapping[str, Any]) -> int:
    court = str((record.get("case") or {}).get("court") or record["doc_id"])
    return int.from_bytes(sha256(court.encode()).digest()[:4], "big") % _FOLDS


def _load(restorer: Path, tagger: Path) -> None:
    import torch

    torch.set_num_threads(1)
    _loaded.append(Hybrid(Restorer(restorer), Tagger(tagger), {}, always=True))


def _look(judgment: tuple[str, str]) -> Looked:
    doc_id, text = judgment
    return _loaded[0].look(text, doc_id)


_loaded: list[Hybrid] = []
"""What a worker reads with."""


def _copy(looked: Looked) -> Looked:
    return looked._replace(record=decode(encode(looked.record)))


def _write(path: Path, records: Sequence[Record]) -> None:
    path.write_bytes(b"".join(encode(record) + b"\n" for record in records))


@click.command()
@click.option("--gold", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--texts", "files", required=True, multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--tagger", "folder", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--restorer", default=RESTORER, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path))
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Processes.")
@click.option("--write", is_flag=True, help="Put the table into the folder of the tagger.")
def main(gold: Path, files: tuple[Path, ...], folder: Path, restorer: Path, out: Path, jobs: int, write: bool) -> None:
    """Fit the table, and read every judgment with the table of the other folds."""
    known = read_records(gold)
    found: list[tuple[int, Outcome]] = []
    read: dict[Path, list[Looked]] = {}
    for path in files:
        texts = {doc_id: text for doc_id, text in read_texts(path).items() if doc_id in known}
        with get_context("spawn").Pool(jobs, _load, (restorer, folder)) as pool:
            looked = pool.imap(_look, texts.items(), chunksize=4)
            with click.progressbar(looked, len(texts), label=path.stem) as judgments:
                read[path] = list(judgments)
        for one in read[path]:
            truth = known[one.record.doc_id]
            found += [(_fold(truth), outcome) for outcome in outcomes(one, truth, plain=path == files[0])]
    tables = [fit(outcome for fold, outcome in found if fold != held) for held in range(_FOLDS)]
    for path in files:
        place = out / path.stem
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "tagger.jsonl", [alone(one) for one in read[path]])
        _write(place / "rules.jsonl", [settled(_copy(one), {}) for one in read[path]])
        held_out = [settled(one, tables[_fold(known[one.record.doc_id])]) for one in read[path]]
        _write(place / "hybrid.jsonl", held_out)
    table = fit(outcome for _, outcome in found)
    rows = [(*key, decision.score, decision.right, decision.values) for key, decision in table.items()]
    click.echo(json.dumps({"disputes": len(found), "table": rows}, ensure_ascii=False, indent=1))
    if write:
        with (folder / DECISIONS).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["field", "situation", "score", "right", "values"])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
