"""Logo, seal and signature of a theme: on the page, described in words, and refused where they cannot be right."""

from __future__ import annotations

import asyncio
import datetime
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

import registrary
from pixels import png

DAY = datetime.date(2026, 6, 15)
LARGEST = 1024 * 1024


@pytest.fixture(scope="module")
def theme(root: Path) -> Path:
    return root / "examples" / "theme" / "erables.toml"


def figures(pdf: bytes) -> list[tuple[str, list[float]]]:
    """Each figure of the structure tree: its words and its rectangle."""
    found: list[tuple[str, list[float]]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append((str(node["/Alt"]), [float(side) for side in node["/A"]["/BBox"]]))
            if "/K" in node:
                walk(node["/K"])

    root: Any = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    walk(root["/StructTreeRoot"]["/K"])
    return found


def test_the_example_theme_prints_its_pictures_with_words(theme: Path) -> None:
    pdf = registrary.generate_transcript_sync(103, official=False, issue_date=DAY, theme=theme)
    shown = figures(pdf)
    words = [words for words, _ in shown]
    assert words == ["Écu vert à la feuille d’érable", "Signature de la registraire", "Sceau de l’université"]
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    for _, (left, bottom, right, top) in shown:
        assert 0 < left < right < page.width and 0 < bottom < top < page.height
        assert right - left <= 160.001 and top - bottom <= 64.001
    english = registrary.generate_transcript_sync(103, official=False, issue_date=DAY, theme=theme, language="en")
    assert figures(english)[0][0] == "Green shield with a maple leaf"


def test_every_document_carries_them_and_stays_the_same(theme: Path) -> None:
    make = registrary.Registrar(theme=theme)
    degree = asyncio.run(make.verify_degree(101, issue_date=DAY)).pdf
    assert [words for words, _ in figures(degree)] == [
        words for words, _ in figures(make.generate_transcript_sync(101))
    ]
    again = asyncio.run(registrary.Registrar(theme=theme).verify_degree(101, issue_date=DAY)).pdf
    assert degree == again


def test_pictures_stand_outside_text_objects_and_fill_their_square() -> None:
    wide = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3000 600"><path d="M0 0H3000V600H0Z"/></svg>'
    pdf = registrary.generate_transcript_sync(101, theme={"pictures": {"logo": wide, "logo_alternative": "Logo"}})
    page: Any = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    before, shown, _ = page.get_contents().get_data().partition(b"/P0 Do")
    assert shown
    assert before.rfind(b"BT\n") <= before.rfind(b"ET\n")
    form = page["/Resources"]["/XObject"]["/P0"]
    assert "/Matrix" not in form
    assert [float(side) for side in form["/BBox"]] == [0, 0, 1, 1]
    assert form.get_data().startswith(b"0.000333333333 0 0 -0.001666666666 0 1 cm\n")


def test_a_theme_may_name_pictures_and_fonts(root: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png())
    (tmp_path / "thai.ttf").write_bytes((root / "assets" / "fonts" / "NotoSansThai-Regular.ttf").read_bytes())
    (tmp_path / "theme.toml").write_text(
        '[pictures]\nlogo = "logo.png"\nlogo_alternative = "Logo"\n[fonts]\nfallback = ["thai.ttf"]\n'
    )
    registrary.Registrar(theme=tmp_path / "theme.toml")


def test_pixels_keep_their_colour_and_opacity() -> None:
    pictures = {"seal": png(), "seal_alternative": "Seal"}
    pdf = registrary.generate_transcript_sync(101, theme={"pictures": pictures})
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    last: Any = reader.pages[-1]["/Resources"]
    image = last["/XObject"]["/P0"]
    assert image.get_data() == bytes([200, 30, 60]) * 4
    assert image["/SMask"].get_data() == bytes([128]) * 4


def test_another_institutions_document_is_not_signed_with_them(root: Path, theme: Path) -> None:
    pesc = registrary.read_pesc(root / "tests" / "pesc" / "release-1-8.xml")
    transcript = registrary.produce_transcript(pesc, theme=theme, official=False)
    assert figures(transcript.pdf) == []


def refused(pictures: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(registrary.ThemeError) as caught:
        registrary.Registrar(theme={"pictures": pictures})
    return [(problem.code, problem.place) for problem in caught.value.problems]


def test_what_cannot_be_right_is_refused(tmp_path: Path) -> None:
    assert refused({"logo": png()}) == [("no-alternative", "pictures.logo_alternative")]
    assert refused({"logo_alternative": "Logo"}) == [("no-picture", "pictures.logo_alternative")]
    assert refused({"crest": "crest.png"}) == [("unknown-key", "pictures.crest")]
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>Seal</text></svg>'
    for picture in (svg, png()[:-20], b"GIF89a", b"", png() + bytes(LARGEST), 5, tmp_path / "none.png", "a\0b"):
        assert refused({"logo": picture, "logo_alternative": "Logo"}) == [("not-a-picture", "pictures.logo")]


@pytest.mark.parametrize("path", ["../secret.png", "/etc/hostname", "folder/../../secret.png", "link.png"])
def test_no_path_of_a_theme_leaves_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    inner = tmp_path / "theme"
    (inner / "folder").mkdir(parents=True)
    (inner / "link.png").symlink_to(tmp_path / "secret.png")
    (inner / "theme.toml").write_text(f'[pictures]\nlogo = "{path}"\nlogo_alternative = "Logo"\n')
    with pytest.raises(registrary.ThemeError) as caught:
        registrary.Registrar(theme=inner / "theme.toml")
    assert "leads out" in caught.value.problems[0].message
    (inner / "logo.png").write_bytes(png())
    (inner / "theme.toml").write_text('[pictures]\nlogo = "logo.png"\nlogo_alternative = "Logo"\n')
    registrary.Registrar(theme=inner / "theme.toml")
