"""Templates filled: what a record holds stays text."""

from __future__ import annotations

from typing import Any


def rendered(name: str, **values: Any) -> str:
    """The page ``name`` with ``values``; a name that is missing is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("panjue.analysis", "pages")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(name).render(**values) + "\n"
