"""Short programs that use registrary end cleanly: exit status 0 and nothing on stderr, every time.

    python benchmarks/exits.py [--runs 300] [--pending-runs 100] [--at-once 2]

Short programs, each run many times in processes of their own: one awaits one transcript, prints and ends; one ends
with 20 awaits pending, which `asyncio.run` cancels; one abandons its loop with 20 pending, and nobody cancels them; one
forks after use and generates a transcript in the child.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

ONE_AWAIT = """
import asyncio, registrary
pdf = asyncio.run(registrary.generate_transcript(101))
print(len(pdf))
"""

TWENTY_CANCELLED = """
import asyncio, registrary
async def main():
    calls = [asyncio.create_task(registrary.generate_transcript(101 + i)) for i in range(20)]
    await asyncio.sleep(0.01)
    return sum(call.done() for call in calls)
print(asyncio.run(main()))
"""

TWENTY_ABANDONED = """
import asyncio, registrary
async def main():
    tasks = [asyncio.ensure_future(registrary.generate_transcript(101 + i)) for i in range(20)]
    await asyncio.sleep(0.01)
    loop.stop()
loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda loop, context: None)
task = loop.create_task(main())
loop.run_forever()
print(loop.is_running())
"""

FORKED_CHILD = """
import asyncio, os, registrary
asyncio.run(registrary.generate_transcript(101))
child = os.fork()
if child == 0:
    pdf = asyncio.run(registrary.generate_transcript(102))
    os._exit(0 if pdf.startswith(b"%PDF") else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 or 1 / 0)
"""


def outcomes(program: str, runs: int, at_once: int) -> Iterator[str]:
    """Runs the program that often; yields one word or line for each run."""

    def once(_: int) -> str:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
        clean = done.returncode == 0 and not done.stderr
        return "clean" if clean else f"status {done.returncode}: {done.stderr[:300]!r}"

    with ThreadPoolExecutor(at_once) as threads:
        yield from threads.map(once, range(runs))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300, help="runs of the one-await program (default 300)")
    parser.add_argument("--pending-runs", type=int, default=100, help="runs ending with 20 pending (default 100)")
    parser.add_argument("--at-once", type=int, default=2, help="programs run side by side (default 2)")
    options = parser.parse_args()
    spoilt = 0
    for name, program, runs in (
        ("one await, then the end", ONE_AWAIT, options.runs),
        ("20 awaits pending, cancelled", TWENTY_CANCELLED, options.pending_runs),
        ("20 awaits pending, abandoned", TWENTY_ABANDONED, options.pending_runs),
        ("forked child after use", FORKED_CHILD, max(1, options.pending_runs // 10)),
    ):
        results = list(outcomes(program, runs, options.at_once))
        bad = [result for result in results if result != "clean"]
        spoilt += len(bad)
        print(f"{name}: {runs - len(bad)} of {runs} ended with status 0 and nothing on stderr")
        for line in sorted(set(bad))[:5]:
            print(f"  {line}")
    return 1 if spoilt else 0


if __name__ == "__main__":
    sys.exit(main())
