"""What is not a race: exactness against fractions, the pace of others beside a call, and memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from gpa_cases import CASES, ours, table

import registrary
from registrary.demo import attempts as demo

TERMS = 1_000_000
GRADES = ("A", "A-", "B+", "B", "B-", "C+", "C", "D", "F")
# Grade points in thousandths.
SCALES = {
    "thousandths (3.667)": (4000, 3667, 3333, 3000, 2667, 2333, 2000, 1000, 0),
    "hundredths (3.67)": (4000, 3670, 3330, 3000, 2670, 2330, 2000, 1000, 0),
    "tenths (3.7)": (4000, 3700, 3300, 3000, 2700, 2300, 2000, 1000, 0),
}
CREDITS = np.array([1000, 2000, 3000, 3000, 3000, 4000, 4000, 500, 1500])
MODES = ("half_up", "half_even", "truncate")
LEAST_PACE, MOST_LATE = 0.90, 0.050
MOST_BEYOND = {"sorted": 20, "shuffled": 60}


def exactness(_: int = 0) -> bool:
    """Of a million terms by scale and rounding, how many GPAs floats print wrong at two places, and how many ours."""
    print(f"GPAs of {TERMS:,} terms that are printed wrong at two places")
    print(f"  {'scale':22} {'rounding':10} {'floats':>8} {'round()':>8} {'ours':>8}   exact ties")
    right = True
    for name, scale in SCALES.items():
        random = np.random.default_rng(11)
        courses = random.integers(3, 7, TERMS)
        term = np.repeat(np.arange(TERMS), courses)
        code = random.integers(0, len(scale), len(term))
        milli = CREDITS[random.integers(0, len(CREDITS), len(term))]
        points = np.array(scale)[code]
        first = np.cumsum(courses) - courses
        hours, quality = np.add.reduceat(milli, first), np.add.reduceat(milli * points, first)
        rows = {"student_id": term, "grade": np.array(GRADES)[code], "credits": milli / 1000}
        exact = [Fraction(above, below) for above, below in zip(quality.tolist(), (hours * 1000).tolist(), strict=True)]
        mean = np.add.reduceat(milli / 1000 * (points / 1000), first) / np.add.reduceat(milli / 1000, first)
        for mode in MODES:
            wanted = [_rounded(ratio, mode) for ratio in exact]
            ties = sum((ratio * 200).denominator == 1 and (ratio * 100).denominator != 1 for ratio in exact)
            policy: dict[str, Any] = {
                "scale": {grade: f"{worth / 1000}" for grade, worth in zip(GRADES, scale, strict=True)},
                "rounding": {"mode": mode, "places": 2},
            }
            result = registrary.calculate_gpas(rows, policy=policy)
            printed = [int(gpa.scaleb(2)) for gpa in result["gpa"]]
            wrong = _unequal(printed, wanted)
            right = right and wrong == 0
            floats = _unequal(_by_floats(mean, mode).tolist(), wanted)
            python = (
                ""
                if mode == "truncate"
                else f"{_unequal(np.rint(np.round(mean, 2) * 100).astype('i8').tolist(), wanted):,}"
            )
            print(f"  {name:22} {mode:10} {floats:8,} {python:>8} {wrong:8,}   {ties:,}", flush=True)
    return right


def _rounded(ratio: Fraction, mode: str) -> int:
    """Hundredths."""
    if mode == "half_even":
        return round(ratio * 100)
    return int(ratio * 100 + (Fraction(1, 2) if mode == "half_up" else 0))


def _by_floats(mean: Any, mode: str) -> Any:
    """As it is usually written."""
    if mode == "half_even":
        return np.rint(mean * 100).astype("i8")
    return np.floor(mean * 100 + (0.5 if mode == "half_up" else 0.0)).astype("i8")


def _unequal(a: list[int], b: list[int]) -> int:
    return sum(one != other for one, other in zip(a, b, strict=True))


class Ticker(threading.Thread):
    """Counts up, a thousand times a second if it is let."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.count = 0

    def run(self) -> None:
        while True:
            time.sleep(0.001)
            self.count += 1


def pace(rows: int) -> bool:
    """A thread that counts beside long calls, and a heartbeat on the event loop beside the async twin."""
    rows = max(rows, 40_000_000)
    case = CASES[0]
    data, own = table(case, rows, {}), ours(case)
    own(data)
    ticker = Ticker()
    ticker.start()

    def paced(work: Any) -> float:
        began, count = time.perf_counter(), ticker.count
        work()
        return (ticker.count - count) / (time.perf_counter() - began)

    idle = paced(lambda: time.sleep(2))

    def several() -> None:
        for _ in range(10):
            own(data)

    beside = paced(several)
    ratio = beside / idle
    print(f"a thread ticks {idle:.0f} times a second, {beside:.0f} beside calls of {rows:,} rows: {ratio:.0%}")
    late, took = asyncio.run(_heartbeat(data))
    print(f"a heartbeat every 5 ms is at most {late * 1e3:.1f} ms late beside the async twin ({took:.2f} s of calls)")
    return ratio >= LEAST_PACE and late <= MOST_LATE


async def _heartbeat(data: Any) -> tuple[float, float]:
    latest, running = 0.0, True

    async def beat() -> None:
        nonlocal latest
        while running:
            due = time.perf_counter() + 0.005
            await asyncio.sleep(0.005)
            latest = max(latest, time.perf_counter() - due)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    policy = registrary.Policy.from_dict(demo.policy())
    for _ in range(10):
        await registrary.calculate_gpas_async(data, excluded="excluded", policy=policy)
    took = time.perf_counter() - began
    running = False
    await heart
    return latest, took


def memory(rows: int) -> bool:
    """The peak beyond the rows, each order in a process of its own (Linux)."""
    right = True
    for order, most in MOST_BEYOND.items():
        script = Path(__file__).with_name("gpa.py")
        command = [sys.executable, str(script), "--peak", order, "--rows", str(rows)]
        beyond, size = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
        bar = f" (at most {most})" if rows == 4_000_000 else ""
        print(f"{rows:,} rows {order}, {size:.0f} MB: {beyond:.1f} MiB beyond the rows{bar}", flush=True)
        right = right and (beyond <= most or rows != 4_000_000)
    return right


def peak(order: str, rows: int) -> int:
    """Prints MiB beyond the rows at the peak of a call, and the MB of the rows."""
    case = next(case for case in CASES if case.order == order)
    data = table(case, rows, {}).drop_columns(["excluded"])
    policy = registrary.Policy.from_dict(demo.policy())
    small = data.slice(0, 1000)
    registrary.calculate_gpas(small, policy=policy)
    # The mark of the highest resident set falls back to where it is now.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _high_water()
    registrary.calculate_gpas(data, policy=policy)
    print((_high_water() - before) / 1024, data.nbytes / 1e6)
    return 0


def _high_water() -> float:
    """KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1])
