"""A service over HTTP as a source: how it is asked, and how its answers become records."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registrary import _core
from registrary.errors import ConfigurationError

_REFERENCE = re.compile(r"\$\{([^}]*)\}")


def http_source(
    url: str,
    *,
    auth: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Mapping[str, float] | None = None,
    students: Mapping[str, Any] | None = None,
    requests: Mapping[str, Mapping[str, Any]] | None = None,
    record: Mapping[str, Any] | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    client_certificate_file: str | os.PathLike[str] | None = None,
) -> _core.OwnSource:
    """A student-information system over HTTP, for ``Registrar(source=...)``.

    Without ``requests`` and ``record`` the service answers ``GET {url}/students/{id}`` with a record as published
    (``schemas/student-record.schema.json``). With them, its own answers become one. A file ``registrary.toml`` says the
    same under ``[source]``: ``docs/http-sources.md`` tells what each key means. Nothing is asked before a verb is awaited.

    >>> source = registrary.http_source(
    ...     "https://sis.example.edu/api",
    ...     auth={"kind": "bearer", "token": "a secret"},
    ... )
    >>> source
    <OwnSource>

    A GET that fails in passing (no connection, status 408, 429 or 5xx, a body that broke off) is asked again, with
    pauses, within the fetch limit and a budget of 10 % of all questions to the host; ``Retry-After`` is obeyed.

    Args:
        url: the base address, ``https://`` or ``http://``. Credentials go over ``http://`` to this machine alone.
        auth: ``{"kind": "bearer", "token": ...}``, ``{"kind": "api-key", "key": ..., "header": "X-Api-Key"}``,
            ``{"kind": "oauth2", "token_url": ..., "client_id": ..., "client_secret": ..., "scope": ...}`` or
            ``{"kind": "exchange", "token_url": ..., "key": ...}``. ``"${NAME}"`` as a secret is taken from the
            environment now. Default: nobody's.
        headers: what every request carries besides.
        limits: ``connect`` (default 5), ``first_byte`` (10) and ``between_bytes`` (5) in seconds, ``tries`` (6), and
            ``concurrency``: questions under way at once, at most (64; it begins with 8 and adapts).
        students: how all student ids are listed. Default: ``GET {url}/students`` where there is no ``record``.
        requests: by name, what is asked for one student.
        record: the shape of a record, with pointers into the answers for values.
        ca_file: PEM certificates of the authorities to trust instead of the machine's.
        client_certificate_file: a PEM certificate with its key, shown to the service.

    Raises:
        SourceConfigurationError: anything in it cannot be used; ``problems`` lists everything.
        ConfigurationError: an argument is no mapping of texts, numbers, truths, lists and mappings.
    """
    given = {
        "url": url,
        "auth": auth,
        "headers": headers,
        "limits": limits,
        "students": students,
        "requests": requests,
        "record": record,
        "ca_file": None if ca_file is None else os.fspath(ca_file),
        "client_certificate_file": None if client_certificate_file is None else os.fspath(client_certificate_file),
    }
    try:
        text = json.dumps({"source": given}, default=_plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"the source's configuration: {error}") from None
    names = set(_REFERENCE.findall(text))
    environment = {name: os.environ[name] for name in names if name in os.environ}
    return _core.OwnSource.from_json(text, str(Path.cwd()), environment)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    # Neither the value nor its text is told: it may be a secret.
    raise TypeError(f"holds a {type(value).__name__}")
