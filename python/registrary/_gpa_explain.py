"""How a row of a GPA table came about."""

from __future__ import annotations

from typing import Any


class GpaExplanation:
    """In the making."""


def explain(origin: Any, rows: Any, student_id: Any) -> GpaExplanation:
    """In the making."""
    raise NotImplementedError
