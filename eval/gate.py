"""``panjue gate``: no figure falls under its pinned floor.

``floors.json`` keeps, for each gold set, the hash of the gold file and the lowest share allowed of every figure.
Floors rise with ``--raise``. They fall only by name and with a reason, which the file keeps.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from panjue.eval.command import BadInput, inputs
from panjue.eval.score import Report, score

FLOORS = Path(__file__).with_name("floors.json")


class Lowered(Struct):
    """A floor that was lowered, and why."""

    figure: str
    before: float
    after: float | None
    """None where the figure is no longer measured."""
    why: str


class GoldSet(Struct):
    """The floors of one gold set: shares by figure, measured on the gold file with this hash."""

    sha256: str
    floors: dict[str, float] = msgspec.field(default_factory=dict)
    lowered: list[Lowered] = msgspec.field(default_factory=list)

    def failures(self, measured: dict[str, float]) -> list[str]:
        """One line for each figure that is under its floor, lost or without a floor; none if the gate is passed."""
        lines = [
            f"{name}: {measured[name]:.4f} is under its floor {floor:.4f}"
            for name, floor in self.floors.items()
            if name in measured and measured[name] < floor
        ]
        lines += [f"{name}: has a floor and was not measured" for name in self.floors if name not in measured]
        return lines + [f"{name}: has no floor; pin it with --raise" for name in measured if name not in self.floors]

    def raise_to(self, measured: dict[str, float]) -> list[str]:
        """Raise every floor that the measured share exceeds, and pin the new ones.

        Returns:
            The figures whose floor rose.
        """
        raised = [name for name, value in measured.items() if value > self.floors.get(name, -1.0)]
        self.floors |= {name: measured[name] for name in raised}
        return raised

    def lower_to(self, figure: str, measured: dict[str, float], why: str) -> None:
        """Lower one floor to the measured share, or drop it where the figure is no longer measured.

        Raises:
            ValueError: it has no floor, or stands at or above it.
        """
        before, after = self.floors.get(figure), measured.get(figure)
        if before is None:
            raise ValueError(f"{figure} has no floor")
        if after is not None and after >= before:
            raise ValueError(f"{figure} is not under its floor")
        self.lowered.append(Lowered(figure, before, after, why))
        if after is None:
            del self.floors[figure]
        else:
            self.floors[figure] = after


def shares(report: Report) -> dict[str, float]:
    """Every figure as a share of all, rounded down to four decimals so that a floor is never above what was reached."""
    exact = {name: tally.right / tally.total for name, tally in report.tallies.items()}
    exact |= {"defendants precision": report.precision, "defendants recall": report.recall}
    return {name: math.floor(value * 10_000) / 10_000 for name, value in exact.items()}


def read_floors(path: Path) -> dict[str, GoldSet]:
    """Gold sets by name; none where the file does not exist yet.

    Raises:
        msgspec.DecodeError: it is not what this module writes.
    """
    return msgspec.json.decode(path.read_bytes(), type=dict[str, GoldSet]) if path.exists() else {}


def write_floors(path: Path, sets: dict[str, GoldSet]) -> None:
    """Write gold sets by name, one figure a line, so that a change of a floor is one line in a diff."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(sets), indent=1) + b"\n")


@click.command("gate")
@click.option("--gold", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--pred", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--texts", type=click.Path(exists=True, path_type=Path), help="Needed for the floors of the evidence.")
@click.option("--floors", type=click.Path(dir_okay=False, path_type=Path), default=FLOORS, show_default="the project's")
@click.option("--raise", "raising", is_flag=True, help="Raise the floors to what was reached; pin new figures.")
@click.option("--lower", multiple=True, metavar="FIGURE", help="Lower one floor to what was reached; needs --why.")
@click.option("--why", help="The reason to lower floors, or to measure them on gold that has changed.")
def gate_command(
    gold: Path, pred: Path, texts: Path | None, floors: Path, raising: bool, lower: tuple[str, ...], why: str | None
) -> None:
    """Fail if a figure is under its pinned floor.

    Exit code 1: a figure is under its floor, or has none. Exit code 2: nothing could be measured.
    """
    if lower and not (why and why.strip()):
        raise click.UsageError("--lower needs its reason: --why TEXT")
    try:
        sets = read_floors(floors)
    except msgspec.DecodeError as error:
        raise BadInput(f"{floors}: {error}") from error
    measured = shares(score(*inputs(gold, pred, texts)))
    name = "/".join(gold.resolve().with_suffix("").parts[-2:])
    pinned = _gold_set(name, sets, hashlib.sha256(gold.read_bytes()).hexdigest(), measured, raising, why)
    for figure in lower:
        try:
            pinned.lower_to(figure, measured, str(why))
        except ValueError as error:
            raise BadInput(str(error)) from error
    raised = pinned.raise_to(measured) if raising else []
    if raising or lower:
        write_floors(floors, sets)
        click.echo(f"{floors}: {len(raised)} floors of {name} raised, {len(lower)} lowered")
    failures = pinned.failures(measured)
    for line in failures:
        click.echo(line, err=True)
    if failures:
        raise click.ClickException(f"{name}: {len(failures)} of {len(measured)} figures do not pass the gate")
    click.echo(f"{name}: all {len(measured)} figures are at or above their floors")


def _gold_set(
    name: str, sets: dict[str, GoldSet], sha256: str, measured: dict[str, float], raising: bool, why: str | None
) -> GoldSet:
    """The floors for this gold; ``--raise`` adds a new gold set, and with a reason takes one whose gold has changed."""
    if name not in sets:
        if not raising:
            raise BadInput(f"no floors for {name}; pin them with --raise")
        sets[name] = GoldSet(sha256)
    pinned = sets[name]
    if pinned.sha256 != sha256:
        if not (raising and why and why.strip()):
            raise BadInput(f"{name} is not the gold its floors were measured on; measure anew with --raise --why TEXT")
        for figure in [f for f, floor in pinned.floors.items() if measured.get(f, -1.0) < floor]:
            pinned.lower_to(figure, measured, why)
        pinned.sha256 = sha256
    return pinned
