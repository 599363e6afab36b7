"""A run of 100,000 is taken up again without work on the threads that wait for I/O: whatever else runs there waits."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import registrary

STUDENTS = 100_000

# Tells what the thread that waits for I/O used of the CPU, and all threads together, while a run was taken up again.
# It is the first thread of the runtime, which has no other before its first call for a file.
RESUMED = """
import asyncio, os, sys, registrary
registrary.configure(workers=1)
campus, out, journal, count = sys.argv[1:]

def used(thread):
    fields = open(f"/proc/self/task/{thread}/stat").read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])

async def main():
    before = set(os.listdir("/proc/self/task"))
    await registrary.Registrar({}).student_ids()
    await registrary.Registrar().check_source()
    names = {int(t): open(f"/proc/self/task/{t}/comm").read() for t in set(os.listdir("/proc/self/task")) - before}
    worker = min(thread for thread, name in names.items() if name.startswith("registrary-io"))
    everyone = sum(os.times()[:2])
    start = used(worker)
    registrar = registrary.Registrar(campus)
    ids = [str(number) for number in range(101, 101 + int(count))]
    report = await registrar.run_batch(
        ids, sink=out, journal=journal, official=False, keep_documents=True
    )
    ticks = os.sysconf("SC_CLK_TCK")
    print(report.resumed, len(report.documents), (used(worker) - start) / ticks, sum(os.times()[:2]) - everyone)
asyncio.run(main())
"""


def line(body: str) -> str:
    return f"{body} {zlib.crc32(body.encode()):08x}\n"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are looked at in /proc, which only Linux has")
@pytest.mark.timeout(300)
def test_a_long_run_is_taken_up_again_off_the_workers(tmp_path: Path) -> None:
    campus, out, journal = tmp_path / "campus.db", tmp_path / "out", tmp_path / "run.journal"
    out.mkdir()
    registrary.write_sample_campus(campus, students=300)
    command = [sys.executable, "-c", RESUMED, str(campus), str(out), str(journal)]
    # The head of a journal is of the run's own settings; its plan and its documents are written here.
    subprocess.run([*command, "1"], check=True, capture_output=True, timeout=100)
    head = journal.read_text(encoding="ascii").partition("plan ")[0]
    ids = [str(number) for number in range(101, 101 + STUDENTS)]
    plan = "".join(line(f"plan {student} {student} S-{student}") for student in ids)
    digest = "0f" * 32
    done = "".join(line(f"done {student} {digest} 40000 3 transcript-{student}.pdf") for student in ids)
    journal.write_text(head + plan + line("commit 0") + done + line("commit 1"), encoding="ascii")
    told = subprocess.run([*command, str(STUDENTS)], check=True, capture_output=True, text=True, timeout=200)
    resumed, documents, worker, everyone = told.stdout.split()
    assert (int(resumed), int(documents)) == (STUDENTS, STUDENTS)
    # Of seconds of work, the worker's share is that of waking others up.
    assert float(everyone) > 0.1
    assert float(worker) <= 0.1 * float(everyone), told.stdout
