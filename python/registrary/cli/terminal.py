"""Words on a terminal: colour where it is wanted, text by the columns it fills, a progress bar that stays one line."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Sequence
from typing import TextIO

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def colourful(stream: TextIO) -> bool:
    """Whether styles are shown: on a terminal that can, unless NO_COLOR (https://no-color.org) says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def styled(text: str, style: str, stream: TextIO) -> str:
    """The text in a style (`bold`, `dim`, `red`, …) where the stream shows styles, else as it is."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colourful(stream) else text


def speaks_unicode(stream: TextIO) -> bool:
    """Whether lines and bars may be drawn with more than ASCII."""
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") in ("utf8", "utf16")


def columns(text: str) -> int:
    """How many terminal columns a text fills: two for wide characters, none for marks that combine."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def plain(text: str) -> str:
    """The text with anything a terminal would obey, rather than show, replaced."""
    return "".join("?" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)


def aligned(
    rows: Sequence[Sequence[str]],
    right: frozenset[int] = frozenset(),
    gap: str = "  ",
    widths: Sequence[int] | None = None,
) -> list[str]:
    """Rows as lines with their columns aligned; columns numbered in `right` are aligned at their right.

    `widths` are those of several tables that stand below one another; without them each column is as wide as its rows.
    """
    rows = [[plain(cell) for cell in row] for row in rows]
    widths = widths_of(rows) if widths is None else widths
    return [gap.join(_padded(cell, widths[at], at in right) for at, cell in enumerate(row)).rstrip() for row in rows]


def widths_of(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that each cell of a row needs."""
    return [max(columns(plain(cell)) for cell in cells) for cells in zip(*rows, strict=True)]


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if right else cell + space


def seconds(value: float) -> str:
    """A time as a person reads it: `0.4 ms`, `38 ms`, `2.41 s`, `3 min 20 s`."""
    if value < 0.0095:
        return f"{value * 1000:.1f} ms"
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 99.5:
        return f"{value:.2f} s"
    return f"{int(value) // 60} min {int(value) % 60:02d} s"


class Progress:
    """One line on stderr that tells how far a run is; silent where stderr is no terminal."""

    # Fast enough to look alive, slow enough to cost nothing.
    _INTERVAL = 0.1
    _WIDTH = 28

    def __init__(self, total: int = 0, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._total = total
        self._shown = self._stream.isatty()
        self._full, self._empty = ("█", "░") if speaks_unicode(self._stream) else ("#", ".")
        self._started = time.monotonic()
        self._drawn = 0.0

    def show(self, done: int, failed: int, total: int | None = None) -> None:
        """Draws, unless it has just done so. The total may be known later than the run begins."""
        self._total = self._total if total is None else total
        now = time.monotonic()
        if self._shown and (now - self._drawn >= self._INTERVAL or done == self._total):
            self._drawn = now
            self._stream.write("\r" + self.line(done, failed, now - self._started, self._room()) + "\x1b[K")
            self._stream.flush()

    def _room(self) -> int:
        """The columns that a line may fill and not wrap: a wrapped line could not be drawn over."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns - 1
        except OSError:
            return 79

    def line(self, done: int, failed: int, elapsed: float, room: int = 79) -> str:
        """The line as drawn: where it does not fit, without its bar, then without its last words."""
        parts = [f"{done}/{self._total}"]
        if failed:
            parts.append(f"{failed} failed")
        if done and elapsed > 0:
            parts += [f"{seconds((self._total - done) * elapsed / done)} left", f"{done / elapsed:.0f}/s"]
        while len(parts) > 1 and columns("  ".join(parts)) > room:
            parts.pop()
        if failed and len(parts) > 1:
            parts[1] = styled(parts[1], "red", self._stream)
        bar = self._bar(done)
        fits = columns("  ".join([bar, *parts])) <= room + (9 if failed and colourful(self._stream) else 0)
        return "  ".join([bar, *parts] if fits else parts)

    def _bar(self, done: int) -> str:
        filled = self._WIDTH * done // self._total if self._total else self._WIDTH
        return self._full * filled + self._empty * (self._WIDTH - filled)

    def clear(self) -> None:
        """Takes the line away, so that a summary can stand in its place."""
        if self._shown and self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
