"""Page, attached record and evaluation say the same, for every course, credit, grade and total.

The page is read by poppler in the order in which it is painted, which is a reader's; the record is taken out by pypdf.
"""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest

import registrary

STUDENTS: list[int] = [*range(101, 141), *range(141, 421, 7)]


class Page:
    """The text of a document without its spaces, read once from beginning to end."""

    def __init__(self, path: Path) -> None:
        command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
        text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        self.text = "".join(text.split())
        self.place = 0

    def reads(self, *parts: str, anywhere: bool = False) -> None:
        """The next thing that it says is this: patterns that touch."""
        pattern = re.compile("".join(parts))
        found = pattern.search(self.text, 0 if anywhere else self.place)
        assert found, f"{pattern.pattern} is not on the page"
        if not anywhere:
            self.place = found.end()


def words(text: str) -> str:
    return re.escape("".join(text.split()))


def exact(number: Decimal | None, places: int) -> str:
    return "" if number is None else re.escape(f"{number:.{places}f}")


def places_of(evaluation: dict[str, Any]) -> int:
    """How many places the credits of a document have: two, or as many as one of them needs."""
    blocks = [block for level in evaluation["levels"] for block in [*level["terms"], *level["transfers"]]]
    credits = [
        attempt[key] for block in blocks for attempt in block["attempts"] for key in ("credits", "credits_earned")
    ]
    return max([2, *(-int(credit.normalize().as_tuple().exponent) for credit in credits if credit)])


def course(attempt: dict[str, Any], fact: dict[str, Any], places: int) -> list[str]:
    """What the row of a course says, of the evaluation and the attached record, which agree."""
    named = fact["course"]
    code = " ".join(named[part] for part in ("subject", "number") if part in named)
    assert attempt["course"] == code
    assert (attempt["title"] or "") == named.get("title", "")
    assert attempt["credits"] == Decimal(fact["credits"])
    assert attempt["grade"] == fact.get("grade")
    attempted = exact(attempt["credits_attempted"], places)
    if attempt["credits_attempted"] == 0 != attempt["credits"]:
        # In parentheses: what the course carries and nobody counts.
        attempted = rf"\({exact(attempt['credits'], places)}\)"
    # Without a grade the row says in words how the attempt stands.
    grade = words(attempt["grade"]) if attempt["grade"] else r"[^0-9]{0,20}?"
    # Notes stand below the row.
    notes = [words(line) for line in fact.get("notes", [])]
    points = attempt["quality_points"]
    printed = "" if points is None else re.escape(str(points))
    earned = exact(attempt["credits_earned"], places)
    return [words(code), words(named.get("title", "")), attempted, earned, grade, printed, *notes]


def total(summary: dict[str, Any], places: int) -> str:
    credits = [exact(summary[key], places) for key in ("credits_attempted", "credits_earned", "gpa_hours")]
    gpa = "—" if summary["gpa"] is None else re.escape(str(summary["gpa"]))
    return "".join([*credits, re.escape(str(summary["quality_points"])), gpa])


def agree(page: Page, evaluation: dict[str, Any], record: dict[str, Any]) -> int:
    """Compares everything that has a number; returns how many courses."""
    places, compared = places_of(evaluation), 0
    terms = {(term["level"], term["designator"], term["name"]): term for term in record.get("terms", [])}
    transfers = list(record.get("transfers", []))
    for level in evaluation["levels"]:
        for block in level["transfers"]:
            fact = next(fact for fact in transfers if fact["level"] == level["level"])
            transfers.remove(fact)
            for attempt, entry in zip(block["attempts"], fact["attempts"], strict=True):
                page.reads(*course(attempt, entry, places), anywhere=True)
                compared += 1
        for term in level["terms"]:
            fact = terms.pop((level["level"], term["designator"], term["name"]))
            page.reads(words(term["name"]))
            for attempt, entry in zip(term["attempts"], fact.get("attempts", []), strict=True):
                page.reads(*course(attempt, entry, places))
                compared += 1
            page.reads("Term", total(term["term"], places))
            page.reads("Cumulative", total(term["cumulative"], places))
        page.reads("Overall", total(level["overall"], places), anywhere=True)
    assert not terms
    assert not transfers
    return compared


def test_page_record_and_evaluation_agree(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on the PATH")
    compared = 0
    for student in STUDENTS:
        path = tmp_path / f"{student}.pdf"
        day = datetime.date(2026, 6, 15)
        path.write_bytes(registrary.generate_transcript_sync(student, official=False, issue_date=day))
        [attached] = pypdf.PdfReader(path).attachments["student-record.json"]
        record = registrary.extract_record(path)
        assert record.to_json().encode() == attached
        compared += agree(Page(path), registrary.evaluate(record).to_dict(), record.to_dict())
    assert compared > 2000


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"{}", b"\xff" * 1000])
def test_what_is_no_transcript_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    for source in (content, tmp_path / "a.pdf", str(tmp_path / "a.pdf")):
        with pytest.raises(registrary.MalformedRecordError) as caught:
            registrary.extract_record(source)
        assert caught.value.code == "malformed-record"
        assert caught.value.problems[0].code == "not-a-pdf"
    with pytest.raises(registrary.SourceUnavailableError):
        registrary.extract_record(tmp_path / "nowhere.pdf")
