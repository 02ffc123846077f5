"""What a file is, by its content; its name only decides between a table and a text that could be either."""

from __future__ import annotations

import re
from pathlib import PurePath

HEAD = 1 << 16
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
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_XML = re.compile(r"\s*(?:<\?xml\b|<QW\s)")
_PAGE = re.compile(r"\bjsonHtmlData\s*=\s*\"")


def format_of(head: bytes) -> str | None:
    """The binary format that begins so; none where it may be text."""
    if head[257:262] == b"ustar":
        return "tar"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


def format_of_text(head: str, name: str) -> str:
    """The format of a text that begins so: rtf, xml, page (the old portal's script), json, lines, table or text.

    >>> format_of_text('{"text": "…"}', "a.txt"), format_of_text("判决书", "a.csv"), format_of_text("判决书", "a.doc")
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
    return "table" if suffix in {".csv", ".tsv"} and not head.lstrip().startswith("<") else "text"


def suffix_of(name: str) -> str:
    """The suffix that tells the format, lower case.

    >>> suffix_of("2018/Export.JSONL.gz")
    '.jsonl'
    """
    return PurePath(re.sub(r"\.(?:gz|zst)$", "", name.lower())).suffix
