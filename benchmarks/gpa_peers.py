"""The same jobs by numpy, pandas, polars, DuckDB and pyarrow: each in its fastest form that we know of.

Each peer gets the rows in its own form before the clock starts and keeps its own form of the result. The job:
attempted, earned, GPA hours and quality points for each group, and the GPA. With repeats, of the attempts at one course
that are not excluded and have points or are earned, only the last counts for everything but attempted.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from gpa_cases import ATTEMPTED, EARNED, IN_GPA, LETTERS, POINTS, SUMS, Case

A, E, H, Q = SUMS
Columns = dict[str, Any]


class Peer(ABC):
    """A library at one job."""

    name = ""
    #: The modules that it needs.
    needs: tuple[str, ...] = ()

    def __init__(self, case: Case, rows: pa.Table) -> None:
        self.case = case
        self.rows = self.prepared(rows)

    @classmethod
    def fits(cls, case: Case) -> bool:
        """Whether it has a form of its own for this job."""
        return True

    def prepared(self, rows: pa.Table) -> Any:
        """The rows in the library's own form."""
        return rows

    @abstractmethod
    def run(self) -> Any:
        """The job."""

    def columns(self, result: Any) -> Columns:
        """The sums as arrays."""
        return {name: pc.cast(result[name], pa.float64()).to_numpy() for name in SUMS}


class Numpy(Peer):
    """Sorted keys: sums between their boundaries. Others: bins where the ids are close together, else a sort."""

    name = "numpy"
    needs = ("numpy",)

    def prepared(self, rows: pa.Table) -> Any:
        made: Columns = {}
        for name in rows.column_names:
            column = rows[name].combine_chunks()
            if name == "grade" and self.case.grades == "letters":
                made["code"] = column.indices.to_numpy()
            elif pa.types.is_string(column.type):
                made[name] = np.array(column.to_pylist(), dtype="S10" if name == "student_id" else "S2")
            else:
                made[name] = column.to_numpy(zero_copy_only=False)
        return made

    def run(self) -> Any:
        rows, case = self.rows, self.case
        student, measures = rows["student_id"], list(_measures(case, rows))
        if case.repeats:
            taken = np.flatnonzero((measures[2] > 0) | (measures[1] > 0))
            order = taken
            if case.order == "shuffled":
                order = taken[np.lexsort((rows["term"][taken], rows["course"][taken], student[taken]))]
            else:
                order = taken[np.lexsort((rows["course"][taken], student[taken]))]
            ahead, behind = order[1:], order[:-1]
            replaced = behind[(student[ahead] == student[behind]) & (rows["course"][ahead] == rows["course"][behind])]
            for measure in measures[1:]:
                measure[replaced] = 0
        key = student
        if case.by_term:
            key = (student - student.min()) * 1_000_000 + rows["term"]
        if case.order == "sorted":
            first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
            sums = [np.add.reduceat(measure, first) for measure in measures]
        elif case.ids == "number" and not case.by_term:
            place = key - key.min()
            seen = np.bincount(place) > 0
            sums = [np.bincount(place, measure)[seen] for measure in measures]
        else:
            _, place = np.unique(key, return_inverse=True)
            sums = [np.bincount(place, measure) for measure in measures]
        with np.errstate(invalid="ignore", divide="ignore"):
            return [*sums, sums[3] / sums[2]]

    def columns(self, result: Any) -> Columns:
        return dict(zip(SUMS, result, strict=False))


def _measures(case: Case, rows: Columns) -> tuple[Any, Any, Any, Any]:
    credits = rows["credits"]
    counts = rows["excluded"] == 0
    if case.grades == "points":
        points = rows["points"]
        known = ~np.isnan(points) & counts
        return credits, credits * ((points > 0) & counts), credits * known, np.where(known, credits * points, 0.0)
    code = rows.get("code")
    if code is None:
        letters = np.array(LETTERS, "S2")
        order = np.argsort(letters)
        code = order[np.searchsorted(letters[order], rows["grade"])]
    attempted, earned = credits * ATTEMPTED.astype("f8")[code], credits * EARNED.astype("f8")[code] * counts
    hours = credits * IN_GPA.astype("f8")[code] * counts
    return attempted, earned, hours, hours * POINTS[code]


