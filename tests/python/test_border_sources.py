"""Records that come from Python: mappings, dataclasses, JSON, coroutine functions; and a caller's own verifier."""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import datetime
from decimal import Decimal
from typing import Any

import pytest

import registrary
from registrary import _records


def record(student_id: str = "7", **more: Any) -> dict[str, Any]:
    attempt = {"course": {"subject": "MATH", "number": "201"}, "credits": Decimal("3.0"), "grade": "A"}
    term = {"designator": "2026-09", "name": "Fall", "level": "undergraduate", "begins": datetime.date(2026, 9, 1)}
    return {
        "schema": "registrary/student-record/1",
        "student": {"id": student_id, "names": {"legal": {"given": "Ada", "family": "Byron"}}},
        "terms": [{**term, "attempts": [attempt]}],
        "totals": "policy",
        **more,
    }


@dataclasses.dataclass
class Row:
    schema: str
    student: dict[str, Any]
    terms: list[dict[str, Any]]
    totals: str


def issue(student_id: int | str, **options: Any) -> registrary.Transcript:
    return asyncio.run(registrary.issue_transcript(student_id, **options))


def test_every_form_of_a_record_gives_the_same_transcript() -> None:
    whole = registrary.StudentRecord.from_dict(record())

    async def fetch(student_id: str) -> object:
        return record(student_id)

    def blocking(student_id: str) -> object:
        return whole

    sources = [
        {"7": record()},
        {7: record()},
        {7: Row(**record())},
        {7: whole},
        {7: whole.to_json()},
        {7: whole.to_json().encode()},
        fetch,
        blocking,
    ]
    date = datetime.date(2026, 5, 29)
    digests = {issue("7", source=source, issue_date=date).digest for source in sources}
    digests.add(registrary.produce_transcript(record(), issue_date=date).digest)
    assert len(digests) == 1
    assert registrary.StudentRecord.from_json(whole.to_json()) == whole
    assert registrary.StudentRecord.from_dict(whole.to_dict()) == whole
    assert whole.to_dict()["terms"][0]["attempts"][0]["credits"] == "3.0"


def test_a_fetch_function_gets_the_id_as_it_was_given_and_the_callers_context() -> None:
    who = contextvars.ContextVar("who", default="nobody")
    seen: list[tuple[object, str]] = []

    async def fetch(student_id: int | str) -> object:
        seen.append((student_id, who.get()))
        return record(str(student_id))

    async def main() -> None:
        who.set("the caller")
        await registrary.generate_transcript(7, source=fetch)
        async for result in registrary.generate_transcripts([8, "A-9"], source=fetch, ordered=True):
            assert result.error is None

    asyncio.run(main())
    assert seen[0] == (7, "the caller")
    assert set(seen) == {(7, "the caller"), (8, "the caller"), ("A-9", "the caller")}


def test_a_functions_exception_comes_out_as_it_is() -> None:
    class Mine(Exception):
        pass

    mine = Mine("as it is")

    async def fetch(student_id: str) -> object:
        await asyncio.sleep(0)
        raise mine

    async def main() -> None:
        with pytest.raises(Mine) as caught:
            await registrary.generate_transcript(7, source=fetch)
        assert caught.value is mine
        results = [result async for result in registrary.generate_transcripts([1, 2], source=fetch)]
        assert [result.error for result in results] == [mine, mine]

    asyncio.run(main())


def test_a_lookup_error_means_no_such_student() -> None:
    async def fetch(student_id: int) -> object:
        return {1: record("1")}[student_id]

    async def main() -> None:
        with pytest.raises(registrary.RecordNotFoundError) as caught:
            await registrary.generate_transcript(2, source=fetch)
        assert caught.value.student_id == "2"
        assert isinstance(caught.value.__cause__, KeyError)
        with pytest.raises(registrary.RecordNotFoundError):
            await registrary.generate_transcript(2, source={1: record("1")})
        outcomes = {result.student_id: result async for result in registrary.generate_transcripts([1, 2], source=fetch)}
        assert outcomes["1"].error is None and outcomes["1"].transcript is not None
        error = outcomes["2"].error
        assert isinstance(error, registrary.RecordNotFoundError) and isinstance(error.__cause__, KeyError)
        assert outcomes["2"].pdf is None and outcomes["2"].transcript is None

    asyncio.run(main())


