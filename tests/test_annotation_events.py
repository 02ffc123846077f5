from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import HOSTILE, example, reading

from panjue.annotation.events import Event, EventError, State, complete, fold
from panjue.annotation.form import form
from panjue.annotation.pointers import at
from panjue.annotation.sheet import sheet
from panjue.eval.confidence import UNSURE
from panjue.extractors.record import Record

READING = reading()
LENGTH = len(example("six-defendants-tabs"))


def after(*events: Event) -> State:
    done: list[Event] = []
    for event in events:
        done.append(complete(fold(READING, done), event, LENGTH))
    return fold(READING, done)


def test_a_value_and_its_passage() -> None:
    path = "/defendants/0/sentence/months"
    state = after(
        Event(verb="set", path=path, new=[5, 15]), Event(verb="evidence", path=path, new_evidence=[[3, 9], [20, 30]])
    )
    sentence = state.record["defendants"][0]["sentence"]
    assert (sentence["months"], sentence["days"]) == (5, 15)
    own = [entry for entry in state.record["evidence"] if entry["path"] == path]
    assert [(entry["start"], entry["end"], entry["source"]) for entry in own] == [(3, 9, "person"), (20, 30, "person")]
    assert path in state.accepted


def test_an_event_keeps_what_was_there() -> None:
    path = "/defendants/0/sentence/months"
    before = at(READING, path)
    event = complete(fold(READING, []), Event(verb="set", path=path, new=[5, 0]), LENGTH)
    assert event.old == [before, 0]


def test_a_value_taken_away_has_no_passage() -> None:
    index = next(i for i, d in enumerate(READING["defendants"]) if d["sentence"]["term_start"])
    path = f"/defendants/{index}/sentence/term_start"
    assert any(entry["path"] == path for entry in READING["evidence"])
    state = after(Event(verb="set", path=path, new=[None]))
    assert not any(entry["path"] == path for entry in state.record["evidence"])


def test_removing_a_defendant_moves_those_after_him() -> None:
    third = READING["defendants"][2]["name"]
    events = [
        Event(verb="note", path="/defendants/2/name", new="look"),
        Event(verb="accept", path="/defendants/2"),
        Event(verb="remove", path="/defendants/1"),
    ]
    state = after(*events)
    assert state.record["defendants"][1]["name"] == third
    assert state.notes == {"/defendants/1/name": "look"}
    assert "/defendants/1" in state.accepted
    text = example("six-defendants-tabs")
    named = [entry for entry in state.record["evidence"] if entry["path"] == "/defendants/1/name"]
    assert named
    assert all(text[entry["start"] : entry["end"]] == third for entry in named)


def test_undo_and_redo_are_events() -> None:
    path = "/case/court"
    events = [
        Event(verb="set", path=path, new=["甲法院"]),
        Event(verb="set", path=path, new=["乙法院"]),
        Event(verb="undo"),
    ]
    assert after(*events).record["case"]["court"] == "甲法院"
    assert after(*events, Event(verb="redo")).record["case"]["court"] == "乙法院"
    again = after(*events, Event(verb="set", path=path, new=["丙法院"]))
    assert again.redoable == 0
    with pytest.raises(EventError, match="nothing to redo"):
        complete(again, Event(verb="redo"), LENGTH)


