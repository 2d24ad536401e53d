"""The table of what the service does by itself, and how often."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from ingest import jobs, sweeping
from ingest.config import Settings
from ingest.daemon import digest
from ingest.drafts.duty import OutgoingDuty
from ingest.jobs import Service
from templates import counted

_HOUR: Final = timedelta(hours=1)
#: Between two looks at the drafts folder; a draft rests for twenty seconds before it is checked.
_LOOK: Final = timedelta(seconds=15)


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """Something that is done again and again, one run at a time, each with a fresh ``Service``.

    ``run`` returns a line for the log, of constant words, code names and counts; empty where nothing is worth one.
    What it raises is told and tried again, sooner than ``every`` says, then ever later.  ``patience_seconds`` is how
    long a run may achieve nothing (``Service.lifeline``) before its connections are cut, and twice that before
    systemd is left to restart the service.
    """

    name: str
    words: str
    every: Callable[[Settings], timedelta]
    run: Callable[[Service], str]
    patience_seconds: float = 900.0


def _poll(job: Service) -> str:
    polled = jobs.poll_once(job)
    parts = [jobs.poll_sentence(polled.counts)] if polled.counts.fetched else []
    if polled.wiped:
        parts.append(f"{polled.wiped} expunged mails left the mailbox.")
    if polled.notices:
        parts.append("Something needs a person: conduct doctor.")
    return " ".join(parts)


def _sweep(job: Service) -> str:
    swept = sweeping.sweep_once(job)
    counts = (
        (len(swept.done), "expunged"),
        (swept.announced, "announced"),
        (swept.mailbox_gone, "mails gone from the mailbox"),
        (len(swept.residue), "left over"),
    )
    told = ", ".join(f"{count} {what}" for count, what in counts if count)
    doubt = "The clock is not believed; nothing goes until conduct retain resume." if swept.began_doubting else ""
    return f"{told}. {doubt}".strip(" .") + "." if told or doubt else ""


def _outgoing(duty: OutgoingDuty) -> Callable[[Service], str]:
    def run(job: Service) -> str:
        watched, audited = duty.run(job)
        counts = (
            (watched.written, "note", "written beside a draft"),
            (watched.removed, "note", "taken away"),
            (watched.stuck, "note", "that the server does not let go"),
            (audited.wrong, "sent mail", "with errors that should not have left"),
        )
        told = ", ".join(f"{counted(count, what)} {become}" for count, what, become in counts if count)
        return f"{told}." if told else ""

    return run


def tasks() -> tuple[Task, ...]:
    """One line a task; some keep a connection from run to run, so each service has its own."""
    return (
        Task(
            "poll",
            "takes in new mail, in full",
            lambda settings: timedelta(minutes=settings.service.poll_minutes),
            _poll,
        ),
        Task(
            "sweep", "announces and carries out what retention is due, where that is enabled", lambda _: _HOUR, _sweep
        ),
        Task("digest", "sends the weekly digest when its day has come", lambda _: _HOUR, digest.send_if_due),
        Task(
            "outgoing", "checks drafts in their folder, and what was sent", lambda _: _LOOK, _outgoing(OutgoingDuty())
        ),
    )
