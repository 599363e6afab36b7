"""PostgreSQL and MariaDB over TLS: which server is trusted, and that none is read in plain text unasked."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import database_servers as servers
import registrary
from database_servers import Server, fetched, refused

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(params=["postgresql", "mariadb"])
def encrypted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server that encrypts, and its authority's certificate; the certificate names ``localhost``, not 127.0.0.1."""
    folder = Path(tempfile.mkdtemp(prefix="registrary-keys-"))
    try:
        folder.chmod(0o755)
        authority, certificate, key = servers.certificates(folder, "localhost")
        if request.param == "postgresql":
            settings = [f"ssl_cert_file={certificate}", f"ssl_key_file={key}", "ssl=on"]
            started = servers.postgresql(*settings)
        else:
            started = servers.mariadb(f"ssl-cert={certificate}", f"ssl-key={key}")
        with started as server:
            server.load_campus(tmp_path)
            yield server, authority
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_server_is_trusted_by_its_certificate_alone(encrypted: tuple[Server, Path]) -> None:
    server, authority = encrypted

    def reached(host: str, **parameters: str) -> bool:
        url = server.url(**parameters).replace("@127.0.0.1", f"@{host}")
        try:
            return bool(asyncio.run(fetched(url, ["101"])))
        except registrary.SourceUnavailableError as error:
            assert "not trusted" in str(error)
            return False

    root = str(authority)
    assert not reached("localhost", sslmode="verify-full")
    assert reached("localhost", sslmode="verify-full", sslrootcert=root)
    assert not reached("127.0.0.1", sslmode="verify-full", sslrootcert=root)
    assert reached("127.0.0.1", sslmode="require")
    assert reached("localhost")
    if server.kind == "postgresql":
        assert reached("127.0.0.1", sslmode="verify-ca", sslrootcert=root)
        assert reached("127.0.0.1", sslmode="require", sslrootcert=root)
        assert not reached("localhost", sslmode="verify-ca")
        return
    with pytest.raises(ValueError, match="verify-ca"):
        reached("localhost", sslmode="verify-ca", sslrootcert=root)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_encryption_that_the_server_lacks_is_no_silent_plaintext(kind: str) -> None:
    with servers.postgresql() if kind == "postgresql" else servers.mariadb() as server:
        if server.kind == "mariadb" and "YES" in server.ask("SELECT @@have_ssl"):
            pytest.skip("this MariaDB makes a certificate of its own")
        error = refused(server.url(sslmode="require"))
    assert "does not offer the encryption" in str(error)
