from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from click.testing import CliRunner
from reviewed import TEXTS
from serving import server

from panjue.annotation.events import Event
from panjue.annotation.review import Action, Person, Review
from panjue.annotation.store import Store
from panjue.cli import main
from panjue.eval.records import read_records, read_texts

LI = Person("li", "annotator")


def panjue(*arguments: object, exit_code: int = 0, given: str | None = None) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)
    assert result.exit_code == exit_code, result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "out"
    paths = [TEXTS / name for name in ("expedited-one-line.txt", "six-defendants-tabs.txt", "appeal-changed.html")]
    panjue("extract", *paths, "-o", out, "--quiet")
    return out


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "out"
    copy.mkdir()
    for path in made.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    return copy


def accept_all(out: Path, court: str | None = None) -> None:
    store = Store(out / "review.sqlite")
    review = Review(store)
    for one in store.listed():
        seen = 0
        if court:
            review.act(LI, one.doc_id, Action(seen=0, event=Event(verb="set", path="/case/court", new=[court])))
            seen = 1
        review.act(LI, one.doc_id, Action(seen=seen, event=Event(verb="accept")))
    store.close()


def test_texts_are_those_the_records_were_read_from(out: Path) -> None:
    """Plain text is read again from the input; what was taken out of markup was kept."""
    assert "li: 3 judgments" in panjue("assign", out, "--annotators", "li")
    store = Store(out / "review.sqlite")
    records = read_records(out)
    assert {one.doc_id for one in store.listed()} == records.keys()
    store.close()


def test_input_that_has_gone_is_an_error_and_leaves_nothing(out: Path) -> None:
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    run["paths"] = ["/nowhere"]
    (out / "run.json").write_text(json.dumps(run), encoding="utf-8")
    said = panjue("assign", out, "--annotators", "li", exit_code=1)
    assert "2 of 3 texts are not where" in said
    assert "--texts" in said
    assert not (out / "review.sqlite").exists()


def test_texts_are_written_once(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "texts.jsonl"
    panjue("texts", out, "-o", target)
    assert read_texts(target).keys() == read_records(out).keys()
    assert "--overwrite" in panjue("texts", out, "-o", target, exit_code=2)
    panjue("texts", out, "-o", target, "--overwrite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "texts.jsonl"]


def test_assignment(out: Path) -> None:
    said = panjue("assign", out, "--annotators", "li,wang", "--blind-share", "1", "--seed", "7", "--sample", "2")
    assert said.splitlines() == [f"{name}: 2 judgments, 2 of them read by another, too" for name in ("li", "wang")]
    assert "at least two" in panjue("assign", out, "--annotators", "li", "--blind-share", "1", exit_code=2)


def test_agreement_of_nobody_is_undefined(out: Path) -> None:
    assert "undefined" in panjue("agreement", out)
    figures = json.loads(panjue("agreement", out, "--json"))
    assert figures[0] == {
        "field": "defendants", "chinese": "被告人", "n": 0, "same": None, "kappa": None, "alpha": None,
        "evidence_n": 0, "evidence_exact": None, "evidence_overlap": None,
    }  # fmt: skip


def test_corrected_records_become_gold_that_eval_reads(out: Path, tmp_path: Path) -> None:
    panjue("assign", out, "--annotators", "li")
    accept_all(out, court="云州市高级人民法院")
    gold, texts = tmp_path / "gold.jsonl", tmp_path / "gold.texts.jsonl"
    assert "3 records" in panjue("gold", "build", out, "-o", gold, "--texts", texts)
    gold.write_text(gold.read_text(encoding="utf-8") + " \n", encoding="utf-8")
    assert "holds another gold set" in panjue("gold", "build", out, "-o", gold, "--texts", texts, exit_code=1)
    panjue("gold", "build", out, "-o", gold, "--texts", texts, "--overwrite")
    figures = json.loads(panjue("eval", "--gold", gold, "--pred", out, "--texts", texts, "--json", "-"))["figures"]
    assert figures["case.court"]["right"] == 0
    assert figures["case.case_number"]["right"] == 3
    assert figures["defendant exact"]["right"] == figures["defendant exact"]["total"]


def test_accounts(out: Path) -> None:
    panjue("accounts", out, "--add", "wang", "--role", "adjudicator", given="long enough 1\nlong enough 1\n")
    assert panjue("accounts", out) == "wang  adjudicator\n"
    assert "at least 10" in panjue("accounts", out, "--add", "li", given="short\nshort\n", exit_code=2)


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("uvicorn", ["review"]), ("argon2", ["accounts", "--add", "li"]), ("sklearn.metrics", ["agreement"])],
)
def test_a_library_that_is_missing_is_named(
    out: Path, module: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    panjue("assign", out, "--annotators", "li,wang", "--blind-share", "1")
    store = Store(out / "review.sqlite")
    review, (one, *_) = Review(store), store.listed()
    for name in one.annotators:
        event = Event(verb="accept")
        review.act(Person(name, "annotator"), one.doc_id, Action(seen=0, event=event))
    store.close()
    monkeypatch.setitem(sys.modules, module, None)
    command, *more = arguments
    said = panjue(command, out, *more, exit_code=1, given="long enough 1\nlong enough 1\n")
    assert "pip install 'panjue[review]'" in said


def test_other_addresses_need_accounts(out: Path) -> None:
    assert "first make accounts" in panjue("review", out, "--host", "0.0.0.0", "--port", "0", exit_code=2)


def test_the_server_prints_a_link_that_opens_the_page(out: Path) -> None:
    with server(out) as at:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", at.link)
        with build_opener(HTTPCookieProcessor()).open(at.link) as page:
            assert b"/page/review.js" in page.read()


def test_against_gold_only_what_differs_is_shown(out: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    rows[1]["case"]["court"] = "云州市高级人民法院"
    for row in rows:
        row["annotation"] = {"annotators": ["li"]}
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows[:2]), encoding="utf-8")
    from panjue.review_command import opened

    with opened(out, None, gold) as store:
        (one,) = store.listed()
        assert one.doc_id == rows[1]["doc_id"]
        shown = Review(store).view(Person("chen", "adjudicator"), one.doc_id)
    (difference,) = shown["differences"]
    assert shown["sides"] == ["gold", "panjue"]
    assert (difference["field"], difference["first"]["values"]) == ("case.court", ["云州市高级人民法院"])
