"""The notebooks of `examples/` run from their first cell to their last, as a reader would run them."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

import registrary

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def run(cells: list[str]) -> tuple[dict[str, Any], list[Any]]:
    """The names that the cells leave behind, and what each shows: the value of its last line."""
    names: dict[str, Any] = {"__name__": "notebook"}
    shown: list[Any] = []
    with asyncio.Runner() as runner:
        for number, source in enumerate(cells):
            tree = ast.parse(source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            shows = ast.Expression(last.value) if isinstance(last, ast.Expr) else ast.parse("None", mode="eval")
            value = None
            for part, mode in ((tree, "exec"), (shows, "eval")):
                code = compile(part, f"cell {number}", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                awaits = code.co_flags & inspect.CO_COROUTINE
                value = runner.run(FunctionType(code, names)()) if awaits else eval(code, names)
            shown.append(value)
    return names, shown


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib").use("agg")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names, shown = run(cells)
    assert all(name in names for name in ("gpas", "terms", "sections"))
    tables = [value for value in shown if isinstance(value, registrary.GpaTable)]
    assert len(tables) == 3 and all("<caption>" in table._repr_html_() for table in tables)
    explained = next(value for value in shown if isinstance(value, registrary.GpaExplanation))
    assert any(attempt.repeat == "excluded" for attempt in explained.attempts)
    assert names["students"] == len(names["gpas"]) == 100_000
    assert "4,000,000 attempts" in capsys.readouterr().out


def test_what_a_notebook_shows_is_what_it_gave() -> None:
    for path in NOTEBOOKS:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
        assert "error" not in kinds and {"execute_result", "display_data", "stream"} <= kinds
