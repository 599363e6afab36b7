"""Scripts in processes of their own, under every CPython >= 3.11 that is found: the installed wheel serves them all.

Besides the one that runs the tests, interpreters are looked for as `python3.11`, `python3.12`, … on the path, among
pyenv's, and in REGISTRARY_PYTHONS (paths, separated as in PATH).
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

# Written in Python alone, so that one copy serves every interpreter; `typing_extensions` is wanted below 3.13.
_PURE = ("trio", "outcome", "sniffio", "attr", "attrs", "sortedcontainers", "idna", "anyio", "typing_extensions")

_ASKED = "import sys; print(sys.implementation.name, *sys.version_info[:2], repr(getattr(sys, 'abiflags', '')))"


@dataclass(frozen=True)
class Interpreter:
    """One CPython."""

    path: str
    version: tuple[int, int]

    @property
    def name(self) -> str:
        return ".".join(map(str, self.version))

    @property
    def is_this_one(self) -> bool:
        return self.path == sys.executable


@functools.cache
def found() -> list[Interpreter]:
    """This interpreter first, then one of each other version."""
    known = {sys.version_info[:2]: Interpreter(sys.executable, sys.version_info[:2])}
    for candidate in _candidates():
        version = _version(candidate)
        if version is not None and version >= (3, 11):
            known.setdefault(version, Interpreter(candidate, version))
    return list(known.values())


def _candidates() -> list[str]:
    named = [path for path in os.environ.get("REGISTRARY_PYTHONS", "").split(os.pathsep) if path]
    on_path = [shutil.which(f"python3.{minor}") for minor in range(11, 20)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return named + [path for path in on_path if path] + sorted(map(str, pyenv.glob("versions/3.*/bin/python3")))


def _version(path: str) -> tuple[int, int] | None:
    """None: it does not run, is no CPython, or one without a GIL, which loads no module of the stable ABI."""
    try:
        asked = subprocess.run([path, "-I", "-c", _ASKED], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    name, major, minor, flags = asked.stdout.split()
    return (int(major), int(minor)) if name == "cpython" and "t" not in flags else None


@dataclass(frozen=True)
class Script:
    """Runs scripts under one interpreter."""

    interpreter: Interpreter
    folder: Path
    """Where the wheel's package and packages of pure Python are found, for interpreters other than this."""

    @property
    def version(self) -> tuple[int, int]:
        return self.interpreter.version

    def environment(self) -> dict[str, str]:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        if not self.interpreter.is_this_one:
            environment["PYTHONPATH"] = str(self.folder)
        return environment

    def __call__(self, body: str, deadline: float = 90, prelude: str = "") -> str:
        """What the script prints; it must end in time, with status 0 and nothing on standard error."""
        command = [self.interpreter.path, "-c", prelude + textwrap.dedent(body)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=deadline, check=False, env=self.environment()
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:] + done.stdout[-500:]
        return done.stdout

    def needs(self, package: str) -> None:
        """Skips the test where the package is not there for this interpreter."""
        pytest.importorskip(package)
        if not self.interpreter.is_this_one and not (self.folder / package).exists():
            pytest.skip(f"{package} is installed for another interpreter than {self.interpreter.name}")


def share(folder: Path) -> Path:
    """Fills the folder with the wheel's package and those of pure Python that are installed here."""
    for name in ("registrary", *_PURE):
        spec = importlib.util.find_spec(name)
        origin = None if spec is None or spec.origin is None else Path(spec.origin)
        if origin is not None:
            path = origin.parent if origin.name == "__init__.py" else origin
            (folder / path.name).symlink_to(path)
    return folder
