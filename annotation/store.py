"""Where reviews are kept: one SQLite file with the readings, who reads what, and every event.

Events are only ever added; the file itself refuses to change or remove one. Each is on disk before it is acknowledged
(write-ahead log with full synchronisation). A *layer* is one line of events on one judgment: ``common`` for a judgment
that one person reads, ``by:NAME`` for each of two who must not see each other's, ``adjudication`` for the third.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from panjue.annotation.events import Event, State, complete, fold
from panjue.extractors.confidence import record_confidence
from panjue.extractors.record import decode

Role = Literal["annotator", "adjudicator"]
COMMON, ADJUDICATION = "common", "adjudication"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    doc_id TEXT PRIMARY KEY, position INTEGER NOT NULL, text TEXT NOT NULL, reading TEXT NOT NULL, gold TEXT,
    case_number TEXT, court TEXT, year TEXT, charges TEXT NOT NULL, flags TEXT NOT NULL, confidence REAL NOT NULL, likely REAL NOT NULL,
    blind INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS assignments (
    doc_id TEXT NOT NULL REFERENCES documents, annotator TEXT NOT NULL, PRIMARY KEY (doc_id, annotator));
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents, layer TEXT NOT NULL, version INTEGER NOT NULL,
    annotator TEXT NOT NULL, time TEXT NOT NULL, verb TEXT NOT NULL, path TEXT NOT NULL, old TEXT, new TEXT,
    old_evidence TEXT, new_evidence TEXT, source TEXT NOT NULL, reader TEXT NOT NULL,
    UNIQUE (doc_id, layer, version));
CREATE TRIGGER IF NOT EXISTS events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are only added'); END;
CREATE TRIGGER IF NOT EXISTS events_are_not_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are only added'); END;
CREATE TABLE IF NOT EXISTS layers (
    doc_id TEXT NOT NULL REFERENCES documents, layer TEXT NOT NULL, version INTEGER NOT NULL, done INTEGER NOT NULL,
    annotator TEXT NOT NULL, PRIMARY KEY (doc_id, layer));
CREATE TABLE IF NOT EXISTS people (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT);
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES people, until TEXT NOT NULL);
"""


class ConflictError(Exception):
    """Somebody was faster; ``latest`` is what they did last."""

    def __init__(self, latest: Told | None) -> None:
        self.latest = latest
        super().__init__("the record has changed meanwhile")


class ChangedError(ValueError):
    """The judgments are not those that reviews were begun on; the message says which."""


class Told(Struct, frozen=True, kw_only=True):
    """An event as it is kept; ``source`` is the page or the reading it was taken from, ``reader`` what read first."""

    event: Event
    version: int
    annotator: str
    time: str
    source: str
    reader: str


class Document(Struct, frozen=True, kw_only=True):
    """One judgment to review: its text, what panjue read, and for a comparison the gold record."""

    doc_id: str
    text: str
    reading: dict[str, Any]
    gold: dict[str, Any] | None = None
    blind: bool = False

    @property
    def reader(self) -> str:
        """What made the reading: version, lexicons and model."""
        toolkit = self.reading.get("toolkit") or {}
        return " ".join(
            str(part) for part in (toolkit.get("version"), toolkit.get("lexicons"), toolkit.get("model")) if part
        )


class Listed(Struct, frozen=True, kw_only=True):
    """A judgment as the queue shows it; ``done`` are the layers accepted, ``begun`` those with an event.

    ``confidence`` is that of its least sure passage, ``likely`` that of the whole record, which knows of silences too: of
    the two the better order in which to look for records with an error.
    """

    doc_id: str
    position: int
    case_number: str | None
    court: str | None
    year: str | None
    charges: list[str]
    flags: list[str]
    confidence: float
    likely: float
    blind: bool
    annotators: list[str]
    begun: list[str]
    done: list[str]


