"""PostgreSQL and MariaDB as sources, on real servers: SQLite's records, and nothing lost when a server goes away."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import database_servers as servers
import registrary
from database_servers import Server, fetched, refused
from registrary.demo import databases

pytestmark = pytest.mark.timeout(300)

RUNNING = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'registrary' AND state = 'active'",
    "mariadb": "SELECT count(*) FROM information_schema.processlist "
    f"WHERE user = '{servers.USER}' AND state = 'User sleep'",
}
CONNECTED = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'registrary'",
    "mariadb": f"SELECT count(*) FROM information_schema.processlist WHERE user = '{servers.USER}'",
}


def slow_url(server: Server, **parameters: str) -> str:
    if server.kind == "postgresql":
        return server.url(options="-csearch_path%3Dslow,public", **parameters)
    return server.url("slow", **parameters)


def until(server: Server, query: str, holds: Callable[[int], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds(int(server.ask(query))):
        assert time.monotonic() < deadline, server.ask(query)
        time.sleep(0.05)


def test_every_record_is_the_same_as_from_sqlite(campus: Server) -> None:
    written = asyncio.run(fetched("sqlite:///:campus:"))
    assert len(written) == 320
    assert asyncio.run(fetched(campus.url())) == written


def test_ids_and_what_a_check_tells_are_the_same_as_from_sqlite(campus: Server) -> None:
    async def asked(source: str) -> tuple[list[str], list[str]]:
        async with registrary.Registrar(source=source) as registrar:
            return await registrar.student_ids(), await registrar.check_source()

    ids, found = asyncio.run(asked(campus.url()))
    expected_ids, expected = asyncio.run(asked("sqlite:///:campus:"))
    assert ids == expected_ids
    assert found[1:] == expected[1:]
    assert f"127.0.0.1:{campus.port}/campus" in found[0]
    assert servers.USER not in found[0]


def test_other_spellings_of_the_scheme_name_the_same_server(campus: Server) -> None:
    others = ["postgres", "postgresql+asyncpg"] if campus.kind == "postgresql" else ["mysql", "mysql+aiomysql"]
    for scheme in others:
        assert asyncio.run(fetched(campus.url().replace(campus.kind, scheme, 1), ["102"]))


def test_a_student_who_is_not_there_is_nobody_else_s_failure(campus: Server) -> None:
    async def some() -> list[object]:
        async with registrary.Registrar(source=campus.url()) as registrar:
            asked = [registrar.fetch_record(student) for student in ("101", "nobody", "102")]
            return list(await asyncio.gather(*asked, return_exceptions=True))

    found = asyncio.run(some())
    assert [type(outcome).__name__ for outcome in found] == ["StudentRecord", "RecordNotFoundError", "StudentRecord"]


WRONG = """
INSERT INTO students (id, birth, totals, sample, institution) VALUES ('wrong', '2001-02-30', 'guessed', {no}, NULL);
INSERT INTO names (student, seq, kind, given) VALUES ('wrong', 1, 'chosen', 'Ada');
INSERT INTO terms (student, seq, designator, name, level) VALUES ('wrong', 1, '2024-13', 'Fall', 'Under Graduate');
INSERT INTO attempts (student, block_kind, block, seq, title, unit, credits, mark, grade) VALUES
  ('wrong', 'term', 1, 1, '', 'furlong', '1.23456789', '-1', 'ABCDEFGHIJKLMNOP'),
  ('wrong', 'term', 9, 1, 'Logic', 'semester', '12345678901', NULL, 'A'),
  ('wrong', 'seminar', 1, 1, 'Logic', 'semester', '3', NULL, 'A');
