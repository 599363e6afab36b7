"""An end-of-term run: how it is asked for, how far it is, and the report of what came of every document."""

from __future__ import annotations

import datetime
import html
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from registrary import _bridge, _core
from registrary.errors import ConfigurationError

if TYPE_CHECKING:
    pass


class BatchProgress(NamedTuple):
    """How far a run is."""

    total: int
    """Documents of the whole run."""
    done: int
    """Answered for: saved now or by an earlier process of the run, held, or failed."""
    failed: int
    held: int


Watch: TypeAlias = Callable[[BatchProgress], object]
"""Called on the event loop's thread with every step of a run, some ten times a second at most."""


class SavedDocument(NamedTuple):
    """One document of a run as it was saved."""

    serial: str
    name: str
    """Below the sink, with slashes between folders."""
    digest: str
    """SHA-256 of the file, 64 hexadecimal digits."""
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """What came of a run. Times are seconds of this process; what an earlier one saved is counted in `resumed` alone.

    Its `repr` and its table in a notebook hold numbers only.
    """

    run: str
    """The run's own word, which its serials are made of."""
    total: int
    """Documents of the whole run."""
    saved: int
    """Made and saved by this process."""
    resumed: int
    """Saved by earlier processes of the same run."""
    bytes: int
    pages: int
    elapsed: float
    p50: float
    """Half of the documents took no longer, from asking the source to their finished bytes."""
    p95: float
    """19 of 20 documents took no longer."""
    stages: Mapping[str, float]
    """Seconds of each stage, all documents together; they run side by side."""
    reasons: Mapping[str, int]
    """How often each reason (an error's ``code``) kept a document back."""
    failures: Sequence[tuple[str, BaseException]] = field(repr=False)
    """Student (or order) and error of every document that failed; holds are told apart."""
    held: Sequence[tuple[str, BaseException]] = field(repr=False)
    """Student (or order) and :class:`HoldError` of every document that a hold keeps back."""
    documents: Mapping[str, SavedDocument] = field(repr=False)
    """Every document saved, by student (or order); empty unless the run was asked to keep them."""

    @property
    def failed(self) -> int:
        """Documents that failed, holds not counted."""
        return len(self.failures)

    @property
    def complete(self) -> bool:
        """Whether every document is saved."""
        return self.saved + self.resumed == self.total

    @property
    def per_second(self) -> float:
        """Documents that this process saved in a second."""
        return self.saved / self.elapsed if self.elapsed > 0 else 0.0

    def rows(self) -> list[tuple[str, str]]:
        """The report as a table of words and numbers."""
        told = [
            ("documents", f"{self.total:,}"),
            ("saved", f"{self.saved:,}"),
            ("saved earlier", f"{self.resumed:,}"),
            ("held", f"{len(self.held):,}"),
            ("failed", f"{self.failed:,}"),
        ]
        told += [(f"  {reason}", f"{count:,}") for reason, count in sorted(self.reasons.items()) if reason != "hold"]
        told += [
            ("pages", f"{self.pages:,}"),
            ("megabytes", f"{self.bytes / 1e6:,.1f}"),
            ("seconds", f"{self.elapsed:,.1f}"),
            ("documents/s", f"{self.per_second:,.0f}"),
            ("p50, p95", f"{self.p50 * 1000:,.1f} ms, {self.p95 * 1000:,.1f} ms"),
        ]
        return told

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th style='text-align:left'>{html.escape(word)}</th><td style='text-align:right'>{number}</td></tr>"
            for word, number in self.rows()
        )
        return f"<table>{cells}</table>"


def asked(
    *,
    ids: list[str] | None,
    query: str | None = None,
    sink: str | os.PathLike[str] | None,
    journal: str | os.PathLike[str] | None,
    name: str | None,
    shard: tuple[int, int] | None,
    concurrency: int,
    date: datetime.date | None,
    keep_documents: bool,
    orders: list[Any] | None = None,
    loads: list[tuple[str | None, Any, Any | None]] | None = None,
    store_options: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the core is told of a run."""
    if sink is None:
        raise ConfigurationError(
            "a run needs a place to save to", hint="Give sink=, or set the registrar up with save_to."
        )
    return {
        "ids": ids,
        "query": query,
        "orders": orders,
        # No other run has this word: its serials are made of it.
        "run": secrets.token_hex(8),
        "sink": os.fspath(sink),
        "store_options": store_options_of(sink, store_options),
        "name": name,
        "journal": None if journal is None else os.fspath(journal),
        "shard": shard,
        "concurrency": concurrency,
        "date_given": date is not None,
        "keep_documents": keep_documents,
        "loads": loads or [],
    }


_STORE = "s3://"

# What the environment says for everyone; what else begins with AWS_ is meant for other programs.
_FROM_ENVIRONMENT = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
)


def store_options_of(sink: str | os.PathLike[str], given: Mapping[Any, Any] | None) -> list[tuple[str, str]]:
    """How an object store is reached: the environment's word, and what is given on top of it."""
    if not os.fspath(sink).startswith(_STORE):
        if given:
            raise ConfigurationError("store_options are given, but the sink is a folder")
        if os.fspath(sink).startswith("s3:/"):
            raise ConfigurationError("an object store is a text, s3://bucket/prefix, not a path")
        return []
    told = {name.lower(): os.environ[name] for name in _FROM_ENVIRONMENT if os.environ.get(name)}
    for name, value in (given or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("store_options are texts")
        told[name if name.startswith("aws_") else f"aws_{name}"] = value
    return list(told.items())


async def conducted(run: _core.BatchRun, progress: Watch | None) -> BatchReport:
    """Runs to the end. Cancelled, it returns when the work has ended."""
    bridge = _bridge.current()
    try:
        while True:
            step = await run.step(bridge)
            if isinstance(step, dict):
                step["documents"] = {key: SavedDocument(*saved) for key, saved in step["documents"].items()}
                return BatchReport(**step)
            if progress is not None:
                progress(BatchProgress(*step))
    finally:
        await run.close(bridge)
