"""Tables of attempts in, tables of GPAs out: every kind of table, refusals, signals, loops and threads."""

from __future__ import annotations

import array
import gc
import importlib
import weakref
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import registrary
from registrary.demo import attempts as demo

COLUMNS: dict[str, list[Any]] = {
    "student_id": [7, 9, 7, 8, 9],
    "grade": ["A", "P", "B", "F", "C"],
    "credits": [3, 2, 4, 3, 1],
    "term": [202409, 202409, 202501, 202501, 202501],
}
# By pencil: 7: (12 + 12) / 7; 8: 0 / 3; 9: 2 / 1.
ROWS = [(7, "3.42", Fraction(24, 7)), (8, "0.00", Fraction(0)), (9, "2.00", Fraction(2))]
POLICY = "whole-letters"


def seen(table: registrary.GpaTable) -> list[tuple[Any, str, Fraction | None]]:
    return [(row.student_id, str(row.gpa), row.gpa_exact) for row in table]


def library(name: str) -> Any:
    """A library that this machine may not have: the test then skips and says so."""
    return pytest.importorskip(name)


def rows_as_mappings() -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]


def numpy_columns(**kinds: str) -> dict[str, Any]:
    np = library("numpy")
    return {name: np.array(values, dtype=kinds.get(name)) for name, values in COLUMNS.items()}


def strided() -> dict[str, Any]:
    np = library("numpy")
    return {**COLUMNS, "credits": np.array([3.0, 9, 2, 9, 4, 9, 3, 9, 1, 9])[::2]}


def uneven_chunks() -> dict[str, Any]:
    pa = library("pyarrow")
    return {
        "student_id": pa.chunked_array([[7, 9], [7, 8, 9]]),
        "grade": pa.chunked_array([["A"], [], ["P", "B", "F"], ["C"]]),
        "credits": pa.array(COLUMNS["credits"]),
        "term": COLUMNS["term"],
    }


class OnlyStream:
    """Knows Arrow's stream and nothing else."""

    def __init__(self) -> None:
        self._table = library("pyarrow").table(COLUMNS)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


TABLES: dict[str, Callable[[], Any]] = {
    "columns of lists": lambda: COLUMNS,
    "columns of tuples": lambda: {name: tuple(values) for name, values in COLUMNS.items()},
    "rows": rows_as_mappings,
    "rows of a generator": lambda: iter(rows_as_mappings()),
    "exact numbers of every kind": lambda: {**COLUMNS, "credits": [3, "2.0", Decimal("4.000"), 3.0, 1]},
    "array.array": lambda: {**COLUMNS, "student_id": array.array("q", COLUMNS["student_id"])},
    "numpy": numpy_columns,
    "numpy, other widths": lambda: numpy_columns(student_id="u2", credits="f4"),
    "numpy, the other byte order": lambda: numpy_columns(student_id=">i8", credits=">f8", grade=">U1"),
    "numpy, bytes": lambda: numpy_columns(grade="S1"),
    "numpy, objects": lambda: numpy_columns(grade="O", credits="O", student_id="O"),
    "numpy, strided": strided,
    "pyarrow table": lambda: library("pyarrow").table(COLUMNS),
    "pyarrow batch": lambda: library("pyarrow").record_batch(COLUMNS),
    "pyarrow reader": lambda: library("pyarrow").table(COLUMNS).to_reader(2),
    "pyarrow columns of other chunks": uneven_chunks,
    "a stream and nothing else": OnlyStream,
    "polars": lambda: library("polars").DataFrame(COLUMNS),
    "polars, categories": lambda: library("polars").DataFrame(COLUMNS).cast({"grade": library("polars").Categorical}),
    "polars columns": lambda: {name: library("polars").Series(values) for name, values in COLUMNS.items()},
    "pandas": lambda: library("pandas").DataFrame(COLUMNS),
    "pandas, categories": lambda: library("pandas").DataFrame(COLUMNS).astype({"grade": "category"}),
    "pandas, nullable": lambda: library("pandas").DataFrame(COLUMNS).convert_dtypes(),
    "pandas, objects": lambda: library("pandas").DataFrame(COLUMNS, dtype=object),
    "pandas columns": lambda: {name: library("pandas").Series(values) for name, values in COLUMNS.items()},
    "DuckDB": lambda: library("duckdb").connect().from_arrow(library("pyarrow").table({**COLUMNS, "a b": range(5)})),
}


@pytest.mark.parametrize("form", TABLES)
def test_every_kind_of_table_gives_the_same(form: str) -> None:
    assert seen(registrary.calculate_gpas(TABLES[form](), policy=POLICY)) == ROWS


