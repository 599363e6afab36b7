"""Why a printed number is what it is, as text, as data and as a table."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from registrary import _explain, _explain_html
from registrary._core import Evaluation
from registrary._repeats import in_words
from registrary.errors import ConfigurationError

SUMS: Final = ("term", "cumulative", "transfer_block", "institution", "transfer", "overall", "variant")
OUTCOMES: Final = ("standing", "honors", "degree_honors")
FIGURES: Final = ("credits_attempted", "credits_passed", "credits_earned", "gpa_hours", "quality_points", "gpa")


class Explanation:
    """The attempts behind printed numbers, counted and left out, the rule for each, and the arithmetic.

    ``str()`` gives it as text, :meth:`to_dict` as data, and a notebook shows a table. It tells grades.
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def to_dict(self) -> dict[str, Any]:
        """Everything as dicts and lists fit for JSON; every number is a str, exact.

        Keys: ``authority`` ("policy" or "stated"), ``policy``, ``hypothetical``, ``figure`` (the one asked for, or
        None) and ``levels``. Where a document states its own totals there are ``summaries`` instead of levels.

        - A level has ``level``, ``unit``, ``scale``, ``numbers`` and ``outcomes``.
        - A number has ``number`` (what it sums up), ``term`` and ``name`` (what it is printed with), ``variant`` (the
          name of a GPA of the policy's own), ``attempts``, ``balances``, ``figures`` (as printed) and ``arithmetic``:
          exact, with the rounding, and with ``of_terms`` where the policy makes the GPA of printed GPAs of terms.
        - An attempt says where it stands in the record (``place``), what it adds to each figure, whether it is
          ``counted`` in the GPA, the ``rule`` that decided, ``why`` in words, and, of a repeat, the ``reason``: the
          ``other`` attempt, the one that gives the ``credit``, ``threshold`` and ``limits``.
        - An outcome has ``outcome`` ("standing", "honors", "degree_honors"), ``title``, the ``rule``'s place in the
          policy, and what it ``compared``.
        """
        return copy.deepcopy(dict(self._facts))

    def to_json(self) -> str:
        """:meth:`to_dict` as JSON."""
        return json.dumps(self._facts, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        return _explain.text(self._facts)

    def __repr__(self) -> str:
        numbers = sum(len(level["numbers"]) for level in self._facts.get("levels", ()))
        return f"<Explanation: {numbers} numbers>"

    def __eq__(self, other: object) -> bool:
        return self._facts == other._facts if isinstance(other, Explanation) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        return _explain_html.tables(self._facts)


def explain(evaluation: Evaluation, level: str | None, term: str | None, number: str | None) -> Explanation:
    """What :meth:`Evaluation.explain` gives."""
    for name, value in (("level", level), ("term", term), ("number", number)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} is a str, not a {type(value).__name__}")
    span, variant, figure = _parsed(number)
    facts = evaluation._explained(level, term, span, variant)
    asked = any(value is not None for value in (level, term, number))
    if facts is None or (asked and not any(one["numbers"] or one["outcomes"] for one in facts.get("levels", ()))):
        hint = "See to_dict() of the evaluation for its levels, terms and numbers."
        raise ConfigurationError("the evaluation has no such number", hint=hint)
    facts["hypothetical"] = evaluation.hypothetical
    facts["figure"] = figure
    for summary in facts.get("summaries", ()):
        summary.update({name: str(summary[name]) for name in FIGURES if summary.get(name) is not None})
    for one in facts.get("levels", ()):
        for explained in one["numbers"]:
            for attempt in explained["attempts"]:
                attempt["why"] = in_words(attempt)
    return Explanation(facts)


def _parsed(number: str | None) -> tuple[str | None, str | None, str | None]:
    """What is summed up, the name of a GPA that the policy names, and the figure."""
    if number is None:
        return None, None, None
    span, *rest = number.split(".")
    variant = rest.pop(0) if span == "variant" and rest and rest[0] not in FIGURES else None
    if span in OUTCOMES and not rest:
        return span, None, None
    if span in SUMS and (not rest or (len(rest) == 1 and rest[0] in FIGURES)):
        return span, variant, rest[0] if rest else None
    raise ConfigurationError(
        f"number is one of {', '.join((*SUMS, *OUTCOMES))}; a sum may go with a figure, such as cumulative.gpa",
        hint=f"The figures are {', '.join(FIGURES)}.",
    )
