"""A field that stands in the record stands everywhere else too; each test names what was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from panjue.eval.fields import CASE_FIELDS, DEFENDANT_FIELDS, is_empty
from panjue.extractors.record import Case, Defendant, Record, decode
from panjue.extractors.tables import columns

# Defendants are matched by their name, which stands for their kind too; the basis goes with the stage.
NOT_SCORED = {"defendants/name", "defendants/kind", "defendants/plea/stage_basis"}
# Lists that are more than one column, or rows of a table of their own.
IN_TABLES = {"defendants/counsel": "counsel_names", "defendants/sentence/counts": "statutory_charge"}


def leaves(struct: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    """Pointers to the values of a record type; a list counts as one value."""
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from leaves(field.type, f"{prefix}/{field.encode_name}")
        else:
            yield f"{prefix}/{field.encode_name}"


LEAVES = [*leaves(Case, "case"), *leaves(Defendant, "defendants")]


def values(record: Record, leaf: str) -> Iterator[tuple[str, Any]]:
    """The values under a leaf, each with its own pointer: one for the case, one for each defendant."""
    top, *keys = leaf.split("/")
    owners: list[tuple[str, Any]] = [("/case", record.case)]
    if top == "defendants":
        owners = [(f"/defendants/{index}", defendant) for index, defendant in enumerate(record.defendants)]
    for pointer, owner in owners:
        value = owner
        for key in keys:
            value = getattr(value, key)
        yield "/".join([pointer, *keys]), value


def speaks_for(path: str, pointer: str) -> bool:
    """Whether evidence at ``path`` names the value at ``pointer``, what it is part of, or a part of it."""
    return f"{pointer}/".startswith(f"{path}/") or path.startswith(f"{pointer}/")


@pytest.fixture(scope="module")
def golden(examples: Path) -> list[Record]:
    return [decode(line) for line in (examples / "gold.jsonl").read_bytes().splitlines()]


def test_every_field_is_scored() -> None:
    scored = {pointer for field in CASE_FIELDS for pointer in field.pointers}
    scored |= {f"defendants/{pointer}" for field in DEFENDANT_FIELDS for pointer in field.pointers}
    assert set(LEAVES) - NOT_SCORED == scored, "eval/fields.py"


def test_every_field_is_in_a_table() -> None:
    found = {name for schema in columns(with_names=True).values() for name in schema.names}
    forgotten = {leaf for leaf in LEAVES if IN_TABLES.get(leaf, "_".join(leaf.split("/")[1:])) not in found}
    assert not forgotten, "extractors/tables.py"


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_field_has_an_example_with_evidence(golden: list[Record], leaf: str) -> None:
    shown = [
        (record, pointer)
        for record in golden
        for pointer, value in values(record, leaf)
        if (value if isinstance(value, list) else not is_empty(value))
    ]
    assert shown, f"no example in corpora/examples has a value for {leaf}"
    for record, pointer in shown if leaf != "defendants/kind" else ():  # read where the name is
        covered = any(speaks_for(evidence.path, pointer) for evidence in record.evidence)
        assert covered, f"{record.doc_id}: no evidence for {pointer}"