def test_the_result_is_read_by_every_library() -> None:
    table = registrary.calculate_gpas(COLUMNS, policy=POLICY)
    gpas = [Decimal("3.42"), Decimal("0.00"), Decimal("2.00")]
    pa = library("pyarrow")
    for _ in range(2):
        assert pa.table(table)["gpa"].to_pylist() == gpas
    assert pa.schema(table).names == table.columns
    assert table.to_arrow()["quality_points"].to_pylist() == table["quality_points"]
    pl = library("polars")
    assert pl.DataFrame(table)["gpa"].to_list() == table.to_polars()["gpa"].to_list() == gpas
    again = registrary.calculate_gpas(pl.DataFrame(COLUMNS).lazy().collect(), policy=POLICY)
    assert again.to_dict() == table.to_dict()
    with pytest.raises(TypeError, match="collect"):
        registrary.calculate_gpas(pl.DataFrame(COLUMNS).lazy(), policy=POLICY)


def test_the_result_in_pandas_and_duckdb() -> None:
    pd, duckdb = library("pandas"), library("duckdb")
    gpas = registrary.calculate_gpas({**COLUMNS, "grade": ["A", "P", "B", "F", "P"]}, policy=POLICY)
    frame = gpas.to_pandas()
    assert frame["gpa"].tolist()[:2] == [3.42, 0.0] and pd.isna(frame["gpa"][2])
    assert gpas.to_pandas(exact=True)["gpa"].tolist() == [Decimal("3.42"), Decimal("0.00"), None]
    assert duckdb.sql("select sum(gpa_hours), count(gpa) from gpas").fetchall() == [(Decimal("10.000"), 2)]


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    table = registrary.calculate_gpas(COLUMNS, policy=POLICY)
    monkeypatch.setattr(importlib, "import_module", absent)
    for convert, name in ((table.to_pandas, "pandas"), (table.to_polars, "polars"), (table.to_arrow, "pyarrow")):
        with pytest.raises(ImportError, match=f"{name} is not installed: pip install {name}"):
            convert()


def test_rows_columns_and_students() -> None:
    table = registrary.calculate_gpas(COLUMNS, policy=POLICY)
    assert (len(table), table.attempts, table.by, table.rejected) == (3, 5, ("student",), None)
    row = table[7]
    assert row == table.student("7") == next(iter(table))
    assert (row.credits_attempted, row.credits_earned, row.gpa_hours, row.quality_points) == (7, 7, 7, 24)
    assert (row.gpa, row.gpa_exact, row.term, row.cumulative) == (Decimal("3.42"), Fraction(24, 7), None, None)
    assert table["gpa_hours"] == [7, 3, 1]
    assert [attempt.row for attempt in table.explain(8).attempts + table.explain(7).attempts] == [3, 0, 2]
    for absent in (77, "07", "no such column", 10**30):
        with pytest.raises(KeyError):
            table[absent]
    texts = registrary.calculate_gpas({**COLUMNS, "student_id": ["7", "9", "7", "8", "9"]}, policy=POLICY)
    assert texts[7].gpa == texts["7"].gpa == row.gpa


def test_by_term_with_running_totals() -> None:
    table = registrary.calculate_gpas(COLUMNS, term="term", by=("student", "term"), cumulative=True, policy=POLICY)
    first, second = table.student_rows(7)
    assert (first.term, str(first.gpa), second.term, str(second.gpa)) == (202409, "4.00", 202501, "3.00")
    assert second.cumulative is not None and second.cumulative.gpa_exact == Fraction(24, 7)
    assert table["cumulative_gpa"][1] == Decimal("3.42")
    with pytest.raises(ValueError, match="a row for each term"):
        table.student(7)


def test_classes_count_each_student_once() -> None:
    grades = {"section": ["b", "a", "b"], "grade": ["A", "C", "B"]}
    table = registrary.calculate_gpas(grades, section="section", by="section", credits=None, policy=POLICY)
    assert [(row.section, str(row.gpa), int(row.gpa_hours)) for row in table] == [("a", "2.00", 1), ("b", "3.50", 2)]
    assert registrary.calculate_class_gpa(["A", "B"], policy=POLICY) == table["gpa"][1]
    with pytest.raises(ValueError, match="by section"):
        table.student_rows(7)
    with pytest.raises(KeyError):
        table[7]


def test_points_in_place_of_letters() -> None:
    points = {"student_id": [1, 1, 2], "points": [3.667, None, None], "credits": [3, 1, 2]}
    table = registrary.calculate_gpas(points, points="points", policy=POLICY)
    assert [(row.gpa_exact, int(row.credits_earned)) for row in table] == [(Fraction(3667, 1000), 3), (None, 0)]


