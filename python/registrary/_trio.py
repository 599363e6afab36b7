"""The bridge of a trio run: calls awaited, and the caller's coroutines begun, by trio's own means.

Imported only where trio runs, so that nobody else needs it.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any

import outcome
import trio

from registrary import _core

_Told = Callable[[Any, BaseException | None], None]


class _Run:
    """What a bridge takes for its event loop: one trio run."""

    def create_future(self) -> _Waiter:
        return _Waiter(self)

    def is_closed(self) -> bool:
        """A run that is over has let go of its bridge."""
        return False


class _Waiter:
    """What a call takes for a future: the trio task that waits for it."""

    _asyncio_future_blocking = False

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._done = False
        self.task: trio.lowlevel.Task | None = None

    def get_loop(self) -> _Run:
        return self._run

    def done(self) -> bool:
        return self._done

    def set_result(self, value: None) -> None:
        self._done = True
        if self.task is not None:
            trio.lowlevel.reschedule(self.task)


# The run is kept beside its bridge, which holds it weakly.
_bridge: trio.lowlevel.RunVar[tuple[_Run, _core.LoopBridge]] = trio.lowlevel.RunVar("registrary")


def current() -> _core.LoopBridge:
    """The bridge of this trio run, made at its first call."""
    try:
        run, bridge = _bridge.get()
    except LookupError:
        return _bridged()
    # After a fork the child needs a bell of its own.
    return bridge if bridge.serves(run) else _bridged()


def _bridged() -> _core.LoopBridge:
    run = _Run()
    bridge = _core.LoopBridge(run, _awaited, _begin)
    _bridge.set((run, bridge))
    trio.lowlevel.spawn_system_task(_watch, bridge)
    return bridge


async def _watch(bridge: _core.LoopBridge) -> None:
    while True:
        await trio.lowlevel.wait_readable(bridge.fileno())
        bridge()


async def _awaited(call: Any) -> Any:
    """The call's value. Cancelled, it returns when the work has ended: trio asks for that by ``Abort.FAILED``.

    What ends other work is begun even where everything is cancelled already: a block is left just then.
    """
    if not call.ends:
        await trio.lowlevel.checkpoint_if_cancelled()
    task = trio.lowlevel.current_task()
    call.send(None).task = task

    def abort(raise_cancel: Callable[[], Any]) -> trio.lowlevel.Abort:
        cancelled = outcome.capture(raise_cancel)
        assert isinstance(cancelled, outcome.Error)
        try:
            call.throw(cancelled.error).task = task
        except BaseException as error:
            if error is not cancelled.error:
                raise
            # In a forked child there is no end to wait for.
            return trio.lowlevel.Abort.SUCCEEDED
        return trio.lowlevel.Abort.FAILED

    await trio.lowlevel.wait_task_rescheduled(abort)
    try:
        call.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("the call was woken before its end")


def _begin(coroutine: Coroutine[Any, Any, bytes], told: _Told) -> None:
    """Runs a coroutine of the caller's beside the task that asked, in that one's context."""
    trio.lowlevel.spawn_system_task(_ran, coroutine, told, context=contextvars.copy_context())


async def _ran(coroutine: Coroutine[Any, Any, bytes], told: _Told) -> None:
    try:
        value = await coroutine
    except trio.Cancelled:
        # The run ends.
        told(None, asyncio.CancelledError())
        raise
    except BaseException as error:
        told(None, error)
    else:
        told(value, None)


async def cancellable(began: Callable[[Any], None], answer: Coroutine[Any, Any, bytes]) -> bytes:
    """The answer, unless ``cancel`` is called on what ``began`` was told."""
    with trio.CancelScope() as scope:
        began(scope)
        return await answer
    raise asyncio.CancelledError
