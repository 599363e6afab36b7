"""Real database servers for the tests: from the system's packages, on loopback, in a folder of their own."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

#: With signs that a URL must not take for its own.
USER, PASSWORD, QUOTED = "registrar", "pa:ss/w@rd?#%", "pa%3Ass%2Fw%40rd%3F%23%25"
#: A server is told to end with the thread that started it: this one lives as long as the test run.
_STARTER = ThreadPoolExecutor(1, thread_name_prefix="server-starter")
_ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin"), "LC_ALL": "C.UTF-8", "PGPASSWORD": PASSWORD}


def _program(name: str, package: str, *folders: str) -> str:
    found = shutil.which(
        name, path=os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    )
    if found is None:
        pytest.skip(f"{name} is not there: install the package {package}")
    return found


def _postgresql_program(name: str) -> str:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    return _program(name, "postgresql", *map(str, folders))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_nobody() -> list[str]:
    """What runs a server as a user without rights, which servers insist on, and ends it with the test run."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.geteuid() == 0:
            pytest.skip("setpriv is not there: install the package util-linux")
        return []
    who = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    return [setpriv, *who, "--pdeathsig=KILL"]


def _run(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
    piped: dict[str, Any] = {"text": True, "capture_output": True, "timeout": 90, "env": _ENVIRONMENT}
    done: subprocess.CompletedProcess[str] = subprocess.run(command, check=False, **{**piped, **more})
    assert done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done


@dataclasses.dataclass
class Server:
    """A server that can be stopped and started again on the same port with the same rows."""

    kind: str
    folder: Path
    port: int
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "campus", **parameters: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"{self.kind}://{USER}:{QUOTED}@127.0.0.1:{self.port}/{database}" + (f"?{query}" if query else "")

    def start(self) -> None:
        self.process = _STARTER.submit(self._started).result()
        deadline = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            with contextlib.suppress(AssertionError):
                self.ask("SELECT 1")
                return
            assert time.monotonic() < deadline, (self.folder / "server.log").read_text()
            time.sleep(0.05)

    def _started(self) -> subprocess.Popen[bytes]:
        with (self.folder / "server.log").open("ab") as log:
            quiet = subprocess.DEVNULL
            return subprocess.Popen(self.command, stdout=log, stderr=log, stdin=quiet, env=_ENVIRONMENT)

    def stop(self) -> None:
        """At once, as when its machine fails."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT if self.kind == "postgresql" else signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def ask(self, sql: str, database: str = "") -> str:
        """What the server's own client answers, one line a row, cells parted by tabs."""
        return _run(self._client(database), input=sql).stdout

    def load(self, script: Path, database: str = "campus") -> None:
        with script.open() as text:
            _run(self._client(database), stdin=text, timeout=300)

    def load_campus(self, folder: Path) -> None:
        """The sample campus, by a script that is written to the folder."""
        # The package is imported late: where it is not installed, conftest says so.
        from registrary.demo import databases

        script = folder / f"{self.kind}.sql"
        with script.open("w", encoding="utf-8") as text:
            text.writelines(databases.script("postgresql" if self.kind == "postgresql" else "mysql"))
        self.load(script)

    def _client(self, database: str) -> list[str]:
        if self.kind == "postgresql":
            psql = _postgresql_program("psql")
            where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database or "postgres"]
            return [psql, "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", *where]
        mariadb = _program("mariadb", "mariadb-client-core")
        socket_file = str(self.folder / "server.sock")
        return [
            mariadb,
            "--no-defaults",
            "-N",
            "-B",
            "-u",
            "root",
            "-S",
            socket_file,
            *([database] if database else []),
        ]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # Not below pytest's own folder: that one is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="registrary-server-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgresql(*settings: str) -> Iterator[Server]:
    """A PostgreSQL server with the user and an empty database ``campus``."""
    initdb, postgres = _postgresql_program("initdb"), _postgresql_program("postgres")
    with _folder() as folder:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            shutil.chown(secret, "nobody", "nogroup")
        made = ["-D", str(folder / "rows"), "-U", USER, "--pwfile", str(secret), "-A", "scram-sha-256"]
        _run([*_as_nobody(), initdb, *made, "-E", "UTF8", "--no-sync"], cwd=folder)
        port = _free_port()
        fixed = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
        options = [part for setting in [*fixed, *settings] for part in ("-c", setting)]
        server = Server("postgresql", folder, port, [*_as_nobody(), postgres, "-D", str(folder / "rows"), *options])
        try:
            server.start()
            server.ask("CREATE DATABASE campus")
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def mariadb(*settings: str) -> Iterator[Server]:
    """A MariaDB server with the user and an empty database ``campus``."""
    install, daemon = (_program(name, "mariadb-server-core") for name in ("mariadb-install-db", "mariadbd"))
    with _folder() as folder:
        rows = folder / "rows"
        base = ["--no-defaults", f"--datadir={rows}", f"--tmpdir={folder}"]
        made = [*base, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
        _run([*_as_nobody(), install, *made], cwd=folder)
        port = _free_port()
        listening = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 'server.sock'}"]
        quick = ["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", f"--pid-file={folder / 'pid'}"]
        command = [*_as_nobody(), daemon, *base, *listening, *quick, *(f"--{setting}" for setting in settings)]
        server = Server("mariadb", folder, port, command)
        try:
            server.start()
            server.ask(
                "CREATE DATABASE campus CHARACTER SET utf8mb4;"
                f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';"
                f"GRANT SELECT ON campus.* TO '{USER}'@'127.0.0.1';"
            )
            yield server
        finally:
            server.stop()


