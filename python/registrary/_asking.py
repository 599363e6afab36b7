"""The coroutine by which the Rust side asks one of the caller's own functions."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any

from registrary import _bridge

# The numbers of the callers whose questions are answered here. A call of theirs that is awaited here, as by a source
# that closes the stream that asks it, cannot wait for its own awaiter's end.
answering: contextvars.ContextVar[frozenset[int]] = contextvars.ContextVar("answering", default=frozenset())


async def answered(
    began: Callable[[Any], None], caller: int, function: Callable[..., Coroutine[Any, Any, bytes]], *question: str
) -> bytes:
    """Tells what can be cancelled, so that the question can be withdrawn, and asks."""
    answering.set(answering.get() | {caller})
    if _bridge.in_trio():
        from registrary import _trio

        return await _trio.cancellable(began, function(*question))
    began(asyncio.current_task())
    return await function(*question)
