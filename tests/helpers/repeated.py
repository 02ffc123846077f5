"""The examples several times over: enough defendants that not every group is suppressed."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from panjue.extractors.record import Record


def repeated(records: Sequence[Record], times: int) -> list[Record]:
    """Each record ``times`` times, under identifiers of its own."""
    made = []
    for i in range(times):
        for record in copy.deepcopy(list(records)):
            record.doc_id = f"{i:02}-{record.doc_id}"
            made.append(record)
    return made
