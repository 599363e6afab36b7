"""The options of every verb, in one typed place; what each means and its default."""

from __future__ import annotations

import datetime
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypedDict

from registrary import _core
from registrary._limits import Limits, Retry, Timeout
from registrary.errors import ConfigurationError

StudentKey: TypeAlias = int | str
"""A student id; a whole number stands for its digits."""

RecordLike: TypeAlias = _core.StudentRecord | Mapping[str, Any] | str | bytes | object
"""A ``StudentRecord``, a mapping or dataclass of the published JSON's shape, or that JSON itself."""

Source: TypeAlias = str | os.PathLike[str] | Mapping[Any, Any] | Callable[[Any], Awaitable[Any]] | _core.OwnSource
"""A URL (``sqlite:///campus.db``, ``https://...``, ``pesc:///folder``), a path (``registrary.toml`` maps an
institution's own schema), a mapping of student ids to records, what ``tables``, ``database`` or ``http_source`` gave,
or an ``async def fetch(student_id)`` that gives a record."""

Verifier: TypeAlias = str | Callable[[dict[str, str]], Awaitable[Any]]
"""The base URL of a verification service, or an ``async def confirm(claim)`` that gives ``True``, ``False``, or a
mapping with ``confirmed`` and ``reference`` or ``reason``."""

PolicyLike: TypeAlias = _core.Policy | str | os.PathLike[str] | Mapping[str, Any]
"""A ``Policy``, the name of a built-in one, the path of a TOML file, or a mapping of the same shape."""

ThemeLike: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]
"""The name of a built-in theme (``"plain"``, ``"crimson"``, ``"laurier"``), the path of a TOML file, or a mapping of
the same shape: ``schemas/theme.schema.json``."""

Load: TypeAlias = int | str | Decimal | Mapping[str, int | str | Decimal]
"""Credits, for all levels or by level."""


class RegistrarOptions(TypedDict, total=False):
    """What a registrar is set up with, besides its source."""

    policy: PolicyLike | None
    """How records are judged. Default: the sample campus' own: plus/minus letters (A- 3.7), rounded half up to 2
    places."""
    theme: ThemeLike | None
    """How documents look, what they show, and in which words. The options below, where given, say otherwise.
    Default: ``"plain"``: US Letter, two columns, navy, English."""
    institution: Mapping[str, Any] | None
    """The letterhead: ``name``, and as wanted ``address`` (lines), ``phone``, ``email``, ``website``, ``codes``,
    ``accreditation``, ``registrar_name``, ``registrar_title``. Default: the theme's, else the sample campus."""
    paper: Literal["letter", "a4"] | None
    """Default: the theme's, else ``"letter"`` (8.5 by 11 inches; ``"a4"`` is 210 by 297 mm)."""
    columns: Literal[1, 2] | None
    """Columns of the academic record. Default: the theme's, else 2."""
    birth_date: Literal["none", "month-day", "full"] | None
    """How much of the birth date is printed. Default: the theme's, else ``"month-day"``."""
    printed_name: Literal["legal", "chosen"] | None
    """Default: the theme's, else ``"legal"``."""
    language: Literal["en", "fr"] | None
    """Of the document's own words. Default: the theme's, else ``"en"``."""
    fonts: Sequence[str | os.PathLike[str]] | None
    """Font files for names in scripts that the fonts at hand lack (Chinese, Japanese, Korean, …), asked in this order;
    ``"faces.ttc#2"`` is the third face of a collection. Default: those of the theme."""
    statements: Sequence[str] | None
    """Paragraphs of the institution's own under the legend, instead of the theme's."""
    save_to: str | os.PathLike[str] | None
    """An existing folder that transcripts are saved to, or ``"s3://bucket/prefix"`` of any S3-compatible object store.
    Default: they are not saved."""
    store_options: Mapping[str, str] | None
    """How the object store of ``save_to`` is reached: ``access_key_id``, ``secret_access_key``, ``region``,
    ``endpoint``, … Default: the ``AWS_…`` variables that other programs go by, then the machine's role."""
    verify_with: Verifier | None
    """Who confirms each transcript. Default: nobody is asked."""
    timeout: Timeout | None
    """Seconds for each stage, or by stage, in place of those of ``limits``."""
    limits: Limits | None
    """Default: fetch 30 s, produce 60 s, save 30 s, verify 30 s; see :class:`registrary.Limits`."""
    retry: Retry | None
    """How services that fail in passing are asked again. Default: up to 6 tries; see :class:`registrary.Retry`."""


class IssueOptions(TypedDict, total=False):
    """What one call says about the issuing."""

    official: bool
    """Default: True. A hold that blocks transcripts keeps an official one back, not an unofficial one."""
    recipient: str | None
    """To whom it is issued, as printed."""
    purpose: str | None
    """What for, as printed."""
    unpaid_terms: Sequence[str] | None
    """Terms (``"2026-01"``, the month in which each begins) that are left out of a transcript because their charges are
    unpaid. It says PARTIAL on every page and in its data, and its totals and GPAs are of the terms shown. A record does
    not say what is paid. Default: none, the transcript is whole."""
    answered_holds: Sequence[str] | None
    """Codes of the holds that leaving out these terms answers. Any other hold keeps the transcript back. Default:
    none."""
    issue_date: datetime.date | None
    """Default: today, by this machine's local calendar."""
    serial: str | None
    """The document's own number. Default: made of the day and the student id."""
    save: bool | None
    """Default: whether the registrar has a ``save_to``."""
    verify: bool | None
    """Default: whether the registrar has a ``verify_with``."""


