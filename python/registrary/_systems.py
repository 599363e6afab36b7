"""Results that are no grade point average: classes of honours, weighted marks, grades of another country."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from registrary import _core
from registrary._plain import to_json
from registrary.errors import PolicyError, Problem

SchemeLike: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]
"""The name of a built-in scheme, the path of a TOML file, or a mapping of the same shape."""


@dataclass(frozen=True, slots=True)
class HonoursClassification:
    """A degree's class, and what it was made from."""

    honours: str | None
    """The class as the scheme names it ("Upper second"); None below the lowest."""
    average: Decimal
    """The average that decided, as the scheme prints it: cut off after two places unless it says otherwise."""
    exact: Fraction
    """The same, exact. Classes are compared with this one, so that 59.995 is no 60."""
    method: int
    """Which of the scheme's methods gave it, counted from one."""
    levels: dict[str, Decimal]
    """The average of each level that weighs."""
    counted: tuple[Decimal, ...]
    """How many credits of each module counted, in the order given."""
    scheme: str
    """The scheme's name."""


def classify_honours(modules: Iterable[Any], *, scheme: SchemeLike) -> HonoursClassification:
    """The class of an honours degree, as British universities classify.

    >>> registrary.classify_honours([(72, 120, 5), (66, 120, 6)], scheme="uk-25-75").honours
    'Upper second'

    Each level's marks are averaged by credits, of the best credits alone where the scheme says how many (the module at
    the edge is split), and the levels by their weights. Of several methods the better average decides. The exact
    average is compared with the classes: 59.9 is a lower second.

    Args:
        modules: triples ``(mark, credits, level)``, or mappings with exactly ``mark``, ``credits`` and ``level``. Marks
            and credits are int, str or Decimal; a float is taken by its shortest decimal form. Levels are the scheme's
            words (``"5"``, or 5). Leave out modules without a mark.
        scheme: a built-in's name, the path of a TOML file, or a mapping of the same shape
            (``schemas/scheme.schema.json``). Built in are ``uk-25-75`` (best 100 credits, 25 and 75 %),
            ``sheffield-hallam`` (the better of that and the last level alone), ``mmu-weighted`` (whole module marks),
            ``birkbeck`` (credits by 0, 1 and 2) and ``durham-physics`` (2 to 3); each file names its source.

    Returns:
        The class with the averages and credits behind it.

    Raises:
        MalformedRecordError: a mark or level cannot be right, or a level has too few credits; all problems are listed.
        PolicyError: the scheme cannot be used.
    """
    told = _core.classify_honours(list(modules), _scheme(scheme))
    return HonoursClassification(**{**told, "counted": tuple(told["counted"])})


def weighted_average_mark(units: Iterable[Any], *, scheme: SchemeLike = "monash-wam") -> Decimal | None:
    """The weighted average mark (WAM): marks by credit points and by the weight of the unit's level.

    >>> registrary.weighted_average_mark([(50, 6, 1), (50, 6, 1), (100, 6, 2)])
    Decimal('75.000')

    Args:
        units: as ``modules`` of :func:`classify_honours`. Leave out what has no mark (withdrawn, satisfied).
        scheme: as there; built in is ``monash-wam``: first-year units by half, the others whole, three places
            (http://www.monash.edu/exams/official-record-results/wam).

    Returns:
        The mean as the scheme prints it, or None where nothing weighs: no average is not 0.

    Raises:
        MalformedRecordError: a mark cannot be right, or a level has no weight; all problems are listed.
        PolicyError: the scheme cannot be used.
    """
    return _core.weighted_average_mark(list(units), _scheme(scheme))


def convert_grade(
    grade: Any,
    *,
    best: Any,
    lowest_pass: Any,
    scheme: SchemeLike = "modified-bavarian",
) -> Decimal:
    """A grade of another country, by the modified Bavarian formula.

    >>> registrary.convert_grade(8, best=10, lowest_pass=6)
    Decimal('2.5')

    Args:
        grade: the grade, as a number of its own scale.
        best: the best grade of that scale.
        lowest_pass: the lowest grade that passes there. Below it the scheme's own fail results. Where it is more than
            ``best``, fewer are better on that scale.
        scheme: as for :func:`classify_honours`; built in are ``modified-bavarian`` (1 + 3 (best - grade) / (best -
            lowest pass), one decimal, cut off; fails are 5.0), ``passau`` (then the next better German grade) and
            ``cologne-english`` (the nearest one).

    Returns:
        The grade on the scheme's scale.

    Raises:
        MalformedRecordError: a number is none, or the grade is better than the best.
        PolicyError: the scheme cannot be used.
    """
    return _core.convert_grade(grade, best, lowest_pass, _scheme(scheme))


def _scheme(scheme: SchemeLike) -> str | bytes:
    """A built-in's name, or the JSON of a scheme."""
    if isinstance(scheme, str) and not (scheme.endswith(".toml") or os.sep in scheme):
        return scheme
    if isinstance(scheme, Mapping):
        content: Mapping[str, Any] = scheme
    elif isinstance(scheme, (str, os.PathLike)):
        content = _file(Path(scheme))
    else:
        raise TypeError(f"a scheme is a name, a path or a mapping, not a {type(scheme).__name__}")
    try:
        return to_json(content)
    except (TypeError, ValueError) as error:
        raise _unusable("not-a-scheme", str(error)) from error


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise _unusable("unreadable", f"the file cannot be read: {reason}") from error
    except (ValueError, RecursionError) as error:
        # The parser's own words would quote the file. Too many digits, or lists, end it in another way.
        raise _unusable("not-toml", "the file is no TOML") from error


def _unusable(code: str, message: str) -> PolicyError:
    hint = "Correct the scheme or choose a built-in one."
    return PolicyError(f"the scheme cannot be used: {message}", hint=hint, problems=(Problem(code, "", message),))
