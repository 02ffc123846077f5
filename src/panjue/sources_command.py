"""The command that lists the public corpora."""

from __future__ import annotations

import click

from panjue.corpora.cards import cards


@click.command()
@click.argument("name", required=False)
def corpora_command(name: str | None) -> None:
    """List public corpora to download, or say how to read one of them."""
    known = cards()
    if name is None:
        for short, card in known.items():
            count = f"{card.documents:,}" if card.documents else "?"
            click.echo(f"{short:10} {count:>10}  {card.license:29} {card.home}")
        return
    if name not in known:
        raise click.UsageError(f"no corpus {name!r}; there are: {', '.join(known)}")
    card = known[name]
    for label, value in (
        ("name", f"{card.name}: {card.title}"),
        ("home", card.home),
        ("paper", card.paper),
        ("licence", card.license),
        ("holds", card.holds),
        ("documents", f"{card.documents:,}, by the {card.documents_from}" if card.documents else None),
        ("layout", card.layout),
        ("read", card.command),
    ):
        if value:
            click.echo(f"{label:10} {value}")
