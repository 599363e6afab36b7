"""veraPDF, the reference validator, as a second opinion on every PDF: fetched by Maven, run by the Java at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

FLAVOURS = ("3a", "ua1")


class Validator:
    """veraPDF's command line: one JVM for many files."""

    def __init__(self, java: str, jar: Path) -> None:
        self.java = [java, "-Djava.awt.headless=true"]
        self.program = ["-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper", "--format", "text", "--verbose"]

    def broken_rules(self, flavour: str, files: Iterable[Path], *, long: bool = False) -> dict[str, set[str]]:
        """Each file's name with the rules that it breaks; a file that keeps all of them has none."""
        # A short run is over before Java's second compiler pays for itself.
        compilers = [] if long else ["-XX:TieredStopAtLevel=1"]
        paths = {str(path): path.stem for path in files}
        # The exit status is 1 where a file fails.
        done = subprocess.run(
            [*self.java, *compilers, *self.program, "--flavour", flavour, *paths],
            capture_output=True,
            text=True,
            check=False,
        )
        verdicts: dict[str, set[str]] = {}
        rules: set[str] = set()
        for line in done.stdout.splitlines():
            word, _, rest = line.strip().partition(" ")
            name = paths.get(rest.removesuffix(f" {flavour}"))
            if name is not None:
                rules = verdicts.setdefault(name, set() if word == "PASS" else {"any"})
            elif word == "FAIL":
                rules.add(rest)
        # A file that could not be validated has no verdict, which is no pass.
        assert verdicts.keys() == set(paths.values()), done.stdout + done.stderr
        return verdicts


def obtained(root: Path) -> Validator:
    """The validator, or a skip that says what is missing."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None or maven is None:
        pytest.skip("veraPDF needs Java and is fetched by Maven: java or mvn is not on the PATH")
    jar = root / "target" / "conformance" / "verapdf.jar"
    said = ""
    for _ in range(3):
        if jar.is_file():
            return Validator(java, jar)
        command = [maven, "--quiet", "--batch-mode", "--file", str(root / "tests" / "conformance" / "pom.xml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
    if jar.is_file():
        return Validator(java, jar)
    # CI must not pass because nobody looked.
    if os.environ.get("CI"):
        pytest.fail(f"Maven could not fetch veraPDF: {said[:500]}")
    pytest.skip(f"Maven could not fetch veraPDF: {said[:500]}")
