"""Tables row by row: CSV of any dialect, Excel workbooks, Parquet and Arrow."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any

import pyarrow as pa
from pyarrow import ipc, parquet

from panjue.corpora.encoding import decoded_lines
from panjue.corpora.fields import Entry, check_columns
from panjue.corpora.formats import DELIMITERS
from panjue.corpora.judgment import EmptyError, FormatError, MissingError, NoTextError
from panjue.corpora.limits import MAX_TEXT, LimitError

Found = tuple[str, Entry | Exception]
_SAMPLE_LINES = 200
_CELL = 32_767  # the most characters a cell of Excel holds
_ROWS = 64


class _Dialect(csv.Dialect):
    delimiter = ","
    quotechar = '"'
    doublequote = True
    escapechar = None
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL
    skipinitialspace = False
    strict = True


def csv_rows(
    lines: Iterable[bytes | LimitError], text_field: str | None, id_field: str | None
) -> tuple[str, Iterator[Found]]:
    """The encoding and the rows of a table; a row that is damaged or does not fit the header is an error of its own.

    Raises:
        EmptyError: nothing but white space.
        NoTextError: no column for the text.
        UndecodableError: the header is no text.
    """
    csv.field_size_limit(MAX_TEXT)
    encoding, texts = decoded_lines(lines)
    sample = list(islice(texts, _SAMPLE_LINES))
    if sample and sample[0][1]:
        raise sample[0][1]
    if sample and sample[0][0].lower().startswith("sep="):  # Excel's way to name the delimiter; tried anyway
        del sample[0]
    if not sample or not sample[0][0].strip():
        raise EmptyError("empty")
    return encoding, _rows(
        chain(sample, texts), _dialect([line for line, _ in sample], text_field), text_field, id_field
    )


def _rows(
    texts: Iterable[tuple[str, Exception | None]],
    dialect: type[csv.Dialect],
    text_field: str | None,
    id_field: str | None,
) -> Iterator[Found]:
    damaged: list[Exception] = []
    rows = csv.reader(_noting(texts, damaged), dialect)
    header = next(rows)
    check_columns(header, text_field, id_field)
    number = 1
    while True:
        number += 1
        row: list[str] = []
        problem: Exception | None = None
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            problem = error
        if damaged:  # which makes for bad CSV as well
            problem = damaged[0]
            damaged.clear()
        if problem is None and row and len(row) != len(header):
            problem = NoTextError(f"{len(row)} fields where the header has {len(header)}")
        if problem is not None:
            yield f"#{number}", problem
        elif row:
            yield f"#{number}", dict(zip(header, row, strict=True))
    if number == 2:
        raise EmptyError("no row after the header")


def _dialect(sample: list[str], text_field: str | None) -> type[csv.Dialect]:
    """The dialect in which most rows of a sample fit its header, and the header has a column for the text."""
    text = "".join(sample)
    best: tuple[float, type[csv.Dialect]] = (-1.0, _Dialect)
    for delimiter in DELIMITERS:
        for quotechar, escapechar, quoting in (
            ('"', None, csv.QUOTE_MINIMAL),
            ('"', "\\", csv.QUOTE_MINIMAL),
            ("'", None, csv.QUOTE_MINIMAL),
            (None, None, csv.QUOTE_NONE),
        ):
            if (
                (escapechar and '\\"' not in text)
                or (quotechar == "'" and f"'{delimiter}'" not in text)
                or (quotechar is None and delimiter != "\t")
            ):
                continue

            options: dict[str, Any] = {"delimiter": delimiter, "quotechar": quotechar, "escapechar": escapechar}
            options |= {"doublequote": escapechar is None, "quoting": quoting}
            tried = type("Tried", (_Dialect,), options)
            score = _score(sample, tried, text_field)
            if score > best[0] + 0.05:
                best = (score, tried)
    return best[1]


def _score(sample: list[str], dialect: type[csv.Dialect], text_field: str | None) -> float:
    rows = csv.reader(sample, dialect)
    good = bad = 0
    try:
        header = next(rows)
        check_columns(header, text_field, None)
    except (csv.Error, NoTextError, StopIteration):
        return -1.0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            bad += 1
            continue
        good += len(row) == len(header)
        bad += len(row) not in {0, len(header)}
    return good / max(1, good + bad) + 0.001 * len(header)


def _noting(lines: Iterable[tuple[str, Exception | None]], damaged: list[Exception]) -> Iterator[str]:
    """The lines; what is wrong with those that were taken goes into ``damaged``, because a row may span several."""
    for line, damage in lines:
        if damage is not None:
            damaged.append(damage)
        yield line


def workbook_rows(stream: IO[bytes], text_field: str | None, id_field: str | None) -> Iterator[Found]:
    """The rows of every sheet of a workbook that has a column for the text.

    Raises:
        MissingError: openpyxl is not installed.
        NoTextError: no sheet has one.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingError("an Excel workbook, which needs: pip install 'panjue[excel]'") from error
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    refused: list[NoTextError] = []
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        numbered = ((number, row) for number, row in enumerate(rows, 1) if any(cell is not None for cell in row))
        _, first = next(numbered, (0, ()))
        header = [str(cell or "").strip() for cell in first]
        try:
            check_columns(header, text_field, id_field)
        except NoTextError as error:
            refused.append(error)
            continue
        for number, row in numbered:
            cells = ["" if cell is None else cell for cell in row]
            cut = any(isinstance(cell, str) and len(cell) >= _CELL for cell in cells)
            problem = FormatError(f"cut off by Excel: a cell holds {_CELL} characters at most") if cut else None
            yield f"#{sheet.title}!{number}", problem or dict(zip(header, map(_plain, cells), strict=False))
    if refused and len(refused) == len(book.worksheets):
        raise refused[0]


def arrow_rows(stream: IO[bytes], kind: str, text_field: str | None, id_field: str | None) -> Iterator[Found]:
    """The rows of a Parquet file, or of an Arrow file or stream (as Hugging Face datasets are saved).

    Raises:
        NoTextError: no column for the text.
        FormatError: damaged.
    """
    try:
        batches, names = _batches(stream, kind)
        check_columns(names, text_field, id_field)
        number = 0
        for batch in batches:
            for start in range(0, batch.num_rows, _ROWS):
                for row in batch.slice(start, _ROWS).to_pylist():
                    number += 1
                    yield f"#{number}", row
    except (pa.ArrowException, OSError) as error:
        raise FormatError(f"damaged {kind.capitalize()} file ({str(error)[:100]})") from error
    if not number:
        raise EmptyError("no row")


def _batches(stream: Any, kind: str) -> tuple[Iterator[Any], list[str]]:
    if kind == "parquet":
        file = parquet.ParquetFile(stream)
        return iter(file.iter_batches(batch_size=_ROWS)), file.schema_arrow.names
    if stream.read(6) == b"ARROW1":
        stream.seek(0)
        reader = ipc.open_file(stream)
        return (reader.get_batch(index) for index in range(reader.num_record_batches)), reader.schema.names
    stream.seek(0)
    batches = ipc.open_stream(stream)
    return iter(batches), batches.schema.names


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str | int) else str(cell)
