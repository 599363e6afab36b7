"""Themes from whatever a caller has: a name, a file, a mapping; and the options that stand on top of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registrary._options import RegistrarOptions, ThemeLike, several
from registrary._plain import to_json
from registrary.errors import Problem, ThemeError

_OPTIONS = ("institution", "paper", "columns", "birth_date", "printed_name", "language", "statements")


def themes_of(options: RegistrarOptions) -> list[tuple[str, str]]:
    """What the core is handed: the theme, then the options that say something else, each as its kind and text.

    Raises:
        ThemeError: a file cannot be read, or a value has no place in a theme.
        TypeError: the statements are one text.
    """
    theme = options.get("theme")
    own: dict[str, Any] = {name: options.get(name) for name in _OPTIONS if options.get(name) is not None}
    if "statements" in own:
        own["statements"] = several(own["statements"], "statements")
    if (fonts := options.get("fonts")) is not None:
        own["fonts"] = {"fallback": [os.fspath(path) for path in several(fonts, "fonts")]}
    given = [] if theme is None else [_theme(theme)]
    return [*given, ("json", _json(own))] if own else given


def _theme(theme: ThemeLike) -> tuple[str, str]:
    if isinstance(theme, Mapping):
        return "json", _json(theme)
    if isinstance(theme, str) and not _is_path(theme):
        return "built-in", theme
    if isinstance(theme, (str, os.PathLike)):
        return "toml", _text(theme)
    raise TypeError(f"a theme is a name, a path or a mapping, not a {type(theme).__name__}")


def _json(theme: Mapping[str, Any]) -> str:
    institution = theme.get("institution")
    if isinstance(institution, Mapping) and isinstance(institution.get("codes"), Mapping):
        # As pairs they keep the caller's order on the page.
        codes = [[system, code] for system, code in institution["codes"].items()]
        theme = {**theme, "institution": {**institution, "codes": codes}}
    try:
        return to_json(theme).decode("utf-8")
    except (TypeError, ValueError) as error:
        raise _unusable("not-a-theme", str(error)) from error


def _text(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise _unusable("unreadable", f"the file cannot be read: {reason}") from error


def _is_path(text: str) -> bool:
    return text.endswith(".toml") or os.sep in text


def _unusable(code: str, message: str) -> ThemeError:
    hint = "Correct every key listed in the theme or the options, or choose a built-in theme."
    problem = Problem(code, "", message)
    return ThemeError(f"the theme or its options cannot be used: {message}", hint=hint, problems=(problem,))
