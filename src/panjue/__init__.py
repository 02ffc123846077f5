"""panjue (判决): structured records from Chinese criminal judgments (刑事判决书).

>>> import panjue
>>> panjue.extract("判决书").status
'out_of_scope'
"""

from typing import TYPE_CHECKING, Any

from panjue.extractors.pipeline import extract
from panjue.extractors.record import Record

if TYPE_CHECKING:
    from panjue.extractors.arrow import extract_batch

__all__ = ["Record", "extract", "extract_batch"]


def __getattr__(name: str) -> Any:
    """``extract_batch`` needs pyarrow, which is imported only when it is asked for."""
    if name == "extract_batch":
        from panjue.extractors.arrow import extract_batch

        return extract_batch
    raise AttributeError(f"module 'panjue' has no attribute {name!r}")
