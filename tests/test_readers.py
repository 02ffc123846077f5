"""Reading: formats, fields, identifiers, encodings and markup, with judgments written for the tests."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tracemalloc
from pathlib import Path

import pytest

from panjue.corpora.judgment import Judgment, ReadFailure, text_id
from panjue.corpora.reader import count_bytes, read

TEXT = "云河县人民法院\n刑事判决书\n（2019）云0199刑初7号\n被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金人民币一千元。"
OTHER = TEXT.replace("柳青禾", "石远山")
HTML = "<html><style>p{}</style><body><div>刑 事 判 决 书</div><p>被告人&nbsp;柳青禾，男。<script>x()</script></p></body></html>"
HTML_TEXT = "刑 事 判 决 书\n被告人\xa0柳青禾，男。"


def judgments(*paths: Path | str, text_field: str | None = None, id_field: str | None = None) -> list[Judgment]:
    found = list(read(paths, text_field, id_field))
    assert [item for item in found if isinstance(item, ReadFailure)] == []
    return [item for item in found if isinstance(item, Judgment)]


def write(path: Path, data: str | bytes) -> Path:
    raw = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(raw) if path.name.endswith(".gz") else raw)
    return path


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("gz", ["", ".gz"])
@pytest.mark.parametrize(
    ("name", "content", "text", "place", "markup"),
    [
        ("a.txt", TEXT, TEXT, "", False),
        ("a.html", HTML, HTML_TEXT, "", True),
        ("a.HTM", HTML, HTML_TEXT, "", True),
        ("a.doc", HTML, HTML_TEXT, "", True),
        ("a.html", "<pre>一\n二</pre>", "一\n二", "", True),
        ("a.json", json.dumps({"text": TEXT}), TEXT, "", False),
        ("a.json", json.dumps({"text": TEXT}, indent=1, ensure_ascii=False), TEXT, "", False),
        ("a.jsonl", json.dumps({"text": TEXT}) + "\n", TEXT, "#1", False),
        ("a.csv", table([["名称", "全文"], ["某案", TEXT]]), TEXT, "#2", False),
        ("a.csv", table([["名称", "全文"], ["某案", TEXT]], ";"), TEXT, "#2", False),
        ("a.unknown", TEXT, TEXT, "", False),
    ],
)
def test_formats(tmp_path: Path, name: str, content: str, text: str, place: str, markup: bool, gz: str) -> None:
    path = write(tmp_path / (name + gz), content)
    (found,) = judgments(path)
    assert (found.doc_id, found.text, found.source, found.markup) == (text_id(text), text, f"{path}{place}", markup)
    assert (found.encoding, found.ocr) == ("utf-8", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.csv"])
def test_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    line = json.dumps({"text": TEXT}, ensure_ascii=False)
    content = {"a.txt": TEXT, "a.jsonl": line + "\n", "a.json": line, "a.csv": table([["text"], [TEXT]])}[name]
    (found,) = judgments(write(tmp_path / name, content.encode(encoding)))
    assert found.text == TEXT


def test_line_ends_are_kept(tmp_path: Path) -> None:
    text = TEXT.replace("\n", "\r\n")
    assert judgments(write(tmp_path / "a.txt", text))[0].text == text
    assert judgments(write(tmp_path / "a.csv", table([["text"], [text]])))[0].text == text


@pytest.mark.parametrize(
    "field",
    [
        "text",
        "content",
        "内容",
        "正文",
        "全文",
        "裁判文书",
        "裁判文书全文",
        "qwContent",
        "html",
        "fulltext",
        "full_text",
        "文书内容",
        "判决书",
        "doc",
        "QW",
        "Content",
    ],
)
def test_usual_names_of_the_text(tmp_path: Path, field: str) -> None:
    (found,) = judgments(write(tmp_path / "a.json", json.dumps({"title": "某案", field: TEXT})))
    assert found.text == TEXT


@pytest.mark.parametrize("field", ["doc_id", "id", "s5", "docid", "DocID", "docId", "文书ID", "rowkey"])
def test_own_identifier(tmp_path: Path, field: str) -> None:
    for name, content in (
        ("a.json", json.dumps({field: "q7", "text": TEXT})),
        ("a.csv", table([[field, "text"], ["q7", TEXT]])),
    ):
        assert [found.doc_id for found in judgments(write(tmp_path / name, content))] == ["q7"]


def test_number_as_identifier(tmp_path: Path) -> None:
    assert judgments(write(tmp_path / "a.json", json.dumps({"id": 0, "text": TEXT})))[0].doc_id == "0"


def test_named_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"text": "提要", "ws": TEXT, "id": "1", "nr": "k9"}))
    (found,) = judgments(path, text_field="ws", id_field="nr")
    assert (found.doc_id, found.text) == ("k9", TEXT)


def test_repeated_identifiers_are_made_distinct(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "\n".join(json.dumps({"id": "x", "text": text}) for text in (TEXT, OTHER, TEXT)))
    assert [found.doc_id for found in judgments(path)] == ["x", "x#2", "x#3"]


@pytest.mark.parametrize(
    "value",
    [
        [{"id": "1", "text": TEXT}, {"id": "2", "text": OTHER}],
        {
            "code": 1,
            "meta": {"page": 1},
            "result": {"queryResult": {"resultList": [{"id": "1", "text": TEXT}, {"id": "2", "text": OTHER}]}},
        },
        {"result": json.dumps({"list": [{"id": "1", "qwContent": TEXT}, {"id": "2", "qwContent": OTHER}]})},
        [json.dumps({"id": "1", "text": TEXT}), json.dumps({"id": "2", "text": OTHER})],
        [{"id": "1", "data": {"text": TEXT}}, {"id": "2", "data": {"text": OTHER}}],
    ],
)
def test_nested_json(tmp_path: Path, value: object) -> None:
    path = write(tmp_path / "a.json", json.dumps(value))
    assert [(found.doc_id, found.text, found.source) for found in judgments(path)] == [
        ("1", TEXT, f"{path}#1"),
        ("2", OTHER, f"{path}#2"),
    ]


def test_array_of_texts(tmp_path: Path) -> None:
    assert [found.text for found in judgments(write(tmp_path / "a.json", json.dumps([TEXT, OTHER])))] == [TEXT, OTHER]


def test_json_lines_under_the_name_json(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", "\n".join(json.dumps({"text": text}) for text in (TEXT, OTHER)))
    assert [(found.text, found.source) for found in judgments(path)] == [(TEXT, f"{path}#1"), (OTHER, f"{path}#2")]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv"])
def test_html_in_a_field(tmp_path: Path, name: str) -> None:
    content = table([["id", "text"], ["1", HTML]]) if name == "a.csv" else json.dumps({"id": "1", "text": HTML})
    (found,) = judgments(write(tmp_path / name, content))
    assert (found.text, found.markup) == (HTML_TEXT, True)


def test_portal_prefers_the_whole_text_and_joins_the_parts_without_it(tmp_path: Path) -> None:
    parts = {"s1": "某案", "s5": "f00d", "s22": "刑事判决书", "s23": "本院受理", "s26": "本院认为", "s27": "判决如下"}
    (whole,) = judgments(write(tmp_path / "a.json", json.dumps({**parts, "qwContent": HTML})))
    assert (whole.doc_id, whole.text, whole.markup) == ("f00d", HTML_TEXT, True)
    (joined,) = judgments(write(tmp_path / "b.json", json.dumps({**parts, "qwContent": ""})))
    assert (joined.text, joined.markup) == ("刑事判决书\n本院受理\n本院认为\n判决如下", True)


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    write(folder / "c.txt", TEXT)
    write(folder / "b" / "a.jsonl.gz", json.dumps({"text": OTHER}))
    write(folder / "skipped.css", b"p {}")
    write(tmp_path / "outside.txt", TEXT)
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "up").symlink_to(tmp_path)
    assert [found.source for found in judgments(folder)] == [f"{folder}/b/a.jsonl.gz#1", f"{folder}/c.txt"]
    sizes = (folder / "c.txt").stat().st_size + (folder / "b" / "a.jsonl.gz").stat().st_size
    assert count_bytes([folder, "-", tmp_path / "missing"]) == sizes


def test_output_among_the_input_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "out" / "texts.jsonl", json.dumps({"text": OTHER}))
    assert [item.source for item in read([tmp_path], skip=tmp_path / "out")] == [str(tmp_path / "a.txt")]
    assert count_bytes([tmp_path], tmp_path / "out") == len(TEXT.encode())


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (TEXT, [TEXT]),
        (json.dumps([{"text": TEXT}, {"text": OTHER}]), [TEXT, OTHER]),
        ("\n".join(json.dumps({"text": text}) for text in (TEXT, OTHER)), [TEXT, OTHER]),
        (json.dumps({"text": TEXT}), [TEXT]),
        ("[2019] " + TEXT, ["[2019] " + TEXT]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: str, texts: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    assert [found.text for found in judgments("-")] == texts


def test_json_lines_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    line = json.dumps({"text": TEXT * 500}) + "\n"
    with path.open("w") as out:
        out.writelines(line for _ in range(400))
    tracemalloc.start()
    count = sum(isinstance(item, Judgment) for item in read([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400
    assert peak < path.stat().st_size / 4


def test_raw_downloads(shared: Path) -> None:
    raw = shared / "corpora" / "raw"
    assert [
        len(judgments(raw / name)) for name in ("wenshu-api-1.json", "wenshu-export.csv", "wenshu-html-saved-as.doc")
    ] == [1, 10, 1]
    for found in judgments(raw):
        assert "<" not in found.text[:500]
        assert found.text.count("\n") >= 4
    assert judgments(raw / "wenshu-api-1.json")[0].doc_id == "10da4aa562774a09ac87a90e0159fb0e"


def test_html_among_the_gold_texts(shared: Path) -> None:
    found = judgments(shared / "gold" / "dev.texts.jsonl")
    marked = [item for item in found if item.markup]
    assert (len(found), len(marked)) == (139, 2)
    for item in marked:
        assert "<div" not in item.text
        assert "刑 事 裁 定 书" in item.text.split("\n")[:3]
