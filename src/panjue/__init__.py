"""panjue (判决): structured records from Chinese criminal judgments."""

from panjue.extractors.pipeline import extract

__all__ = ["extract"]
