"""GPAs of millions of attempts: ours, numpy, pandas, polars, DuckDB and pyarrow at the same jobs, in one run.

    pip install '.[bench]' && python benchmarks/gpa.py [--rows 4000000] [--cases 0,1] [--rounds 7]
    python benchmarks/gpa.py --rows 40000000 --cases 0,1
    python benchmarks/gpa.py --exactness | --pace | --memory

Each library has the rows in its own form before the clock starts. After a warm-up they take turns, round by round; what
is printed is the median. A peer whose warm-up (the better of two calls) took more than three times the fastest peer's
is not asked again. All must come to the same totals, and ours to those of whole numbers. `read` is the share of the
memory's read bandwidth, measured here by all cores adding up a gigabyte, that ours needs to read each byte of the rows
once.
Libraries that are not installed are skipped by name; numpy and pyarrow, which make the rows, must be there.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gpa_checks
import numpy as np
import pyarrow as pa
from gpa_cases import CASES, SUMS, Case, exact_totals, figures, ours, table
from gpa_peers import available

CHUNK = 1_000
MOST_FOR_CHUNKS = 1.5


def say(line: str = "") -> None:
    """Prints at once: runs are long."""
    print(line, flush=True)


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what the job gave."""
    began = time.perf_counter()
    made = job()
    return time.perf_counter() - began, made


def read_bandwidth() -> float:
    """Bytes a second that all cores together read, adding up a gigabyte; the best of seven."""
    cores = os.cpu_count() or 1
    parts = np.array_split(np.ones(1 << 27, "i8"), cores)
    with ThreadPoolExecutor(cores) as pool:
        best = min(timed(lambda: list(pool.map(np.sum, parts)))[0] for _ in range(8))
    return (1 << 30) / best


def agree(a: dict[str, float], b: dict[str, float]) -> bool:
    """Whether two came to the same totals: the peers add up floats."""
    return all(abs(a[name] - b[name]) <= 2e-8 * max(1.0, abs(a[name])) for name in a)


def totals_of_ours(result: Any) -> dict[str, float]:
    """Exact sums as floats."""
    made = pa.table(result)
    return figures({name: made[name].cast(pa.float64()).to_numpy() for name in SUMS})


def measured(case: Case, rows: int, rounds: int, bandwidth: float, cache: dict[str, Any]) -> bool:
    """Runs one case and prints it; whether ours was right and fast enough."""
    data = table(case, rows, cache)
    say(f"\n{case.name}, {case.order}, {rows:,} rows, {data.nbytes / rows:.1f} bytes a row")
    own = ours(case)
    jobs: dict[str, Callable[[], Any]] = {"ours": lambda: own(data)}
    result = own(data)
    totals = totals_of_ours(result)
    right = True
    if case == CASES[0] or case == CASES[1]:
        right = rows > 4_000_000 or exact_totals(result, data, case)
        say(f"  totals of ours {'are' if right else 'ARE NOT'} those of whole numbers added up")
    del result
    warm: dict[str, float] = {}
    for kind in available(case, lambda line: say(f"  {line}")):
        peer = kind(case, data)
        first, made = timed(peer.run)
        if not agree(totals, figures(peer.columns(made))):
            right = False
            say(f"  {kind.name} DISAGREES: {figures(peer.columns(made))} against {totals}")
        del made
        # First calls are slower: whether it is worth asking again, the second tells.
        jobs[kind.name], warm[kind.name] = peer.run, min(first, timed(peer.run)[0])
    for name, once in warm.items():
        if once > 3 * min(warm.values()):
            del jobs[name]
            say(f"  {name:20} {once * 1e3:10.1f} ms in the warm-up")
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            took, made = timed(job)
            seconds[name].append(took)
            del made
    return _told(case, rows, data.nbytes, bandwidth, seconds) and right


def _told(case: Case, rows: int, size: int, bandwidth: float, seconds: dict[str, list[float]]) -> bool:
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    for name, median in sorted(medians.items(), key=lambda one: one[1]):
        best, worst = min(seconds[name]), max(seconds[name])
        spread = f"{best * 1e3:8.1f} to {worst * 1e3:.1f}"
        say(f"  {name:20} {median * 1e3:10.1f} ms {rows / median / 1e6:8.1f} M rows/s   {spread}")
    peers = {name: median for name, median in medians.items() if name != "ours"}
    read = size / medians["ours"] / bandwidth
    if not peers:
        say(f"  no peer to compare with; read {read:.0%}")
        return True
    rival = min(peers, key=lambda name: peers[name])
    ratio = peers[rival] / medians["ours"]
    enough = ratio >= case.must
    say(f"  {ratio:.1f} x {rival} (must: {case.must:g} x{'' if enough else ', MISSED'}); read {read:.0%}")
    return enough


def chunked(rows: int, rounds: int) -> bool:
    """One chunk against chunks of a thousand rows."""
    case = CASES[0]
    whole = table(case, rows, {})
    pieces = [batch for start in range(0, rows, CHUNK) for batch in whole.slice(start, CHUNK).to_batches()]
    many = pa.Table.from_batches(pieces)
    own = ours(case)
    jobs = {"one chunk": whole, f"chunks of {CHUNK:,}": many}
    same = totals_of_ours(own(whole)) == totals_of_ours(own(many))
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, data in jobs.items():
            seconds[name].append(timed(lambda data=data: own(data))[0])  # type: ignore[misc]
    one, other = (statistics.median(times) for times in seconds.values())
    say(f"\nchunks of {CHUNK:,} rows, by student, sorted, {rows:,} rows")
    ratio = f"{other / one:.2f} x (at most {MOST_FOR_CHUNKS} x)"
    say(f"  {one * 1e3:.1f} ms in one chunk, {other * 1e3:.1f} ms in {len(pieces):,}: {ratio}")
    return same and other <= MOST_FOR_CHUNKS * one


def main() -> int:
    """Runs what was asked for; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=4_000_000, help="a multiple of 40")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", help="their numbers, from 0; default: all, and the chunks")
    parser.add_argument("--exactness", action="store_true", help="a million terms against Python's fractions")
    parser.add_argument("--pace", action="store_true", help="how threads and event loops fare beside a call")
    parser.add_argument("--memory", action="store_true", help="the peak beyond the rows")
    parser.add_argument("--peak", choices=("sorted", "shuffled"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peak:
        return gpa_checks.peak(asked.peak, asked.rows)
    checks: dict[str, Callable[[int], bool]] = {
        "exactness": gpa_checks.exactness,
        "pace": gpa_checks.pace,
        "memory": gpa_checks.memory,
    }
    wanted = [check for name, check in checks.items() if getattr(asked, name)]
    if wanted:
        passed = [check(asked.rows) for check in wanted]
        return 0 if all(passed) else 1
    bandwidth = read_bandwidth()
    say(f"{os.cpu_count()} cores; all together read {bandwidth / 1e9:.1f} GB a second")
    chosen = range(len(CASES)) if asked.cases is None else [int(number) for number in asked.cases.split(",")]
    # Cases of one order come together: their numbers are drawn once.
    cases = sorted((CASES[number] for number in chosen), key=lambda case: case.order, reverse=True)
    cache: dict[str, Any] = {}
    passed = [measured(case, asked.rows, asked.rounds, bandwidth, cache) for case in cases]
    cache.clear()
    if asked.cases is None:
        passed.append(chunked(asked.rows, asked.rounds))
    say(f"\n{sum(passed)} of {len(passed)} passed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
