"""The Rust core. Private: the package's own modules and the names it re-exports are the interface."""

import datetime
import os
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Generic, TypeAlias, TypeVar, final

from registrary._enrolled import EnrolledTerm
from registrary._explanation import Explanation
from registrary._what_if import RequiredGpa
from registrary.errors import Hold

__all__ = [
    "VERSION",
    "BatchReader",
    "BatchRun",
    "Call",
    "Caller",
    "Clusters",
    "Columns",
    "DegreeVerification",
    "EnrollmentVerification",
    "Evaluation",
    "FontFile",
    "GpaRequest",
    "Limits",
    "LoopBridge",
    "OwnQueries",
    "OwnSource",
    "Policy",
    "Registrar",
    "Request",
    "Retry",
    "Settings",
    "StudentRecord",
    "Transcript",
    "TranscriptResult",
    "TranscriptStream",
    "calculate_class_gpa",
    "calculate_gpa",
    "calculate_gpas",
    "calculate_gpas_async",
    "campus_schema",
    "check_mergeable",
    "classify_honours",
    "convert_grade",
    "evaluate",
    "explain_gpas",
    "merge_gpas",
    "runtime_stats",
    "scheme_names",
    "selection",
    "set_threads",
    "set_workers",
    "shut_down",
    "weighted_average_mark",
    "write_sample_campus",
]

_Result_co = TypeVar("_Result_co", covariant=True)

_Functions: TypeAlias = tuple[
    Callable[[str], Awaitable[bytes]] | None,
    Callable[[str, str], Awaitable[bytes]] | None,
]

VERSION: Final[str]

@final
class Call(Awaitable[_Result_co], Generic[_Result_co]):
    """An awaitable that starts Rust work when first awaited and yields a genuine `asyncio.Future`."""

    def __await__(self) -> Generator[Any, None, _Result_co]: ...
    def __iter__(self) -> Generator[Any, None, _Result_co]: ...
    def __next__(self) -> Any: ...
    def send(self, value: None) -> Any: ...
    def throw(self, kind: Any, value: Any = None, traceback: Any = None) -> Any: ...
    def close(self) -> None: ...
    @property
    def ends(self) -> bool: ...

@final
class LoopBridge:
    """Watches one event loop's queue. Holds the loop weakly: only pending calls keep it alive."""

    def __new__(cls, event_loop: Any, awaiting: Any | None = None, beginning: Any | None = None) -> LoopBridge: ...
    def __call__(self, *args: Any, **kwargs: Any) -> None: ...
    def fileno(self) -> int: ...
    def serves(self, event_loop: Any) -> bool: ...
    def is_stale(self) -> bool: ...
    def abandon(self) -> None: ...

@final
class Policy:
    """An institution's grading policy: which grades are worth what, what counts, and how a GPA is rounded."""

    @staticmethod
    def built_in(name: str) -> Policy:
        """A policy that comes with registrary, by its name."""

    @staticmethod
    def built_in_names() -> list[str]: ...
    @staticmethod
    def from_toml(path: str | os.PathLike[str]) -> Policy:
        """From a TOML file."""

    @staticmethod
    def from_dict(policy: Mapping[str, Any]) -> Policy:
        """From a mapping of the same shape as a TOML file."""

    @staticmethod
    def from_toml_text(text: str) -> Policy: ...
    @staticmethod
    def from_json(text: bytes) -> Policy: ...
    def for_entry_term(self, term: str) -> Policy:
        """The policy of those who entered in a term (``"2017-09"``), where its scale goes by the term of entry.

        ``evaluate`` finds the term in the record; attempts alone do not tell it. Raises ConfigurationError where the
        text is no year and month.
        """

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...

