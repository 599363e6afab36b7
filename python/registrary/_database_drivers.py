"""What DB-API drivers have in common, and what sqlite3 has of its own: transactions, names, failures."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from registrary.errors import ConfigurationError, SourceUnavailableError

_HINT = "See the cause; `registrary sources check` looks at each query."


@contextlib.contextmanager
def snapshot(connection: Any, begin: Sequence[str] | None, forget: Callable[[Any], None]) -> Iterator[None]:
    """One transaction; whether all its queries read one state is for `begin` to say. `forget` takes a broken one."""
    if begin is None:
        is_free = is_sqlite(connection) and not connection.in_transaction
        begin = ["BEGIN"] if is_free else []
    try:
        for statement in begin:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(statement)
    except Exception as error:
        forget(connection)
        raise failed("the database failed to begin a transaction", error) from error
    try:
        yield
    finally:
        try:
            connection.rollback()
            if is_sqlite(connection) and getattr(connection, "autocommit", None) is True and connection.in_transaction:
                # One that commits by itself does nothing when told to roll back.
                connection.execute("ROLLBACK")
        except Exception:
            # Its next question would be read in a transaction of long ago.
            forget(connection)


def is_sqlite(connection: Any) -> bool:
    module = sys.modules.get("sqlite3")
    return module is not None and isinstance(connection, module.Connection)


def failed(what: str, error: Exception) -> SourceUnavailableError:
    # The driver's own words, which may quote a value, are the cause and no part of the message.
    reason = f"{what}: {type(error).__name__}"
    return SourceUnavailableError(f"the source cannot be reached: {reason}", reason=reason, hint=_HINT)


def library_of(connection: Any) -> str:
    return type(connection).__module__.partition(".")[0]


def paramstyle_of(connection: Any) -> str:
    """The ``paramstyle`` of the connection's module, as PEP 249 has it."""
    module = sys.modules.get(library_of(connection))
    style = getattr(module, "paramstyle", None)
    if not isinstance(style, str):
        raise ConfigurationError(
            f"the module {library_of(connection)} tells no paramstyle", hint="Give `paramstyle=` to `database`."
        )
    return style
