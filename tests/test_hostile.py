"""Files made to do harm, or badly damaged: each ends in the error expected of it, soon, and writes nothing."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from panjue.corpora.judgment import Judgment, ReadFailure
from panjue.corpora.limits import MAX_FAILURES
from panjue.corpora.reader import read

DATA = Path(__file__).parent / "data" / "readers"
TEXT = "云河县人民法院\n刑事判决书\n被告人柳青禾犯盗窃罪，判处拘役三个月。"
ROW = json.dumps({"text": TEXT}, ensure_ascii=False).encode()
MIB = 1 << 20
DOCX = (DATA / "judgment.docx").read_bytes()
PDF = (DATA / "judgment.pdf").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size, info.type, info.linkname = len(data), kind, link
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def nested(pack: Callable[[bytes], bytes], times: int) -> bytes:
    data = TEXT.encode()
    for _ in range(times):
        data = pack(data)
    return data


def encrypted_zip() -> bytes:
    data = bytearray(zipped(("a.txt", TEXT.encode())))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bad_crc() -> bytes:
    data = zipped(("a.txt", TEXT.encode()))
    crc = struct.pack("<I", zipfile.ZipFile(io.BytesIO(data)).infolist()[0].CRC)
    return data.replace(crc, b"\1\2\3\4")


ZEROS = b"0" * (100 * MIB)
CASES: list[tuple[str, Callable[[], bytes], str]] = [
    ("bomb.txt.gz", lambda: gzip.compress(ZEROS), "LimitError"),
    ("bomb.jsonl.gz", lambda: gzip.compress(ZEROS), "LimitError"),
    ("bomb.zst", lambda: pa.compress(ZEROS, "zstd", asbytes=True), "LimitError"),
    ("bomb.zip", lambda: zipped(("a.txt", ZEROS)), "LimitError"),
    ("bomb.docx", lambda: zipped(("word/document.xml", ZEROS)), "LimitError"),
    ("bomb.xlsx", lambda: zipped(("xl/workbook.xml", b"<a/>"), ("xl/s.xml", ZEROS)), "LimitError"),
    ("double.gz.gz", lambda: gzip.compress(gzip.compress(ZEROS)), "LimitError"),
    ("recursive.zip", lambda: nested(lambda data: zipped(("a.zip", data)), 9), "LimitError"),
    ("recursive.gz", lambda: nested(gzip.compress, 9), "LimitError"),
    ("recursive.tar", lambda: nested(lambda data: tarred("a.tar", data), 9), "LimitError"),
    ("truncated.gz", lambda: gzip.compress(TEXT.encode())[:-12], "EOFError"),
    ("truncated.zst", lambda: pa.compress(TEXT.encode() * 9, "zstd", asbytes=True)[:-9], "OSError"),
    ("truncated.zip", lambda: zipped(("a.txt", TEXT.encode()))[:-30], "BadZipFile"),
    ("truncated.tar", lambda: tarred("a.txt", TEXT.encode() * 99)[:2000], "ReadError"),
    ("truncated.docx", lambda: DOCX[:3000], "BadZipFile"),
    ("truncated.pdf", lambda: PDF[:200], "FormatError"),
    ("truncated.parquet", lambda: b"PAR1" + b"\0" * 99, "FormatError"),
    ("truncated.arrow", lambda: b"ARROW1\0\0" + b"\1" * 99, "FormatError"),
    ("truncated.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "FormatError"),
    ("truncated.json", lambda: b"[" + ROW, "JSONDecodeError"),
    ("crc.zip", bad_crc, "BadZipFile"),
    ("encrypted.zip", encrypted_zip, "FormatError"),
    ("empty.zip", lambda: zipped(), "EmptyError"),
    ("empty.gz", lambda: gzip.compress(b""), "EmptyError"),
    ("empty.txt", lambda: b"", "EmptyError"),
    ("spaces.txt", lambda: b" \n" * 99, "NoTextError"),
    ("nul.txt", lambda: TEXT.encode() + b"\0", "UndecodableError"),
    ("zeros.bin", lambda: b"\0" * MIB, "UndecodableError"),
    ("program.txt", lambda: b"\x7fELF\x02\x01\x01\0" * 99, "UndecodableError"),
    ("control.txt", lambda: b"\x01\x02abc" * 99, "UndecodableError"),
    ("cut.txt", lambda: (TEXT * 9).encode()[:-1], "UndecodableError"),
    ("wrong.pdf", lambda: b"%PDF-1.7\n" + TEXT.encode(), "FormatError"),
    ("wrong.doc", lambda: OLE + b"\0" * 600, "FormatError" if shutil.which("soffice") else "MissingError"),
    ("wrong.csv", lambda: "编号,案名\n1,".encode() + TEXT.encode(), "NoTextError"),
    ("wrong.7z", lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "FormatError"),
    ("wrong.rar", lambda: b"Rar!\x1a\x07" + b"\0" * 99, "FormatError"),
    ("huge.txt", lambda: TEXT.encode() * 300_000, "LimitError"),
    ("line.jsonl", lambda: b'{"text": "' + b"a" * (200 * MIB) + b'"}', "LimitError"),
    ("item.json", lambda: b'[{"text": "' + b"a" * (40 * MIB) + b'"}]', "LimitError"),
    ("deep.json", lambda: b"[" * 100_000 + b"]" * 100_000, "JSONDecodeError"),
    ("deep.jsonl", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSONDecodeError"),
    ("deep.html", lambda: b"<html>" + b"<div>" * 100_000 + TEXT.encode(), "MarkupError"),
    (
        "laughs.xml",
        lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "FormatError",
    ),
    ("external.xml", lambda: b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "FormatError"),
    ("laughs.docx", lambda: zipped(("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')), "FormatError"),
    ("link.tar", lambda: tarred("a.txt", kind=tarfile.SYMTYPE, link="/etc/passwd"), "EmptyError"),
    ("device.tar", lambda: tarred("a.txt", kind=tarfile.CHRTYPE), "EmptyError"),
    ("quote.csv", lambda: b'id,text\n1,"' + TEXT.encode() * 300_000, "Error"),
    ("page.html", lambda: b'<script>var jsonHtmlData = "{\\"Html\\": ";</script>', "FormatError"),
]


def test_there_are_enough() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(("name", "made", "error"), CASES, ids=[name for name, _, _ in CASES])
def test_one_failure_and_reading_goes_on(tmp_path: Path, name: str, made: Callable[[], bytes], error: str) -> None:
    (tmp_path / name).write_bytes(made())
    (tmp_path / "zz.txt").write_text(TEXT)
    failure, *more, good = read([tmp_path])
    assert isinstance(good, Judgment)
    assert len(more) == (name == "truncated.tar")  # a damaged member, and the archive that ends in it
    assert isinstance(failure, ReadFailure)
    assert failure.error == error
    assert failure.source.startswith(str(tmp_path / name))
    assert failure.reason
    assert "柳青禾" not in failure.reason
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "zz.txt"])


@pytest.mark.parametrize("member", ["../up.txt", "/etc/abs.txt", "..\\win.txt", "a\x1b[31m\n.txt", "C:\\x.txt"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_in_archives_never_become_paths(tmp_path: Path, member: str, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / f"a.{kind}"
    path.write_bytes(zipped((member, TEXT.encode())) if kind == "zip" else tarred(member, TEXT.encode()))
    (found,) = read([path])
    assert isinstance(found, Judgment)
    assert found.source.startswith(f"{path}!")
    assert found.source.isprintable()
    assert [item.name for item in tmp_path.rglob("*")] == ["in", f"a.{kind}"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (found,) = read([tmp_path / "in"])
    assert isinstance(found, ReadFailure)
    assert found.error == "EmptyError"


def test_good_lines_around_one_that_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(ROW + b"\n" + b"[" * (17 * MIB) + b"\n" + ROW + b"\n")
    found = list(read([tmp_path / "a.jsonl"]))
    assert [type(item) for item in found] == [Judgment, ReadFailure, Judgment]


def test_a_file_of_anything_else_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a":1}\n' * (3 * MAX_FAILURES))
    *found, last = read([tmp_path])
    assert isinstance(last, ReadFailure)
    assert (len(found), last.error) == (MAX_FAILURES, "LimitError")


def test_one_judgment_and_no_entry_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a":1}\n' + ROW + b"\n" + b'{"a":1}\n' * (2 * MAX_FAILURES))
    assert sum(1 for _ in read([tmp_path])) == 2 + 2 * MAX_FAILURES
