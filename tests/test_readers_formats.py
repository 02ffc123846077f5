"""Formats by content: office files, scans, tables, archives, the portal's generations; judgments written for the tests."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

from panjue.corpora import limits, values
from panjue.corpora.judgment import Judgment, ReadFailure
from panjue.corpora.reader import files, read, read_file

DATA = Path(__file__).parent / "data" / "readers"
TEXT = "云河县人民法院\n刑事判决书\n（2019）云0199刑初7号\n被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金人民币一千元。"
ROW = {"id": "7", "text": TEXT}


def only(path: Path) -> Judgment:
    (found,) = read([path])
    assert isinstance(found, Judgment), found
    return found


@pytest.mark.parametrize("name", ["judgment.docx", "judgment.rtf", "judgment.pdf"])
@pytest.mark.parametrize("suffix", ["", ".doc", ".txt"])
def test_documents_whatever_their_name(tmp_path: Path, name: str, suffix: str) -> None:
    found = only(Path(shutil.copy(DATA / name, tmp_path / (name + suffix))))
    assert found.text.replace(" ", "").split("\n")[:3] == TEXT.split("\n")[:3]
    assert found.text.endswith("判决如下：被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金人民币一千元。")
    assert (len(found.text.split("\n")), found.format, found.markup, found.ocr) == (5, name[9:], True, False)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_binary_word_file() -> None:
    found = only(DATA / "judgment.doc")
    assert (found.text, found.format) == (only(DATA / "judgment.docx").text, "doc")


def test_binary_word_file_through_a_soffice_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "soffice"
    script.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cp {DATA / "judgment.docx"} "${{last%.doc}}.docx"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert only(DATA / "judgment.doc").format == "doc"


def test_binary_word_file_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (failure,) = read([DATA / "judgment.doc"])
    assert isinstance(failure, ReadFailure)
    assert (failure.error, "LibreOffice, which is not installed" in failure.reason) == ("MissingError", True)


@pytest.mark.parametrize("name", ["scan.png", "scan.pdf"])
def test_scans_are_marked(name: str) -> None:
    pytest.importorskip("rapidocr")
    found = only(DATA / name)
    assert found.ocr
    assert "于二〇一九年三月四日被云河县公安局刑事拘留" in found.text  # the recognition itself has no 〇
    assert "被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金人民币一千元" in found.text
    assert len(found.text.split("\n")) == 5


def test_tables_in_word_stand_where_they_stand(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>前</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>后</w:t></w:r></w:ins></w:p></w:sdtContent></w:sdt>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>')
    assert only(tmp_path / "a.docx").text == "前\n甲\t乙\n后"


def test_big5_is_suspected_and_recorded(tmp_path: Path) -> None:
    text = "臺北地方法院刑事判決書，被告竊盜案件，經檢察官提起公訴，本院判決如下：處拘役參拾日，如易科罰金，以新臺幣壹仟元折算壹日。"
    (tmp_path / "a.txt").write_bytes(text.encode("cp950"))
    (tmp_path / "b.txt").write_bytes((TEXT * 3).encode("gb18030"))
    assert [(f.text, f.encoding) for f in read([tmp_path]) if isinstance(f, Judgment)] == [
        (text, "cp950"),
        (TEXT * 3, "gb18030"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\nid;text\n7;x，y\n",
        "id\ttext\n7\tx，y\n",
        "id|text\n7|x，y\n",
        'id,text\n7,"x，y"\n',
        "'id','text'\n'7','x，y'\n",
        "id,text\r7,x，y\r",
    ],
)
def test_dialects(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_text(content, newline="")
    found = only(tmp_path / "a.csv")
    assert (found.doc_id, found.text) == ("7", "x，y")


@pytest.mark.parametrize("name", ["a.txt", "a", "a.csv.download"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_tables_whatever_their_name(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_text("编号\t案由\t全文\n7\t盗窃\tx，y\n", encoding=encoding)
    found = only(tmp_path / name)
    assert (found.doc_id != "7", found.text, found.format) == (True, "x，y", "table")
    (tmp_path / name).write_text("案由,判\n盗窃,x，y\n", encoding=encoding)
    (named,) = read([tmp_path / name], text_field="判")
    assert isinstance(named, Judgment)
    assert named.text == "x，y"


def test_a_judgment_named_as_a_table_is_a_judgment(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT, encoding="utf-8")
    assert (only(tmp_path / "a.csv").text, only(tmp_path / "a.csv").format) == (TEXT, "text")


def test_lines_of_utf16_are_read_as_they_come(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT + "\u0a0a上\u0a00"}, ensure_ascii=False) + "\n"
    (tmp_path / "a.jsonl").write_text(line * 120_000, encoding="utf-16")
    found = [item for item in read_file(str(tmp_path / "a.jsonl")) if isinstance(item, Judgment)]
    assert (tmp_path / "a.jsonl").stat().st_size > limits.MAX_TEXT
    assert (len(found), found[0].encoding, found[-1].text) == (120_000, "utf-16-le", TEXT + "\u0a0a上\u0a00")


def test_damage_in_utf16_is_named_by_its_byte(tmp_path: Path) -> None:
    good = ('{"text": "判决书"}\n' * 100_000).encode("utf-16-le")
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe" + good + b"\x00\xdc" + good)
    *found, last = read([tmp_path])
    assert isinstance(last, ReadFailure)
    assert (last.error, last.reason) == (
        "UndecodableError",
        f"byte {2 + len(good)}: damaged UTF-16-LE (illegal encoding)",
    )
    assert 0 < len(found) <= 100_000


def test_backslash_before_a_quote(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n"7","x\\"，\\"y"\n"8","z"\n')
    assert [item.text for item in read([tmp_path / "a.csv"]) if isinstance(item, Judgment)] == ['x"，"y', "z"]


def test_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("表")
    for row in (["编号", "文书全文"], ["a", TEXT], ["b", "长" * 32_767]):
        sheet.append(row)
    book.save(tmp_path / "a.xls")
    good, cut = read([tmp_path / "a.xls"], None, "编号")
    assert isinstance(good, Judgment)
    assert (good.doc_id, good.text, good.source) == ("a", TEXT, f"{tmp_path / 'a.xls'}#表!2")
    assert isinstance(cut, ReadFailure)
    assert "cut off by Excel" in cut.reason


def test_parquet_and_arrow(tmp_path: Path) -> None:
    table = pa.table({"id": ["7", "8"], "text": [TEXT, TEXT]})
    parquet.write_table(table, tmp_path / "a.bin")
    with ipc.new_stream(str(tmp_path / "b.bin"), table.schema) as out:
        out.write_table(table)
    with ipc.new_file(str(tmp_path / "c.bin"), table.schema) as out:
        out.write_table(table)
    found = [item for item in read([tmp_path]) if isinstance(item, Judgment)]
    assert [item.format for item in found] == ["parquet"] * 2 + ["arrow"] * 4
    assert {item.text for item in found} == {TEXT}


def test_archives_in_archives(tmp_path: Path) -> None:
    lines = (json.dumps(ROW, ensure_ascii=False) + "\n").encode() * 2
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        info = tarfile.TarInfo("../../etc/x.jsonl")
        info.size = len(lines)
        archive.addfile(info, io.BytesIO(lines))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("2018/inner.tar.gz", tar.getvalue())
        zipped.writestr("b.jsonl.zst", pa.compress(lines, "zstd", asbytes=True))
        zipped.writestr("c.jsonl.gz", gzip.compress(lines))
    found = list(read_file(str(tmp_path / "a.zip")))
    assert [item.source.removeprefix(f"{tmp_path}/") for item in found] == [
        *(f"a.zip!2018/inner.tar.gz!../../etc/x.jsonl#{n}" for n in (1, 2)),
        *(f"a.zip!b.jsonl.zst#{n}" for n in (1, 2)),
        *(f"a.zip!c.jsonl.gz#{n}" for n in (1, 2)),
    ]
    assert all(isinstance(item, Judgment) and item.text == TEXT for item in found)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("around", [False, True])
def test_huge_array_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, around: bool) -> None:
    for module in (limits, values):
        monkeypatch.setattr(module, "MAX_TEXT", 2000)
    rows: list[object] = [{"id": str(n), "text": TEXT, "meta": {"list": [1, [2]]}} for n in range(900)]
    rows[5] = {"title": "x"}
    value = {"code": 1, "data": {"list": rows, "total": 900}} if around else rows
    (tmp_path / "a.json").write_bytes(json.dumps(value, ensure_ascii=False).encode(encoding))
    found = list(read([tmp_path / "a.json"]))
    assert [item.source.rpartition("#")[2] for item in found] == [str(n) for n in range(1, 901)]
    assert [n for n, item in enumerate(found) if isinstance(item, ReadFailure)] == [5]


def test_script_of_the_old_portal(tmp_path: Path) -> None:
    data = json.dumps(json.dumps({"Title": "某案", "PubDate": "2016-01-02", "Html": "<p>刑事判决书</p><p>被告人</p>"}))
    info = json.dumps({"文书ID": "f-7", "案号": "（2019）云0199刑初7号"}, ensure_ascii=False)
    (tmp_path / "a.html").write_text(
        f'var caseinfo=JSON.stringify({info});var jsonHtmlData = {data};var x = eval("1");'
    )
    found = only(tmp_path / "a.html")
    assert (found.doc_id, found.text, found.format) == ("f-7", "刑事判决书\n被告人", "html")


def test_every_raw_download_is_read(shared: Path) -> None:
    found = list(read([shared / "corpora" / "raw"]))
    assert [item for item in found if isinstance(item, ReadFailure)] == []
    assert len(found) == 2 + 3 + 10 + 1


def test_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(TEXT)
    (tmp_path / "a.txt").write_text(TEXT)
    found = files([tmp_path / "b.txt", tmp_path])
    assert [Path(item.name).name for item in found if not isinstance(item, ReadFailure)] == ["b.txt", "a.txt"]
