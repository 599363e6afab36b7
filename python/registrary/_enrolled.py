"""The shape of a term in which a student was enrolled."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal, TypedDict


class EnrolledTerm(TypedDict):
    """One term in which a student was enrolled."""

    name: str
    designator: str
    level: str
    begins: datetime.date | None
    ends: datetime.date | None
    credits: Decimal
    """Of the courses enrolled in, without withdrawals and audits."""
    load: Literal["full-time", "half-time", "less-than-half-time"] | None
    """None where no rule tells it."""
    withdrawn: bool
    """Every course was withdrawn from."""
