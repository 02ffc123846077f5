"""Which characters look alike: drawn in the fonts given, blurred, compared.

    python -m panjue.models.restoring.likeness CHARACTERS FONT … > models/restoring/lookalikes.csv

``CHARACTERS`` is a file that holds the characters to compare. Needs Pillow and NumPy.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

_MOST = 6
_LEAST = 0.7
"""Cosine of two blurred pictures; less is not alike."""


def likeness(characters: list[str], fonts: list[str]) -> dict[str, str]:
    """For each character those most like it in all the fonts together; those like no other are left out."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    loaded = [ImageFont.truetype(font, 32) for font in fonts]
    rows = []
    for character in characters:
        drawn = []
        for font in loaded:
            picture = Image.new("L", (36, 40), 0)
            ImageDraw.Draw(picture).text((2, 0), character, fill=255, font=font)
            pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float32).ravel()
            drawn.append(pixels / np.linalg.norm(pixels))
        rows.append(np.concatenate(drawn) / len(loaded) ** 0.5)
    alike = np.stack(rows) @ np.stack(rows).T
    np.fill_diagonal(alike, 0)
    found = {}
    for character, row in zip(characters, alike, strict=True):
        best = [characters[place] for place in np.argsort(-row)[:_MOST] if row[place] >= _LEAST]
        if best:
            found[character] = "".join(best)
    return found


def main(characters: str, *fonts: str) -> None:
    """Write the table to standard output."""
    chosen = sorted({c for c in Path(characters).read_text(encoding="utf-8") if "一" <= c <= "龥"})
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["character", "lookalikes"])
    writer.writerows(sorted(likeness(chosen, list(fonts)).items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
