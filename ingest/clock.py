"""The one place that looks at the clock; everything else is handed the instant or the day."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from collections.abc import Mapping
from pathlib import Path

from policies.errors import WrongUsage
from policies.values import value

TODAY_VARIABLE = "CONDUCT_TODAY"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Names the time since which this process counts, where the system does not name its own start.
_PROCESS = os.urandom(8).hex()


@value
class Clock:
    """The machine's clock, in a trial home moved by whole days.  Read it once a job and hand the value on."""

    shift: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.shift

    def today(self) -> dt.date:
        """The day of ``now`` in UTC: all terms are counted in UTC days."""
        return self.now().date()


@value
class Uptime:
    """Seconds since a start of the machine, or of this process, that ``boot`` names; setting the clock moves no part.

    The seconds in which the machine slept count, where the system can tell (Linux, clock_gettime(2)).
    """

    boot: str
    seconds: float


def uptime(environ: Mapping[str, str]) -> Uptime:
    """For how long the machine has been running; unknown (no ``boot``) where CONDUCT_TODAY moves the day."""
    if environ.get(TODAY_VARIABLE):
        return Uptime("", 0.0)
    if hasattr(time, "CLOCK_BOOTTIME"):
        with contextlib.suppress(OSError):
            return Uptime(_BOOT_ID.read_text("ascii").strip()[:64], time.clock_gettime(time.CLOCK_BOOTTIME))
    return Uptime(_PROCESS, time.monotonic())


def clock_for(environ: Mapping[str, str], *, trial: bool) -> Clock:
    """The clock of a home: CONDUCT_TODAY moves the day (the time of day stays) in a trial home and nowhere else.

    Raises WrongUsage where it is set outside a trial home, or is no day: a date that somebody believes to be
    in force, and is not, would make every plan look wrong.
    """
    wanted = environ.get(TODAY_VARIABLE, "")
    if not wanted:
        return Clock()
    if not trial:
        raise WrongUsage(
            "today-outside-trial",
            f"{TODAY_VARIABLE} is set, but this is no trial home.",
            f"Unset it: unset {TODAY_VARIABLE}. To look ahead, use: conduct retain plan --on DATE.",
        )
    return Clock(shift=_as_day(wanted) - Clock().today())


def _as_day(wanted: str) -> dt.date:
    try:
        return dt.datetime.strptime(wanted, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise WrongUsage("bad-date", f"{TODAY_VARIABLE} is not a day.", "Write it as YYYY-MM-DD.") from None
