"""What a running job and whoever runs it tell each other: it gets on, it is to stop, its connections are cut."""

from __future__ import annotations

import threading
import time
import weakref

from ingest.mailbox import Mailbox


class Lifeline:
    """One job's; a command that nobody watches has one as well, and never looks at it.

    ``stop`` is set once and for all.  A job need not look at it: when ``cut`` is called its connections fail.
    """

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[Mailbox] = weakref.WeakSet()
        self._progressed = time.monotonic()

    def progress(self) -> None:
        """Say that something was achieved just now."""
        self._progressed = time.monotonic()

    @property
    def seconds_still(self) -> float:
        """How long nothing was achieved."""
        return time.monotonic() - self._progressed

    def hold(self, mailbox: Mailbox) -> Mailbox:
        """The connection, noted down so that ``cut`` reaches it; cut at once where the job is to stop already."""
        with self._lock:
            self._open.add(mailbox)
        if self.stop.is_set():
            mailbox.abort()
        self.progress()
        return mailbox

    def cut(self) -> None:
        """End the wait of every connection, from any thread; the job that holds it gets "mailbox-gone"."""
        with self._lock:
            connections = list(self._open)
        for mailbox in connections:
            mailbox.abort()