@final
class StudentRecord:
    """A student's record: facts as recorded, all of them valid."""

    @staticmethod
    def from_dict(record: object) -> StudentRecord:
        """From a mapping or a dataclass of the published JSON's shape."""

    @staticmethod
    def from_json(text: str | bytes) -> StudentRecord:
        """Reads the published JSON, from text or bytes."""

    @staticmethod
    def from_json_bytes(text: bytes) -> StudentRecord: ...
    @staticmethod
    def from_pesc_bytes(text: bytes) -> StudentRecord: ...
    @staticmethod
    def from_pdf_bytes(pdf: bytes) -> StudentRecord: ...
    def to_dict(self) -> dict[str, Any]:
        """The published JSON as dicts and lists; quantities are strings, exact."""

    def to_json(self) -> str:
        """The published JSON: the same record always gives the same text."""

    @property
    def student_id(self) -> str: ...
    @property
    def sample(self) -> bool:
        """Whether it is invented: every page of it says SAMPLE."""

    @property
    def holds(self) -> tuple[Hold, ...]: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Evaluation:
    """A record, judged by a policy: exact totals by term and level, and what each attempt did."""

    @property
    def gpa(self) -> Decimal | None:
        """The overall GPA of the record's one level, as the policy prints it; ValueError where there are several."""

    @property
    def levels(self) -> dict[str, Decimal | None]:
        """The overall GPA of each level."""

    @property
    def differences(self) -> list[dict[str, Any]]:
        """Where the record states another standing or honour than the rules give: place, recorded, computed."""

    @property
    def policy(self) -> str | None:
        """The policy that judged; `None` when the document states its own totals."""

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain dicts and lists; numbers are `decimal.Decimal`."""

    @property
    def hypothetical(self) -> bool:
        """Whether planned attempts are among those judged."""

    def explain(self, *, level: str | None = None, term: str | None = None, number: str | None = None) -> Explanation:
        """How printed numbers came about: the attempts counted and left out, the rule for each, the arithmetic.

        Args:
            level: numbers of this level alone. Default: all levels.
            term: numbers printed with this term alone, by designator (``"2025-09"``). Default: all.
            number: what is summed up (``"term"``, ``"cumulative"``, ``"transfer_block"``, ``"institution"``,
                ``"transfer"``, ``"overall"``, or ``"variant.honors"`` for the policy's own GPA of that name), alone or
                with one figure: ``"cumulative.gpa"``; or what a rule decided: ``"standing"``, ``"honors"``,
                ``"degree_honors"``. Default: all.

        Returns:
            An :class:`registrary.Explanation`: ``str()`` for text, ``to_dict()`` for data, a table in a notebook.

        Raises:
            ConfigurationError: ``number`` is none of these, or the evaluation has no such number.
        """

    def _explained(
        self, level: str | None, term: str | None, span: str | None, variant: str | None
    ) -> dict[str, Any] | None: ...
    def with_attempts(self, attempts: Sequence[Mapping[str, Any]]) -> Evaluation:
        """What the same policy would say, had the student these attempts, too. Exact, repeat rules included.

        This evaluation stays as it is. The new one is ``hypothetical``: it belongs to no record that could be printed.

        Args:
            attempts: mappings with ``course`` (``"MATH 201"``), ``term`` (``"2027-02"``), ``grade``, ``credits`` in the
                unit of the level's totals, and ``level`` where the record does not have exactly one. A term that the
                level has takes them in; another is new, at the campus of the last.

        Raises:
            MalformedRecordError: something cannot be right, or the document states its own totals; all problems are
                listed.
        """

    def required_for(self, target_gpa: Any, credits: Any, *, level: str | None = None) -> RequiredGpa:
        """Which GPA the next credits need for the overall GPA to be printed at the target or above.

        ``exact = (L x (H + C) - Q) / C``, with quality points Q and GPA hours H so far, C credits to come in new
        courses, and L the least value that the policy prints at the target or better. See
        :class:`registrary.RequiredGpa`.

        Args:
            target_gpa: int, str, Decimal, or a float taken by its shortest decimal form; 0 to 1000.
            credits: the credits to come, more than 0, in the unit of the level's totals.
            level: whose overall GPA. Default: the record's one level.

        Raises:
            ConfigurationError: an argument is out of range, or the level is unknown.
            MalformedRecordError: the document states its own totals.
        """

@final
class Transcript:
    """A transcript: the PDF, and everything it was made from."""

    @property
    def pdf(self) -> bytes: ...
    @property
    def student_id(self) -> str: ...
    @property
    def record(self) -> StudentRecord: ...
    @property
    def evaluation(self) -> Evaluation: ...
    @property
    def digest(self) -> str:
        """SHA-256 of the PDF, 64 hexadecimal digits."""

    @property
    def code(self) -> str:
        """The verification code printed on it."""

    @property
    def pages(self) -> int: ...
    @property
    def serial(self) -> str:
        """The document's own number."""

    @property
    def issue_date(self) -> datetime.date: ...
    @property
    def saved(self) -> Path | None:
        """Where it was saved, in a folder."""
    @property
    def saved_url(self) -> str | None:
        """Where it was saved, in an object store: ``s3://bucket/key``."""

    @property
    def confirmed(self) -> bool:
        """Whether the verification service confirmed it."""

    @property
    def confirmation_reference(self) -> str | None:
        """The verification service's own number for its confirmation."""

    @property
    def timings(self) -> dict[str, float]:
        """Seconds by stage; stages that did not run are absent."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the PDF to `path`, whole or not at all."""

    def __bytes__(self) -> bytes: ...
    def __len__(self) -> int: ...
    def _repr_html_(self) -> str: ...

@final
class TranscriptResult:
    """One student's outcome: a transcript or an error, never both."""

    @property
    def student_id(self) -> str: ...
    @property
    def transcript(self) -> Transcript | None: ...
    @property
    def pdf(self) -> bytes | None:
        """The PDF; `None` when there is an error."""

    @property
    def error(self) -> Exception | None: ...

@final
class DegreeVerification:
    """A degree that the record shows and, where it was asked, the verification service confirmed; with its
    certificate."""

    @property
    def pdf(self) -> bytes:
        """The certificate."""

    @property
    def student_id(self) -> str: ...
    @property
    def record(self) -> StudentRecord: ...
    @property
    def title(self) -> str:
        """The degree as the record names it."""

    @property
    def honors(self) -> list[str]: ...
    @property
    def conferred(self) -> datetime.date: ...
    @property
    def digest(self) -> str:
        """SHA-256 of the certificate, 64 hexadecimal digits."""

    @property
    def code(self) -> str:
        """The verification code printed on it."""

    @property
    def pages(self) -> int: ...
    @property
    def serial(self) -> str:
        """The certificate's own number."""

    @property
    def confirmed(self) -> bool:
        """Whether the verification service was asked, and confirmed."""

    @property
    def confirmation_reference(self) -> str | None: ...
    @property
    def timings(self) -> dict[str, float]:
        """Seconds by stage; stages that did not run are absent."""

@final
class EnrollmentVerification:
    """The terms a student was enrolled in, as the record shows them, and the page that certifies them."""

    @property
    def pdf(self) -> bytes:
        """The page."""

    @property
    def student_id(self) -> str: ...
    @property
    def record(self) -> StudentRecord: ...
    @property
    def enrolled(self) -> bool | None:
        """Whether a term is under way on the day of issue; `None` where the record lacks the dates to tell."""

    @property
    def terms(self) -> list[EnrolledTerm]:
        """In the record's order."""

    @property
    def digest(self) -> str:
        """SHA-256 of the PDF, 64 hexadecimal digits."""

    @property
    def code(self) -> str:
        """The verification code printed on it."""

    @property
    def pages(self) -> int: ...
    @property
    def serial(self) -> str:
        """The document's own number."""

    @property
    def timings(self) -> dict[str, float]:
        """Seconds by stage; stages that did not run are absent."""

@final
class Columns:
    """Batches of one schema. Immutable; whatever reads it shares its memory."""

    @staticmethod
    def from_array(schema: object, array: object, names: list[str]) -> Columns:
        """A table of one batch, from the pair that `__arrow_c_array__` gives; of it the columns named."""

    @staticmethod
    def from_columns(columns: list[tuple[str, str, Any]]) -> Columns:
        """A table of columns, each a name, its role (`"key"`, `"grade"`, `"number"`, `"mark"`) and: a stream's capsule,
        an array's pair of capsules, a list, an object with a buffer, or numpy's texts as a buffer of characters and
        how many each has."""

    @staticmethod
    def from_chunks(columns: list[tuple[str, object]]) -> Columns:
        """A table of columns of one table, each a name and a stream's capsule; none of the streams may need Python."""

    @staticmethod
    def joined(tables: list[Columns]) -> Columns:
        """The rows of several tables of the same columns, one after the other."""

    def counted_from(self, name: str, start: int) -> Columns:
        """The same with a column of row numbers that begin later."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...
    @property
    def names(self) -> list[str]: ...
    def column(self, name: str, start: int = 0, stop: int | None = None) -> list[Any]:
        """The cells of one column as Python values, of the rows from `start` up to `stop`."""

    def total(self, name: str) -> Decimal:
        """The sum of a column of decimals, exact."""

    def floats(self, name: str) -> bytes | None:
        """A column of decimals as 64-bit floats, the nearest to each, in bytes; what holds nothing is NaN."""

    def nulls(self, name: str) -> int:
        """How many cells of a column hold nothing."""

    def places_of(self, name: str, key: int | str) -> list[int]:
        """The rows whose cell in a column is this whole number or this text; a whole number stands for its digits."""

    def rows_at(self, places: list[int]) -> Columns:
        """A table of these rows alone, in ascending order; nothing is copied."""

@final
class BatchReader:
    """Reads a stream of batches, of each the columns named and no others."""

    def __new__(cls, capsule: object, names: list[str]) -> BatchReader: ...
    def __iter__(self) -> BatchReader: ...
    def __next__(self) -> Columns: ...
    def read_all(self) -> Columns:
        """All that is left."""

@final
class GpaRequest:
    """What is asked of a table."""

    def __new__(
        cls,
        policy: Policy,
        by: list[str],
        *,
        student: str | None = None,
        grade: str | None = None,
        points: str | None = None,
        credits: str | None = None,
        term: str | None = None,
        course: str | None = None,
        level: str | None = None,
        section: str | None = None,
        excluded: str | None = None,
        cumulative: bool = False,
        collect: bool = False,
    ) -> GpaRequest: ...

@final
class Clusters:
    """Rows that come clustered by student, and whose students end anywhere in a batch."""

    def __new__(cls, student: str) -> Clusters: ...
    def push(self, columns: Columns) -> Columns | None:
        """The rows of the students that are over, or `None` when none is."""

    def finish(self, columns: Columns) -> Columns | None:
        """The last student's rows; `columns` is any batch that was pushed."""

@final
class FontFile:
    """A font file that a theme names: read and checked once, shared by all settings that name it."""

    def __new__(cls, bytes: bytes, index: int, place: str) -> FontFile: ...

@final
class Settings:
    """Theme and policy: immutable, shared by all transcripts of a registrar."""

    def __new__(
        cls, themes: list[tuple[str, str]], policy: Policy | None = None, fonts: list[FontFile] = ...
    ) -> Settings: ...
    @staticmethod
    def built_in_themes() -> list[str]: ...
    @property
    def policy(self) -> Policy: ...

@final
class Request:
    """One issuing: when, whether official, for whom, and what becomes of it."""

    def __new__(
        cls,
        date: datetime.date,
        *,
        official: bool,
        serial: str | None = None,
        recipient: str | None = None,
        purpose: str | None = None,
        partial: tuple[list[str], list[str]] | None = None,
        save: bool,
        verify: bool,
    ) -> Request: ...

@final
class TranscriptStream:
    """Transcripts as they are done, or in the order asked. Nothing starts before the first chunk is awaited."""

    def next_chunk(self, bridge: LoopBridge, most: int) -> Call[list[TranscriptResult]]: ...
    def close(self, bridge: LoopBridge) -> Call[None]: ...
    @property
    def total(self) -> int: ...

@final
class OwnSource:
    """A source that was made beforehand, for any number of registrars."""

    @staticmethod
    def from_configuration(path: str, environment: dict[str, str]) -> OwnSource: ...
    @staticmethod
    def from_tables(tables: list[tuple[str, Any]], absent: list[str], maps: str) -> OwnSource: ...
    @staticmethod
    def from_json(text: str, folder: str, environment: dict[str, str]) -> OwnSource: ...

@final
class OwnQueries:
    """The queries and maps of a configuration, for whoever puts them to a database in Python."""

    def __new__(cls, path: str, paramstyle: str) -> OwnQueries: ...
    @property
    def integer_ids(self) -> bool: ...
    def statements(self, students: int) -> list[tuple[str, str]]: ...
    def listing(self) -> str | None: ...
    def ids(self, cells: list[Any]) -> list[str]: ...
    def records(self, students: list[str], answers: list[tuple[list[str], list[list[Any]]]]) -> list[Any]: ...
    def examine(self, title: str, students: list[str], answers: list[Any], policy: Policy) -> str: ...

@final
class Caller:
    """The caller's own functions, which equal calls in flight of one owner share."""

    def __new__(cls, record: Any | None, confirmation: Any | None, owner: Any) -> Caller: ...
    @property
    def owner(self) -> Any: ...

@final
class Limits:
    """The longest that each stage may take, and how many records may be under way at once."""

    def __new__(
        cls, *, fetch: float, produce: float, save: float, verify: float, concurrency: int | None = None
    ) -> Limits: ...

@final
class Retry:
    """How a service that fails in passing is asked again."""

    def __new__(cls, *, attempts: int, first: float, longest: float, budget_percent: int) -> Retry: ...

@final
class Registrar:
    """Where records come from, how documents look, where they go and who confirms them."""

    def __new__(
        cls,
        source: str | OwnSource | None,
        settings: Settings,
        *,
        save_to: tuple[str, list[tuple[str, str]]] | None = None,
        verify_with: str | None = None,
        limits: Limits,
        retry: Retry,
    ) -> Registrar: ...
    def issue(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        caller: Caller | None = None,
        given: StudentRecord | bytes | None = None,
    ) -> Call[Transcript]: ...
    def generate(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        caller: Caller | None = None,
        given: StudentRecord | bytes | None = None,
    ) -> Call[bytes]: ...
    def issue_sync(self, id: str, request: Request, given: StudentRecord | bytes | None = None) -> Transcript: ...
    def fetch(
        self,
        bridge: LoopBridge,
        id: str,
        caller: Caller | None = None,
        given: StudentRecord | bytes | None = None,
    ) -> Call[StudentRecord]: ...
    def verify_degree(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        caller: Caller | None = None,
        given: StudentRecord | bytes | None = None,
    ) -> Call[DegreeVerification]: ...
    def verify_enrollment(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        loads: list[tuple[str | None, Any, Any | None]],
        caller: Caller | None = None,
        given: StudentRecord | bytes | None = None,
    ) -> Call[EnrollmentVerification]: ...
    def student_ids(self, bridge: LoopBridge) -> Call[list[str]]: ...
    def check_source(self, bridge: LoopBridge) -> Call[list[str]]: ...
    def examine_source(self, bridge: LoopBridge) -> Call[str]: ...
    def stream(
        self,
        ids: list[str],
        request: Request,
        *,
        max_concurrency: int,
        ordered: bool,
        functions: _Functions | None = None,
    ) -> TranscriptStream: ...
    def run_batch(self, batch: dict[str, Any], request: Request, functions: _Functions | None = None) -> BatchRun: ...
    def produce(self, record: StudentRecord, request: Request) -> Transcript: ...

@final
class BatchRun:
    """A run of many documents."""

    def step(self, bridge: LoopBridge) -> Call[tuple[int, int, int, int] | dict[str, Any]]: ...
    def close(self, bridge: LoopBridge) -> Call[None]: ...

def evaluate(record: StudentRecord, policy: Policy) -> Evaluation: ...
def calculate_gpa(attempts: list[Any], policy: Policy) -> Decimal | None: ...
def calculate_class_gpa(grades: list[Any], policy: Policy) -> Decimal | None: ...
def calculate_gpas(columns: Columns, request: GpaRequest) -> tuple[Columns, Columns | None]: ...
def calculate_gpas_async(
    bridge: LoopBridge, columns: Columns, request: GpaRequest
) -> Call[tuple[Columns, Columns | None]]: ...
def check_mergeable(request: GpaRequest) -> None: ...
def merge_gpas(parts: list[Columns], request: GpaRequest) -> Columns: ...
def explain_gpas(columns: Columns, request: GpaRequest) -> list[dict[str, Any]]: ...
def classify_honours(modules: list[Any], scheme: str | bytes) -> dict[str, Any]: ...
def weighted_average_mark(units: list[Any], scheme: str | bytes) -> Decimal | None: ...
def convert_grade(grade: Any, best: Any, lowest_pass: Any, scheme: str | bytes) -> Decimal: ...
def scheme_names() -> list[tuple[str, list[str]]]: ...
def shut_down(seconds: float) -> None: ...
def set_workers(workers: int) -> None: ...
def set_threads(threads: int) -> None: ...
def selection(query: str) -> str: ...
def runtime_stats() -> dict[str, Any]: ...
def write_sample_campus(path: str, students: int) -> None: ...
def campus_schema(server: str) -> str: ...
