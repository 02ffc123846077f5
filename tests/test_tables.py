"""Tables: names stay out unless asked for; every column name is plain ASCII."""

from panjue.extractors.record import Counsel, Count, Defendant, Record, Sentence
from panjue.extractors.tables import columns, tables


def test_names_only_when_asked() -> None:
    record = Record(text_sha256="0" * 64, doc_id="d")
    record.defendants.append(Defendant(name="钱小明", counsel=[Counsel(name="李方")]))
    assert "钱小明" not in str([table.to_pylist() for table in tables([record], with_names=False).values()])
    (row,) = tables([record], with_names=True)["defendants"].to_pylist()
    assert (row["name"], row["counsel_names"], row["n_counsel"]) == ("钱小明", "李方", 1)


def test_column_names() -> None:
    for schema in columns(with_names=True).values():
        assert all(name.isascii() and name == name.lower() and name.isidentifier() for name in schema.names)
    assert "text" not in columns(with_names=True)["evidence"].names


def test_each_count_has_its_row() -> None:
    counts = [Count(charge="盗窃罪", penalty="imprisonment", months=months) for months in (6, 9)]
    record = Record(doc_id="d", text_sha256="0" * 64)
    record.defendants.append(
        Defendant(name="钱小明", charges_prosecuted=["盗窃罪", "诈骗罪"], sentence=Sentence(counts=counts))
    )
    rows = tables([record])["charges"].to_pylist()
    assert [(row["charge"], row["months"], row["article"]) for row in rows] == [
        ("盗窃罪", 6, "264"),
        ("盗窃罪", 9, "264"),
        ("诈骗罪", None, "266"),
    ]
