"""The two services of the demo, asked over real connections: what the registry refuses, and a campus under load."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from registrary.demo.campus_service import CampusServer, CampusService
from registrary.demo.registry_service import RegistryService

CLAIM = {"serial": "20260529-101", "code": "7KQ2-M8XD-4WVT-90HC", "digest": "ab" * 32, "issued": "2026-05-29"}
DEGREE = {"student_id": "101", "title": "Bachelor of Science", "conferred": "2025-05-17"}


@pytest.fixture
def registry() -> Iterator[RegistryService]:
    with RegistryService() as service:
        yield service


def post(service: RegistryService, path: str, body: bytes | dict[str, Any]) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=10)
    try:
        connection.request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode())
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_registry_remembers(registry: RegistryService) -> None:
    status, first = post(registry, "/transcripts", CLAIM)
    assert status == 200
    assert first["confirmed"] is True
    assert post(registry, "/transcripts", CLAIM) == (200, first)
    another = {**CLAIM, "digest": "cd" * 32}
    assert post(registry, "/transcripts", another) == (409, {"confirmed": False, "reason": "serial-already-used"})
    assert len(registry.registry) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"digest": "AB" * 32}, "digest-malformed"),
        ({"digest": "ab" * 31}, "digest-malformed"),
        ({"digest": None}, "digest-malformed"),
        ({"code": "7KQ2-M8XD-4WVT-90HU"}, "code-malformed"),
        ({"code": "7KQ2"}, "code-malformed"),
        ({"serial": ""}, "serial-malformed"),
        ({"issued": "29.05.2026"}, "issued-malformed"),
    ],
)
def test_the_registry_refuses(registry: RegistryService, change: dict[str, Any], reason: str) -> None:
    assert post(registry, "/transcripts", {**CLAIM, **change}) == (422, {"confirmed": False, "reason": reason})
    assert len(registry.registry) == 0


def test_what_is_no_claim(registry: RegistryService) -> None:
    assert post(registry, "/transcripts", b"[]")[1]["reason"] == "claim-malformed"
    assert post(registry, "/transcripts", b"\xff")[1]["reason"] == "claim-malformed"
    assert post(registry, "/nothing", CLAIM)[0] == 404


def test_degrees(registry: RegistryService) -> None:
    assert post(registry, "/degrees", DEGREE)[1]["confirmed"] is True
    assert post(registry, "/degrees", {**DEGREE, "conferred": "soon"})[1]["reason"] == "conferred-malformed"


async def record_json(student_id: str) -> bytes | None:
    return f'{{"id": "{student_id}"}}'.encode() if student_id != "nobody" else None


def test_the_campus_answers_on_one_connection() -> None:
    with CampusService(record_json) as service:
        connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=10)
        answers = []
        for path in ("/students/101", "/students/a%2Fb", "/students/nobody", "/students/a/b", "/other/1", "/students/"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answers.append((answer.status, json.loads(answer.read()).get("id")))
        connection.close()
        assert answers == [(200, "101"), (200, "a/b"), (404, None), (404, None), (404, None), (404, None)]
        assert service.requests == 6


def test_delayed_requests_wait_side_by_side() -> None:
    async def ask(port: int, number: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /students/{number} HTTP/1.1\r\nHost: campus\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        return head

    async def everyone() -> list[bytes]:
        server = CampusServer(record_json, delay=0.5)
        port = urlsplit(await server.start()).port
        assert port is not None
        answers = await asyncio.gather(*(ask(port, number) for number in range(200)))
        await server.close()
        return answers

    started = time.perf_counter()
    answers = asyncio.run(everyone())
    assert all(head.startswith(b"HTTP/1.1 200 ") for head in answers)
    # One after another would be 100 s; this says only that they are not.
    assert time.perf_counter() - started < 60
