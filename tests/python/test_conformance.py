"""Every document is PDF/A-3a and PDF/UA-1: veraPDF, the reference validator, says so, and catches broken copies."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

import registrary
from pixels import png
from verapdf import FLAVOURS, Validator
from writing import DROID, NAMED, NOTO, SHIPPED, record

THEMES = ("plain", "crimson", "laurier")
DAY = datetime.date(2026, 6, 15)
# Held ones among them, and each of the campus' showpieces.
STUDENTS: list[int] = [*range(101, 121), 131, 150, 177, 200, 301]


def documents(root: Path) -> dict[str, bytes]:
    """Transcripts on both papers and in both languages; of each theme a transcript, a certificate and an enrolment
    verification, two with pictures among them; one made of a PESC document."""
    french: dict[str, Any] = {"language": "fr", "paper": "a4", "columns": 1}
    plain: dict[str, Any] = {"official": False, "issue_date": DAY}
    made = {}
    for student in STUDENTS:
        made[f"letter-{student}"] = registrary.generate_transcript_sync(student, **plain)
        made[f"french-{student}"] = registrary.generate_transcript_sync(student, **plain, **french)
    looks: dict[str, dict[str, Any]] = {"letter": {}, "french": french}
    looks["pictures"] = {"theme": root / "examples" / "theme" / "erables.toml"}
    looks["pixels"] = {"theme": {"pictures": {"seal": png(), "seal_alternative": "Seal"}}}
    looks |= {f"{theme}-{paper}": {"theme": theme, "paper": paper} for theme in THEMES for paper in ("letter", "a4")}
    for name, options in looks.items():
        made[f"transcript-{name}"] = registrary.generate_transcript_sync(107, **plain, **options)
        degree = asyncio.run(registrary.verify_degree(graduate(), issue_date=DAY, **options))
        made[f"certificate-{name}"] = degree.pdf
        enrolled = asyncio.run(registrary.verify_enrollment(101, full_time=12, issue_date=DAY, **options))
        made[f"enrolment-{name}"] = enrolled.pdf
    pesc = registrary.read_pesc(root / "tests" / "pesc" / "release-1-8.xml")
    for script, (name, title) in {**SHIPPED, **NAMED}.items():
        fonts = [font for font in (DROID, NOTO) if font.is_file()]
        if script in SHIPPED or NOTO in fonts:
            transcript = registrary.produce_transcript(record(name, title), fonts=fonts, **plain)
            made[f"script-{script}"] = transcript.pdf
    made["pesc"] = registrary.produce_transcript(pesc, **plain).pdf
    return made


def graduate() -> registrary.StudentKey:
    """The first student of the campus whose degree is conferred."""
    for student in STUDENTS:
        record = registrary.extract_record(registrary.generate_transcript_sync(student, official=False))
        conferred = [award.get("conferred") for award in record.to_dict().get("awards", [])]
        if any(day is not None and day <= DAY.isoformat() for day in conferred):
            return student
    raise AssertionError("the sample campus has graduates")


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, content in files.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return sorted(folder.glob("*.pdf"))


@pytest.mark.timeout(600)
def test_every_document_keeps_both_standards(validator: Validator, root: Path, tmp_path: Path) -> None:
    files = written(tmp_path, documents(root))
    assert len(files) >= 2 * len(STUDENTS) + len(SHIPPED) + 3 * (4 + 2 * len(THEMES)) + 1
    for flavour in FLAVOURS:
        broken = {name: rules for name, rules in validator.broken_rules(flavour, files).items() if rules}
        assert not broken


# Ways to break a sound file, each with the standard that must notice.


def elements(pdf: pypdf.PdfWriter, *roles: str) -> list[DictionaryObject]:
    found = []
    for index in range(len(pdf._objects)):
        thing = pdf._objects[index]
        if isinstance(thing, DictionaryObject) and thing.get("/S") in roles and "/P" in thing:
            found.append(thing)
    assert found
    return found


def fonts(pdf: pypdf.PdfWriter) -> list[DictionaryObject]:
    named: Any = pdf.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    whole = [font.get_object() for font in named.values()]
    return [font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font for font in whole]


def no_language(pdf: pypdf.PdfWriter) -> None:
    del pdf.root_object["/Lang"]


def no_title_shown(pdf: pypdf.PdfWriter) -> None:
    del pdf.root_object["/ViewerPreferences"]


def no_intent(pdf: pypdf.PdfWriter) -> None:
    del pdf.root_object["/OutputIntents"]


def no_relationship(pdf: pypdf.PdfWriter) -> None:
    file: Any = pdf.root_object["/AF"][0].get_object()  # type: ignore[index]
    del file["/AFRelationship"]


def no_alternative(pdf: pypdf.PdfWriter) -> None:
    for figure in elements(pdf, "/Figure"):
        del figure["/Alt"]


def no_scope(pdf: pypdf.PdfWriter) -> None:
    for header in elements(pdf, "/TH"):
        del header["/A"]


def skipped_heading(pdf: pypdf.PdfWriter) -> None:
    elements(pdf, "/H2")[0][NameObject("/S")] = NameObject("/H4")


def font_not_embedded(pdf: pypdf.PdfWriter) -> None:
    descriptor: Any = fonts(pdf)[0]["/FontDescriptor"]
    del descriptor["/FontFile2"]


def wrong_width(pdf: pypdf.PdfWriter) -> None:
    font: Any = fonts(pdf)[0]
    font[NameObject("/Widths")] = ArrayObject(NumberObject(int(width) + 90) for width in font["/Widths"])


def untagged_text(pdf: pypdf.PdfWriter) -> None:
    page = pdf.pages[0]
    content = page["/Contents"].get_data()  # type: ignore[attr-defined]
    # The marks around the first text go, the text stays.
    bare = DecodedStreamObject()
    bare.set_data(re.sub(rb"/\w+<</MCID 0>>BDC\n(.*?)EMC\n", rb"\1", content, count=1, flags=re.DOTALL))
    assert bare.get_data() != content
    page[NameObject("/Contents")] = pdf._add_object(bare)


def not_marked(pdf: pypdf.PdfWriter) -> None:
    del pdf.root_object["/MarkInfo"]


def no_metadata(pdf: pypdf.PdfWriter) -> None:
    del pdf.root_object["/Metadata"]


def untouched(pdf: pypdf.PdfWriter) -> None:
    """What pypdf alone makes of a sound file."""


BREAKS: dict[Callable[[pypdf.PdfWriter], None], set[str]] = {
    no_language: {"ua1"},
    no_title_shown: {"ua1"},
    no_intent: {"3a"},
    no_relationship: {"3a"},
    no_alternative: {"ua1"},
    no_scope: {"ua1"},
    skipped_heading: {"ua1"},
    font_not_embedded: {"3a", "ua1"},
    wrong_width: {"3a", "ua1"},
    untagged_text: {"ua1"},
    not_marked: {"3a", "ua1"},
    no_metadata: {"3a", "ua1"},
    untouched: set(),
}


@pytest.mark.timeout(600)
def test_each_broken_copy_is_caught(validator: Validator, root: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.pdf"
    pictures = root / "examples" / "theme" / "erables.toml"
    sound.write_bytes(registrary.generate_transcript_sync(101, issue_date=DAY, theme=pictures))
    copies = tmp_path / "copies"
    copies.mkdir()
    for break_it in BREAKS:
        pdf = pypdf.PdfWriter(clone_from=sound)
        break_it(pdf)
        pdf.write(copies / f"{break_it.__name__}.pdf")
    files = sorted(copies.glob("*.pdf"))
    caught: dict[str, set[str]] = {path.stem: set() for path in files}
    for flavour in FLAVOURS:
        for name, rules in validator.broken_rules(flavour, files).items():
            if rules:
                caught[name].add(flavour)
    assert caught == {break_it.__name__: flavours for break_it, flavours in BREAKS.items()}
