"""A Hugging Face dataset of judgments becomes one of records, in memory and from its folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import faulty
import pytest
from generated import judgments

import panjue
from panjue.extractors.arrow import as_row
from panjue.run import records_of, run

datasets = pytest.importorskip("datasets")
TEXTS = list(judgments(7))
BROKEN = 3


@pytest.fixture(scope="module")
def dataset() -> object:
    texts = [text + faulty.RAISES * (number == BROKEN) for number, text in enumerate(TEXTS)]
    return datasets.Dataset.from_dict({"number": range(len(texts)), "全文": texts, "更多": texts})


@pytest.mark.parametrize("processes", [1, 2])
def test_rows_in_are_records_out_in_order(dataset: object, processes: int) -> None:
    from panjue.run.on_datasets import extract_dataset

    splits = datasets.DatasetDict({"all": dataset, "none": dataset.select([])})  # type: ignore[attr-defined]
    found = extract_dataset(
        splits, text_column="全文", id_column="number", processes=processes, batch_size=2, extractor="faulty:extract"
    )
    assert len(found["none"]) == 0
    rows = list(found["all"])
    assert [row["doc_id"] for row in rows] == [str(number) for number in range(len(TEXTS))]
    broken = rows.pop(BROKEN)
    assert (broken["status"], broken["error"].split(":")[0]) == ("error", "ValueError")
    kept = [number for number in range(len(TEXTS)) if number != BROKEN]
    assert rows == [{**as_row(panjue.extract(TEXTS[number], str(number))), "error": None} for number in kept]


def test_a_missing_column_is_named(dataset: object) -> None:
    from panjue.run.on_datasets import extract_dataset

    with pytest.raises(KeyError, match=r"no column 'text'; there are: number, 全文, 更多"):
        extract_dataset(dataset)


def test_its_folder_is_read_like_files(dataset: object, tmp_path: Path) -> None:
    dataset.save_to_disk(str(tmp_path / "in"))  # type: ignore[attr-defined]
    run([str(tmp_path / "in")], tmp_path / "out", jobs=1)
    assert len(list(records_of(tmp_path / "out"))) == len(TEXTS)


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import datasets, pathlib\n"
        "from panjue.run.on_datasets import extract_dataset\n"
        "pathlib.Path('ran').open('a').write('once ')\n"
        "print(extract_dataset(datasets.Dataset.from_dict({'text': ['判决书']}))[0]['status'])\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.stdout, (tmp_path / "ran").read_text()) == ("out_of_scope\n", "once "), done.stderr
