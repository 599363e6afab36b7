"""Font files that a theme or a registrar names, each read and checked once while it stays the same."""

from __future__ import annotations

import functools
import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from registrary import _core
from registrary._options import RegistrarOptions
from registrary.errors import Problem, ThemeError

# A larger file is no face, or more of them than a transcript can need; the core says the same.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_FILES = 16
# The third face of a collection: fonts/NotoSansCJK-Regular.ttc#2
_FACE = re.compile(r"(.+\.(?:ttc|otc))#([0-9]{1,3})", re.IGNORECASE)


def fonts_of(options: RegistrarOptions, themes: list[tuple[str, str]]) -> list[_core.FontFile]:
    """The fonts that the last of the themes to name any names, in its order.

    A theme file's paths are those from its own folder, all others from the working directory.

    Raises:
        ThemeError: a file cannot be read, is too large, or is no font that may be embedded.
    """
    theme = options.get("theme")
    folder = Path(theme).parent if _is_file(theme, themes) else Path()  # type: ignore[arg-type]
    own = options.get("fonts")
    if own is not None:
        return [_font(Path(), os.fspath(path), at) for at, path in enumerate(own)]
    named = _named(theme, themes)
    return [_font(folder, path, at) for at, path in enumerate(named[:_MOST_FILES]) if isinstance(path, str)]


def _is_file(theme: Any, themes: list[tuple[str, str]]) -> bool:
    """Whether the theme is a file's, which is handed on as JSON when it names pictures."""
    return theme is not None and not isinstance(theme, Mapping) and themes[0][0] != "built-in"


def _named(theme: Any, themes: list[tuple[str, str]]) -> Sequence[Any]:
    """What the theme says; whether it may say so is for the core, which refuses the theme as a whole."""
    if not isinstance(theme, Mapping):
        if not _is_file(theme, themes):
            return ()
        kind, text = themes[0]
        try:
            theme = json.loads(text) if kind == "json" else tomllib.loads(text)
        except (ValueError, RecursionError):
            return ()
    fonts = theme.get("fonts")
    named = fonts.get("fallback") if isinstance(fonts, Mapping) else None
    return named if isinstance(named, (list, tuple)) else ()


def _font(folder: Path, name: str, at: int) -> _core.FontFile:
    place = f"fonts.fallback[{at}]"
    if "\0" in name:
        raise _refused("unreadable", place, "is no path")
    chosen = _FACE.fullmatch(name)
    path, face = (folder / (chosen[1] if chosen else name)), int(chosen[2]) if chosen else 0
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refused("unreadable", place, "names what is no file")
        if status.st_size > _MOST_BYTES:
            raise _refused("too-large", place, "is larger than 64 MiB")
        return _read(path.absolute(), face, place, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise _refused("unreadable", place, f"names a file that cannot be read: {error.strerror}") from error


def _read_now(path: Path, face: int, place: str, changed: int, size: int) -> _core.FontFile:
    """Time of change and size are part of the key: a file that is replaced is read again."""
    return _core.FontFile(path.read_bytes(), face, place)


_read = functools.lru_cache(maxsize=_MOST_FILES)(_read_now)


def _refused(code: str, place: str, message: str) -> ThemeError:
    hint = "Name TrueType or OpenType font files under fonts.fallback, by paths from the theme's folder."
    return ThemeError(
        f"the theme cannot be used: {place} {message}", hint=hint, problems=(Problem(code, place, message),)
    )
