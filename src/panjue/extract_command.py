"""``panjue extract``, ``retry`` and ``status``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from panjue.progress import progress_for
from panjue.run import Options, OutputError, Summary, WorkerError, run
from panjue.run.folder import SUMMARY, part_folders, records_of, summarised
from panjue.run.guard import TIME_LIMIT
from panjue.run.manifest import load

_OUT = click.Path(exists=True, file_okay=False, path_type=Path)
_JOBS = click.option("--jobs", type=click.IntRange(min=1), help="Worker processes [default: all processors].")
_TIME = click.option(
    "--time-limit", type=click.IntRange(min=1), default=TIME_LIMIT, show_default=True, help="Seconds for one document."
)
_QUIET = click.option("--quiet", is_flag=True, help="No progress.")
_JSON = click.option("--json-progress", is_flag=True, help="Progress as one line of JSON a second, on standard error.")


class Stopped(click.ClickException):
    """The run did not get to its end."""

    exit_code = 3


@click.command("extract")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder for the output.")
@click.option("--text-field", help="Field or column that holds the judgment, if its name is unusual.")
@click.option("--id-field", help="Field or column that holds the identifier.")
@click.option("--with-names", is_flag=True, help="Put names of people into the tables.")
@click.option("--limit", type=click.IntRange(min=1), help="Take only so many documents, from the first on.")
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="Keep only records that fulfil it, as case.instance=first; = != < <= > >= and ~ (holds). May be repeated.",
)
@click.option("--dedupe", is_flag=True, help="Of a judgment that is there several times keep the fullest text only.")
@click.option("--restore", is_flag=True, help="Put misread characters of scans right before reading; panjue[models].")
@click.option(
    "--tagger",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A trained tagger for what the rules are not sure of, as far as its table trusts it; restores, too.",
)
@click.option("--always-tag", is_flag=True, help="With --tagger: it reads every passage, which is slow.")
@click.option("--overwrite", is_flag=True, help="Remove an earlier output and start anew.")
@click.option("--only-failed", is_flag=True, help="Take what has failed once more; as panjue retry.")
@click.option("--parts-only", is_flag=True, help="Leave the output in its parts, for millions of documents.")
@click.option("--engine", type=click.Choice(["local", "ray", "spark"]), default="local", help="Where workers run.")
@_JOBS
@_TIME
@click.option("--show", is_flag=True, help="Print a table of the defendants at the end.")
@_QUIET
@_JSON
def extract(
    paths: tuple[str, ...],
    out: Path,
    text_field: str | None,
    id_field: str | None,
    with_names: bool,
    limit: int | None,
    where: tuple[str, ...],
    dedupe: bool,
    restore: bool,
    tagger: Path | None,
    always_tag: bool,
    overwrite: bool,
    only_failed: bool,
    parts_only: bool,
    engine: str,
    jobs: int | None,
    time_limit: int,
    show: bool,
    quiet: bool,
    json_progress: bool,
) -> None:
    """Read judgments from files, folders or standard input (-) and write records and tables.

    Writes records.jsonl, errors.jsonl and the tables cases, defendants, charges and evidence as Parquet and CSV.
    Stopped at any moment, the same command goes on where it was; a finished output stays as it is. If the input, the
    options or panjue are no longer what they were, it says what differs and does nothing (--overwrite starts anew).
    Exit code: 0 all was read, 1 something failed (see errors.jsonl; the rest is written), 2 wrong use, 3 stopped.

    \b
    panjue extract judgments/ -o out
    panjue extract export.csv --text-field 判决全文 --id-field 编号 -o out
    panjue extract scans/ -o out --restore
    panjue extract scans/ -o out --tagger my-tagger
    panjue extract judgments/ -o out --where "case.judgment_date>=2019-01-01" --where defendants.plea.status=applied
    """
    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        raise click.UsageError(f"no such file or folder: {', '.join(missing)}")
    if dedupe and parts_only:
        raise click.UsageError("--dedupe needs the parts joined: leave out --parts-only")
    if always_tag and not tagger:
        raise click.UsageError("--always-tag needs --tagger FOLDER")
    options = Options(
        text_field=text_field,
        id_field=id_field,
        with_names=with_names,
        where=list(where),
        limit=limit,
        dedupe=dedupe,
    )
    if restore or tagger:
        options = msgspec.structs.replace(options, **_with_models(tagger, always_tag=always_tag))
    with _errors_told(), progress_for(quiet=quiet, json=json_progress) as progress:
        summary = run(
            paths,
            out,
            options,
            jobs=jobs,
            time_limit=time_limit,
            overwrite=overwrite,
            retry=only_failed,
            joined=not parts_only,
            progress=progress,
            engine=engine,
        )
    if show:
        from panjue.show import print_table

        print_table(records_of(out))
    _end(summary, out)


def _with_models(tagger: Path | None, *, always_tag: bool) -> dict[str, Any]:
    """The options that read with models, after a look whether the libraries and the models are there."""
    try:
        from panjue.models.deciding import decisions, version
        from panjue.models.restoring.restorer import RestorerError, check
        from panjue.models.tagger.checkpoint import CheckpointError

        check()
        settings: dict[str, str | bool] = {}
        if tagger:
            decisions(tagger)
            # another tagger in the same place, or another table, is another run
            settings = {"tagger": str(tagger.resolve()), "tagger_version": version(tagger), "always": always_tag}
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'panjue[models]'") from error
    except (RestorerError, CheckpointError) as error:
        raise click.ClickException(str(error)) from error
    return {"extractor": "panjue.models.hybrid:extract", "settings": settings}


@click.command("retry")
@click.argument("out", type=_OUT)
@_JOBS
@_TIME
@_QUIET
@_JSON
def retry(out: Path, jobs: int | None, time_limit: int, quiet: bool, json_progress: bool) -> None:
    """Take the documents of an output that have failed once more; their files may have been repaired meanwhile.

    \b
    panjue retry out --time-limit 600
    """
    manifest = load(out)
    if manifest is None:
        raise click.UsageError(f"{out} is no output of panjue extract")
    joined = (out / "records.jsonl").exists()
    out = out.resolve()
    os.chdir(manifest.run.folder)
    with _errors_told(), progress_for(quiet=quiet, json=json_progress) as progress:
        summary = run(
            manifest.run.paths,
            out,
            manifest.run.options,
            jobs=jobs,
            time_limit=time_limit,
            retry=True,
            joined=joined,
            progress=progress,
        )
    _end(summary, out)


@click.command("status")
@click.argument("out", type=_OUT)
def status(out: Path) -> None:
    """Print how far a run is, from its output folder; also while it runs."""
    manifest = load(out)
    if manifest is None:
        raise click.UsageError(f"{out} is no output of panjue extract")
    complete = (out / SUMMARY).exists()
    parts = len(part_folders(out))
    click.echo(
        f"{'complete' if complete else 'not complete; the command that began it goes on with it'}: {parts} parts"
    )
    click.echo(f"panjue {manifest.run.version}, {len(manifest.files)} files of {', '.join(manifest.run.paths)}")
    _report(summarised(out), out)


class _errors_told:  # noqa: N801 - used like a function
    """Errors of a run as those of the command."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OutputError | ValueError | ImportError):
            raise click.UsageError(str(error)) from error
        if isinstance(error, WorkerError | OSError):
            raise Stopped(f"{error}; the same command goes on where this one stopped") from error


def _end(summary: Summary, out: Path) -> None:
    _report(summary, out)
    sys.exit(1 if summary.counts["failed"] else 0)


def _report(summary: Summary, out: Path) -> None:
    counts = summary.counts
    click.echo(
        f"read {counts['read']}, extracted {counts['extracted']} (partial {counts['partial']}, "
        f"flagged {counts['flagged']}), out of scope {counts['out_of_scope']}, failed {counts['failed']}"
        + "".join(f", {what} {counts[name]}" for name, what in _ALSO.items() if counts[name])
        + f" → {out}"
    )
    for failure in summary.failures:
        click.echo(f"  failed: {failure['source']}: {failure['error']}: {failure['reason']}", err=True)
    if counts["failed"] > len(summary.failures):
        click.echo(f"  … and {counts['failed'] - len(summary.failures)} more, in errors.jsonl", err=True)


_ALSO = {"left_out": "left out", "duplicates": "duplicates", "dropped": "of them dropped"}
