"""Waiting for new mail on a connection of its own: IDLE where the server has it, else a question every few seconds."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Final

from ingest import wiring
from ingest.daemon.backoff import USUAL
from ingest.daemon.runner import Place
from ingest.faults import fault_sentence
from ingest.lifeline import Lifeline
from ingest.mailbox import Mailbox
from ingest.sent import actual_folders
from policies.errors import ConductError

#: RFC 2177: servers may end a wait of half an hour; routers forget a silent connection sooner.
IDLE_SECONDS: Final = 540.0
#: What follows soon upon a mail may go unmentioned: servers look at a folder's time, which counts in seconds.
SOON_SECONDS: Final = 5.0
#: Between two questions to a server without IDLE: a draft is promised within ten seconds of its mail.
ASK_SECONDS: Final = 5.0
#: A talkative server is listened to no more often than this.
_BREATH_SECONDS: Final = 0.2
#: A connection that lasted so long was a good one.
_SETTLED_SECONDS: Final = 60.0


class Watcher:
    """Calls ``wake`` whenever a round of polling is worth while.

    It connects only after a round went well (``well`` is set), so that one back-off serves both: a server that is
    gone or refuses the login is tried by the rounds alone.
    """

    def __init__(self, place: Place, journal: logging.Logger, stop: threading.Event, wake: Callable[[], None]) -> None:
        self._place = place
        self._journal = journal
        self._stop = stop
        self._wake = wake
        self.lifeline = Lifeline(stop)
        self.well = threading.Event()
        self.thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def _run(self) -> None:
        failures = 0
        while self._is_well():
            begun = time.monotonic()
            self._watch_until_trouble()
            failures = 1 if time.monotonic() - begun > _SETTLED_SECONDS else failures + 1
            self.well.clear()
            self._wake()  # for what came meanwhile, and to learn whether the server is there
            self._stop.wait(USUAL.delay(failures, random.random()))  # noqa: S311 - spreads attempts, hides nothing

    def _is_well(self) -> bool:
        """Wait for a round that went well; False when the service is to end."""
        while not self._stop.is_set():
            if self.well.wait(1.0):
                return not self._stop.is_set()
        return False

    def _watch_until_trouble(self) -> None:
        try:
            mailbox = self.lifeline.hold(wiring.connect(self._place.settings, self._place.environ))
            with contextlib.closing(mailbox):
                self._watch(mailbox)
        except ConductError:
            pass  # the round that follows meets the same, and tells it
        except Exception as error:  # noqa: BLE001 - the top of a job
            self._journal.error("watch: %s", fault_sentence(error))

    def _watch(self, mailbox: Mailbox) -> None:
        has_idle = "IDLE" in mailbox.capabilities()
        selected = mailbox.select(actual_folders(mailbox, self._place.settings).names[0])
        seen = selected.uidnext - 1 if selected.uidnext else max(mailbox.all_uids(), default=0)
        self._journal.info(
            "watch: %s", "the server tells of new mail." if has_idle else "the server is asked for new mail."
        )
        self._wake()  # for what came between the last round and now
        is_told = True
        while not self._stop.is_set():
            if has_idle:
                is_told = mailbox.idle(self._stop, SOON_SECONDS if is_told else IDLE_SECONDS)
                self._stop.wait(_BREATH_SECONDS)
            else:
                self._stop.wait(ASK_SECONDS)
                mailbox.noop()
            new = mailbox.new_uids(seen)  # whatever the server told or did not tell
            if new:
                seen = new[-1]
                self._wake()
