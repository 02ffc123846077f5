"""What tables and measures take, as ratios to reading the same Parquet in the same run.

``make bench-tables``. Records are the examples, again and again under new identifiers; nothing is held but some thousand.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from pyarrow import parquet
from rich.console import Console
from rich.table import Table

from panjue.analysis.measures.definitions import MEASURES
from panjue.analysis.measures.source import open_tables
from panjue.analysis.measures.table import measured
from panjue.analysis.tables import Choices, write_tables
from panjue.eval.bench import EXAMPLES
from panjue.extractors.record import Record, decode


def generated(count: int) -> Iterator[Record]:
    """``count`` records: the examples' gold, each time with another identifier."""
    lines = (EXAMPLES.parent / "gold.jsonl").read_bytes().splitlines()
    known = [decode(line) for line in lines]
    for number in range(count):
        yield msgspec.structs.replace(known[number % len(known)], doc_id=f"d{number}")


@click.command("bench-tables")
@click.option("--records", type=click.IntRange(min=100), default=20_000, show_default=True)
def bench_tables(records: int) -> None:
    """Measure tables and measures against reading the tables."""
    with tempfile.TemporaryDirectory(prefix="panjue-") as work:
        folder = Path(work)
        start = time.monotonic()
        rows = write_tables(generated(records), (), folder, Choices(), {})
        written = time.monotonic() - start
        size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
        start = time.monotonic()
        for path in folder.glob("*.parquet"):
            with parquet.ParquetFile(path) as file:
                for _ in file.iter_batches():
                    pass
        reading = time.monotonic() - start
        base = open_tables(folder)
        start = time.monotonic()
        figures = sum(1 for _ in measured(base, MEASURES))
        whole = time.monotonic() - start
        start = time.monotonic()
        grouped = sum(1 for _ in measured(base, MEASURES, ["economic_region"], skip=True))
        by_region = time.monotonic() - start
    shown = Table(caption=f"{records:,} records, {rows['defendants']:,} defendants, {size / 1e6:,.0f} MB of Parquet")
    for heading in ("", "seconds", "to reading"):
        shown.add_column(heading, justify="left" if not heading else "right")
    for name, seconds in (
        ("read every table", reading),
        ("write every table", written),
        (f"all measures: {figures} figures", whole),
        (f"all measures by region: {grouped} figures", by_region),
    ):
        shown.add_row(name, f"{seconds:,.1f}", f"{seconds / reading:,.1f}")
    console = Console()
    console.print(shown)
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1000
    console.print(f"{peak:,.0f} MB at most")


if __name__ == "__main__":
    bench_tables()
