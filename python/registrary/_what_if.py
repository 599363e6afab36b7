"""What an adviser is asked every day: which GPA the next credits need."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction


@dataclasses.dataclass(frozen=True, slots=True)
class RequiredGpa:
    """Which GPA the next credits need for the overall GPA to be printed at the target or better.

    With quality points Q and GPA hours H so far, C credits to come, and L the least value that the policy prints at the
    target or better::

        exact = (L x (H + C) - Q) / C

    Where the policy makes the cumulative GPA of the printed GPAs of terms, Q is their sum by hours, and the credits are
    one term whose printed GPA must be that. Where fewer points are better, read "less" for "more".

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
    """What the credits need, exact; it may lie beyond either end of the scale."""
    more_than: bool
    """Whether exactly that is too little: a half that rounds to the even digit goes the other way."""
    gpa: Decimal | None
    """The least GPA with the policy's places that reaches the target; None where it is impossible."""
    reached: bool
    """Whether the target is reached whatever the credits bring: the worst grade of the scale is enough."""
    lowest_is_best: bool
    """Whether fewer points are better on this scale."""
    grade: str | None
    """The lowest grade that reaches it, earned in every one of the credits; None where it is impossible."""
    top: Decimal
    """What the best grade of the scale is worth."""

    @property
    def impossible(self) -> bool:
        """Whether the best grade in all of the credits is too little."""
        return self.gpa is None

    def __str__(self) -> str:
        asked = f"{self.target_gpa} on the next {self.credits} credits ({self.level})"
        if self.reached:
            return f"{asked}: reached already, whatever they bring"
        beyond = "less than " if self.lowest_is_best else "more than "
        needed = f"{beyond if self.more_than else ''}{self.exact}"
        if self.impossible:
            return f"{asked}: impossible, it needs {needed} and the scale ends at {self.top}"
        least = f", {self.grade} in all of them" if self.grade else ""
        return f"{asked}: needs {needed}, so a GPA of {self.gpa}{least}"
