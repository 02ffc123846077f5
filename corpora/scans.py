"""The text of PDF files and of images, by their text layer or by OCR."""

from __future__ import annotations

import re
from functools import cache
from typing import IO, Any

from panjue.corpora.judgment import FormatError, MissingError
from panjue.corpora.limits import MAX_BINARY, MAX_PAGES, MAX_PIXELS, LimitError, whole

_DOTS = 200 / 72  # per point: 200 dpi
_MAX_SIDE = 4000
_MIN_CHARACTERS = 10  # on a page that has a text layer
_PAGE_NUMBER = re.compile(r"^[-—–\s]*\d{1,4}(?:\s*/\s*\d+)?[-—–\s]*$|^第\s*\d+\s*页.{0,12}$")
# The dictionary of the recognition has no 〇. A year of three digits can only have lost that of the century; from 二〇一〇
# it leaves two, which might also be 二〇〇一, and are left as they are.
_YEAR_WITHOUT_ZERO = re.compile(r"(?<![一二三四五六七八九十〇○零])二(?=[一二][一二三四五六七八九]年)")
# A line of a page: its text, left, right, and height.
_Line = tuple[str, float, float, float]


def text_of_pdf(stream: IO[bytes]) -> tuple[str, bool]:
    """The text of a PDF, and whether OCR read a page of it.

    Lines that reach the right margin are joined with the next, page numbers left out.

    Raises:
        MissingError: pypdfium2 is not installed, or OCR where a page has no text layer.
        FormatError: damaged or encrypted.
        LimitError: too large.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingError("a PDF, which needs: pip install 'panjue[pdf]'") from error
    try:
        document = pypdfium2.PdfDocument(whole(stream, MAX_BINARY))
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"damaged or encrypted PDF ({error})") from error
    with document:
        if len(document) > MAX_PAGES:
            raise LimitError(f"a PDF of {len(document)} pages; the most is {MAX_PAGES}")
        lines: list[str] = []
        ocr = False
        for page in document:
            found = _layer(page)
            if sum(len(line[0]) for line in found) < _MIN_CHARACTERS and any(page.get_objects(max_depth=4)):
                scale = min(_DOTS, _MAX_SIDE / max(*page.get_size(), 1))
                found = _recognized(page.render(scale=scale).to_numpy())
                ocr = True
            lines += _paragraphs(found, lines.pop() if lines and not lines[-1].endswith("\n") else "")
    return "".join(lines).strip("\n"), ocr


def text_of_image(stream: IO[bytes]) -> str:
    """The text of an image, of every page of it, by OCR.

    Raises:
        MissingError: OCR is not installed.
        FormatError: damaged.
        LimitError: too large.
    """
    _engine()
    import numpy as np
    from PIL import Image, ImageSequence, UnidentifiedImageError

    lines: list[str] = []
    try:
        with Image.open(stream) as image:
            for frame in ImageSequence.Iterator(image):
                if frame.width * frame.height > MAX_PIXELS:
                    raise LimitError(f"an image of {frame.width} × {frame.height} pixels")
                pixels = np.asarray(frame.convert("RGB"))[:, :, ::-1]
                lines += _paragraphs(_recognized(pixels), "")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise FormatError("damaged image") from error
    return "".join(lines).strip("\n")


def _layer(page: Any) -> list[_Line]:
    words = page.get_textpage()
    found: list[tuple[float, float, float, float, str]] = []
    for number in range(words.count_rects()):
        left, bottom, right, top = words.get_rect(number)
        found.append((left, right, top, bottom, words.get_text_bounded(left, bottom, right, top)))
    return _in_lines([(left, right, -top, -bottom, text) for left, right, top, bottom, text in found])


def _recognized(pixels: Any) -> list[_Line]:
    result = _engine()(pixels)
    if result.boxes is None:
        return []
    pieces = []
    for box, text in zip(result.boxes, result.txts, strict=True):
        across, down = [float(point[0]) for point in box], [float(point[1]) for point in box]
        whole_year = _YEAR_WITHOUT_ZERO.sub("二〇", text)
        pieces.append((min(across), max(across), min(down), max(down), whole_year))
    return _in_lines(pieces)


def _in_lines(pieces: list[tuple[float, float, float, float, str]]) -> list[_Line]:
    """Pieces (left, right, top, bottom, text; down is positive) as lines, from top to bottom."""
    rows: list[list[tuple[float, float, float, float, str]]] = []
    for piece in sorted(pieces, key=lambda piece: piece[2] + piece[3]):
        middle = (piece[2] + piece[3]) / 2
        if rows and rows[-1][-1][2] < middle < rows[-1][-1][3]:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = []
    for row in rows:
        row.sort()
        text = re.sub(r"[\r\n]+", "", "".join(piece[4] for piece in row))
        height = max(piece[3] - piece[2] for piece in row)
        lines.append((text.strip(), row[0][0], max(piece[1] for piece in row), height))
    lines = [line for line in lines if line[0]]
    for end in (-1, 0):
        if lines and _PAGE_NUMBER.match(lines[end][0]):
            del lines[end]
    return lines


def _paragraphs(lines: list[_Line], before: str) -> list[str]:
    """The lines of a page as paragraphs that end in a line feed, but the last where it goes on; ``before`` goes on."""
    if not lines:
        return [before] if before else []
    left = min(line[1] for line in lines)
    right = max(line[2] for line in lines)
    done: list[str] = []
    for text, start, end, height in lines:
        if before and start > left + height:  # an indent begins a paragraph
            done.append(before + "\n")
            before = ""
        before += text
        if end < right - 1.5 * height or start > (left + right) / 2:  # short, or set to the right
            done.append(before + "\n")
            before = ""
    return [*done, before] if before else done


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise MissingError("a scan or image, which needs OCR: pip install 'panjue[ocr]'") from error
    return RapidOCR(params={"Global.log_level": "error"})
