"""The Rust half's own tests, so that one `pytest` runs everything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.timeout(3000)
def test_cargo_test(root: Path) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not on the PATH: the Rust tests need a Rust toolchain (https://rustup.rs)")
    # The release profile, because pip has just compiled the dependencies with it; it keeps overflow checks on.
    process = subprocess.run(
        ["cargo", "test", "--release", "--locked", "--quiet"],
        cwd=root,
        env={**os.environ, "CARGO_TERM_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout[-20_000:]
    assert "test result: ok" in process.stdout
