"""What the service does about outgoing mail by itself: the drafts folder watched, what was sent looked at."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingest import wiring
from ingest.drafts.watching import DraftsWatch, Watched, drafts_folder
from ingest.gate.apart import Apart
from ingest.gate.ruling import Judged
from ingest.home import user_identity
from ingest.jobs import Service
from ingest.mailbox import Mailbox
from ingest.sent_audit import Audited, audit_sent
from ingest.still_there import StillThere
from policies.errors import Unavailable
from policies.lint.draft import Draft

#: Without a folder for drafts there is nothing to watch; it may be made one day.
_LOOK_FOR_FOLDER_SECONDS: Final = 600.0

Judge = Callable[[Draft], Judged]


class OutgoingDuty:
    """The watch over drafts and the look at sent mail, from run to run; one thread at a time.

    What a mail says is read in a limited child, which lives no longer than the run.  The connection to the drafts
    folder is kept, and dropped when it fails, so a run that raises may be repeated.
    """

    def __init__(self) -> None:
        self._watch: DraftsWatch | None = None
        self._mailbox: Mailbox | None = None
        self._folder: str | None = None
        self._looked_for_folder: float | None = None

    def run(self, job: Service) -> tuple[Watched, Audited]:
        """Look through the drafts folder and at what was sent since the last run.

        The check has the key of an agent where one runs for this user, else what still lies in the mailbox.
        Raises Unavailable: mailbox, smarthost or store failed; run it again.
        """
        there = StillThere(job.connect, wiring.mailbox_name(job.settings), job.tags)
        apart = Apart(job.home, _identities(job), job.environ, reads_mailbox=True)

        def judge(draft: Draft) -> Judged:
            return apart.judge(draft.raw, (), "", keeps=False)

        try:
            with contextlib.closing(there), contextlib.closing(apart):
                return self._watch_drafts(job, judge), audit_sent(job, judge, there.drafts)
        except Unavailable:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection; the next run reads the folder anew."""
        if self._mailbox is not None:
            self._mailbox.close()
        self._mailbox = self._watch = None

    def _watch_drafts(self, job: Service, judge: Judge) -> Watched:
        if not job.settings.outgoing.watch_drafts or job.settings.imap is None or self._has_no_folder():
            return Watched()
        if self._mailbox is None:
            self._mailbox = job.connect()
        job.lifeline.hold(self._mailbox)
        return self._look(job, self._mailbox, job.settings.imap.drafts, judge)

    def _look(self, job: Service, mailbox: Mailbox, configured: str | None, judge: Judge) -> Watched:
        if self._folder is None:
            self._folder = drafts_folder(mailbox, configured)
            self._looked_for_folder = time.monotonic()
            if self._folder is None:
                return Watched()
        if self._watch is None:
            self._watch = DraftsWatch(job.tags, job.home.templates, time.monotonic)
        return self._watch.look(mailbox, self._folder, job.now, judge)

    def _has_no_folder(self) -> bool:
        if self._folder is not None or self._looked_for_folder is None:
            return False
        return time.monotonic() - self._looked_for_folder < _LOOK_FOR_FOLDER_SECONDS


def _identities(job: Service) -> list[Path]:
    named = job.environ.get("CONDUCT_IDENTITY")
    return [Path(named)] if named else [user_identity(), job.home.identity]
