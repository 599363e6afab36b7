"""The command line as a person uses it: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from registrary.cli import main


class Run(NamedTuple):
    status: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Run:
        try:
            status = main(arguments)
        except SystemExit as ended:  # argparse's way out.
            status = ended.code if isinstance(ended.code, int) else 1
        return Run(status, *capfd.readouterr())

    return command


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def assert_refused(run: Run, status: int, *words: str) -> None:
    """One line that says what, one that says what to do; nothing else, and no traceback."""
    assert run.status == status
    assert run.out == ""
    line, hint = run.err.splitlines()
    assert line.startswith("registrary: ")
    assert hint.startswith("  ")
    for word in words:
        assert word in run.err


def test_generate_one_file(run: Command) -> None:
    assert run("generate", "101", "-o", "a.pdf") == Run(0, "a.pdf\n", "")
    assert Path("a.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in Path().iterdir()] == ["a.pdf"]


def test_generate_several_into_a_new_folder(run: Command) -> None:
    done = run("generate", "101", "102", "101", "-o", "out", "--unofficial", "--issue-date", "2026-05-29")
    assert done == Run(0, f"{Path('out/transcript-101.pdf')}\n{Path('out/transcript-102.pdf')}\n", "")
    assert sorted(path.name for path in Path("out").iterdir()) == ["transcript-101.pdf", "transcript-102.pdf"]


def test_generate_tells_those_that_failed_and_makes_the_others(run: Command) -> None:
    done = run("generate", "101", "nobody", "-o", "out/")
    assert done.status == 1
    assert done.out == f"{Path('out/transcript-101.pdf')}\n"
    assert done.err.startswith("registrary: student nobody: ")
    assert "record-not-found" in done.err


def test_generate_to_stdout_is_the_pdf_and_nothing_else() -> None:
    command = [sys.executable, "-m", "registrary", "generate", "101", "-o", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.startswith(b"%PDF")
    assert done.stdout.rstrip().endswith(b"%%EOF")
    assert done.stderr == b""


def test_the_same_day_gives_the_same_bytes(run: Command) -> None:
    for name in ("a.pdf", "b.pdf"):
        run("generate", "102", "-o", name, "--issue-date", "2026-05-29")
    assert Path("a.pdf").read_bytes() == Path("b.pdf").read_bytes()


def test_batch_of_a_file(run: Command) -> None:
    Path("ids.txt").write_text("# the graduates\n101\n\n102\nnobody\n112\n101\n", encoding="utf-8")
    done = run("batch", "ids.txt", "-o", "out", "--failures", "again.txt")
    assert done.status == 1
    assert done.out.startswith("2 saved in out, 2 failed, ")
    assert "student nobody: " in done.err
    assert "student 112: " in done.err
    assert sorted(Path("again.txt").read_text(encoding="utf-8").split()) == ["112", "nobody"]
    assert len(list(Path("out").iterdir())) == 2


def test_batch_of_everyone(run: Command) -> None:
    done = run("batch", "--all", "-o", "out", "--unofficial")
    assert (done.status, done.err) == (0, "")
    saved = len(list(Path("out").iterdir()))
    assert saved >= 300
    assert done.out.startswith(f"{saved} saved in out, 0 failed, ")


def test_batch_of_nobody(run: Command) -> None:
    Path("ids.txt").write_text("# none yet\n", encoding="utf-8")
    assert_refused(run("batch", "ids.txt", "-o", "out"), 3, "no student id")


def test_show_json_is_the_published_record(run: Command, root: Path) -> None:
    schema = json.loads((root / "schemas" / "student-record.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.check_schema(schema)
    for student_id in range(101, 146):
        done = run("show", str(student_id), "--json")
        assert (done.status, done.err) == (0, "")
        record = json.loads(done.out)
        validator.validate(record)
        assert record["student"]["id"] == str(student_id)


def test_the_schema_refuses(run: Command, root: Path) -> None:
    schema = json.loads((root / "schemas" / "student-record.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    record = json.loads(run("show", "101", "--json").out)
    changes: list[Callable[[Any], object]] = [
        lambda r: r.pop("student"),
        lambda r: r.update(colour="green"),
        lambda r: r["terms"][0].update(designator="Fall"),
        lambda r: r["terms"][0]["attempts"][0].pop("credits"),
    ]
    for change in changes:
        broken = json.loads(json.dumps(record))
        change(broken)
        assert not validator.is_valid(broken)


def test_show_is_an_aligned_table(run: Command) -> None:
    done = run("show", "101")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["Student", "101"]
    heads = [line for line in lines if line.split()[:3] == ["Course", "Title", "Credits"]]
    assert len(heads) >= 2
    # Credits are right-aligned under their heading.
    at = lines.index(heads[0])
    end = heads[0].index("Credits") + len("Credits")
    assert lines[at + 1][end - 1].isdigit()
    assert lines[at + 1][end] == " "


def test_show_everyone(run: Command) -> None:
    for student_id in range(101, 146):
        done = run("show", str(student_id))
        assert (done.status, done.err) == (0, "")
        assert str(student_id) in done.out


def test_gpa(run: Command) -> None:
    done = run("gpa", "101")
    assert (done.status, done.err) == (0, "")
    evaluation = json.loads(run("gpa", "101", "--json").out)
    (level,) = evaluation["levels"]
    last = [line for line in done.out.splitlines() if line.split()[:1] == ["Overall"]][-1]
    assert last.split()[-1] == level["overall"]["gpa"]


def test_gpa_explained(run: Command) -> None:
    done = run("gpa", "101", "--explain")
    assert (done.status, done.err) == (0, "")
    (level,) = json.loads(run("gpa", "101", "--json").out)["levels"]
    printed = level["overall"]["gpa"]
    assert f"printed {printed}," in done.out.splitlines()[-1]
    term = level["terms"][0]["designator"]
    one = json.loads(run("gpa", "101", "--explain", "cumulative.gpa", "--term", term, "--json").out)
    (number,) = one["levels"][0]["numbers"]
    assert (number["number"], number["term"], one["figure"]) == ("cumulative", term, "gpa")
    assert number["figures"]["gpa"] == level["terms"][0]["cumulative"]["gpa"]
    assert run("gpa", "101", "--term", term).out.count("printed") == 2
    assert_refused(run("gpa", "101", "--explain", "nothing"), 3, "configuration")
    assert_refused(run("gpa", "101", "--level", "nothing"), 3, "configuration")


def test_gpa_without_hours_is_absent(run: Command) -> None:
    done = run("gpa", "120")
    overall = next(line for line in done.out.splitlines() if line.split()[:1] == ["Overall"])
    assert overall.split()[-1] == "-"


def test_sources_check(run: Command, closed_port: int) -> None:
    done = run("sources", "check")
    assert (done.status, done.err) == (0, "")
    assert done.out
    assert_refused(run("sources", "check", "--source", f"http://127.0.0.1:{closed_port}"), 4, "source-unavailable")


def test_unknown_student(run: Command) -> None:
    for command in (("generate", "nobody", "-o", "a.pdf"), ("show", "nobody"), ("gpa", "nobody")):
        assert_refused(run(*command), 1, "student nobody: ", "record-not-found")
    assert list(Path().iterdir()) == []


def test_hostile_id(run: Command) -> None:
    assert_refused(run("generate", "../../etc/passwd", "-o", "a.pdf"), 1, "record-not-found")
    assert_refused(run("generate", "a\x1b[2Jb", "-o", "a.pdf"), 3)


def test_unreachable_source(run: Command, closed_port: int) -> None:
    done = run("show", "101", "--source", f"http://127.0.0.1:{closed_port}")
    assert_refused(done, 4, "source-unavailable")
    done = run("generate", "1", "2", "-o", "out", "--source", f"http://127.0.0.1:{closed_port}")
    assert done.status == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("--source", "gopher://old"),
        ("--policy", "no-such-policy"),
        ("--policy", "broken.toml"),
        ("--theme", "no-such-theme"),
        ("--theme", "broken.toml"),
        ("--institution", "broken.toml"),
        ("--institution", "empty.toml"),
    ],
)
def test_wrong_configuration(run: Command, arguments: tuple[str, ...]) -> None:
    Path("broken.toml").write_text("scale = [", encoding="utf-8")
    Path("empty.toml").write_text("", encoding="utf-8")
    assert_refused(run("generate", "101", "-o", "a.pdf", *arguments), 3)
    assert not Path("a.pdf").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("generate",),
        ("batch", "-o", "out"),
        ("batch", "ids.txt", "--all", "-o", "out"),
        ("batch", "--all", "-o", "out", "--jobs", "0"),
        ("generate", "101", "--issue-date", "29.05.2026"),
        ("generate", "101", "--paper", "a5"),
        ("fly",),
    ],
)
def test_wrong_usage(run: Command, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("usage: registrary")


def test_one_file_cannot_hold_two(run: Command) -> None:
    Path("a.pdf").write_bytes(b"kept")
    assert_refused(run("generate", "101", "102", "-o", "a.pdf"), 3)
    assert_refused(run("generate", "101", "102", "-o", "-"), 3)
    assert Path("a.pdf").read_bytes() == b"kept"


def test_letterhead_and_paper(run: Command) -> None:
    Path("university.toml").write_text('name = "Øresund Akademi"\naddress = ["Kaj 1"]\n', encoding="utf-8")
    done = run("generate", "101", "-o", "a.pdf", "--institution", "university.toml", "--paper", "a4")
    assert done == Run(0, "a.pdf\n", "")
    assert "Øresund Akademi Kaj 1" in text_of(Path("a.pdf"))


def test_theme(run: Command) -> None:
    Path("own.toml").write_text('extends = "laurier"\n[institution]\nname = "Collège du Nord"\n', encoding="utf-8")
    assert run("generate", "101", "-o", "a.pdf", "--theme", "own.toml") == Run(0, "a.pdf\n", "")
    assert "Collège du Nord" in text_of(Path("a.pdf"))
    assert "Relevé de notes officiel" in text_of(Path("a.pdf"))


def text_of(path: Path) -> str:
    """The text of the first page."""
    pypdf = pytest.importorskip("pypdf")
    return str(pypdf.PdfReader(path).pages[0].extract_text()).strip()


def test_version_and_help(run: Command) -> None:
    assert run("--version").out.startswith("registrary 0.")
    assert "exit status: 0 all well" in run("--help").out


def test_output_that_nobody_reads() -> None:
    """`registrary show 123 | head -1` ends quietly."""
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-m", "registrary", "show", "123"], stdout=writer, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(writer)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_demo(run: Command) -> None:
    done = run("demo")
    assert (done.status, done.err) == (0, "")
    assert sorted(path.name for path in Path("out").iterdir()) == [f"transcript-{i}.pdf" for i in (101, 102, 103)]
    for word in ("Fetch", "Evaluate", "Render", "Save", "Verify", "registrary show 101", "confirmed as REG-"):
        assert word in done.out
    assert "\x1b" not in done.out


def test_demo_on_a_terminal_without_unicode(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "registrary", "demo", "-o", "out"]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    done.stdout.decode("ascii")
