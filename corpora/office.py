"""The text of Word files and rich text: paragraphs and table rows on lines of their own, in reading order."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from panjue.corpora.archives import check_zip
from panjue.corpora.judgment import FormatError, MissingError
from panjue.corpora.limits import MAX_TEXT, LimitError

_MAIN = re.compile(r"word/document\d*\.xml$")
_MAX_XML = 16 * MAX_TEXT  # its markup is many times the text
_SOFFICE_SECONDS = 120


def is_docx(archive: zipfile.ZipFile) -> bool:
    """Whether a zip archive is a Word file."""
    return any(_MAIN.match(name) for name in archive.namelist())


def text_of_docx(archive: zipfile.ZipFile) -> str:
    """The text of a .docx: cells of a row are set apart by tabs; deleted text, headers and footers are left out.

    Raises:
        LimitError: it unpacks to too much.
        FormatError: it declares entities, as no Word file does.
    """
    check_zip(archive)
    info = next(info for info in archive.infolist() if _MAIN.match(info.filename))
    if info.file_size > _MAX_XML:
        raise LimitError(f"a Word document of {info.file_size >> 20} MiB of XML")
    with archive.open(info) as stream:
        root = parsed(stream.read(_MAX_XML + 1))
    return "\n".join(_blocks(root)).strip("\n")


def parsed(data: bytes | str) -> ET.Element:
    """The root of an XML document without declarations of its own.

    Raises:
        FormatError: it has some, which could expand without bounds, or it is no good XML.
    """
    head = data[:4096] if isinstance(data, str) else data[:4096].decode("latin-1")
    if "<!DOCTYPE" in head or "<!ENTITY" in head:
        raise FormatError("XML with declarations of its own (DOCTYPE)")
    try:
        return ET.fromstring(data)  # noqa: S314 # what the warning is about, entities, is refused above
    except ET.ParseError as error:
        raise FormatError(f"damaged XML ({error})") from error


def _blocks(node: ET.Element) -> Iterator[str]:
    for child in node:
        match _tag(child):
            case "p":
                yield "".join(_runs(child))
                for box in child.iter():
                    if _tag(box) == "txbxContent":
                        yield from _blocks(box)
            case "tbl":
                for row in child:
                    if _tag(row) == "tr":
                        cells = [cell for cell in row.iter() if _tag(cell) == "tc"]
                        yield "\t".join(" ".join(_blocks(cell)).strip() for cell in cells)
            case "del" | "moveFrom" | "sectPr" | "pPr":
                pass
            case _:
                yield from _blocks(child)


def _runs(node: ET.Element) -> Iterator[str]:
    for child in node:
        match _tag(child):
            case "t":
                yield child.text or ""
            case "tab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "del" | "moveFrom" | "txbxContent" | "pPr" | "rPr" | "Fallback" | "instrText":
                pass
            case _:
                yield from _runs(child)


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def text_of_rtf(rtf: str) -> str:
    """The text of rich text."""
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(rtf, errors="strict")  # type: ignore[no-untyped-call]
    return text.strip("\n")


def text_of_doc(stream: IO[bytes], data_limit: int) -> str:
    """The text of a binary Word file, through LibreOffice.

    Raises:
        MissingError: LibreOffice is not installed.
        FormatError: LibreOffice does not read it, or not in two minutes.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise MissingError("a binary Word file (.doc), read through LibreOffice, which is not installed (no soffice)")
    with tempfile.TemporaryDirectory(prefix="panjue-") as folder:
        source = Path(folder, "document.doc")
        data = stream.read(data_limit + 1)
        if len(data) > data_limit:
            raise LimitError(f"a Word file of more than {data_limit >> 20} MiB")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [
            office,
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SOFFICE_SECONDS)  # noqa: S603
            with zipfile.ZipFile(Path(folder, "document.docx")) as archive:
                return text_of_docx(archive)
        except subprocess.TimeoutExpired as error:
            raise FormatError(f"LibreOffice did not read it in {_SOFFICE_SECONDS} seconds") from error
        except (subprocess.CalledProcessError, OSError, zipfile.BadZipFile) as error:
            raise FormatError("LibreOffice does not read it: damaged, encrypted, or no Word file") from error
