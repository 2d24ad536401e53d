"""What the service does about outgoing mail by itself: the drafts folder watched, what was sent looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ingest import wiring
from ingest.clock import clock_for
from ingest.drafts.watching import DraftsWatch, Watched, drafts_folder
from ingest.faults import fault_sentence
from ingest.gate.judging import Gate, by_agent
from ingest.gate.ruling import Judged, Ruling
from ingest.home import user_identity
from ingest.jobs import Service
from ingest.mailbox import Mailbox
from ingest.sent_audit import Audited, audit_sent
from ingest.still_there import StillThere
from policies.errors import Unavailable
from policies.lint.draft import Draft
from policies.mail import MailId
from records.store import Transaction

#: Without a folder for drafts there is nothing to watch; it may be made one day.
_LOOK_FOR_FOLDER_SECONDS: Final = 600.0


class OutgoingDuty:
    """The watch over drafts and the look at sent mail, from run to run; one thread at a time.

    Connections are kept between runs and dropped when they fail, so a run that raises may be repeated.
    """

    def __init__(self) -> None:
        self._gate: Gate | None = None
        self._there: StillThere | None = None
        self._watch: DraftsWatch | None = None
        self._mailbox: Mailbox | None = None
        self._folder: str | None = None
        self._looked_for_folder: float | None = None

    def run(self, job: Service) -> tuple[Watched, Audited]:
        """Look through the drafts folder and at what was sent since the last run.

        Raises Unavailable: mailbox, smarthost or store failed; run it again.
        """
        try:
            return self._watch_drafts(job), audit_sent(job, self._judge(job), self._lying)
        except Unavailable:
            self.close()
            raise

    def close(self) -> None:
        """Drop connections and store; the next run opens them anew."""
        for each in (self._mailbox, self._there, self._gate):
            if each is not None:
                each.close()
        self._mailbox = self._there = self._gate = self._watch = None

    def _watch_drafts(self, job: Service) -> Watched:
        if not job.settings.outgoing.watch_drafts or job.settings.imap is None or self._has_no_folder():
            return Watched()
        if self._mailbox is None:
            self._mailbox = job.connect()
        job.lifeline.hold(self._mailbox)
        return self._look(job, self._mailbox, job.settings.imap.drafts)

    def _look(self, job: Service, mailbox: Mailbox, configured: str | None) -> Watched:
        if self._folder is None:
            self._folder = drafts_folder(mailbox, configured)
            self._looked_for_folder = time.monotonic()
            if self._folder is None:
                return Watched()
        if self._watch is None:
            self._watch = DraftsWatch(self._judge(job), job.tags, job.home.templates, time.monotonic)
        return self._watch.look(mailbox, self._folder, job.now)

    def _has_no_folder(self) -> bool:
        if self._folder is not None or self._looked_for_folder is None:
            return False
        return time.monotonic() - self._looked_for_folder < _LOOK_FOR_FOLDER_SECONDS

    def _judge(self, job: Service) -> Callable[[Draft], Judged]:
        """The check, with the key of an agent where one runs for this user, else with what lies in the mailbox."""
        if self._gate is None or self._there is None:
            clock = clock_for(job.environ, trial=job.settings.trial)
            unlock = by_agent(job.home, _identities(job), job.environ)
            self._there = StillThere(job.connect, wiring.mailbox_name(job.settings), job.tags)
            self._gate = Gate(job.home, job.settings, clock, unlock, self._lying)
        self._there.hold_by(job.lifeline)
        gate = self._gate
        return lambda draft: _judged(gate, draft)

    def _lying(self, transaction: Transaction, mails: Sequence[MailId]) -> Mapping[MailId, Draft]:
        return self._there.drafts(transaction, mails) if self._there is not None else {}


def _judged(gate: Gate, draft: Draft) -> Judged:
    """What the check says; a mail on which it breaks off is one that could not be checked, and the others go on."""
    try:
        return gate.judge(draft.raw, (), "", keeps=False)
    except Exception as error:  # noqa: BLE001 - one mail
        gate.close()
        return Judged(Ruling.UNCHECKED, report=(f"The check broke off: {fault_sentence(error)}",))


def _identities(job: Service) -> list[Path]:
    named = job.environ.get("CONDUCT_IDENTITY")
    return [Path(named)] if named else [user_identity(), job.home.identity]
