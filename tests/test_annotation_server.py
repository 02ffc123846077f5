from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reviewed import filled
from starlette.testclient import TestClient

from panjue.annotation.people import PasswordError, add_person, open_session, sign_in
from panjue.annotation.server import COOKIE, LARGEST, application
from panjue.annotation.store import Store

HERE = "http://127.0.0.1:8765"
ORIGIN = {"origin": HERE, "content-type": "application/json"}
ONE = "/api/documents/one"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = filled(tmp_path / "review.sqlite")
    add_person(store, "li", "annotator")
    add_person(store, "wang", "annotator", "a long password")
    return store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(application(store, ["127.0.0.1"]), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def known(store: Store, client: TestClient) -> TestClient:
    client.cookies.set(COOKIE, open_session(store, "li"))
    return client


def change(seen: int = 0, **event: Any) -> dict[str, Any]:
    return {"seen": seen, "event": {"verb": "set", "path": "/defendants/0/sentence/months", **event}}


def test_the_link_becomes_a_cookie_that_scripts_and_other_sites_cannot_use(store: Store, client: TestClient) -> None:
    answer = client.get("/", params={"token": open_session(store, "li")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/api/me").json()["name"] == "li"
    assert client.get("/", params={"token": "guessed"}).status_code == 403


@pytest.mark.parametrize("address", ["/api/me", "/api/queue", "/api/figures", ONE])
def test_nothing_is_told_to_strangers(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 401
    client.cookies.set(COOKIE, "guessed")
    assert client.get(address).status_code == 401
    assert b"sign-in.js" in client.get("/").content


def test_other_hosts_are_refused(known: TestClient) -> None:
    assert known.get("/api/me", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8765"]
)
def test_changes_from_other_pages_are_refused(known: TestClient, origin: str | None) -> None:
    headers = {"content-type": "application/json"} | ({"origin": origin} if origin else {})
    assert known.post(ONE, json=change(new=[3, 0]), headers=headers).status_code == 403
    assert known.get(ONE).json()["version"] == 0


def test_only_small_json_is_taken(known: TestClient) -> None:
    assert known.post(ONE, content=b"{}", headers={**ORIGIN, "content-type": "text/plain"}).status_code == 415
    assert known.post(ONE, content=b"x" * (LARGEST + 1), headers=ORIGIN).status_code == 413
    assert known.post(ONE, content=b"{", headers=ORIGIN).status_code == 422
    assert known.post(ONE, json={"seen": "x"}, headers=ORIGIN).status_code == 422


@pytest.mark.parametrize("address", ["/", "/guide", "/api/me", "/page/review.js", "/nowhere"])
def test_every_answer_says_what_a_browser_may_do(known: TestClient, address: str) -> None:
    headers = known.get(address).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_have_no_script_or_style_of_their_own_and_load_nothing_from_elsewhere(root: Path) -> None:
    for page in (root / "annotation" / "page").iterdir():
        text = page.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text
        if page.suffix == ".html":
            assert "<style" not in text
            assert 'style="' not in text
            assert "<script>" not in text


def test_files_beside_the_page_are_not_served(known: TestClient) -> None:
    for address in ("/page/../server.py", "/page/%2e%2e/server.py", "/page/..%2fserver.py"):
        assert known.get(address).status_code == 404


def test_a_change_is_kept_and_a_late_one_is_told(known: TestClient) -> None:
    answer = known.post(ONE, json={**change(), "typed": "一年六个月"}, headers=ORIGIN)
    assert answer.status_code == 200
    line = next(line for line in answer.json()["lines"] if line["path"].endswith("sentence/months"))
    assert (line["values"], line["shown"], line["changed"]) == ([18, 0], "18 months", True)
    late = known.post(ONE, json=change(new=[3, 0]), headers=ORIGIN)
    assert late.status_code == 409
    assert late.json()["latest"]["annotator"] == "li"
    assert late.json()["version"] == 1
    assert known.post(ONE, json={**change(seen=1), "typed": "long"}, headers=ORIGIN).status_code == 422
    assert known.get("/api/documents/nothing").status_code == 404


def test_what_the_page_may_not_send(known: TestClient) -> None:
    whole = change(verb="replace", new={"/case": {}})
    assert known.post(ONE, json=whole, headers=ORIGIN).status_code == 422
    assert known.get("/api/figures").status_code == 404  # for the adjudicator


def test_passwords(store: Store, client: TestClient) -> None:
    with pytest.raises(PasswordError):
        add_person(store, "zhao", "annotator", "short")
    kept = store.rows("SELECT password FROM people WHERE name = 'wang'")[0][0]
    assert kept.startswith("$argon2id$")
    assert sign_in(store, "li", "") is None  # who has no password cannot sign in
    good = client.post("/sign-in", json={"name": "wang", "password": "a long password"}, headers=ORIGIN)
    assert good.status_code == 200
    assert client.get("/api/me").json()["name"] == "wang"
    client.post("/sign-out", json={}, headers=ORIGIN)
    assert client.get("/api/me").status_code == 401
    wrong = [client.post("/sign-in", json={"name": "wang", "password": "no"}, headers=ORIGIN) for _ in range(6)]
    assert [answer.status_code for answer in wrong] == [403] * 5 + [429]


def test_the_guide_opens_at_a_field(known: TestClient) -> None:
    page = known.get("/guide").text
    assert '<h3 id="plea.stage">plea.stage · Stage of the plea 认罪认罚阶段</h3>' in page


def test_hostile_names_stay_data(known: TestClient) -> None:
    answer = known.get("/api/documents/%3Chostile%3E/'%22")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "𠮷田禾" in answer.json()["defendants"]
