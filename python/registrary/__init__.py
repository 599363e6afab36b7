"""Student records into official academic transcripts: exact GPA, PDF bytes, async.

    >>> import asyncio, registrary
    >>> pdf = asyncio.run(registrary.generate_transcript(101))

Without configuration the verbs serve the built-in sample campus, and every page says SAMPLE.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Unpack

from registrary import _core, _default
from registrary._batch import BatchProgress, BatchReport, SavedDocument
from registrary._core import (
    DegreeVerification,
    EnrollmentVerification,
    Evaluation,
    Policy,
    StudentRecord,
    Transcript,
    TranscriptResult,
)
from registrary._database import Database, database
from registrary._enrolled import EnrolledTerm
from registrary._explanation import Explanation
from registrary._gpa_explain import GpaExplanation
from registrary._gpa_stream import GpaStream
from registrary._gpa_table import ArrowTable, GpaRow, GpaTable, GpaTotals, RejectedRows
from registrary._gpa_verbs import (
    calculate_class_gpa,
    calculate_gpa,
    calculate_gpas,
    calculate_gpas_async,
    evaluate,
    stream_gpas,
)
from registrary._http_source import http_source
from registrary._limits import Limits, Retry, Timeout
from registrary._options import (
    By,
    CallOptions,
    GpaOptions,
    IssueOptions,
    Load,
    PolicyLike,
    RecordLike,
    RegistrarOptions,
    Source,
    StudentKey,
    ThemeLike,
    Verifier,
)
from registrary._orders import Order, read_orders, write_responses
from registrary._own_schema import SourceFinding, SourceReport, SourceTable
from registrary._records import extract_record, read_pesc
from registrary._registrar import Registrar
from registrary._runtime import HostStats, RuntimeStats, StageLatency, stats
from registrary._stream import TranscriptStream
from registrary._systems import (
    HonoursClassification,
    SchemeLike,
    classify_honours,
    convert_grade,
    weighted_average_mark,
)
from registrary._tables import tables
from registrary._what_if import RequiredGpa
from registrary.errors import (
    ConfigurationError,
    Hold,
    HoldError,
    InternalError,
    JournalError,
    MalformedRecordError,
    PolicyError,
    Problem,
    RecordNotFoundError,
    RenderError,
    SinkError,
    SourceConfigurationError,
    SourceUnavailableError,
    StageTimeoutError,
    ThemeError,
    TranscriptError,
    VerificationError,
)

__version__: str = _core.VERSION

__all__ = [
    "ArrowTable",
    "BatchProgress",
    "BatchReport",
    "By",
    "CallOptions",
    "ConfigurationError",
    "Database",
    "DegreeVerification",
    "EnrolledTerm",
    "EnrollmentVerification",
    "Evaluation",
    "Explanation",
    "GpaExplanation",
    "GpaOptions",
    "GpaRow",
    "GpaStream",
    "GpaTable",
    "GpaTotals",
    "Hold",
    "HoldError",
    "HonoursClassification",
    "HostStats",
    "InternalError",
    "IssueOptions",
    "JournalError",
    "Limits",
    "Load",
    "MalformedRecordError",
    "Order",
    "Policy",
    "PolicyError",
    "PolicyLike",
    "Problem",
    "RecordLike",
    "RecordNotFoundError",
    "Registrar",
    "RegistrarOptions",
    "RejectedRows",
    "RenderError",
    "RequiredGpa",
    "Retry",
    "RuntimeStats",
    "SavedDocument",
    "SchemeLike",
    "SinkError",
    "Source",
    "SourceConfigurationError",
    "SourceFinding",
    "SourceReport",
    "SourceTable",
    "SourceUnavailableError",
    "StageLatency",
    "StageTimeoutError",
    "StudentKey",
    "StudentRecord",
    "ThemeError",
    "ThemeLike",
    "Timeout",
    "Transcript",
    "TranscriptError",
    "TranscriptResult",
    "TranscriptStream",
    "VerificationError",
    "Verifier",
    "calculate_class_gpa",
    "calculate_gpa",
    "calculate_gpas",
    "calculate_gpas_async",
    "classify_honours",
    "configure",
    "convert_grade",
    "database",
    "evaluate",
    "extract_record",
    "generate_transcript",
    "generate_transcript_sync",
    "generate_transcripts",
    "http_source",
    "issue_transcript",
    "produce_transcript",
    "read_orders",
    "read_pesc",
    "runtime_stats",
    "stream_gpas",
    "tables",
    "verify_degree",
    "verify_enrollment",
    "weighted_average_mark",
    "write_responses",
    "write_sample_campus",
]


async def generate_transcript(student_id: StudentKey, **options: Unpack[CallOptions]) -> bytes:
    """Makes one student's official transcript.

    Fetches the record, evaluates it, renders the PDF and, where these are set up, saves it and has it confirmed.
    Nothing happens before the coroutine is awaited; cancelled, it is over when ``CancelledError`` is raised.

    Args:
        student_id: the institution's own key; ``101`` and ``"101"`` are the same student.
        **options: see :class:`registrary.CallOptions`. What is not given is as :func:`configure` said.

    Returns:
        The PDF. The same record, settings, date and serial give the same bytes.

    Raises:
        RecordNotFoundError: the source has no such student.
        MalformedRecordError: the record cannot be right, or has a grade not on its scale; all problems are listed.
        HoldError: a hold keeps an official transcript back.
        SourceUnavailableError, SinkError, VerificationError: a stage failed; nothing half-written is left.
        StageTimeoutError: a stage took longer than its limit.
        RenderError: a character cannot be printed by the fonts at hand.
        Exception: whatever the caller's own source or verifier raises, as it is; a ``LookupError`` of a source is
            the cause of a ``RecordNotFoundError``.
    """
    registrar, issuing = _default.registrar_for(options)
    return await registrar.generate_transcript(student_id, **issuing)


def generate_transcript_sync(student_id: StudentKey, **options: Unpack[CallOptions]) -> bytes:
    """As :func:`generate_transcript`, waiting here: the GIL is released, and Ctrl-C ends it.

    Works where an event loop runs in this thread, too (a notebook), and stops that loop meanwhile.

    Raises:
        RuntimeError: the source or verifier is a function of the caller's and an event loop runs in this thread.
    """
    registrar, issuing = _default.registrar_for(options)
    return registrar.generate_transcript_sync(student_id, **issuing)


def generate_transcripts(
    student_ids: Iterable[StudentKey],
    *,
    max_concurrency: int = 32,
    ordered: bool = False,
    **options: Unpack[CallOptions],
) -> TranscriptStream:
    """Makes many transcripts; one student's failure is never another's.

    Args:
        student_ids: who; read at once.
        max_concurrency: how many are in the works at once, 1 to 10,000.
        ordered: whether results come in the order asked; else as they are done.
        **options: see :class:`registrary.CallOptions`.

    Returns:
        An async iterator of :class:`TranscriptResult`, bounded: a slow consumer slows the work down. Left early,
        ``async with`` or ``aclose()`` ends the work.

    Raises:
        ConfigurationError: ``max_concurrency`` is out of range, or a text is no student id.
        TypeError: one text is given instead of several ids, or an id is neither int nor str.
    """
    registrar, issuing = _default.registrar_for(options)
    return registrar.generate_transcripts(student_ids, max_concurrency=max_concurrency, ordered=ordered, **issuing)


async def issue_transcript(student_id: StudentKey, **options: Unpack[CallOptions]) -> Transcript:
    """As :func:`generate_transcript`, and gives the transcript with all that it was made from.

    Returns:
        The transcript: ``pdf``, ``record``, ``evaluation``, ``digest``, ``code``, ``pages``, ``serial``, ``saved``.
    """
    registrar, issuing = _default.registrar_for(options)
    return await registrar.issue_transcript(student_id, **issuing)


def produce_transcript(record: RecordLike, **options: Unpack[CallOptions]) -> Transcript:
    """Makes a transcript of a record at hand: no I/O, nothing saved, nobody asked.

    Args:
        record: a :class:`StudentRecord`, a mapping or dataclass of the published JSON's shape, or that JSON.
        **options: see :class:`registrary.CallOptions`; ``source``, ``save_to`` and ``verify_with`` have no part here.

    Raises:
        MalformedRecordError, HoldError, RenderError: as :func:`generate_transcript`.
    """
    registrar, issuing = _default.registrar_for(options)
    return registrar.produce_transcript(record, **issuing)


async def verify_degree(student_id: StudentKey, **options: Unpack[CallOptions]) -> DegreeVerification:
    """Verifies the degree that was conferred last, and makes a certificate.

    The record must show it; the verification service, where one is set up, must confirm it.

    Raises:
        VerificationError: the service refused or could not be reached, or the record shows no conferred degree.
        RecordNotFoundError, MalformedRecordError, SourceUnavailableError, StageTimeoutError: as
            :func:`generate_transcript`.
    """
    registrar, issuing = _default.registrar_for(options)
    return await registrar.verify_degree(student_id, **issuing)


async def verify_enrollment(
    student_id: StudentKey,
    *,
    full_time: Load | None = None,
    half_time: Load | None = None,
    **options: Unpack[CallOptions],
) -> EnrollmentVerification:
    """Certifies the terms in which a student was enrolled, up to the day of issue, on a page of its own.

    Credits are those of the courses enrolled in, without withdrawals and audits, which the grade status tells.

    Args:
        student_id: as for :func:`generate_transcript`.
        full_time: from how many credits a term is full time, or a mapping of levels to them. Default: no load is told.
        half_time: the same for half time. Default: half of full time.
        **options: see :class:`registrary.CallOptions`; nothing is saved, and no service is asked.

    Raises:
        VerificationError: the record shows no term that had begun by the day of issue.
        ConfigurationError: the loads contradict each other.
        RecordNotFoundError, MalformedRecordError, SourceUnavailableError, StageTimeoutError: as
            :func:`generate_transcript`.
    """
    registrar, issuing = _default.registrar_for(options)
    return await registrar.verify_enrollment(student_id, full_time=full_time, half_time=half_time, **issuing)


def configure(
    source: Source | None = None,
    *,
    workers: int | None = None,
    threads: int | None = None,
    **options: Unpack[RegistrarOptions],
) -> None:
    """Sets what the module-level verbs use from now on; called with nothing, the sample campus again.

    Args:
        source: where records come from.
        workers: threads that wait for I/O, 1 to 64; only before the first call. Default: one a core, at most 4.
        threads: threads that evaluate and render, 1 to 1,024; only before the first call. Default: one for each core
            that this process may use.
        **options: see :class:`registrary.RegistrarOptions`.

    Raises:
        ConfigurationError, ThemeError, PolicyError, SourceUnavailableError: an option cannot be used; nothing has
            changed.
    """
    given = {"source": source, **options}
    settings = {name: value for name, value in given.items() if value is not None}
    _default.configure(workers=workers, threads=threads, settings=settings)


def runtime_stats() -> RuntimeStats:
    """What the runtime of this process is doing; all zero before the first call, which starts it."""
    return stats()


def write_sample_campus(path: str | os.PathLike[str], students: int = 320) -> None:
    """Writes the sample campus, all invented, as a new SQLite database of the published schema.

    Args:
        path: a file that is not there yet.
        students: how many students, 300 or more; the first is 101.

    Raises:
        SourceUnavailableError: the file is there already or cannot be written.
        ConfigurationError: fewer than 300 students.
    """
    _core.write_sample_campus(os.fspath(path), students)
