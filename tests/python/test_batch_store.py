"""The end-of-term run into an object store: moto's S3 server on loopback, asked again by an independent client."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import registrary

pytestmark = [
    # What the other programs themselves warn of.
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.skipif(
        importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None,
        reason="no S3 server here: pip install 'moto[s3]' flask flask-cors",
    ),
]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an S3 server with a bucket named transcripts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, "the server does not start"
                time.sleep(0.1)
        client(address).create_bucket(Bucket="transcripts")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def client(address: str) -> Any:
    """Another program's client."""
    import boto3

    secrets = {"aws_access_key_id": "an-id", "aws_secret_access_key": "hunter2-secret"}
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **secrets)


def options(address: str) -> dict[str, str]:
    keys = {"access_key_id": "an-id", "secret_access_key": "hunter2-secret"}
    return {**keys, "region": "us-east-1", "endpoint": address}


def run(address: str, sink: str, **other: Any) -> registrary.BatchReport:
    registrar = registrary.Registrar(timeout={"save": 30})
    return asyncio.run(registrar.run_batch(sink=sink, store_options=options(address), **other))


def test_documents_are_in_the_store_as_the_journal_says(store: str, tmp_path: Path) -> None:
    journal = tmp_path / "run.journal"
    asked: dict[str, Any] = {"name": "{term}/{student_id}.pdf", "journal": journal, "keep_documents": True}
    report = run(store, "s3://transcripts/2026/spring", student_ids=[101, 102, 103], **asked)
    assert report.complete
    for saved in report.documents.values():
        answer = client(store).get_object(Bucket="transcripts", Key=f"2026/spring/{saved.name}")
        assert (answer["ContentType"], answer["Metadata"]) == ("application/pdf", {"sha256": saved.digest})
        assert hashlib.sha256(answer["Body"].read()).hexdigest() == saved.digest
    again = run(store, "s3://transcripts/2026/spring", **asked)
    assert (again.saved, again.resumed) == (0, 3)
    assert "hunter2" not in journal.read_text(encoding="ascii")


def test_the_environment_says_how_the_store_is_reached(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in options(store).items():
        monkeypatch.setenv("AWS_ENDPOINT_URL" if name == "endpoint" else f"AWS_{name.upper()}", value)
    registrar = registrary.Registrar()
    asked: dict[str, Any] = {"name": "{digest}.pdf", "issue_date": datetime.date(2026, 5, 29)}
    first = asyncio.run(registrar.run_batch([104], sink="s3://transcripts", **asked))
    # The same bytes under the same name: what is there counts as saved.
    second = asyncio.run(registrar.run_batch([104], sink="s3://transcripts", **asked))
    assert first.complete and second.complete


def test_a_store_that_refuses_ends_the_run_and_shows_no_secret(store: str) -> None:
    with pytest.raises(registrary.SinkError) as caught:
        run(store, "s3://no-such-bucket/x", student_ids=[101])
    assert caught.value.code == "store-refuses"
    assert "hunter2" not in repr(caught.value)
    assert "no-such-bucket" not in str(caught.value)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("s3://", {}),
        ("s3://UPPER/x", {}),
        ("s3://transcripts/../x", {}),
        ("s3:/transcripts/x", {}),
        (str(tmp_path), {"store_options": {"region": "eu-west-1"}}),
        ("s3://transcripts/x", {"store_options": {"sauce": "hunter2"}}),
    ]
    for sink, other in wrong:
        with pytest.raises(registrary.ConfigurationError) as caught:
            asyncio.run(registrary.Registrar().run_batch([101], sink=sink, **other))
        assert "hunter2" not in str(caught.value)


def test_single_transcripts_are_saved_in_the_store_too(store: str) -> None:
    registrar = registrary.Registrar(save_to="s3://transcripts/one", store_options=options(store))
    transcript = asyncio.run(registrar.issue_transcript(105))
    assert transcript.saved is None
    assert transcript.saved_url == "s3://transcripts/one/transcript-105.pdf"
    assert "save" in transcript.timings
    answer = client(store).get_object(Bucket="transcripts", Key="one/transcript-105.pdf")
    assert answer["Body"].read() == transcript.pdf
    assert answer["Metadata"] == {"sha256": transcript.digest}
    # And a run goes there unless it is told another place.
    assert asyncio.run(registrar.run_batch([106], name="{student_id}.pdf")).complete
    assert client(store).get_object(Bucket="transcripts", Key="one/106.pdf")["ContentLength"] > 10_000
    assert "hunter2" not in repr(registrar)


def test_a_store_that_cannot_be_used_is_told(store: str) -> None:
    registrar = registrary.Registrar(save_to="s3://no-such-bucket/x", store_options=options(store))
    with pytest.raises(registrary.SinkError) as caught:
        asyncio.run(registrar.issue_transcript(105))
    assert caught.value.code == "store-refuses"
    for wrong in ({"save_to": "s3://UPPER"}, {"store_options": {"region": "x"}}, {"save_to": "s3:/transcripts"}):
        with pytest.raises(registrary.ConfigurationError):
            registrary.Registrar(**wrong)