class Pandas(Peer):
    """groupby on columns of floats."""

    name = "pandas"
    needs = ("pandas",)

    def prepared(self, rows: pa.Table) -> Any:
        frame = rows.to_pandas()
        if self.case.grades == "texts":
            frame["grade"] = frame["grade"].astype("category")
        return frame

    def run(self) -> Any:
        pandas, frame, case = importlib.import_module("pandas"), self.rows, self.case
        columns = {name: frame[name].to_numpy() for name in frame.columns if name not in ("grade", "student_id")}
        if case.grades != "points":
            place = np.array([LETTERS.index(letter) for letter in frame["grade"].cat.categories])
            columns["code"] = place[frame["grade"].cat.codes.to_numpy()]
        measures = dict(zip(SUMS, _measures(case, columns), strict=True))
        work = pandas.DataFrame({**{key: frame[key] for key in case.keys}, **measures}, copy=False)
        if case.repeats:
            taken = work[(work[H] > 0) | (work[E] > 0)].assign(course=frame["course"], of=frame["term"])
            if case.order == "shuffled":
                taken = taken.sort_values("of")
            last = taken.drop_duplicates(["student_id", "course"], keep="last")
            sums = last.groupby("student_id", sort=False)[[E, H, Q]].sum()
            made = work.groupby("student_id", sort=False)[[A]].sum().join(sums).fillna(0.0)
        else:
            made = work.groupby(case.keys, sort=False)[list(SUMS)].sum()
        made["gpa"] = made[Q] / made[H]
        return made

    def columns(self, result: Any) -> Columns:
        return {name: result[name].to_numpy() for name in SUMS}


class Polars(Peer):
    """Lazy, with codes looked up instead of joined where there are codes."""

    name = "polars"
    needs = ("polars",)
    engine = "auto"
    told_sorted = False

    def prepared(self, rows: pa.Table) -> Any:
        pl = importlib.import_module("polars")
        frame = pl.DataFrame(rows).rechunk()
        if self.case.grades == "letters":
            frame = frame.with_columns(pl.col("grade").cast(pl.String).cast(pl.Enum(LETTERS)))
        return frame.with_columns(pl.col("student_id").set_sorted()) if self.told_sorted else frame

    def run(self) -> Any:
        pl, case = importlib.import_module("polars"), self.case
        credits = pl.col("credits")
        counts = (pl.col("excluded") == 0).cast(pl.Float64)
        lazy = self.rows.lazy()
        if case.grades == "points":
            points = pl.col("points")
            lazy = lazy.with_columns(
                credits.alias(A),
                (credits * (points.fill_null(0) > 0).cast(pl.Float64) * counts).alias(E),
                (credits * points.is_not_null().cast(pl.Float64) * counts).alias(H),
            ).with_columns((pl.col(H) * points.fill_null(0)).alias(Q))
        else:
            lazy, (attempted, earned, in_gpa, points) = self._looked_up(lazy)
            lazy = lazy.with_columns(
                (credits * attempted).alias(A),
                (credits * earned * counts).alias(E),
                (credits * in_gpa * counts).alias(H),
            ).with_columns((pl.col(H) * points).alias(Q))
        made = self._last(lazy) if case.repeats else lazy.group_by(case.keys).agg(pl.col(*SUMS).sum())
        return made.with_columns(gpa=pl.col(Q) / pl.col(H)).collect(engine=self.engine)

    def _looked_up(self, lazy: Any) -> tuple[Any, list[Any]]:
        pl = importlib.import_module("polars")
        worth = {"_a": ATTEMPTED, "_e": EARNED, "_g": IN_GPA, "_p": POINTS}
        if self.case.grades == "letters":
            code = pl.col("grade").to_physical()
            return lazy, [pl.lit(pl.Series(one.astype("f8"))).gather(code) for one in worth.values()]
        scale = pl.DataFrame({"grade": LETTERS, **{name: one.astype("f8") for name, one in worth.items()}})
        return lazy.join(scale.lazy(), on="grade", how="left"), [pl.col(name) for name in worth]

    def _last(self, lazy: Any) -> Any:
        pl = importlib.import_module("polars")
        taken = lazy.filter((pl.col(H) > 0) | (pl.col(E) > 0)).select("student_id", "course", "term", E, H, Q)
        if self.case.order == "shuffled":
            taken = taken.sort("term")
        last = taken.unique(["student_id", "course"], keep="last", maintain_order=False)
        sums = last.group_by("student_id").agg(pl.col(E, H, Q).sum())
        made = lazy.group_by("student_id").agg(pl.col(A).sum()).join(sums, on="student_id", how="left")
        return made.with_columns(pl.col(E, H, Q).fill_null(0.0))

    def columns(self, result: Any) -> Columns:
        return {name: result[name].to_numpy() for name in SUMS}


