"""What is the caller's own: the place of the records, and the functions and mappings that the core is handed."""

from __future__ import annotations

import contextvars
import os
import weakref
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from registrary import _core, _own_schema, _records
from registrary._options import StudentKey, student_text

_Functions = tuple[Callable[[str], Awaitable[bytes]] | None, Callable[[str, str], Awaitable[bytes]] | None]


def place_of(source: Any) -> str | _core.OwnSource | None:
    """What the core opens; nothing where the caller's own mapping or function is asked."""
    if isinstance(source, _core.OwnSource):
        return source
    if _own_schema.is_configuration(source):
        return _own_schema.source_from(cast("str | os.PathLike[str]", source))
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    if isinstance(source, Mapping) or callable(source):
        return None
    raise TypeError(f"a source is a URL, a path, a mapping or an async function, not a {type(source).__name__}")


class Plan(NamedTuple):
    """What the core is handed for one student."""

    student_id: str
    caller: _core.Caller | None
    given: _core.StudentRecord | bytes | None


class Callers:
    """The source and the verifier of a registrar, as far as they are the caller's own: else each is None."""

    def __init__(self, source: Any, verifier: Callable[..., Any] | None) -> None:
        self._source, self._verifier = source, verifier
        # Those of calls in flight, for equal ones to share.
        self._known: weakref.WeakValueDictionary[Any, _core.Caller] = weakref.WeakValueDictionary()

    @property
    def needs_a_loop(self) -> bool:
        """Whether a function of the caller's has a part, which an event loop must run."""
        return self._verifier is not None or callable(self._source)

    def functions(self, student_ids: Iterable[StudentKey], *, fetch: bool) -> _Functions | None:
        """What the core asks: for records, unless they are not to be fetched, and for confirmations."""
        record = _records.fetching(self._source, student_ids) if fetch and self._source is not None else None
        confirmation = None if self._verifier is None else _records.confirming(self._verifier)
        return None if record is None and confirmation is None else (record, confirmation)

    def plan(self, bridge: _core.LoopBridge | None, student_id: StudentKey) -> Plan:
        """A mapping is looked into here and now; a function is asked by the core."""
        text = student_text(student_id)
        if isinstance(self._source, Mapping):
            caller = self._caller(bridge, student_id, fetch=False)
            return Plan(text, caller, _records.record_in(self._source, student_id))
        return Plan(text, self._caller(bridge, student_id, fetch=True), None)

    def _caller(self, bridge: _core.LoopBridge | None, student_id: StudentKey, *, fetch: bool) -> _core.Caller | None:
        """The caller's functions; the same for calls in flight that they cannot tell apart, so that these can share one
        document: for the same id on the same event loop, where every context variable has the same value."""
        functions = self.functions((student_id,), fetch=fetch)
        if functions is None or bridge is None:
            return None
        key = type(student_id), student_id
        known, context = self._known.get(key), contextvars.copy_context()
        if known is not None and known.owner[0]() is bridge and _same(known.owner[1], context):
            return known
        caller = self._known[key] = _core.Caller(*functions, (weakref.ref(bridge), context))
        return caller


def _same(first: contextvars.Context, second: contextvars.Context) -> bool:
    """Whether the contexts hold the same values. Values that cannot be compared are not the same."""
    try:
        return bool(first == second)
    except Exception:
        return False
