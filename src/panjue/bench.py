"""Speed of whole runs: one process, two, Ray and Spark, as ratios to one process and to jieba on the same texts.

``make bench``. The same judgments lie in some JSON lines files; every engine works on them in turn, several rounds, and
the median counts. Starting Ray or Spark is not counted: it is done before, on one judgment.
"""

from __future__ import annotations

import importlib.util
import random
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import orjson
from rich.console import Console
from rich.table import Table

from panjue.corpora.judgment import Judgment
from panjue.corpora.reader import Input, read
from panjue.eval.bench import EXAMPLES, measure, speed_table
from panjue.extractors.pipeline import extract
from panjue.run import Options, run
from panjue.run.jobs import Runs
from panjue.run.part import Outcome, write_part

FILES = 4


class Way(NamedTuple):
    """An engine and its processes."""

    name: str
    engine: str
    jobs: int


class Worker(NamedTuple):
    """What one worker process takes: CPU seconds for all judgments of a file, and its memory at most."""

    read: float
    extract: float
    write: float
    megabytes: float
    bytes_out: float
    """Written to disk for one judgment, in the parts."""

    def percent(self, name: str) -> float:
        """Of its time."""
        return 100 * float(getattr(self, name)) / (self.read + self.extract + self.write)


def ways() -> list[Way]:
    """One process, two, and the engines that are installed."""
    found = [Way("1 process", "local", 1), Way("2 processes", "local", 2)]
    if importlib.util.find_spec("ray"):
        found.append(Way("Ray, 2 workers", "ray", 2))
    if importlib.util.find_spec("pyspark") and shutil.which("java"):
        found.append(Way("Spark, 2 workers", "spark", 2))
    return found


def restoring(texts: Sequence[str]) -> float:
    """Documents a second with misread characters put right, on one core."""
    from panjue.models import hybrid

    hybrid.extract(texts[0])  # loads the model
    start = time.process_time()
    for text in texts:
        hybrid.extract(text)
    return len(texts) / (time.process_time() - start)


def seconds(paths: Sequence[str], way: Way, folder: Path) -> float:
    """Wall seconds of one run."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    started = time.monotonic()
    run(paths, out, engine=way.engine, jobs=way.jobs)
    return time.monotonic() - started


def worker(path: Path, folder: Path) -> Worker:
    """Read, extract and write in a process of its own, one after the other."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_worker, (path, folder))


def _worker(path: Path, folder: Path) -> Worker:
    job = Runs(inputs=[Input(str(path), path.stat().st_size)], out=str(folder), options=Options())
    read = extracted = written = 0.0
    count = 0
    _write([Outcome(judgment=one, record=extract(one.text)) for one in [Judgment("a", "判决书", "")]], folder / "first")
    runs = job.work(lambda _: None)
    while True:
        start = time.process_time()
        run = next(runs, None)
        read += time.process_time() - start
        if run is None:
            break
        start = time.process_time()
        found = [Outcome(judgment=one, record=extract(one.text)) for one in run[1] if isinstance(one, Judgment)]
        extracted += time.process_time() - start
        start = time.process_time()
        _write(found, folder / f"part-{run[0]}")
        written += time.process_time() - start
        count += len(found)
    size = sum(file.stat().st_size for file in folder.glob("part-*/*/*"))
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1000
    return Worker(read, extracted, written, peak, size / count)


def _write(outcomes: list[Outcome], folder: Path) -> None:
    write_part(folder, "part", iter(outcomes), with_names=False, last=True)


def write_files(texts: Sequence[str], folder: Path) -> list[str]:
    """The texts as JSON lines in a few files of the same size."""
    for number in range(FILES):
        rows = [{"id": f"{number}-{place}", "text": text} for place, text in enumerate(texts[number::FILES])]
        lines = [orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows]
        (folder / f"{number}.jsonl").write_bytes(b"".join(lines))
    return [str(folder / f"{number}.jsonl") for number in range(FILES)]


@click.command("bench")
@click.option(
    "--texts",
    type=click.Path(exists=True, path_type=Path),
    default=EXAMPLES,
    show_default="the project's examples",
    help="A file or folder of judgments, in any form that is read.",
)
@click.option("--sample", type=click.IntRange(min=1), help="Take so many of them at random.")
@click.option("--documents", type=click.IntRange(min=FILES), default=6000, show_default=True, help="In a run.")
@click.option("--seed", default=0, show_default=True, help="For the sample.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--write", type=click.Path(dir_okay=False, path_type=Path), help="A file for the figures (see docs/scale.md)."
)
def bench(texts: Path, sample: int | None, documents: int, seed: int, rounds: int, write: Path | None) -> None:
    """Measure extraction against jieba, and runs against one process."""
    found = [one.text for one in read([texts]) if isinstance(one, Judgment)]
    if not found:
        raise click.ClickException(f"{texts}: no judgment")
    if sample and sample < len(found):
        found = random.Random(seed).sample(found, sample)  # noqa: S311
    console = Console()
    single = measure(found, rounds)
    console.print(speed_table(single))
    if importlib.util.find_spec("torch"):
        rate = restoring(found)
        console.print(
            f"with --restore: {rate:,.0f} documents/s, {rate * single.extract / single.documents:.2f} of without"
        )
    repeated = [f"{found[number % len(found)]}\n{number}" for number in range(documents)]
    jieba = single.documents / single.jieba
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_files(repeated, folder)
        chosen = ways()
        for way in chosen:
            (folder / "one.txt").write_text(found[0], encoding="utf-8")
            seconds([str(folder / "one.txt")], way, folder)
        turns = [[seconds(paths, way, folder) for way in chosen] for _ in range(rounds)]
        rates = [documents / median(times) for times in zip(*turns, strict=True)]
        table = Table(caption=f"{documents} documents in {FILES} files, reading and writing included")
        for heading in ("run", "documents/s", "to 1 process", "to jieba"):
            table.add_column(heading, justify="left" if heading == "run" else "right")
        for way, rate in zip(chosen, rates, strict=True):
            table.add_row(way.name, f"{rate:,.0f}", f"{rate / rates[0]:.2f}", f"{rate / jieba:.1f}")
        console.print(table)
        one = worker(Path(paths[0]), folder)
        console.print(
            ", ".join(f"{name} {one.percent(name):.0f}%" for name in ("read", "extract", "write")),
            f"of a worker's time; {one.megabytes:.0f} MB at most, {one.bytes_out:,.0f} bytes out for a judgment",
        )
        if write:
            measured = {
                "documents": documents,
                "characters": round(sum(map(len, found)) / len(found)),
                "bytes_in": round(sum(Path(path).stat().st_size for path in paths) / documents),
                "bytes_out": round(one.bytes_out),
                "worker_mb": round(one.megabytes),
                "jieba": round(jieba, 1),
                **{f"{way.engine}_{way.jobs}": round(rate, 1) for way, rate in zip(chosen, rates, strict=True)},
            }
            write.write_bytes(orjson.dumps(measured, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    bench()
