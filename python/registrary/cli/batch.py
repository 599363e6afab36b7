"""`registrary batch`: an end-of-term run, or a file of orders, with progress, a journal and a report."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import registrary
from registrary.cli.failure import report_all
from registrary.cli.opening import issue_of, registrar_for
from registrary.cli.terminal import Progress, aligned, seconds


def run(arguments: argparse.Namespace) -> int:
    """Every student is tried; the exit status says whether all succeeded."""
    if arguments.manifest is not None and arguments.orders is None:
        raise registrary.ConfigurationError("a manifest answers orders", hint="Give --orders with --manifest.")
    # Read before a loop runs: Ctrl-C ends a read that waits for a person, and would wait for it inside a loop.
    if arguments.orders is not None:
        return asyncio.run(_run(arguments, None, registrary.read_orders(arguments.orders)))
    ids = None if arguments.all or arguments.query is not None else ids_from(arguments.ids)
    return asyncio.run(_run(arguments, ids, None))


async def _run(arguments: argparse.Namespace, ids: list[str] | None, orders: list[registrary.Order] | None) -> int:
    if not arguments.out.startswith("s3://"):
        Path(arguments.out).mkdir(exist_ok=True)
    progress = Progress()
    options: dict[str, Any] = {
        "sink": arguments.out,
        "journal": arguments.journal,
        "shard": arguments.shard,
        "concurrency": arguments.jobs,
        "progress": lambda now: progress.show(now.done, now.failed + now.held, now.total),
        **({} if arguments.name is None else {"name": arguments.name}),
        **issue_of(arguments),
    }
    async with registrar_for(arguments) as registrar:
        try:
            if orders is None:
                report = await registrar.run_batch(ids, query=arguments.query, **options)
            else:
                report = await registrar.fill_orders(orders, **options)
        finally:
            progress.clear()
    missing = [*report.failures, *report.held]
    if arguments.failures is not None:
        arguments.failures.write_text("".join(f"{key}\n" for key, _ in missing), encoding="utf-8")
    if orders is not None and arguments.manifest is not None:
        registrary.write_responses(arguments.manifest, orders, report)
    _tell(report, arguments.out)
    return report_all(missing)


def _tell(report: registrary.BatchReport, out: str) -> None:
    """One line for whoever reads a log, and a table for whoever sits before a terminal."""
    rate = f" ({report.per_second:.0f}/s)" if report.saved else ""
    words = [f"{report.saved} saved in {out}"]
    if report.resumed:
        words.append(f"{report.resumed} saved earlier")
    words.append(f"{report.failed + len(report.held)} failed")
    print(f"{', '.join(words)}, {seconds(report.elapsed)}{rate}")
    if sys.stdout.isatty():
        print("\n".join(aligned(report.rows(), right=frozenset({1}))))


def ids_from(name: str) -> list[str]:
    """The student ids of a file, one a line; empty lines and lines that begin with # are none. Each id once."""
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise registrary.ConfigurationError(
            f"line {line} of the student ids is not UTF-8", hint="Save the list of ids as UTF-8 text."
        ) from None
    lines = (line.strip() for line in text.splitlines())
    ids = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not ids:
        raise registrary.ConfigurationError("no student id was given", hint="Give one student id a line.")
    return ids