"""


def test_every_problem_is_told_at_once_and_none_quotes_a_value(campus: Server, tmp_path: Path) -> None:
    path = tmp_path / "wrong.db"
    registrary.write_sample_campus(path, 300)
    with sqlite3.connect(path) as connection:
        connection.executescript(WRONG.format(no="0"))
    connection.close()
    campus.ask(WRONG.format(no="false"), "campus")
    try:
        found = refused(campus.url(), "wrong")
        expected = refused(str(path), "wrong")
        # A batch that holds a wrong record is a batch all the same.
        assert len(asyncio.run(fetched(campus.url(), ["101", "102"]))) == 2
    finally:
        for table in reversed(databases._TABLES[1:]):
            key = "id" if table == "students" else "student"
            campus.ask(f"DELETE FROM {table} WHERE {key} = 'wrong'", "campus")
    assert isinstance(found, registrary.MalformedRecordError)
    assert isinstance(expected, registrary.MalformedRecordError)
    assert len(found.problems) >= 8
    assert found.problems == expected.problems
    assert "furlong" not in str(found)


def test_a_cancelled_await_ends_the_query_on_the_server(campus: Server) -> None:
    async def given_up() -> None:
        async with registrary.Registrar(source=slow_url(campus)) as registrar:
            first = asyncio.create_task(registrar.fetch_record("101"))
            second = asyncio.create_task(registrar.fetch_record("102"))
            await asyncio.to_thread(until, campus, RUNNING[campus.kind], lambda count: count == 1)
            first.cancel()
            await asyncio.wait([first])
            await asyncio.sleep(0.3)
            # Somebody else still waits for that batch.
            assert int(await asyncio.to_thread(campus.ask, RUNNING[campus.kind])) == 1
            second.cancel()
            await asyncio.wait([second])
            assert first.cancelled()
            assert second.cancelled()
            await asyncio.to_thread(until, campus, RUNNING[campus.kind], lambda count: count == 0)

    asyncio.run(given_up())


def test_a_time_limit_ends_the_query_on_the_server(campus: Server) -> None:
    async def limited() -> None:
        async with registrary.Registrar(source=slow_url(campus), timeout=0.7) as registrar:
            await registrar.fetch_record("103")

    with pytest.raises(TimeoutError, match="fetch"):
        asyncio.run(limited())
    until(campus, RUNNING[campus.kind], lambda count: count == 0)


def test_the_server_s_own_limit_is_told(campus: Server) -> None:
    error = refused(slow_url(campus, statement_timeout="300"))
    assert isinstance(error, registrary.SourceUnavailableError)
    assert "statement_timeout" in str(error)


def test_a_thousand_awaits_use_two_connections(campus: Server) -> None:
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, int(campus.ask(CONNECTED[campus.kind])))

    before = int(campus.ask(CONNECTED[campus.kind]))
    watcher = threading.Thread(target=watch)
    watcher.start()
    # Another name for the same host: connections of its own.
    own = campus.url(sslmode="disable")
    records = asyncio.run(fetched(own, [str(number) for number in range(101, 351)], times=4))
    done.set()
    watcher.join()
    assert len(records) == 1000
    assert 1 <= most - before <= 2


def test_a_server_stopped_and_started_again_in_mid_run_loses_nothing(campus: Server) -> None:
    async def run() -> list[str]:
        async with registrary.Registrar(source=campus.url(), timeout=90) as registrar:
            limit = asyncio.Semaphore(64)
            begun = asyncio.Event()
            done = 0

            async def one(student: str) -> str:
                nonlocal done
                async with limit:
                    record = await registrar.fetch_record(student)
                done += 1
                if done == 300:
                    begun.set()
                return record.to_json()

            ids = await registrar.student_ids() * 8
            tasks = [asyncio.create_task(one(student)) for student in ids]
            await begun.wait()
            await asyncio.to_thread(campus.stop)
            left = sum(not task.done() for task in tasks)
            assert left > 0, "the run was over before the server stopped"
            await asyncio.sleep(0.5)
            await asyncio.to_thread(campus.start)
            return await asyncio.gather(*tasks)

    records = asyncio.run(run())
    assert records == asyncio.run(fetched("sqlite:///:campus:")) * 8


def test_a_stream_of_transcripts_outlives_its_server(campus: Server) -> None:
    async def run() -> int:
        async with registrary.Registrar(source=campus.url(), timeout=90) as registrar:
            ids = [str(number) for number in range(150, 190)]
            count = 0
            async for result in registrar.generate_transcripts(ids, max_concurrency=4):
                assert result.error is None, result.error
                count += 1
                if count == 5:
                    await asyncio.to_thread(campus.stop)
                    await asyncio.to_thread(campus.start)
            return count

    assert asyncio.run(run()) == 40


def test_connections_ended_by_an_administrator_in_mid_run_lose_nothing(campus: Server) -> None:
    end = {
        "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'registrary'",
        "mariadb": f"KILL CONNECTION USER '{servers.USER}'@'127.0.0.1'",
    }[campus.kind]

    async def run() -> int:
        work = asyncio.create_task(fetched(campus.url(), times=4))
        ended = 0
        while not work.done() and ended < 5:
            await asyncio.sleep(0.05)
            await asyncio.to_thread(campus.ask, end)
            ended += 1
        return len(await work)

    assert asyncio.run(run()) == 4 * 320


def test_a_record_is_never_half_old_and_half_new(campus: Server) -> None:
    student = "119"
    rewrite = {
        "postgresql": "DO $$ BEGIN FOR i IN 1..1500 LOOP UPDATE students SET native_name = 'v' || i WHERE id = '{0}'; "
        "DELETE FROM notes WHERE student = '{0}'; INSERT INTO notes VALUES ('{0}', 1, 'v' || i); "
        "COMMIT; END LOOP; END $$",
        "mariadb": "BEGIN NOT ATOMIC FOR i IN 1..1500 DO START TRANSACTION; "
        "UPDATE students SET native_name = CONCAT('v', i) WHERE id = '{0}'; DELETE FROM notes WHERE student = '{0}'; "
        "INSERT INTO notes VALUES ('{0}', 1, CONCAT('v', i)); COMMIT; END FOR; END",
    }[campus.kind].format(student)
    if campus.kind == "mariadb":
        rewrite = f"DELIMITER //\n{rewrite}//\n"

    async def run() -> set[str]:
        seen: set[str] = set()
        async with registrary.Registrar(source=campus.url()) as registrar:
            before = (await registrar.fetch_record(student)).to_dict()
            assert not before.get("notes")
            writer = asyncio.create_task(asyncio.to_thread(campus.ask, rewrite, "campus"))
            while not writer.done():
                record = (await registrar.fetch_record(student)).to_dict()
                native = record["student"]["names"].get("native")
                assert record.get("notes") == ([native] if native else []) or not (native or record.get("notes"))
                seen.add(str(native))
            await writer
        return seen

    try:
        assert len(asyncio.run(run())) > 3, "the writer was never seen at work"
    finally:
        undo = "UPDATE students SET native_name = NULL WHERE id = '{0}'; DELETE FROM notes WHERE student = '{0}';"
        campus.ask(undo.format(student), "campus")


@pytest.mark.parametrize("wrong", ["password", "database", "port", "table"])
def test_what_is_wrong_is_told_and_no_secret_with_it(campus: Server, wrong: str) -> None:
    url = campus.url()
    url = {
        "password": url.replace("pa%3A", "s3cret"),
        "database": url.replace("/campus", "/elsewhere"),
        "port": url.replace(f":{campus.port}/", ":1/"),
        "table": campus.url("postgres" if campus.kind == "postgresql" else "information_schema"),
    }[wrong]
    error = refused(url)
    assert isinstance(error, registrary.SourceUnavailableError)
    told = {"password": "password", "database": "database", "port": "refused", "table": "published schema"}[wrong]
    assert told in str(error)
    for secret in (servers.USER, servers.PASSWORD, servers.QUOTED, "s3cret", "w@rd"):
        assert secret not in f"{error} {error!r} {error.__cause__!r} {error.hint}"


def test_a_forked_child_has_connections_of_its_own(campus: Server) -> None:
    body = f"""
    import asyncio, os, sys, registrary
    async def two(registrar):
        return [(await registrar.fetch_record(s)).to_json() for s in ("101", "102")]
    registrar = registrary.Registrar(source={campus.url()!r})
    before = asyncio.run(two(registrar))
    child = os.fork()
    if child == 0:
        os._exit(0 if asyncio.run(two(registrar)) == before else 3)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, status
    assert asyncio.run(two(registrar)) == before
    print("same")
    """
    script = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(body)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "same", "")


def test_a_script_is_written_for_known_servers_only() -> None:
    with pytest.raises(ValueError, match="postgresql"):
        next(databases.script("oracle"))  # type: ignore[arg-type]
    done = subprocess.run(
        [sys.executable, "-m", "registrary.demo.databases", "mysql"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.count("INSERT INTO students") == 1
