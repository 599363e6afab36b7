"""The same page by reportlab: what a Python developer would otherwise use, given every advantage.

The spans (text, face, size, place) are taken once, outside the clock, from transcripts that registrary made, so the
peer draws the very same words at the very same places with the same two embedded font families, and is spared
fetching, evaluating and laying out. It makes no tags and no metadata beyond its own.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Span:
    """A run of text: baseline origin from the top left corner, in points."""

    x: float
    y: float
    size: float
    face: str
    text: str
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class Sheet:
    """One page: its size in points, its text and its filled rectangles (x, y, width, height, colour)."""

    width: float
    height: float
    spans: tuple[Span, ...]
    fills: tuple[tuple[float, float, float, float, tuple[float, float, float]], ...]


def sheets(pdf: bytes) -> list[Sheet]:
    """What the pages of a PDF hold, read by PyMuPDF."""
    import pymupdf

    def unpacked(colour: int) -> tuple[float, float, float]:
        return (colour >> 16 & 255) / 255, (colour >> 8 & 255) / 255, (colour & 255) / 255

    found = []
    for page in pymupdf.open(stream=pdf, filetype="pdf"):
        spans = tuple(
            Span(*span["origin"], span["size"], span["font"], span["text"], unpacked(span["color"]))
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if line["dir"] == (1.0, 0.0)
        )
        fills = tuple(
            (drawn["rect"].x0, drawn["rect"].y0, drawn["rect"].width, drawn["rect"].height, drawn["fill"])
            for drawn in page.get_drawings()
            if drawn.get("fill")
        )
        found.append(Sheet(page.rect.width, page.rect.height, spans, fills))
    return found


class Reportlab:
    """Draws sheets with reportlab's canvas; fonts are registered once."""

    def __init__(self, fonts: Path) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        self.faces = {}
        for file in sorted(fonts.glob("*.ttf")):
            pdfmetrics.registerFont(TTFont(file.stem, str(file)))
            self.faces[file.stem] = file.stem

    def face(self, name: str) -> str:
        """The registered face whose PostScript name the span carries."""
        return self.faces[name.split("+")[-1]]

    def draw(self, pages: Sequence[Sheet]) -> bytes:
        """The sheets as a PDF."""
        from reportlab.pdfgen.canvas import Canvas

        out = io.BytesIO()
        canvas: Any = Canvas(out, pagesize=(pages[0].width, pages[0].height))
        for sheet in pages:
            for x, y, width, height, colour in sheet.fills:
                canvas.setFillColorRGB(*colour)
                canvas.rect(x, sheet.height - y - height, width, height, stroke=0, fill=1)
            for span in sheet.spans:
                canvas.setFillColorRGB(*span.colour)
                canvas.setFont(self.face(span.face), span.size)
                canvas.drawString(span.x, sheet.height - span.y, span.text)
            canvas.showPage()
        canvas.save()
        return out.getvalue()
