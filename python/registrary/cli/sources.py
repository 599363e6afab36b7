"""`registrary sources check`: connects to the source and tells what was found, and what keeps records back."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from registrary import SourceReport
from registrary.cli.failure import FAILED
from registrary.cli.opening import registrar_for
from registrary.cli.terminal import aligned, plain, styled

_STYLES = {"fault": "red", "warning": "yellow", "note": "dim"}


def run(arguments: argparse.Namespace) -> int:
    """Prints what the check found. Exit status: 1 where something keeps records from being made, 4 where the source
    cannot be reached."""
    report = asyncio.run(_inspect(arguments))
    if arguments.json:
        print(json.dumps(_written(report), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(report)))
    return 0 if report.passed else FAILED


async def _inspect(arguments: argparse.Namespace) -> SourceReport:
    async with registrar_for(arguments) as registrar:
        return await registrar.inspect_source()


def _written(report: SourceReport) -> dict[str, object]:
    return {
        "passed": report.passed,
        "lines": list(report.lines),
        "students": report.students,
        "sound": report.sound,
        "tables": [table._asdict() for table in report.tables],
        "findings": [finding._asdict() for finding in report.findings],
    }


def _lines(report: SourceReport) -> list[str]:
    lines = [plain(line) for line in report.lines]
    if report.tables:
        lines += [f"{report.sound} of {report.students} students looked at have a sound record", ""]
        lines += _tables(report)
    for finding in report.findings:
        weight = styled(finding.weight, _STYLES[finding.weight], sys.stdout)
        times = f", {finding.times} times" if finding.times > 1 else ""
        lines += ["", f"{weight}  {plain(finding.place)}  ({finding.code}{times})", f"  {plain(finding.message)}"]
    return lines


def _tables(report: SourceReport) -> list[str]:
    rows = [("table", "rows", "columns not given: null")]
    for table in report.tables:
        if table.absent:
            rows.append((table.name, "-", "the institution has none"))
        else:
            rows.append((table.name, "?" if table.rows is None else str(table.rows), ", ".join(table.without)))
    return aligned(rows, right=frozenset({1}))
