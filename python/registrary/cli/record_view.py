"""A record as a person reads it in a terminal. Made from the record's published JSON; it computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registrary.cli.terminal import aligned, plain, widths_of

Json = Mapping[str, Any]

_NAME_PARTS = ("prefix", "given", "middle", "family", "suffix")
_COLUMNS = ["Course", "Title", "Credits", "Grade", ""]
_CREDITS = frozenset({2})


def record_lines(record: Json) -> list[str]:
    """The whole record: who, programmes, terms, credit from elsewhere, awards, holds, notes."""
    blocks = [*record.get("terms", ()), *record.get("transfers", ())]
    widths = widths_of([_COLUMNS, *(row for block in blocks for row in _attempts(block))])
    sections = [
        _student(record),
        _programs(record.get("programs", ())),
        *(_term(term, widths) for term in record.get("terms", ())),
        *(_transfer(block, widths) for block in record.get("transfers", ())),
        _balances(record.get("balances", ())),
        _stated("Totals as stated", record.get("stated", ())),
        _awards(record.get("awards", ())),
        _holds(record.get("holds", ())),
        _titled("Notes", [[note] for note in record.get("notes", ())]),
    ]
    lines: list[str] = []
    for section in sections:
        if section:
            lines += ["", *section] if lines else section
    return lines


def full_name(name: Json) -> str:
    """One name, in the order in which it is printed."""
    whole = name.get("full")
    return str(whole) if whole else " ".join(str(name[part]) for part in _NAME_PARTS if name.get(part))


def _student(record: Json) -> list[str]:
    student = record["student"]
    names = student["names"]
    rows = [["Student", str(student["id"])], ["Name", full_name(names["legal"])]]
    if names.get("native"):
        rows.append(["In own script", names["native"]])
    if names.get("chosen"):
        rows.append(["Chosen name", full_name(names["chosen"])])
    rows += [["Former name", full_name(former)] for former in names.get("former", ())]
    if student.get("birth"):
        rows.append(["Born", student["birth"]])
    if record.get("institution"):
        rows.append(["Institution", record["institution"]["name"]])
    if record.get("sample"):
        rows.append(["Kind", "sample: an invented student"])
    return aligned(rows)


def _programs(programs: Iterable[Json]) -> list[str]:
    return _titled("Programs", [[_program(program)] for program in programs])


def _program(program: Json) -> str:
    parts = [program["kind"].replace("-", " ").capitalize() + ": " + program["name"]]
    parts += [program[key] for key in ("degree", "level") if program.get(key)]
    if program.get("admitted"):
        parts.append("admitted " + program["admitted"])
    return ", ".join(parts)


def _term(term: Json, widths: Sequence[int]) -> list[str]:
    heading = f"{term['name']} ({term['level']})"
    if term.get("begins") and term.get("ends"):
        heading += f", {term['begins']} to {term['ends']}"
    remarks = [term["standing"]] if term.get("standing") else []
    remarks += [*term.get("honors", ()), *term.get("notes", ())]
    stated = [line.strip() for line in _stated("", term.get("stated", ()))]
    return [plain(heading), *_attempt_table(term, widths), *(f"  {plain(remark)}" for remark in remarks)] + [
        f"  {line}" for line in stated if line
    ]


def _transfer(block: Json, widths: Sequence[int]) -> list[str]:
    heading = "Transfer: " + (block.get("institution") or block["kind"].replace("-", " ")) + f" ({block['level']})"
    if block.get("term_name"):
        heading += ", " + block["term_name"]
    return [plain(heading), *_attempt_table(block, widths), *(f"  {plain(n)}" for n in block.get("notes", ()))]


def _attempt_table(block: Json, widths: Sequence[int]) -> list[str]:
    rows = _attempts(block)
    return [f"  {line}" for line in aligned([_COLUMNS, *rows], _CREDITS, widths=widths)] if rows else []


def _attempts(block: Json) -> list[list[str]]:
    rows = []
    for attempt in block.get("attempts", ()):
        course = attempt["course"]
        code = " ".join(str(course[key]) for key in ("subject", "number") if course.get(key))
        grade = " ".join(str(attempt[key]) for key in ("grade", "supplemental_grade") if attempt.get(key))
        remarks = [f"mark {attempt['mark']}"] if attempt.get("mark") else []
        remarks += [attempt["status"]] if attempt.get("status") not in (None, "completed") else []
        remarks += [f"repeat {attempt['repeat']}"] if attempt.get("repeat") else []
        remarks += attempt.get("notes", ())
        rows.append([code, course.get("title", ""), attempt["credits"], grade, "; ".join(remarks)])
    return rows


def _balances(balances: Iterable[Json]) -> list[str]:
    rows = [["", "Level", "Attempted", "Earned", "GPA hours", "Quality points"]]
    keys = ("label", "level", "credits_attempted", "credits_earned", "gpa_hours", "quality_points")
    rows += [[str(balance[key]) for key in keys] for balance in balances]
    return _titled("Brought forward", rows, right=frozenset({2, 3, 4, 5})) if len(rows) > 1 else []


def _stated(title: str, summaries: Iterable[Json]) -> list[str]:
    keys = {"credits_attempted": "attempted", "credits_earned": "earned", "gpa_hours": "GPA hours"}
    keys |= {"quality_points": "quality points", "gpa": "GPA"}
    rows = []
    for summary in summaries:
        figures = [f"{words} {summary[key]}" for key, words in keys.items() if summary.get(key)]
        figures += [summary["standing"]] if summary.get("standing") else []
        rows.append([summary.get("label") or summary["span"].capitalize(), ", ".join(figures)])
    return _titled(title, rows)


def _awards(awards: Iterable[Json]) -> list[str]:
    rows = []
    for award in awards:
        conferred = award.get("conferred")
        parts = [award["title"], *award.get("honors", ()), *(_program(p) for p in award.get("programs", ()))]
        rows.append([f"conferred {conferred}" if conferred else "not conferred", ", ".join(parts)])
    return _titled("Awards", rows)


def _holds(holds: Iterable[Json]) -> list[str]:
    rows = [
        [hold["code"], hold.get("reason", ""), "keeps transcripts back" if hold["blocks_transcript"] else ""]
        for hold in holds
    ]
    return _titled("Holds", rows)


def _titled(title: str, rows: list[list[str]], right: frozenset[int] = frozenset()) -> list[str]:
    return [title, *(f"  {line}" for line in aligned(rows, right))] if rows else []
