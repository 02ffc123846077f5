"""The same judgment obtained twice: by its case number and its text."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

_NOISE = re.compile(r"[^\w]|[_×xX＊*ＸX某]")
_WIDTH = 12
_SKETCH = 64
_SHARE = 0.5


class Fingerprint(Struct, frozen=True):
    """What tells whether two texts are the same judgment.

    ``key`` is shared by all that may be the same (the case number, or the text itself where there is none); ``length``
    is in code points without spaces and punctuation; ``sketch`` are the least of the text's shingle hashes.
    """

    key: str
    length: int
    sketch: tuple[int, ...]


def fingerprint(case_number: str | None, text: str) -> Fingerprint:
    """The fingerprint of a judgment; layout, punctuation and masks make no difference."""
    plain = _NOISE.sub("", text)
    sketch = _sketch(plain)
    key = re.sub(r"\s", "", case_number).translate(str.maketrans("()〔〕[]", "（）（）（）")) if case_number else ""
    return Fingerprint(key or "sha256-" + hashlib.sha256(plain.encode()).hexdigest()[:32], len(plain), sketch)


def groups(items: Iterable[tuple[str, Fingerprint]]) -> list[list[str]]:
    """Identifiers of the same judgment, two or more each, the fullest text first and among equals the earliest.

    A judgment and a later ruling under the same number are not the same: half of their text must be.
    """
    by_key: dict[str, list[tuple[str, Fingerprint]]] = defaultdict(list)
    for doc_id, print_ in items:
        by_key[print_.key].append((doc_id, print_))
    found: list[list[str]] = []
    for same_key in by_key.values():
        clusters: list[list[tuple[str, Fingerprint]]] = []
        for item in sorted(same_key, key=lambda item: -item[1].length):
            home = next((cluster for cluster in clusters if same(cluster[0][1], item[1])), None)
            if home is None:
                clusters.append([item])
            else:
                home.append(item)
        found += [[doc_id for doc_id, _ in cluster] for cluster in clusters if len(cluster) > 1]
    return found


def same(fuller: Fingerprint, other: Fingerprint) -> bool:
    """Whether half of the lesser text stands in the fuller, as far as the sketches tell."""
    if fuller.key != other.key:
        return False
    if not other.sketch or not fuller.sketch:
        return fuller.length == other.length
    # Sketches hold the least hashes; only below the lesser of their two ends do both texts show all they have.
    end = min(fuller.sketch[-1] if len(fuller.sketch) == _SKETCH else 1 << 64, 1 << 64)
    shown = [value for value in other.sketch if value <= end]
    return bool(shown) and len(set(shown) & set(fuller.sketch)) >= _SHARE * len(shown)


def _sketch(plain: str) -> tuple[int, ...]:
    data = plain.encode("utf-32-le", "surrogatepass")
    size = _WIDTH * 4
    hashes = {
        int.from_bytes(hashlib.blake2b(data[at : at + size], digest_size=8).digest(), "little") >> 1
        for at in range(0, max(1, len(data) - size + 4), 4)
    }
    return tuple(sorted(hashes)[:_SKETCH]) if plain else ()
