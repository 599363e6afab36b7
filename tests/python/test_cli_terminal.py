"""What is drawn on a terminal: columns by width, times, the progress line, and no colour where none is wanted."""

from __future__ import annotations

import io

import pytest

from registrary.cli.terminal import Progress, aligned, columns, plain, seconds, styled


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("", 0), ("山田", 4), ("é", 1), ("e\u0301", 1), ("한글 a", 6), ("محمد", 4)]
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


def test_aligned_by_width_not_length() -> None:
    assert aligned([["山田", "1"], ["Ada", "12"]], right=frozenset({1})) == ["山田   1", "Ada   12"]
    assert aligned([]) == []


def test_nothing_a_terminal_would_obey_is_printed() -> None:
    assert plain("a\x1b[31mb\nc\x07\u2028d") == "a?[31mb?c??d"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0004, "0.4 ms"),
        (0.038, "38 ms"),
        (0.9994, "999 ms"),
        (0.9999, "1.00 s"),
        (2.409, "2.41 s"),
        (200, "3 min 20 s"),
    ],
)
def test_seconds(value: float, words: str) -> None:
    assert seconds(value) == words


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert styled("x", "bold", Terminal()) == "\x1b[1mx\x1b[0m"
    assert styled("x", "bold", io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert styled("x", "bold", Terminal()) == "x"


def test_progress_is_one_line_and_goes_away() -> None:
    terminal = Terminal()
    progress = Progress(4, terminal)
    for done in range(1, 5):
        progress.show(done, failed=0)
    progress.clear()
    written = terminal.getvalue()
    assert "4/4" in written
    assert "\n" not in written
    assert written.endswith("\r\x1b[K")


def test_progress_line_tells_rate_and_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    line = Progress(200, Terminal()).line(done=50, failed=2, elapsed=1.0)
    assert line.split("  ") == ["█" * 7 + "░" * 21, "50/200", "2 failed", "3.00 s left", "50/s"]


@pytest.mark.parametrize("room", [79, 60, 40, 39, 30, 20, 10])
def test_progress_line_never_wraps(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    line = Progress(320, Terminal()).line(done=147, failed=2, elapsed=1.0, room=room)
    assert columns(line) <= room
    assert "147/320" in line
    assert ("█" in line) == (room >= 79)


def test_progress_is_silent_without_a_terminal() -> None:
    stream = io.StringIO()
    progress = Progress(2, stream)
    progress.show(2, failed=1)
    progress.clear()
    assert stream.getvalue() == ""