class CallOptions(RegistrarOptions, IssueOptions, total=False):
    """Options of the module-level verbs: of the issuing, and of the registrar where they differ from its setting."""

    source: Source | None
    """Where records come from. Default: what :func:`registrary.configure` said, else the built-in sample campus."""


By: TypeAlias = str | Sequence[str]
"""What has one row in a table of GPAs: ``"student"``, ``"term"``, ``"level"``, ``"section"``, or several of them."""


class GpaOptions(TypedDict, total=False):
    """What is asked of a table of attempts: which column is what, and what has one row in the result. What each means
    is told at :func:`registrary.calculate_gpas`."""

    student: str
    """Default: ``"student_id"``."""
    grade: str
    """Default: ``"grade"``."""
    credits: str | None
    """Default: ``"credits"``; None: each attempt counts 1."""
    points: str | None
    term: str | None
    course: str | None
    level: str | None
    section: str | None
    excluded: str | None
    by: By
    """Default: ``"student"``."""
    cumulative: bool
    """Default: False."""
    on_error: Literal["raise", "collect"]
    """Default: ``"raise"``."""
    policy: PolicyLike | None
    """Default: the registrar's."""


MOST_AT_ONCE = 10_000
"""What ``max_concurrency`` may be at most."""

_LONGEST_ID = 64


def student_text(student_id: StudentKey) -> str:
    """The student id as text."""
    if isinstance(student_id, str):
        try:
            student_id.encode()
        except UnicodeEncodeError:
            raise ConfigurationError("a student id is not valid Unicode", hint="Read ids as UTF-8.") from None
        return student_id
    if isinstance(student_id, bool) or not hasattr(student_id, "__index__"):
        raise TypeError(f"a student id is an int or a str, not a {type(student_id).__name__}")
    number = student_id.__index__()
    if abs(number) >= 10**_LONGEST_ID:
        raise ConfigurationError(f"a student id has at most {_LONGEST_ID} characters")
    return str(number)


def several(values: Iterable[Any], what: str) -> list[Any]:
    """The values, one by one. A text is refused: its letters are never what was meant."""
    if isinstance(values, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"{what} are a list or another iterable, not one {type(values).__name__}")
    return list(values)


def check(options: Mapping[str, Any]) -> None:
    """Refuses what no registrar is set up with: a misspelt option would be ignored in silence.

    Raises:
        TypeError: an option is unknown or of another type.
    """
    for name in options:
        if name not in RegistrarOptions.__annotations__:
            raise TypeError(f"unexpected option {name!r}")
    verifier, institution = options.get("verify_with"), options.get("institution")
    if not (verifier is None or isinstance(verifier, str) or callable(verifier)):
        raise TypeError(f"verify_with is a URL or an async function, not a {type(verifier).__name__}")
    if not (institution is None or isinstance(institution, Mapping)):
        raise TypeError(f"an institution is a mapping, not a {type(institution).__name__}")


def concurrency(given: int) -> int:
    """How many at once, or ConfigurationError."""
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"max_concurrency is an int, not a {type(given).__name__}")
    if not 1 <= given.__index__() <= MOST_AT_ONCE:
        raise ConfigurationError(f"max_concurrency must lie between 1 and {MOST_AT_ONCE:,}")
    return given.__index__()


def request(
    *,
    saves: bool,
    verifies: bool,
    official: bool = True,
    recipient: str | None = None,
    purpose: str | None = None,
    unpaid_terms: Sequence[str] | None = None,
    answered_holds: Sequence[str] | None = None,
    issue_date: datetime.date | None = None,
    serial: str | None = None,
    save: bool | None = None,
    verify: bool | None = None,
) -> _core.Request:
    """The core's request. Today is taken here: the core reads no clock."""
    # The calendar on the wall of the registrar's office, which no time zone database knows better.
    date = datetime.date.today() if issue_date is None else issue_date
    save = saves if save is None else save
    verify = verifies if verify is None else verify
    partial = partly(unpaid_terms, answered_holds)
    words = {"serial": serial, "recipient": recipient, "purpose": purpose}
    return _core.Request(date, official=official, save=save, verify=verify, partial=partial, **words)


def partly(
    unpaid_terms: Iterable[str] | None, answered_holds: Iterable[str] | None
) -> tuple[list[str], list[str]] | None:
    """What is left out, and the holds that this answers; None for a whole transcript."""
    if unpaid_terms is None:
        if answered_holds is not None:
            raise ConfigurationError("answered_holds are given without unpaid_terms")
        return None
    holds = () if answered_holds is None else answered_holds
    return several(unpaid_terms, "unpaid terms"), several(holds, "codes of holds")


def loads(full_time: Load | None, half_time: Load | None) -> list[tuple[str | None, Any, Any | None]]:
    """Level (None: every other), full time, half time."""
    if full_time is None:
        if half_time is not None:
            raise ConfigurationError("half_time is given without full_time")
        return []
    full = dict(full_time) if isinstance(full_time, Mapping) else {None: full_time}
    half: dict[Any, Any] = dict(half_time) if isinstance(half_time, Mapping) else dict.fromkeys(full, half_time)
    if not full.keys() >= half.keys():
        raise ConfigurationError("half_time names a level that full_time does not")
    return [(level, credits, half.get(level)) for level, credits in full.items()]
