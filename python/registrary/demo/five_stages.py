"""`registrary demo`: three transcripts at once through all five stages, each stage's time, three PDFs and what next."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import registrary
from registrary.cli.terminal import aligned, seconds, speaks_unicode, styled
from registrary.demo.registry_service import RegistryService

STUDENTS = ("101", "102", "103")
STAGES = {
    "fetch": "read the record from the campus database",
    "evaluate": "judge it by the institution's policy, exactly",
    "render": "lay out the pages and make the PDF in memory",
    "save": "write the file: whole or not at all",
    "verify": "have a registry confirm digest and code over HTTP",
}


def run(out: Path) -> int:
    """Runs the demonstration into a folder; 0 when all three were made, saved and confirmed."""
    out.mkdir(parents=True, exist_ok=True)
    _print_heading()
    with RegistryService() as registry:
        started = time.perf_counter()
        transcripts = asyncio.run(_issue(out, registry.url))
        elapsed = time.perf_counter() - started
        confirmed = len(registry.registry)
    _print_times(transcripts, elapsed)
    _print_transcripts(transcripts)
    _print_next(transcripts[0])
    return 0 if confirmed == len(STUDENTS) else 1


async def _issue(out: Path, registry_url: str) -> list[registrary.Transcript]:
    """All five stages for the three students, at once."""
    async with registrary.Registrar(save_to=out, verify_with=registry_url) as registrar:
        return await asyncio.gather(*(registrar.issue_transcript(student_id) for student_id in STUDENTS))


def _print_heading() -> None:
    dot = "·" if speaks_unicode(sys.stdout) else "-"
    title = f"registrary {registrary.__version__}"
    print(f"\n{_bold(title)} {dot} three students of an invented campus, all at once\n")
    for line in aligned([[f"  {stage}", does] for stage, does in STAGES.items()]):
        print(styled(line, "dim", sys.stdout))


def _print_times(transcripts: Sequence[registrary.Transcript], elapsed: float) -> None:
    rows = [["Student", *(stage.capitalize() for stage in STAGES), "Total"]]
    for transcript in transcripts:
        times = [transcript.timings[stage] for stage in STAGES]
        rows.append([transcript.student_id, *map(seconds, times), seconds(sum(times))])
    head, *lines = aligned(rows, right=frozenset(range(1, len(STAGES) + 2)), gap="   ")
    print(f"\n  {_bold(head)}")
    for line in lines:
        print(f"  {line}")
    in_turn = sum(transcript.timings[stage] for transcript in transcripts for stage in STAGES)
    print(f"\n  All three in {_bold(seconds(elapsed))}; their stages one after another are {seconds(in_turn)}.\n")


def _print_transcripts(transcripts: Sequence[registrary.Transcript]) -> None:
    tick = "✓" if speaks_unicode(sys.stdout) else "+"
    for transcript in transcripts:
        pages = f"{transcript.pages} page" + ("s" if transcript.pages != 1 else "")
        mark = styled(tick, "green", sys.stdout)
        print(f"  {mark} {_bold(str(transcript.saved))}  {pages}, {len(transcript.pdf) / 1000:.0f} kB")
        print(f"      code {transcript.code}, confirmed as {transcript.confirmation_reference}")


def _print_next(transcript: registrary.Transcript) -> None:
    command, python = _invoked_as()
    print("\n  Open a PDF, then try:\n")
    rows = [
        [f"    {command} show {transcript.student_id}", "the record behind it"],
        [f"    {command} gpa {transcript.student_id}", "its GPA by term and level"],
        [f"    {command} batch --all -o out", "the whole campus"],
        [f"    {python} -m asyncio", "then: import registrary; await registrary.generate_transcript(101)"],
    ]
    print("\n".join(aligned(rows)) + "\n")


def _invoked_as() -> tuple[str, str]:
    """How this command and its Python are called from here: what is printed can be pasted."""
    called = Path(sys.argv[0])
    if called.stem != "registrary" or shutil.which("registrary") == str(called):
        return "registrary", "python"
    return str(called), str(called.with_name("python"))


def _bold(text: str) -> str:
    return styled(text, "bold", sys.stdout)
