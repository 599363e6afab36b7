"""The bridge of the event loop that runs now, and the end of all work when the process ends."""

from __future__ import annotations

import asyncio
import atexit
import sys
import threading
import weakref

from registrary import _core


class _Known(threading.local):
    """The bridges of the loops that this thread has run. A bridge holds its loop only while calls are pending."""

    def __init__(self) -> None:
        self.bridges: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _core.LoopBridge] = (
            weakref.WeakKeyDictionary()
        )


_known = _Known()

# Refuses new work, drops what waits, and gives running jobs half a second: an interpreter that ends never waits longer.
atexit.register(_core.shut_down, 0.5)


def in_trio() -> bool:
    """Whether a trio task runs here. Nobody who does not use trio imports it."""
    trio = sys.modules.get("trio")
    # Half imported, it has no task yet.
    lowlevel = getattr(trio, "lowlevel", None)
    return lowlevel is not None and bool(lowlevel.in_trio_task())


def is_running() -> bool:
    """Whether an event loop runs on this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return in_trio()
    return True


def current() -> _core.LoopBridge:
    """The bridge of the event loop that runs now, made at its first call."""
    if in_trio():
        from registrary import _trio

        return _trio.current()
    event_loop = asyncio.get_running_loop()
    bridge = _known.bridges.get(event_loop)
    # After a fork the child's loop gets a bell of its own: the one it inherited rings in the parent.
    if bridge is None or not bridge.serves(event_loop):
        bridge = _bridged(event_loop)
    return bridge


def _bridged(event_loop: asyncio.AbstractEventLoop) -> _core.LoopBridge:
    """A new bridge; those of closed loops let go of what was pending there."""
    for other in list(_known.bridges.values()):
        if other.is_stale():
            other.abandon()
    bridge = _core.LoopBridge(event_loop)
    event_loop.add_reader(bridge.fileno(), bridge)
    _known.bridges[event_loop] = bridge
    return bridge
