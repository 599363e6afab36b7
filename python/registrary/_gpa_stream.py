"""GPAs of tables larger than memory."""

from __future__ import annotations

from typing import Any


class GpaStream:
    """In the making."""

    def __init__(self, batches: Any, asked: Any, *, clustered: bool) -> None: ...
