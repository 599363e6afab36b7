"""The bridge of the event loop that runs now, and the end of all work when the process ends."""

from __future__ import annotations

import asyncio
import atexit
import threading

from registrary import _core


class _Known(threading.local):
    """What a thread remembers: the bridge of the loop it ran last. Pending calls keep other loops' bridges alive."""

    bridge: _core.LoopBridge | None = None


_known = _Known()

# Refuses new work, drops what waits, and gives running jobs half a second: an interpreter that ends never waits longer.
atexit.register(_core.shut_down, 0.5)


def current() -> _core.LoopBridge:
    """The bridge of the running event loop, made at its first call."""
    event_loop = asyncio.get_running_loop()
    bridge = _known.bridge
    if bridge is None or not bridge.serves(event_loop):
        if bridge is not None and bridge.is_stale():
            bridge.abandon()
        bridge = _known.bridge = _core.LoopBridge(event_loop)
        event_loop.add_reader(bridge.fileno(), bridge)
    return bridge
