"""The service for a while on a bad line: every mail stored once, memory flat, no busy loop.

Twenty seconds; ``CONDUCT_SOAK_SECONDS=600`` for as long as one likes, as ``.ci/run`` does.  Then lines stall as well,
each of which costs a read's patience of a minute.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.daemon.running import running
from tests.processes import memory
from tests.scenes import Scene, mail_from
from tests.servers.account import Account, DovecotAdministrator
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy, Mishap

SECONDS = float(os.environ.get("CONDUCT_SOAK_SECONDS", "20"))
IS_LONG = SECONDS >= 300
MISHAPS: tuple[Mishap, ...] = ("cut", "truncate", "stall") if IS_LONG else ("cut", "truncate")
#: What a heap may grow by, once it has seen mails of every size, before it counts as growing; and what it may be.
MOST_GROWTH_MEBIBYTES = 12
MOST_MEBIBYTES = 150


class Line:
    """A mailbox behind a bad line; ``deliver`` reaches it on a good one."""

    def __init__(self, scene: Scene, dovecot: Dovecot, proxy: FlakyProxy, chance: random.Random) -> None:
        self.scene, self._dovecot, self._proxy, self.chance = scene, dovecot, proxy, chance
        self.delivered = 0

    def deliver(self) -> None:
        """A mail or a few, some of them large."""
        for _ in range(self.chance.randint(1, 3)):
            self.delivered += 1
            text = "word " * self.chance.choice([10, 1000, 200_000])
            mail = mail_from(f"sender{self.delivered}@example.net", f"Report {self.delivered}", text)
            content = bytes(mail).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self._dovecot.deliver("user", content, f"17640{self.delivered:05}.M1P1.host")

    def trouble(self) -> None:
        """Something goes wrong for a moment."""
        if self.chance.random() < 0.15:
            self._dovecot.stop()
            time.sleep(self.chance.random())
            self._dovecot.start()
            return
        self._proxy.break_after(self.chance.choice([0, 30, 500, 5_000, 300_000]), self.chance.choice(MISHAPS))
        time.sleep(self.chance.random() * 2)
        self._proxy.heal()


@pytest.fixture
def line(tmp_path: Path, own_dovecot: Dovecot, flaky_proxy: Callable[[int], FlakyProxy]) -> Line:
    proxy = flaky_proxy(own_dovecot.port)
    account = Account("dovecot", proxy.port, "user", own_dovecot.password, DovecotAdministrator(own_dovecot))
    scene = Scene.found(tmp_path, account)
    account.port = own_dovecot.port
    return Line(scene, own_dovecot, proxy, random.Random(7))


@pytest.mark.dovecot
@pytest.mark.timeout(SECONDS + 240)
def test_a_bad_line_loses_nothing_and_costs_little(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    with running(line.scene) as service:
        service.until(service.polled)
        begun = time.monotonic()
        used: list[int] = []
        while time.monotonic() - begun < SECONDS:
            line.deliver()
            line.trouble()
            time.sleep(line.chance.uniform(3, 15) if IS_LONG else 0.5)
            used.append(memory(service.process.pid) // 2**20)
        elapsed, busy = time.monotonic() - begun, service.processor_seconds()
        last = service.until(lambda: service.stored() == line.delivered, 200)

        assert service.end() < 2.5
        assert line.scene.exported() == line.scene.in_mailbox()
        assert len(line.scene.exported()) == line.delivered
        settled = used[len(used) // 3]
        with capsys.disabled():
            print(
                f"\n  soak: {elapsed:.0f} s, {line.delivered} mails, {busy / elapsed:.0%} of a processor with readers,"
                f" {settled} -> {used[-1]} MiB (most {max(used)}), the last {last:.1f} s"
                f" after the line was good"
            )
        assert max(used) < MOST_MEBIBYTES
        assert not IS_LONG or used[-1] - settled < MOST_GROWTH_MEBIBYTES
        assert busy < elapsed
