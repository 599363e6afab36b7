"""Confirmations over HTTP and by a function: a yes, a no, nonsense, silence, and asking twice for the same document."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest

import registrary
from faults import FaultProxy
from mischief import Asked, Mischief, Told

YES = Told(200, b'{"confirmed": true, "reference": "R-1"}')


def issue(verifier: Any, **options: Any) -> registrary.Transcript:
    registrar = registrary.Registrar(verify_with=verifier, **options)
    return asyncio.run(registrar.issue_transcript(101))


def test_a_question_bears_the_documents_digest_as_its_key() -> None:
    with Mischief(lambda asked: YES if asked.time > 2 else Told(503)) as service:
        transcript = issue(service.url)
        keys = {asked.headers["idempotency-key"] for asked in service.asked}
        assert keys == {hashlib.sha256(transcript.pdf).hexdigest()} == {transcript.digest}
        assert [asked.method for asked in service.asked] == ["POST"] * 3
        assert len({asked.body for asked in service.asked}) == 1


def test_a_confirmation_is_not_lost_to_the_network() -> None:
    confirmed: list[str] = []

    def registry(asked: Asked) -> Told:
        confirmed.append(json.loads(asked.body)["digest"])
        return YES

    with Mischief(registry) as service, FaultProxy(service.port, share={"reset": 0.3, "refuse": 0.2}, seed=5) as proxy:
        digests = [issue(proxy.url, timeout=60).digest for _ in range(5)]
        # Asked again after an answer was lost, the service sees the same key: what it has confirmed is confirmed once.
        assert set(digests) <= set(confirmed)
        assert proxy.drawn.total() - proxy.drawn["none"] > 0


@pytest.mark.parametrize(
    ("told", "code", "times"),
    [
        (Told(409, b'{"confirmed": false, "reason": "serial-already-used"}'), "verification-refused", 1),
        (Told(403, b'{"confirmed": false, "reason": "revoked"}'), "verification-refused", 1),
        (Told(200, b'{"confirmed": "yes"}'), "verification-unavailable", 1),
        (Told(200, b'{"confirmed": true', {}), "verification-unavailable", 1),
        (Told(200, b"<p>", {"Content-Type": "text/html"}), "verification-unavailable", 1),
        (Told(307, b"", {"Location": "http://127.0.0.2:9/"}), "verification-unavailable", 1),
        (Told(500), "verification-unavailable", 6),
    ],
)
def test_no_nonsense_and_failure_are_told_apart(told: Told, code: str, times: int) -> None:
    with Mischief(lambda asked: told) as service:
        with pytest.raises(registrary.VerificationError) as caught:
            issue(service.url, timeout=60)
        assert (caught.value.code, len(service.asked)) == (code, times)


def test_silence_ends_with_the_limit() -> None:
    with Mischief(lambda asked: YES) as service, FaultProxy(service.port, share={"silence": 1.0}) as proxy:
        with pytest.raises(registrary.StageTimeoutError) as caught:
            issue(proxy.url, timeout={"verify": 0.5})
        assert caught.value.code == "verify-timed-out"


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (False, "verification-refused"),
        ({"confirmed": False, "reason": "revoked"}, "verification-refused"),
        ({"confirmed": True, "reference": ""}, "verification-unavailable"),
        ({"confirmed": "yes"}, "verification-unavailable"),
        ({}, "verification-unavailable"),
    ],
)
def test_a_functions_verdict_is_judged_alike(verdict: Any, code: str) -> None:
    async def confirm(claim: dict[str, str]) -> Any:
        return verdict

    with pytest.raises(registrary.VerificationError) as caught:
        issue(confirm)
    assert caught.value.code == code


@pytest.mark.parametrize("verdict", [None, "yes", 1, ["confirmed"]])
def test_a_function_that_gives_no_verdict_is_told_so(verdict: Any) -> None:
    async def confirm(claim: dict[str, str]) -> Any:
        return verdict

    with pytest.raises(TypeError, match="a bool or a mapping"):
        issue(confirm)


def test_a_function_is_cancelled_with_its_caller_and_at_its_limit() -> None:
    ended: list[str] = []

    async def confirm(claim: dict[str, str]) -> bool:
        ended.append("began")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return True

    async def cancelled() -> None:
        task = asyncio.ensure_future(registrary.Registrar(verify_with=confirm).issue_transcript(101))
        while not ended:  # noqa: ASYNC110 - what is watched has no event
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert ended == ["began", "cancelled"]
    ended.clear()
    with pytest.raises(registrary.StageTimeoutError) as caught:
        issue(confirm, timeout={"verify": 0.2})
    assert caught.value.code == "verify-timed-out"
    assert ended == ["began", "cancelled"]
