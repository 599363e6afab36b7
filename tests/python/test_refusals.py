"""What cannot be right is refused with its own exception, and nothing half-written is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import registrary
from registrary.demo.campus_service import CampusService

SECRET_NAME, SECRET_GRADE = "Xiomara", "Q7"


def record(student_id: str = "7", grade: str = "A") -> dict[str, Any]:
    """A small record; the campus's policy knows its grades but for the one given."""
    attempt = {"course": {"subject": "MATH", "number": "201"}, "credits": "3", "grade": "B"}
    term = {"designator": "2026-09", "name": "Fall 2026", "level": "undergraduate"}
    return {
        "schema": "registrary/student-record/1",
        "student": {"id": student_id, "names": {"legal": {"given": SECRET_NAME, "family": "Vantongeren"}}},
        "terms": [{**term, "attempts": [attempt, {**attempt, "grade": grade}]}],
        "totals": "policy",
    }


def refused(kind: type[BaseException], student_id: str | int, **settings: Any) -> registrary.TranscriptError:
    """The exception that a transcript of this student ends in; it survives pickling and tells no secret."""

    async def issue() -> registrary.Transcript:
        async with registrary.Registrar(**settings) as registrar:
            return await registrar.issue_transcript(student_id)

    with pytest.raises(kind) as caught:
        asyncio.run(issue())
    error = caught.value
    assert isinstance(error, registrary.TranscriptError)
    assert error.code
    assert error.hint
    for text in (str(error), repr(error), error.hint, str(getattr(error, "problems", ""))):
        assert SECRET_NAME not in text
        assert SECRET_GRADE not in text
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code, again.__dict__) == (
        type(error),
        str(error),
        error.code,
        error.__dict__,
    )
    return error


def test_unknown_student() -> None:
    error = refused(registrary.RecordNotFoundError, 999_999)
    assert isinstance(error, LookupError)
    assert (error.code, error.student_id) == ("record-not-found", "999999")


def test_malformed_record_lists_every_problem() -> None:
    broken = record()
    broken["student"]["birth"] = "1999-02-30"
    broken["terms"][0]["attempts"][0]["credits"] = "three"
    broken["terms"][0]["attempts"][1]["grade"] = SECRET_NAME * 9
    broken["colour"] = "green"
    del broken["terms"][0]["name"]
    error = refused(registrary.MalformedRecordError, "7", source={"7": broken})
    assert isinstance(error, registrary.MalformedRecordError)
    assert isinstance(error, ValueError)
    places = {problem.place for problem in error.problems}
    attempts = "terms[0].attempts"
    assert places == {
        "student.birth",
        f"{attempts}[0].credits",
        f"{attempts}[1].grade",
        "colour",
        "terms[0].name",
    }


def test_malformed_answer_of_a_service() -> None:
    async def nonsense(student_id: str) -> bytes:
        return b'{"schema": "registrary/student-record/1", "student": '

    with CampusService(nonsense) as service:
        refused(registrary.MalformedRecordError, "7", source=service.url)


def test_another_students_record_is_never_issued() -> None:
    async def wrong(student_id: str) -> dict[str, Any]:
        return record("8")

    error = refused(registrary.MalformedRecordError, "7", source=wrong)
    assert isinstance(error, registrary.MalformedRecordError)
    assert [problem.code for problem in error.problems] == ["wrong-student"]


def test_grade_not_on_its_scale() -> None:
    error = refused(registrary.MalformedRecordError, "7", source={"7": record(grade=SECRET_GRADE)})
    assert isinstance(error, registrary.MalformedRecordError)
    (problem,) = error.problems
    assert (problem.code, problem.place) == ("grade-not-on-scale", "terms[0].attempts[1].grade")


def test_unreachable_service() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = refused(registrary.SourceUnavailableError, "7", source=f"http://127.0.0.1:{port}")
    assert error.code == "source-unavailable"


def test_missing_database(tmp_path: Path) -> None:
    missing = tmp_path / "campus.db"
    refused(registrary.SourceUnavailableError, "7", source=f"sqlite:///{missing}")
    assert not missing.exists()


def test_hold() -> None:
    error = refused(registrary.HoldError, 112)
    assert isinstance(error, registrary.HoldError)
    assert [hold.code for hold in error.holds] == ["BURSAR"]
    assert registrary.generate_transcript_sync(112, official=False).startswith(b"%PDF")


def test_an_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "inner" / "out"
    folder.mkdir(parents=True)
    hostile = "../../etc/passwd"

    async def issue() -> registrary.Transcript:
        async with registrary.Registrar(source={hostile: record(hostile)}, save_to=folder) as registrar:
            return await registrar.issue_transcript(hostile)

    saved = asyncio.run(issue()).saved
    assert saved is not None
    assert saved.resolve().parent == folder.resolve()
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.pdf")] == [saved.relative_to(tmp_path)]
    # In the campus there is no such student; in a URL it is one segment.
    refused(registrary.RecordNotFoundError, hostile)
    asked = []

    async def record_json(student_id: str) -> bytes:
        asked.append(student_id)
        return json.dumps(record(student_id)).encode()

    with CampusService(record_json) as service:
        pdf = asyncio.run(registrary.Registrar(source=service.url).generate_transcript(hostile))
    assert pdf.startswith(b"%PDF")
    assert asked == [hostile]


def test_folder_that_is_none(tmp_path: Path) -> None:
    assert refused(registrary.SinkError, 101, save_to=tmp_path / "missing").code == "folder-missing"
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    assert refused(registrary.SinkError, 101, save_to=file).code == "not-a-directory"
    assert file.read_bytes() == b"kept"


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system of our own on the folder; only root may mount, and not in every container."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode != 0:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=16k"):
        assert refused(registrary.SinkError, 101, save_to=tmp_path).code == "disk-full"
        assert list(tmp_path.iterdir()) == []


def test_read_only_file_system(tmp_path: Path) -> None:
    with mounted(tmp_path, "ro"):
        assert refused(registrary.SinkError, 101, save_to=tmp_path).code == "read-only"
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write in any folder")
def test_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        assert refused(registrary.SinkError, 101, save_to=tmp_path).code == "read-only"
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(0o755)


TOO_LONG_A_FILE = """
import asyncio, registrary, resource, sys

async def issue():
    async with registrary.Registrar(save_to=sys.argv[1]) as registrar:
        await registrar.issue_transcript(101)

resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    asyncio.run(issue())
except registrary.SinkError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_write_that_fails_half_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TOO_LONG_A_FILE, str(tmp_path)]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (process.stdout, process.stderr, process.returncode) == ("save-failed\n", "", 0)
    assert list(tmp_path.iterdir()) == []
