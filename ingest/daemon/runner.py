"""One run of a task: a store opened, a service built, what went wrong told and noted; nothing is raised."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from ingest import jobs, wiring
from ingest.clock import Clock
from ingest.config import Settings
from ingest.daemon.tasks import Task
from ingest.faults import fault_sentence
from ingest.heap import give_back
from ingest.home import Home
from ingest.lifeline import Lifeline
from policies.errors import ConductError, LockedElsewhere

#: After the first few failures of a kind only each so-manieth is worth a line.
_EACH = 12
_FIRST = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """What every run is built from."""

    home: Home
    settings: Settings
    environ: Mapping[str, str]
    clock: Clock


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went: when, by this machine's clock also in a trial, and the error with its code where it failed."""

    at: datetime
    error: Exception | None
    code: str = ""


class Runner:
    """A task with its runs, one at a time; ``note`` is called after each."""

    def __init__(
        self, task: Task, place: Place, journal: logging.Logger, stop: threading.Event, note: Callable[[Outcome], None]
    ) -> None:
        self.task = task
        self._place = place
        self._journal = journal
        self._stop = stop
        self._note = note
        self._failed = ("", 0)
        self.lifeline: Lifeline | None = None
        self.is_woken = threading.Event()

    def run(self) -> None:
        """Run the task once; whatever goes wrong, the service lives on."""
        if not self._stop.is_set():
            self._run()
            give_back()  # here, where no error holds what the run had in hand

    def _run(self) -> None:
        self.is_woken.clear()
        lifeline = self.lifeline = Lifeline(self._stop)
        error: Exception | None = None
        try:
            said = self._work(lifeline)
            if said:
                self._journal.info("%s: %s", self.task.name, said)
        except Exception as raised:  # noqa: BLE001 - the top of a job
            error = raised
        finally:
            self.lifeline = None
        if error is not None and self._stop.is_set():
            return  # it was made to fail, so that the service can end
        self._tell(error)
        self._note(Outcome(Clock().now(), error, _code(error) if error else ""))

    def _work(self, lifeline: Lifeline) -> str:
        place = self._place
        with contextlib.closing(wiring.open_store(place.home, place.settings)) as store:
            job = jobs.service(place.home, place.settings, place.environ, store, place.clock.now())
            return self.task.run(dataclasses.replace(job, lifeline=lifeline))

    def _tell(self, error: Exception | None) -> None:
        """A line for the log, unless the same was said often enough."""
        before, count = self._failed
        if error is None:
            self._failed = ("", 0)
            if count:
                self._journal.info("%s: works again.", self.task.name)
            return
        code = _code(error)
        count = count + 1 if code == before else 1
        self._failed = (code, count)
        if count <= _FIRST or count % _EACH == 0:
            level = logging.INFO if isinstance(error, LockedElsewhere) else logging.WARNING
            self._journal.log(level, "%s: %s [%s]", self.task.name, _sentence(error), code)


def _code(error: Exception) -> str:
    """One word for what went wrong."""
    if isinstance(error, ConductError):
        return error.code
    if isinstance(error, OSError) and error.errno is not None:
        return "os-" + errno.errorcode.get(error.errno, "unknown").lower()
    return "fault"


def _sentence(error: Exception) -> str:
    if isinstance(error, ConductError):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return f"The system says: {errno.errorcode.get(error.errno, 'unknown')}."
    return fault_sentence(error)
