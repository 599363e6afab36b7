"""The coroutine by which the Rust side asks one of the caller's own functions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from registrary import _bridge


async def answered(
    began: Callable[[Any], None], function: Callable[..., Coroutine[Any, Any, bytes]], *question: str
) -> bytes:
    """Tells what can be cancelled, so that the question can be withdrawn, and asks."""
    if _bridge.in_trio():
        from registrary import _trio

        return await _trio.cancellable(began, function(*question))
    began(asyncio.current_task())
    return await function(*question)
