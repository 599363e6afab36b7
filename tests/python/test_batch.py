"""The end-of-term run: killed at any moment it goes on where it was, and every document is there once."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import registrary

STUDENTS = 600
IDS = list(range(101, 101 + STUDENTS))
KILLS = 15

RUN = """
import asyncio, sys, registrary
async def main():
    registrar = registrary.Registrar(sys.argv[1])
    report = await registrar.run_batch(
        range(101, 701), sink=sys.argv[2], journal=sys.argv[3], name="{term}/{student_id}.pdf", official=False
    )
    print(report.saved, report.resumed, report.failed)
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("campus") / "campus.db"
    registrary.write_sample_campus(path, students=700)
    return path


def lines(journal: Path, kind: str) -> list[list[str]]:
    """The words of the journal's lines of a kind; a last line may be torn."""
    if not journal.exists():
        return []
    found = [line.split(" ") for line in journal.read_text(encoding="ascii").splitlines()]
    words = {"plan": 5, "done": 7}
    return [line for line in found if line[0] == kind and len(line) == words[kind]]


def files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


@pytest.mark.timeout(600)  # A core that is not optimised takes seconds to begin.
def test_killed_at_any_moment_a_run_makes_every_document_once(campus: Path, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    command = [sys.executable, "-c", RUN, str(campus), str(out), str(journal)]
    chance = random.Random(7)
    seen: dict[str, str] = {}
    kills = 0
    while kills < KILLS:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # Killed once it has saved so many documents more: at any speed of the machine it gets further and is killed.
        wanted = len(seen) + chance.randrange(0, 8)
        while process.poll() is None and len(lines(journal, "done")) < wanted:
            time.sleep(chance.uniform(0.0005, 0.01))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        for _, key, digest, _, _, name, _ in lines(journal, "done"):
            assert seen.setdefault(key, digest) == digest, "a document that was done was made again"
            assert hashlib.sha256((out / name.replace("%25", "%")).read_bytes()).hexdigest() == digest
    assert kills == KILLS, "the run ended before it was killed as often as it should be"
    last = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    saved, resumed, failed = map(int, last.stdout.split())
    assert (saved + resumed, failed) == (STUDENTS, 0)
    assert resumed >= len(seen) > 0
    done = {key: (digest, name) for _, key, digest, _, _, name, _ in lines(journal, "done")}
    plan = lines(journal, "plan")
    assert len(lines(journal, "done")) == len(done) == len(plan) == STUDENTS
    assert len({serial for *_, serial, _ in plan}) == STUDENTS
    assert sorted(files(out)) == sorted(name for _, name in done.values())
    for digest, name in done.values():
        pdf = (out / name).read_bytes()
        assert pdf.endswith(b"%%EOF\n")
        assert hashlib.sha256(pdf).hexdigest() == digest


def run(campus: Path, **options: Any) -> registrary.BatchReport:
    return asyncio.run(registrary.Registrar(str(campus)).run_batch(**options))


def test_a_run_reports_and_tells_holds_apart(campus: Path, tmp_path: Path) -> None:
    steps: list[registrary.BatchProgress] = []
    report = run(campus, sink=tmp_path, student_ids=[101, "102", 112, 999_999, 101], progress=steps.append)
    assert (report.total, report.saved, report.resumed, report.failed) == (4, 2, 0, 1)
    assert [(key, type(error)) for key, error in report.held] == [("112", registrary.HoldError)]
    assert [(key, type(error)) for key, error in report.failures] == [("999999", registrary.RecordNotFoundError)]
    assert report.reasons == {"hold": 1, "record-not-found": 1}
    assert not report.complete
    assert sorted(files(tmp_path)) == ["transcript-101.pdf", "transcript-102.pdf"]
    assert report.bytes == sum((tmp_path / name).stat().st_size for name in files(tmp_path))
    assert 0 < report.p50 <= report.p95
    assert {"fetch", "evaluate", "render", "save"} <= report.stages.keys()
    assert steps[-1].done == steps[-1].total == 4
    assert "101" not in repr(report) and "112" not in report._repr_html_()


def test_a_run_is_resumed_with_the_same_settings_or_refused(campus: Path, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    first = run(campus, sink=out, journal=journal, student_ids=[101, 102], keep_documents=True)
    again = run(campus, sink=out, journal=journal, keep_documents=True)
    assert (again.saved, again.resumed, again.run) == (0, 2, first.run)
    assert again.documents == first.documents
    with pytest.raises(registrary.JournalError, match="another request") as caught:
        run(campus, sink=out, journal=journal, recipient="Elsewhere")
    assert caught.value.code == "journal-mismatch"
    with pytest.raises(registrary.JournalError, match="another policy"):
        asyncio.run(registrary.Registrar(str(campus), policy="whole-letters").run_batch(sink=out, journal=journal))
    text = journal.read_text(encoding="ascii")
    record = asyncio.run(registrary.Registrar(str(campus)).fetch_record(101)).to_dict()
    assert record["student"]["names"]["legal"]["family"] not in text


def test_cancelled_a_run_ends_and_can_be_resumed(campus: Path, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    registrar = registrary.Registrar(str(campus))

    async def cancelled() -> None:
        enough = asyncio.Event()
        running = asyncio.create_task(
            registrar.run_batch(
                IDS,
                sink=out,
                journal=journal,
                official=False,
                concurrency=1,
                progress=lambda now: enough.set() if now.done else None,
            )
        )
        await asyncio.wait_for(enough.wait(), 60)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        # Nothing goes on behind the caller's back.
        assert not any(name.endswith(".tmp") for name in files(out))
        assert len(list(files(out))) == len(lines(journal, "done"))

    asyncio.run(cancelled())
    earlier = len(lines(journal, "done"))
    report = asyncio.run(registrar.run_batch(IDS, sink=out, journal=journal, official=False))
    assert (report.resumed, report.saved) == (earlier, STUDENTS - earlier)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_run_waits_for_the_callers_coroutines(tmp_path: Path, backend: str) -> None:
    anyio: Any = pytest.importorskip("anyio", reason="anyio is not installed: pip install anyio")
    pytest.importorskip(backend, reason=f"{backend} is not installed: pip install {backend}")
    running: set[object] = set()

    async def fetch(student_id: int) -> None:
        running.add(student_id)
        try:
            await anyio.sleep(3600)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(0.05)
            running.discard(student_id)

    async def main() -> None:
        async def cancelled(scope: Any) -> None:
            while len(running) < 10:
                await anyio.sleep(0.005)
            scope.cancel()

        async with anyio.create_task_group() as watching:
            with anyio.CancelScope() as scope:
                watching.start_soon(cancelled, scope)
                await registrary.Registrar(fetch).run_batch(range(10), sink=tmp_path)
            assert scope.cancel_called and not running
        assert not registrary.runtime_stats().in_flight

    anyio.run(main, backend=backend)


def test_a_source_of_the_callers_own_serves_a_run(tmp_path: Path) -> None:
    record = asyncio.run(registrary.Registrar().fetch_record(101)).to_dict()

    async def fetch(student_id: str) -> dict[str, Any]:
        await asyncio.sleep(0)
        if student_id == "7":
            raise LookupError("no such student")
        return {**record, "student": {**record["student"], "id": student_id}}

    ids = [str(number) for number in range(1, 41)]
    report = asyncio.run(registrary.Registrar(fetch).run_batch(ids, sink=tmp_path))
    assert (report.saved, report.failed) == (39, 1)
    mapping = {student_id: {**record, "student": {**record["student"], "id": student_id}} for student_id in ids}
    report = asyncio.run(registrary.Registrar(mapping).run_batch(sink=tmp_path))
    assert report.complete and report.total == 40


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"name": "../{student_id}.pdf"}, "template"),
        ({"name": "all.pdf"}, "never share a name"),
        ({"shard": (3, 2)}, "shard"),
        ({"concurrency": 0}, "max_concurrency"),
        ({"serial": "T-1"}, "one serial"),
        ({"sink": None}, "place to save"),
    ],
)
def test_what_cannot_be_meant_is_refused(campus: Path, tmp_path: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(registrary.ConfigurationError, match=told):
        run(campus, **{"sink": tmp_path, "student_ids": [101], **options})
    assert list(files(tmp_path)) == []


def test_a_missing_folder_ends_a_run_at_once(campus: Path, tmp_path: Path) -> None:
    with pytest.raises(registrary.SinkError) as caught:
        run(campus, sink=tmp_path / "missing")
    assert caught.value.code == "folder-missing"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a full disk")
def test_a_full_disk_stops_the_run_and_more_room_ends_it(campus: Path, tmp_path: Path) -> None:
    out, journal = tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(out)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount")
    try:
        with pytest.raises(registrary.SinkError) as caught:
            run(campus, student_ids=IDS, sink=out, journal=journal, official=False)
        assert caught.value.code == "disk-full"
        names = list(files(out))
        assert names
        assert not any(name.endswith(".tmp") for name in names)
        assert all((out / name).read_bytes().endswith(b"%%EOF\n") for name in names)
        subprocess.run(["mount", "-o", "remount,size=200m", str(out)], check=True)
        report = run(campus, student_ids=IDS, sink=out, journal=journal, official=False)
        assert report.complete
        assert report.resumed == len(names)
        assert len(list(files(out))) == STUDENTS
    finally:
        subprocess.run(["umount", str(out)], check=True)
