"""An explanation in words: every number with the numbers it came from. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Facts = Mapping[str, Any]

_BLOCKS = frozenset({"term", "transfer_block"})
_NAMES = {
    "credits_attempted": "credits attempted",
    "credits_passed": "credits passed",
    "credits_earned": "credits earned",
    "gpa_hours": "GPA hours",
    "quality_points": "quality points",
    "gpa": "GPA",
}


def text(facts: Facts) -> str:
    """An explanation as plain text."""
    if facts["authority"] == "stated":
        return "\n".join(["Totals as the document states them; nothing was computed.", *_stated(facts)])
    planned = " Planned attempts are among those counted: this is hypothetical." if facts["hypothetical"] else ""
    lines = [f"By the policy {facts['policy']}.{planned}"]
    if not facts["levels"]:
        lines.append("Nothing to judge yet.")
    for level in facts["levels"]:
        lines += ["", f"{level['level']}, grade scale {level['scale']}", *_level(level["numbers"], facts["figure"])]
        lines += [f"  {outcome_heading(one)}: {decided(one)}" for one in level["outcomes"]]
    return "\n".join(lines)


def _stated(facts: Facts) -> Iterator[str]:
    for summary in facts["summaries"]:
        told = [f"{name.replace('_', ' ')} {summary[name]}" for name in _NAMES if summary.get(name) is not None]
        yield f"  {summary['label'] or summary['span']}: {', '.join(told) or 'no figures'}"


def _level(numbers: Sequence[Facts], figure: str | None) -> Iterator[str]:
    """Each attempt is told once, with its term; with a number of many terms where that is all that is asked for."""
    shown: dict[str, Facts] = {}
    for number in numbers:
        attempts = number["attempts"]
        if number["number"] in _BLOCKS:
            yield f"  {heading(number)}"
            yield from (f"    {_attempt(attempt)}" for attempt in attempts)
            shown.update((attempt["place"], attempt) for attempt in attempts)
        elif all(attempt["place"] in shown for attempt in attempts):
            yield from (f"    from here on: {_attempt(one)}" for one in attempts if one != shown[one["place"]])
            yield from (f"    {_balance(balance)}" for balance in number["balances"])
            shown.update((attempt["place"], attempt) for attempt in attempts)
        else:
            yield f"  {heading(number)}"
            yield from (f"    {_when(attempt)}{_attempt(attempt)}" for attempt in attempts)
            yield from (f"    {_balance(balance)}" for balance in number["balances"])
        indent = "    " if number["term"] or number["number"] in _BLOCKS else "  "
        yield f"{indent}{sum_name(number)}: {arithmetic(number, figure)}"


def heading(number: Facts) -> str:
    """What a number sums up, in words."""
    name = number["name"] or "institution not recorded"
    # A planned term has no other name than its designator.
    when = f"{name} ({number['term']})" if number["term"] not in (None, name) else name
    headings = {
        "term": when,
        "transfer_block": f"Transfer: {when}",
        "cumulative": f"Cumulative through {when}",
        "variant": name,
    }
    return str(headings.get(number["number"], number["number"].capitalize()))


def sum_name(number: Facts) -> str:
    """What the sum below the attempts is called."""
    names = {"transfer_block": "total", "variant": number["name"]}
    return str(names.get(number["number"], number["number"]))


def outcome_heading(outcome: Facts) -> str:
    """What was decided, and when."""
    kind = {"standing": "standing", "honors": "honours", "degree_honors": "honours of the degree"}[outcome["outcome"]]
    return f"{kind}, {outcome['name']}" if outcome["term"] else kind


def decided(outcome: Facts) -> str:
    """A rule's decision with the figures that it compared."""
    told = "; ".join(_comparison(figure) for figure in outcome["compared"]) or "no rule before it holds"
    recorded = f"; the record says {', '.join(outcome['recorded'])}" if outcome["recorded"] else ""
    # Standing is of its time: a later repeat may have changed the term's totals since.
    when = ", as the term ended" if outcome["term"] else ""
    return f"{outcome['title']}: {told}{when} (rule: {outcome['rule']}){recorded}"


