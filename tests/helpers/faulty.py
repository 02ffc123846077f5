"""Extraction that breaks where the text says so: for tests of what happens then."""

from __future__ import annotations

import os
import time

import panjue

RAISES, HANGS, DIES = "【出错】", "【不停】", "【退出】"


def extract(text: str, doc_id: str | None = None) -> panjue.Record:
    """As panjue.extract, but for texts with one of the marks."""
    if RAISES in text:
        raise ValueError(text)
    if HANGS in text:
        time.sleep(3600)
    if DIES in text:
        os._exit(9)
    return panjue.extract(text, doc_id)
