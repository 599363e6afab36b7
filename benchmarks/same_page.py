"""The same page by reportlab: what a Python developer would otherwise use, given every advantage.

The spans (text, face, size, place) are taken once, outside the clock, from transcripts that registrary made, so the
peer draws the very same words at the very same places with the same embedded font families, and is spared fetching,
evaluating and laying out. It makes no tags and no metadata beyond its own.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Colour = tuple[float, float, float]


@dataclass
class Span:
    """A run of text: where its baseline begins, from the lower left corner, in points."""

    x: float
    y: float
    size: float
    face: str
    colour: Colour
    text: str = ""


@dataclass
class Sheet:
    """One page: its size in points, its text and its filled rectangles (x, y, width, height, colour)."""

    width: float
    height: float
    spans: list[Span] = field(default_factory=list)
    fills: list[tuple[float, float, float, float, Colour]] = field(default_factory=list)


def sheets(pdf: bytes) -> list[Sheet]:
    """What the pages of a PDF hold, as PDFium reads them."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        sheet = Sheet(*page.get_size())
        sheet.spans = list(_spans(page))
        for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = drawn.get_bounds()
            sheet.fills.append(
                (left, bottom, right - left, top - bottom, _fill(pdfium.FPDFPageObj_GetFillColor, drawn))
            )
        found.append(sheet)
    document.close()
    return found


def _spans(page: pypdfium2.PdfPage) -> Iterator[Span]:
    """Characters that follow one another on a baseline in one face, size and colour are one span."""
    text = page.get_textpage()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    span: Span | None = None
    end = 0.0
    for at in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, at))
        # PDFium makes spaces and line ends of gaps: those are nobody's text.
        if pdfium.FPDFText_IsGenerated(text, at) == 1 or not character.isprintable():
            continue
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        size = pdfium.FPDFText_GetFontSize(text, at)
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFText_GetFontInfo(text, at, name, len(name), None)
        face, colour = name.value.decode(), _fill(pdfium.FPDFText_GetFillColor, text, at)
        same = span is not None and (span.face, span.size, span.colour, span.y) == (face, size, colour, y.value)
        # Text that does not go on where the last character ended stands in another column.
        if span is None or not same or abs(x.value - end) > 0.2 * size:
            if span is not None:
                yield span
            span = Span(x.value, y.value, size, face, colour)
        pdfium.FPDFText_GetLooseCharBox(text, at, box)
        span.text, end = span.text + character, box.right
    if span is not None:
        yield span


def _fill(ask: object, *place: object) -> Colour:
    channels = [ctypes.c_uint() for _ in range(4)]
    ask(*place, *channels)  # type: ignore[operator]
    red, green, blue, _ = (channel.value / 255 for channel in channels)
    return red, green, blue


class Reportlab:
    """Draws sheets with reportlab's canvas, its fastest way; fonts are registered once."""

    def __init__(self, fonts: Path) -> None:
        for file in sorted(fonts.glob("*.ttf")):
            pdfmetrics.registerFont(TTFont(file.stem, str(file)))

    def draw(self, pages: Sequence[Sheet]) -> bytes:
        """The sheets as a PDF."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(pages[0].width, pages[0].height))
        for sheet in pages:
            for x, y, width, height, colour in sheet.fills:
                canvas.setFillColorRGB(*colour)
                canvas.rect(x, y, width, height, stroke=0, fill=1)
            for span in sheet.spans:
                canvas.setFillColorRGB(*span.colour)
                # A subset's name is six letters, a plus sign and the font's own name.
                canvas.setFont(span.face.rsplit("+", maxsplit=1)[-1], span.size)
                canvas.drawString(span.x, span.y, span.text)
            canvas.showPage()
        canvas.save()
        return out.getvalue()
