"""The transcript of `transcript.json` drawn by other makers of PDF, as their users would: run by `benchmarks/pdf.py`.

Each prints one line of JSON. What a library lets a user do once (fonts registered, a template compiled) is done once,
outside the clock; every document is another student's, its courses in another order.
"""

# ruff: noqa: E501 -- templates are written as their languages write them

from __future__ import annotations

import copy
import io
import json
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FONTS = HERE.parent / "assets" / "fonts"
REGULAR, BOLD = FONTS / "SourceSans3-Regular.ttf", FONTS / "SourceSans3-Semibold.ttf"
POINTS = {"A": 4.0, "A-": 3.67, "B+": 3.33, "B": 3.0, "B-": 2.67, "C+": 2.33, "C": 2.0}
WIDTH, HEIGHT, MARGIN, COLUMN = 612.0, 792.0, 40.0, 257.0
NAVY, GREY, BLACK, TINT = (0.08, 0.17, 0.32), (0.34, 0.36, 0.42), (0.1, 0.12, 0.14), (0.92, 0.94, 0.96)

Colour = tuple[float, float, float]
Record = dict[str, Any]
Make = Callable[[Record], bytes]


def varied(base: Record, index: int) -> Record:
    """The `index`-th of many documents."""
    record = copy.deepcopy(base)
    record["student"]["id"] = f"2{index:06}"
    record["student"]["names"]["legal"]["given"] = f"Ingrid {chr(65 + index % 26)}."
    courses = [attempt for term in base["terms"] for attempt in term["attempts"]]
    turn = index * 7 % len(courses)
    order = iter(courses[turn:] + courses[:turn])
    for term in record["terms"]:
        term["attempts"] = [next(order) for _ in term["attempts"]]
    return record


def page(record: Record) -> Record:
    """What a page shows of a record: names joined, courses with their points, totals added up."""
    legal = record["student"]["names"]["legal"]
    running = dict.fromkeys(("attempted", "earned", "hours", "points"), 0.0)
    terms = []
    for term in record["terms"]:
        own, rows = dict.fromkeys(running, 0.0), []
        for attempt in term["attempts"]:
            credits, grade = float(attempt["credits"]), attempt["grade"]
            points = credits * POINTS[grade] if grade in POINTS else None
            own["attempted"] += 0 if grade == "W" else credits
            own["earned"] += 0 if grade == "W" else credits
            own["hours"] += 0 if points is None else credits
            own["points"] += points or 0
            course = attempt["course"]
            shown = "" if points is None else f"{points:.2f}"
            rows.append((f"{course['subject']} {course['number']}", course["title"], f"{credits:.2f}", grade, shown))
        running = {key: running[key] + own[key] for key in running}
        totals = [("Term", *_totals(own)), ("Cumulative", *_totals(running))]
        dates = f"{term['begins']} – {term['ends']}"
        terms.append(
            {"name": term["name"], "dates": dates, "rows": rows, "totals": totals, "standing": term["standing"]}
        )
    facts = [("Name", f"{legal['given']} {legal['family']}"), ("Student number", record["student"]["id"])]
    facts += [("Date of birth", "April 11"), ("Degree", record["awards"][0]["title"])]
    facts += [("Major", record["programs"][0]["name"]), ("Minor", record["programs"][1]["name"])]
    facts += [("Date issued", "June 1, 2026"), ("Document", f"T-2026-{record['student']['id']}")]
    notes = [
        "Att: credits attempted. Ern: credits earned. GPA hrs: credits counted in the GPA. Points: credits times the "
        "grade’s points. GPA: points divided by GPA hours; — where there are none.",
        "Courses graded P or W carry no quality points. Unit of credit: semester hour.",
        "This document is official only with its verification code.",
    ]
    scale = [(grade, f"{points:.2f}") for grade, points in POINTS.items()]
    overall = [("Overall", *_totals(running))]
    institution: Record = record["institution"]
    return institution | {"facts": facts, "terms": terms, "overall": overall, "notes": notes, "scale": scale}


def _totals(sums: dict[str, float]) -> tuple[str, ...]:
    gpa = f"{sums['points'] / sums['hours']:.2f}" if sums["hours"] else "—"
    return *(f"{sums[key]:.2f}" for key in ("attempted", "earned", "hours", "points")), gpa


