"""How soon Ctrl-C ends a call over millions of rows, at random moments of every way that the work can go.

    pip install '.[bench]' && python benchmarks/interrupt.py [--rows 20000000] [--moments 20] [--cases 0,4]

Each way is called twice to see how long it lasts; then a SIGINT is sent at so many random moments of further calls,
and the clock runs from just before it is sent until KeyboardInterrupt is in the caller's hands. At most 100 ms.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from gpa_cases import Case, table

import registrary
from registrary.demo import attempts as demo

MOST = 0.100


class Way(NamedTuple):
    """A way that the work can go. ``rules`` are the policy's for repeats."""

    name: str
    case: Case
    rules: dict[str, Any] | None = None


LAST = {"counts": "last"}
CAPPED = {"counts": "last", "old_at_most": "D+", "cap": {"credits": 12}}
WAYS = [
    Way("sums, sorted", Case("", "sorted", 0)),
    Way("sums, shuffled", Case("", "shuffled", 0)),
    Way("sums, text ids and grades", Case("", "shuffled", 0, ids="text", grades="texts")),
    Way("sums by term of hashed ids: millions of groups are sorted", Case("", "shuffled", 0, ids="hash", by_term=True)),
    Way("repeats, course by course, sorted", Case("", "sorted", 0, repeats=True), LAST),
    Way("repeats, course by course, shuffled", Case("", "shuffled", 0, repeats=True), LAST),
    Way("whole students (a cap), sorted", Case("", "sorted", 0, repeats=True), CAPPED),
    Way("whole students (a cap), shuffled", Case("", "shuffled", 0, repeats=True), CAPPED),
    Way("whole students by term, hashed ids", Case("", "shuffled", 0, ids="hash", by_term=True, repeats=True), CAPPED),
]


def job(way: Way, rows: int, cache: dict[str, Any]) -> Callable[[], Any]:
    """The call, its table made."""
    data = table(way.case, rows, cache)
    policy = demo.policy()
    if way.rules is not None:
        policy["repeats"] = {**way.rules, "pass_replaces_letter": True, "letter_replaces_pass": True}
    options: dict[str, Any] = {"policy": registrary.Policy.from_dict(policy), "excluded": "excluded"}
    options["by"] = ("student", "term") if way.case.by_term else "student"
    if way.case.by_term or way.rules is not None:
        options["term"] = "term"
    if way.rules is not None:
        options["course"] = "course"
    return lambda: registrary.calculate_gpas(data, **options)


def interrupted(call: Callable[[], Any], after: float) -> float | None:
    """Seconds from the signal, sent so many seconds after the call began, to its end; none for a call that was over."""
    sent: list[float] = []

    def send() -> None:
        time.sleep(after)
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    sender = threading.Thread(target=send)
    over = False
    try:
        sender.start()
        call()
        over = True
        sender.join(60)
        time.sleep(0.1)
    except KeyboardInterrupt:
        ended = time.perf_counter()
    sender.join(60)
    return None if over else ended - sent[0]


def measured(way: Way, rows: int, moments: int, draw: random.Random, cache: dict[str, Any]) -> float:
    """Prints how soon calls ended; the latest of them in seconds."""
    call = job(way, rows, cache)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    late = []
    for _ in range(moments):
        gc.collect()
        ended = interrupted(call, draw.uniform(0, min(seconds)))
        if ended is not None:
            late.append(ended)
    worst = max(late, default=0.0)
    told = (
        f"{statistics.median(late) * 1e3:6.1f} ms in the median, {worst * 1e3:6.1f} at worst"
        if late
        else "never in time"
    )
    missed = ", MISSED" if worst > MOST else ""
    print(f"{way.name:58} {min(seconds) * 1e3:8.0f} ms a call; {len(late)} ended: {told}{missed}", flush=True)
    return worst


def main() -> int:
    """Runs what was asked for; 1 when a call lasted too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000, help="a multiple of 40")
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--cases", help="their numbers, from 0; default: all")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    # Where the shell started this in the background, SIGINT would be ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    draw = random.Random(asked.seed)
    chosen = range(len(WAYS)) if asked.cases is None else [int(number) for number in asked.cases.split(",")]
    # Ways of one order come together: their numbers are drawn once.
    ways = sorted((WAYS[number] for number in chosen), key=lambda way: way.case.order, reverse=True)
    cache: dict[str, Any] = {}
    worst = max(measured(way, asked.rows, asked.moments, draw, cache) for way in ways)
    latest = f"the latest end of all came {worst * 1e3:.1f} ms after the signal (at most {MOST * 1e3:.0f})"
    print(f"{asked.rows:,} rows; {latest}")
    return 0 if worst <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
