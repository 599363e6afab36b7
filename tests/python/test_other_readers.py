"""Other tools open every kind of document without complaint, take the record out, and save files that still give it."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

import registrary
from pixels import png

DAY = datetime.date(2026, 6, 15)
RECORD = "student-record.json"
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "french": {"language": "fr", "paper": "a4", "columns": 1},
    "crimson": {"theme": "crimson"},
    "laurier": {"theme": "laurier"},
    "pictures": {"theme": {"pictures": {"seal": png(), "seal_alternative": "Seal"}}},
}
# Ways in which qpdf writes a file anew: tables of either kind, streams packed or not, in the order of reading.
SAVED = {
    "tables": ["--object-streams=disable"],
    "streams": ["--object-streams=generate", "--recompress-flate", "--compression-level=9"],
    "open": ["--qdf", "--object-streams=disable"],
    "linear": ["--linearize"],
    "unpacked": ["--stream-data=uncompress", "--object-streams=generate"],
}


def document(student: int = 107, **look: Any) -> bytes:
    return registrary.generate_transcript_sync(student, official=False, issue_date=DAY, **look)


def qpdf(*arguments: str | Path) -> None:
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not on the PATH; Debian's package is qpdf")
    done = subprocess.run(["qpdf", *arguments], capture_output=True, text=True, check=False, timeout=60)
    # 3 is a warning, and none is wanted either.
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("look", LOOKS)
def test_qpdf_finds_nothing_to_mend(look: str, tmp_path: Path) -> None:
    for student in (101, 107, 131, 150, 200):
        path = tmp_path / f"{student}.pdf"
        path.write_bytes(document(student, **LOOKS[look]))
        qpdf("--check", path)
        # Each attachment's bytes, unpacked by qpdf.
        qpdf(path, f"--show-attachment={RECORD}")


@pytest.mark.parametrize("look", LOOKS)
def test_pikepdf_takes_out_the_record(look: str) -> None:
    made = registrary.produce_transcript(
        registrary.extract_record(document()), official=False, issue_date=DAY, **LOOKS[look]
    )
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert list(pdf.attachments) == [RECORD]
        taken = json.loads(pdf.attachments[RECORD].get_file().read_bytes())
    assert taken == registrary.extract_record(made.pdf).to_dict() == made.record.to_dict()


@pytest.mark.parametrize("way", SAVED)
def test_a_file_saved_by_qpdf_gives_its_record(way: str, tmp_path: Path) -> None:
    made, saved = tmp_path / "made.pdf", tmp_path / "saved.pdf"
    made.write_bytes(document())
    qpdf(*SAVED[way], made, saved)
    assert saved.read_bytes() != made.read_bytes()
    assert registrary.extract_record(saved.read_bytes()) == registrary.extract_record(made.read_bytes())


def test_a_file_saved_by_pypdf_and_by_pikepdf_gives_its_record() -> None:
    made = document()
    again = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(made)).write(again)
    # Changes added to the end, after the file as it was.
    added = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(made), incremental=True)
    writer.add_metadata({"/Note": "filed"})
    writer.write(added)
    assert added.getvalue().startswith(made)
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pdf.save(kept, compress_streams=False)
    for saved in (again, added, kept):
        assert saved.getvalue() != made
        assert registrary.extract_record(saved.getvalue()) == registrary.extract_record(made)
