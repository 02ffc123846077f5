"""The review page in a real browser, worked by keyboard alone."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from reviewed import HOSTILE, TEXTS, filled, long_judgment
from serving import Server, chromium, server

from panjue.annotation.events import Event
from panjue.annotation.review import Action, Person, Review
from panjue.annotation.store import Store
from panjue.cli import main
from panjue.eval.records import read_records

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def panjue(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def extracted(out: Path, *texts: str | Path) -> Path:
    source = out.parent / "judgments.jsonl"
    words = [text if isinstance(text, str) else text.read_bytes().decode("utf-8") for text in texts]
    rows = [json.dumps({"id": f"j{number}", "text": text}) + "\n" for number, text in enumerate(words)]
    source.write_text("".join(rows), encoding="utf-8")
    panjue("extract", source, "-o", out, "--quiet")
    return out


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path / "out", TEXTS / "expedited-one-line.txt", TEXTS / "six-defendants-tabs.txt")


class Desk:
    """One person at one browser."""

    def __init__(self, browser: Browser, at: Server) -> None:
        self.page: Page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self._asked(request.url, at))
        self.page.goto(at.link)
        expect(self.page.locator("#queue")).to_be_visible()

    def _asked(self, url: str, at: Server) -> None:
        if not url.startswith(at.address):
            self.errors.append(f"asked for {url}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        expect(self.page.locator("#ask")).to_be_visible()
        self.page.keyboard.type(words)
        self.press("Enter")

    def saved(self) -> None:
        expect(self.page.locator("#saved")).to_contain_text("saved")

    def open(self, doc_id: str) -> None:
        self.page.evaluate("id => { location.hash = '#/judgment/' + encodeURIComponent(id); }", doc_id)
        expect(self.page.locator("#where")).to_be_visible()
        expect(self.page.locator("#record .row.active")).to_be_visible()

    def go(self, chinese: str, key: str = "j") -> None:
        active = self.page.locator(".row.active .label")
        for _ in range(80):
            if active.inner_text().split()[-1].rstrip("+") == chinese:
                return
            self.press(key)
        raise AssertionError(f"no field {chinese}")

    def value(self, path: str) -> str:
        return self.page.locator(f'.row[data-path="{path}"] .value').inner_text()


def test_a_judgment_is_corrected_by_keyboard_alone(browser: Browser, out: Path, tmp_path: Path) -> None:
    text = (TEXTS / "six-defendants-tabs.txt").read_bytes().decode("utf-8")
    with server(out, "--as", "li") as at:
        desk = Desk(browser, at)
        rows = desk.page.locator("#queue tbody tr")
        expect(rows).to_have_count(2)
        desk.press("j")
        wanted = rows.nth(1).inner_text()
        desk.press("Enter")
        expect(desk.page.locator("#where")).to_contain_text(wanted.split()[0])
        desk.open("j1")
        desk.press(*["h"] * 7)  # to the case
        desk.go("审理程序")
        desk.press("1")
        expect(desk.page.locator(".row.active .value")).to_contain_text("速裁程序")
        desk.press("l")  # the first defendant
        desk.go("建议刑期")
        desk.press("Enter")
        desk.type("一年六个月至二年")
        expect(desk.page.locator(".row.active .value")).to_have_text("18 months–24 months")
        desk.press("/")
        desk.type("判决如下")
        desk.press("Escape", "e")
        desk.saved()
        desk.go("罚金")
        desk.press("Enter")
        desk.type("3万元")
        desk.go("主刑刑种")
        desk.press("3")
        desk.go("辩护人")
        desk.press("+")
        desk.type("梁某")
        expect(desk.page.locator(".row.active .value")).to_have_text("梁某")
        desk.press("j", "3")
        expect(desk.page.locator(".row.active .value")).to_contain_text("值班律师")
        desk.press("N")
        desk.type("廖大海")
        expect(desk.page.locator(".tabs .current")).to_contain_text("廖大海")
        desk.press("D")
        desk.type("新来的")
        expect(desk.page.locator(".tabs button")).to_have_count(8)
        desk.press("X")
        expect(desk.page.locator(".tabs button")).to_have_count(7)
        desk.press("m")
        desk.type("looked at twice")
        desk.press("d", "g")
        expect(desk.page.locator(".tabs button")).to_have_count(2)  # the next one is opened
        desk.press("q")
        expect(desk.page.locator("#queue tbody tr")).to_have_count(1)
        assert not desk.errors
    gold, texts = tmp_path / "gold.jsonl", tmp_path / "texts.jsonl"
    panjue("gold", "build", out, "-o", gold, "--texts", texts)
    (record,) = read_records(gold).values()
    first = record["defendants"][0]
    assert record["case"]["procedure"] == "expedited"
    assert (first["name"], len(record["defendants"])) == ("廖大海", 6)
    recommended = first["recommendation"]
    assert (recommended["min_months"], recommended["max_months"]) == (18, 24)
    assert {"name": "梁某", "kind": "duty_lawyer"} in first["counsel"]
    (passage,) = [e for e in record["evidence"] if e["path"] == "/defendants/0/recommendation/min_months"]
    assert text[passage["start"] : passage["end"]] == "判决如下"
    figures = json.loads(panjue("eval", "--gold", gold, "--pred", out, "--texts", texts, "--json", "-"))["figures"]
    assert figures["case.procedure"]["right"] == 0


def test_reload_and_a_killed_server_lose_nothing(browser: Browser, out: Path) -> None:
    path = "/defendants/0/sentence/penalty"
    with server(out, "--as", "li") as at:
        desk = Desk(browser, at)
        desk.open("j0")
        desk.page.locator(f'[data-path="{path}"]').click()
        desk.press("4")
        expect(desk.page.locator(".row.active .value")).to_contain_text("无期徒刑")
        desk.page.reload()
        expect(desk.page.locator(f'[data-path="{path}"] .value')).to_contain_text("无期徒刑")
        at.process.send_signal(signal.SIGKILL)
        at.process.wait()
        desk.page.locator(f'[data-path="{path}"]').click()
        desk.press("1")
        expect(desk.page.locator("#saved")).to_contain_text("NOT saved")
        expect(desk.page.locator("#banner")).to_contain_text("does not answer")
        assert "无期徒刑" in desk.value(path)  # what is shown is what is kept
    with server(out, "--as", "li") as at:
        desk = Desk(browser, at)
        desk.open("j0")
        assert "无期徒刑" in desk.value(path)
        desk.press("u")  # of what was done in another session
        expect(desk.page.locator(f'[data-path="{path}"] .value')).to_contain_text("拘役")
        desk.press("r")
        expect(desk.page.locator(f'[data-path="{path}"] .value')).to_contain_text("无期徒刑")


def test_the_second_browser_is_told(browser: Browser, out: Path) -> None:
    path = "/defendants/0/sentence/penalty"
    with server(out, "--as", "li") as at:
        first, second = Desk(browser, at), Desk(browser, at)
        for desk in (first, second):
            desk.open("j0")
            desk.page.locator(f'[data-path="{path}"]').click()
        first.press("4")
        first.saved()
        second.press("1")
        expect(second.page.locator("#banner")).to_contain_text("li was faster")
        expect(second.page.locator("#banner")).to_contain_text("life")
        assert "无期徒刑" in second.value(path)
        second.press("1")  # having seen it
        expect(second.page.locator(f'[data-path="{path}"] .value')).to_contain_text("管制")


def test_adjudication_to_gold_to_eval(browser: Browser, out: Path, tmp_path: Path) -> None:
    panjue("assign", out, "--annotators", "li,wang", "--blind-share", "1")
    store = Store(out / "review.sqlite")
    review = Review(store)
    months = "/defendants/0/sentence/months"
    for name, value in (("li", 5), ("wang", 6)):
        person = Person(name, "annotator")
        review.act(person, "j0", Action(seen=0, event=Event(verb="set", path=months, new=[value, 0])))
        passage = Event(verb="evidence", path=months, new_evidence=[[value, value + 10]])
        review.act(person, "j0", Action(seen=1, event=passage))
        review.act(person, "j0", Action(seen=2, event=Event(verb="accept")))
    store.close()
    with server(out, "--as", "chen", "--adjudicate") as at:
        desk = Desk(browser, at)
        desk.page.get_by_text("not ready").wait_for()  # the other judgment
        desk.press("Enter")
        expect(desk.page.locator(".difference")).to_have_count(1)
        expect(desk.page.locator(".difference")).to_contain_text("li: 5")
        assert desk.page.evaluate("[...CSS.highlights.get('second')][0].toString().length") == 10
        desk.press("g")
        expect(desk.page.locator("#banner")).to_contain_text("1 differences are not settled")
        desk.press("2")
        expect(desk.page.locator(".strip")).to_contain_text("0 of 1")
        desk.press("g")
        expect(desk.page.locator("#queue tbody tr")).to_have_count(1)
        desk.page.locator("#to-figures").click()
        expect(desk.page.locator("#figures")).to_contain_text("undefined")
        assert not desk.errors
    gold, texts = tmp_path / "gold.jsonl", tmp_path / "texts.jsonl"
    panjue("gold", "build", out, "-o", gold, "--texts", texts)
    (record,) = read_records(gold).values()
    assert record["defendants"][0]["sentence"]["months"] == 6
    panjue("eval", "--gold", gold, "--pred", out, "--texts", texts)


def test_hostile_text_stays_text(browser: Browser, tmp_path: Path) -> None:
    out = tmp_path
    filled(out / "review.sqlite").close()
    with server(out, "--as", "<script>alert(9)</script>") as at:
        desk = Desk(browser, at)
        desk.open("<hostile>/'\"")
        assert desk.page.evaluate("document.getElementById('text').textContent") == HOSTILE
        expect(desk.page.locator("#text script, #text img, #text b, #record script, header script")).to_have_count(0)
        desk.press("/")
        desk.type("<b>𠮷𠮷</b> &lt;i&gt;\r\n本院"[:12])
        desk.press("Escape", "e")
        desk.saved()
        desk.press("m")
        desk.type("<img src=x onerror=alert(4)>")
        expect(desk.page.locator("#record .note")).to_contain_text("<img src=x")
        path = desk.page.locator(".row.active").get_attribute("data-path")
        assert not desk.errors
    store = Store(out / "review.sqlite")
    event = next(told.event for told in store.told("<hostile>/'\"", "common") if told.event.verb == "evidence")
    assert event.new_evidence is not None
    ((start, end),) = event.new_evidence
    assert HOSTILE[start:end] == "<b>𠮷𠮷</b> &lt;i&gt;"[:12]
    assert event.path == path


def test_keys_filters_and_guide(browser: Browser, out: Path) -> None:
    with server(out, "--as", "li") as at:
        desk = Desk(browser, at)
        desk.press("?")
        expect(desk.page.locator("#help")).to_contain_text("accept the judgment")
        desk.press("Escape")
        desk.page.locator('[name="charge"]').fill("开设赌场")
        desk.page.locator('[name="charge"]').press("Enter")
        expect(desk.page.locator("#queue tbody tr")).to_have_count(1)
        desk.open("j1")
        desk.press("l", "h", "l")
        desk.go("认罪认罚阶段")
        with desk.page.context.expect_page() as opened:
            desk.press("o")
        assert opened.value.url.endswith("/guide#plea.stage")
        expect(opened.value.locator(":target")).to_be_visible()


def test_fifty_thousand_characters_with_a_thousand_passages(browser: Browser, tmp_path: Path) -> None:
    long = long_judgment()
    filled(tmp_path / "review.sqlite", long).close()
    with server(tmp_path, "--as", "li") as at:
        desk = Desk(browser, at)
        desk.open("long")
        desk.press("h", "h")
        desk.page.locator('[data-path="/case/court"]').click()
        found = desk.page.evaluate("[...CSS.highlights.get('active')].map(range => range.toString())")
        spans = [(e["start"], e["end"]) for e in long.reading["evidence"] if e["path"] == "/case/court"]
        assert len(spans) > 1000
        assert found == [long.text[start:end] for start, end in spans]
