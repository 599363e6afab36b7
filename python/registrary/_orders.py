"""Orders as a delivery network sends them, a CSV file, and the file that answers them. `docs/orders.md` tells both."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registrary._batch import BatchReport
from registrary.errors import ConfigurationError, HoldError

DOCUMENTS = ("transcript", "degree", "enrollment")
"""What can be ordered."""

MOST_BYTES = 64 << 20
MOST_ORDERS = 1_000_000
_LONGEST_CELL = 1_000
_LONGEST_ID = 64
_MOST_TOLD = 20

_REQUIRED = ("order_id", "student_id")
_OPTIONAL = ("document", "recipient", "purpose", "unpaid_terms", "answered_holds")
_TERM = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

RESPONSE_COLUMNS = (
    "order_id",
    "student_id",
    "document",
    "status",
    "code",
    "serial",
    "file",
    "sha256",
    "pages",
    "bytes",
)
"""Columns of the file that answers."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Order:
    """One document that somebody ordered.

    Raises:
        ConfigurationError: it cannot be an order.
    """

    order_id: str
    """Unique among the orders of a run; 1 to 64 characters."""
    student_id: str
    document: str = "transcript"
    """``"transcript"``, ``"degree"`` (the certificate of a degree) or ``"enrollment"`` (of enrolment)."""
    recipient: str | None = None
    """To whom it is issued, as printed."""
    purpose: str | None = None
    """What for, as printed."""
    unpaid_terms: Sequence[str] = ()
    """Terms (``"2026-01"``) that a partial transcript leaves out."""
    answered_holds: Sequence[str] = ()
    """Codes of the holds that leaving them out answers."""

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise ConfigurationError("an order cannot be right: " + "; ".join(problems))

    def __repr__(self) -> str:
        return f"<Order of a {self.document}>"


def _problems(order: Order) -> Iterable[str]:
    for name in ("order_id", "student_id"):
        value = getattr(order, name)
        if not 1 <= len(value) <= _LONGEST_ID or value != value.strip() or not value.isprintable():
            yield f"{name} has 1 to {_LONGEST_ID} characters, no controls and no outer spaces"
    if order.document not in DOCUMENTS:
        yield f"document is none of {', '.join(DOCUMENTS)}"
    for name in ("recipient", "purpose"):
        value = getattr(order, name)
        if value is not None and (not value.strip() or not value.isprintable() or len(value) > _LONGEST_CELL):
            yield f"{name} is not one line of at most {_LONGEST_CELL} characters"
    if any(not _TERM.fullmatch(term) for term in order.unpaid_terms):
        yield "unpaid_terms are months written YYYY-MM"
    if order.unpaid_terms and order.document != "transcript":
        yield "unpaid_terms are left out of a transcript only"
    if order.answered_holds and not order.unpaid_terms:
        yield "answered_holds are given without unpaid_terms"


def read_orders(source: str | os.PathLike[str] | bytes) -> list[Order]:
    """The orders of a CSV file: UTF-8, a first line of column names, at most a million orders in 64 MB.

    Columns: ``order_id`` and ``student_id``; and as wanted ``document`` (default: transcript), ``recipient``,
    ``purpose``, ``unpaid_terms`` and ``answered_holds`` (several are parted by ``;``). Every problem is listed with its
    line; a file with any is refused whole.

    Args:
        source: a path, or the file's bytes.

    Raises:
        ConfigurationError: the file cannot be right.
        OSError: it cannot be read.
    """
    raw = source if isinstance(source, bytes) else _contents(source)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused([f"line {line} is not UTF-8"]) from None
    if "\0" in text:
        raise _refused(["a NUL stands in it"])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _read(reader)
    except csv.Error as error:
        # The sentence of the csv module names a rule, never a value.
        raise _refused([f"line {reader.line_num}: {error}"]) from None


def _contents(path: str | os.PathLike[str]) -> bytes:
    with Path(path).open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _refused([f"it is larger than {MOST_BYTES >> 20} MB"])
    return raw


