"""Does Python end cleanly after a transcript? Counts processes that did not: wrong exit status, or a word on stderr.

    python benchmarks/exits.py [--plain 300] [--pending 100]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

PLAIN = """\
import asyncio
import registrary

pdf = asyncio.run(registrary.generate_transcript(101))
print(len(pdf))
"""

PENDING = """\
import asyncio
import registrary

async def main():
    calls = [asyncio.create_task(registrary.generate_transcript(101 + i % 3)) for i in range(20)]
    await asyncio.sleep(0)  # All have begun, none has ended.
    return sum(call.done() for call in calls)

print(asyncio.run(main()))
"""


def unclean(script: str, times: int) -> list[str]:
    """What went wrong, one line a process."""
    faults = []
    for _ in range(times):
        process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
        if process.returncode != 0 or process.stderr or not process.stdout:
            faults.append(f"exit status {process.returncode}, stderr {process.stderr[-200:]!r}")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", type=int, default=300, help="runs of one await, print, end")
    parser.add_argument("--pending", type=int, default=100, help="runs that end with 20 awaits pending")
    arguments = parser.parse_args()
    failed = 0
    for name, script, times in (
        ("one await", PLAIN, arguments.plain),
        ("20 awaits pending", PENDING, arguments.pending),
    ):
        started = time.perf_counter()
        faults = unclean(script, times)
        failed += len(faults)
        print(f"{name}: {times} runs, {len(faults)} not clean, {(time.perf_counter() - started) / times * 1000:.0f} ms each")
        for fault in faults[:5]:
            print("  " + fault)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
