"""``panjue check``: how often each self-check found something in records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from panjue.eval.command import BadInput, terminal
from panjue.extractors.checks import CHECKS
from panjue.extractors.checks.dates import term_spans
from panjue.extractors.record import Record, decode

_SOME = 3
#: how the dates of a term can agree with its length, for people
_SPANS = {
    "exact": ("as computed", "相符"),
    "near": ("up to 4 days off", "相差四日以内"),
    "credited": ("earlier, custody credited or an earlier sentence combined", "先行羁押折抵"),
    "interrupted": ("later, custody interrupted", "羁押中断顺延"),
    "earlier": ("earlier, not explained", "提前，无说明"),
    "later": ("later, not explained", "延后，无说明"),
}


class Hit(Struct, frozen=True):
    """One thing found by one check in one record."""

    doc_id: str
    path: str
    message: str


class Rates(Struct):
    """What the checks found in a set of records."""

    records: int = 0
    out_of_scope: int = 0
    applicable: Counter[str] = msgspec.field(default_factory=Counter)
    hits: dict[str, list[Hit]] = msgspec.field(default_factory=lambda: {one.code: [] for one in CHECKS})
    spans: Counter[str] = msgspec.field(default_factory=Counter)

    def rate(self, code: str) -> float:
        """The share of what a check applies to in which it found something; 0 where it applies to nothing."""
        return len(self.hits[code]) / self.applicable[code] if self.applicable[code] else 0.0

    @property
    def dates_explained(self) -> float:
        """The share of the sentences printing dates whose dates agree with the term, or are explained by the text."""
        total = sum(self.spans.values())
        return 1 - (self.spans["earlier"] + self.spans["later"]) / total if total else 0.0


def run_checks(records: Iterable[Record]) -> Rates:
    """Run every check over records; those out of scope are only counted."""
    rates = Rates()
    for record in records:
        rates.records += 1
        if record.status == "out_of_scope":
            rates.out_of_scope += 1
            continue
        for one in CHECKS:
            for outcome in one.look(record):
                rates.applicable[one.code] += 1
                if outcome is not None:
                    rates.hits[one.code].append(Hit(record.doc_id, *outcome))
        rates.spans.update(span for _, span, _ in term_spans(record))
    return rates


def records_in(path: Path) -> Iterator[Record]:
    """The records of a file of JSON Lines, or of an output folder, one at a time.

    Raises:
        BadInput: no records are there, or a line is none.
    """
    file = path / "records.jsonl" if path.is_dir() else path
    if not file.is_file():
        raise BadInput(f"{path} holds no records.jsonl; make it with: panjue extract … -o {path}")
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise BadInput(f"{file}:{number}: {error}") from error


@click.command("check")
@click.argument("out", type=click.Path(exists=True, path_type=Path))
@click.option("--show", metavar="CODE", help="List everything one check found: document, path, values.")
@click.option("--by-rate", is_flag=True, help="The highest rates first.")
def check_command(out: Path, show: str | None, by_rate: bool) -> None:
    """Print what the self-checks find in OUT, an output folder or a file of records.

    A rate is a share of what the check applies to. Hard checks find errors, of the court or of the extraction; soft
    checks mark what is lawful but rare. The records are checked anew, their texts are not needed.

    \b
    panjue check out
    panjue check out --show term_outside_law
    """
    if show and show not in {one.code for one in CHECKS}:
        raise click.UsageError(f"there is no check {show!r}; there are: {', '.join(one.code for one in CHECKS)}")
    try:
        rates = run_checks(records_in(out))
    except ValueError as error:  # dates follow the contract's pattern, and may still be none: 2019-02-30
        raise BadInput(f"{out}: {error}") from error
    console = terminal()
    if show:
        for hit in rates.hits[show]:
            console.print(Text(f"{hit.doc_id}  {hit.path or '/'}  {hit.message}"), soft_wrap=True)
        console.print(f"{len(rates.hits[show])} of {rates.applicable[show]}")
        return
    print_rates(console, rates, by_rate=by_rate)
    print_spans(console, rates)


def print_rates(console: Console, rates: Rates, *, by_rate: bool = False) -> None:
    """One row for each check."""
    table = Table("check", "检查", "kind", "statute", box=box.SIMPLE_HEAD)
    for column in ("applies to", "flagged", "rate"):
        table.add_column(column, justify="right")
    table.add_column("for example")
    for one in sorted(CHECKS, key=lambda one: -rates.rate(one.code)) if by_rate else CHECKS:
        table.add_row(
            one.code,
            one.chinese,
            "hard" if one.hard else "soft",
            one.statute,
            str(rates.applicable[one.code]),
            str(len(rates.hits[one.code])),
            f"{rates.rate(one.code):.2%}" if rates.applicable[one.code] else "",
            ", ".join(list(dict.fromkeys(hit.doc_id for hit in rates.hits[one.code]))[:_SOME]),
        )
    console.width = max(console.width, 200) if not console.is_terminal else console.width
    console.print(table)
    hard = [one.code for one in CHECKS if one.hard and rates.rate(one.code) > 0.01]
    console.print(
        f"{rates.records} records, {rates.out_of_scope} of them out of scope and not checked; "
        f"hard checks above 1 %: {', '.join(hard) or 'none'}"
    )


def print_spans(console: Console, rates: Rates) -> None:
    """How the dates of the terms agree with their length."""
    total = sum(rates.spans.values())
    if not total:
        return
    table = Table("end of the term", "刑期止日", box=box.SIMPLE_HEAD)
    for column in ("sentences", "share"):
        table.add_column(column, justify="right")
    for span, (english, chinese) in _SPANS.items():
        table.add_row(english, chinese, str(rates.spans[span]), f"{rates.spans[span] / total:.2%}")
    console.print(table)
    console.print(f"term dates explained: {rates.dates_explained:.1%} of {total} sentences that print them")
