"""The command line: `registrary` and `python -m registrary`.

Exit status: 0 all well, 1 something failed, 2 wrong usage, 3 wrong configuration, 4 the source cannot be reached,
130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from registrary.cli.arguments import parser
from registrary.cli.failure import INTERRUPTED, report

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status. A failure is a line on stderr, never a traceback."""
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter shows "?": the record itself is safe in --json.
            stream.reconfigure(errors="replace")
    arguments = parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has had enough (`| head`). Point stdout away, or the flush at exit complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("registrary: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("REGISTRARY_TRACEBACK"):
            raise
        return report(error)
    return status


def _open_missing_streams() -> None:
    """A shell's `>&-` leaves Python without the stream. Reading finds nothing; what is printed goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open until the process ends, as the stream would be.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
