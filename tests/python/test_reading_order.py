"""What a screen reader says, in which order: the tree of tags as poppler reads it, beside the record."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import registrary

LINE = re.compile(r'^( *)(?:"(.*)"|([A-Z][A-Za-z0-9]*)(?: \(block\))?:?)$')


def tree(path: Path) -> list[tuple[str, str]]:
    """Every element that says something: its role and all of its text, from the first to the last."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo (poppler-utils) is not on the PATH")
    listed = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, check=True).stdout.decode()
    said: list[tuple[str, str]] = []
    role = ""
    for line in listed.splitlines():
        found = LINE.match(line)
        if found is None:
            continue  # An attribute.
        if found[3] is not None:
            role = found[3]
        else:
            said.append((role, found[2]))
    return said


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    pdf = registrary.generate_transcript_sync(101, official=False, issue_date=datetime.date(2026, 6, 15))
    path = tmp_path_factory.mktemp("order") / "101.pdf"
    path.write_bytes(pdf)
    return tree(path), json.loads(registrary.extract_record(pdf).to_json())


def test_a_transcript_is_heard_from_the_letterhead_to_the_key(
    transcript: tuple[list[tuple[str, str]], dict[str, Any]],
) -> None:
    said, record = transcript
    headings = [text for role, text in said if role.startswith("H")]
    assert said[0] == ("P", "Larkspur State University")
    assert "Academic Transcript" in headings[0]
    places = [next(at for at, text in enumerate(headings) if text.startswith(term["name"])) for term in record["terms"]]
    assert places == sorted(places), "terms are heard as they were taken"
    order = ["Student", "Program of study", "This document", "Degrees and awards", record["terms"][0]["name"]]
    order += [record["terms"][-1]["name"], "Key to this transcript"]
    at = [next(place for place, text in enumerate(headings) if text.startswith(name)) for name in order]
    assert at == sorted(at), list(zip(order, at, strict=True))
    assert not any(text.startswith(("Page 1", "Page 2")) for _, text in said), "running lines are not heard"


def test_each_course_is_heard_row_by_row_under_its_term(
    transcript: tuple[list[tuple[str, str]], dict[str, Any]],
) -> None:
    said, record = transcript
    place = 0
    for term in record["terms"]:
        place = next(
            at for at in range(place, len(said)) if said[at][0][0] == "H" and said[at][1].startswith(term["name"])
        )
        header = [text for role, text in said[place : place + 12] if role == "TH"][:4]
        assert header == ["Course", "Title", "Att", "Ern"], "a table begins by what its columns mean"
        for attempt in term["attempts"]:
            course = attempt["course"]
            code = f"{course['subject']} {course['number']}"
            place = said.index(("TD", code), place)
            credits = f"{float(attempt['credits']):.2f}"
            cells = [text for _, text in said[place + 1 : place + 5]]
            assert cells[0] == course["title"] and cells[1] in (credits, f"({credits})"), code
            assert cells[3] == attempt["grade"], code
        following = said[place : place + 14]
        assert ("TH", "Totals") in following, "totals are heard after the last course of the term"
