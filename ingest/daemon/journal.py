"""The service's log: plain lines on standard error, as journald wants them when it listens.

A line is made of constant words, code names and counts.  Libraries' own loggers stay out of it: what they log can hold
mail (imapclient) or whatever a failing job held (apscheduler).
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Mapping
from typing import Final, TextIO

LOGGER: Final = "conduct.service"
# sd-daemon(3): a line that begins so has that priority.
_PRIORITIES: Final = {logging.ERROR: "<3>", logging.WARNING: "<4>", logging.INFO: "<6>"}


class _Lines(logging.Formatter):
    """One line a message: with its priority for journald, which knows the time; else with the time."""

    def __init__(self, *, for_journald: bool) -> None:
        super().__init__(
            "%(message)s" if for_journald else "%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ"
        )
        self.converter = time.gmtime
        self._for_journald = for_journald

    def format(self, record: logging.LogRecord) -> str:
        """Never more than one line."""
        line = " ".join(super().format(record).split())
        return _PRIORITIES.get(record.levelno, "") + line if self._for_journald else line


def begin_journal(environ: Mapping[str, str], stream: TextIO | None = None) -> logging.Logger:
    """The logger of the service, on standard error unless a stream is given; other libraries are silenced."""
    sink = stream or sys.stderr
    handler = logging.StreamHandler(sink)
    handler.setFormatter(_Lines(for_journald=_is_journald(environ, sink)))
    logger = logging.getLogger(LOGGER)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
    silence_libraries()
    return logger


def silence_libraries() -> None:
    """Drop what libraries log, whatever anybody set before: our own listeners tell what went wrong."""
    known = [name for name in logging.root.manager.loggerDict if name.startswith("apscheduler.")]
    for name in {"apscheduler", "apscheduler.scheduler", "apscheduler.executors.default", *known}:
        library = logging.getLogger(name)
        library.handlers[:] = [logging.NullHandler()]
        library.propagate = False
        library.setLevel(logging.CRITICAL)


def _is_journald(environ: Mapping[str, str], stream: TextIO) -> bool:
    """Whether the stream is the one that systemd.exec(5) says leads to the journal."""
    try:
        about = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{about.st_dev}:{about.st_ino}"
