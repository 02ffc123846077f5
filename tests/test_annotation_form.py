from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from panjue.annotation.form import form, template
from panjue.annotation.typed import TypedError, parse, shown
from panjue.extractors.record import Case, Counsel, Count, Defendant
from panjue.extractors.vocabulary import field_term

FULL = Defendant(name="甲", charges_prosecuted=["盗窃罪"], charges_convicted=["盗窃罪"], counsel=[Counsel(name="乙")])
FULL.sentence.counts.append(Count(charge="盗窃罪"))


def leaves(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}/{key}")]
    if isinstance(value, list):
        return [leaf for number, inner in enumerate(value) for leaf in leaves(inner, f"{path}/{number}")]
    return [path]


def test_every_value_of_the_record_is_in_one_row() -> None:
    record = leaves(msgspec.to_builtins(Case()), "/case")
    record += leaves(msgspec.to_builtins(FULL), "/defendants/0")
    parts = [part for row in form().rows for part in row.parts]
    assert sorted(parts) == sorted({template(leaf) for leaf in record})


def test_choices_keep_the_order_of_the_contract() -> None:
    row = form().row("/defendants/3/plea/status")
    assert row is not None
    assert [option.value for option in row.options][:3] == ["applied", "plea_only", "claimed_only"]
    assert all(option.chinese and option.english for row in form().rows for option in row.options)


def test_rows_that_may_be_empty_are_those_of_the_contract() -> None:
    by_field = {row.field: row for row in form().rows}
    assert by_field["defendants.plea.stage"].optional
    assert not by_field["defendants.plea.status"].optional
    assert by_field["defendants.plea.status"].default == "not_mentioned"
    assert by_field["defendants.sentence.fine"].kind == "yuan"


def test_the_guide_has_an_entry_for_every_field(root: Path) -> None:
    guide = (root / "annotation" / "guide.md").read_text(encoding="utf-8")
    entries = re.findall(r"^### (\S+)$", guide, re.MULTILINE)
    named = {row.field.removeprefix("defendants.") for row in form().rows}
    named |= {
        one.template.replace("/#", "").strip("/").replace("/", ".").removeprefix("defendants.") for one in form().lists
    }
    assert sorted(entries) == sorted(named)
    for entry in entries:
        assert field_term(entry if entry.startswith("case.") or entry == "defendants" else f"defendants.{entry}")


def row(path: str) -> Any:
    found = form().row(f"/defendants/0/{path}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "typed", "values", "back"),
    [
        ("sentence/months", "一年六个月", (18, 0), "18 months"),
        ("sentence/months", "1年零6个月", (18, 0), "18 months"),
        ("sentence/months", "18", (18, 0), "18 months"),
        ("sentence/months", "拘役", None, ""),
        ("sentence/months", "1m15d", (1, 15), "1 month 15 days"),
        ("sentence/months", "２个月 15日", (2, 15), "2 months 15 days"),
        ("sentence/months", "", (None, 0), ""),
        ("sentence/months", "18 months", (18, 0), "18 months"),
        ("sentence/fine", "3万元", (30000,), "¥30,000"),
        ("sentence/fine", "人民币三千元", (3000,), "¥3,000"),
        ("sentence/fine", "2，000元", (2000,), "¥2,000"),
        ("sentence/fine", "¥30,000", (30000,), "¥30,000"),
        ("sentence/fine", "若干", None, ""),
        ("sentence/probation_months", "一年", (12,), "12 months"),
        ("sentence/probation_months", "一年十五日", None, ""),
        ("sentence/political_rights_months", "终身", ("life",), "life 终身"),
        ("sentence/political_rights_months", "二年", (24,), "24 months"),
        ("sentence/term_start", "2021年4月1日", ("2021-04-01",), "2021-04-01"),
        ("sentence/term_start", "2021-04-31", None, ""),
        ("sentence/penalty", "拘役", ("detention",), "detention"),
        ("sentence/penalty", "监禁", None, ""),
        ("recommendation/min_months", "六个月至十个月", (6, 0, 10, 0), "6 months–10 months"),
        ("recommendation/min_months", "三至五年", (36, 0, 60, 0), "36 months–60 months"),
        ("recommendation/min_months", "6-10", (6, 0, 10, 0), "6 months–10 months"),
        ("recommendation/min_months", "一年以下", (None, 0, 12, 0), "at most 12 months"),
        ("recommendation/min_months", "三年以上", (36, 0, None, 0), "at least 36 months"),
        ("recommendation/min_months", "八个月", (8, 0, 8, 0), "8 months"),
        ("recommendation/min_months", "十个月至六个月", None, ""),
        ("recommendation/min_months", "", (None, 0, None, 0), ""),
        ("recommendation/fine_min", "二千元至五千元", (2000, 5000), "¥2,000–¥5,000"),
        ("recommendation/fine_min", "1-3万元", (10000, 30000), "¥10,000–¥30,000"),
        ("recommendation/probation_min_months", "一年至二年", (12, 24), "12 months–24 months"),
        ("name", " 柳某（曾用名柳二） ", ("柳某（曾用名柳二）",), "柳某（曾用名柳二）"),
        ("name", " ", None, ""),
        ("counsel/0/name", "", (None,), ""),
    ],
)
def test_what_is_typed(path: str, typed: str, values: tuple[Any, ...] | None, back: str) -> None:
    if values is None:
        with pytest.raises(TypedError):
            parse(row(path), typed)
        return
    assert parse(row(path), typed) == values
    assert shown(row(path), values) == back


@pytest.mark.parametrize(
    "path", [r.template.replace("#", "0") for r in form().rows if r.kind not in ("text", "choice", "date")]
)
@pytest.mark.parametrize("typed", ["7", "24", "3"])
def test_what_is_shown_can_be_typed_again(path: str, typed: str) -> None:
    found = form().row(path)
    assert found is not None
    values = parse(found, typed)
    assert parse(found, shown(found, values)) == values
