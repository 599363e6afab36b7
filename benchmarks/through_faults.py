"""An end-of-term run through a proxy that fails on purpose: none lost, none double, in how much more time and memory?

    pip install . && python benchmarks/through_faults.py [SOURCE] [--server postgresql] [--students 1000] [--out DIR]

SOURCE is the address of a database or service with a port, on this machine: postgresql://user@127.0.0.1:5432/campus,
http://127.0.0.1:8000. `--server postgresql` brings one up with the sample campus instead (from the system's packages,
on loopback); `--server http` a record service. The same students are made twice through the proxy, a process of its
own: without faults, then with 5 % of the exchanges reset, 2 % truncated and 2 % dripping a byte at a time, 500 a s;
of those with a service, which is asked again for one question in ten at most, 2.5 %, 1 % and 0.5 %, and 0.5 % each are
answered 429 and 503. Prints the times, their ratio, the resident memory of this process by tenths of each run, and the
verdict; exits with 1 if a document is lost, double or half-written.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import registrary

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "python"))

SHARE: Mapping[Any, float] = {"reset": 0.05, "truncate": 0.02, "drip": 0.02}
OF_SERVICE: Mapping[Any, float] = {"reset": 0.025, "truncate": 0.01, "drip": 0.005}
REFUSED = 200
PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLES = 300


class Memory(threading.Thread):
    """The resident set of this process in MB (Linux), ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.seen.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6)

    def end(self) -> str:
        """The most, and the mean of each tenth of the run."""
        self._ended.set()
        self.join()
        tenths = [self.seen[len(self.seen) * at // 10 : len(self.seen) * (at + 1) // 10] for at in range(10)]
        means = " ".join(f"{sum(tenth) / len(tenth):.0f}" for tenth in tenths if tenth)
        return f"at most {max(self.seen, default=0):.0f} MB resident; by tenths {means}"


def elsewhere(address: str, port: int) -> str:
    """The same address at another port of this machine."""
    parts = urlsplit(address)
    user = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}" if user else f"127.0.0.1:{port}"))


async def run(address: str, folder: Path, ids: list[str], concurrency: int) -> registrary.BatchReport:
    """One run, resumed until nothing fails any more, as an operator would."""
    (folder / "out").mkdir(parents=True)
    for attempt in range(1, 6):
        registrar = registrary.Registrar(address, timeout={"fetch": 60})
        report = await registrar.run_batch(
            ids, sink=folder / "out", journal=folder / "run.journal", official=False, concurrency=concurrency
        )
        if not report.failures:
            return report
        print(f"  after run {attempt}: {dict(report.reasons)}")
    return report


def faults(folder: Path, ids: list[str]) -> int:
    """How many documents are lost, double or half-written."""
    lines = [line.split(" ") for line in (folder / "run.journal").read_text(encoding="ascii").splitlines()]
    done = [line for line in lines if line[0] == "done"]
    names = {line[5]: line[2] for line in done}
    wrong = len(done) - len(names) + abs(len(names) - len(ids))
    for name, digest in names.items():
        path = folder / "out" / name
        pdf = path.read_bytes() if path.is_file() else b""
        wrong += not pdf.endswith(b"%%EOF\n") or hashlib.sha256(pdf).hexdigest() != digest
    return wrong


def _proxied(told: Connection, port: int, share: Mapping[Any, float]) -> None:
    from faults import FaultProxy

    with FaultProxy(port, share=share, seed=7) as proxy:
        told.send(proxy.port)
        told.recv()
        told.send({fault: count for fault, count in proxy.drawn.items() if fault in (*SHARE, "none")})


@contextlib.contextmanager
def _process(work: Any, *given: Any) -> Iterator[tuple[Connection, Any]]:
    """A process of its own, and the first thing it tells."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=work, args=(theirs, *given), daemon=True)
    process.start()
    try:
        yield ours, ours.recv()
    finally:
        process.terminate()
        process.join()


async def _answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, records: dict[str, Any]) -> None:
    """Answers `GET /students/{id}` for as long as the connection lasts: any id, by one of the sample's records."""
    number = 0
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            student = head.split(b" ", 2)[1].removeprefix(b"/students/")
            if student == b"/refuse":
                records["refusing"] = True
                student = b"0"
            number = records["asked"] = records["asked"] + 1
            status, body = b"200 OK", b""
            if records["refusing"] and number % REFUSED == REFUSED // 2:
                status = b"429 Too Many Requests"
            elif records["refusing"] and number % REFUSED == 0:
                status = b"503 Service Unavailable"
            else:
                before, after = records["bodies"][int(student) % SAMPLES]
                body = before + student + after
            kind = b"Content-Type: application/json\r\n"
            writer.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body))
            await writer.drain()
    writer.close()