class PolarsStreaming(Polars):
    """The streaming engine."""

    name = "polars streaming"
    engine = "streaming"


class PolarsSorted(Polars):
    """Told that the ids are sorted, which it cannot know."""

    name = "polars told sorted"
    told_sorted = True

    @classmethod
    def fits(cls, case: Case) -> bool:
        return case.order == "sorted"


class DuckDb(Peer):
    """SQL over the Arrow table in memory."""

    name = "DuckDB"
    needs = ("duckdb",)

    def prepared(self, rows: pa.Table) -> Any:
        connection = importlib.import_module("duckdb").connect()
        connection.register("attempts", rows)
        worth = {"a": ATTEMPTED, "e": EARNED, "g": IN_GPA, "p": POINTS}
        connection.register("worth", pa.table({"grade": LETTERS, **{n: one.astype("f8") for n, one in worth.items()}}))
        connection.execute("create table scale as select * from worth")
        return connection

    def run(self) -> Any:
        return self.rows.sql(self._sql()).to_arrow_table()

    def _sql(self) -> str:
        case = self.case
        counts = "excluded = 0"
        keys = ", ".join(case.keys)
        if case.grades == "points":
            source = "attempts"
            made = (
                f"credits as {A}, case when {counts} and points > 0 then credits else 0 end as {E}, "
                f"case when {counts} and points is not null then credits else 0 end as {H}, "
                f"case when {counts} and points is not null then credits * points else 0 end as {Q}"
            )
        else:
            grade = "attempts.grade::varchar" if case.grades == "letters" else "attempts.grade"
            source = f"attempts join scale on {grade} = scale.grade"
            made = (
                f"credits * a as {A}, case when {counts} then credits * e else 0 end as {E}, "
                f"case when {counts} then credits * g else 0 end as {H}, "
                f"case when {counts} then credits * g * p else 0 end as {Q}"
            )
        if not case.repeats:
            sums = ", ".join(f"sum({name}) as {name}" for name in SUMS)
            inner = f"select {keys}, {sums} from (select {keys}, {made} from {source}) group by {keys}"
            return f"select *, {Q} / nullif({H}, 0) as gpa from ({inner})"
        return (
            f"with work as materialized (select student_id, course, term, {made} from {source}), "
            f"whole as (select student_id, sum({A}) as {A} from work group by student_id), "
            f"last as (select student_id, arg_max({{'e': {E}, 'h': {H}, 'q': {Q}}}, term) as kept from work "
            f"where {H} > 0 or {E} > 0 group by student_id, course), "
            f"sums as (select student_id, sum(kept.e) as {E}, sum(kept.h) as {H}, sum(kept.q) as {Q} from last "
            "group by student_id) "
            f"select whole.student_id, {A}, coalesce({E}, 0) as {E}, coalesce({H}, 0) as {H}, coalesce({Q}, 0) as {Q}, "
            f"{Q} / nullif({H}, 0) as gpa from whole left join sums using (student_id)"
        )


