"""The fault proxy does what it says: otherwise no test through it proves anything."""

from __future__ import annotations

import http.client
import http.server
import threading
from collections.abc import Iterator

import pytest

from faults import FaultProxy, Severity

BODY = bytes(range(256)) * 16


class _Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def ask(port: int, times: int = 1) -> list[str]:
    """How each of so many questions ended; one connection is kept as long as it lives."""
    ends = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(times):
        try:
            connection.request("GET", "/")
            ends.append("whole" if connection.getresponse().read() == BODY else "wrong")
        except (http.client.HTTPException, OSError) as error:
            ends.append(type(error).__name__)
            connection.close()
    connection.close()
    return ends


def test_without_faults_everything_passes(port: int) -> None:
    with FaultProxy(port) as proxy:
        assert ask(proxy.port, 20) == ["whole"] * 20
        assert proxy.drawn == {"none": 20}


def test_each_fault_is_what_its_name_says(port: int) -> None:
    with FaultProxy(port, severity=Severity(cut_within=3_000, drip_bytes=64, delay_seconds=0.01)) as proxy:
        for fault, ends in [
            ("reset", {"ConnectionResetError"}),
            ("truncate", {"IncompleteRead", "RemoteDisconnected", "BadStatusLine", "LineTooLong"}),
            ("refuse", {"ConnectionResetError"}),
            ("drip", {"whole"}),
            ("delay", {"whole"}),
        ]:
            proxy.share = {fault: 1.0}  # type: ignore[dict-item]
            assert set(ask(proxy.port, 5)) <= ends, fault
            assert proxy.drawn[fault] == 5


def test_a_seed_repeats_and_a_share_is_kept(port: int) -> None:
    def run(seed: int) -> list[str]:
        with FaultProxy(port, share={"refuse": 0.3}, seed=seed) as proxy:
            return ask(proxy.port, 100)

    first = run(1)
    assert first == run(1) != run(2)
    assert 15 <= 100 - first.count("whole") <= 45


def test_a_server_goes_away_and_comes_back(port: int) -> None:
    with FaultProxy(port) as proxy:
        assert ask(proxy.port) == ["whole"]
        proxy.stop()
        assert ask(proxy.port) == ["ConnectionRefusedError"]
        proxy.go()
        assert ask(proxy.port) == ["whole"]
