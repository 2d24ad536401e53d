"""The service in a process of its own: started, watched from outside, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.daemon import health
from records import mail
from tests.cli_runner import ROOT
from tests.scenes import Scene

PATIENCE_SECONDS = 30.0


class Running:
    """One service; what it says on standard error goes to ``log``."""

    def __init__(self, scene: Scene, env: Mapping[str, str] | None = None, **options: Any) -> None:
        self.scene = scene
        self._log = scene.home.root.parent / "service.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ingest.cli", "--home", str(scene.home.root), "run"],
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, **options,
            )  # fmt: skip

    @property
    def log(self) -> str:
        """What it said so far."""
        return self._log.read_text()

    @property
    def health(self) -> health.Health:
        """What it noted."""
        return health.load(self.scene.home) or health.Health()

    def polled(self) -> bool:
        """Whether a round went well since the last failure."""
        task = self.health.task("poll")
        return task.succeeded is not None and not task.failures

    def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> float:
        """Wait; how long it took."""
        begun = time.monotonic()
        while not is_so():
            waited = time.monotonic() - begun
            assert self.process.poll() is None, f"it ended with {self.process.returncode}\n{self.log}"
            assert waited < seconds, f"nothing in {seconds} seconds\n{self.log}"
            time.sleep(0.05)
        return time.monotonic() - begun

    def until_settled(self) -> None:
        """Wait until it waits for mail on a connection of its own, and has polled once more for what came before."""
        self.until(lambda: "watch: the server" in self.log)
        time.sleep(2)

    def stored(self) -> int:
        """How many mails are in the store."""
        with self.scene.looking() as transaction:
            return len(list(mail.stored(transaction)))

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end; how long that took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        return time.monotonic() - begun

    def processor_seconds(self) -> float:
        """Processor time of the service and of the children it has waited for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def children(self) -> list[int]:
        """The processes it started that still run."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        with contextlib.suppress(FileNotFoundError):
            return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        return []


@contextlib.contextmanager
def running(scene: Scene, env: Mapping[str, str] | None = None, **options: Any) -> Iterator[Running]:
    """The service for the length of the block."""
    service = Running(scene, env, **options)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
