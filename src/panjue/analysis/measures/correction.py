"""Rates corrected for errors of extraction, as far as these were measured on a gold set.

Rogan and Gladen 1978 (Am J Epidemiol 107:71): of a share p found by a reading that finds what is there with
sensitivity Se and passes by what is not with specificity Sp, the true share is (p + Sp − 1) / (Se + Sp − 1). The
interval is their delta method, Se and Sp taken after adding one success and one failure, since a gold set in which no
error was found does not prove that there is none. Gold chosen to be hard makes the correction too large.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from panjue.analysis.measures.kinds import FEWEST, Estimate, Measure
from panjue.analysis.measures.source import open_tables
from panjue.analysis.tables import Choices, write_tables
from panjue.eval.intervals import Z
from panjue.extractors.record import Record


class Accuracy(msgspec.Struct, frozen=True):
    """How defendants of the gold set were read: of those for whom it holds, how many are found; the same of the rest."""

    found: int
    positive: int
    passed: int
    negative: int

    @property
    def enough(self) -> bool:
        """Whether there are enough of both to say anything."""
        return min(self.positive, self.negative) >= FEWEST


def accuracy(gold: Iterable[Record], read: Iterable[Record], measures: Iterable[Measure]) -> dict[str, Accuracy]:
    """For each rate over defendants: gold against what was read of the same judgments, defendants matched by name.

    Counted are defendants who are in the population and whose answer is known both by gold and as read.
    """
    with TemporaryDirectory(prefix="panjue-") as work:
        folders = {name: Path(work) / name for name in ("gold", "read")}
        for (name, folder), records in zip(folders.items(), (gold, read), strict=True):
            folder.mkdir()
            write_tables(records, (), folder, Choices(with_names=True), {"reading": name})
        bases = {name: open_tables(folder) for name, folder in folders.items()}
        made = {}
        for measure in measures:
            if measure.holds and measure.rows == "defendants":
                query = (
                    f"SELECT doc_id, name, ({measure.holds}) FROM counted_defendants"  # noqa: S608  ours
                    f" WHERE ({measure.population}) AND ({measure.known})"
                )
                answers = {
                    name: {(d, who): bool(holds) for d, who, holds in base.execute(query).fetchall()}
                    for name, base in bases.items()
                }
                pairs = [(answers["gold"][key], answers["read"][key]) for key in answers["gold"].keys() & answers["read"].keys()]  # fmt: skip
                positive = [ours for true, ours in pairs if true]
                negative = [ours for true, ours in pairs if not true]
                made[measure.name] = Accuracy(
                    sum(positive), len(positive), sum(not ours for ours in negative), len(negative)
                )
        for base in bases.values():
            base.close()
    return made


def corrected(found: Estimate, of: Accuracy | None) -> Estimate:
    """The estimate with its correction; as it is where it is suppressed or too little is known of the errors."""
    if of is None or not of.enough or found.estimate is None or found.low is None or found.high is None:
        return found
    sensitivity, specificity = of.found / of.positive, of.passed / of.negative
    if sensitivity + specificity <= 1:
        return found
    share = min(1.0, max(0.0, (found.estimate + specificity - 1) / (sensitivity + specificity - 1)))
    se, sp = (of.found + 1) / (of.positive + 2), (of.passed + 1) / (of.negative + 2)
    sampling = ((found.high - found.low) / (2 * Z)) ** 2
    reading = share**2 * se * (1 - se) / of.positive + (1 - share) ** 2 * sp * (1 - sp) / of.negative
    half = Z * sqrt(sampling + reading) / (sensitivity + specificity - 1)
    return msgspec.structs.replace(
        found, corrected=share, corrected_low=max(0.0, share - half), corrected_high=min(1.0, share + half)
    )
