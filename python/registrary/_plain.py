"""Python values as plain JSON: mappings, dataclasses, dates and exact numbers, and nothing guessed."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

DEEPEST = 64


def to_json(value: object) -> bytes:
    """``value`` as JSON. A binary float is written in its shortest decimal form, a Decimal as its text.

    Raises:
        TypeError: it holds something that JSON has no form for.
        ValueError: it holds a number that is not finite, or is nested too deeply.
    """
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")


def plain(value: object, depth: int = 0) -> Any:
    """``value`` as dicts, lists, strings, numbers, booleans and None."""
    if depth > DEEPEST:
        raise ValueError("the value is nested too deeply, or holds itself")
    if isinstance(value, enum.Enum):
        return plain(value.value, depth + 1)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number is not finite")
        return value
    if isinstance(value, decimal.Decimal):
        if not value.is_finite():
            raise ValueError("a number is not finite")
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        raise TypeError("a date is wanted where a datetime is given")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name), depth + 1) for field in fields}
    if isinstance(value, Mapping):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [plain(item, depth + 1) for item in value]
    raise TypeError(f"a {type(value).__name__} has no place in a record")


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise TypeError(f"a key is a {type(key).__name__}, not a str")
