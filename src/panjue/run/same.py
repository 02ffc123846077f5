"""Which documents are the same judgment: those with one case number and one text, however it is set."""

from __future__ import annotations

import hashlib
import re

_NOT_WORDS = re.compile(r"[\W_]+")


def key(case_number: str | None, text: str) -> str | None:
    """The same for the same judgment, whatever its spaces, line breaks and punctuation; none without a case number.

    >>> key("（2019）浙0199刑初7号", "判决 如下：") == key("（2019）浙0199刑初7号", "判决如下:\\n")
    True
    """
    if case_number is None:
        return None
    words = _NOT_WORDS.sub("", text)
    return hashlib.sha256(f"{case_number}\n{words}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
