"""Cards of public corpora that a user can download: where, under which licence, in what layout, and how to read them."""

from __future__ import annotations

import shlex
import sys
from importlib.resources import files

import msgspec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options that read a corpus; none where the usual names find its fields."""

    text_field: str | None = None
    id_field: str | None = None


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a corpus; what no source states is left out."""

    name: str
    title: str
    home: str
    license: str
    holds: str
    layout: str
    read: Reading
    paper: str | None = None
    documents: int | None = None
    documents_from: str | None = None

    @property
    def command(self) -> str:
        """How to read it once it is downloaded."""
        options = {"--text-field": self.read.text_field, "--id-field": self.read.id_field}
        return " ".join(
            ["panjue extract FILES -o OUT", *(f"{key} {shlex.quote(value)}" for key, value in options.items() if value)]
        )


def cards() -> dict[str, Card]:
    """Every card by its short name."""
    folder = files("panjue.corpora") / "sources"
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return {
        item.name.removesuffix(".toml"): msgspec.convert(tomllib.loads(item.read_text(encoding="utf-8")), Card)
        for item in found
    }
