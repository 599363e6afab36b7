"""An end-of-term run whose n-th write, sync or rename fails, for n = 1, 2, 3 … until none does: is anything lost?

    pip install . && python benchmarks/fail_nth.py [--students 4]

The system's own calls fail, below everything (a few lines of C, compiled by `cc` and loaded by LD_PRELOAD, count those
on files of the run): before they do anything, with half of it done, and after all of it, each with EIO.
After each failed run nothing is half-written under its name; one more run makes everything good: every PDF once, whole,
with the journal's digest. Exits with 1 otherwise. (`whatever_the_disk_refuses_the_next_run_makes_good` in
`tests/rust/service/batch.rs` does the same at the seam of the disk, in every `cargo test`.)
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import registrary

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static atomic_long seen;
static int due(const char *path) {
    const char *below = getenv("FAIL_BELOW");
    if (!below || strncmp(path, below, strlen(below))) return 0;
    if (atomic_fetch_add(&seen, 1) + 1 != atol(getenv("FAIL_AT"))) return 0;
    close(open(getenv("FAIL_TOLD"), O_CREAT | O_WRONLY, 0600));
    return 1 + atoi(getenv("FAIL_HOW"));
}
static int due_of(int file) {
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return due(path);
}
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL do { errno = EIO; return -1; } while (0)
ssize_t write(int file, const void *bytes, size_t count) {
    int how = due_of(file);
    if (how == 2) REAL(write)(file, bytes, count / 2);
    if (how == 3) REAL(write)(file, bytes, count);
    if (how) FAIL;
    return REAL(write)(file, bytes, count);
}
int fsync(int file) {
    int how = due_of(file);
    if (how == 3) REAL(fsync)(file);
    if (how) FAIL;
    return REAL(fsync)(file);
}
int fdatasync(int file) {
    int how = due_of(file);
    if (how == 3) REAL(fdatasync)(file);
    if (how) FAIL;
    return REAL(fdatasync)(file);
}
int rename(const char *from, const char *to) {
    int how = due(from);
    if (how == 3) REAL(rename)(from, to);
    if (how) FAIL;
    return REAL(rename)(from, to);
}
"""

RUN = """
import asyncio, sys, registrary
campus, out, journal, students = sys.argv[1:]
ids = range(101, 101 + int(students))
run = registrary.Registrar(campus).run_batch(
    ids, sink=out, journal=journal, name="{term}/{student_id}.pdf", official=False, concurrency=2
)
try:
    report = asyncio.run(run)
    print(report.saved + report.resumed)
except registrary.TranscriptError as error:
    print(error.code)
"""


def run(folder: Path, campus: Path, students: int, failing: dict[str, str]) -> str:
    (folder / "out").mkdir(exist_ok=True)
    given = [str(campus), str(folder / "out"), str(folder / "run.journal"), str(students)]
    command = [sys.executable, "-c", RUN, *given]
    ended = subprocess.run(
        command, env={**os.environ, **failing}, capture_output=True, text=True, timeout=100, check=True
    )
    return ended.stdout.strip()


def wrong_with(folder: Path, students: int | None) -> list[str]:
    """What is half-written; and with the number of students, what is lost or double."""
    files = {path.relative_to(folder / "out").as_posix(): path for path in folder.glob("out/**/*") if path.is_file()}
    faults = [
        "half-written" for name, path in files.items() if name[-4:] == ".pdf" and path.read_bytes()[-6:] != b"%%EOF\n"
    ]
    if students is not None:
        lines = [line.split(" ") for line in (folder / "run.journal").read_text(encoding="ascii").splitlines()]
        done = {line[5]: line[2] for line in lines if line[0] == "done"}
        if not len(done) == sum(line[0] == "done" for line in lines) == students == len(files):
            faults.append(f"{len(done)} done and {len(files)} files of {students}")
        faults += [
            "not as the journal says"
            for name, digest in done.items()
            if name not in files or hashlib.sha256(files[name].read_bytes()).hexdigest() != digest
        ]
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=4)
    options = parser.parse_args()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        source, shim, campus = (Path(scratch, name) for name in ("shim.c", "shim.so", "campus.db"))
        source.write_text(SHIM, encoding="ascii")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(source), "-ldl"], check=True)
        registrary.write_sample_campus(campus, students=300)
        for number, how in enumerate(("before", "halfway", "after")):
            at, told = 0, Path(scratch, "told")
            outcomes: dict[str, int] = {}
            while True:
                at += 1
                folder = Path(scratch, f"{how}-{at}")
                folder.mkdir()
                failing = {"LD_PRELOAD": str(shim), "FAIL_BELOW": str(folder), "FAIL_TOLD": str(told)}
                failing |= {"FAIL_AT": str(at), "FAIL_HOW": str(number)}
                outcome = run(folder, campus, options.students, failing)
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
                faults += wrong_with(folder, None)
                if run(folder, campus, options.students, {}) != str(options.students):
                    faults.append("the next run does not make it good")
                faults += wrong_with(folder, options.students)
                if not told.exists():
                    break
                told.unlink()
            print(f"{how}: {at - 1} calls failed, one in each run; those runs ended with {outcomes}", flush=True)
    print(f"{len(faults)} lost, double or half-written {sorted(set(faults)) or ''}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
