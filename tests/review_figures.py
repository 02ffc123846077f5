"""Look at every view of the review page, and count what a correction costs: python tests/review_figures.py [FOLDER]

Writes a screenshot of each view and figures.json into FOLDER (docs/review): keystrokes and seconds, by the scripted
browser, from opening a judgment to accepting it where all is right, and to correcting one wrong sentence; how long a
judgment of 50,000 characters with 1,000 passages takes to open and to scroll.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "helpers"))

from playwright.sync_api import Page, expect
from reviewed import filled, long_judgment
from serving import Server, chromium, server

from panjue.annotation.events import Event
from panjue.annotation.review import Action, Person, Review
from panjue.annotation.store import Store

ROOT = Path(__file__).resolve().parents[1]


class Counted:
    """A page whose keystrokes are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.began = page, 0, time.perf_counter()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.keys += len(words)
        self.page.keyboard.type(words)

    def cost(self) -> dict[str, Any]:
        return {"keystrokes": self.keys, "seconds": round(time.perf_counter() - self.began, 2)}


def opened(page: Page, at: Server, doc_id: str) -> None:
    page.goto(f"{at.address}/#/judgment/{doc_id}")
    expect(page.locator("#record .row.active, .difference.active").first).to_be_visible()


def accepted(page: Page, at: Server) -> dict[str, Any]:
    """A record that is right: look at it, accept it."""
    opened(page, at, "one")
    work = Counted(page)
    work.press("g")
    expect(page.locator("#where")).not_to_contain_text("57号")
    return work.cost()


def corrected(page: Page, at: Server) -> dict[str, Any]:
    """One wrong term with its passage: to the field, the term typed, the passage found, the judgment accepted."""
    opened(page, at, "six")
    work = Counted(page)
    for _ in range(60):
        if page.locator(".row.active").get_attribute("data-path") == "/defendants/0/sentence/months":
            break
        work.press("j")
    work.press("Enter")
    work.type("一年二个月")
    work.press("Enter")
    expect(page.locator(".row.active .value")).to_have_text("14 months")
    work.press("/")
    work.type("判处有期徒刑")
    work.press("Enter", "Escape", "e")
    expect(page.locator("#saved")).to_contain_text("saved")
    work.press("g")
    expect(page.locator("#where")).not_to_contain_text("88号")
    return work.cost()


def smooth(page: Page, at: Server) -> dict[str, Any]:
    """A long judgment: from the address to the text shown, and the slowest frame while it is scrolled from end to end."""
    began = time.perf_counter()
    opened(page, at, "long")
    shown = time.perf_counter() - began
    slowest = page.evaluate(
        """() => new Promise(done => {
          const pane = document.getElementById("text"); const frames = []; let last = performance.now();
          const step = now => { frames.push(now - last); last = now; pane.scrollTop += 2000;
            if (pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 1) done(frames.sort((a, b) => a - b));
            else requestAnimationFrame(step); };
          requestAnimationFrame(step); })"""
    )
    return {
        "characters": 50_000,
        "passages": 1_000,
        "seconds_to_open": round(shown, 2),
        "frames": len(slowest),
        "median_frame_ms": round(slowest[len(slowest) // 2]),
        "slowest_frame_ms": round(slowest[-1]),
    }


def disagreeing(path: Path) -> None:
    """Two annotators who differ on one judgment."""
    store = Store(path)
    store.assign([("six", ("li", "wang"))])
    review = Review(store)
    for name, months, status in (("li", 10, "plea_only"), ("wang", 9, "applied")):
        person = Person(name, "annotator")
        for seen, event in enumerate(
            [
                Event(verb="set", path="/defendants/0/sentence/months", new=[months, 0]),
                Event(verb="set", path="/defendants/2/plea/status", new=[status]),
                Event(verb="accept"),
            ]
        ):
            review.act(person, "six", Action(seen=seen, event=event))
    store.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        work = Path(name)
        filled(work / "review.sqlite", long_judgment()).close()
        page = browser.new_page(viewport={"width": 1400, "height": 880})

        def shot(view: str) -> None:
            page.wait_for_timeout(200)
            page.screenshot(path=folder / f"{view}.png")

        with server(work, "--as", "li") as at:
            page.goto(at.link)
            expect(page.locator("#queue table")).to_be_visible()
            shot("queue")
            opened(page, at, "six")
            shot("judgment")
            page.keyboard.press("?")
            shot("keys")
            page.keyboard.press("Escape")
            page.set_viewport_size({"width": 700, "height": 900})
            shot("narrow")
            page.set_viewport_size({"width": 1400, "height": 880})
            page.goto(f"{at.address}/guide#plea.stage")
            shot("guide")
            figures["a long judgment"] = smooth(page, at)
            figures["accept a correct record"] = accepted(page, at)
            figures["correct one sentence with its passage"] = corrected(page, at)
        with tempfile.TemporaryDirectory() as other:
            path = Path(other) / "review.sqlite"
            filled(path).close()
            disagreeing(path)
            with server(Path(other), "--as", "chen", "--adjudicate") as at:
                page.goto(at.link)
                expect(page.locator("#queue table")).to_be_visible()
                opened(page, at, "six")
                shot("adjudication")
                page.goto(f"{at.address}/#/figures")
                expect(page.locator("#figures table").first).to_be_visible()
                shot("agreement")
        with tempfile.TemporaryDirectory() as other:
            filled(Path(other) / "review.sqlite").close()
            with server(Path(other)) as at:
                page.context.clear_cookies()
                page.goto(at.address)
                shot("sign-in")
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("NO_PROXY", "127.0.0.1")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "review")
