"""What the doctor sees of the service: whether it runs, how its tasks go, and whether the committee hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.checkup.finding import Finding, note, ok, problem
from ingest.config import Settings
from ingest.daemon import digest, health
from ingest.home import Home

#: A task that has not gone well for so long, and three times as long as its rounds are apart, is in trouble.
_PATIENCE: Final = timedelta(minutes=30)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def examine(home: Home, settings: Settings, wall: datetime) -> Iterator[Finding]:
    """How the service of this home goes, from what it noted; ``wall`` is this machine's clock."""
    noted = health.load(home)
    if noted is None:
        yield note("service", "The service has never run here.", "conduct run, or see docs/systemd; else poll by cron.")
        return
    if noted.ended is not None:
        yield problem(
            "service",
            f"The service ended at {_instant(noted.ended)}.",
            "Start it: systemctl start conduct, or conduct run.",
        )
        return
    yield from _tasks(noted, settings, wall)
    yield from _digest(home, settings, wall)


def _tasks(noted: health.Health, settings: Settings, wall: datetime) -> Iterator[Finding]:
    limits = {"poll": max(_PATIENCE, 3 * timedelta(minutes=settings.service.poll_minutes))}
    for name in sorted({"poll", *noted.tasks}):
        task = noted.task(name)
        yield _of_task(name, task, noted.started or wall, wall, limits.get(name, 3 * _HOUR))


def _of_task(name: str, task: health.TaskHealth, started: datetime, wall: datetime, limit: timedelta) -> Finding:
    what = "polled" if name == "poll" else f"done its task {name}"
    since = task.succeeded or started
    why = f" It fails with {task.failure}: {task.failures} times by now." if task.failures else ""
    if since > wall + _HOUR:
        return note("service", f"It noted its task {name} at {_instant(since)}, which is to come.", "Set the clock.")
    if wall - since > limit:
        hint = (
            "Its log says more: journalctl -u conduct." if why else "It was ended, or hangs: systemctl restart conduct."
        )
        return problem("service", f"The service has not {what} for {_span(wall - since)}.{why}", hint)
    if task.failures:
        return note(
            "service", f"The service has not {what} for {_span(wall - since)}.{why}", "It tries again by itself."
        )
    return ok("service", f"The service has {what} {_span(wall - since)} ago.")


def _digest(home: Home, settings: Settings, wall: datetime) -> Iterator[Finding]:
    if settings.service.digest == "never":
        yield note("digest", "No digest is sent.", "Set service.digest to a day of the week.")
    elif settings.smtp is None:
        yield note("digest", "No digest is sent: conduct.toml names no [smtp].", "Add a table [smtp] with host.")
    else:
        sent = digest.load(home.root / digest.FILE)
        if sent is None or not sent.is_complete or wall.date() - sent.day > timedelta(days=8):
            yield problem("digest", "This week's digest has not been sent.", "The service's log says why.")
        else:
            yield ok("digest", f"The digest of {sent.day} has been sent.")


def _span(time: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (timedelta(minutes=1), "minute")):
        if time >= unit:
            count = time // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
