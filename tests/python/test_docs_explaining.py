"""The page about explanations prints what it says, and what it says is what a pencil finds.

By hand, from the record and the policy of the page (D or worse replaced by the last attempt, six credits at most):

    Fall 2024     CHEM 101  D  4 credits   replaced by the B of spring: out, 4 of 6 credits used
                  HIST 110  C  3 x 2 =  6  a C is better than a D: not replaced, averaged
                  MATH 101  F  4 x 0 =  0  4 + 4 = 8 credits, more than 6: not replaced, averaged
                            7 hours     6  6 / 7 = 0.857... -> 0.86
    Spring 2025   CHEM 101  B  4 x 3 = 12
                  HIST 110  A  3 x 4 = 12
                  PHIL 120  B  3 x 3 =  9
                           10 hours    33  33 / 10 = 3.30;  6 + 33 = 39, 7 + 10 = 17, 39 / 17 = 2.2941... -> 2.29
    Fall 2025     MATH 101  B  4 x 3 = 12
                  BIOL 150  A  4 x 4 = 16
                            8 hours    28  28 / 8 = 3.50;  39 + 28 = 67, 17 + 8 = 25, 67 / 25 = 2.68

    Attempted 11 + 10 + 8 = 29. Earned once a course: CHEM 4 + HIST 3 + PHIL 3 + MATH 4 + BIOL 4 = 18.

    A third MATH 101, an A: the F and the B are both asked to leave. The F asks for 4 more credits, 8 > 6: it stays.
    The B is too good: it stays. (67 + 16) / (25 + 4) = 83 / 29 = 2.8620... -> 2.86.

    15 credits more, 25 + 15 = 40 hours:
        2.00 is printed from 1.995 on:  1.995 x 40 =  79.8,   79.8 - 67 = 12.8,  12.8 / 15 = 64/75   = 0.8533... -> 0.86
        3.00 is printed from 2.995 on:  2.995 x 40 = 119.8,  119.8 - 67 = 52.8,  52.8 / 15 = 88/25   = 3.52
        3.50 is printed from 3.495 on:  3.495 x 40 = 139.8,  139.8 - 67 = 72.8,  72.8 / 15 = 364/75  = 4.8533... > 4
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explaining-a-gpa.md"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def runs() -> list[tuple[str, str]]:
    """What each block of Python prints, and the text that stands below it."""
    namespace: dict[str, Any] = {"__name__": "page"}
    printed: list[tuple[str, str]] = []
    for language, source in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "text":
            printed[-1] = (printed[-1][0], source)
            continue
        with contextlib.redirect_stdout(io.StringIO()) as output:
            exec(compile(source, str(PAGE), "exec"), namespace)
        printed.append((output.getvalue(), ""))
    return printed


def test_the_page_prints_what_it_says() -> None:
    found = runs()
    assert len(found) >= 5
    assert sum(bool(text) for _, text in found) == 4
    for printed, text in found:
        assert printed == text


def test_the_page_says_what_a_pencil_finds() -> None:
    whole, one, _, what_if, required = [text for _, text in runs()]
    for line in (
        "term: 11 attempted, 0 earned; 6 / 7 = 0.857142…, printed 0.86, rounded to 2 places, a half up",
        "term: 10 attempted, 10 earned; 33 / 10 = 3.3, printed 3.30, rounded to 2 places, a half up",
        "cumulative: 21 attempted, 10 earned; 39 / 17 = 2.294117…, printed 2.29, rounded to 2 places, a half up",
        "term: 8 attempted, 8 earned; 28 / 8 = 7/2 = 3.5, printed 3.50, rounded to 2 places, a half up",
        "overall: 29 attempted, 18 earned; 67 / 25 = 2.68, printed 2.68, rounded to 2 places, a half up",
    ):
        assert line in whole
    for attempt, found in {
        "CHEM 101  D: not in the GPA; 0 of 4 earned; repeat E": "credit cap 6 used 0, this 4: within",
        "HIST 110  C: 3 x 2 = 6; 0 of 3 earned; repeat A": "only D or worse is replaced",
        "MATH 101  F: 4 x 0 = 0; 0 of 4 earned; repeat A": "credit cap 6 used 4, this 4: over",
    }.items():
        [line] = [line for line in whole.splitlines() if line.strip().startswith(attempt)]
        assert found in line
    assert "quality points 6 + 0 + 12 + 12 + 9 = 39" in one or "quality points 6 + 12 + 12 + 9 = 39" in one
    assert "GPA hours 3 + 4 + 4 + 3 + 3 = 17; 39 / 17 = 2.294117…, printed 2.29" in one
    assert what_if == "2.68 2.86 True\n"
    assert [line.partition(": ")[2] for line in required.splitlines()] == [
        "needs 64/75, so a GPA of 0.86, D in all of them",
        "needs 88/25, so a GPA of 3.52, A in all of them",
        "impossible, it needs 364/75 and the scale ends at 4",
    ]
