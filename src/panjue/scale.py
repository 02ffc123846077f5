"""What a run over ten million judgments takes, from what ``make bench`` measured: a calculation, not a measurement.

``python -m panjue.scale docs/scale.json`` prints the table of ``docs/scale.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click
import msgspec
from msgspec import Meta, Struct

Rate = Annotated[float, Meta(gt=0, description="judgments a second")]


class Measured(Struct, frozen=True, kw_only=True):
    """The inputs: what ``python -m panjue.bench --write FILE`` wrote."""

    documents: int
    characters: int
    """Of a judgment, on average."""
    bytes_in: int
    """Of a judgment, as JSON lines."""
    bytes_out: int
    """Of a judgment, in the parts of the output."""
    worker_mb: int
    """The most memory of one worker process."""
    jieba: Rate
    local_1: Rate
    local_2: Rate
    ray_2: Rate
    spark_2: Rate


class Row(Struct, frozen=True):
    """One way to do it."""

    way: str
    cores: int
    hours: float
    memory: float
    """Of all workers, in GB."""


def rows(measured: Measured, judgments: int) -> list[Row]:
    """How long it takes on machines of some sizes.

    A core does half of what two do together, be it with local processes, Ray or Spark; that more cores do as much each
    was not measured.
    """
    local, ray, spark = measured.local_2 / 2, measured.ray_2 / 2, measured.spark_2 / 2
    ways = [("one machine", 8, local), ("one machine", 32, local), ("Ray", 256, ray), ("Spark", 256, spark)]
    return [
        Row(way, cores, judgments / (rate * cores) / 3600, cores * measured.worker_mb / 1000)
        for way, cores, rate in ways
    ]


def table(measured: Measured, judgments: int) -> str:
    """The rows and the disk space as Markdown."""
    lines = ["| | cores | hours | core hours | memory of the workers |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {row.way} | {row.cores} | {row.hours:.1f} | {row.hours * row.cores:,.0f} | {row.memory:.0f} GB |"
        for row in rows(measured, judgments)
    ]
    in_gb, out_gb = (judgments * size / 1e9 for size in (measured.bytes_in, measured.bytes_out))
    return "\n".join(
        [*lines, "", f"{judgments:,} judgments: {in_gb:,.0f} GB of JSON lines in, {out_gb:,.0f} GB of parts out."]
    )


@click.command("scale")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--judgments", type=click.IntRange(min=1), default=10_000_000, show_default=True)
def scale(file: Path, judgments: int) -> None:
    """Calculate hours, memory and disk for a large run from the figures in FILE."""
    try:
        measured = msgspec.json.decode(file.read_bytes(), type=Measured)
    except msgspec.MsgspecError as error:
        raise click.ClickException(
            f"{file}: {error}; make it anew where Ray and Spark are installed: python -m panjue.bench --write {file}"
        ) from error
    click.echo(table(measured, judgments))


if __name__ == "__main__":
    scale()