class Pyarrow(Peer):
    """Its compute functions and group_by."""

    name = "pyarrow"
    needs = ("pyarrow",)

    def run(self) -> Any:
        case, rows = self.case, self.rows
        made = {key: rows[key] for key in case.keys}
        made.update(zip(SUMS, self._measures(), strict=True))
        four = [(name, "sum") for name in SUMS]
        if case.repeats:
            work = pa.table({**made, "course": rows["course"], "term": rows["term"]})
            taken = work.filter(pc.or_(pc.greater(work[H], 0), pc.greater(work[E], 0)))
            if case.order == "shuffled":
                taken = taken.sort_by([("term", "ascending")])
            last = taken.group_by(["student_id", "course"], use_threads=False).aggregate(
                [(n, "last") for n in (E, H, Q)]
            )
            sums = last.group_by("student_id").aggregate([(f"{name}_last", "sum") for name in (E, H, Q)])
            whole = work.group_by("student_id").aggregate(four[:1])
            joined = whole.join(sums, "student_id")
            renamed = {f"{A}_sum": A, **{f"{name}_last_sum": name for name in (E, H, Q)}}
            result = joined.rename_columns([renamed.get(name, name) for name in joined.column_names])
            for name in (E, H, Q):
                result = result.set_column(result.column_names.index(name), name, pc.fill_null(result[name], 0.0))
        else:
            result = pa.table(made).group_by(case.keys).aggregate(four)
            result = result.rename_columns([name.removesuffix("_sum") for name in result.column_names])
        hours = pc.if_else(pc.equal(result[H], 0), None, result[H])
        return result.append_column("gpa", pc.divide(result[Q], hours))

    def _measures(self) -> list[Any]:
        case, rows = self.case, self.rows
        credits = rows["credits"]
        counts = pc.equal(rows["excluded"], 0)
        if case.grades == "points":
            points = rows["points"]
            known = pc.and_(pc.is_valid(points), counts)
            positive = pc.and_(pc.fill_null(pc.greater(points, 0), False), counts)
            hours = pc.if_else(known, credits, 0.0)
            return [credits, pc.if_else(positive, credits, 0.0), hours, pc.multiply(hours, pc.fill_null(points, 0.0))]
        grade = rows["grade"].combine_chunks()
        grade = grade if pa.types.is_dictionary(grade.type) else grade.dictionary_encode()
        place = [LETTERS.index(letter) for letter in grade.dictionary.to_pylist()]

        def times(worth: Any) -> Any:
            return pc.multiply(credits, pa.array(worth.astype("f8")[place]).take(grade.indices))

        attempted, earned, hours = times(ATTEMPTED), times(EARNED), times(IN_GPA)
        float_counts = pc.cast(counts, pa.float64())
        earned, hours = pc.multiply(earned, float_counts), pc.multiply(hours, float_counts)
        return [attempted, earned, hours, pc.multiply(hours, pa.array(POINTS[place]).take(grade.indices))]


PEERS: list[type[Peer]] = [Numpy, Pandas, Polars, PolarsStreaming, PolarsSorted, DuckDb, Pyarrow]


def available(case: Case, say: Callable[[str], None]) -> list[type[Peer]]:
    """The peers that are installed; the others are skipped by name."""
    found = []
    for peer in PEERS:
        try:
            for module in peer.needs:
                importlib.import_module(module)
        except ImportError:
            say(f"{peer.name} is not installed: skipped")
            continue
        if peer.fits(case):
            found.append(peer)
    return found
