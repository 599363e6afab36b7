"""Records and verdicts that come from the caller: mappings, dataclasses, JSON, and functions that give them."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from registrary import _bridge, _core
from registrary._options import RecordLike, StudentKey, student_text
from registrary._plain import to_json
from registrary.errors import MalformedRecordError, Problem, RecordNotFoundError, SourceUnavailableError

# No honest transcript is larger; the core's own limit is lower.
_LARGEST_FILE = 64 * 1024 * 1024

# Longer ones are no student ids, and Python refuses to read the longest.
_LONGEST_NUMBER = 64


def record_from(record: RecordLike) -> _core.StudentRecord:
    """The record given, read.

    Raises:
        MalformedRecordError: it cannot be right; ``problems`` lists everything.
    """
    return record if isinstance(record, _core.StudentRecord) else _core.StudentRecord.from_json_bytes(_text_of(record))


def record_from_text(text: str | bytes) -> _core.StudentRecord:
    """The record that this JSON holds."""
    if not isinstance(text, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"JSON is a str or bytes, not a {type(text).__name__}")
    return record_from(text)


def _text_of(record: object) -> bytes:
    """The JSON of a record as its caller has it."""
    if isinstance(record, _core.StudentRecord):
        return record.to_json().encode()
    if isinstance(record, str):
        return record.encode("utf-8", "surrogatepass")
    if isinstance(record, (bytes, bytearray, memoryview)):
        return bytes(record)
    try:
        return to_json(record)
    except (TypeError, ValueError) as error:
        hint = "Correct every field listed at its source; nothing was issued."
        problem = Problem("not-a-record", "", str(error))
        raise MalformedRecordError(f"the record is malformed: {error}", hint=hint, problems=(problem,)) from error


def record_in(records: Mapping[Any, Any], student_id: StudentKey) -> _core.StudentRecord | bytes:
    """The student's record in a mapping whose keys are the ids as the caller writes them.

    Read already, or the JSON that the core is to read: that takes too long for an event loop's thread.
    """
    text = student_text(student_id)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else text
    for key in dict.fromkeys((student_id, text, number)):
        if key in records:
            return _record_of(records[key], text)
    hint = "Check the student id and which source is configured."
    raise RecordNotFoundError("the source has no record of this student", hint=hint, student_id=text)


def _record_of(record: object, student_id: str) -> _core.StudentRecord | bytes:
    """The record as the core takes it; a problem with it tells whose it is."""
    try:
        return record if isinstance(record, _core.StudentRecord) else _text_of(record)
    except MalformedRecordError as error:
        error.student_id = student_id
        raise


def fetching(
    source: Mapping[Any, Any] | Callable[[Any], Awaitable[Any]], student_ids: Iterable[StudentKey]
) -> Callable[[str], Awaitable[bytes]]:
    """What the core asks for records: the caller's source, called with the ids just as they were given."""
    given = {student_text(student_id): student_id for student_id in student_ids}

    async def record(student_id: str) -> bytes:
        as_given = given.get(student_id, student_id)
        if isinstance(source, Mapping):
            return _text_of(record_in(source, as_given))
        answer = await _called(source, as_given)
        try:
            return _text_of(answer)
        except MalformedRecordError as error:
            error.student_id = student_id
            raise

    return record


def confirming(verifier: Callable[[dict[str, str]], Awaitable[Any]]) -> Callable[[str, str], Awaitable[bytes]]:
    """What the core asks for confirmations: the caller's verifier."""

    async def confirmation(kind: str, claim: str) -> bytes:
        verdict = await _called(verifier, {"kind": kind, **json.loads(claim)})
        if isinstance(verdict, bool):
            verdict = {"confirmed": verdict}
        if not isinstance(verdict, Mapping):
            raise TypeError(f"a verifier gives a bool or a mapping, not a {type(verdict).__name__}")
        return to_json(verdict)

    return confirmation


async def _called(function: Callable[[Any], Any], argument: object) -> Any:
    """A coroutine function is awaited here; another one may block, and so goes to a thread."""
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__):
        return await function(argument)
    answer = await _threaded(function, argument)
    return await answer if inspect.isawaitable(answer) else answer


async def _threaded(function: Callable[[Any], Any], argument: object) -> Any:
    if _bridge.in_trio():
        import trio

        return await trio.to_thread.run_sync(function, argument)
    return await asyncio.to_thread(function, argument)


def read_pesc(source: str | os.PathLike[str] | bytes) -> _core.StudentRecord:
    """Reads a PESC College Transcript.

    Args:
        source: the path of an XML file, or its bytes. Versions 1.0 to 1.8, with or without namespaces.

    Returns:
        The record. Totals that the document states are kept as stated and never recomputed.

    Raises:
        MalformedRecordError: it is no such document, or something in it cannot be right; ``problems`` lists all.
        SourceUnavailableError: the file cannot be read.
    """
    return _core.StudentRecord.from_pesc_bytes(_bytes_of(source))


def extract_record(source: str | os.PathLike[str] | bytes) -> _core.StudentRecord:
    """Takes the record out of a transcript's PDF: what its pages show, as data.

    It says what the file says, whoever made the file; that the file is genuine is another question.

    >>> registrary.extract_record(registrary.generate_transcript_sync(101)).student_id
    '101'

    Args:
        source: the path of a PDF, or its bytes.

    Returns:
        The record, without what the document keeps to itself: holds, and names and a birth date that it does not show.

    Raises:
        MalformedRecordError: it is no PDF, or carries no record (a certificate does not), or one that cannot be right;
            ``problems`` says which: ``not-a-pdf``, ``no-record``, ``encrypted``, ``too-large``, ``damaged-attachment``.
        SourceUnavailableError: the file cannot be read.
    """
    return _core.StudentRecord.from_pdf_bytes(_bytes_of(source))


def _bytes_of(source: str | os.PathLike[str] | bytes) -> bytes:
    """The bytes given, or those of the file, as far as a file may go."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    try:
        with Path(source).open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "Check that the file is there and can be read."
        raise SourceUnavailableError(f"the source cannot be reached: {reason}", hint=hint, reason=reason) from error
