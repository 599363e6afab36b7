"""Themes from Python: by name, by file, by mapping, with options on top; and what is refused."""

from __future__ import annotations

import asyncio
import datetime
import io
import json
import pickle
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pypdf
import pytest

import registrary
from registrary import _core

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "theme.schema.json").read_text(encoding="utf-8"))
OWN = """
extends = "crimson"
language = "fr"
birth_date = "none"

[institution]
name = { fr = "Université des Érables", en = "University of Maples" }
codes = { PSIS = "35999000", MIN = "999" }

[shown]
verification_code = false
"""


def made(**options: Any) -> registrary.Transcript:
    date = datetime.date(2026, 5, 29)
    return asyncio.run(registrary.issue_transcript(101, issue_date=date, **options))


def page(**options: Any) -> tuple[float, str]:
    """The width in points and the text of the first page."""
    first = pypdf.PdfReader(io.BytesIO(made(**options).pdf)).pages[0]
    return float(first.mediabox.width), first.extract_text()


def test_built_in_themes_by_name() -> None:
    plain, crimson = made(), made(theme="crimson")
    assert made(theme="plain").pdf == plain.pdf != crimson.pdf
    width, text = page(theme="laurier")
    assert round(width) == 595
    assert "Relevé de notes officiel" in text
    width, text = page(theme="laurier", paper="letter", language="en")
    assert width == 612
    assert "Official Academic Transcript" in text


def test_a_file_and_a_mapping_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "theme.toml"
    path.write_text(OWN, encoding="utf-8")
    _, text = page(theme=path)
    assert "Université des Érables" in text
    assert "MIN 999 · PSIS 35999000" in text
    assert "Code de vérification" not in text
    assert made(theme=str(path)).pdf == made(theme=path).pdf
    mapping = tomllib.loads(OWN)
    # A mapping keeps the order of its codes; a TOML table has none.
    assert "PSIS 35999000 · MIN 999" in page(theme=mapping)[1]
    mapping["institution"]["codes"] = dict(sorted(mapping["institution"]["codes"].items()))
    assert made(theme={**mapping, "paper": None}).pdf == made(theme=path).pdf
    assert "University of Maples" in page(theme=mapping, language="en")[1]
    assert "Own Name" in page(theme=mapping, institution={"name": "Own Name", "phone": None})[1]


def test_a_bad_theme_is_refused_with_every_problem() -> None:
    theme = {"paper": "a5", "motto": "x", "colours": {"muted": "#8A8F98"}, "labels": {"fr": {"page_of": "Page"}}}
    with pytest.raises(registrary.ThemeError) as caught:
        registrary.Registrar(theme=theme, columns=3)  # type: ignore[arg-type]
    error = caught.value
    assert isinstance(error, registrary.ConfigurationError)
    assert error.code == "theme"
    assert "built-in theme" in error.hint
    told = [(problem.code, problem.place) for problem in error.problems]
    low = ("low-contrast", "colours.muted")
    assert sorted(told) == sorted(
        [
            ("unknown-key", "motto"),
            ("unknown-choice", "paper"),
            ("unknown-choice", "columns"),
            ("placeholders", "labels.fr.page_of"),
            *[low] * 3,
        ]
    )
    assert "3.24:1 on the white page; text needs 4.50:1" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems) == (registrary.ThemeError, error.problems)


@pytest.mark.parametrize(
    ("theme", "code"),
    [
        ("gaudy", "unknown-built-in"),
        ("absent.toml", "unreadable"),
        ("binary.toml", "unreadable"),
        ("broken.toml", "not-toml"),
        ("deep.toml", "not-toml"),
        ("digits.toml", "not-toml"),
        ({"columns": object()}, "not-a-theme"),
        ({"extends": "gaudy"}, "unknown-built-in"),
        ({"language": "es"}, "missing-labels"),
        ({"credit_places": float("nan")}, "not-a-theme"),
    ],
)
def test_what_is_no_theme(theme: Any, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("paper = [", encoding="utf-8")
    # What Python's own reader ends with other errors for.
    Path("deep.toml").write_text("paper = " + "[" * 50_000, encoding="utf-8")
    Path("digits.toml").write_text("columns = " + "9" * 5_000, encoding="utf-8")
    Path("binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(registrary.ThemeError) as caught:
        registrary.Registrar(theme=theme)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_theme_of_another_type() -> None:
    with pytest.raises(TypeError, match="a theme is a name, a path or a mapping, not a int"):
        registrary.Registrar(theme=7)  # type: ignore[arg-type]


def test_the_schema_holds_for_the_built_in_themes_and_refuses_what_the_reader_does() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    names = _core.Settings.built_in_themes()
    assert {path.stem for path in (ROOT / "assets" / "themes").glob("*.toml")} == set(names)
    for name in names:
        validator.validate(tomllib.loads((ROOT / "assets" / "themes" / f"{name}.toml").read_text(encoding="utf-8")))
    validator.validate(tomllib.loads(OWN))
    bad: list[dict[str, Any]] = [
        {"paper": "a5"},
        {"columns": "2"},
        {"motto": "x"},
        {"language": "Klingon"},
        {"colours": {"accent": "red"}},
        {"institution": {"phone": "1"}},
        {"shown": {"legend": "yes"}},
        {"labels": {"fr": {"gpas": "x"}}},
        {"credit_places": 7},
        {"statements": [""]},
    ]
    for theme in bad:
        assert not validator.is_valid(theme), theme
        with pytest.raises(registrary.ThemeError):
            registrary.Registrar(theme=theme)