def _read(reader: Any) -> list[Order]:
    names = next(reader, None)
    if names is None:
        raise _refused(["it is empty"])
    columns = _columns(names)
    problems: list[str] = []
    orders: list[Order] = []
    seen: dict[str, int] = {}
    for cells in reader:
        if not any(cells):
            continue
        line = reader.line_num
        if len(cells) != len(names):
            problems.append(f"line {line} has {len(cells)} cells where the first line has {len(names)}")
            continue
        try:
            order = _order({column: cells[at].strip() for column, at in columns.items()})
        except ConfigurationError as error:
            problems.append(f"line {line}: {str(error).removeprefix('an order cannot be right: ')}")
            continue
        if order.order_id in seen:
            problems.append(f"line {line} has the order_id of line {seen[order.order_id]}")
        seen[order.order_id] = line
        orders.append(order)
        if len(orders) > MOST_ORDERS:
            raise _refused([f"it has more than {MOST_ORDERS:,} orders"])
    if problems:
        raise _refused(problems)
    if not orders:
        raise _refused(["it has no order"])
    return orders


def _columns(names: list[str]) -> dict[str, int]:
    known = [name.strip().lower() for name in names]
    problems = [f"line 1: column {name} is missing" for name in _REQUIRED if name not in known]
    problems += [f"line 1: column {name} is there twice" for name in {*known} if known.count(name) > 1]
    unknown = sum(name not in (*_REQUIRED, *_OPTIONAL) for name in known)
    if unknown:
        problems.append(f"line 1: {unknown} columns are none of {', '.join((*_REQUIRED, *_OPTIONAL))}")
    if problems:
        raise _refused(problems)
    return {name: at for at, name in enumerate(known)}


def _order(cells: Mapping[str, str]) -> Order:
    def several(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in cells.get(name, "").split(";") if part.strip())

    return Order(
        order_id=cells["order_id"],
        student_id=cells["student_id"],
        document=cells.get("document", "").lower() or "transcript",
        recipient=cells.get("recipient") or None,
        purpose=cells.get("purpose") or None,
        unpaid_terms=several("unpaid_terms"),
        answered_holds=several("answered_holds"),
    )


def _refused(problems: list[str]) -> ConfigurationError:
    told = problems[:_MOST_TOLD]
    if len(problems) > _MOST_TOLD:
        told.append(f"and {len(problems) - _MOST_TOLD} more")
    return ConfigurationError(
        "the file of orders cannot be used: " + "; ".join(told), hint="Correct every line listed; nothing was made."
    )


def for_core(
    orders: Iterable[Order],
) -> list[tuple[str, str, str, str | None, str | None, tuple[list[str], list[str]] | None]]:
    """The orders as the core takes them."""
    told = []
    for order in orders:
        if not isinstance(order, Order):
            raise TypeError(f"orders are registrary.Order, not {type(order).__name__}")
        partial = (list(order.unpaid_terms), list(order.answered_holds)) if order.unpaid_terms else None
        told.append((order.order_id, order.student_id, order.document, order.recipient, order.purpose, partial))
    return told


def write_responses(
    path: str | os.PathLike[str], orders: Iterable[Order], report: BatchReport, *, guard: bool = True
) -> None:
    """Writes the file that answers: one line an order, in the orders' order, whole or not at all.

    ``status`` is ``done``, ``held`` or ``failed``; ``code`` says why not. ``file`` is the name below the sink.

    Args:
        path: the file; one that is there is replaced.
        orders: those of the run.
        report: of a run that was told to ``keep_documents``.
        guard: cells that a spreadsheet would take for a formula get an apostrophe in front.
    """
    refused = {
        key: ("held" if isinstance(error, HoldError) else "failed", _code(error))
        for key, error in (*report.failures, *report.held)
    }
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{report.run or 'run'}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(RESPONSE_COLUMNS)
            for order in orders:
                writer.writerow([_guarded(cell) if guard else cell for cell in _response(order, report, refused)])
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _response(order: Order, report: BatchReport, refused: Mapping[str, tuple[str, str]]) -> list[str]:
    named = [order.order_id, order.student_id, order.document]
    saved = report.documents.get(order.order_id)
    if saved is not None:
        return [*named, "done", "", saved.serial, saved.name, saved.digest, str(saved.pages), str(saved.bytes)]
    # Neither saved nor refused: another shard of the run has it.
    status, code = refused.get(order.order_id, ("elsewhere", ""))
    return [*named, status, code, "", "", "", "", ""]


def _code(error: BaseException) -> str:
    return str(getattr(error, "code", type(error).__name__))


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
