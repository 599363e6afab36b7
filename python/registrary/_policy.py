"""Policies from whatever a caller has: a name, a file, a mapping."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registrary import _core
from registrary._options import PolicyLike
from registrary._plain import to_json
from registrary.errors import PolicyError, Problem


def policy_from(policy: PolicyLike) -> _core.Policy:
    """The policy named, read or given.

    Raises:
        PolicyError: it cannot be used; ``problems`` lists everything that is wrong with it.
    """
    if isinstance(policy, _core.Policy):
        return policy
    if isinstance(policy, Mapping):
        return policy_from_mapping(policy)
    if isinstance(policy, str) and not _is_path(policy):
        return _core.Policy.built_in(policy)
    if isinstance(policy, (str, os.PathLike)):
        return policy_from_file(policy)
    raise TypeError(f"a policy is a Policy, a name, a path or a mapping, not a {type(policy).__name__}")


def policy_from_mapping(policy: Mapping[str, Any]) -> _core.Policy:
    """A policy of the same shape as a TOML file."""
    try:
        text = to_json(policy)
    except (TypeError, ValueError) as error:
        raise _unusable("not-a-policy", str(error)) from error
    return _core.Policy.from_json(text)


def policy_from_file(path: str | os.PathLike[str]) -> _core.Policy:
    """A policy from a TOML file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise _unusable("unreadable", f"the file cannot be read: {reason}") from error
    return _core.Policy.from_toml_text(text)


def contents(policy: PolicyLike) -> PolicyLike | bytes:
    """What tells one policy from another: of a file its contents, of anything else itself."""
    if isinstance(policy, os.PathLike) or (isinstance(policy, str) and _is_path(policy)):
        try:
            return Path(policy).read_bytes()
        except OSError:
            return policy
    return policy


def _is_path(text: str) -> bool:
    return text.endswith(".toml") or os.sep in text


def _unusable(code: str, message: str) -> PolicyError:
    hint = "Correct the policy file or choose a built-in policy."
    problem = Problem(code, "", message)
    return PolicyError(f"the policy cannot be used: {message}", hint=hint, problems=(problem,))
