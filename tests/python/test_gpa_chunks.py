"""Tables of many chunks: brought in column by column, on several threads where there are many."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import registrary

pa = pytest.importorskip("pyarrow")

ROWS = 3_000
GRADES = ["A", "B", "C", "F"]
STUDENTS = [row // 7 for row in range(ROWS)]
CODES = [row * 5 % 4 for row in range(ROWS)]
CREDITS = [float(1 + row % 4) for row in range(ROWS)]


def cut(values: list[Any], length: int, kind: Any) -> Any:
    """A column in chunks of a length, each with memory of its own."""
    return pa.chunked_array([pa.array(values[at : at + length], kind) for at in range(0, len(values), length)], kind)


def grades(length: int) -> Any:
    """Every chunk with a dictionary of its own, in an order of its own."""
    chunks = []
    for number, start in enumerate(range(0, ROWS, length)):
        turned = GRADES[number % 4 :] + GRADES[: number % 4]
        codes = [turned.index(GRADES[code]) for code in CODES[start : start + length]]
        chunks.append(pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), turned))
    return pa.chunked_array(chunks)


def columns(result: registrary.GpaTable) -> list[Any]:
    """Everything that it says."""
    return [result.column(name) for name in ("student_id", "credits_attempted", "quality_points", "gpa")]


@pytest.fixture(scope="module")
def whole() -> list[Any]:
    rows = {"student_id": STUDENTS, "grade": [GRADES[code] for code in CODES], "credits": CREDITS}
    return columns(registrary.calculate_gpas(rows))


@pytest.mark.parametrize("kind", ["int64", "int32", "uint16", "string"])
def test_chunks_of_any_length_are_the_table(kind: str, whole: list[Any]) -> None:
    ids = [str(student).zfill(5) for student in STUDENTS] if kind == "string" else STUDENTS
    for lengths in [(7, 7, 7), (1, 1, 1), (10, 35, 3000), (3000, 11, 64)]:
        table = pa.table(
            {
                "student_id": cut(ids, lengths[0], pa.type_for_alias(kind)),
                "grade": grades(lengths[1]),
                "credits": cut(CREDITS, lengths[2], pa.float64()),
            }
        )
        found = columns(registrary.calculate_gpas(table))
        found[0] = [int(student) for student in found[0]]
        assert found == whole


def test_slices_of_one_table_share_their_dictionary(whole: list[Any]) -> None:
    one = pa.table(
        {
            "student_id": STUDENTS,
            "grade": pa.DictionaryArray.from_arrays(pa.array(CODES, pa.int8()), GRADES),
            "credits": CREDITS,
        }
    )
    pieces = [batch for start in range(0, ROWS, 9) for batch in one.slice(start, 9).to_batches()]
    assert columns(registrary.calculate_gpas(pa.Table.from_batches(pieces))) == whole


def test_what_is_null_in_one_of_many_chunks_is_told_with_its_row() -> None:
    credits: list[Any] = [*CREDITS]
    credits[2_345] = None
    table = pa.table(
        {
            "student_id": cut(STUDENTS, 5, pa.int64()),
            "grade": cut([GRADES[code] for code in CODES], 5, pa.string()),
            "credits": cut(credits, 5, pa.float64()),
        }
    )
    with pytest.raises(registrary.MalformedRecordError, match="row 2345"):
        registrary.calculate_gpas(table)


def test_a_table_without_chunks_or_with_empty_ones_has_no_students() -> None:
    kinds = {"student_id": pa.int64(), "grade": pa.string(), "credits": pa.float64()}
    none = pa.table({name: pa.chunked_array([], kind) for name, kind in kinds.items()})
    empty = pa.table({name: pa.chunked_array([pa.array([], kind)] * 3, kind) for name, kind in kinds.items()})
    assert [len(registrary.calculate_gpas(table)) for table in (none, empty)] == [0, 0]


def test_a_column_that_is_missing_or_there_twice() -> None:
    table = pa.table({"student_id": [1], "grade": ["A"]})
    with pytest.raises(KeyError, match="credits"):
        registrary.calculate_gpas(table)
    twice = pa.Table.from_arrays(
        [pa.array([1]), pa.array(["A"]), pa.array([3.0]), pa.array([4.0])],
        names=["student_id", "grade", "credits", "credits"],
    )
    assert registrary.calculate_gpas(twice).column("credits_attempted") == [Decimal("3.000")]