def _served(told: Connection) -> None:
    async def records() -> list[tuple[bytes, bytes]]:
        with tempfile.TemporaryDirectory() as scratch:
            campus = Path(scratch, "campus.db")
            registrary.write_sample_campus(campus, students=SAMPLES)
            registrar = registrary.Registrar(campus)
            found = []
            for student in (await registrar.student_ids())[:SAMPLES]:
                record = (await registrar.fetch_record(student)).to_json().encode()
                before, mark, after = record.partition(b'"id": "%s"' % student.encode())
                assert mark, "the record tells its id otherwise"
                found.append((before + b'"id": "', b'"' + after))
            return found

    async def serve() -> None:
        known = {"asked": 0, "refusing": False, "bodies": await records()}
        server = await asyncio.start_server(lambda r, w: _answering(r, w, known), "127.0.0.1", 0, backlog=1024)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextlib.contextmanager
def served(kind: str, students: int) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that has so many students, and their ids."""
    if kind == "http":
        with _process(_served) as (_, port):
            yield f"http://127.0.0.1:{port}", [str(number) for number in range(101, 101 + students)]
        return
    import database_servers
    from registrary.demo import databases

    with database_servers.postgresql() as server, tempfile.TemporaryDirectory() as scratch:
        script = Path(scratch, "campus.sql")
        with script.open("w", encoding="utf-8") as file:
            file.writelines(databases.script("postgresql", max(students, SAMPLES)))
        server.load(script)
        yield server.url(), asyncio.run(registrary.Registrar(server.url()).student_ids())[:students]


@contextlib.contextmanager
def given(source: str, students: int) -> Iterator[tuple[str, list[str]]]:
    yield source, asyncio.run(registrary.Registrar(source).student_ids())[:students]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("--server", choices=("postgresql", "http"), default="http")
    parser.add_argument("--students", type=int, default=1_000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--faults-only", action="store_true", help="the second run alone")
    options = parser.parse_args()
    if options.source is not None and urlsplit(options.source).port is None:
        parser.error("the address needs a port")
    place = given(options.source, options.students) if options.source else served(options.server, options.students)
    with place as (source, ids):
        sys.exit(1 if compared(source, ids, options) else 0)


def compared(source: str, ids: list[str], options: argparse.Namespace) -> int:
    """Makes them both ways and prints how that went; how many documents are lost, double or half-written."""
    took, wrong = {}, 0
    service = source.startswith("http")
    ways: dict[str, Mapping[Any, float]] = {"through the proxy": {}, "through faults": OF_SERVICE if service else SHARE}
    with tempfile.TemporaryDirectory(dir=options.out) as scratch:
        for way, share in list(ways.items())[1 if options.faults_only else 0 :]:
            folder, memory = Path(scratch, way.split()[-1]), Memory()
            if service and share and options.source is None:
                with urllib.request.urlopen(f"{source}/refuse", timeout=10):
                    pass
            with _process(_proxied, urlsplit(source).port, share) as (proxy, port):
                memory.start()
                began = time.monotonic()
                report = asyncio.run(run(elsewhere(source, port), folder, ids, options.concurrency))
                took[way] = time.monotonic() - began
                proxy.send("end")
                drawn = proxy.recv()
            rate, stages = len(ids) / took[way], {stage: round(s, 1) for stage, s in report.stages.items()}
            print(f"{way}: {len(ids):,} documents in {took[way]:.1f} s, {rate:,.0f}/s; {report.failed} failed")
            print(f"  exchanges {drawn}; {memory.end()}\n  seconds by stage, side by side: {stages}", flush=True)
            wrong += faults(folder, ids)
    if len(took) == len(ways):
        print(f"time ratio {took['through faults'] / took['through the proxy']:.2f}")
    print(f"{wrong} lost, double or half-written")
    return wrong


if __name__ == "__main__":
    main()
