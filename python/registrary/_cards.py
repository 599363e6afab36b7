"""What a notebook shows of a transcript: a small card without personal data."""

from __future__ import annotations

import html


def transcript(code: str, pages: int, size: int, digest: str, confirmed: bool) -> str:
    """The card of one transcript, as HTML; not its serial, which may hold the student id."""
    rows = {
        "Verification code": code,
        "Pages": str(pages),
        "Size": f"{size:,} bytes",
        "SHA-256": digest,
        "Confirmed": "yes" if confirmed else "not asked",
    }
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left"><code>{html.escape(value)}</code></td></tr>'
        for name, value in rows.items()
    )
    return f"<table><caption>Transcript</caption>{cells}</table>"
