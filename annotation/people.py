"""Who may work: accounts with hashed passwords, and sessions that a browser holds a token of."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta, timezone

from panjue.annotation.review import Person
from panjue.annotation.store import Role, Store

_DAYS = 30
SHORTEST = 10
"""Characters of a password."""


class PasswordError(ValueError):
    """Not good enough; the message says why."""


def add_person(store: Store, name: str, role: Role, password: str | None = None) -> None:
    """Add a person, or change role and password of one; without a password only this machine's link lets them in.

    Raises:
        PasswordError: the password is too short.
    """
    from argon2 import PasswordHasher

    if password is not None and len(password) < SHORTEST:
        raise PasswordError(f"a password has at least {SHORTEST} characters")
    hashed = PasswordHasher().hash(password) if password is not None else None
    with store.transaction() as base:
        base.execute(
            "INSERT INTO people VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET role = excluded.role,"
            " password = coalesce(excluded.password, people.password)",
            (name, role, hashed),
        )


def people(store: Store) -> list[tuple[Person, bool]]:
    """Everybody, with whether there is a password."""
    rows = store.rows("SELECT * FROM people ORDER BY name")
    return [(Person(row["name"], row["role"]), row["password"] is not None) for row in rows]


def sign_in(store: Store, name: str, password: str) -> str | None:
    """A new session's token, or None if name or password are wrong; both take the same time."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    found = store.rows("SELECT password FROM people WHERE name = ? AND password IS NOT NULL", name)
    hashed = found[0]["password"] if found else _nobody()
    try:
        PasswordHasher().verify(hashed, password)
    except VerifyMismatchError:
        return None
    return open_session(store, name) if found else None


def open_session(store: Store, name: str) -> str:
    """A token for this person, good for thirty days; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    until = (datetime.now(timezone.utc) + timedelta(days=_DAYS)).isoformat()
    with store.transaction() as base:
        base.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_hash(token), name, until))
    return token


def close_session(store: Store, token: str) -> None:
    """The token is worth nothing any more."""
    with store.transaction() as base:
        base.execute("DELETE FROM sessions WHERE token = ?", (_hash(token),))


def person_of(store: Store, token: str) -> Person | None:
    """Whose session it is."""
    now = datetime.now(timezone.utc).isoformat()
    rows = store.rows(
        "SELECT people.name, role FROM sessions JOIN people USING (name) WHERE token = ? AND until > ?",
        _hash(token),
        now,
    )
    return Person(rows[0]["name"], rows[0]["role"]) if rows else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _nobody() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(secrets.token_urlsafe(8))
