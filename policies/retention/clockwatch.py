"""Whether a clock can be believed before anything is destroyed by it: jumps, days that went by unseen, wrong years.

A sweep that nobody watches knows the day from the machine alone, and a wrong day destroys what must be kept.  What the
machine says is therefore compared with what it said before, with the time that passed since it was started (which no
setting of the clock changes), and with the newest instants on record, those of the mail server among them.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: Corrections as small as this one are part of keeping the time, and of daylight-saving mistakes of two machines.
SLACK: Final = timedelta(hours=1)
#: For how long the machine may have been off, or the sweep not run, before members must think again.
MAY_BE_AWAY: Final = timedelta(days=7)
#: The same before the very first sweep, when nothing but the records tell the time.
MAY_BE_QUIET: Final = timedelta(days=31)
#: No committee of today expunges anything by this program then.
LAST_YEAR: Final = 2100


class Doubt(StrEnum):
    """Why a clock is not believed; ``templates/sweep`` has the sentence for each."""

    FORWARD = "forward"  # it went on by more than the time that passed
    BACKWARD = "backward"  # it was set back, or stood still
    BEHIND_RECORDS = "behind-records"  # something on record is later than it
    AWAY = "away"  # since a restart, or before the first sweep: off for so long, or put forward, nobody can tell
    FAR_FUTURE = "far-future"  # a year that nobody meant


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What the machine said: the instant, and ``up`` seconds (sleep included) since the start that ``boot`` names.

    An empty ``boot`` means that nothing but the instant is known.
    """

    now: datetime
    boot: str = ""
    up: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered: the last reading, the first one since this start of the machine, the newest record."""

    seen: Reading | None = None
    anchor: Reading | None = None
    newest: datetime | None = None


def doubt(reading: Reading, memory: Memory) -> Doubt | None:
    """Why this reading is not believed; None where nothing speaks against it."""
    if reading.now.year > LAST_YEAR:
        return Doubt.FAR_FUTURE
    if memory.newest is not None and memory.newest > reading.now + SLACK:
        return Doubt.BEHIND_RECORDS
    if memory.seen is not None and memory.seen.now > reading.now + SLACK:
        return Doubt.BACKWARD
    passed = _passed(reading, memory.anchor)
    if passed is not None and memory.anchor is not None:
        drift = reading.now - memory.anchor.now - passed
        return Doubt.FORWARD if drift > SLACK else Doubt.BACKWARD if drift < -SLACK else None
    return Doubt.AWAY if _unseen(reading, memory) else None


def was_away(reading: Reading, memory: Memory) -> bool:
    """Whether so long went by without a sweep that what was announced before is no news to anybody now."""
    return memory.seen is not None and reading.now - memory.seen.now > MAY_BE_AWAY


def next_anchor(reading: Reading, memory: Memory) -> Reading:
    """The reading against which later ones of the same start are measured: the first, so that small jumps add up."""
    return reading if _passed(reading, memory.anchor) is None or memory.anchor is None else memory.anchor


def _passed(reading: Reading, anchor: Reading | None) -> timedelta | None:
    """The time that truly passed since ``anchor``; None where the machine was started anew, or does not know."""
    if anchor is None or not reading.boot or reading.boot != anchor.boot or reading.up < anchor.up:
        return None
    return timedelta(seconds=reading.up - anchor.up)


def _unseen(reading: Reading, memory: Memory) -> bool:
    if memory.seen is not None:
        return was_away(reading, memory)
    return memory.newest is not None and reading.now - memory.newest > MAY_BE_QUIET
