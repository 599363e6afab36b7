"""Failures in a person's words, and the exit status that each means to a program."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

import registrary
from registrary.cli.terminal import plain, styled

FAILED, CONFIGURATION, SOURCE, INTERRUPTED = 1, 3, 4, 130

# A batch whose source is down fails for everyone: the first lines tell as much as a million would.
_MOST_LINES = 20


def status_of(error: BaseException) -> int:
    """The exit status that one failure means."""
    if isinstance(error, (registrary.ConfigurationError, registrary.PolicyError)):
        return CONFIGURATION
    if isinstance(error, registrary.SourceUnavailableError) or getattr(error, "code", "") == "fetch-timed-out":
        return SOURCE
    return FAILED


def status_of_all(errors: Iterable[BaseException]) -> int:
    """The exit status of a run: what all failures have in common, 1 where they differ, 0 where there are none."""
    found = {status_of(error) for error in errors}
    if len(found) > 1:
        return FAILED
    return found.pop() if found else 0


def line_of(error: BaseException, student_id: str | None = None) -> str:
    """One failure in one line."""
    student_id = getattr(error, "student_id", None) or student_id
    whose = f"student {student_id}: " if student_id else ""
    if isinstance(error, registrary.TranscriptError):
        return plain(f"{whose}{error} ({error.code})")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return plain(f"{whose}{where}{error.strerror or type(error).__name__}")
    return plain(f"{whose}unexpected {type(error).__name__}: {error}")


def hint_of(error: BaseException) -> str:
    """What to do about a failure."""
    if isinstance(error, registrary.TranscriptError):
        return error.hint
    if isinstance(error, OSError):
        return "Check the path, its permissions and the free space."
    return "This is a defect of registrary; run again with REGISTRARY_TRACEBACK=1 and report what it prints."


def report(error: BaseException, student_id: str | None = None) -> int:
    """Tells one failure on stderr and gives its exit status."""
    _tell(line_of(error, student_id))
    _advise(hint_of(error))
    return status_of(error)


def report_all(failures: Sequence[tuple[str, BaseException]]) -> int:
    """Tells a run's failures on stderr, each hint once, and gives the run's exit status."""
    for student_id, error in failures[:_MOST_LINES]:
        _tell(line_of(error, student_id))
    if len(failures) > _MOST_LINES:
        counts = Counter(getattr(error, "code", type(error).__name__) for _, error in failures)
        _tell(
            f"and {len(failures) - _MOST_LINES} more; in all " + ", ".join(f"{n} {c}" for c, n in counts.most_common())
        )
    for hint in dict.fromkeys(hint_of(error) for _, error in failures):
        _advise(hint)
    return status_of_all(error for _, error in failures)


def _tell(line: str) -> None:
    print(f"{styled('registrary:', 'red', sys.stderr)} {line}", file=sys.stderr)


def _advise(hint: str) -> None:
    if hint:
        print(f"  {hint}", file=sys.stderr)
