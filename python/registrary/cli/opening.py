"""From a command's arguments to the registrar that serves it."""

from __future__ import annotations

import argparse
from typing import Any

import registrary


def registrar_for(arguments: argparse.Namespace, **settings: Any) -> registrary.Registrar:
    """A registrar with the command's source, policy and letterhead; what is not given is left to its defaults."""
    for name in ("source", "policy", "institution", "paper", "verifier"):
        value = getattr(arguments, name, None)
        if value is not None:
            settings[name] = value
    return registrary.Registrar(**settings)


def issue_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a command says about the issuing, as the options of `issue_transcript`."""
    options: dict[str, Any] = {"verify": arguments.verifier is not None}
    for name in ("date", "recipient", "purpose"):
        value = getattr(arguments, name)
        if value is not None:
            options[name] = value
    if arguments.unofficial:
        options["official"] = False
    return options
