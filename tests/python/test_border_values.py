"""Values across the border: attempts, policies, tables, evaluations, transcripts, options, exceptions."""

from __future__ import annotations

import asyncio
import datetime
import pickle
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import registrary

POLICY = {
    "scale": {"A": "4.0", "B": "3.0", "F": "0"},
    "no_gpa": ["P", "W"],
    "rounding": {"mode": "half_up", "places": 3},
}


def test_credits_of_every_kind_are_exact() -> None:
    forms: list[Any] = [3, "3", "3.0", Decimal("3.00"), 3.0]
    for credits in forms:
        assert registrary.calculate_gpa([("A", credits), ("B", 4)], policy=POLICY) == Decimal("3.429")
    # Their binary forms differ from 0.1 and 0.7, their shortest decimal forms do not.
    assert registrary.calculate_gpa([("A", 0.1), ("F", 0.7)], policy=POLICY) == Decimal("0.500")
    assert registrary.calculate_gpa([("A", Decimal("1E+1")), ("F", 10)], policy=POLICY) == Decimal("2.000")


def test_attempts_are_pairs_or_mappings() -> None:
    attempts = ({"grade": "A", "credits": 3, "course": "MATH 101", "term": "2026-09", "level": None}, ["B", "3"])
    assert registrary.calculate_gpa(iter(attempts), policy=POLICY) == Decimal("3.500")
    assert registrary.calculate_gpa([("P", 3)], policy=POLICY) is None
    assert registrary.calculate_gpa([]) is None
    assert str(registrary.calculate_class_gpa(["A", "B", "B", "P"], policy=POLICY)) == "3.333"
    assert registrary.calculate_class_gpa(["W"], policy=POLICY) is None


def test_every_wrong_attempt_is_listed() -> None:
    wrong: list[Any] = [
        ("A",),
        ("A", 3, 4),
        "A3",
        ("Z", 3),
        ("A", "three"),
        ("A", -1),
        ("A", float("nan")),
        ("A", True),
        ("A", None),
        (None, 3),
        {"grade": "A"},
        {"grade": "A", "credits": 3, "credit": 3},
        7,
        ("A", Fraction(1, 3)),
    ]
    places: set[str] = set()
    for index, attempt in enumerate(wrong):
        with pytest.raises(registrary.MalformedRecordError) as caught:
            registrary.calculate_gpa([("A", 3)] * index + [attempt], policy=POLICY)
        assert f"attempts[{index}]" in str(caught.value)
        places |= {problem.place for problem in caught.value.problems}
    assert len(places) == len(wrong)
    with pytest.raises(registrary.MalformedRecordError) as caught:
        registrary.calculate_gpa([("A", "x"), ("A", "y")], policy=POLICY)
    assert [problem.place for problem in caught.value.problems] == ["attempts[0].credits", "attempts[1].credits"]


def test_policies_from_everything(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('name = "own"\nextends = "whole-letters"\n', encoding="utf-8")
    given: list[Any] = [file, str(file), registrary.Policy.from_toml(file), {"name": "own", "extends": "whole-letters"}]
    for policy in given:
        assert registrary.calculate_gpa([("A", 3), ("B", 4)], policy=policy) == Decimal("3.42")
    assert registrary.Policy.from_dict(POLICY).name == "custom"
    for name in registrary.Policy.built_in_names():
        assert registrary.Policy.built_in(name).name == name
    assert registrary.Policy.from_toml(file) == registrary.Policy.from_dict(given[3])


@pytest.mark.parametrize(
    "wrong",
    ["no-such-policy", "no/such/file.toml", {}, {"scale": {"A": "four"}}, {"scale": {"A": object()}}, {"scales": {}}],
)
def test_policies_that_cannot_be_used(wrong: Any) -> None:
    with pytest.raises(registrary.PolicyError) as caught:
        registrary.calculate_gpa([("A", 3)], policy=wrong)
    assert caught.value.problems
    assert caught.value.hint


def test_an_evaluation_is_exact_and_explains_itself() -> None:
    async def main() -> registrary.Transcript:
        return await registrary.issue_transcript(101)

    transcript = asyncio.run(main())
    evaluation = transcript.evaluation
    again = registrary.evaluate(transcript.record)
    assert again.to_dict() == evaluation.to_dict()
    assert evaluation.policy == "larkspur"
    (level,) = evaluation.to_dict()["levels"]
    assert evaluation.gpa == level["overall"]["gpa"] == evaluation.levels[level["level"]]
    exact = Fraction(level["overall"]["gpa_exact"])
    assert evaluation.gpa is not None
    assert abs(exact - Fraction(evaluation.gpa)) <= Fraction(1, 200)
    assert str(evaluation.gpa) in str(evaluation.explain())
    assert registrary.evaluate(transcript.record, policy="plus-minus-3").policy == "plus-minus-3"


def test_a_transcript_shows_nothing_personal(tmp_path: Path) -> None:
    transcript = asyncio.run(registrary.issue_transcript(101, issue_date=datetime.date(2026, 5, 29)))
    name = transcript.record.to_dict()["student"]["names"]["legal"]
    shown = [repr(transcript), transcript._repr_html_(), repr(transcript.record), repr(transcript.evaluation)]
    for text in shown:
        assert name["family"] not in text
        assert name["given"] not in text
        assert transcript.serial not in text
    assert bytes(transcript) == transcript.pdf
    assert len(transcript) == len(transcript.pdf)
    assert transcript.save(tmp_path / "own.pdf").read_bytes() == transcript.pdf
    assert transcript.issue_date == datetime.date(2026, 5, 29)
    assert transcript.serial.startswith("20260529")
    assert set(transcript.timings) == {"fetch", "evaluate", "render"}
    assert pickle.loads(pickle.dumps(transcript.record)) == transcript.record
    again = asyncio.run(registrary.generate_transcript(101, issue_date=datetime.date(2026, 5, 29)))
    assert again == transcript.pdf


def test_options_are_checked_before_anything_is_done(tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"paper": "a5"},
        {"columns": 3},
        {"birth_date": "year"},
        {"language": "xx"},
        {"institution": {}},
        {"institution": {"name": "X", "motto": "Y"}},
        {"timeout": 0},
        {"timeout": {"sleep": 1}},
        {"source": "ftp://host/x"},
        {"verify_with": "not a url"},
        {"save": True},
        {"verify": True},
        {"recipient": ""},
    ]
    for options in wrong:
        with pytest.raises(registrary.ConfigurationError):
            asyncio.run(registrary.generate_transcript(101, **options))
    mistaken: list[dict[str, Any]] = [
        {"sauce": "x"},
        {"source": 7},
        {"verify_with": 7},
        {"institution": "X"},
        {"statements": "one text is not a list of paragraphs"},
    ]
    for options in mistaken:
        for verb in (lambda options: asyncio.run(registrary.generate_transcript(101, **options)), _configure, _open):
            with pytest.raises(TypeError):
                verb(options)