def certificates(folder: Path, host: str) -> tuple[Path, Path, Path]:
    """An authority's certificate; and a server's certificate for ``host``, signed by it, with its key."""
    openssl = _program("openssl", "openssl")
    names = {
        name: folder / name for name in ("ca.pem", "ca.key", "server.pem", "server.key", "request.pem", "extensions")
    }
    elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    authority = ["-x509", *elliptic, "-keyout", str(names["ca.key"]), "-out", str(names["ca.pem"])]
    _run([openssl, "req", *authority, "-days", "2", "-subj", "/CN=Test authority"])
    request = [*elliptic, "-keyout", str(names["server.key"]), "-out", str(names["request.pem"])]
    _run([openssl, "req", "-new", *request, "-subj", f"/CN={host}"])
    names["extensions"].write_text(f"subjectAltName=DNS:{host}\nbasicConstraints=CA:FALSE\n")
    signed = ["-in", str(names["request.pem"]), "-CA", str(names["ca.pem"]), "-CAkey", str(names["ca.key"])]
    written = ["-CAcreateserial", "-out", str(names["server.pem"]), "-days", "2", "-extfile", str(names["extensions"])]
    _run([openssl, "x509", "-req", *signed, *written])
    names["server.key"].chmod(0o600)
    if os.geteuid() == 0:
        for name in ("server.pem", "server.key"):
            shutil.chown(names[name], "nobody", "nogroup")
    return names["ca.pem"], names["server.pem"], names["server.key"]


async def fetched(source: str, ids: list[str] | None = None, times: int = 1) -> list[str]:
    """The record of each student as JSON; of all, where none is named; so many times over."""
    import registrary

    async with registrary.Registrar(source=source, timeout=90) as registrar:
        ids = (await registrar.student_ids() if ids is None else ids) * times
        records = await asyncio.gather(*(registrar.fetch_record(student) for student in ids))
    return [record.to_json() for record in records]


def refused(source: str, student: str = "101") -> Any:
    """Why the source does not give the student's record: a ``TranscriptError``."""
    import registrary

    with pytest.raises(registrary.TranscriptError) as caught:
        asyncio.run(fetched(source, [student]))
    return caught.value
