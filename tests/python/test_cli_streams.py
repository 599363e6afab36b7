"""The command line where its streams and arguments are not what they should be: closed, or not text."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from pathlib import Path

import pytest

from registrary.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")


def shell(command: str, folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs `command`, in which `registrary` stands for this interpreter's."""
    program = f"registrary() {{ '{sys.executable}' -m registrary \"$@\"; }}; {command}"
    return subprocess.run(
        ["/bin/sh", "-c", program], check=False, cwd=folder, input=given, capture_output=True, timeout=60
    )


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        ("registrary show 101 >&-", 0, b""),
        ("registrary show 101 --json >&-", 0, b""),
        ("registrary show nobody 2>&-", 1, b""),
        ("registrary show nobody >&- 2>&-", 1, b""),
        ("registrary batch - -o out <&-", 3, b"no student id was given"),
    ],
)
def test_a_closed_stream_is_no_defect(tmp_path: Path, command: str, status: int, says: bytes) -> None:
    ended = shell(command, tmp_path)
    assert (ended.returncode, ended.stdout) == (status, b"")
    assert says in ended.stderr
    assert b"unexpected" not in ended.stderr


def test_a_list_of_ids_that_is_not_utf_8_tells_its_line(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_bytes(b"101\nM\xfcller\n")
    for command, given in (
        ("registrary batch ids.txt -o out", b""),
        ("registrary batch - -o out", b"101\nM\xfcller\n"),
    ):
        ended = shell(command, tmp_path, given)
        assert ended.returncode == 3
        assert b"line 2 of the student ids is not UTF-8" in ended.stderr
        assert b"ller" not in ended.stderr


@pytest.mark.parametrize("arguments", ["show X", "generate X", "generate 101 --recipient X", "gpa 101 --source X"])
def test_arguments_that_are_no_text_are_wrong_usage(tmp_path: Path, arguments: str) -> None:
    command = "registrary " + arguments.replace("X", "\"$(printf '\\377')\"")
    ended = shell(command, tmp_path)
    assert ended.returncode == 2
    assert b"not valid text" in ended.stderr
    assert b"unexpected" not in ended.stderr


def test_ids_are_waited_for_without_a_loop_which_would_keep_ctrl_c_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Typed(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()
            raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Typed()))
    assert main(["batch", "-", "-o", "out"]) == 130
