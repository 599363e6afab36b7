"""An end-of-term run from PostgreSQL through a proxy that fails on purpose: none lost, none double, and it ends."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import registrary
from database_servers import Server, postgresql
from faults import FaultProxy
from registrary.demo import databases

STUDENTS = 300
KEPT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'registrary'"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with postgresql() as server:
        script = tmp_path_factory.mktemp("script") / "campus.sql"
        with script.open("w", encoding="utf-8") as file:
            file.writelines(databases.script("postgresql", STUDENTS))
        server.load(script)
        yield server


def through(server: Server, proxy: FaultProxy) -> str:
    return server.url().replace(f":{server.port}/", f":{proxy.port}/")


def done_once(out: Path, journal: Path) -> set[str]:
    """Whose documents the journal calls done: each once, each there as it says."""
    lines = [line.split(" ") for line in journal.read_text(encoding="ascii").splitlines()]
    done = {line[1]: (line[2], line[5]) for line in lines if line[0] == "done"}
    assert len(done) == sum(line[0] == "done" for line in lines) == len(list(out.iterdir()))
    for digest, name in done.values():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    return set(done)


@pytest.mark.timeout(300)
def test_resets_truncations_and_drips_lose_nobody(server: Server, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    ids = asyncio.run(registrary.Registrar(server.url()).student_ids())
    with FaultProxy(server.port, share={"reset": 0.05, "truncate": 0.05, "drip": 0.05}, seed=7) as proxy:
        registrar = registrary.Registrar(through(server, proxy), timeout={"fetch": 60})
        run = registrar.run_batch(ids, sink=out, journal=journal, official=False, concurrency=32)
        report = asyncio.run(asyncio.wait_for(run, 200))
        assert min(proxy.drawn[fault] for fault in ("reset", "truncate", "drip")) >= 1
    assert report.complete, report.reasons
    assert done_once(out, journal) == set(ids)


@pytest.mark.timeout(300)
def test_a_line_that_drips_holds_nobody_up(server: Server, tmp_path: Path) -> None:
    """A dripping answer of sixteen students takes minutes: without another connection it is not there in time."""
    ids = [str(number) for number in range(101, 165)]
    with FaultProxy(server.port, seed=1) as proxy:
        registrar = registrary.Registrar(through(server, proxy), timeout={"fetch": 20})

        async def run() -> registrary.BatchReport:
            # Connections are open, and so far the line is good.
            await registrar.generate_transcript(101, official=False)
            proxy.share = {"drip": 0.25}
            return await registrar.run_batch(ids, sink=tmp_path, official=False, concurrency=16)

        report = asyncio.run(run())
        assert proxy.drawn["drip"] >= 1
        assert report.complete, report.reasons
        # Connections that were given up do not keep their places on the server until their answers have dripped down.
        deadline = time.monotonic() + 30
        while (kept := int(server.ask(KEPT))) > 4:
            assert time.monotonic() < deadline, f"{kept} connections are kept"
            time.sleep(0.1)


def test_a_query_reads_whom_it_names_and_writes_nothing(server: Server, tmp_path: Path) -> None:
    def run(query: str) -> registrary.BatchReport:
        return asyncio.run(registrary.Registrar(server.url()).run_batch(query=query, sink=tmp_path, official=False))

    assert run("SELECT id FROM students WHERE id::int BETWEEN 101 AND 103").saved == 3
    for query, told in [
        ("WITH gone AS (DELETE FROM students RETURNING id) SELECT id FROM gone", "25006|refuses"),
        ("SELECT id, id FROM students", "2 columns"),
        ("SELECT id FROM pupils", "PostgreSQL refuses the query"),
        ("SELECT id FROM students FOR UPDATE", "locks"),
        ("SELECT id INTO copies FROM students", "INTO"),
    ]:
        with pytest.raises((registrary.ConfigurationError, registrary.SourceUnavailableError), match=told):
            run(query)
    assert server.ask("SELECT count(*) FROM students", "campus").strip() == str(STUDENTS)
