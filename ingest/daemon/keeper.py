"""Keeping the tasks going: each by the clock and when woken, again after a failure, ended within two seconds."""

from __future__ import annotations

import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from types import FrameType
from typing import Any, Final

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from ingest.clock import Clock
from ingest.daemon import health, metrics
from ingest.daemon.backoff import SLOW, pace_after
from ingest.daemon.notify import Systemd
from ingest.daemon.runner import Outcome, Place, Runner
from ingest.daemon.tasks import Task
from ingest.daemon.watching import Watcher

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Between two looks at whether all is well.
_LOOK_SECONDS: Final = 5.0
#: What a running job may use to end by itself, and after that with its connections cut: together under two seconds.
_GRACE_SECONDS: Final = 0.5
_LAST_SECONDS: Final = 1.0
#: A task of every few seconds that goes well each time is written down no more often than this.
_WRITE_SECONDS: Final = 60.0
_AGAIN: Final = timedelta(seconds=0.5)
#: A job this late means that nobody works any more.
_MOST_LATE: Final = timedelta(minutes=2)


class Keeper:
    """The service at work; ``run`` returns when a signal ends it."""

    def __init__(self, place: Place, tasks: Sequence[Task], journal: logging.Logger, systemd: Systemd) -> None:
        self._place = place
        self._journal = journal
        self._systemd = systemd
        self._wall = Clock()
        self.stop = threading.Event()
        self._health = health.load(place.home) or health.Health()
        self._noting = threading.Lock()
        self._complained = ""
        self._written = 0.0
        self._runners = {task.name: self._runner(task) for task in tasks}
        self._watcher = Watcher(place, journal, self.stop, lambda: self.wake("poll"))
        self._scheduler: Any = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(tasks))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> bool:
        """Work until SIGTERM, SIGINT or SIGHUP; False where something had to be abandoned in the middle.

        What is abandoned is as after a crash: nothing is lost, the next round takes it up.
        """
        for number in _SIGNALS:
            signal.signal(number, self._ask_to_end)
        self._begin()
        while not self.stop.wait(self._look_seconds):
            self._look()
        return self._end()

    def wake(self, name: str) -> None:
        """Have a task run now, or once more when it is running."""
        runner = self._runners[name]
        runner.is_woken.set()
        self._schedule(name, timedelta())

    # --- beginning and ending

    def _ask_to_end(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def _begin(self) -> None:
        now = self._wall.now()
        self._scheduler.add_listener(self._on_trouble, EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        for name, runner in self._runners.items():
            seconds = runner.task.every(self._place.settings).total_seconds()
            self._scheduler.add_job(runner.run, "interval", seconds=seconds, id=name, next_run_time=now)
        known = {name: self._health.task(name) for name in self._runners}
        self._change(lambda _: health.Health(self._wall.now(), None, known))
        self._scheduler.start()
        self._watcher.thread.start()
        self._journal.info("The service has begun: %s.", ", ".join(self._runners))
        self._systemd.tell("READY=1", "STATUS=At work.")

    def _end(self) -> bool:
        self._systemd.tell("STOPPING=1", "STATUS=Ending.")
        self._scheduler.shutdown(wait=False)
        if not self._is_over_within(_GRACE_SECONDS):
            for lifeline in self._lifelines():
                lifeline.cut()
        is_over = self._is_over_within(_LAST_SECONDS)
        self._change(lambda before: health.Health(before.started, self._wall.now(), before.tasks))
        self._journal.info("The service has ended%s.", "" if is_over else ", in the middle of its work")
        return is_over

    def _is_over_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._lifelines(running_only=True) or self._watcher.thread.is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _lifelines(self, *, running_only: bool = False) -> list[Any]:
        running = [runner.lifeline for runner in self._runners.values() if runner.lifeline is not None]
        return running if running_only else [*running, self._watcher.lifeline]

    # --- one run after the other

    def _runner(self, task: Task) -> Runner:
        return Runner(task, self._place, self._journal, self.stop, lambda outcome: self._note(task, outcome))

    def _note(self, task: Task, outcome: Outcome) -> None:
        """Keep how a run went, and say when the next one is, where that is not the usual time."""
        task_health = self._health.task(task.name)
        if outcome.error is None:
            after = task_health.after_success(outcome.at)
        else:
            after = task_health.after_failure(outcome.at, outcome.code)
        is_news = outcome.error is not None or task_health.failures > 0 or task.name == "poll"
        self._change(lambda before: before.with_task(task.name, after), is_news=is_news)
        if task.name == "poll":
            (self._watcher.well.set if outcome.error is None else self._watcher.well.clear)()
        if outcome.error is not None:
            pace = pace_after(outcome.error)
            delay = pace.delay(after.failures, random.random())  # noqa: S311 - spreads attempts, hides nothing
            self._schedule(task.name, timedelta(seconds=delay))
        elif self._runners[task.name].is_woken.is_set():
            self._schedule(task.name, _AGAIN)

    def _schedule(self, name: str, after: timedelta) -> None:
        if self.stop.is_set():
            return
        try:
            self._scheduler.modify_job(name, next_run_time=self._wall.now() + after)
        except JobLookupError:  # the scheduler is ending
            return

    def _on_trouble(self, event: Any) -> None:  # noqa: ANN401 - APScheduler has no types
        """A woken task that was still running runs again; anything else that the scheduler has to say is told."""
        if event.code == EVENT_JOB_MAX_INSTANCES:
            if self._runners[event.job_id].is_woken.is_set():
                self._schedule(event.job_id, _AGAIN)
        elif event.code == EVENT_JOB_MISSED:
            self._journal.warning("%s: a run was missed.", event.job_id)
        else:
            self._journal.error("%s: a fault of ours: %s.", event.job_id, type(event.exception).__name__)

    def _change(self, change: Callable[[health.Health], health.Health], *, is_news: bool = True) -> None:
        """Note how things stand, what is no news only now and then; where that cannot be written, the work goes on."""
        with self._noting:
            self._health = change(self._health)
            if not is_news and time.monotonic() - self._written < _WRITE_SECONDS:
                return
            self._written = time.monotonic()
            trouble = self._written_down()
        if trouble and trouble != self._complained:
            self._journal.warning("How the service stands cannot be noted%s.", trouble)
        self._complained = trouble

    def _written_down(self) -> str:
        """Write it where it is read; what cannot be written and why, in the words that end a sentence."""
        troubles: list[str] = []
        metrics_file = self._place.settings.service.metrics_file
        try:
            health.save(self._place.home, self._health)
        except OSError as error:
            troubles.append(f": {error.strerror or 'it cannot be written'}")
        try:
            metrics.write(metrics_file, self._health)
        except OSError as error:
            troubles.append(f" in service.metrics_file ({metrics_file}): {error.strerror or 'it cannot be written'}")
        return "; nor".join(troubles)

    # --- looking after it

    @property
    def _look_seconds(self) -> float:
        wanted = self._systemd.watchdog_seconds
        return _LOOK_SECONDS if wanted is None else min(_LOOK_SECONDS, wanted / 3)

    def _look(self) -> None:
        """Cut what achieves nothing, mend what a clock set back has put off, and tell systemd that all is well."""
        well = [self._is_well(runner) for runner in self._runners.values()]
        if all(well) and self._watcher.thread.is_alive():
            self._systemd.tell("WATCHDOG=1")

    def _is_well(self, runner: Runner) -> bool:
        lifeline, patience = runner.lifeline, runner.task.patience_seconds
        if lifeline is not None:
            if lifeline.seconds_still > patience:
                lifeline.cut()
            return lifeline.seconds_still < 2 * patience
        job = self._scheduler.get_job(runner.task.name)
        if job is None or job.next_run_time is None:
            return False
        now = self._wall.now()
        if job.next_run_time > now + runner.task.every(self._place.settings) + timedelta(seconds=SLOW.most):
            self.wake(runner.task.name)  # the clock was set back
        return bool(job.next_run_time > now - _MOST_LATE)
