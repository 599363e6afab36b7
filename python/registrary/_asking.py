"""The coroutine by which the Rust side asks one of the caller's own functions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def answered(
    began: Callable[[asyncio.Task[Any] | None], None], function: Callable[..., Awaitable[bytes]], *question: str
) -> bytes:
    """Tells which task asks, so that it can be cancelled, and asks."""
    began(asyncio.current_task())
    return await function(*question)
