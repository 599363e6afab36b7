"""The Rust core. Private: the package's own modules and the names it re-exports are the interface."""

import datetime
import os
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Generic, TypeAlias, TypeVar, final

from registrary.errors import Hold

__all__ = [
    "VERSION",
    "Call",
    "DegreeVerification",
    "Evaluation",
    "GpaTable",
    "LoopBridge",
    "Policy",
    "Registrar",
    "Request",
    "Settings",
    "StudentRecord",
    "Transcript",
    "TranscriptResult",
    "TranscriptStream",
    "calculate_class_gpa",
    "calculate_gpa",
    "calculate_gpas",
    "evaluate",
    "runtime_stats",
    "set_workers",
    "shut_down",
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

@final
class LoopBridge:
    """Watches one event loop's queue. Holds the loop weakly: only pending calls keep it alive."""

    def __new__(cls, event_loop: Any) -> LoopBridge: ...
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
    def policy(self) -> str | None:
        """The policy that judged; `None` when the document states its own totals."""

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain dicts and lists; numbers are `decimal.Decimal`."""

    def explain(self) -> str:
        """How each number came about, in plain text. It tells grades."""

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
        """Where it was saved."""

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
class GpaTable:
    """One row for each student, in order of first appearance; columns by name."""

    def __len__(self) -> int: ...
    def __getitem__(self, column: str, /) -> list[Any]:
        """One column as a list; numbers are `decimal.Decimal`, and a GPA without GPA hours is `None`."""

    @property
    def columns(self) -> list[str]: ...
    def to_dict(self) -> dict[str, list[Any]]:
        """All columns."""

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
class Registrar:
    """Where records come from, how documents look, where they go and who confirms them."""

    def __new__(
        cls,
        source: str | None,
        settings: Settings,
        *,
        save_to: str | None = None,
        verify_with: str | None = None,
        limits: tuple[float, float, float, float],
    ) -> Registrar: ...
    def issue(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        functions: _Functions | None = None,
        given: StudentRecord | None = None,
    ) -> Call[Transcript]: ...
    def generate(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        functions: _Functions | None = None,
        given: StudentRecord | None = None,
    ) -> Call[bytes]: ...
    def issue_sync(self, id: str, request: Request, given: StudentRecord | None = None) -> Transcript: ...
    def fetch(
        self,
        bridge: LoopBridge,
        id: str,
        functions: _Functions | None = None,
        given: StudentRecord | None = None,
    ) -> Call[StudentRecord]: ...
    def verify_degree(
        self,
        bridge: LoopBridge,
        id: str,
        request: Request,
        functions: _Functions | None = None,
        given: StudentRecord | None = None,
    ) -> Call[DegreeVerification]: ...
    def student_ids(self, bridge: LoopBridge) -> Call[list[str]]: ...
    def check_source(self, bridge: LoopBridge) -> Call[list[str]]: ...
    def stream(
        self,
        ids: list[str],
        request: Request,
        *,
        max_concurrency: int,
        ordered: bool,
        functions: _Functions | None = None,
    ) -> TranscriptStream: ...
    def produce(self, record: StudentRecord, request: Request) -> Transcript: ...

def evaluate(record: StudentRecord, policy: Policy) -> Evaluation: ...
def calculate_gpa(attempts: list[Any], policy: Policy) -> Decimal | None: ...
def calculate_class_gpa(grades: list[Any], policy: Policy) -> Decimal | None: ...
def calculate_gpas(
    student: Iterable[Any], grade: Iterable[Any], credits: Iterable[Any], policy: Policy, level: str | None = None
) -> GpaTable: ...
def shut_down(seconds: float) -> None: ...
def set_workers(workers: int) -> None: ...
def runtime_stats() -> dict[str, int]: ...
def write_sample_campus(path: str, students: int) -> None: ...