class Store:
    """The file; one connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self._lock = threading.RLock()
        self._events: dict[tuple[str, str], list[Told]] = {}  # what is there never changes, so it is read once
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._base.row_factory = sqlite3.Row
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("PRAGMA foreign_keys = ON")
        self._base.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; other servers on the same file wait."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self._lock:
            return self._base.execute(query, values).fetchall()

    def load(self, documents: Iterable[Document]) -> int:
        """Put judgments in that are not there yet.

        Returns:
            How many were new.

        Raises:
            ChangedError: one is there with another text or reading; nothing is put in then.
        """
        new = 0
        with self.transaction() as base:
            (position,) = base.execute("SELECT count(*) FROM documents").fetchone()
            for document in documents:
                text, reading = json.dumps(document.text), json.dumps(document.reading)
                gold = None if document.gold is None else json.dumps(document.gold)
                found = base.execute(
                    "SELECT text, reading, gold FROM documents WHERE doc_id = ?", (document.doc_id,)
                ).fetchone()
                if found is not None:
                    if tuple(found) != (text, reading, gold):
                        raise ChangedError(
                            f"{document.doc_id}: not the text or the reading that its review was begun on"
                        )
                    continue
                position, new = position + 1, new + 1
                base.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                    (document.doc_id, position, text, reading, gold, *_described(document.reading)),
                )
        return new

    def document(self, doc_id: str) -> Document | None:
        """One judgment."""
        found = self.rows("SELECT * FROM documents WHERE doc_id = ?", doc_id)
        if not found:
            return None
        row = found[0]
        gold = json.loads(row["gold"]) if row["gold"] else None
        return Document(
            doc_id=doc_id,
            text=json.loads(row["text"]),
            reading=json.loads(row["reading"]),
            gold=gold,
            blind=bool(row["blind"]),
        )

    def listed(self, doc_id: str | None = None) -> list[Listed]:
        """All judgments in the order of the input, or only one."""
        people: dict[str, list[str]] = {}
        for row in self.rows(
            "SELECT doc_id, annotator FROM assignments WHERE ?1 IS NULL OR doc_id = ?1 ORDER BY annotator", doc_id
        ):
            people.setdefault(row["doc_id"], []).append(row["annotator"])
        layers: dict[str, list[sqlite3.Row]] = {}
        for row in self.rows(
            "SELECT doc_id, layer, done FROM layers WHERE ?1 IS NULL OR doc_id = ?1 ORDER BY layer", doc_id
        ):
            layers.setdefault(row["doc_id"], []).append(row)
        query = (
            "SELECT doc_id, position, case_number, court, year, charges, flags, confidence, likely, blind FROM documents"
            " WHERE ?1 IS NULL OR doc_id = ?1 ORDER BY position"
        )
        return [
            Listed(
                doc_id=row["doc_id"],
                position=row["position"],
                case_number=row["case_number"],
                court=row["court"],
                year=row["year"],
                charges=json.loads(row["charges"]),
                flags=json.loads(row["flags"]),
                confidence=row["confidence"],
                likely=row["likely"],
                blind=bool(row["blind"]),
                annotators=people.get(row["doc_id"], []),
                begun=[layer["layer"] for layer in layers.get(row["doc_id"], [])],
                done=[layer["layer"] for layer in layers.get(row["doc_id"], []) if layer["done"]],
            )
            for row in self.rows(query, doc_id)
        ]

    def assign(self, tasks: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Say who reads what; a judgment somebody has begun to read stays as it was given.

        Raises:
            ChangedError: it was begun and would go to others.
        """
        with self.transaction() as base:
            for doc_id, people in tasks:
                now = [
                    r[0]
                    for r in base.execute("SELECT annotator FROM assignments WHERE doc_id = ? ORDER BY 1", (doc_id,))
                ]
                if now == sorted(people):
                    continue
                if base.execute("SELECT 1 FROM layers WHERE doc_id = ?", (doc_id,)).fetchone():
                    raise ChangedError(f"{doc_id}: its review was begun; it cannot be given to others")
                base.execute("DELETE FROM assignments WHERE doc_id = ?", (doc_id,))
                base.executemany("INSERT INTO assignments VALUES (?, ?)", [(doc_id, name) for name in people])
                base.execute("UPDATE documents SET blind = ? WHERE doc_id = ?", (len(people) > 1, doc_id))

    def told(self, doc_id: str, layer: str) -> list[Told]:
        """The events of a layer, in order."""
        with self._lock:
            known = self._events.setdefault((doc_id, layer), [])
            known.extend(_told(row) for row in self.rows(_EVENTS, doc_id, layer, len(known)))
            return list(known)

    def add(
        self, doc_id: str, layer: str, base: dict[str, Any], event: Event, *, seen: int, annotator: str, source: str,
        reader: str, length: int,
    ) -> tuple[State, list[Told]]:  # fmt: skip
        """Add an event; when this returns it is on disk.

        Args:
            doc_id: the judgment.
            layer: whose line of events.
            base: the record the layer begins with.
            event: what was done.
            seen: the version that the person saw.
            annotator: who.
            source: from where the new value came.
            reader: what made the reading.
            length: of the text, code points.

        Returns:
            The state after it, and all events of the layer.

        Raises:
            ConflictError: another event came first.
            EventError: it does not fit.
        """
        with self.transaction() as connection:
            events = self.told(doc_id, layer)
            if seen != len(events):
                raise ConflictError(events[-1] if events else None)
            state = fold(base, [told.event for told in events])
            whole = complete(state, event, length)
            if whole.verb in ("undo", "redo"):
                state = fold(base, [*(told.event for told in events), whole])
            version = len(events) + 1
            told = Told(event=whole, version=version, annotator=annotator, time=now(), source=source, reader=reader)
            values = (whole.old, whole.new, whole.old_evidence, whole.new_evidence)
            connection.execute(
                "INSERT INTO events (doc_id, layer, version, annotator, time, verb, path, old, new, old_evidence, new_evidence,"
                " source, reader) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    doc_id,
                    layer,
                    version,
                    annotator,
                    told.time,
                    whole.verb,
                    whole.path,
                    *map(json.dumps, values),
                    source,
                    reader,
                ),
            )
            connection.execute(
                "INSERT INTO layers VALUES (?, ?, ?, ?, ?) ON CONFLICT (doc_id, layer)"
                " DO UPDATE SET version = excluded.version, done = excluded.done, annotator = excluded.annotator",
                (doc_id, layer, version, state.done, annotator),
            )
        return state, [*events, told]


