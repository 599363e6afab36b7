"""Themes from whatever a caller has: a name, a file, a mapping; and the options that stand on top of them."""

from __future__ import annotations

import base64
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registrary._options import RegistrarOptions, ThemeLike, several
from registrary._plain import to_json
from registrary.errors import Problem, ThemeError

_OPTIONS = ("institution", "paper", "columns", "birth_date", "printed_name", "language", "statements")
_PICTURES = ("logo", "seal", "signature")
_MOST_PICTURE_BYTES = 1024 * 1024


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
        return "json", _json(_with_pictures(theme, None))
    if isinstance(theme, str) and not _is_path(theme):
        return "built-in", theme
    if isinstance(theme, (str, os.PathLike)):
        return _pictured(Path(theme))
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


def _pictured(path: Path) -> tuple[str, str]:
    """A theme file; with the pictures it names, where it names some."""
    text = _text(path)
    try:
        theme = tomllib.loads(text)
    except (ValueError, RecursionError):  # Not TOML; a number of thousands of digits; nested without end.
        theme = {}  # The core says what is wrong, and where.
    pictures = theme.get("pictures")
    return ("json", _json(_with_pictures(theme, path.parent))) if isinstance(pictures, dict) else ("toml", text)


def _with_pictures(theme: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """Paths of pictures, and bytes, become data URLs. In a theme's file a path is relative to it and stays in its
    folder; in a mapping it is the program's own."""
    pictures = theme.get("pictures")
    if not isinstance(pictures, Mapping):
        return theme
    return {**theme, "pictures": {key: _picture(key, value, folder) for key, value in pictures.items()}}


def _picture(key: Any, value: Any, folder: Path | None) -> Any:
    if key not in _PICTURES or (isinstance(value, str) and value.startswith("data:")):
        return value
    if isinstance(value, (str, os.PathLike)):
        value = _picture_file(str(key), folder, value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "data:;base64," + base64.b64encode(value).decode("ascii")
    return value


def _picture_file(key: str, folder: Path | None, name: str | os.PathLike[str]) -> bytes:
    place = f"pictures.{key}"
    try:
        path = Path(name) if folder is None else (folder / name).resolve()
        inside = folder is None or path.is_relative_to(folder.resolve())
        content = _head_of(path) if inside else None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no path"
        raise _unusable("not-a-picture", f"the file cannot be read: {reason}", place) from error
    if content is None:
        raise _unusable("not-a-picture", "leads out of the theme's folder", place)
    return content


def _head_of(path: Path) -> bytes:
    """No more than tells that it is too large."""
    with path.open("rb") as file:
        return file.read(_MOST_PICTURE_BYTES + 1)


def _text(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise _unusable("unreadable", f"the file cannot be read: {reason}") from error


def _is_path(text: str) -> bool:
    return text.endswith(".toml") or os.sep in text


def _unusable(code: str, message: str, place: str = "") -> ThemeError:
    hint = "Correct every key listed in the theme or the options, or choose a built-in theme."
    problem = Problem(code, place, message)
    return ThemeError(f"the theme or its options cannot be used: {message}", hint=hint, problems=(problem,))