@pytest.mark.parametrize(
    "event",
    [
        Event(verb="set", path="/defendants/0/plea/status", new=["guilty"]),
        Event(verb="set", path="/defendants/0/plea/status", new=["applied", 3]),
        Event(verb="set", path="/defendants/9/plea/status", new=["applied"]),
        Event(verb="set", path="/text_sha256", new=["0"]),
        Event(verb="set", path="/defendants/0", new=[{}]),
        Event(verb="set", path="/defendants/0/sentence/months", new=[-1, 0]),
        Event(verb="set", path="/defendants/0/plea/status", new=None),
        Event(verb="evidence", path="/defendants/0/name", new_evidence=[[5, 5]]),
        Event(verb="evidence", path="/defendants/0/name", new_evidence=[[0, LENGTH + 1]]),
        Event(verb="evidence", path="/nowhere", new_evidence=[[0, 1]]),
        Event(verb="remove", path="/defendants/17"),
        Event(verb="remove", path="/case/court"),
        Event(verb="add", path="/defendants/0", new={"name": "丁"}),
        Event(verb="add", path="/case/court", new="丁"),
        Event(verb="accept", path="/defendants/17/name"),
        Event(verb="undo"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(event: Event) -> None:
    with pytest.raises(EventError):
        complete(fold(READING, []), event, LENGTH)


def test_the_reading_is_not_changed() -> None:
    before = copy.deepcopy(READING)
    after(Event(verb="set", path="/case/court", new=["丙"]), Event(verb="remove", path="/defendants/0"))
    assert before == READING


def test_the_sheet_has_a_line_for_every_value_and_marks_what_is_unsure() -> None:
    unsure = copy.deepcopy(READING)
    for entry in unsure["evidence"]:
        entry["confidence"] = UNSURE
    unsure["evidence"][0]["confidence"] = UNSURE - 0.01
    state = fold(unsure, [])
    lines = sheet(state, unsure)
    assert len({line.path for line in lines}) == len(lines)
    assert {line.defendant for line in lines} == {None, *range(6)}
    low = [line for line in lines if line.confidence is not None and line.confidence < UNSURE]
    assert [line.path for line in low] == [unsure["evidence"][0]["path"]]
    assert all(line.look for line in low)
    changed = after(Event(verb="set", path="/case/court", new=["丙"]))
    assert [line.path for line in sheet(changed, READING) if line.changed] == ["/case/court"]


def test_offsets_count_code_points() -> None:
    record = reading("<hostile>/'\"")
    named = [e for e in record["evidence"] if e["path"].endswith("/name")]
    assert "𠮷田禾" in {HOSTILE[entry["start"] : entry["end"]] for entry in named}


def drawn_events() -> st.SearchStrategy[Event]:
    rows = [row.template.replace("#", "0") for row in form().rows if row.kind == "choice"]
    number = st.integers(0, 6)
    spans = st.tuples(st.integers(0, 200), st.integers(1, 50)).map(lambda pair: [pair[0], pair[0] + pair[1]])
    return st.one_of(
        st.sampled_from(rows).flatmap(
            lambda path: st.sampled_from([o.value for o in form().row(path).options]).map(  # type: ignore[union-attr]
                lambda value: Event(verb="set", path=path, new=[value])
            )
        ),
        number.map(lambda n: Event(verb="remove", path=f"/defendants/{n}")),
        number.map(lambda n: Event(verb="add", path=f"/defendants/{n}", new={**form().lists[0].new, "name": "戊"})),
        st.builds(lambda n, s: Event(verb="evidence", path=f"/defendants/{n}/name", new_evidence=[s]), number, spans),
        number.map(lambda n: Event(verb="accept", path=f"/defendants/{n}")),
        st.sampled_from([Event(verb="undo"), Event(verb="redo"), Event(verb="accept"), Event(verb="note", new="x")]),
    )


@given(st.lists(drawn_events(), max_size=12))
def test_whatever_is_done_is_a_record_and_can_be_undone(events: list[Event]) -> None:
    done: list[Event] = []
    states: list[Any] = [fold(READING, [])]
    for event in events:
        try:
            done.append(complete(fold(READING, done), event, LENGTH))
        except EventError:
            continue
        states.append(fold(READING, done))
        msgspec.convert(states[-1].record, Record)
        assert all(0 <= entry["start"] < entry["end"] <= LENGTH for entry in states[-1].record["evidence"])
        count = len(states[-1].record["defendants"])
        owners = [
            int(entry["path"].split("/")[2]) for entry in states[-1].record["evidence"] if entry["path"][1] == "d"
        ]
        assert all(owner < count for owner in owners)
    back = fold(READING, [*done, *[Event(verb="undo")] * states[-1].undoable])
    assert back.record == READING
    forth = fold(
        READING, [*done, *[Event(verb="undo")] * states[-1].undoable, *[Event(verb="redo")] * states[-1].undoable]
    )
    assert forth.record == states[-1].record