def test_malformed_answers_list_every_problem() -> None:
    bad = record()
    bad["terms"][0]["attempts"][0].update(credits="three", grade="")
    for answer in (bad, {"nonsense": 1}, b"no json", object(), {"credits": float("nan")}, None):

        async def fetch(student_id: object, answer: object = answer) -> object:
            return answer

        for source in ({7: answer}, fetch):
            with pytest.raises(registrary.MalformedRecordError) as caught:
                issue(7, source=source)
            assert caught.value.student_id == "7"
        assert caught.value.problems
        assert all(isinstance(problem, registrary.Problem) for problem in caught.value.problems)
    with pytest.raises(registrary.MalformedRecordError) as caught:
        issue(7, source={7: bad})
    places = {problem.place for problem in caught.value.problems}
    assert {"terms[0].attempts[0].credits", "terms[0].attempts[0].grade"} <= places


async def _results(stream: registrary.TranscriptStream) -> list[registrary.TranscriptResult]:
    return [result async for result in stream]


def test_a_mappings_records_are_not_read_on_the_loops_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    read = registrary.StudentRecord.from_dict(record())

    def never(*given: object) -> None:
        raise AssertionError("a record was read here")

    monkeypatch.setattr(_records, "record_from", never)
    for source in ({7: record()}, {7: read.to_json()}, {7: read}):
        assert issue(7, source=source).student_id == "7"
        assert registrary.generate_transcript_sync(7, source=source).startswith(b"%PDF")
        results = asyncio.run(_results(registrary.generate_transcripts([7], source=source)))
        assert [result.error for result in results] == [None]


def test_another_students_record_is_never_issued() -> None:
    async def fetch(student_id: str) -> object:
        return record("8")

    for source in (fetch, {7: record("8")}):
        with pytest.raises(registrary.MalformedRecordError):
            issue(7, source=source)


def test_a_slow_function_meets_its_time_limit_and_is_cancelled() -> None:
    ended: list[bool] = []

    async def fetch(student_id: str) -> object:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(True)
        return None

    with pytest.raises(registrary.StageTimeoutError) as caught:
        issue(7, source=fetch, timeout={"fetch": 0.05})
    assert isinstance(caught.value, TimeoutError)
    assert (caught.value.stage, caught.value.limit, caught.value.student_id) == ("fetch", 0.05, "7")
    assert ended == [True]


def test_a_callers_verifier() -> None:
    claims: list[dict[str, str]] = []

    async def confirm(claim: dict[str, str]) -> object:
        claims.append(claim)
        return {"confirmed": True, "reference": "R-1"}

    async def refuse(claim: dict[str, str]) -> object:
        return {"confirmed": False, "reason": "revoked"}

    async def no(claim: dict[str, str]) -> bool:
        return False

    async def nonsense(claim: dict[str, str]) -> object:
        return {"perhaps": True}

    async def broken(claim: dict[str, str]) -> bool:
        raise ConnectionResetError

    transcript = issue(101, verify_with=confirm)
    assert (transcript.confirmed, transcript.confirmation_reference) == (True, "R-1")
    (claim,) = claims
    assert (claim["kind"], claim["digest"], claim["code"]) == ("transcript", transcript.digest, transcript.code)
    degree = asyncio.run(registrary.verify_degree(101, verify_with=confirm))
    assert degree.confirmed and degree.pdf.startswith(b"%PDF") and claims[1]["kind"] == "degree"
    for verifier, code, reason in ((refuse, "verification-refused", "revoked"), (no, "verification-refused", None)):
        with pytest.raises(registrary.VerificationError) as caught:
            issue(101, verify_with=verifier)
        assert caught.value.code == code and reason in (None, caught.value.reason)
    with pytest.raises(registrary.VerificationError) as caught:
        issue(101, verify_with=nonsense)
    assert caught.value.code == "verification-unavailable"
    with pytest.raises(ConnectionResetError):
        issue(101, verify_with=broken)


def test_a_callers_source_and_verifier_serve_one_call_together() -> None:
    async def fetch(student_id: str) -> object:
        return record(str(student_id))

    async def confirm(claim: dict[str, str]) -> bool:
        return True

    async def main() -> None:
        registrar = registrary.Registrar(fetch, verify_with=confirm)
        async with registrar, registrar.generate_transcripts(range(1, 40)) as stream:
            results = [result async for result in stream]
        assert all(result.transcript is not None and result.transcript.confirmed for result in results)
        assert registrary.runtime_stats().in_flight == 0

    asyncio.run(main())


@pytest.mark.parametrize("wrong", [True, 1.5, None, b"7", ["7"]])
def test_what_is_no_student_id_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        issue(wrong)


@pytest.mark.parametrize(
    "wrong", ["", " 7", "..", "a\x00b", "x" * 65, "\udcff", 10**5000, -(10**64)], ids=list("abcdefgh")
)
def test_what_cannot_be_a_student_id_is_refused(wrong: str | int) -> None:
    with pytest.raises(registrary.ConfigurationError):
        issue(wrong)