def problems(table: Any, **options: Any) -> set[tuple[str, str]]:
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.calculate_gpas(table, policy=POLICY, **options)
    for secret in ("Zebra", "777"):
        assert secret not in str(caught.value)
    return {(problem.place, problem.code) for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("column", "cells", "code"),
    [
        ("student_id", [777, "777", 7, 8, 9], "mixed-types"),
        ("student_id", [None, 9, 7, 8, 9], "missing-value"),
        ("student_id", [7.5, 9, 7, 8, 9], "not-a-key"),
        ("student_id", [10**30, 9, 7, 8, 9], "out-of-range"),
        ("student_id", [True, 9, 7, 8, 9], "not-a-key"),
        ("grade", ["Zebra", "P", "B", "F", "C"], "grade-not-on-scale"),
        ("grade", [None, "P", "B", "F", "C"], "missing-value"),
        ("grade", [4, "P", "B", "F", "C"], "not-a-text"),
        ("credits", [3.0005, 2.0, 4.0, 3.0, 1.0], "inexact-number"),
        ("credits", [0.1 + 0.2, 2.0, 4.0, 3.0, 1.0], "inexact-number"),
        ("credits", [-1, 2, 4, 3, 1], "out-of-range"),
        ("credits", [float("inf"), 2.0, 4.0, 3.0, 1.0], "out-of-range"),
        ("credits", [float("nan"), 2.0, 4.0, 3.0, 1.0], "missing-value"),
        ("credits", ["777 credits", 2, 4, 3, 1], "not-a-number"),
        ("credits", [10**5000, 2, "4", 3, 1], "not-a-number"),
        ("credits", [True, 2, 4, 3, 1], "not-a-number"),
    ],
)
def test_what_cannot_be_right_is_refused(column: str, cells: list[Any], code: str) -> None:
    assert problems({**COLUMNS, column: cells}) == {(column, code)}


def test_every_kind_of_problem_is_listed_with_its_first_row_and_count() -> None:
    table = {**COLUMNS, "credits": [3, -1, 4, -2, 10**6], "grade": ["A", "A", "Q", None, "Q"]}
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.calculate_gpas(table, policy=POLICY)
    told = [(problem.place, problem.code, problem.message) for problem in caught.value.problems]
    counted = "3 numbers of credits are not between 0 and 9999.999, first in row 1 (counted from 0)"
    assert ("credits", "out-of-range", counted) in told
    assert {code for _, code, _ in told} == {"out-of-range", "grade-not-on-scale", "missing-value"}


def test_rows_that_are_null_are_refused_or_set_aside_and_never_counted() -> None:
    pa = library("pyarrow")
    rows = pa.StructArray.from_arrays(
        [pa.array(values) for values in COLUMNS.values()],
        names=list(COLUMNS),
        mask=pa.array([False, False, True, False, False]),
    )
    masked = pa.chunked_array([rows])
    with pytest.raises(registrary.MalformedRecordError) as refused:
        registrary.calculate_gpas(masked, policy=POLICY)
    assert {problem.code for problem in refused.value.problems} == {"missing-value"}
    table = registrary.calculate_gpas(masked, policy=POLICY, on_error="collect")
    assert [(row.student_id, row.gpa_exact) for row in table] == [(7, Fraction(4)), (8, Fraction(0)), (9, Fraction(2))]
    assert table.rejected is not None
    assert set(table.rejected.to_dict()["row"]) == {2}


