from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from reviewed import documents, filled

from panjue.annotation.events import Event
from panjue.annotation.gold import OverwriteError, build
from panjue.annotation.review import Action, Person, RefusedError, Review, Wanted
from panjue.annotation.store import ChangedError, ConflictError, Store
from panjue.eval.records import read_records, read_texts
from panjue.eval.score import score

LI, WANG, CHEN = Person("li", "annotator"), Person("wang", "annotator"), Person("chen", "adjudicator")
STATUS = "/defendants/0/plea/status"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(tmp_path / "review.sqlite")


@pytest.fixture
def review(store: Store) -> Review:
    return Review(store)


def put(review: Review, person: Person, doc_id: str, path: str, value: object) -> None:
    seen = review.view(person, doc_id)["version"]
    review.act(person, doc_id, Action(seen=seen, event=Event(verb="set", path=path, new=[value])))


def accept(review: Review, person: Person, doc_id: str) -> None:
    review.act(person, doc_id, Action(seen=review.view(person, doc_id)["version"], event=Event(verb="accept")))


def test_events_are_only_added(store: Store, review: Review) -> None:
    put(review, LI, "one", STATUS, "denied")
    for change in ("UPDATE events SET annotator = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="only added"), store.transaction() as base:
            base.execute(change)
    (told,) = store.told("one", "common")
    assert (told.annotator, told.event.new, told.source) == ("li", ["denied"], "page")
    assert told.event.old == [documents()[0].reading["defendants"][0]["plea"]["status"]]
    assert documents()[0].reading["toolkit"]["version"] in told.reader


def test_kept_in_wal_with_full_synchronisation(store: Store) -> None:
    assert store.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert store.rows("PRAGMA synchronous")[0][0] == 2


def test_who_comes_second_is_told(review: Review) -> None:
    seen = review.view(LI, "one")["version"]
    put(review, WANG, "one", STATUS, "denied")
    with pytest.raises(ConflictError) as conflict:
        review.act(LI, "one", Action(seen=seen, event=Event(verb="set", path=STATUS, new=["applied"])))
    assert conflict.value.latest is not None
    assert conflict.value.latest.annotator == "wang"
    assert conflict.value.latest.event.new == ["denied"]


def test_two_servers_on_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite"
    filled(path).close()
    kept: list[int] = []

    def work(person: Person) -> None:
        own = Review(Store(path))
        for number in range(20):
            while True:
                seen = own.view(person, "one")["version"]
                try:
                    event = Event(verb="note", path=STATUS, new=f"{person.name} {number}")
                    kept.append(own.act(person, "one", Action(seen=seen, event=event))["version"])
                    break
                except ConflictError:
                    continue

    threads = [threading.Thread(target=work, args=(person,)) for person in (LI, WANG)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [told.event.new for told in Store(path).told("one", "common")]
    assert sorted(kept) == list(range(1, 41))
    assert sorted(said) == sorted(f"{name} {number}" for name in ("li", "wang") for number in range(20))


def test_killed_in_the_middle_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite"
    filled(path).close()
    script = Path(__file__).parent / "helpers" / "annotate.py"
    with subprocess.Popen([sys.executable, str(script), str(path)], stdout=subprocess.PIPE) as work:
        assert work.stdout is not None
        acknowledged = [int(work.stdout.readline()) for _ in range(25)]
        work.kill()
        acknowledged += [int(line) for line in work.stdout]
    told = Store(path).told("one", "common")
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert len(told) >= len(acknowledged)
    assert [one.event.new[0] for one in told] == list(range(len(told)))


def test_loading_again_changes_nothing_and_other_readings_are_refused(store: Store) -> None:
    assert store.load(documents()) == 0
    other = documents()[0]
    changed = {**other.reading, "status": "partial"}
    with pytest.raises(ChangedError, match="one"):
        store.load([msgspec.structs.replace(other, reading=changed)])


def test_the_queue(review: Review) -> None:
    def ids(**wanted: object) -> list[str]:
        return [row["doc_id"] for row in review.queue(LI, Wanted(**wanted)).rows]  # type: ignore[arg-type]

    queue = review.queue(LI, Wanted())
    rows = queue.rows
    assert (len(rows), queue.count, queue.done, queue.all) == (3, 3, 0, 3)
    assert review.queue(LI, Wanted(limit=1)).rows == rows[:1]
    assert [row["likely"] for row in rows] == sorted(row["likely"] for row in rows)
    assert all(0 < row["likely"] <= row["confidence"] <= 1 for row in rows)
    assert ids(order="input") == ["one", "six", "<hostile>/'\""]
    assert ids(charge="开设赌场") == ["six"]
    assert ids(year="2020") == ["six"]
    assert ids(court="没有") == []
    assert sorted(ids(order="random", seed=3)) == sorted(ids())
    assert ids(order="random", seed=3) == ids(order="random", seed=3)
    assert ids(below=0.0) == []
    accept(review, LI, "one")
    assert "one" not in ids()
    assert ids(state="done") == ["one"]


def test_two_annotators_do_not_see_each_other(store: Store, review: Review) -> None:
    store.assign([("one", ("li", "wang")), ("six", ("li",))])
    assert [row["doc_id"] for row in review.queue(WANG, Wanted()).rows] == ["one"]
    put(review, LI, "one", STATUS, "denied")
    line = next(line for line in review.view(WANG, "one")["lines"] if line["path"] == STATUS)
    assert line["values"] == [documents()[0].reading["defendants"][0]["plea"]["status"]]
    assert "annotators" not in review.queue(WANG, Wanted()).rows[0]
    with pytest.raises(RefusedError, match="two others"):
        review.view(Person("zhao", "annotator"), "one")
    with pytest.raises(RefusedError, match="both annotators"):
        review.view(CHEN, "one")
    with pytest.raises(ChangedError, match="begun"):
        store.assign([("one", ("zhao",))])


def test_from_two_annotators_to_gold_and_back(store: Store, review: Review, tmp_path: Path) -> None:
    store.assign([("one", ("li", "wang"))])
    put(review, LI, "one", STATUS, "denied")
    put(review, LI, "one", "/case/court", "云州市南屏区人民法院")
    put(review, WANG, "one", "/case/court", "云州市南屏区人民法院")
    accept(review, LI, "one")
    accept(review, WANG, "one")
    figures = {one.field: one for one in review.agreement()}
    assert (figures["plea.status"].n, figures["plea.status"].same) == (1, 0.0)
    assert figures["case.court"].same == 1.0

    shown = review.view(CHEN, "one")
    (difference,) = shown["differences"]
    assert (difference["field"], difference["settled"], shown["sides"]) == ("plea.status", False, ["li", "wang"])
    with pytest.raises(ValueError, match="not settled"):
        accept(review, CHEN, "one")
    shown = review.act(CHEN, "one", Action(seen=0, difference=0, side=2))
    assert shown["differences"][0]["settled"]
    with pytest.raises(RefusedError, match="being settled"):
        put(review, LI, "one", STATUS, "applied")
    accept(review, CHEN, "one")
    assert store.told("one", "adjudication")[0].source == "wang"

    gold, texts = tmp_path / "gold.jsonl", tmp_path / "texts.jsonl"
    assert build(review, gold, texts) == 1
    before = documents()[0].reading
    (record,) = read_records(gold).values()
    assert record["case"]["court"] == "云州市南屏区人民法院"
    assert record["defendants"] == before["defendants"]
    assert record["toolkit"] is None
    assert {entry["source"] for entry in record["evidence"]} == {"person"}
    assert record["annotation"]["annotators"] == ["chen"]
    assert record["annotation"]["read_twice_by"] == ["li", "wang"]
    report = score({"one": record}, {"one": before}, read_texts(texts))
    assert {miss.field for miss in report.misses} == {"case.court"}

    assert build(review, gold, texts) == 1  # the same again is no change
    accept(review, LI, "six")
    with pytest.raises(OverwriteError):
        build(review, gold, texts)
    assert len(read_records(gold)) == 1
    assert build(review, gold, texts, overwrite=True) == 2


def test_a_defendant_whom_only_one_has_is_settled(store: Store, review: Review) -> None:
    store.assign([("six", ("li", "wang"))])
    review.act(LI, "six", Action(seen=0, event=Event(verb="remove", path="/defendants/1")))
    put(review, WANG, "six", "/defendants/4/plea/status", "denied")
    accept(review, LI, "six")
    accept(review, WANG, "six")
    fields = [one["field"] for one in review.view(CHEN, "six")["differences"]]
    assert sorted(fields) == ["defendants", "plea.status"]
    person = fields.index("defendants")
    shown = review.act(CHEN, "six", Action(seen=0, difference=person, side=1))  # li's side: he is none
    assert len(shown["defendants"]) == 5
    shown = review.act(CHEN, "six", Action(seen=1, difference=fields.index("plea.status"), side=2))
    assert all(one["settled"] for one in shown["differences"])
    accept(review, CHEN, "six")
    ((_, state, _),) = review.finished()
    statuses = [defendant["plea"]["status"] for defendant in state.record["defendants"]]
    assert statuses.count("denied") == 1
    assert state.record["defendants"][3]["plea"]["status"] == "denied"


def test_progress(store: Store, review: Review) -> None:
    store.assign([("one", ("li", "wang")), ("six", ("li",))])
    accept(review, LI, "six")
    assert [(q.done, q.all) for q in (review.queue(one, Wanted()) for one in (LI, WANG))] == [(1, 2), (0, 1)]
    assert [(one["name"], one["assigned"], one["done"]) for one in review.progress()] == [("li", 2, 1), ("wang", 1, 0)]
