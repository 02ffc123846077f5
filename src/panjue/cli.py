"""The command line; its larger commands stand in modules of their own."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import click

_ELSEWHERE = {
    "extract": "panjue.extract_command:extract",
    "retry": "panjue.extract_command:retry",
    "status": "panjue.extract_command:status",
    "accounts": "panjue.review_command:accounts_command",
    "agreement": "panjue.review_command:agreement_command",
    "assign": "panjue.review_command:assign_command",
    "check": "panjue.eval.checks:check_command",
    "compare": "panjue.measure_command:compare_command",
    "compare-readers": "panjue.eval.comparison_command:compare_readers_command",
    "consistency": "panjue.pages_command:consistency_command",
    "convert": "panjue.annotation.exchange.command:convert_command",
    "corpora": "panjue.sources_command:corpora_command",
    "data": "panjue.data_command:data_group",
    "eval": "panjue.eval.command:eval_command",
    "gate": "panjue.eval.gate:gate_command",
    "gold": "panjue.review_command:gold_command",
    "measure": "panjue.measure_command:measure_command",
    "models": "panjue.models_command:models_group",
    "perturb": "panjue.eval.perturb:perturb_command",
    "report": "panjue.pages_command:report_command",
    "review": "panjue.review_command:review_command",
    "tables": "panjue.tables_command:tables_command",
    "train": "panjue.models_command:train_group",
    "texts": "panjue.texts_command:texts_command",
}


class _Commands(click.Group):
    """Commands of other modules are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE:
            module, name = _ELSEWHERE[cmd_name].split(":")
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands)
@click.version_option(package_name="panjue")
def main() -> None:
    """Structured records from Chinese criminal judgments (刑事判决书).

    \b
    panjue extract judgments/ -o out            a folder of downloads
    panjue extract export.csv -o out --show     and print a table
    cat one.txt | panjue extract - -o out       standard input
    panjue show out                             the table again
    """


@main.command()
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
def show(out: Path) -> None:
    """Print one row for each defendant of an output folder."""
    from panjue.run.folder import PARTS, records_of
    from panjue.show import print_table

    if not (out / "records.jsonl").exists() and not (out / PARTS).exists():
        raise click.UsageError(f"{out} holds no records.jsonl; make it with: panjue extract … -o {out}")
    print_table(records_of(out))


@main.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from panjue.extractors.record import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
