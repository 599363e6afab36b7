"""A verification service on loopback: it checks what it is told and remembers what it confirmed."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

# The longest claim that is read. A claim is a few hundred bytes; anything longer is not one.
CLAIM_LIMIT = 16 * 1024

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")  # Crockford's base 32: no I, L, O, U.


class ClaimRefusedError(Exception):
    """A claim that the registry does not confirm: HTTP status and reason code."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Registry:
    """What has been confirmed. A serial belongs to one document for ever; told the same again, the same answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[str, tuple[str, str]] = {}

    def confirm_transcript(self, claim: Mapping[str, object]) -> str:
        """The reference under which this document is now known, or `ClaimRefusedError`."""
        serial, code, digest = _word(claim, "serial"), _word(claim, "code"), _word(claim, "digest")
        if not _DIGEST.fullmatch(digest):
            raise ClaimRefusedError(422, "digest-malformed")
        if not _CODE.fullmatch(code):
            raise ClaimRefusedError(422, "code-malformed")
        _date(claim, "issued")
        with self._lock:
            if self._documents.setdefault(serial, (code, digest)) != (code, digest):
                raise ClaimRefusedError(409, "serial-already-used")
        return _reference(serial, code, digest)

    def confirm_degree(self, claim: Mapping[str, object]) -> str:
        """The reference of a degree claim with every field in place, or `ClaimRefusedError`."""
        student, title = _word(claim, "student_id"), _word(claim, "title")
        if claim.get("conferred") is not None:
            _date(claim, "conferred")
        return _reference(student, title, str(claim.get("conferred")))

    def __len__(self) -> int:
        with self._lock:
            return len(self._documents)


class RegistryService:
    """The registry behind HTTP on a free loopback port; `with RegistryService() as service: service.url`."""

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry if registry is not None else Registry()
        self._server = _Server(self.registry)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where the service listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> RegistryService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 30

    def do_POST(self) -> None:
        try:
            claim = self._claim()
            if self.path == "/transcripts":
                reference = self.server.registry.confirm_transcript(claim)
            elif self.path == "/degrees":
                reference = self.server.registry.confirm_degree(claim)
            else:
                raise ClaimRefusedError(404, "no-such-claim")
        except ClaimRefusedError as refusal:
            self._send(refusal.status, {"confirmed": False, "reason": refusal.reason})
        else:
            self._send(200, {"confirmed": True, "reference": reference})

    def _claim(self) -> Mapping[str, object]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > CLAIM_LIMIT:
            self.close_connection = True  # The body was not read; nothing after it can be understood.
            raise ClaimRefusedError(413, "claim-too-long")
        try:
            claim = json.loads(self.rfile.read(int(length)))
        except ValueError:
            raise ClaimRefusedError(422, "claim-malformed") from None
        if not isinstance(claim, dict):
            raise ClaimRefusedError(422, "claim-malformed")
        return claim

    def _send(self, status: int, answer: Mapping[str, object]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a demo's terminal belongs to the demo."""


def _word(claim: Mapping[str, object], key: str) -> str:
    value = claim.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise ClaimRefusedError(422, f"{key}-malformed".replace("_", "-"))
    return value


def _date(claim: Mapping[str, object], key: str) -> None:
    try:
        datetime.date.fromisoformat(_word(claim, key))
    except ValueError:
        raise ClaimRefusedError(422, f"{key}-malformed") from None


def _reference(*parts: str) -> str:
    return "REG-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12].upper()
