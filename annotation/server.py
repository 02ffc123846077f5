"""The pages and what they ask for, over HTTP; no outside requests, and no judgment text in logs."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from panjue.annotation.events import EventError
from panjue.annotation.form import form
from panjue.annotation.people import close_session, person_of, sign_in
from panjue.annotation.review import Action, Person, RefusedError, Review, Wanted
from panjue.annotation.store import ConflictError, Store
from panjue.annotation.typed import TypedError
from panjue.extractors.vocabulary import field_term

try:
    from markdown_it import MarkdownIt
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.requests import Request
    from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles
except ImportError as error:  # pragma: no cover
    raise ImportError("the review page needs Starlette; install it with: pip install 'panjue[review]'") from error

COOKIE = "panjue_review"
PAGE = Path(__file__).parent / "page"
GUIDE = Path(__file__).parent / "guide.md"
LARGEST = 1 << 20
"""Bytes of a request."""
_TRIES, _WAIT = 5, 60
"""Wrong passwords for one name, and seconds in which they count."""
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def application(store: Store, hosts: Sequence[str], *, secure: bool = False) -> Starlette:
    """The server's application.

    Args:
        store: what is reviewed.
        hosts: names under which it may be called; anything else is refused.
        secure: whether it is served over HTTPS, and cookies go nowhere else.
    """
    pages = _Pages(store, secure=secure)
    routes = [
        Route("/", pages.enter),
        Route("/sign-in", pages.sign_in, methods=["POST"]),
        Route("/sign-out", pages.sign_out, methods=["POST"]),
        Route("/guide", _guide),
        Route("/api/me", pages.known(pages.me)),
        Route("/api/queue", pages.known(pages.queue)),
        Route("/api/figures", pages.known(pages.figures)),
        Route("/api/documents/{doc_id:path}", pages.known(pages.judgment), methods=["GET"]),
        Route("/api/documents/{doc_id:path}", pages.known(pages.event), methods=["POST"]),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)), Middleware(_Guard)]
    return Starlette(routes=routes, middleware=middleware)


class _Pages:
    """What is at each address."""

    def __init__(self, store: Store, *, secure: bool) -> None:
        self._store = store
        self._review = Review(store)
        self._secure = secure
        self._failed: dict[str, list[float]] = defaultdict(list)

    def enter(self, request: Request) -> Response:
        """The page, or where to sign in; a link's token moves out of the address bar into a cookie."""
        token = request.query_params.get("token")
        if token is None:
            return FileResponse(PAGE / ("index.html" if self._person(request) else "sign-in.html"))
        if person_of(self._store, token) is None:
            return _error(403, "this link is no longer good; start panjue review again")
        answer = RedirectResponse("/", status_code=303)
        self._remember(answer, token)
        return answer

    async def sign_in(self, request: Request) -> Response:
        """Name and password for a session; after some wrong ones, a pause."""
        try:
            given = await _body(request, dict[str, str])
        except msgspec.DecodeError as error:
            return _error(422, str(error))
        name, now = given.get("name", ""), time.monotonic()
        self._failed[name] = [moment for moment in self._failed[name] if now - moment < _WAIT]
        if len(self._failed[name]) >= _TRIES:
            return _error(429, f"too many wrong passwords; wait {_WAIT} seconds")
        token = sign_in(self._store, name, given.get("password", ""))
        if token is None:
            self._failed[name].append(now)
            return _error(403, "name or password is wrong")
        answer = _json({})
        self._remember(answer, token)
        return answer

    def sign_out(self, request: Request) -> Response:
        """The end of the session."""
        close_session(self._store, request.cookies.get(COOKIE, ""))
        answer = _json({})
        answer.delete_cookie(COOKIE)
        return answer

    def known(self, answer: Callable[[Request, Person], Any]) -> Callable[[Request], Awaitable[Response]]:
        """An address only for those who are known; what can go wrong is an answer, too."""

        async def respond(request: Request) -> Response:
            who = self._person(request)
            if who is None:
                return _error(401, "sign in first")
            try:
                found = answer(request, who)
                return _json(await found if isinstance(found, Awaitable) else found)
            except RefusedError as error:
                return _error(404, str(error))
            except ConflictError as error:
                latest = msgspec.to_builtins(error.latest) if error.latest else None
                now = self._review.view(who, _doc_id(request))
                return _json({"error": str(error), "latest": latest, **now}, 409)
            except (EventError, TypedError, msgspec.ValidationError, msgspec.DecodeError) as error:
                return _error(422, str(error))

        return respond

    def me(self, _: Request, who: Person) -> Any:
        """Who is at work, and the form."""
        return {"name": who.name, "role": who.role, "form": msgspec.to_builtins(form())}

    def queue(self, request: Request, who: Person) -> Any:
        """The judgments wanted, and how far this person is."""
        wanted = msgspec.convert(dict(request.query_params), Wanted, strict=False)
        return msgspec.to_builtins(self._review.queue(who, wanted))

    def judgment(self, request: Request, who: Person) -> Any:
        """One judgment with its record."""
        return self._review.view(who, _doc_id(request))

    async def event(self, request: Request, who: Person) -> Any:
        """What a person did; the answer comes when it is on disk."""
        return self._review.act(who, _doc_id(request), await _body(request, Action))

    def figures(self, _: Request, who: Person) -> Any:
        """Agreement and progress."""
        if who.role != "adjudicator":
            raise RefusedError("agreement is for the adjudicator")
        return {"agreement": msgspec.to_builtins(self._review.agreement()), "progress": self._review.progress()}

    def _person(self, request: Request) -> Person | None:
        return person_of(self._store, request.cookies.get(COOKIE, ""))

    def _remember(self, answer: Response, token: str) -> None:
        answer.set_cookie(COOKIE, token, max_age=30 * 86400, httponly=True, samesite="strict", secure=self._secure)