def test_wrong_rows_can_be_set_aside() -> None:
    table = registrary.calculate_gpas(
        {**COLUMNS, "credits": [3.0005, 2, 4.0, -1, 1]}, on_error="collect", policy=POLICY
    )
    assert table.rejected is not None
    assert table.rejected.to_dict() == {
        "row": [0, 3],
        "column": ["credits", "credits"],
        "problem": ["inexact-number", "out-of-range"],
    }
    assert seen(table) == [(7, "3.00", Fraction(3)), (9, "2.00", Fraction(2))]
    assert "2 problems set aside" in repr(table) and "2 problems" in table.rejected._repr_html_()
    assert "set aside" in str(table.explain(7))


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("a text", TypeError),
        (7, TypeError),
        (None, TypeError),
        ([1, 2], TypeError),
        ({**COLUMNS, "credits": "3243 "}, TypeError),
        ({**COLUMNS, "credits": [1]}, ValueError),
        ({"student_id": [1], "grade": ["A"]}, KeyError),
        ([{"student_id": 1, "grade": "A"}], KeyError),
    ],
)
def test_what_is_no_table_is_refused(table: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        registrary.calculate_gpas(table, policy=POLICY)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"by": "campus"}, ValueError),
        ({"by": ()}, ValueError),
        ({"by": ("student", "student")}, ValueError),
        ({"by": ("student", "term")}, ValueError),
        ({"on_error": "ignore"}, ValueError),
        ({"cumulative": True}, registrary.ConfigurationError),
        ({"student": "grade"}, ValueError),
        ({"credits": 3}, TypeError),
        ({"colour": "red"}, TypeError),
        ({"policy": "no such policy"}, registrary.PolicyError),
    ],
)
def test_what_cannot_be_asked_is_refused(options: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        registrary.calculate_gpas(COLUMNS, **options)


def test_masked_and_two_dimensional_arrays_are_not_misread() -> None:
    np = library("numpy")
    masked = np.ma.array([3, 2, 4, 3, 1], mask=[True, False, False, False, False])
    assert problems({**COLUMNS, "credits": masked}) == {("credits", "missing-value")}
    with pytest.raises(TypeError, match="one dimension"):
        registrary.calculate_gpas({**COLUMNS, "credits": np.ones((5, 2))})
    lists = library("pyarrow").array([[1]] * 5)
    assert problems({**COLUMNS, "credits": lists}) == {("credits", "unreadable-column")}


def test_a_table_that_fails_while_it_is_read_tells_its_own_exception() -> None:
    pa = library("pyarrow")

    def batches() -> Any:
        yield pa.record_batch(COLUMNS)
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.table(COLUMNS).schema, batches())
    with pytest.raises(registrary.SourceUnavailableError) as caught:
        registrary.calculate_gpas(reader)
    assert "the disk is gone" not in str(caught.value) and "the disk is gone" in str(caught.value.__cause__)


def test_numbers_are_read_where_they_lie_and_let_go_of() -> None:
    credits = library("numpy").array([3.0, 2, 4, 3, 1])
    alive = weakref.ref(credits)
    table = registrary.calculate_gpas({**COLUMNS, "credits": credits}, policy=POLICY)
    # Shared, not copied: who writes there later is seen when the rows are looked at again.
    credits[0] = 5
    assert table.explain(7).attempts[0].credits == 5 and table[7].credits_attempted == 7
    del credits
    gc.collect()
    assert alive() is not None
    del table
    gc.collect()
    assert alive() is None


def test_nothing_personal_in_a_repr() -> None:
    table = registrary.calculate_gpas({**COLUMNS, "student_id": ["u777"] * 5}, policy=POLICY)
    shown = [repr(table), repr(table["u777"]), repr(table.explain("u777")), repr(table.explain("u777").attempts[0])]
    assert not any("777" in text or "2." in text or "'A'" in text for text in shown)
    assert repr(table) == "<GpaTable: 1 students from 5 attempts>"


def test_the_table_in_a_notebook_can_be_read_aloud() -> None:
    drawn = demo.attempts(50)
    html = registrary.calculate_gpas(drawn, policy=demo.policy())._repr_html_()
    assert html.count("<caption>") == html.count("<thead>") == html.count("<tfoot>") == 1
    assert html.count('scope="col"') == 6 and html.count('scope="row"') == 11
    assert "50 students from 2,000 attempts" in html and "40 more rows" in html
    assert " style=" not in html
    hostile = registrary.calculate_gpas({**COLUMNS, "student_id": ["<b>"] * 5}, policy=POLICY)
    assert "<b>" not in hostile._repr_html_() + hostile.explain("<b>")._repr_html_()


def test_dictionaries_that_share_their_offsets_are_told_apart() -> None:
    pa, np = pytest.importorskip("pyarrow"), pytest.importorskip("numpy")
    offsets = pa.py_buffer(np.arange(9, dtype="i4"))
    chunks = []
    for letters, rows in ((b"abcdefgh", 1000), (b"ijklmnop", 9000)):
        names = pa.StringArray.from_buffers(8, offsets, pa.py_buffer(letters))
        codes = np.random.default_rng(rows).integers(0, 8, rows).astype("i4")
        chunks.append(pa.DictionaryArray.from_arrays(pa.array(codes), names))
    ids = pa.chunked_array(chunks)
    coded, plain = (
        registrary.calculate_gpas(pa.table({"student_id": column, "grade": ["A"] * 10_000, "credits": [3] * 10_000}))
        for column in (ids, ids.cast(pa.string()))
    )
    assert coded.to_dict() == plain.to_dict()
