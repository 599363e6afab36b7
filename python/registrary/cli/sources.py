"""`registrary sources check`: connects to the source and tells, line by line, what was found."""

from __future__ import annotations

import argparse
import asyncio

from registrary.cli.opening import registrar_for
from registrary.cli.terminal import plain


def run(arguments: argparse.Namespace) -> int:
    """Prints what the check found; a source that cannot be reached is exit status 4."""
    for line in asyncio.run(_check(arguments)):
        print(plain(line))
    return 0


async def _check(arguments: argparse.Namespace) -> list[str]:
    async with registrar_for(arguments) as registrar:
        return await registrar.check_source()
