"""Enrolment verification: the facts, the page, and what is refused."""

from __future__ import annotations

import asyncio
import datetime
import io
from decimal import Decimal
from typing import Any

import pypdf
import pytest

import registrary

DAY = datetime.date(2026, 6, 15)


def verify(student: int, **options: Any) -> registrary.EnrollmentVerification:
    return asyncio.run(registrary.verify_enrollment(student, **{"issue_date": DAY, **options}))


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


def test_every_term_of_the_record_is_on_the_page_with_its_credits() -> None:
    verified = verify(101, full_time=15, half_time="7.5")
    record = verified.record.to_dict()
    assert [term["name"] for term in verified.terms] == [term["name"] for term in record["terms"]]
    text = text_of(verified.pdf)
    for term, recorded in zip(verified.terms, record["terms"], strict=True):
        enrolled = [a for a in recorded["attempts"] if not str(a.get("status", "")).startswith(("withdrew", "audit"))]
        assert term["credits"] == sum(Decimal(attempt["credits"]) for attempt in enrolled)
        assert term["load"] == ("full-time" if term["credits"] >= 15 else "half-time")
        assert term["name"] in text and f"{term['credits']:.2f}" in text
    assert verified.enrolled is False
    assert "is not enrolled on June 15, 2026" in text and verified.code in text


def test_a_term_under_way_is_certified() -> None:
    ends = verify(101).terms[-1]["ends"]
    assert ends is not None
    now = verify(101, issue_date=ends)
    assert now.enrolled is True and "is enrolled on" in text_of(now.pdf)


def test_no_grade_leaves_with_it() -> None:
    verified = verify(105)
    assert "Withdrew" in text_of(verified.pdf)
    assert not pypdf.PdfReader(io.BytesIO(verified.pdf)).attachments
    assert "registrary" not in repr(verified) and verified.student_id not in repr(verified).split(":")[1]


def test_the_code_covers_the_load() -> None:
    assert verify(101, full_time=12).code == verify(101, full_time=12).code
    assert verify(101, full_time=12).code != verify(101, full_time=16).code != verify(101).code


def test_what_cannot_be_certified_is_refused() -> None:
    with pytest.raises(registrary.VerificationError) as caught:
        verify(101, issue_date=datetime.date(1999, 1, 1))
    assert caught.value.code == "never-enrolled"
    for loads in ({"half_time": 6}, {"full_time": 6, "half_time": 7}, {"full_time": "twelve"}, {"full_time": -1}):
        with pytest.raises(registrary.ConfigurationError):
            verify(101, **loads)
    with pytest.raises(registrary.ConfigurationError):
        verify(101, full_time={"graduate": 9}, half_time={"law": 6})
