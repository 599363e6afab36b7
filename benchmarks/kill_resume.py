"""An end-of-term run killed with SIGKILL 200 times at random moments, then resumed once: is every document there once?

    pip install . && python benchmarks/kill_resume.py [--students 5000] [--kills 200] [--seed 7]

After every kill: what the journal calls done is there, and nothing done before was made again. At the end: every PDF
once, whole, with the journal's digest; as many serials as documents; no temporary file. Prints the verdict and exits
with 1 if anything was lost, double or half-written. (SIGKILL shows what processes do, not what disks do when the power
fails: for that, see `the_journal_is_never_ahead_of_the_files` in `tests/rust/service/batch.rs`.)
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import registrary

SMALLEST = 300

RUN = """
import asyncio, sys, registrary
registrar = registrary.Registrar(sys.argv[1])
report = asyncio.run(
    registrar.run_batch(sink=sys.argv[2], journal=sys.argv[3], name="{term}/{student_id}.pdf", official=False)
)
print(report.saved, report.resumed, report.failed)
"""


class Verdict:
    """What went wrong, told at once and counted."""

    def __init__(self) -> None:
        self.faults = 0

    def hold(self, so: bool, told: str) -> None:
        if not so:
            self.faults += 1
            print("FAULT:", told)


def lines(journal: Path, kind: str, words: int) -> list[list[str]]:
    """The journal's lines of a kind; a torn one has fewer words."""
    if not journal.exists():
        return []
    split = (line.split(" ") for line in journal.read_text(encoding="ascii", errors="replace").splitlines())
    return [line for line in split if line[0] == kind and len(line) == words]


def killed(command: list[str], journal: Path, chance: random.Random, step: int) -> bool:
    """Starts the run and kills it: at some moment of its start, or some documents later. False: it ended by itself."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0, 0.6))
    else:
        # Some 150 bytes a line: looking at the size alone disturbs nothing.
        wanted = (journal.stat().st_size if journal.exists() else 0) + chance.randrange(1, 150 * step)
        while process.poll() is None and (not journal.exists() or journal.stat().st_size < wanted):
            time.sleep(chance.uniform(0.0005, 0.004))
    if process.poll() is not None:
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.students < SMALLEST:
        parser.error(f"the sample campus has {SMALLEST} students or more")
    verdict, chance, began = Verdict(), random.Random(options.seed), time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        campus, out, journal = (Path(scratch, name) for name in ("campus.db", "out", "run.journal"))
        out.mkdir()
        registrary.write_sample_campus(campus, students=options.students)
        command = [sys.executable, "-c", RUN, str(campus), str(out), str(journal)]
        seen: dict[str, str] = {}
        kills = 0
        while kills < options.kills:
            # Half of this on average, and what is saved until the signal comes: something is left after the last kill.
            step = max(2, 2 * int((options.students - len(seen)) * 0.3 / (options.kills - kills)))
            if not killed(command, journal, chance, step):
                print(f"the run ended after {kills} kills: give more students")
                break
            kills += 1
            for _, key, digest, _, _, name, _ in lines(journal, "done", 7):
                verdict.hold(seen.setdefault(key, digest) == digest, "a document was made twice")
                verdict.hold((out / name).is_file(), "a document that was done is lost")
        reached = len(seen)
        last = subprocess.run(command, capture_output=True, text=True, check=True)
        check(verdict, out, journal, options.students)
    print(f"{options.students:,} documents, {kills} SIGKILLs; {reached:,} were done before the last resume")
    print(f"saved, resumed, failed in the last process: {last.stdout.strip()}")
    print(f"{verdict.faults} lost, double or half-written; {time.monotonic() - began:.0f} s")
    sys.exit(1 if verdict.faults else 0)


def check(verdict: Verdict, out: Path, journal: Path, students: int) -> None:
    """Everything is there once, whole, and as the journal says."""
    done, plan = lines(journal, "done", 7), lines(journal, "plan", 5)
    names = {name: digest for _, _, digest, _, _, name, _ in done}
    verdict.hold(len(done) == len(names) == len(plan) == students, f"{len(done)} done, {len(plan)} planned")
    verdict.hold(len({line[3] for line in plan}) == students, "a serial was given twice")
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    verdict.hold(files.keys() == names.keys(), f"{len(files)} files for {len(names)} documents")
    for name, digest in names.items():
        pdf = files[name].read_bytes() if name in files else b""
        verdict.hold(pdf.endswith(b"%%EOF\n"), "a document is half-written")
        verdict.hold(hashlib.sha256(pdf).hexdigest() == digest, "a document is not as the journal says")


if __name__ == "__main__":
    main()
