"""`registrary generate`: transcripts of the students named, to files, a folder, or stdout."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

import registrary
from registrary.cli.failure import report_all
from registrary.cli.opening import issue_of, registrar_for


def run(arguments: argparse.Namespace) -> int:
    """One transcript for each id; those that fail do not keep the others back."""
    ids = list(dict.fromkeys(arguments.ids))
    if _is_folder(arguments.out, len(ids)):
        return asyncio.run(_to_folder(arguments, ids, Path(arguments.out)))
    if len(ids) > 1:
        raise registrary.ConfigurationError(
            "one file cannot hold several transcripts", hint="Give a folder with -o, or one student id."
        )
    return asyncio.run(_to_file(arguments, ids[0]))


def _is_folder(out: str, students: int) -> bool:
    if out == "-":
        return False
    path = Path(out)
    return path.is_dir() or out.endswith(("/", os.sep)) or (students > 1 and not path.exists())


async def _to_folder(arguments: argparse.Namespace, ids: list[str], folder: Path) -> int:
    folder.mkdir(exist_ok=True)
    failures: list[tuple[str, BaseException]] = []
    async with registrar_for(arguments, save_to=folder) as registrar:
        options = issue_of(arguments)
        calls = [registrar.issue_transcript(student_id, **options) for student_id in ids]
        for student_id, outcome in zip(ids, await asyncio.gather(*calls, return_exceptions=True), strict=True):
            if isinstance(outcome, BaseException):
                failures.append((student_id, outcome))
            else:
                print(outcome.saved)
    return report_all(failures)


async def _to_file(arguments: argparse.Namespace, student_id: str) -> int:
    async with registrar_for(arguments) as registrar:
        transcript = await registrar.issue_transcript(student_id, **issue_of(arguments))
    if arguments.out == "-":
        sys.stdout.buffer.write(transcript.pdf)
        sys.stdout.buffer.flush()
    else:
        transcript.save(arguments.out)
        print(arguments.out)
    return 0
