"""The registrar behind the module-level verbs, and registrars derived from it for one call's options."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

from registrary import _core
from registrary._options import CallOptions, IssueOptions, RegistrarOptions
from registrary._own_schema import is_configuration
from registrary._policy import contents
from registrary._registrar import Registrar

_ISSUING = frozenset(IssueOptions.__annotations__)

# Registrars that single calls asked for by their options: a source is opened once, not once a call.
_MOST_DERIVED = 16


class _Configured:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.settings: dict[str, Any] = {}
        self.registrar: Registrar | None = None
        self.derived: OrderedDict[tuple[Hashable, ...], Registrar] = OrderedDict()


_configured = _Configured()


def _renew_lock() -> None:
    """In a forked child nobody may be left to release the lock."""
    _configured.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def configure(*, workers: int | None, threads: int | None, settings: dict[str, Any]) -> None:
    """Sets what the module-level verbs use; refuses what cannot be used before anything changes."""
    registrar = Registrar(**settings)
    if workers is not None:
        _core.set_workers(workers)
    if threads is not None:
        _core.set_threads(threads)
    with _configured.lock:
        _configured.settings, _configured.registrar = settings, registrar
        _configured.derived.clear()


def registrar_for(options: CallOptions) -> tuple[Registrar, IssueOptions]:
    """The registrar that serves a call, and what the call says about the issuing."""
    issuing = {name: value for name, value in options.items() if name in _ISSUING}
    own = {name: value for name, value in options.items() if name not in _ISSUING and value is not None}
    unknown = own.keys() - RegistrarOptions.__annotations__.keys() - {"source"}
    if unknown:
        raise TypeError(f"unexpected option {min(unknown)!r}")
    return (_derived(own) if own else default()), cast(IssueOptions, issuing)


def default() -> Registrar:
    """The registrar of the module-level verbs, made at its first use."""
    with _configured.lock:
        if _configured.registrar is None:
            _configured.registrar = Registrar(**_configured.settings)
        return _configured.registrar


def _derived(own: dict[str, Any]) -> Registrar:
    try:
        # A policy file that was edited is another policy.
        told = {**own, "policy": contents(own["policy"])} if "policy" in own else {**own}
        if is_configuration(told.get("source")):
            # So is a mapping.
            told["source"] = (os.fspath(told["source"]), Path(told["source"]).stat().st_mtime_ns)
        key = tuple(sorted(told.items(), key=lambda option: option[0]))
        with _configured.lock:
            known = _configured.derived.get(key)
    except (TypeError, OSError):
        # A mapping among the options: made for this call alone.
        return Registrar(**{**_configured.settings, **own})
    if known is not None:
        return known
    registrar = Registrar(**{**_configured.settings, **own})
    with _configured.lock:
        _configured.derived[key] = registrar
        while len(_configured.derived) > _MOST_DERIVED:
            _configured.derived.popitem(last=False)
    return registrar
