"""The tables: what a row is, and its columns."""

from __future__ import annotations

from msgspec import Struct

from panjue.analysis import derived
from panjue.analysis.columns import (
    ADOPTION,
    CASE,
    DEFENDANT,
    DOC,
    NUMBER,
    RECOMMENDATION,
    SEN,
    always,
    from_record,
    item_number,
    plain,
    truth,
)
from panjue.analysis.variables import Variable


class Table(Struct, frozen=True):
    """One table: what a row is, and its columns; the keys come first."""

    name: str
    row: str
    variables: tuple[Variable, ...]


TABLES = (
    Table("cases", "one judgment", (DOC, *CASE, plain("n_flags", "Flags", "标记数", lambda s: len(s.record.flags), "whole"))),
    Table("defendants", "one defendant of a judgment", (DOC, NUMBER, *DEFENDANT)),
    Table("defendants_wide", "one defendant, with the judgment's variables", (DOC, NUMBER, *CASE, *DEFENDANT)),
    Table(
        "charges",
        "one charge of a defendant",
        (
            DOC,
            NUMBER,
            item_number("charge_no", "Charge's number", "罪名序号"),
            plain("charge", "Charge", "罪名", lambda s: s.item),
            truth("prosecuted", "Prosecuted", "指控", lambda s: s.item in s.who.charges_prosecuted, field="charges_prosecuted"),
            truth("convicted", "Convicted", "认定", lambda s: s.item in s.who.charges_convicted, field="charges_convicted"),
            plain("statutory_charge", "Charge in the statute", "法定罪名", lambda s: s.law.name if s.law else None, applies=always),
            plain("article", "Article", "条文", lambda s: s.law.article if s.law else None, applies=always),
            plain("chapter", "Chapter", "章", lambda s: (s.law.chapter or None) if s.law else None, applies=always),
        ),
    ),
    Table(
        "counts",
        "one count of a sentence, before they are combined",
        (
            DOC,
            NUMBER,
            item_number("count_no", "Count's number", "罪刑序号"),
            plain("charge", "Charge", "罪名", lambda s: s.count.charge, field="sentence.counts"),
            from_record("penalty", SEN + "counts.penalty", lambda s: s.count.penalty, scored="sentence.counts"),
            plain(
                "months", "Term", "刑期", lambda s: derived.in_months(s.count.months, s.count.days), "number", unit="months",
                universe="the penalty has a term", applies=lambda s: s.count.penalty in ("surveillance", "detention", "imprisonment"),
                derivation="months + days/30", field="sentence.counts",
            ),
            plain(
                "fine", "Fine", "罚金", lambda s: s.count.fine, "number", unit="yuan", universe="a fine was imposed",
                applies=lambda s: s.count.fine is not None, field="sentence.counts",
            ),
        ),
    ),
    Table(
        "counsel",
        "one counsel of a defendant",
        (
            DOC,
            NUMBER,
            item_number("counsel_no", "Counsel's number", "辩护人序号"),
            plain("counsel_name", "Name", "姓名", lambda s: s.counsel.name, applies=always, personal=True, field="counsel"),
            from_record("counsel_kind", "defendants.counsel.kind", lambda s: s.counsel.kind, scored="counsel"),
        ),
    ),
    Table(
        "recommendations",
        "one defendant for whom a recommendation is mentioned",
        (DOC, NUMBER, *RECOMMENDATION, *ADOPTION),
    ),
    Table(
        "evidence",
        "one passage that a value was read from",
        (
            DOC,
            item_number("evidence_no", "Passage's number", "证据序号"),
            plain("path", "Place in the record", "字段路径", lambda s: s.passage.path),
            plain("starts_at", "Start", "起点", lambda s: s.passage.start, "whole", unit="code points"),
            plain("ends_at", "End", "终点", lambda s: s.passage.end, "whole", unit="code points"),
            plain("source", "Rule", "规则", lambda s: s.passage.source),
            plain("confidence", "Confidence", "置信度", lambda s: s.passage.confidence, "number"),
        ),
    ),
    Table(
        "flags",
        "one thing that a person should look at",
        (
            DOC,
            item_number("flag_no", "Flag's number", "标记序号"),
            plain("code", "Flag", "标记", lambda s: s.flag.code),
            plain("path", "Place in the record", "字段路径", lambda s: s.flag.path),
        ),
    ),
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
