"""Self-checks: values outside the law's bounds and passages that contradict each other become flags.

Every check is a function of the record alone, so that the records of an earlier run can be checked again. What only
the text tells stands in the record: as evidence (custody credited, an earlier sentence combined), or as the flag of the
check itself (no disposition, an unknown defendant).
"""

from __future__ import annotations

from collections.abc import Iterator

from panjue.extractors.checks import consistency, dates, penalties, procedure
from panjue.extractors.checks.check import Check, Finding
from panjue.extractors.record import Flag, Record
from panjue.extractors.sections import Sections

#: All checks, in the order of the table that ``panjue check`` prints.
CHECKS: tuple[Check, ...] = (*consistency.CHECKS, *penalties.CHECKS, *dates.CHECKS, *procedure.CHECKS)


def check(record: Record, sections: Sections) -> None:
    """Set the status and add the flags of a record just read."""
    if sections.disposition.end <= sections.disposition.start:
        # the one thing that must be said before the checks: the sections are not in the record
        record.flags.append(Flag(code="no_disposition", path="", message=""))
    record.flags = [*(flag for flag in record.flags if flag.code not in _CODES), *flags(record)]
    if all(defendant.sentence.disposition == "none" for defendant in record.defendants):
        record.status = "partial"


def flags(record: Record) -> Iterator[Flag]:
    """What the checks find in a record."""
    for one in CHECKS:
        for found in one.look(record):
            if found is not None:
                yield Flag(code=one.code, path=found.path, message=f"{one.english} ({one.statute}): {found.message}")


_CODES = frozenset(one.code for one in CHECKS)

__all__ = ["CHECKS", "Check", "Finding", "check", "flags"]