class _Guard:
    """Requests that change something must come from these pages and be small; every answer has its headers."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in _HEADERS.items())]
            await send(message)

        refusal = _refusal(request)
        await (refusal or self._app)(scope, receive, sent)


def _refusal(request: Request) -> Response | None:
    if request.method in ("GET", "HEAD"):
        return None
    if request.headers.get("origin") != f"{request.url.scheme}://{request.headers.get('host')}":
        return _error(403, "not from this page")
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return _error(415, "JSON only")
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST:
        return _error(413, f"more than {LARGEST} bytes")
    return None


def _doc_id(request: Request) -> str:
    return str(request.path_params["doc_id"])


async def _body(request: Request, kind: Any) -> Any:
    return msgspec.json.decode(await request.body(), type=kind)


def _json(value: Any, status: int = 200) -> Response:
    # in ASCII: a text may hold half of a pair of surrogates, which UTF-8 cannot
    return Response(json.dumps(value, separators=(",", ":")), status, media_type="application/json")


def _error(status: int, message: str) -> Response:
    return _json({"error": message}, status)


def _guide(_: Request) -> Response:
    """The annotator's guide; each heading can be opened by its first word, the field's name."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(_FIELD.sub(_with_terms, GUIDE.read_text(encoding="utf-8")))
    for here, inside in pairwise(tokens):
        if here.type == "heading_open":
            here.attrSet("id", inside.content.split()[0])
    body = parser.renderer.render(tokens, parser.options, {})
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Annotator\'s guide 标注指南</title>'
        f'<link rel="stylesheet" href="/page/review.css"><main class="guide">{body}</main></html>'
    )


_FIELD = re.compile(r"^### (\S+)$", re.MULTILINE)


def _with_terms(heading: re.Match[str]) -> str:
    name = heading[1]
    field = name if name.startswith("case.") or name == "defendants" else f"defendants.{name}"
    return f"{heading[0]} · {' '.join(field_term(field))}"
