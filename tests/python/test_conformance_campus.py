"""Every student of the sample campus, in every dress: each paper, each theme, each document keeps both standards."""

from __future__ import annotations

import asyncio
import datetime
import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

import registrary
from verapdf import FLAVOURS, Validator

Paper = Literal["letter", "a4"]
CAMPUS = range(101, 421)
DAY = datetime.date(2026, 6, 15)
PAPERS: tuple[Paper, ...] = ("letter", "a4")
DRESSES = list(itertools.product(("plain", "crimson", "laurier"), PAPERS))
LOADS = {"undergraduate": 12, "graduate": 9}


async def document(kind: str, student: int, theme: str, paper: Paper) -> bytes | None:
    """A student's document; none where there is nothing to certify."""
    registrar = registrary.Registrar(theme=theme, paper=paper)
    if kind == "transcript":
        return await registrar.generate_transcript(student, official=False, issue_date=DAY)
    try:
        if kind == "certificate":
            return (await registrar.verify_degree(student, issue_date=DAY)).pdf
        return (await registrar.verify_enrollment(student, full_time=LOADS, issue_date=DAY)).pdf
    except registrary.VerificationError:
        return None


async def written(folder: Path) -> dict[str, int]:
    """Writes all of them; how many there are of each kind."""
    counts: dict[str, int] = {}
    for kind, (theme, paper) in itertools.product(("transcript", "certificate", "enrolment"), DRESSES):
        made = await asyncio.gather(*(document(kind, student, theme, paper) for student in CAMPUS))
        for student, pdf in zip(CAMPUS, made, strict=True):
            if pdf is not None:
                (folder / f"{kind}-{theme}-{paper}-{student}.pdf").write_bytes(pdf)
        counts[kind] = counts.get(kind, 0) + sum(pdf is not None for pdf in made)
    return counts


@pytest.mark.timeout(1200)
def test_the_whole_campus_keeps_both_standards(validator: Validator, tmp_path: Path) -> None:
    counts = asyncio.run(written(tmp_path))
    assert counts["transcript"] == len(CAMPUS) * len(DRESSES)
    assert counts["enrolment"] >= 300 * len(DRESSES)
    assert counts["certificate"] >= 50 * len(DRESSES)
    files = sorted(tmp_path.glob("*.pdf"))
    assert len(files) == sum(counts.values())
    with ThreadPoolExecutor(len(FLAVOURS)) as validators:
        verdicts = validators.map(lambda flavour: validator.broken_rules(flavour, files, long=True), FLAVOURS)
        assert not [(name, rules) for verdict in verdicts for name, rules in verdict.items() if rules]
