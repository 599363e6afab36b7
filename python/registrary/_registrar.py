"""The registrar: sources, letterhead, policy, folder and verifier set up once, and every verb as a method."""

from __future__ import annotations

import asyncio
import contextlib
import os
import weakref
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, Unpack

from registrary import _batch, _bridge, _core, _gpa, _gpa_stream, _options, _orders, _own_schema, _records
from registrary._callers import Callers, place_of
from registrary._database import Database
from registrary._fonts import fonts_of
from registrary._gpa_table import GpaTable
from registrary._limits import core_limits, core_retry
from registrary._options import (
    GpaOptions,
    IssueOptions,
    PolicyLike,
    RecordLike,
    RegistrarOptions,
    StudentKey,
    student_text,
)
from registrary._policy import policy_from
from registrary._stream import TranscriptStream
from registrary._theme import themes_of
from registrary.errors import ConfigurationError

_SAMPLE = "sqlite:///:campus:"


class Registrar:
    """An institution's registrar.

    Takes a source and the options of :class:`registrary.RegistrarOptions`; the defaults serve the built-in sample
    campus. Immutable; one serves any number of threads and event loops, and all share one runtime.
    Use it with ``async with`` to end what its streams still do when the block is left.

    Raises:
        ConfigurationError: an option is wrong.
        ThemeError: the theme, or an option on top of it, cannot be used.
        PolicyError: the policy cannot be used.
        SourceConfigurationError: the source is a configuration file that cannot be used; ``problems`` lists everything.
        SourceUnavailableError: a source that is a file cannot be opened.
        TypeError: an option is unknown, or of another type.
    """

    def __init__(self, source: _options.Source | None = None, **options: Unpack[RegistrarOptions]) -> None:
        _options.check(options)
        source = _SAMPLE if source is None else source
        verifier = options.get("verify_with")
        self._source = source if isinstance(source, Mapping) or callable(source) else None
        self._callers = Callers(self._source, verifier if callable(verifier) else None)
        policy = options.get("policy")
        save_to, store_options = options.get("save_to"), options.get("store_options")
        if store_options is not None and save_to is None:
            raise ConfigurationError("store_options are given without save_to")
        themes = themes_of(options)
        settings = _core.Settings(
            themes,
            None if policy is None else policy_from(policy),
            fonts_of(options, themes),
        )
        self._policy = settings.policy
        self._save_to, self._store_options = save_to, store_options
        self._saves = save_to is not None
        self._verifies = verifier is not None
        self._core = _core.Registrar(
            place_of(source),
            settings,
            save_to=None if save_to is None else (os.fspath(save_to), _batch.store_options_of(save_to, store_options)),
            verify_with=verifier if isinstance(verifier, str) else None,
            limits=core_limits(options.get("limits"), options.get("timeout")),
            retry=core_retry(options.get("retry")),
        )
        self._streams: weakref.WeakSet[TranscriptStream] = weakref.WeakSet()

    @property
    def policy(self) -> _core.Policy:
        """How records are judged."""
        return self._policy

    def _request(self, options: IssueOptions) -> _core.Request:
        return _options.request(saves=self._saves, verifies=self._verifies, **options)

    def _whole(self, options: IssueOptions) -> _core.Request:
        """For a document that tells no terms' grades."""
        if options.get("unpaid_terms") is not None:
            raise ConfigurationError("terms are left out of a transcript only")
        return self._request(options)

    async def generate_transcript(self, student_id: StudentKey, **options: Unpack[IssueOptions]) -> bytes:
        """As :func:`registrary.generate_transcript`, with this registrar's settings."""
        request, bridge = self._request(options), _bridge.current()
        text, caller, given = self._callers.plan(bridge, student_id)
        return await self._core.generate(bridge, text, request, caller, given)

    async def issue_transcript(self, student_id: StudentKey, **options: Unpack[IssueOptions]) -> _core.Transcript:
        """As :func:`registrary.issue_transcript`, with this registrar's settings."""
        request, bridge = self._request(options), _bridge.current()
        text, caller, given = self._callers.plan(bridge, student_id)
        return await self._core.issue(bridge, text, request, caller, given)

    def generate_transcript_sync(self, student_id: StudentKey, **options: Unpack[IssueOptions]) -> bytes:
        """As :func:`registrary.generate_transcript_sync`, with this registrar's settings."""
        request = self._request(options)
        if not self._callers.needs_a_loop:
            text, _, given = self._callers.plan(None, student_id)
            return self._core.issue_sync(text, request, given).pdf
        if not _bridge.is_running():
            return asyncio.run(self.generate_transcript(student_id, **options))
        raise RuntimeError(
            "the source or the verifier is a function of the caller's, which the running event loop must run: "
            "use `await generate_transcript(...)`"
        )

    def generate_transcripts(
        self,
        student_ids: Iterable[StudentKey],
        *,
        max_concurrency: int = 32,
        ordered: bool = False,
        **options: Unpack[IssueOptions],
    ) -> TranscriptStream:
        """As :func:`registrary.generate_transcripts`, with this registrar's settings."""
        student_ids = _options.several(student_ids, "student ids")
        stream = self._core.stream(
            [student_text(student_id) for student_id in student_ids],
            self._request(options),
            max_concurrency=_options.concurrency(max_concurrency),
            ordered=ordered,
            functions=self._callers.functions(student_ids, fetch=True),
        )
        outer = TranscriptStream(stream)
        self._streams.add(outer)
        return outer

    async def run_batch(
        self,
        student_ids: Iterable[StudentKey] | None = None,
        *,
        query: str | None = None,
        sink: str | os.PathLike[str] | None = None,
        journal: str | os.PathLike[str] | None = None,
        name: str | None = None,
        shard: tuple[int, int] | None = None,
        concurrency: int = 32,
        progress: _batch.Watch | None = None,
        keep_documents: bool = False,
        store_options: Mapping[str, str] | None = None,
        **options: Unpack[IssueOptions],
    ) -> _batch.BatchReport:
        """Makes and saves the transcripts of many students, each once, whatever happens in between.

        One student's failure is never another's: the report tells all of them, and whom a hold keeps back. With a
        `journal` the run can be killed at any moment; begun again with the same arguments it goes on where it was.
        Each document is durable before the journal calls it done, and its serial is planned before the first is made,
        so that none is issued under two. Documents that failed or were held are tried again.

        Cancelling ends the run and returns when it has ended; with a journal it can be resumed.

        Args:
            student_ids: whom; each once. Default: the journal's plan, or whom `query` gives, or every student of the
                source.
            query: of a source with SQL, a query that gives the student ids: one SELECT of one column, which writes and
                locks nothing, at most a million rows. It is put once, when the run begins: a run that is resumed goes
                by its journal. Default: none.
            sink: an existing folder, or ``"s3://bucket/prefix"`` of any S3-compatible object store. Default: the
                registrar's ``save_to``.
            journal: the path of the run's journal. Student ids, serials, digests and names of files stand in it, and
                nothing else of a record. One process at a time may use it. Default: none, nothing can be resumed.
            name: a template of file names: ``{student_id}``, ``{serial}``, ``{digest}``, ``{term}`` (the last one on
                the record, ``YYYY-MM``), ``{date}``; slashes make folders. Default: ``"transcript-{student_id}.pdf"``.
            shard: ``(i, n)``: of n processes the i-th, from 1. Each student is in exactly one shard.
            concurrency: how many documents are in the works at once, 1 to 10,000.
            progress: called with a :class:`BatchProgress`, some ten times a second at most.
            keep_documents: whether the report tells each saved document; some 300 bytes of memory each.
            store_options: how the object store is reached: ``access_key_id``, ``secret_access_key``, ``region``,
                ``endpoint``, … Default: the registrar's where the sink is its ``save_to``, then the ``AWS_…`` variables
                that other programs go by, then the machine's role.
            **options: of the issuing. A run that is resumed keeps its day of issue unless one is given.

        Raises:
            ConfigurationError: an argument is wrong.
            JournalError: the journal is in use, damaged, not writable, or of a run begun otherwise.
            SinkError: the sink takes nothing (a full disk, a missing folder). With a journal, run again to go on.
            SourceUnavailableError: the source cannot say who its students are.
        """
        ids = None if student_ids is None else _options.several(student_ids, "student ids")
        if ids is None and query is None and isinstance(self._source, Mapping):
            ids = list(self._source)
        request = self._request({**options, "save": False})
        if query is not None and ids is not None:
            raise ConfigurationError("a run is told its students, or a query that gives them, not both")
        if query is not None and self._source is not None:
            # The core cannot put it: a driver of Python's can, and nobody else.
            if not isinstance(self._source, Database):
                raise ConfigurationError("a query is for a source with SQL")
            ids = await self._source.select(query)
        told = _batch.asked(
            ids=None if ids is None else [student_text(student_id) for student_id in ids],
            query=query,
            sink=self._save_to if sink is None else sink,
            journal=journal,
            name=name,
            shard=shard,
            concurrency=_options.concurrency(concurrency),
            date=options.get("issue_date"),
            keep_documents=keep_documents,
            store_options=self._options_of(sink, store_options),
        )
        run = self._core.run_batch(told, request, self._callers.functions(ids or (), fetch=True))
        return await _batch.conducted(run, progress)

    async def fill_orders(
        self,
        orders: Iterable[_orders.Order],
        *,
        sink: str | os.PathLike[str] | None = None,
        journal: str | os.PathLike[str] | None = None,
        name: str = "{order_id}.pdf",
        shard: tuple[int, int] | None = None,
        concurrency: int = 32,
        progress: _batch.Watch | None = None,
        store_options: Mapping[str, str] | None = None,
        full_time: _options.Load | None = None,
        half_time: _options.Load | None = None,
        **options: Unpack[IssueOptions],
    ) -> _batch.BatchReport:
        """Makes and saves the documents that were ordered, as :meth:`run_batch` does; its report tells each by order.

        Args:
            orders: from :func:`registrary.read_orders`, or made by hand. What an order says of recipient and purpose
                stands before `options`.
            name: a template of file names, with ``{order_id}`` besides the others; a student may have several orders.
            full_time, half_time: as :func:`registrary.verify_enrollment`, for orders of enrolment.

        Raises:
            ConfigurationError, JournalError, SinkError: as :meth:`run_batch`.
        """
        orders = _options.several(orders, "orders")
        told = _batch.asked(
            ids=None,
            orders=_orders.for_core(orders),
            sink=self._save_to if sink is None else sink,
            journal=journal,
            name=name,
            shard=shard,
            concurrency=_options.concurrency(concurrency),
            date=options.get("issue_date"),
            keep_documents=True,
            store_options=self._options_of(sink, store_options),
            loads=_options.loads(full_time, half_time),
        )
        functions = self._callers.functions([order.student_id for order in orders], fetch=True)
        run = self._core.run_batch(told, self._request({**options, "save": False}), functions)
        return await _batch.conducted(run, progress)

    def _options_of(self, sink: object, given: Mapping[str, str] | None) -> Mapping[str, str] | None:
        return self._store_options if sink is None and given is None else given

    def produce_transcript(self, record: RecordLike, **options: Unpack[IssueOptions]) -> _core.Transcript:
        """As :func:`registrary.produce_transcript`, with this registrar's settings."""
        request = self._request({**options, "save": False, "verify": False})
        return self._core.produce(_records.record_from(record), request)

    async def verify_degree(self, student_id: StudentKey, **options: Unpack[IssueOptions]) -> _core.DegreeVerification:
        """As :func:`registrary.verify_degree`, with this registrar's settings."""
        request, bridge = self._whole(options), _bridge.current()
        text, caller, given = self._callers.plan(bridge, student_id)
        return await self._core.verify_degree(bridge, text, request, caller, given)

    async def verify_enrollment(
        self,
        student_id: StudentKey,
        *,
        full_time: _options.Load | None = None,
        half_time: _options.Load | None = None,
        **options: Unpack[IssueOptions],
    ) -> _core.EnrollmentVerification:
        """As :func:`registrary.verify_enrollment`, with this registrar's settings."""
        request = self._whole({**options, "save": False, "verify": False})
        bridge, loads = _bridge.current(), _options.loads(full_time, half_time)
        text, caller, given = self._callers.plan(bridge, student_id)
        return await self._core.verify_enrollment(bridge, text, request, loads, caller, given)

    async def fetch_record(self, student_id: StudentKey) -> _core.StudentRecord:
        """One student's record, as the source gives it.

        Raises:
            RecordNotFoundError: the source has no such student.
            MalformedRecordError: the record cannot be right.
            SourceUnavailableError: the source cannot be reached.
            StageTimeoutError: it took longer than the fetch limit.
        """
        bridge = _bridge.current()
        text, caller, given = self._callers.plan(bridge, student_id)
        return await self._core.fetch(bridge, text, caller, given)

    async def student_ids(self) -> list[str]:
        """All student ids of the source, in its own order.

        Raises:
            ConfigurationError: the source cannot tell.
            SourceUnavailableError: the source cannot be reached.
        """
        if isinstance(self._source, Mapping):
            return [student_text(student_id) for student_id in self._source]
        if isinstance(self._source, Database):
            return await self._source.student_ids()
        return await self._core.student_ids(_bridge.current())

    async def check_source(self) -> list[str]:
        """Connects to the source and looks: one line for each thing found.

        Raises:
            SourceUnavailableError: the source cannot be reached.
        """
        if isinstance(self._source, Database):
            return (await self._source.inspect(self._policy)).told()
        if self._source is not None:
            return [f"a {type(self._source).__name__} of the caller's; asked at each call"]
        return await self._core.check_source(_bridge.current())

    async def inspect_source(self) -> _own_schema.SourceReport:
        """Connects to the source and looks, through the records of its first hundred students where it is an
        institution's own schema: columns, types, nulls, keys and codes, and whether the policy can judge the records.

        Raises:
            SourceUnavailableError: the source cannot be reached.
            ConfigurationError: the source cannot list its students.
        """
        if isinstance(self._source, Database):
            return await self._source.inspect(self._policy)
        if self._source is not None:
            return _own_schema.SourceReport(tuple(await self.check_source()), 0, 0, (), ())
        return _own_schema.report_from(await self._core.examine_source(_bridge.current()))

    def evaluate(self, record: RecordLike, *, policy: PolicyLike | None = None) -> _core.Evaluation:
        """As :func:`registrary.evaluate`, by this registrar's policy."""
        return _core.evaluate(_records.record_from(record), self._judge(policy))

    def calculate_gpa(self, attempts: Iterable[Any], *, policy: PolicyLike | None = None) -> Decimal | None:
        """As :func:`registrary.calculate_gpa`, by this registrar's policy."""
        return _core.calculate_gpa(list(attempts), self._judge(policy))

    def calculate_class_gpa(self, grades: Iterable[str], *, policy: PolicyLike | None = None) -> Decimal | None:
        """As :func:`registrary.calculate_class_gpa`, by this registrar's policy."""
        return _core.calculate_class_gpa(_options.several(grades, "grades"), self._judge(policy))

    def calculate_gpas(self, table: Any, **options: Unpack[GpaOptions]) -> GpaTable:
        """As :func:`registrary.calculate_gpas`, by this registrar's policy."""
        return _gpa.calculated(table, self._question(options))

    async def calculate_gpas_async(self, table: Any, **options: Unpack[GpaOptions]) -> GpaTable:
        """As :func:`registrary.calculate_gpas_async`, by this registrar's policy."""
        return await _gpa.calculated_async(table, self._question(options))

    def stream_gpas(
        self, batches: Any, *, clustered: bool = True, **options: Unpack[GpaOptions]
    ) -> _gpa_stream.GpaStream:
        """As :func:`registrary.stream_gpas`, by this registrar's policy."""
        return _gpa_stream.GpaStream(batches, self._question(options), clustered=clustered)

    def _question(self, options: GpaOptions) -> _gpa.Question:
        asked: dict[str, Any] = {name: value for name, value in options.items() if name != "policy"}
        return _gpa.question(self._judge(options.get("policy")), **asked)

    def _judge(self, policy: PolicyLike | None) -> _core.Policy:
        return self._policy if policy is None else policy_from(policy)

    async def aclose(self) -> None:
        """Ends the work of the streams that are still in use."""
        # Each is ended, even where the first one's closing is cancelled.
        async with contextlib.AsyncExitStack() as closing:
            for stream in list(self._streams):
                closing.push_async_callback(stream.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