class Pen(ABC):
    """One drawing for libraries that place text themselves; each says how it puts down text and rectangles."""

    @abstractmethod
    def text(
        self, x: float, y: float, bold: bool, size: float, colour: Colour, text: str, right: bool = False
    ) -> None: ...

    @abstractmethod
    def width(self, text: str, size: float) -> float: ...

    @abstractmethod
    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None: ...

    @abstractmethod
    def next_page(self) -> None: ...

    def table(
        self, x: float, y: float, head: tuple[str, ...], rows: list[tuple[str, ...]], stops: list[float]
    ) -> float:
        for title, stop in zip(head, stops, strict=False):
            self.text(x + abs(stop), y, False, 6.2, GREY, title, stop < 0)
        self.fill(x, y + 2.4, COLUMN, 0.4, GREY)
        for row in rows:
            y += 9.8
            for cell, stop in zip(row, stops, strict=False):
                if cell:
                    self.text(x + abs(stop), y, False, 7.7, BLACK, cell, stop < 0)
        return y + 4

    def term(self, x: float, y: float, term: Record) -> float:
        self.fill(x, y, COLUMN, 12.2, TINT)
        self.text(x + 4, y + 8.8, True, 8.2, NAVY, term["name"])
        self.text(x + COLUMN - 4, y + 8.8, False, 6.8, GREY, term["dates"], right=True)
        course, totals = [4.0, 52.0, -190.0, 198.0, -253.0], [4.0, -90.0, -130.0, -170.0, -215.0, -253.0]
        y = self.table(x, y + 21, ("Course", "Title", "Att", "Grade", "Points"), term["rows"], course)
        y = self.table(x, y + 8, ("Totals", "Att", "Ern", "GPA hrs", "Points", "GPA"), term["totals"], totals)
        self.text(x + 4, y + 6, False, 7.2, GREY, "Standing")
        self.text(x + 36, y + 6, False, 7.7, BLACK, term["standing"])
        return y + 18

    def wrapped(self, x: float, y: float, text: str) -> float:
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}".strip()
            if self.width(longer, 6.6) > COLUMN:
                self.text(x, y, False, 6.6, BLACK, line)
                y, longer = y + 8.4, word
            line = longer
        self.text(x, y, False, 6.6, BLACK, line)
        return y + 10

    def foot(self, page: Record, number: int) -> None:
        self.fill(MARGIN, 748, WIDTH - 2 * MARGIN, 0.4, GREY)
        self.text(
            MARGIN, 758, False, 6.8, GREY, f"Document {page['facts'][7][1]} · Verification code 0123-4567-89AB-CDEF"
        )
        self.text(WIDTH / 2 + 30, 758, False, 6.8, GREY, "Official")
        self.text(WIDTH - MARGIN, 758, False, 6.8, GREY, f"Page {number} of 2", right=True)

    def draw(self, page: Record) -> None:
        y: float
        right = MARGIN + COLUMN + 18
        self.text(MARGIN, 56, True, 21, NAVY, page["name"])
        for index, line in enumerate([*page["address"], page["phone"], page["email"], page["website"]]):
            self.text(WIDTH - MARGIN, 44 + 9 * index, False, 7.2, GREY, line, right=True)
        self.fill(MARGIN, 94, WIDTH - 2 * MARGIN, 1.6, NAVY)
        self.text(MARGIN, 114, True, 13, BLACK, "Official Academic Transcript")
        for index, (label, value) in enumerate(page["facts"]):
            x, y = (MARGIN if index % 2 == 0 else right), 130.0 + index // 2 * 11
            self.text(x, y, False, 7.4, GREY, label)
            self.text(x + 70, y, index == 0, 8, BLACK, value)
        for column, terms in ((MARGIN, page["terms"][:3]), (right, page["terms"][3:6])):
            y = 178.0
            for term in terms:
                y = self.term(column, y, term)
        self.foot(page, 1)
        self.next_page()
        self.text(MARGIN, 46, True, 7.8, NAVY, page["name"])
        self.text(WIDTH - MARGIN, 46, True, 7.8, NAVY, f"{page['facts'][0][1]} · {page['facts'][1][1]}", right=True)
        self.fill(MARGIN, 52, WIDTH - 2 * MARGIN, 0.8, NAVY)
        y = max(self.term(column, 66, term) for column, term in zip((MARGIN, right), page["terms"][6:], strict=True))
        self.table(
            MARGIN,
            y + 12,
            ("Totals", "Att", "Ern", "GPA hrs", "Points", "GPA"),
            page["overall"],
            [4, -90, -130, -170, -215, -253],
        )
        self.text(MARGIN, y + 60, True, 8, BLACK, page["registrar_name"])
        self.text(MARGIN, y + 69, False, 7.2, GREY, page["registrar_title"])
        y = self.table(right, y + 12, ("Grade", "Points"), page["scale"], [4, -60]) + 12
        for note in page["notes"]:
            y = self.wrapped(right, y, note)
        self.foot(page, 2)


