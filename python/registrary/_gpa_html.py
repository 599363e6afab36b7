"""Tables of GPAs as a notebook shows them: plain semantic HTML that a screen reader can walk through."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registrary._gpa_explain import GpaExplanation
    from registrary._gpa_table import GpaRow, GpaTable, RejectedRows

# Rows shown at each end of a longer table.
_ENDS = 5

_HEADINGS = {
    "credits_attempted": "Credits attempted",
    "credits_earned": "Credits earned",
    "gpa_hours": "GPA hours",
    "quality_points": "Quality points",
    "gpa": "GPA",
    "row": "Row",
    "column": "Column",
    "problem": "Problem",
}

_SUMMED = ("credits_attempted", "credits_earned", "gpa_hours", "quality_points")

_STYLE = (
    "<style>"
    ".registrary{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".registrary caption{caption-side:top;text-align:left;font-weight:600;padding:.25em 0 .5em}"
    ".registrary th,.registrary td{padding:.25em .75em;text-align:right}"
    ".registrary th[scope=row],.registrary thead th:first-child{text-align:left}"
    ".registrary thead th{border-bottom:2px solid currentColor;vertical-align:bottom}"
    ".registrary tfoot th,.registrary tfoot td{border-top:2px solid currentColor;font-weight:600}"
    ".registrary td.gap{text-align:center}"
    ".registrary.words th,.registrary.words td{text-align:left}"
    "</style>"
)


def gpas(table: GpaTable) -> str:
    """The first and the last rows, with totals of all."""
    names = table.columns
    keys = len(table.by)
    body = list(_body(table, names, keys))
    return _table(_caption(table), [_heading(name) for name in names], body, _totals(table, names, keys))


def rejected(table: RejectedRows) -> str:
    """The first and the last problems."""
    caption = f"{len(table):,} problems; their rows were set aside"
    return _table(
        caption,
        [_heading(name) for name in table.columns],
        list(_body(table, table.columns, 1)),
        "",
        "registrary words",
    )


def explanation(explained: GpaExplanation) -> str:
    """Each attempt in a row, and the arithmetic below."""
    parts = ("term", "level", "section", "course", "grade")
    shown = [part for part in parts if any(getattr(attempt, part) is not None for attempt in explained.attempts)]
    body = []
    for attempt in explained.attempts:
        cells = [str(getattr(attempt, part)) for part in shown] or [f"row {attempt.row}"]
        words = [*cells, attempt.in_words()]
        told = "".join(f"<td>{html.escape(word)}</td>" for word in words[1:])
        body.append(f'<tr><th scope="row">{html.escape(words[0])}</th>{told}</tr>')
    headings = [*(part.capitalize() for part in shown or ["row"]), "What it did"]
    foot = "".join(
        f'<tr><th scope="row">{html.escape(_heading_of(row))}</th>'
        f'<td colspan="{len(headings) - 1}">{html.escape(explained.arithmetic(row))}</td></tr>'
        for row in explained.rows
    )
    caption = f"{len(explained.attempts)} attempts, by the policy {explained.policy}"
    return _table(caption, headings, body, f"<tfoot>{foot}</tfoot>", "registrary words")


def _heading_of(row: GpaRow) -> str:
    parts = [getattr(row, part) for part in ("term", "level", "section")]
    return " ".join(str(part) for part in parts if part is not None) or "GPA"


def _caption(table: GpaTable) -> str:
    what = "students" if table.by == ("student",) else f"rows by {' and '.join(table.by)}"
    without = table._columns.nulls("gpa")
    told = [f"GPA of {len(table):,} {what} from {table.attempts:,} attempts"]
    if without:
        told.append(f"{without:,} without GPA hours")
    if table.rejected is not None:
        told.append(f"{len(table.rejected):,} problems set aside")
    return "; ".join(told)


def _heading(name: str) -> str:
    if name.startswith("cumulative_"):
        word = _HEADINGS[name.removeprefix("cumulative_")]
        return f"Cumulative {word if word.isupper() or word.startswith('GPA') else word.lower()}"
    return _HEADINGS.get(name, name)


def _body(table: Any, names: list[str], keys: int) -> Iterator[str]:
    rows = len(table)
    places = _places(table, names)
    ends = [(0, rows)] if rows <= 2 * _ENDS + 1 else [(0, _ENDS), (rows - _ENDS, rows)]
    for number, (start, stop) in enumerate(ends):
        if number:
            yield f'<tr><td class="gap" colspan="{len(names)}">{rows - 2 * _ENDS:,} more rows</td></tr>'
        columns = ([_shown(cell, places[name]) for cell in table._columns.column(name, start, stop)] for name in names)
        for cells in zip(*columns, strict=True):
            yield f"<tr>{''.join(_cells(cells, keys))}</tr>"


def _places(table: Any, names: list[str]) -> dict[str, int]:
    """How many places each column of exact decimals needs, for the rows shown and their total; a GPA keeps its own."""
    places = {}
    for name in names:
        if name.removeprefix("cumulative_") in _SUMMED:
            rows = len(table)
            ends = table._columns.column(name, 0, _ENDS + 1) + table._columns.column(name, max(0, rows - _ENDS), rows)
            places[name] = max(map(_needed, [*ends, table._columns.total(name)]))
    return {name: places.get(name, -1) for name in names}


def _needed(number: Decimal) -> int:
    """Places behind the point that are not zeros."""
    return len(f"{number:f}".partition(".")[2].rstrip("0"))


def _shown(cell: Any, places: int) -> str:
    if cell is None:
        return "no GPA"
    return f"{cell:,.{places}f}" if places >= 0 else str(cell)


def _cells(cells: Iterable[str], keys: int) -> Iterator[str]:
    for place, cell in enumerate(cells):
        text = html.escape(cell)
        yield f'<th scope="row">{text}</th>' if place < keys else f"<td>{text}</td>"


def _totals(table: GpaTable, names: list[str], keys: int) -> str:
    """Sums of what can be summed; a GPA of all together is nobody's, and running totals hold each row many times."""
    places = _places(table, names)
    cells = (
        f"<td>{_shown(table._columns.total(name), places[name])}</td>" if name in _SUMMED else "<td></td>"
        for name in names[keys:]
    )
    return f'<tfoot><tr><th scope="row" colspan="{keys}">All {len(table):,}</th>{"".join(cells)}</tr></tfoot>'


def _table(caption: str, headings: list[str], body: list[str], foot: str, kind: str = "registrary") -> str:
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
    return (
        f'{_STYLE}<table class="{kind}"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>{foot}</table>"
    )
