"""An explanation as tables for a notebook: a caption each, headings with their scope, no script."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from registrary import _explain

Facts = Mapping[str, Any]
# Credits, GPA hours, points, quality points, earned.
_Cells = tuple[str, str, str, str, str]

# Colours follow the notebook's theme: half-transparent greys on whatever is behind.
_STYLE = """<style>
.registrary-why{border-collapse:collapse;font-size:.92em;margin:.6em 0 1.2em;font-variant-numeric:tabular-nums}
.registrary-why caption{caption-side:top;text-align:left;font-weight:600;font-size:1.1em;padding:.3em 0 .5em}
.registrary-why caption span{font-weight:400;opacity:.75}
.registrary-why th,.registrary-why td{padding:.28em .7em;text-align:left;vertical-align:top;background:none}
.registrary-why thead th{border-bottom:2px solid rgba(128,128,128,.7);white-space:nowrap}
.registrary-why .n{text-align:right;white-space:nowrap}
.registrary-why tbody th[scope=rowgroup]{padding-top:1em;border-bottom:1px solid rgba(128,128,128,.45)}
.registrary-why tbody th[scope=row]{font-weight:400;white-space:nowrap}
.registrary-why tr.sum th,.registrary-why tr.sum td{border-top:1px solid rgba(128,128,128,.45);font-weight:600}
.registrary-why tr.out td,.registrary-why tr.out th{opacity:.72}
.registrary-why td.why{max-width:34em;white-space:normal}
.registrary-why mark{background:rgba(128,128,128,.22);color:inherit;border-radius:.25em;padding:0 .35em}
</style>"""

_COLUMNS = ("Course", "Grade", "Mark", "Credits", "GPA hours", "Points", "Quality points", "Earned", "Why")
_NUMERIC = frozenset({"Credits", "GPA hours", "Points", "Quality points", "Earned"})


def tables(facts: Facts) -> str:
    """One table for each level."""
    if facts["authority"] == "stated":
        return f"<pre>{html.escape(_explain.text(facts))}</pre>"
    return _STYLE + "".join(_table(facts, level) for level in facts["levels"])


def _table(facts: Facts, level: Facts) -> str:
    told = f"by the policy {facts['policy']}, grade scale {level['scale']}"
    planned = ", with planned attempts: hypothetical" if facts["hypothetical"] else ""
    caption = f"{html.escape(_sentence(level['level']))} <span>{html.escape(told + planned)}</span>"
    head = "".join(_heading(name) for name in _COLUMNS)
    rows = _Rows(level["numbers"], facts["figure"])
    groups = "".join([*rows.groups(level["numbers"]), *_outcomes(level["outcomes"])])
    return f'<table class="registrary-why"><caption>{caption}</caption><thead><tr>{head}</tr></thead>{groups}</table>'


def _heading(name: str) -> str:
    numeric = ' class="n"' if name in _NUMERIC else ""
    return f'<th scope="col"{numeric}>{name}</th>'


class _Rows:
    """The rows of a table, their numbers with as many places as any of their column needs."""

    def __init__(self, numbers: list[Facts], figure: str | None) -> None:
        cells = [_cells_of_attempt(one) for number in numbers for one in number["attempts"]]
        cells += [_cells_of_balance(one) for number in numbers for one in number["balances"]]
        cells += [_cells_of_sum(number) for number in numbers]
        self._places = [max(map(_places, column)) for column in zip(*cells, strict=True)]
        self._figure = figure

    def groups(self, numbers: list[Facts]) -> Iterator[str]:
        """A group of rows for each term and block; its sums below it."""
        shown: set[str] = set()
        rows: list[str] = []
        for number in numbers:
            own = number["number"] in ("term", "transfer_block")
            if own or not all(attempt["place"] in shown for attempt in number["attempts"]):
                if rows:
                    yield f"<tbody>{''.join(rows)}</tbody>"
                title = html.escape(_explain.heading(number))
                rows = [f'<tr><th scope="rowgroup" colspan="{len(_COLUMNS)}">{title}</th></tr>']
                rows += [self._attempt(attempt) for attempt in number["attempts"]]
            shown.update(attempt["place"] for attempt in number["attempts"] if own)
            rows += [self._balance(balance) for balance in number["balances"]]
            rows.append(self._sum(number))
        if rows:
            yield f"<tbody>{''.join(rows)}</tbody>"

    def _attempt(self, attempt: Facts) -> str:
        mark = f"<mark>{attempt['indicator']}</mark>" if attempt["indicator"] else ""
        course = html.escape(_explain.course_of(attempt))
        return (
            f'<tr{"" if attempt["counted"] else " class=out"}><th scope="row">{course}</th>'
            f"<td>{html.escape(attempt['grade'] or '–')}</td><td>{mark}</td>{self._numbers(_cells_of_attempt(attempt))}"
            f'<td class="why">{html.escape(attempt["why"])}</td></tr>'
        )

    def _balance(self, balance: Facts) -> str:
        label = html.escape(balance["label"])
        cells = self._numbers(_cells_of_balance(balance))
        return f'<tr><th scope="row" colspan="3">{label}</th>{cells}<td class="why">a balance without courses</td></tr>'

    def _sum(self, number: Facts) -> str:
        name = html.escape(_sentence(_explain.sum_name(number)))
        figure = self._figure
        why = html.escape(_explain.arithmetic(number, figure) if figure else _explain.quotient(number))
        cells = self._numbers(_cells_of_sum(number))
        return f'<tr class="sum"><th scope="row" colspan="3">{name}</th>{cells}<td class="why">{why}</td></tr>'

    def _numbers(self, cells: _Cells) -> str:
        return "".join(
            f'<td class="n">{html.escape(_shown(cell, places))}</td>'
            for cell, places in zip(cells, self._places, strict=True)
        )


def _cells_of_attempt(attempt: Facts) -> _Cells:
    if not attempt["counted"]:
        return attempt["credits"], "–", attempt["points"] or "–", "–", attempt["credits_earned"]
    numbers = (attempt["gpa_hours"], attempt["points"], attempt["quality_points"])
    return attempt["credits"], *numbers, attempt["credits_earned"]


def _cells_of_balance(balance: Facts) -> _Cells:
    return balance["credits_attempted"], balance["gpa_hours"], "", balance["quality_points"], balance["credits_earned"]


def _cells_of_sum(number: Facts) -> _Cells:
    figures, exact = number["figures"], number["arithmetic"]
    return figures["credits_attempted"], figures["gpa_hours"], "", exact["quality_points"], figures["credits_earned"]


def _places(number: str) -> int:
    """How many places a decimal needs; a ratio has none."""
    return len(number.partition(".")[2].rstrip("0"))


def _shown(number: str, places: int) -> str:
    whole, _, fraction = number.partition(".")
    if not places or not whole.isdecimal():
        return whole
    return f"{whole}.{fraction.rstrip('0').ljust(places, '0')}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcomes(outcomes: list[Facts]) -> Iterator[str]:
    if outcomes:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(_sentence(_explain.outcome_heading(outcome)))}</th>'
            f'<td class="why" colspan="{len(_COLUMNS) - 1}">{html.escape(_explain.decided(outcome))}</td></tr>'
            for outcome in outcomes
        )
        yield f'<tbody><tr><th scope="rowgroup" colspan="{len(_COLUMNS)}">Standing and honours</th></tr>{rows}</tbody>'
