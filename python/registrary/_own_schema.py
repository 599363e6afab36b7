"""An institution's own schema by its configuration file; what looking at a source found."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from registrary import _core

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_ADDRESS = "REGISTRARY_SOURCE__URL"

# The core's own limit; a longer file is refused there, with its reason.
_LARGEST_FILE = 1_000_000


class SourceTable(NamedTuple):
    """One table of the contract, as the source gives it."""

    name: str
    rows: int | None
    """Rows of the students looked at; None where the query failed, or the institution has no such table."""
    absent: bool
    """Whether the configuration says that the institution has no such table."""
    without: tuple[str, ...]
    """Optional columns that the source does not give: null for every student."""


class SourceFinding(NamedTuple):
    """One thing found at a source. It holds no value of a student's."""

    weight: str
    """``"fault"``: records are refused as long as it stands; ``"warning"``; ``"note"``."""
    code: str
    """Stable kebab-case word."""
    place: str
    """In the contract's words: ``attempts.status``, ``terms[].attempts[].credits``."""
    message: str
    count: int
    """In how many places among the students looked at."""


class SourceReport(NamedTuple):
    """What looking at a source found."""

    lines: tuple[str, ...]
    """For people: what the source is."""
    students: int
    """How many students were looked at: the first hundred. 0 where the source tells lines alone."""
    sound: int
    """How many of them have a record that the policy can judge."""
    tables: tuple[SourceTable, ...]
    findings: tuple[SourceFinding, ...]
    """The heaviest first."""

    @property
    def passed(self) -> bool:
        """Whether nothing keeps records from being made."""
        return all(finding.weight != "fault" for finding in self.findings)


def report_from(text: str) -> SourceReport:
    """The report that the core wrote."""
    told = json.loads(text)
    return SourceReport(
        lines=tuple(told["lines"]),
        students=told["students"],
        sound=told["sound"],
        tables=tuple(SourceTable(**{**table, "without": tuple(table["without"])}) for table in told["tables"]),
        findings=tuple(SourceFinding(**finding) for finding in told["findings"]),
    )


def is_configuration(source: object) -> bool:
    """Whether a source is the path of a configuration file."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    path = os.fspath(source)
    return isinstance(path, str) and path.lower().endswith(".toml") and "://" not in path


def source_from(path: str | os.PathLike[str]) -> _core.OwnSource:
    """The source that a configuration file describes.

    Raises:
        SourceConfigurationError: the file cannot be used; ``problems`` lists everything.
        SourceUnavailableError: its database is a file that cannot be opened.
    """
    return _core.OwnSource.from_configuration(os.fspath(path), environment_for(path))


def environment_for(path: str | os.PathLike[str]) -> dict[str, str]:
    """The variables that the file refers to, and the one that stands above its address."""
    try:
        with Path(path).open("rb") as file:
            text = file.read(_LARGEST_FILE).decode("utf-8", "replace")
    except OSError:
        # The core says what is wrong with the file.
        text = ""
    names = {_ADDRESS, *_REFERENCE.findall(text)}
    return {name: os.environ[name] for name in names if name in os.environ}