def reportlab() -> tuple[Make, str]:
    import reportlab as library
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name, file in (("R", REGULAR), ("B", BOLD)):
        pdfmetrics.registerFont(TTFont(name, str(file)))

    class CanvasPen(Pen):
        def __init__(self, canvas: Canvas) -> None:
            self.canvas = canvas
            self.colour: Colour | None = None

        def _colour(self, colour: Colour) -> None:
            if colour != self.colour:
                self.canvas.setFillColorRGB(*colour)
                self.colour = colour

        def text(
            self, x: float, y: float, bold: bool, size: float, colour: Colour, text: str, right: bool = False
        ) -> None:
            self._colour(colour)
            self.canvas.setFont("B" if bold else "R", size)
            (self.canvas.drawRightString if right else self.canvas.drawString)(x, HEIGHT - y, text)

        def width(self, text: str, size: float) -> float:
            return float(pdfmetrics.stringWidth(text, "R", size))

        def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
            self._colour(colour)
            self.canvas.rect(x, HEIGHT - y - height, width, height, stroke=0, fill=1)

        def next_page(self) -> None:
            self.canvas.showPage()
            self.colour = None

    def make(shown: Record) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), pageCompression=1)
        canvas.setTitle("Official Academic Transcript")
        CanvasPen(canvas).draw(shown)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make, library.Version


def fpdf2() -> tuple[Make, str]:
    import logging

    import fpdf as library

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)

    class FpdfPen(Pen):
        def __init__(self, pdf: Any) -> None:
            self.pdf = pdf
            self.font: tuple[bool, float] | None = None

        def _font(self, bold: bool, size: float) -> None:
            if (bold, size) != self.font:
                self.pdf.set_font("B" if bold else "R", size=size)
                self.font = (bold, size)

        def text(
            self, x: float, y: float, bold: bool, size: float, colour: Colour, text: str, right: bool = False
        ) -> None:
            self._font(bold, size)
            self.pdf.set_text_color(*(round(255 * part) for part in colour))
            self.pdf.text(x - (self.pdf.get_string_width(text) if right else 0), y, text)

        def width(self, text: str, size: float) -> float:
            self._font(False, size)
            return float(self.pdf.get_string_width(text))

        def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
            self.pdf.set_fill_color(*(round(255 * part) for part in colour))
            self.pdf.rect(x, y, width, height, style="F")

        def next_page(self) -> None:
            self.pdf.add_page()
            self.font = None

    def make(shown: Record) -> bytes:
        # A font belongs to one document and is cut down in place when that is written: each loads its own.
        pdf = library.FPDF(unit="pt", format=(WIDTH, HEIGHT))
        for name, file in (("R", REGULAR), ("B", BOLD)):
            pdf.add_font(name, fname=str(file))
        pdf.set_auto_page_break(False)
        pdf.add_page()
        FpdfPen(pdf).draw(shown)
        return bytes(pdf.output())

    return make, library.__version__


HTML = """<!doctype html><html lang="en"><head><title>Official Academic Transcript</title></head><body>
<h1>{{ p.name }}</h1><p class="contact">{{ p.address|join("<br>") }}<br>{{ p.phone }}<br>{{ p.email }}</p>
<h2>Official Academic Transcript</h2>
<table class="facts">{% for pair in p.facts|batch(2) %}<tr>{% for k, v in pair %}<th>{{ k }}</th><td>{{ v }}</td>{% endfor %}</tr>
{% endfor %}</table><div class="columns">{% for t in p.terms %}<section><h3>{{ t.name }}<span>{{ t.dates }}</span></h3>
<table><tr><th>Course</th><th>Title</th><th class="r">Att</th><th>Grade</th><th class="r">Points</th></tr>{% for r in t.rows %}
<tr><td>{{ r[0] }}</td><td>{{ r[1] }}</td><td class="r">{{ r[2] }}</td><td>{{ r[3] }}</td><td class="r">{{ r[4] }}</td></tr>{% endfor %}</table>
<table><tr>{% for h in ("Totals", "Att", "Ern", "GPA hrs", "Points", "GPA") %}<th>{{ h }}</th>{% endfor %}</tr>{% for r in t.totals %}
<tr>{% for c in r %}<td>{{ c }}</td>{% endfor %}</tr>{% endfor %}</table><p>Standing {{ t.standing }}</p></section>{% endfor %}</div>
<table>{% for r in p.overall %}<tr>{% for c in r %}<td>{{ c }}</td>{% endfor %}</tr>{% endfor %}</table>
<table>{% for g, v in p.scale %}<tr><td>{{ g }}</td><td>{{ v }}</td></tr>{% endfor %}</table>
{% for n in p.notes %}<p>{{ n }}</p>{% endfor %}<p>{{ p.registrar_name }}<br>{{ p.registrar_title }}</p></body></html>"""
CSS = """@page { size: letter; margin: 40px; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 6.8pt S } }
@font-face { font-family: S; src: url("file://%s") } @font-face { font-family: S; font-weight: 600; src: url("file://%s") }
body { font: 7.7pt S } h1 { font-size: 21pt } h3 { font-size: 8.2pt; background: #ebf0f6; margin: 6pt 0 2pt } h3 span { float: right }
.columns { columns: 2; column-gap: 18pt } section { break-inside: avoid } table { width: 100%%; border-collapse: collapse }
th { font: 6.2pt S; text-align: left } .r { text-align: right }"""


