"""What a file is, by its content; its name only decides where the content leaves it open."""

from __future__ import annotations

import csv
import re
from pathlib import PurePath

from panjue.corpora.fields import check_columns
from panjue.corpora.judgment import NoTextError

HEAD = 1 << 16
_HEADER = 4096  # characters in which the header of a table ends
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
)
NOT_READ = {"7z": "7-Zip", "rar": "RAR", "bzip2": "bzip2", "xz": "xz"}
DELIMITERS = ",\t;|"
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_XML = re.compile(r"\s*(?:<\?xml\b|<QW\s)")
_PAGE = re.compile(r"\bjsonHtmlData\s*=\s*\"")


def format_of(head: bytes) -> str | None:
    """The binary format that begins so; none where it may be text."""
    if head[257:262] == b"ustar":
        return "tar"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


def format_of_text(head: str, name: str, text_field: str | None = None) -> str:
    """The format of a text that begins so: rtf, xml, page (the old portal's script), json, lines, table or text.

    >>> format_of_text('{"text": "…"}', "a.txt"), format_of_text("编号,全文\\n1,…", "a.txt"), format_of_text("刑事判决书", "a.csv")
    ('json', 'table', 'text')
    """
    suffix = suffix_of(name)
    if head.startswith("{\\rtf"):
        return "rtf"
    if _XML.match(head) and "<html" not in head[:2000].lower():
        return "xml"
    if _PAGE.search(head):
        return "page"
    if suffix in {".jsonl", ".ndjson"} and not head.lstrip().startswith("["):
        return "lines"
    if _JSON.match(head) or suffix == ".json":
        return "json"
    return "table" if not head.lstrip().startswith("<") and _is_table(head, suffix, text_field) else "text"


def _is_table(head: str, suffix: str, text_field: str | None) -> bool:
    """Whether the first line is a header: two columns, one of them the text's; less will do where the name says table."""
    lines = [line for line in head[:_HEADER].splitlines()[:2] if not line.lower().startswith("sep=")]
    line = lines[0].lstrip("\ufeff") if lines else ""
    named = suffix in {".csv", ".tsv"}
    for delimiter in DELIMITERS:
        columns = next(csv.reader([line], delimiter=delimiter), [])
        if named and len(columns) > 1:
            return True
        if named or len(columns) > 1:
            try:
                check_columns(columns, text_field, None)
            except NoTextError:
                continue
            return True
    return False


def suffix_of(name: str) -> str:
    """The suffix that tells the format, lower case.

    >>> suffix_of("2018/Export.JSONL.gz")
    '.jsonl'
    """
    return PurePath(re.sub(r"\.(?:gz|zst)$", "", name.lower())).suffix
