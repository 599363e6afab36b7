"""`registrary gpa`: a student's GPA by level and term, as the policy prints it."""

from __future__ import annotations

import argparse
import asyncio
import json


def run(arguments: argparse.Namespace) -> int:
    """Prints the totals; a GPA without GPA hours is absent, not 0.00."""
    evaluation = asyncio.run(_evaluate(arguments))
    print(json.dumps(evaluation, indent=2, ensure_ascii=False) if arguments.json else "\n".join(_lines(evaluation)))
    return 0