def _comparison(figure: Facts) -> str:
    name = figure["figure"].replace("_", " ").replace("gpa", "GPA")
    for bound in ("at_least", "below", "at_most", "above"):
        if bound in figure:
            return f"{name} {figure['value']}, {bound.replace('_', ' ')} {figure[bound]}"
    if "without" in figure:
        return f"no attempt of the term has {' or '.join(figure['without'])}"
    if "none_below" in figure:
        return f"no attempt of the term is below {figure['none_below']}"
    return f"{name}: {', '.join(figure['previous']) or 'none'}"


def course_of(attempt: Facts) -> str:
    """The course as a reader knows it."""
    return str(attempt["course"] or attempt["title"] or "course")


def _when(attempt: Facts) -> str:
    return f"{attempt['term']}  " if attempt["term"] else ""


def _attempt(attempt: Facts) -> str:
    counted = "not in this GPA" if attempt["outside"] else "not in the GPA"
    if attempt["counted"]:
        counted = f"{attempt['gpa_hours']} x {attempt['points']} = {attempt['quality_points']}"
    earned = f"{attempt['credits_earned']} of {attempt['credits']} earned"
    grade = attempt["grade"] or "no grade"
    return f"{course_of(attempt)}  {grade}: {counted}; {earned}; {attempt['why']} (rule: {attempt['rule']})"


def _balance(balance: Facts) -> str:
    return (
        f"{balance['label']}, a balance without courses: {balance['credits_attempted']} attempted, "
        f"{balance['credits_earned']} earned, {balance['quality_points']} / {balance['gpa_hours']}"
    )


def arithmetic(number: Facts, figure: str | None) -> str:
    """From the sums to what is printed; of one figure where that alone is asked for."""
    if figure == "gpa" and number["arithmetic"]["exact"] is not None and number["arithmetic"]["of_terms"] is None:
        sums = [f"{_NAMES[name]} {_sum(number, name)}; " for name in ("quality_points", "gpa_hours")]
        return f"{''.join(sums)}{quotient(number)}"
    if figure is not None and figure != "gpa":
        return f"{_NAMES[figure]} {_sum(number, figure)}, printed {number['figures'][figure]}"
    credits = f"{number['figures']['credits_attempted']} attempted, {number['figures']['credits_earned']} earned; "
    return f"{credits if figure is None else ''}{quotient(number)}"


def quotient(number: Facts) -> str:
    """The GPA alone: the sums, their ratio, and what is printed of it."""
    exact = number["arithmetic"]
    if number["figures"]["gpa"] is None:
        return "no GPA hours, so no GPA"
    told = f"{exact['quality_points']} / {exact['gpa_hours']}"
    if exact["of_terms"] is not None:
        products = " + ".join(f"{term['gpa']} x {term['gpa_hours']}" for term in exact["of_terms"])
        told = f"the terms as printed, ({products}) / {exact['gpa_hours']}"
    ratio = exact["exact"]
    plain = ratio.endswith("/1") or ratio == f"{exact['quality_points']}/{exact['gpa_hours']}"
    steps = [told, exact["decimal"]] if plain else [told, ratio, exact["decimal"]]
    return f"{' = '.join(steps)}, printed {number['figures']['gpa']}, {rounding(exact['rounding'])}"


def _sum(number: Facts, figure: str) -> str:
    """What is not zero, and the sum."""
    whole = number["arithmetic"].get(figure) or number["figures"][figure]
    parts = [part[figure] for part in (*number["attempts"], *number["balances"]) if part[figure] != "0"]
    return f"{' + '.join(parts)} = {whole}" if len(parts) > 1 else f"{whole}"


def rounding(rule: Facts) -> str:
    """How a number is printed, in words."""
    places = f"{rule['places']} place{'' if rule['places'] == 1 else 's'}"
    return {
        "truncate": f"cut off after {places}",
        "half_up": f"rounded to {places}, a half up",
        "half_even": f"rounded to {places}, a half to the even digit",
        "truncate_then_half_down": f"cut off after {rule['first']}, then rounded to {places}, a half down",
    }.get(rule["mode"], f"{rule['mode']}, {places}")
