"""Every Python block of the README runs, top-level await included, and so does every `registrary` command."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

import registrary
from registrary.cli import main

README = Path(__file__).resolve().parents[2] / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> Iterator[tuple[int, str]]:
    """The fenced blocks in a language, each with the line it begins on."""
    text = README.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        if found[1] == language:
            yield text.count("\n", 0, found.start()) + 1, found[2]


def compiled(line: int, source: str) -> CodeType:
    # Blank lines put the block at its own place in the README, so that a traceback names the right line.
    code: CodeType = compile("\n" * line + source, str(README), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return code


def test_python_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = list(blocks("python"))
    assert len(found) >= 5
    # One namespace and one loop, as a reader's notebook has.
    namespace: dict[str, Any] = {"__name__": "readme"}
    with asyncio.Runner() as runner:
        for line, source in found:
            code = compiled(line, source)
            if code.co_flags & inspect.CO_COROUTINE:
                runner.run(FunctionType(code, namespace)())
            else:
                exec(code, namespace)


def test_themes() -> None:
    for _, source in blocks("toml"):
        registrary.Registrar(theme=tomllib.loads(source))
    assert len(list(blocks("toml"))) >= 1


def commands() -> list[str]:
    """The `registrary` commands of the README, without the path to the virtual environment."""
    lines = "\n".join(source for _, source in blocks("sh")).splitlines()
    parts = [part.strip() for line in lines for part in line.split("#")[0].split("&&")]
    found = [re.sub(r"^\.venv/bin/", "", part) for part in parts]
    return [command for command in found if command.startswith("registrary ")]


@pytest.mark.parametrize("command", commands())
def test_commands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ids.txt").write_text("101\n102\n", encoding="utf-8")
    Path("orders.csv").write_text("order_id,student_id\nO-1,101\n", encoding="utf-8")
    status = main(shlex.split(command)[1:])
    assert status == 0, capsys.readouterr().err


def test_there_are_commands() -> None:
    assert len(commands()) >= 5
