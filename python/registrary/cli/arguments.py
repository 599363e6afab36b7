"""The arguments of every command, and which function each command runs."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import registrary
from registrary.cli import batch, generate, gpa, show, sources

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Run = Callable[[argparse.Namespace], int]

_EPILOG = """\
examples:
  registrary demo
  registrary generate 101 -o transcript-101.pdf
  registrary batch --all --source campus.db -o transcripts/
  registrary show 101 --json

Without --source the built-in sample campus answers (students 101, 102, 103, ...), and every page says SAMPLE.
exit status: 0 all well, 1 something failed, 2 usage, 3 configuration, 4 source unreachable
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="registrary",
        description="Student records into official academic transcripts.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"registrary {registrary.__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_add_demo, _add_generate, _add_batch, _add_gpa, _add_show, _add_sources):
        add(commands)
    return whole


def _add_demo(commands: _Commands) -> None:
    command = _command(commands, "demo", _run_demo, "three transcripts, all five stages, nothing to set up")
    command.add_argument("-o", "--out", type=Path, default=Path("out"), metavar="DIR", help="folder (default: out)")


def _run_demo(arguments: argparse.Namespace) -> int:
    # The demo brings an HTTP server along: imported by those who run it.
    from registrary.demo import run

    return run(arguments.out)


def _add_generate(commands: _Commands) -> None:
    command = _command(commands, "generate", generate.run, "transcripts of the students named")
    command.add_argument("ids", nargs="+", type=_text, metavar="ID", help="student id")
    command.add_argument(
        "-o",
        "--out",
        default=".",
        metavar="PATH",
        help="a file or - for stdout (one student), or a folder (default: this one)",
    )
    _add_source(command)
    _add_issue(command)


def _add_batch(commands: _Commands) -> None:
    command = _command(commands, "batch", batch.run, "transcripts of many students, with progress and a summary")
    whom = command.add_mutually_exclusive_group(required=True)
    whom.add_argument("ids", nargs="?", metavar="IDS", help="file with one student id a line, or - for stdin")
    whom.add_argument("--all", action="store_true", help="every student of the source")
    whom.add_argument("--query", type=_text, metavar="SQL", help="students that one SELECT gives, of a source with SQL")
    whom.add_argument("--orders", type=Path, metavar="CSV", help="orders: student, recipient, purpose, document")
    command.add_argument(
        "-o", "--out", type=_text, required=True, metavar="PLACE", help="folder for the PDFs, or s3://bucket/prefix"
    )
    command.add_argument("--manifest", type=Path, metavar="CSV", help="with --orders: write what came of each here")
    command.add_argument(
        "-j", "--jobs", type=_count, default=32, metavar="N", help="students in hand at once (default: 32)"
    )
    command.add_argument("--failures", type=Path, metavar="FILE", help="write the ids that failed here, to run again")
    command.add_argument(
        "--journal", type=Path, metavar="FILE", help="journal of the run; where it is there, the run goes on"
    )
    command.add_argument(
        "--name",
        type=_text,
        metavar="TEMPLATE",
        help="names of files, such as {term}/{student_id}.pdf (default: transcript-{student_id}.pdf)",
    )
    command.add_argument(
        "--shard", type=_shard, metavar="I/N", help="this process makes share I of N; each student is in one share"
    )
    _add_source(command)
    _add_issue(command)


def _add_gpa(commands: _Commands) -> None:
    command = _command(commands, "gpa", gpa.run, "a student's GPA by level and term, exact by the policy")
    command.add_argument("id", type=_text, metavar="ID", help="student id")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument(
        "--explain",
        nargs="?",
        const="",
        type=_text,
        metavar="NUMBER",
        help="the attempts, rules and arithmetic behind every number, or one such as cumulative.gpa",
    )
    command.add_argument("--term", type=_text, metavar="YYYY-MM", help="explain the numbers of this term alone")
    command.add_argument("--level", type=_text, metavar="LEVEL", help="explain the numbers of this level alone")
    _add_source(command)


def _add_show(commands: _Commands) -> None:
    command = _command(commands, "show", show.run, "a student's record as the source gives it")
    command.add_argument("id", type=_text, metavar="ID", help="student id")
    command.add_argument("--json", action="store_true", help="as JSON, exactly as an HTTP source answers")
    _add_source(command)


def _add_sources(commands: _Commands) -> None:
    command = commands.add_parser("sources", help="look at the source of records", description="Look at the source.")
    inner = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = _command(inner, "check", sources.run, "connect to the source and tell what is found")
    check.add_argument("--json", action="store_true", help="as JSON")
    _add_source(check)


def _command(commands: _Commands, name: str, run: Run, does: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
    command.set_defaults(run=run)
    return command


def _add_source(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("records and rules")
    group.add_argument(
        "--source",
        type=_text,
        metavar="URL",
        help="a SQLite file, registrary.toml, https://sis.example/api, or pesc:////srv/xml",
    )
    group.add_argument("--policy", type=_text, metavar="POLICY", help="a built-in policy's name or a TOML file")


def _add_issue(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("issuing")
    group.add_argument(
        "--theme", type=_text, metavar="THEME", help="a built-in theme's name (plain, crimson, laurier) or a TOML file"
    )
    group.add_argument("--institution", type=Path, metavar="TOML", help="letterhead: the institution as a TOML file")
    group.add_argument("--paper", choices=("letter", "a4"), help="paper size")
    group.add_argument("--issue-date", type=_date, metavar="YYYY-MM-DD", help="date of issue (default: today)")
    group.add_argument("--unofficial", action="store_true", help="mark as unofficial; holds do not keep it back")
    group.add_argument("--recipient", type=_text, metavar="TEXT", help="to whom it is issued, as printed")
    group.add_argument("--purpose", type=_text, metavar="TEXT", help="what for, as printed")
    group.add_argument(
        "--verify-with", type=_text, metavar="URL", help="verification service that confirms each transcript"
    )


def _text(text: str) -> str:
    """Bytes that are no text in this locale come as lone surrogates, which nothing may hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("not valid text in this locale's encoding") from None
    return text


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date is written YYYY-MM-DD") from None


def _shard(text: str) -> tuple[int, int]:
    number, slash, of = text.partition("/")
    if not slash or not all(part.isascii() and part.isdecimal() for part in (number, of)):
        raise argparse.ArgumentTypeError("a shard is written I/N, such as 2/8")
    if not 1 <= int(number) <= int(of) <= 10_000:
        raise argparse.ArgumentTypeError("I lies from 1 to N, N up to 10000")
    return int(number), int(of)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 10000")
    return int(text)
