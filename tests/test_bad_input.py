"""What cannot be read becomes a failure that names the place and the reason; the rest goes on."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from panjue.corpora.judgment import Judgment, ReadFailure
from panjue.corpora.reader import read

TEXT = "云河县人民法院\n刑事判决书\n被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金人民币一千元。"
GOOD = json.dumps({"id": "good", "text": TEXT}, ensure_ascii=False).encode()


def only_failure(path: Path, *, text_field: str | None = None, id_field: str | None = None) -> ReadFailure:
    (found,) = read([path], text_field, id_field)
    assert isinstance(found, ReadFailure)
    assert "柳青禾" not in found.reason
    return found


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.txt.gz", "a.dat"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
    assert only_failure(path) == ReadFailure(str(path), "empty", "EmptyError")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", TEXT.encode()[:40] + b"\0" + TEXT.encode(), "byte 40: NUL"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00" * 50, "byte "),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "LibreOffice"),
        ("a.jsonl", b"PK\x03\x04" + b"\0\x14\x90" * 500, "not a zip file"),
        ("a.txt", (TEXT * 9).encode()[:-1], "damaged UTF-8"),
        ("a.txt", (TEXT * 9).encode("gb18030") + b"\xff", "byte "),
        ("a.txt", b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "damaged UTF-16-LE"),
        ("a.txt", b"\xef\xbb\xbf" + b"\xff\xfe\xfd", "byte 3: damaged UTF-8"),
        ("a.txt", " \n\u3000\n".encode(), "the text is empty"),
        ("a.html", b"<html><body><script>1</script><br></body></html>", "the text is empty"),
        ("a.json", b'{"text": "' + TEXT.encode(), "line"),
        ("a.json", b"[]", "no field for the text"),
        ("a.json", json.dumps({"title": "x"}).encode(), "title"),
        ("a.json", json.dumps({"text": "x\0y"}).encode(), "NUL in the text, character 1"),
        ("a.json", b"[" * 5000 + b"]" * 5000, ""),
        ("a.csv", b"a,b\n1,2\n", "a, b"),
        ("a.csv", b"id,text\n", "no row"),
        ("a.csv", b"id,t\xffext\n1,x\n", "byte 4: damaged"),
        ("a.txt.gz", gzip.compress(TEXT.encode() * 99)[:-9], ""),
        ("a.xml", b'<?xml version="1.0"?><a><b>1</b></a>', "no field for the text"),
    ],
)
def test_one_failure_for_the_file(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    failure = only_failure(path)
    assert failure.source.split("#")[0] == str(path)
    assert reason in failure.reason
    assert failure.reason


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert only_failure(tmp_path / "no.txt").error == "FileNotFoundError"
    assert "no file to read" in only_failure(tmp_path / "in").reason


def test_fields_that_were_asked_for_are_missing(tmp_path: Path) -> None:
    for name, data in (("a.csv", b"id,text\n1,x\n"), ("a.jsonl", b'{"id": "1", "text": "x"}\n')):
        (tmp_path / name).write_bytes(data)
        assert "'ws'" in only_failure(tmp_path / name, text_field="ws").reason
        assert "'nr'" in only_failure(tmp_path / name, id_field="nr").reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "\\ud800' + TEXT.replace("\n", "").encode() + b'"}', ""),
        (b'{"text": "', ""),
        (b"not json", ""),
        (b'{"text": ""}', "the text is empty"),
        (b'{"text": null}', "the text is empty"),
        (b'{"text": 5}', "no field for the text"),
        (b'{"text": "a\0"}', "NUL"),
        (b'{"text": "\xff\xfe"}', "damaged UTF-8"),
        (b"null", "no field"),
    ],
)
def test_bad_line_among_good_ones(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([GOOD, line, b"", GOOD]))
    first, failure, last = read([path])
    assert isinstance(first, Judgment)
    assert isinstance(last, Judgment)
    assert isinstance(failure, ReadFailure)
    assert (first.doc_id, last.doc_id, last.source) == ("good", "good#2", f"{path}#4")
    assert failure.source == f"{path}#2"
    assert reason in failure.reason


def test_damaged_byte_is_counted_from_the_start_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + b"\n" + b'{"text": "\xff"}\n')
    failure = list(read([path]))[1]
    assert isinstance(failure, ReadFailure)
    assert f"byte {len(GOOD) + 1 + 10}:" in failure.reason


def test_bad_row_among_good_ones(tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], ["1", TEXT], ["2"], ["3", TEXT, "x"], ["4", ""], ["5", TEXT]])
    path = tmp_path / "a.csv"
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    found = list(read([path]))
    assert [item.doc_id for item in found if isinstance(item, Judgment)] == ["1", "5"]
    assert [(item.source, item.reason) for item in found if isinstance(item, ReadFailure)] == [
        (f"{path}#3", "1 fields where the header has 2"),
        (f"{path}#4", "3 fields where the header has 2"),
        (f"{path}#5", "the text is empty"),
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [(b"\xff\xfe", "damaged UTF-8"), (b"a\0b", "NUL"), (b'"\xff\n\xfe"', "damaged UTF-8")],
)
def test_damaged_row_among_good_ones(tmp_path: Path, cell: bytes, reason: str) -> None:
    path = tmp_path / "a.csv"
    before = b"id,text\n1,%b\n2," % TEXT.replace("\n", "").encode()
    path.write_bytes(before + cell + b"\n3,%b\n" % TEXT.replace("\n", "").encode())
    first, failure, last = read([path])
    assert isinstance(first, Judgment)
    assert isinstance(last, Judgment)
    assert isinstance(failure, ReadFailure)
    assert (first.doc_id, failure.source, last.doc_id) == ("1", f"{path}#3", "3")
    at = len(before) + next(i for i, byte in enumerate(cell) if byte in (0, 0xFF))
    assert failure.reason.startswith(f"byte {at}: {reason}")


def test_two_encodings_in_one_file_do_not_give_wrong_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + b"\n" + GOOD.decode().encode("gb18030") + b"\n")
    found = list(read([path]))
    assert [item.text for item in found if isinstance(item, Judgment)] == [TEXT]
    assert [item.error for item in found if isinstance(item, ReadFailure)] == ["UndecodableError"]


def test_quote_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'id,text\n1,一\n2,"{TEXT}\n3,三\n')
    found = list(read([path]))
    assert [type(item) for item in found] == [Judgment, ReadFailure]


def test_item_without_a_text_in_an_array(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"list": [{"text": TEXT}, {"title": "x"}, {"text": TEXT}]}))
    found = list(read([path]))
    assert [type(item) for item in found] == [Judgment, ReadFailure, Judgment]
    assert found[1].source == f"{path}#2"


def test_large_and_repetitive(tmp_path: Path) -> None:
    text = "被告人柳青禾犯盗窃罪。" * 160_000
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "b.csv").write_text(f"text\n{text}\n")
    assert [item.text == text for item in read([tmp_path]) if isinstance(item, Judgment)] == [True, True]


def test_other_files_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0\1\2")
    (tmp_path / "b.jsonl.gz").write_bytes(b"\x1f\x8bno gzip")
    (tmp_path / "c.txt").write_text(TEXT)
    assert [type(item) for item in read([tmp_path])] == [ReadFailure, ReadFailure, Judgment]
