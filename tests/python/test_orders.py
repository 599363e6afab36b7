"""Orders in, documents and their answers out; and transcripts of the terms that are paid."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

import registrary
from registrary.cli import main

ORDERS = """order_id,student_id,document,recipient,purpose,unpaid_terms,answered_holds
O-1,101,,"Graduate School, Example University",Admission,,
O-2,101,transcript,An employer,,,
O-3,101,enrollment,A landlord,,,
O-4,999999,transcript,,,,
O-5,112,transcript,,,,
=O-6,102,Transcript,,,,
-O-7,-1,,,,,
+O-8,+1,,,,,
@O-9,@1,,,,,
"""


def responses(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


def text_of(pdf: bytes | Path) -> str:
    reader = pypdf.PdfReader(pdf if isinstance(pdf, Path) else io.BytesIO(pdf))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_order_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked, manifest, out = tmp_path / "orders.csv", tmp_path / "responses.csv", tmp_path / "out"
    asked.write_text(ORDERS, encoding="utf-8")
    journal = tmp_path / "run.journal"
    command = ["batch", "--orders", str(asked), "--manifest", str(manifest), "-o", str(out), "--journal", str(journal)]
    assert main(command) == 1
    assert capsys.readouterr().out.startswith(f"4 saved in {out}, 5 failed")
    answers = responses(manifest)
    # A spreadsheet must not take an id for a formula.
    assert list(answers) == ["O-1", "O-2", "O-3", "O-4", "O-5", "'=O-6", "'-O-7", "'+O-8", "'@O-9"]
    assert [answers[key]["student_id"] for key in ("'-O-7", "'+O-8", "'@O-9")] == ["'-1", "'+1", "'@1"]
    told = {key: (row["status"], row["code"]) for key, row in answers.items()}
    assert told["O-4"] == ("failed", "record-not-found")
    assert told["O-5"] == ("held", "hold")
    done = [row for row in answers.values() if row["status"] == "done"]
    assert len(done) == 4
    assert len({row["serial"] for row in done}) == 4
    for row in done:
        pdf = (out / row["file"]).read_bytes()
        assert hashlib.sha256(pdf).hexdigest() == row["sha256"]
        assert len(pdf) == int(row["bytes"])
        assert len(pypdf.PdfReader(out / row["file"]).pages) == int(row["pages"])
        assert row["serial"] in text_of(out / row["file"])
    assert "Graduate School, Example University" in " ".join(text_of(out / answers["O-1"]["file"]).split())
    assert "landlord" in text_of(out / answers["O-3"]["file"])
    # Run again, nothing is made twice and the answers stay what they were.
    first = manifest.read_bytes()
    assert main(command) == 1
    assert "0 saved" in capsys.readouterr().out
    assert manifest.read_bytes() == first


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"order_id,student_id\n", "no order"),
        (b"student_id\n101\n", "column order_id is missing"),
        (b"order_id,student_id,grade\n1,101,A\n", "1 columns are none of"),
        (b"order_id,student_id,student_id\n1,101,101\n", "student_id is there twice"),
        (b"order_id,student_id\n1,101\n1,102\n", "line 3 has the order_id of line 2"),
        (b"order_id,student_id\n1,101,x\n", "line 2 has 3 cells"),
        (b'order_id,student_id\n1,"101\n', "line 2: unexpected end of data"),
        (b'order_id,student_id\n1,"10"1\n', "line 2: "),
        (b"order_id,student_id\n1,M\xfcller\n", "line 2 is not UTF-8"),
        (b"order_id,student_id,document\n1,101,diploma\n", "line 2: document is none of"),
        (b"order_id,student_id,unpaid_terms\n1,101,Spring\n", "line 2: unpaid_terms"),
        (b"order_id,student_id,document,unpaid_terms\n1,101,degree,2026-01\n", "left out of a transcript only"),
        (b"order_id,student_id,answered_holds\n1,101,BURSAR\n", "without unpaid_terms"),
        (b"order_id,student_id\n1,101\0\n", "NUL"),
    ],
)
def test_what_cannot_be_an_order_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(registrary.ConfigurationError, match=told):
        registrary.read_orders(content)


def test_every_problem_of_a_file_is_listed() -> None:
    content = "order_id,student_id,document\n1,,x\n2,101,\n3,101,y\n" + "4,101,z\n" * 30
    with pytest.raises(registrary.ConfigurationError) as caught:
        registrary.read_orders(content.encode())
    message = str(caught.value)
    assert "line 2: student_id" in message
    assert "line 4: document" in message
    assert "and 12 more" in message
    assert "line 3" not in message


def test_orders_of_ones_own_and_what_is_no_order(tmp_path: Path) -> None:
    orders = [registrary.Order(order_id="A", student_id="101"), registrary.Order(order_id="B", student_id="101")]
    report = asyncio.run(registrary.Registrar().fill_orders(orders, sink=tmp_path))
    assert report.complete
    assert report.documents.keys() == {"A", "B"}
    assert "101" not in repr(orders)
    with pytest.raises(TypeError):
        asyncio.run(registrary.Registrar().fill_orders(["101"], sink=tmp_path))  # type: ignore[list-item]
    with pytest.raises(registrary.ConfigurationError, match="several orders"):
        asyncio.run(registrary.Registrar().fill_orders(orders, sink=tmp_path, name="{student_id}.pdf"))
    twice = [orders[0], orders[0]]
    with pytest.raises(registrary.ConfigurationError, match="same id"):
        asyncio.run(registrary.Registrar().fill_orders(twice, sink=tmp_path))


@pytest.fixture
def held() -> dict[str, Any]:
    """A student with a hold and two terms or more."""
    record = asyncio.run(registrary.Registrar().fetch_record(112)).to_dict()
    assert record["holds"]
    assert len(record["terms"]) > 1
    return {**record, "sample": False}


def test_a_partial_transcript_says_so_and_counts_what_it_shows(held: dict[str, Any]) -> None:
    unpaid = held["terms"][-1]["designator"]
    codes = [hold["code"] for hold in held["holds"]]
    registrar = registrary.Registrar({"112": held})
    with pytest.raises(registrary.HoldError):
        registrar.generate_transcript_sync("112")
    whole = asyncio.run(registrar.issue_transcript("112", official=False))
    partial = asyncio.run(registrar.issue_transcript("112", unpaid_terms=[unpaid], answered_holds=codes))
    pages = pypdf.PdfReader(io.BytesIO(partial.pdf)).pages
    assert all("Partial" in page.extract_text() for page in pages)
    text = " ".join(text_of(partial.pdf).split())
    assert "This is a partial transcript." in text
    assert "PARTIAL" in text
    assert "partial transcript" not in text_of(whole.pdf)
    data = registrary.extract_record(partial.pdf).to_dict()
    assert data["partial"] is True
    assert [term["designator"] for term in data["terms"]] == [
        term["designator"] for term in held["terms"] if term["designator"] != unpaid
    ]
    assert "holds" not in data
    assert "partial" not in registrary.extract_record(whole.pdf).to_dict()
    # The printed GPA is that of the printed terms, as if there were no others.
    rest = {**held, "holds": [], "terms": [t for t in held["terms"] if t["designator"] != unpaid]}
    expected = registrary.evaluate(rest, policy=registrar.policy)
    assert partial.evaluation.to_dict() == expected.to_dict()
    assert partial.evaluation.to_dict() != whole.evaluation.to_dict()


def test_a_partial_transcript_answers_only_what_it_is_said_to_answer(held: dict[str, Any]) -> None:
    unpaid = held["terms"][-1]["designator"]
    registrar = registrary.Registrar({"112": held})
    with pytest.raises(registrary.HoldError):
        registrar.generate_transcript_sync("112", unpaid_terms=[unpaid], answered_holds=["LIBRARY-OTHER"])
    with pytest.raises(registrary.RenderError, match="unpaid"):
        registrar.generate_transcript_sync("112", unpaid_terms=["1999-01"])
    wrong_ones: list[dict[str, Any]] = [{"unpaid_terms": ["Spring"]}, {"unpaid_terms": []}, {"answered_holds": ["X"]}]
    for wrong in wrong_ones:
        with pytest.raises(registrary.ConfigurationError):
            registrar.generate_transcript_sync("112", **wrong)
    with pytest.raises(registrary.ConfigurationError, match="transcript only"):
        asyncio.run(registrar.verify_degree("112", unpaid_terms=[unpaid]))
