"""A name in any script is printed, and read back as it was given, by readers that share no code."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import registrary
from writing import DROID, NAMED, NOTO, SHIPPED, record

DAY = datetime.date(2026, 6, 15)


def pdf_of(name: str, title: str, **options: Any) -> bytes:
    return registrary.produce_transcript(record(name, title), issue_date=DAY, **options).pdf


def poppler(path: Path) -> str:
    """As it stands on the page. Directional marks around what runs from right to left are poppler's own."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on the PATH")
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return "".join(character for character in done.stdout if character not in "\u202a\u202b\u202c")


def mupdf(path: Path) -> str:
    return "".join(page.get_text() for page in pytest.importorskip("pymupdf").open(path))


def pdfminer(path: Path) -> str:
    """In the order in which the file shows it, which is that of the tags."""
    converter = pytest.importorskip("pdfminer.converter")
    interp = pytest.importorskip("pdfminer.pdfinterp")
    pages = pytest.importorskip("pdfminer.pdfpage")
    text: list[str] = []

    class Reader(converter.PDFLayoutAnalyzer):  # type: ignore[misc, name-defined]
        def receive_layout(self, page: Any) -> None:
            text.extend(item.get_text() for item in page if hasattr(item, "get_text"))

    manager = interp.PDFResourceManager()
    interpreter = interp.PDFPageInterpreter(manager, Reader(manager, laparams=None))
    with path.open("rb") as file:
        for page in pages.PDFPage.get_pages(file):
            interpreter.process_page(page)
    return "".join(text)


READERS: list[Callable[[Path], str]] = [poppler, mupdf, pdfminer]


def check_reads_back(reader: Callable[[Path], str], folder: Path, pdf: bytes, texts: tuple[str, ...]) -> None:
    path = folder / "transcript.pdf"
    path.write_bytes(pdf)
    said = reader(path)
    for text in texts:
        assert unicodedata.normalize("NFC", text) in said


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("written_in", SHIPPED)
def test_a_name_reads_back_as_given(written_in: str, reader: Callable[[Path], str], tmp_path: Path) -> None:
    check_reads_back(reader, tmp_path, pdf_of(*SHIPPED[written_in]), SHIPPED[written_in])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("written_in", "font"), [("chinese", DROID), ("japanese", DROID), *((script, NOTO) for script in NAMED)]
)
def test_a_font_of_the_users_own_sets_what_none_at_hand_has(
    written_in: str, font: Path, reader: Callable[[Path], str], tmp_path: Path
) -> None:
    if not font.is_file():
        pytest.skip(f"{font} is not installed")
    check_reads_back(reader, tmp_path, pdf_of(*NAMED[written_in], fonts=[font]), NAMED[written_in])


@pytest.mark.parametrize(
    ("written_in", "title"), [("thai", SHIPPED["thai"][1] * 3), ("chinese", NAMED["chinese"][1] * 9)]
)
def test_a_long_title_breaks_between_its_words_and_reads_back_whole(
    written_in: str, title: str, tmp_path: Path
) -> None:
    if written_in == "chinese" and not DROID.is_file():
        pytest.skip(f"{DROID} is not installed")
    pdf = pdf_of("Long Title", title, fonts=[DROID] if written_in == "chinese" else None)
    check_reads_back(pdfminer, tmp_path, pdf, (title,))
    assert title not in poppler(tmp_path / "transcript.pdf")


@pytest.mark.parametrize("written_in", SHIPPED)
def test_composed_and_decomposed_names_make_the_same_page(written_in: str) -> None:
    name, title = SHIPPED[written_in]
    composed, decomposed = (pdf_of(unicodedata.normalize(form, name), title) for form in ("NFC", "NFD"))
    assert composed == decomposed


def test_a_character_that_no_font_has_is_refused_by_code_point_and_field() -> None:
    with pytest.raises(registrary.RenderError) as caught:
        pdf_of("王", "한")
    problems = [(problem.place, problem.message) for problem in caught.value.problems]
    assert [place for place, _ in problems] == ["student.names.legal", "terms[0].attempts[0].course.title"]
    assert "U+738B" in problems[0][1]
    assert "王" not in str(caught.value)


def test_a_theme_names_its_fonts_from_its_own_folder(tmp_path: Path) -> None:
    if not DROID.is_file():
        pytest.skip(f"{DROID} is not installed")
    shutil.copy(DROID, tmp_path / "han.ttf")
    theme = tmp_path / "theme.toml"
    theme.write_text('[fonts]\nfallback = ["han.ttf"]\n', encoding="utf-8")
    by_theme, by_option = pdf_of(*NAMED["chinese"], theme=theme), pdf_of(*NAMED["chinese"], fonts=[DROID])
    assert by_theme == by_option


@pytest.mark.parametrize(
    ("content", "code"), [(None, "unreadable"), (b"", "not-a-font"), (b"\x00\x01\x00\x00" + bytes(64), "not-a-font")]
)
def test_what_is_no_font_is_refused(content: bytes | None, code: str, tmp_path: Path) -> None:
    font = tmp_path / "font.ttf"
    if content is not None:
        font.write_bytes(content)
    with pytest.raises(registrary.ThemeError) as caught:
        registrary.Registrar(fonts=[font])
    assert [(problem.code, problem.place) for problem in caught.value.problems] == [(code, "fonts.fallback[0]")]


def test_a_font_too_large_is_refused_unread(tmp_path: Path) -> None:
    font = tmp_path / "font.ttf"
    with font.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(registrary.ThemeError, match="larger than 64 MiB"):
        registrary.Registrar(fonts=[font])
