"""Every way the work can fail. Messages hold no name, no grade and no payload; exceptions can be pickled."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing wrong with an input."""

    code: str
    """Stable kebab-case word, such as ``"unknown-grade"``."""
    place: str
    """Path into the input, such as ``terms[2].attempts[0].credits``; empty for the whole."""
    message: str
    """What is wrong there, without quoting the value."""


class Hold(NamedTuple):
    """A hold on a student's record."""

    code: str
    """The institution's short code."""
    reason: str | None
    since: datetime.date | None
    blocks_transcript: bool
    """Whether it keeps official transcripts back."""


class TranscriptError(Exception):
    """The base of every exception of registrary.

    Attributes:
        code: a stable kebab-case word for programs.
        hint: what to do about it, in one sentence.
        student_id: whose transcript it was, where one is meant; the message itself never says.
    """

    default_code: ClassVar[str] = "transcript"

    def __init__(
        self, message: str = "", *, code: str | None = None, hint: str = "", student_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.code: str = self.default_code if code is None else code
        self.hint: str = hint
        self.student_id: str | None = student_id

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.args, dict(self.__dict__))


def _rebuilt(kind: type[TranscriptError], arguments: tuple[Any, ...], state: dict[str, Any]) -> TranscriptError:
    error = kind(*arguments)
    error.__dict__.update(state)
    return error


class _WithProblems(TranscriptError):
    def __init__(self, message: str = "", *, problems: tuple[Problem, ...] = (), **common: Any) -> None:
        super().__init__(message, **common)
        self.problems: tuple[Problem, ...] = problems


class _WithReason(TranscriptError):
    def __init__(self, message: str = "", *, reason: str = "", **common: Any) -> None:
        super().__init__(message, **common)
        self.reason: str = reason


class RecordNotFoundError(TranscriptError, LookupError):
    """The source has no record of this student."""

    default_code = "record-not-found"


class MalformedRecordError(_WithProblems, ValueError):
    """The record cannot be right; ``problems`` lists everything that is wrong with it."""

    default_code = "malformed-record"


class PolicyError(_WithProblems, ValueError):
    """The grading policy cannot be used; ``problems`` lists everything that is wrong with it."""

    default_code = "policy"


class RenderError(_WithProblems):
    """The page cannot be made; ``problems`` says which fields stand in the way."""

    default_code = "render"


class HoldError(TranscriptError):
    """A hold keeps the official transcript back; ``holds`` lists them."""

    default_code = "hold"

    def __init__(self, message: str = "", *, holds: tuple[Hold, ...] = (), **common: Any) -> None:
        super().__init__(message, **common)
        self.holds: tuple[Hold, ...] = holds


class SourceUnavailableError(_WithReason):
    """The source of records cannot be reached, or answers nonsense; ``reason`` says what failed."""

    default_code = "source-unavailable"


class VerificationError(_WithReason):
    """The verification service refused (``code`` is ``"verification-refused"`` and ``reason`` its reason code), or
    could not be reached or understood (``"verification-unavailable"``); or there is no degree or
    no enrolment to verify (``"degree-not-conferred"``, ``"never-enrolled"``)."""

    default_code = "verification-unavailable"


class SinkError(_WithReason):
    """The transcript cannot be saved: ``code`` tells why (``"disk-full"``, ``"read-only"``, …). Nothing
    half-written is left behind."""

    default_code = "sink"


class StageTimeoutError(TranscriptError, TimeoutError):
    """A stage took longer than its limit.

    Attributes:
        stage: ``"fetch"``, ``"evaluate"``, ``"render"``, ``"save"`` or ``"verify"``.
        limit: its limit in seconds.
    """

    default_code = "timed-out"

    def __init__(self, message: str = "", *, stage: str = "", limit: float = 0.0, **common: Any) -> None:
        super().__init__(message, **common)
        self.stage: str = stage
        self.limit: float = limit


class ConfigurationError(TranscriptError, ValueError):
    """A setting or an argument is wrong."""

    default_code = "configuration"


class ThemeError(_WithProblems, ConfigurationError):
    """The theme, or an option that says the same as a key of a theme, cannot be used; ``problems`` lists everything
    that is wrong, each pair of colours with too little contrast among it."""

    default_code = "theme"


class SourceConfigurationError(_WithProblems, ConfigurationError):
    """The mapping of an institution's own schema cannot be used, or its queries give what the contract does not have;
    ``problems`` lists everything, each with its place in the configuration or in the contract."""

    default_code = "source-configuration"


class InternalError(TranscriptError):
    """A defect of registrary itself. Please report it with its message."""

    default_code = "internal"