def weasyprint() -> tuple[Make, str]:
    import jinja2
    import weasyprint as library
    from weasyprint.text.fonts import FontConfiguration

    template, fonts = jinja2.Environment(autoescape=False).from_string(HTML), FontConfiguration()
    css = library.CSS(string=CSS % (REGULAR, BOLD), font_config=fonts)

    def make(shown: Record) -> bytes:
        html = library.HTML(string=template.render(p=shown), base_url="/")
        return bytes(html.write_pdf(stylesheets=[css], font_config=fonts))

    return make, library.__version__


TYPST = """#let p = json(bytes(sys.inputs.page))
#set document(title: "Official Academic Transcript")
#set text(font: "Source Sans 3", size: 7.7pt, lang: "en")
#set page(width: 612pt, height: 792pt, margin: 40pt, footer: context text(6.8pt)[Official #h(1fr) Page #counter(page).display("1 of 1", both: true)])
#set table(stroke: none, inset: (x: 2pt, y: 2pt))
#let totals(rows) = table(columns: (1fr, auto, auto, auto, auto, auto), ..("Totals", "Att", "Ern", "GPA hrs", "Points", "GPA").map(h => text(6.2pt, h)), ..rows.flatten())
#let term(t) = block(breakable: false)[#block(fill: rgb("#ebf0f6"), width: 100%, inset: 3pt)[== #t.name #h(1fr) #t.dates]
  #table(columns: (48pt, 1fr, 28pt, 28pt, 34pt), ..("Course", "Title", "Att", "Grade", "Points").map(h => text(6.2pt, h)), ..t.rows.flatten())
  #totals(t.totals) Standing #t.standing]
#text(21pt)[#p.name] #h(1fr) #p.address.join(", ")
= Official Academic Transcript
#table(columns: (70pt, 1fr, 70pt, 1fr), ..p.facts.flatten())
#columns(2, gutter: 18pt)[#p.terms.map(term).join()]
#totals(p.overall)
#table(columns: 2, ..p.scale.flatten())
#p.notes.join(parbreak())

#p.registrar_name, #p.registrar_title
"""


def typst(standards: Any = ()) -> tuple[Make, str]:
    import importlib.metadata

    import typst as library

    folder = Path(tempfile.mkdtemp())
    (folder / "main.typ").write_text(TYPST, encoding="utf-8")
    fonts = library.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = library.Compiler(str(folder / "main.typ"), root=str(folder), font_paths=fonts)

    def make(shown: Record) -> bytes:
        inputs = {"page": json.dumps(shown)}
        made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=list(standards))
        return made if isinstance(made, bytes) else b""

    return make, importlib.metadata.version("typst")


PEERS: dict[str, Callable[[], tuple[Make, str]]] = {
    "reportlab": reportlab,
    "fpdf2": fpdf2,
    "weasyprint": weasyprint,
    "typst": typst,
    "typst a-3a": lambda: typst(("a-3a",)),
}


def main() -> None:
    peer, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    base = json.loads((HERE / "transcript.json").read_text(encoding="utf-8"))
    make, version = PEERS[peer]()
    shown = [page(varied(base, index)) for index in range(count)]
    first = make(shown[0])
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        size = sum(len(make(one)) for one in shown)
        best = min(best, (time.process_time() - began) / count)
    print(json.dumps({"peer": peer, "version": version, "seconds": best, "bytes": size // count, "first": len(first)}))


if __name__ == "__main__":
    main()
