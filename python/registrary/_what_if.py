"""What an adviser is asked every day: which GPA the next credits need."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction


@dataclasses.dataclass(frozen=True, slots=True)
class RequiredGpa:
    """Which GPA the next credits need for the overall GPA to be printed at the target or above.

    With quality points Q and GPA hours H so far, C credits to come, and L the least value that the policy prints at the
    target or above::

        exact = (L x (H + C) - Q) / C

    The credits are taken in new courses: a repeat that replaces a grade does more, and
    :meth:`registrary.Evaluation.with_attempts` tells how much.
    """

    target_gpa: Decimal
    """The GPA wanted."""
    credits: Decimal
    """The credits to come, all of them in the GPA."""
    level: str
    """The level whose overall GPA it is about."""
    exact: Fraction
    """What the credits need, exact; zero or less where the target is reached whatever they bring."""
    more_than: bool
    """Whether exactly that is too little: a half that rounds to the even digit goes the other way."""
    gpa: Decimal | None
    """The least GPA with the policy's places that reaches the target; None where it is impossible."""
    grade: str | None
    """The lowest grade of the scale that reaches it, earned in every one of the credits; None where it is impossible."""
    top: Decimal
    """What the best grade of the scale is worth."""

    @property
    def reached(self) -> bool:
        """Whether the target is reached whatever the credits bring."""
        return self.exact < 0 or (self.exact == 0 and not self.more_than)

    @property
    def impossible(self) -> bool:
        """Whether the best grade in all of the credits is too little."""
        return self.gpa is None

    def __str__(self) -> str:
        asked = f"{self.target_gpa} on the next {self.credits} credits ({self.level})"
        if self.reached:
            return f"{asked}: reached already, whatever they bring"
        needed = f"{'more than ' if self.more_than else ''}{self.exact}"
        if self.impossible:
            return f"{asked}: impossible, it needs {needed} and the scale ends at {self.top}"
        least = f", {self.grade} in all of them" if self.grade else ""
        return f"{asked}: needs {needed}, so a GPA of {self.gpa}{least}"
