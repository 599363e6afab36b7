"""Real servers with the sample campus, started once for all tests that read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import database_servers as servers
from database_servers import Server


def slow(kind: str) -> str:
    """A campus that takes a minute to read."""
    if kind == "postgresql":
        return (
            "CREATE SCHEMA slow; CREATE VIEW slow.terms AS "
            "SELECT terms.* FROM public.terms, (SELECT pg_sleep(60)) pause;"
        )
    return mirrored("slow", terms="SELECT * FROM campus.terms WHERE SLEEP(60) = 0")


def mirrored(name: str, **views: str) -> str:
    """SQL for a database of MariaDB's with a view of each table of the campus, some of them as given."""
    from registrary.demo import databases

    tables = [*databases._TABLES, "meta"]
    made = [f"CREATE VIEW {name}.{t} AS {views.get(t, f'SELECT * FROM campus.{t}')}" for t in tables]
    return "; ".join([f"CREATE DATABASE {name}", *made, f"GRANT SELECT ON {name}.* TO '{servers.USER}'@'127.0.0.1'"])


@pytest.fixture(scope="session")
def postgresql_campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.postgresql() as server:
        server.load_campus(tmp_path_factory.mktemp("campus"))
        server.ask(slow("postgresql"), "campus")
        yield server


@pytest.fixture(scope="session")
def mariadb_campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.mariadb() as server:
        server.load_campus(tmp_path_factory.mktemp("campus"))
        server.ask(slow("mariadb"))
        yield server


@pytest.fixture(params=["postgresql", "mariadb"])
def campus(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(f"{request.param}_campus")
    return server
