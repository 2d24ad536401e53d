"""Keeping tasks going: faults, hanging runs, wakes in the middle, clocks set back, systemd's watchdog, the doctor."""

from __future__ import annotations

import io
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.clock import Clock
from ingest.config import load_settings
from ingest.daemon import health
from ingest.daemon.journal import begin_journal
from ingest.daemon.keeper import Keeper
from ingest.daemon.notify import Systemd
from ingest.daemon.runner import Place
from ingest.daemon.tasks import Task, tasks
from ingest.jobs import Service
from policies.errors import Unavailable
from tests.ingest.daemon.running import running
from tests.scenes import Scene
from tests.servers.account import Account

HOURLY = timedelta(hours=1)


class Kept:
    """A keeper begun in this process, its journal, and what systemd hears."""

    def __init__(self, scene: Scene, *kept: Task) -> None:
        self.journal = io.StringIO()
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = str(scene.home.root.parent / "notify")
        self.channel.bind(address)
        self.channel.setblocking(False)
        place = Place(scene.home, load_settings(scene.home), os.environ, Clock())
        self.keeper = Keeper(place, kept, begin_journal({}, self.journal), Systemd(address, None))
        self.keeper._begin()

    def heard(self) -> list[str]:
        found = []
        while True:
            try:
                found.append(self.channel.recv(1000).decode())
            except BlockingIOError:
                return found

    def until(self, is_so: Callable[[], bool], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, self.journal.getvalue()
            time.sleep(0.02)


@pytest.fixture
def keep(tmp_path: Path, pymap_account: Account) -> Iterator[Callable[..., Kept]]:
    begun: list[Kept] = []
    scene = Scene.found(tmp_path, pymap_account)

    def make(*kept: Task) -> Kept:
        begun.append(Kept(scene, *kept))
        return begun[-1]

    yield make
    for each in begun:
        each.keeper.stop.set()
        each.keeper._end()
        each.channel.close()


def task(name: str, run: Callable[[Service], str], patience: float = 900) -> Task:
    return Task(name, "", lambda _: HOURLY, run, patience)


def test_the_table_has_what_a_committee_forgets() -> None:
    names = [each.name for each in tasks()]

    assert {"poll", "sweep", "digest"} <= set(names)
    assert len(names) == len(set(names))


def test_a_fault_in_one_task_ends_no_other_and_tells_nothing(keep: Callable[..., Kept]) -> None:
    def fail(_: Service) -> str:
        raise ValueError("secret of a mail")

    kept = keep(task("poll", fail), task("other", lambda _: "3 done."))

    kept.until(
        lambda: "poll: a fault of ours" in kept.journal.getvalue() and "other: 3 done." in kept.journal.getvalue()
    )
    assert "secret" not in kept.journal.getvalue()


def test_systemexit_in_a_task_is_not_swallowed_in_silence(keep: Callable[..., Kept]) -> None:
    def leave(_: Service) -> str:
        raise SystemExit(3)

    kept = keep(task("poll", leave))

    kept.until(lambda: "SystemExit" in kept.journal.getvalue())


def test_what_wakes_a_running_task_makes_it_run_once_more(keep: Callable[..., Kept]) -> None:
    runs: list[int] = []
    go_on = threading.Event()

    def run(_: Service) -> str:
        runs.append(1)
        go_on.wait(10)
        return ""

    kept = keep(task("poll", lambda _: ""), task("slow", run))
    kept.until(lambda: len(runs) == 1)
    for _ in range(5):
        kept.keeper.wake("slow")
        time.sleep(0.02)
    go_on.set()

    kept.until(lambda: len(runs) == 2)
    time.sleep(1.2)
    assert len(runs) == 2


def test_a_run_that_achieves_nothing_is_cut_and_in_the_end_left_to_systemd(keep: Callable[..., Kept]) -> None:
    """It waits on a server that never says anything again; after twice its patience systemd gets no sign of life."""
    hang = threading.Event()

    def run(job: Service) -> str:
        mailbox = job.connect()
        mailbox.select("INBOX")
        try:
            mailbox.idle(threading.Event(), 600)
        except Unavailable:
            hang.wait(20)
        return ""

    kept = keep(task("poll", lambda _: ""), task("stuck", run, patience=0.6))
    stuck = kept.keeper._runners["stuck"]
    kept.until(lambda: stuck.lifeline is not None)
    kept.keeper._look()
    assert "WATCHDOG=1" in kept.heard()

    kept.until(lambda: stuck.lifeline is not None and stuck.lifeline.seconds_still > 2.2 * stuck.task.patience_seconds)
    kept.heard()
    kept.keeper._look()
    assert kept.heard() == []
    hang.set()


def test_a_clock_set_back_puts_nothing_off(keep: Callable[..., Kept]) -> None:
    runs: list[int] = []

    def run(_: Service) -> str:
        runs.append(1)
        return ""

    kept = keep(task("poll", lambda _: ""), task("some", run))
    kept.until(lambda: len(runs) == 1 and kept.keeper._runners["some"].lifeline is None)
    kept.keeper._scheduler.modify_job("some", next_run_time=datetime.now(UTC) + timedelta(days=365))

    kept.keeper._look()

    kept.until(lambda: len(runs) == 2)


def test_a_home_that_cannot_be_written_is_said_once(keep: Callable[..., Kept], tmp_path: Path) -> None:
    (tmp_path / "home" / health.FILE).mkdir()
    kept = keep(task("poll", lambda _: ""))
    kept.until(lambda: kept.keeper._health.task("poll").succeeded is not None)
    for _ in range(3):
        kept.keeper._change(lambda before: before)

    assert kept.journal.getvalue().count("cannot be noted") == 1


def test_figures_that_cannot_be_written_are_said_with_their_file(tmp_path: Path, pymap_account: Account) -> None:
    figures = tmp_path / "nowhere" / "conduct.prom"
    scene = Scene.found(tmp_path, pymap_account, values={"service": {"metrics_file": str(figures)}})
    kept = Kept(scene, task("poll", lambda _: ""))
    kept.until(lambda: kept.keeper._health.task("poll").succeeded is not None)
    kept.keeper.stop.set()
    kept.keeper._end()
    kept.channel.close()

    assert f"cannot be noted in service.metrics_file ({figures}): No such file" in kept.journal.getvalue()
    assert health.load(scene.home) is not None


def test_systemd_hears_of_beginning_life_and_end(tmp_path: Path, pymap_account: Account) -> None:
    scene = Scene.found(tmp_path, pymap_account)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(f"\0conduct-{tmp_path.name}")
        channel.settimeout(20)
        environ: dict[str, Any] = {"NOTIFY_SOCKET": f"@conduct-{tmp_path.name}", "WATCHDOG_USEC": "900000"}
        with running(scene, environ) as service:
            assert channel.recv(1000).startswith(b"READY=1")
            assert [channel.recv(1000) for _ in range(3)] == [b"WATCHDOG=1"] * 3
            service.end(signal.SIGTERM)
            told = [channel.recv(1000)]
            while not told[-1].startswith(b"STOPPING=1"):
                told.append(channel.recv(1000))


def test_the_doctor_tells_how_it_goes(tmp_path: Path, pymap_account: Account) -> None:
    scene = Scene.found(tmp_path, pymap_account)

    def doctor() -> dict[str, str]:
        checks = scene.as_service("doctor", "--json").json["checks"]
        return next((one for one in checks if one["check"] == "service" and one["state"] != "ok"),
                    next(one for one in checks if one["check"] == "service"))  # fmt: skip

    now = datetime.now(UTC)
    assert "never run" in doctor()["message"]

    poll = health.TaskHealth(now - timedelta(hours=3), now, "mailbox-unreachable", 7)
    health.save(scene.home, health.Health(now - timedelta(days=1), None, {"poll": poll}))
    told = doctor()
    assert told["state"] == "problem"
    assert told["message"] == (
        "The service has not polled for 3 hours. It fails with mailbox-unreachable: 7 times by now."
    )

    health.save(scene.home, health.Health(now, None, {"poll": poll.after_success(now)}))
    assert doctor()["state"] == "ok"

    health.save(scene.home, health.Health(now, now, {"poll": poll.after_success(now)}))
    assert "The service ended at" in doctor()["message"]
