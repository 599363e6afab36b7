"""`registrary batch`: transcripts of many students into a folder, with progress, a summary and the ids that failed."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

import registrary
from registrary.cli.failure import report_all
from registrary.cli.opening import issue_of, registrar_for
from registrary.cli.terminal import Progress, seconds


def run(arguments: argparse.Namespace) -> int:
    """Every student is tried; the exit status says whether all succeeded."""
    # Read before a loop runs: Ctrl-C ends a read that waits for a person, and would wait for it inside a loop.
    ids = None if arguments.all else ids_from(arguments.ids)
    return asyncio.run(_run(arguments, ids))


async def _run(arguments: argparse.Namespace, given: list[str] | None) -> int:
    started = time.monotonic()
    failures: list[tuple[str, BaseException]] = []
    arguments.out.mkdir(exist_ok=True)
    async with registrar_for(arguments, save_to=arguments.out) as registrar:
        ids = await registrar.student_ids() if given is None else given
        progress = Progress(len(ids))
        done = 0
        stream = registrar.generate_transcripts(ids, max_concurrency=arguments.jobs, **issue_of(arguments))
        try:
            async with stream:
                async for result in stream:
                    done += 1
                    if result.error is not None:
                        failures.append((result.student_id, result.error))
                    progress.show(done, len(failures))
        finally:
            progress.clear()
    if arguments.failures is not None:
        arguments.failures.write_text("".join(f"{student_id}\n" for student_id, _ in failures), encoding="utf-8")
    elapsed = time.monotonic() - started
    rate = f" ({done / elapsed:.0f}/s)" if done and elapsed > 0 else ""
    print(f"{done - len(failures)} saved in {arguments.out}, {len(failures)} failed, {seconds(elapsed)}{rate}")
    return report_all(failures)


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
