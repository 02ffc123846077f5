"""Records as tidy tables linked by keys: cases, defendants, charges, evidence.

Names of people stay out unless asked for; a defendant is known by his number in the document, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa

from panjue.extractors.lexicon import charge as statutory
from panjue.extractors.record import Case, Count, Defendant, Plea, Recommendation, Record, Sentence

Row = dict[str, Any]
_Columns = list[tuple[str, pa.DataType]]


def tables(records: Iterable[Record], *, with_names: bool = False) -> dict[str, pa.Table]:
    """The four tables, by name.

    Args:
        records: what :func:`panjue.extract` returned.
        with_names: whether the tables carry the names of defendants and their counsel.
    """
    rows: dict[str, list[Row]] = {name: [] for name in columns(with_names=with_names)}
    for record in records:
        rows["cases"].append(_case(record))
        for index, defendant in enumerate(record.defendants):
            key = {"doc_id": record.doc_id, "defendant": index + 1}
            rows["defendants"].append(key | _defendant(record, index, defendant, with_names=with_names))
            rows["charges"].extend(key | row for row in _charges(defendant))
        rows["evidence"].extend(
            {"doc_id": record.doc_id, **msgspec.to_builtins(evidence)} for evidence in record.evidence
        )
    return {
        name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in columns(with_names=with_names).items()
    }


def columns(*, with_names: bool = False) -> dict[str, pa.Schema]:
    """The schema of each table."""
    case: _Columns = [(f, pa.string()) for f in Case.__struct_fields__]
    key: _Columns = [("doc_id", pa.string()), ("defendant", pa.int32())]
    names: _Columns = [("name", pa.string()), ("counsel_names", pa.string())] if with_names else []
    text, whole, money, truth = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    nested: _Columns = [
        *[("plea_" + f, text) for f in Plea.__struct_fields__],
        *[("recommendation_" + f, _kind(f, "recommendation")) for f in Recommendation.__struct_fields__],
        *[("sentence_" + f, _kind(f, "sentence")) for f in Sentence.__struct_fields__ if f != "counts"],
    ]
    evidence: _Columns = [("doc_id", text), ("path", text), ("start", whole), ("end", whole), ("source", text)]
    evidence.append(("confidence", money))
    return {
        "cases": pa.schema(
            [
                ("doc_id", text),
                ("text_sha256", text),
                ("status", text),
                *case,
                ("n_defendants", whole),
                ("n_flags", whole),
                ("flags", text),
            ]
        ),
        "defendants": pa.schema(
            [
                *key,
                *names,
                ("kind", text),
                ("charges_prosecuted", text),
                ("charges_convicted", text),
                *nested,
                ("n_counts", whole),
                ("n_counsel", whole),
                ("counsel_kinds", text),
                ("counsel_at_signing", text),
                ("n_flags", whole),
            ]
        ),
        "charges": pa.schema(
            [
                *key,
                ("charge", text),
                ("prosecuted", truth),
                ("convicted", truth),
                ("statutory_charge", text),
                ("article", text),
                ("chapter", text),
                ("penalty", text),
                ("months", whole),
                ("days", whole),
                ("fine", money),
            ]
        ),
        "evidence": pa.schema(evidence),
    }


def _kind(field: str, group: str) -> pa.DataType:
    if field.startswith("fine_") or (group == "sentence" and field == "fine"):
        return pa.float64()
    if field != "political_rights_months" and field.endswith(("months", "days")):
        return pa.int64()
    return pa.string()


def _case(record: Record) -> Row:
    return {
        "doc_id": record.doc_id,
        "text_sha256": record.text_sha256,
        "status": record.status,
        **msgspec.to_builtins(record.case),
        "n_defendants": len(record.defendants),
        "n_flags": len(record.flags),
        "flags": ";".join(sorted({flag.code for flag in record.flags})) or None,
    }


def _defendant(record: Record, index: int, defendant: Defendant, *, with_names: bool) -> Row:
    path = f"/defendants/{index}/"
    row: Row = {
        "kind": defendant.kind,
        "charges_prosecuted": ";".join(defendant.charges_prosecuted) or None,
        "charges_convicted": ";".join(defendant.charges_convicted) or None,
        "n_counts": len(defendant.sentence.counts),
        "n_counsel": len(defendant.counsel),
        "counsel_kinds": ";".join(counsel.kind for counsel in defendant.counsel) or None,
        "counsel_at_signing": defendant.counsel_at_signing,
        "n_flags": sum(flag.path.startswith(path) for flag in record.flags),
    }
    for name in ("plea", "recommendation", "sentence"):
        values = msgspec.to_builtins(getattr(defendant, name))
        row |= {f"{name}_{field}": value for field, value in values.items() if field != "counts"}
    rights = defendant.sentence.political_rights_months
    row["sentence_political_rights_months"] = None if rights is None else str(rights)
    if with_names:
        row["name"] = defendant.name
        row["counsel_names"] = ";".join(counsel.name or "" for counsel in defendant.counsel) or None
    return row


def _charges(defendant: Defendant) -> list[Row]:
    counts: dict[str, list[Count]] = {}
    for count in defendant.sentence.counts:  # an earlier sentence may stand beside a new one for the same charge
        counts.setdefault(count.charge, []).append(count)
    named = dict.fromkeys([*defendant.charges_prosecuted, *defendant.charges_convicted, *counts])
    rows: list[Row] = []
    for name in named:
        law = statutory(name)
        rows.extend(
            {
                "charge": name,
                "prosecuted": name in defendant.charges_prosecuted,
                "convicted": name in defendant.charges_convicted,
                "statutory_charge": law.name if law else None,
                "article": law.article if law else None,
                "chapter": law.chapter if law else None,
                "penalty": count.penalty if name in counts else None,
                "months": count.months,
                "days": count.days if count.months is not None else None,
                "fine": count.fine,
            }
            for count in counts.get(name, [Count(charge=name)])
        )
    return rows
