"""`registrary show`: one student's record, as a table or as the JSON that an HTTP source would answer."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

import registrary
from registrary.cli.opening import registrar_for
from registrary.cli.record_view import record_lines


def run(arguments: argparse.Namespace) -> int:
    """Prints the record, facts only: `gpa` judges them."""
    written = asyncio.run(_fetch(arguments)).to_json()
    if arguments.json:
        # The bytes of the contract, whatever the terminal's encoding.
        sys.stdout.buffer.write(written.encode())
        sys.stdout.buffer.flush()
    else:
        print("\n".join(record_lines(json.loads(written))))
    return 0


async def _fetch(arguments: argparse.Namespace) -> registrary.StudentRecord:
    async with registrar_for(arguments) as registrar:
        return await registrar.fetch_record(arguments.id)
