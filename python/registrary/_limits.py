"""Limits and retries: typed arguments with their defaults, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from registrary import _core
from registrary.errors import ConfigurationError

Timeout: TypeAlias = float | Mapping[Literal["fetch", "produce", "save", "verify"], float]
"""Seconds for each stage, or seconds by stage."""

_STAGES = ("fetch", "produce", "save", "verify")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long each stage of one document may take, in seconds, and how many records may be under way at once.

    A stage that takes longer raises :class:`registrary.StageTimeoutError`, which names it. Waiting for a turn counts
    towards no stage; ``asyncio.timeout`` bounds everything together.

    Raises:
        ConfigurationError: a limit is not a positive number of at most 30 days, or ``concurrency`` not 1 to 10,000; all
            faults are named.
    """

    fetch: float = 30.0
    """From the question to the source until its answer, repetitions included. Default 30."""
    produce: float = 60.0
    """Evaluating and rendering, from the moment a thread begins; looked at between steps. Default 60."""
    save: float = 30.0
    """From the moment a thread begins to write. Default 30."""
    verify: float = 30.0
    """Default 30."""
    concurrency: int | None = None
    """How many records may be fetched, or wait for a thread, at once; whoever comes later waits with the id alone. As
    many documents may be made and not yet saved or confirmed. Default: 1,000 where the source is reached over a network
    or is the caller's own function, 32 where records come from this machine."""
    made: _core.Limits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        limits = {stage: _seconds(stage, getattr(self, stage)) for stage in _STAGES}
        object.__setattr__(self, "made", _core.Limits(**limits, concurrency=_whole("concurrency", self.concurrency)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How a service that fails in passing (a lost connection, 429, 502, 503, 504) is asked again.

    A database server that went away is waited for some forty seconds, as long as it takes to start one again, unless
    another than the default is given: then it is asked for as often and after such pauses as that says.

    Only questions that may be repeated are; ``Retry-After`` is honoured; everything stays within the stage's limit.
    The pause before a try is drawn evenly from zero to ``first``, doubled with each try and at most ``longest``
    (`full jitter <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>`_).

    Raises:
        ConfigurationError: a number is out of range; all faults are named.
    """

    attempts: int = 6
    """Tries altogether, 1 to 100; 1 never asks again. Default 6."""
    first: float = 0.2
    """Seconds. Default 0.2."""
    longest: float = 20.0
    """Seconds. Default 20."""
    budget: float = 0.1
    """Repetitions per question to one host, 0 to 1: a service in trouble is not asked twice as often. Default 0.1."""
    made: _core.Retry = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        attempts = _whole("attempts", self.attempts)
        budget = _seconds("budget", self.budget)
        if attempts is None:
            raise TypeError("attempts is an int, not None")
        if not 0 <= attempts < 2**32 or not 0 <= budget <= 1:
            raise ConfigurationError("attempts must lie between 1 and 100, budget between 0 and 1")
        pauses = {"first": _seconds("first", self.first), "longest": _seconds("longest", self.longest)}
        core = _core.Retry(attempts=attempts, **pauses, budget_percent=round(budget * 100))
        object.__setattr__(self, "made", core)


def _seconds(name: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(f"{name} is a number, not a {type(given).__name__}")
    return float(given)


def _whole(name: str, given: int | None) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"{name} is an int, not a {type(given).__name__}")
    # What the core cannot hold is out of its range as well.
    return min(max(given.__index__(), 0), 2**62)


def core_limits(limits: Limits | None, timeout: Timeout | None) -> _core.Limits:
    """The limits, with the time limits of ``timeout`` in place of theirs."""
    chosen = Limits() if limits is None else limits
    if not isinstance(chosen, Limits):
        raise TypeError(f"limits is a registrary.Limits, not a {type(chosen).__name__}")
    if timeout is None:
        return chosen.made
    if not isinstance(timeout, Mapping):
        timeout = dict.fromkeys(_STAGES, timeout)  # type: ignore[arg-type]
    if not set(_STAGES) >= timeout.keys():
        raise ConfigurationError(f"timeout has a key that is none of {', '.join(_STAGES)}")
    stages = {stage: getattr(chosen, stage) for stage in _STAGES} | {
        str(stage): limit for stage, limit in timeout.items()
    }
    return Limits(**stages, concurrency=chosen.concurrency).made


def core_retry(retry: Retry | None) -> _core.Retry:
    """How services are asked again."""
    chosen = Retry() if retry is None else retry
    if not isinstance(chosen, Retry):
        raise TypeError(f"retry is a registrary.Retry, not a {type(chosen).__name__}")
    return chosen.made