def test_an_edited_policy_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    judged = []
    for name in ("first", "second"):
        file.write_text(f'name = "{name}"\nextends = "plus-minus-3"\n', encoding="utf-8")
        transcript = asyncio.run(registrary.issue_transcript(101, policy=file))
        judged.append(transcript.evaluation.policy)
    assert judged == ["first", "second"]


def _configure(options: dict[str, Any]) -> None:
    registrary.configure(**options)


def _open(options: dict[str, Any]) -> None:
    registrary.Registrar(**options)


def test_one_text_is_not_several() -> None:
    with pytest.raises(TypeError, match="student ids"):
        registrary.generate_transcripts("101")
    with pytest.raises(TypeError, match="grades"):
        registrary.calculate_class_gpa("AB")


def test_the_look_can_be_chosen() -> None:
    institution = {
        "name": "Własny Uniwersytet",
        "address": ["Line one", "Line two"],
        "codes": {"OPEID": "00123400"},
        "registrar_name": "R. Egistrar",
    }
    looks: list[dict[str, Any]] = [
        {},
        {"paper": "a4"},
        {"columns": 1},
        {"birth_date": "none"},
        {"language": "fr"},
        {"institution": institution},
        {"statements": ["A paragraph of our own."]},
        {"official": False},
        {"recipient": "Someone Else"},
    ]
    date = datetime.date(2026, 5, 29)
    made = [asyncio.run(registrary.issue_transcript(101, issue_date=date, **look)).digest for look in looks]
    assert len(set(made)) == len(looks)


def test_configure_sets_what_the_verbs_use(tmp_path: Path) -> None:
    try:
        registrary.configure(save_to=tmp_path, policy=POLICY)
        assert (
            asyncio.run(registrary.issue_transcript(101, policy="plus-minus-3")).saved
            == tmp_path / "transcript-101.pdf"
        )
        assert registrary.calculate_gpa([("A", 1), ("F", 2)]) == Decimal("1.333")
        with pytest.raises(registrary.ConfigurationError):
            registrary.configure(paper="a5")  # type: ignore[arg-type]
        assert registrary.calculate_gpa([("A", 1), ("F", 2)]) == Decimal("1.333")
    finally:
        registrary.configure()
    assert asyncio.run(registrary.issue_transcript(101)).saved is None


def test_exceptions_carry_their_facts_and_pickle() -> None:
    problem = registrary.Problem("unknown-grade", "terms[0]", "is not on the scale")
    hold = registrary.Hold("BURSAR", "Fees", datetime.date(2026, 1, 2), True)
    errors: list[registrary.TranscriptError] = [
        registrary.TranscriptError("x"),
        registrary.RecordNotFoundError("x", student_id="7"),
        registrary.MalformedRecordError("x", problems=(problem,)),
        registrary.PolicyError("x", problems=(problem,), hint="do this"),
        registrary.ThemeError("x", problems=(problem,)),
        registrary.HoldError("x", holds=(hold,)),
        registrary.SourceUnavailableError("x", reason="refused"),
        registrary.VerificationError("x", reason="revoked", code="verification-refused"),
        registrary.SinkError("x", code="disk-full"),
        registrary.RenderError("x", problems=(problem,)),
        registrary.StageTimeoutError("x", stage="fetch", limit=0.5),
        registrary.ConfigurationError("x"),
        registrary.InternalError("x"),
    ]
    for error in errors:
        error.add_note("kept")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.__dict__) == (type(error), "x", error.__dict__)
        assert error.code.replace("-", "").isalpha()
        assert error.code.islower()
    assert issubclass(registrary.StageTimeoutError, TimeoutError)
    assert issubclass(registrary.RecordNotFoundError, LookupError)
    assert all(issubclass(kind, ValueError) for kind in (registrary.MalformedRecordError, registrary.PolicyError))


def test_a_hold_keeps_an_official_transcript_back() -> None:
    with pytest.raises(registrary.HoldError) as caught:
        asyncio.run(registrary.generate_transcript(112))
    assert all(isinstance(hold, registrary.Hold) for hold in caught.value.holds)
    assert any(hold.blocks_transcript for hold in caught.value.holds)
    assert asyncio.run(registrary.generate_transcript(112, official=False)).startswith(b"%PDF")
