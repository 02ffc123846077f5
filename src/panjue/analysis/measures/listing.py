"""All measures as a page for people."""

from __future__ import annotations

from panjue.analysis.measures.definitions import MEASURES


def listing() -> str:
    """All measures as a page of Markdown (docs/measures.md)."""
    lines = [
        "# Measures 指标",
        "",
        "Written from the code; a test holds it to it. `panjue measure --list` prints the same.",
        "",
        "A rate is `holds / known` among the rows of its population; the coverage is `known / population`, the lower bound",
        "`holds / population`. Conditions are SQL over the tables of `panjue tables` (`counted_cases` adds a case's pleas and ratio",
        "of terms, `duty_lawyer` is whether the counsel table has one). Intervals are 95 %: Wilson's, of the effective number of",
        "rows where defendants share a document, or percentiles of 200 bootstrap samples of documents.",
        "",
        "| measure | formula | what it is | of | holds, or value | known | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in MEASURES:
        known = "" if one.known == "true" else f"`{one.known}`"
        words = f"{one.english} {one.chinese}" + (f" ({one.unit})" if one.unit else "")
        what = f"`{one.holds or one.value}`".replace("|", r"\|")
        lines.append(f"| `{one.name}` | {one.formula} | {words} | {one.population_says} ({one.rows}) | {what} | {known} | {one.caveat} |")  # fmt: skip
    return "\n".join(lines) + "\n"
