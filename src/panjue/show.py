"""A table for people: one row for each defendant."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from panjue.extractors.record import Defendant, Recommendation, Record, Sentence

_PENALTY = {
    "surveillance": "管制",
    "detention": "拘役",
    "imprisonment": "有期徒刑",
    "life": "无期徒刑",
    "death_reprieve": "死缓",
    "death": "死刑",
    "fine_only": "单处罚金",
    "exempt": "免予刑事处罚",
    "none": "",
}


def print_table(records: Iterable[Record]) -> None:
    """Print the table; as wide as the terminal, or 160 columns where there is none."""
    console = Console()
    Console(width=None if console.is_terminal else 160).print(defendants_table(records))


def defendants_table(records: Iterable[Record]) -> Table:
    """Name, charge, plea and stage, recommendation, sentence and counsel of each defendant."""
    table = Table(show_lines=False, header_style="bold")
    for heading in (
        "Case 案号",
        "Defendant 被告人",
        "Charge 罪名",
        "Plea 认罪认罚",
        "Recommendation 量刑建议",
        "Sentence 判决",
        "Counsel 辩护",
    ):
        table.add_column(heading, overflow="fold")
    for record in records:
        label = record.case.case_number or record.doc_id
        if not record.defendants:
            table.add_row(label, f"({record.status})")
        for position, defendant in enumerate(record.defendants):
            table.add_row("" if position else label, *_cells(defendant))
    return table


def _cells(defendant: Defendant) -> list[str]:
    plea = defendant.plea.status + (f" · {defendant.plea.stage}" if defendant.plea.stage else "")
    counsel = "、".join(f"{one.name or '—'} ({one.kind})" for one in defendant.counsel)
    return [
        defendant.name,
        "、".join(defendant.charges_convicted or defendant.charges_prosecuted),
        plea,
        _recommendation(defendant.recommendation),
        _sentence(defendant.sentence),
        counsel,
    ]


def _recommendation(found: Recommendation) -> str:
    if found.content == "none":
        return ""
    if found.content == "mentioned":
        return f"mentioned · {found.court_response}"
    low = _term(found.min_months, found.min_days)
    high = _term(found.max_months, found.max_days)
    length = low if low == high else f"{low}–{high}"
    return f"{_PENALTY[found.penalty or 'none']} {length} · {found.court_response}".replace("  ", " ")


def _sentence(found: Sentence) -> str:
    if found.disposition not in ("punished", "appeal_dismissed"):
        return found.disposition
    parts = [f"{_PENALTY[found.penalty]} {_term(found.months, found.days)}".strip()]
    if found.probation_months is not None:
        parts.append(f"缓刑 {_term(found.probation_months, 0)}")
    if found.fine is not None:
        parts.append(f"罚金 {found.fine:,}")
    if found.disposition == "appeal_dismissed":
        parts.append("驳回上诉")
    return " · ".join(part for part in parts if part)


def _term(months: int | None, days: int) -> str:
    if months is None:
        return ""
    return f"{months}m" + (f"{days}d" if days else "")
