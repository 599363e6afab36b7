"""From a command's arguments to the registrar that serves it."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import Any

import registrary


def registrar_for(arguments: argparse.Namespace, **settings: Any) -> registrary.Registrar:
    """A registrar with the command's source, policy and letterhead; what is not given is left to its defaults."""
    for name in ("source", "policy", "theme", "paper", "verify_with"):
        value = getattr(arguments, name, None)
        if value is not None:
            settings[name] = value
    institution = getattr(arguments, "institution", None)
    if institution is not None:
        settings["institution"] = _letterhead(institution)
    return registrary.Registrar(**settings)


def _letterhead(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise registrary.ConfigurationError(
            f"{path} is not TOML: {error}", hint='Give name = "…" and what else the letterhead shows.'
        ) from None


def issue_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a command says about the issuing, as the options of `issue_transcript`."""
    options: dict[str, Any] = {"official": not arguments.unofficial}
    for name in ("issue_date", "recipient", "purpose"):
        value = getattr(arguments, name)
        if value is not None:
            options[name] = value
    return options
