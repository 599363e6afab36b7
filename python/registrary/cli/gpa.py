"""`registrary gpa`: a student's totals by level and term, as the policy prints them."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import registrary
from registrary.cli.opening import registrar_for
from registrary.cli.terminal import aligned, plain

_TOTALS = {
    "credits_attempted": "Attempted",
    "credits_earned": "Earned",
    "gpa_hours": "GPA hours",
    "quality_points": "Quality points",
    "gpa": "GPA",
}
_RIGHT = frozenset(range(1, len(_TOTALS) + 1))


def run(arguments: argparse.Namespace) -> int:
    """Prints the totals; a GPA without GPA hours is absent, not 0.00."""
    record, judged = asyncio.run(_evaluate(arguments))
    if arguments.explain is not None or arguments.term or arguments.level:
        return _explain(arguments, judged)
    evaluation = judged.to_dict()
    if arguments.json:
        # Decimals as strings: a JSON number would become a binary float in most readers.
        print(json.dumps(evaluation, indent=2, ensure_ascii=False, default=str))
    else:
        balances = json.loads(record.to_json()).get("balances", [])
        print("\n".join(evaluation_lines(evaluation, balances)))
    return 0


def _explain(arguments: argparse.Namespace, judged: registrary.Evaluation) -> int:
    explanation = judged.explain(level=arguments.level, term=arguments.term, number=arguments.explain or None)
    told = explanation.to_json() if arguments.json else str(explanation)
    print("\n".join(plain(line) for line in told.split("\n")))
    return 0


async def _evaluate(arguments: argparse.Namespace) -> tuple[registrary.StudentRecord, registrary.Evaluation]:
    async with registrar_for(arguments) as registrar:
        record = await registrar.fetch_record(arguments.id)
        return record, registrar.evaluate(record)


def evaluation_lines(evaluation: Mapping[str, Any], balances: Sequence[Mapping[str, Any]]) -> list[str]:
    """The totals of an evaluation in tables, one a level; balances without courses first, for they count too."""
    if evaluation["authority"] == "stated":
        rows = [[s["label"] or s["span"].capitalize(), *_figures(s)] for s in evaluation["summaries"]]
        return ["As the document states them", *_table(rows)]
    lines: list[str] = []
    for level in evaluation["levels"]:
        rows = [[b["label"], *_figures(b)] for b in balances if b["level"] == level["level"]]
        rows += [[term["name"], *_figures(term["term"])] for term in level["terms"]]
        # One row for all where nothing came from elsewhere.
        spans = ("institution", "transfer", "overall") if level["transfers"] or _brought(level) else ("overall",)
        rows += [[span.capitalize(), *_figures(level[span])] for span in spans]
        rows += [[variant["title"], *_figures(variant)] for variant in level["variants"]]
        lines += [*([""] if lines else []), plain(level["level"].capitalize()), *_table(rows), *_outcomes(level)]
    if not lines:
        return ["Nothing to judge yet."]
    return [*lines, *_differences(evaluation), "", plain(f"By the policy {evaluation['policy']}.")]


def _outcomes(level: Mapping[str, Any]) -> list[str]:
    """What the policy's rules say of the level's last term that they judge."""
    judged = [term for term in level["terms"] if term["standing"]]
    return [plain(f"  Standing by rule, {term['name']}: {term['standing']['title']}") for term in judged[-1:]]


def _differences(evaluation: Mapping[str, Any]) -> list[str]:
    told = [
        f"  {one['place']}: recorded {one['recorded'] or 'nothing'}, by the rules {one['computed'] or 'nothing'}"
        for one in evaluation["differences"]
    ]
    return ["", "The record differs from the policy's rules:", *map(plain, told)] if told else []


def _brought(level: Mapping[str, Any]) -> bool:
    return any(level["transfer"][key] for key in ("credits_attempted", "credits_earned"))


def _figures(totals: Mapping[str, Any]) -> list[str]:
    return ["-" if totals.get(key) is None else str(totals[key]) for key in _TOTALS]


def _table(rows: list[list[str]]) -> list[str]:
    return [f"  {line}" for line in aligned([["", *_TOTALS.values()], *rows], right=_RIGHT)]
