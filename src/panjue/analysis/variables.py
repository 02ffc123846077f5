"""What a variable of the tables is: its name, its words, its unit, where it comes from, and for whom it means anything.

The tables, the dictionary, the codebook, the labels in Stata and SPSS and the data package are all made from these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from panjue.analysis.derived import Adoption, CounselTrial
from panjue.analysis.setting import Setting
from panjue.extractors.lexicon import Charge
from panjue.extractors.record import Counsel, Count, Defendant, Evidence, Flag, Record

Kind = Literal["text", "category", "whole", "number", "truth", "date"]
Why = Literal["not_stated", "not_applicable", "extraction_failed"]
"""Why there is no value: the document does not say; the question does not arise; it could not be read."""

NOT_STATED: Why = "not_stated"
NOT_APPLICABLE: Why = "not_applicable"
FAILED: Why = "extraction_failed"
WHY = "why_"
"""Before the name of a variable: the column that says why it has no value."""
LONGEST = 32
"""Characters of a name, more than which Stata cuts."""


class Seen(Struct, frozen=True, kw_only=True):
    """What one row is made of; the parts it is not about are None."""

    record: Record
    setting: Setting
    number: int = 0
    """The defendant's number in the document, from 1."""
    defendant: Defendant | None = None
    adoption: Adoption = Adoption()
    counsel_trial: CounselTrial = "not_stated"
    main_charge: str | None = None
    law: Charge | None = None
    item: Any = None
    """A charge's name, a count, a counsel, a passage, a flag."""
    place: int = 0
    """Number of the item, from 1."""

    @property
    def who(self) -> Defendant:
        """The defendant of a row that is about one."""
        if self.defendant is None:
            raise TypeError("a row of no defendant")
        return self.defendant

    @property
    def count(self) -> Count:
        """The count of a row that is about one."""
        found: Count = self.item
        return found

    @property
    def counsel(self) -> Counsel:
        """The counsel of a row that is about one."""
        found: Counsel = self.item
        return found

    @property
    def passage(self) -> Evidence:
        """The passage of a row that is about one."""
        found: Evidence = self.item
        return found

    @property
    def flag(self) -> Flag:
        """The flag of a row that is about one."""
        found: Flag = self.item
        return found


class Variable(Struct, frozen=True, kw_only=True):
    """One column.

    ``applies`` is whether the question arises for a row; a missing value where it does is not stated, or was not read
    where the text breaks off. ``field`` is the scored field (:mod:`panjue.eval.fields`) its accuracy is that of.
    """

    name: str
    kind: Kind
    english: str
    chinese: str
    read: Callable[[Seen], Any]
    unit: str = ""
    values: tuple[tuple[str, str, str], ...] = ()
    """Of a category: value, English, Chinese."""
    universe: str = "all rows"
    applies: Callable[[Seen], bool] | None = None
    derivation: str = "as the document says it"
    field: str | None = None
    key: bool = False
    personal: bool = False
    """Whether it names a person: left out unless asked for."""

    @property
    def optional(self) -> bool:
        """Whether a value may be missing, and a column says why."""
        return self.applies is not None

    def why(self, seen: Seen) -> Why:
        """Why there is no value."""
        if self.applies is not None and not self.applies(seen):
            return NOT_APPLICABLE
        return NOT_STATED if seen.record.status == "complete" else FAILED