_EVENTS = "SELECT * FROM events WHERE doc_id = ? AND layer = ? AND version > ? ORDER BY version"


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def _told(row: sqlite3.Row) -> Told:
    event = {name: json.loads(row[name]) for name in ("old", "new", "old_evidence", "new_evidence")}
    return Told(
        event=msgspec.convert({"verb": row["verb"], "path": row["path"], **event}, Event),
        version=row["version"],
        annotator=row["annotator"],
        time=row["time"],
        source=row["source"],
        reader=row["reader"],
    )


def _described(reading: dict[str, Any]) -> tuple[str | None, str | None, str | None, str, str, float, float]:
    """Case number, court, year, charges, flags and confidence, by which the queue is filtered and ordered."""
    case = reading.get("case") or {}
    charges = sorted({c for d in reading["defendants"] for c in (*d["charges_prosecuted"], *d["charges_convicted"])})
    flags = sorted({flag["code"] for flag in reading["flags"]})
    sure = [entry["confidence"] for entry in reading["evidence"]]
    year = (case.get("judgment_date") or "")[:4] or None
    words = json.dumps(charges), json.dumps(flags)
    return (
        case.get("case_number"),
        case.get("court"),
        year,
        *words,
        min(sure, default=0.0),
        record_confidence(decode(json.dumps(reading))),
    )
