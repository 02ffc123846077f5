"""The codebook and the data package: what every column is, how often it has which value, how well it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyarrow import parquet

from panjue.analysis.dictionary import BY_NAME
from panjue.analysis.variables import Variable

_MOST = 30
"""Values of a text that are listed, the most frequent first."""
_FRICTIONLESS = {
    "text": "string",
    "category": "string",
    "whole": "integer",
    "number": "number",
    "truth": "boolean",
    "date": "date",
}


def codebook(tables: list[Path], accuracy: dict[str, dict[str, Any]], about: dict[str, str]) -> str:
    """Markdown: a section for each table, in it one for each variable.

    Args:
        tables: the Parquet files.
        accuracy: figures of ``panjue eval --json`` by field, with ``right`` and ``total``; empty where there are none.
        about: toolkit and lexicons.
    """
    import duckdb

    lines = ["# Codebook 变量说明", "", *(f"- {name}: {value}" for name, value in about.items()), ""]
    for path in tables:
        table = BY_NAME.get(path.stem)
        if table is None:
            continue
        base = duckdb.connect()
        base.read_parquet(str(path)).create_view("source")
        ((rows,),) = base.execute("SELECT count(*) FROM source").fetchall()
        lines += [f"## {table.name}", "", f"One row is {table.row}; {rows:,} rows.", ""]
        present = set(parquet.read_schema(path).names)
        for one in table.variables:
            if one.name in present:
                lines += _entry(one, base, rows, accuracy)
    return "\n".join(lines) + "\n"


def _entry(one: Variable, base: Any, rows: int, accuracy: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"### {one.name}", "", f"{one.english} {one.chinese}" + (f", in {one.unit}" if one.unit else "") + ".", ""]
    lines += [f"- universe: {one.universe}", f"- derivation: {one.derivation}"]
    figures = accuracy.get(one.field or "")
    if figures and figures["total"]:
        share = figures["right"] / figures["total"]
        lines.append(f"- accuracy of {one.field} on the gold set: {share:.1%} of {figures['total']:,}")
    elif one.field:
        lines.append(f"- accuracy: that of {one.field}, not measured here")
    lines.append("")
    name = f'"{one.name}"'
    if one.kind == "category":
        lines += _counted(base, name, one.values, rows)
    elif one.kind in ("whole", "number") and not one.key:
        lines += _spread(base, name)
    if one.optional:
        query = f"SELECT why_{one.name}, count(*) FROM source WHERE {name} IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608  names are ours
        why = base.execute(query).fetchall()
        lines += [f"Missing: {', '.join(f'{reason} {count:,}' for reason, count in why) or 'none'}.", ""]
    return lines


def _counted(base: Any, name: str, values: tuple[tuple[str, str, str], ...], rows: int) -> list[str]:
    query = f"SELECT {name}, count(*) FROM source WHERE {name} IS NOT NULL GROUP BY 1"  # noqa: S608  names are ours
    found = dict(base.execute(query).fetchall())
    table = ["| value | | | rows | share |", "|---|---|---|--:|--:|"]
    for value, english, chinese in values:
        count = found.get(value, 0)
        table.append(f"| {value} | {english} | {chinese} | {count:,} | {count / rows:.1%} |" if rows else f"| {value} | {english} | {chinese} | 0 | |")  # fmt: skip
    return [*table, ""]


def _spread(base: Any, name: str) -> list[str]:
    shares = ", ".join(f"quantile_cont({name}, {share})" for share in (0.25, 0.5, 0.75))
    query = f"SELECT min({name}), {shares}, max({name}), count({name}) FROM source"  # noqa: S608  names are ours
    low, *middle, high, n = base.execute(query).fetchall()[0]
    if not n:
        return []
    return [f"{n:,} values, from {low:g} to {high:g}; quartiles {', '.join(f'{value:g}' for value in middle)}.", ""]


def data_package(tables: list[Path], about: dict[str, str]) -> dict[str, Any]:
    """The descriptor ``datapackage.json`` (Data Package v1) of the CSV files beside it."""
    resources = []
    for path in tables:
        schema = parquet.read_schema(path)
        table = BY_NAME.get(path.stem)
        known = {one.name: one for one in table.variables} if table else {}
        fields = [_described(field, known.get(field.name)) for field in schema]
        descriptor: dict[str, Any] = {"fields": fields, "missingValues": [""]}
        keys = [name for name in schema.names if name in known and known[name].key]
        if keys:
            descriptor["primaryKey"] = keys
        if "doc_id" in keys and path.stem != "cases" and any(other.stem == "cases" for other in tables):
            reference = {"resource": "cases", "fields": ["doc_id"]}
            descriptor["foreignKeys"] = [{"fields": ["doc_id"], "reference": reference}]
        resources.append(
            {
                "name": path.stem,
                "path": f"{path.stem}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": descriptor,
            }
        )
    return {"name": "panjue-tables", "profile": "tabular-data-package", "resources": resources, "panjue": about}


def _described(field: Any, one: Variable | None) -> dict[str, Any]:
    said = {name.decode(): value.decode() for name, value in (field.metadata or {}).items()}
    described: dict[str, Any] = {"name": field.name, "type": _FRICTIONLESS[one.kind] if one else "string"}
    if "description" in said:
        described["title"] = said["description"]
        described["description"] = " · ".join(
            said[n] for n in ("description_zh", "unit", "universe", "derivation") if n in said
        )
    if one is not None and one.kind == "truth":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    if "values" in said:
        described["constraints"] = {"enum": list(json.loads(said["values"]))}
    return described
