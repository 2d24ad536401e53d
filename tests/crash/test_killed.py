"""A poller killed with SIGKILL wherever it is, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.cli_runner import ROOT
from tests.crash.whole import assert_recovers
from tests.scenes import Scene, kill
from tests.servers.proxy import FlakyProxy

#: Where it is killed, and at which passing.  ``<`` is the return of a function.
PLACES = [
    ("ingest.mailbox_lock:mailbox_lock", 1),
    ("ingest.imap:ImapMailbox.select<", 1),
    ("records.places:note_attempts<", 1),
    ("ingest.pipeline:_note_attempts<", 1),
    ("ingest.pipeline:_note_attempts<", 2),
    ("ingest.sealing:seal_pieces", 3),
    ("ingest.sealing:seal_pieces<", 5),
    ("ingest.worker:Reader.read_many", 1),
    ("ingest.worker:_Child.converse", 1),
    ("ingest.pipeline:_commit", 1),
    ("ingest.filing:Filing._file", 1),
    ("records.mail:write_head", 2),
    ("records.mail:write_head<", 3),
    ("records.mail:write_sealed<", 1),
    ("records.keyring:grant_all<", 1),
    ("records.audit:append<", 2),
    ("records.places:finish_attempts<", 2),
    ("records.store:_write_anchor", 1),
    ("records.store:_write_anchor<", 1),
    ("ingest.pipeline:_commit", 2),
    ("ingest.pipeline:_commit<", 2),
]
#: The commits of one poll, one after the other: of keys, of content, of the anchor, for each of its transactions.
COMMITS = [("sqlalchemy.engine.base:Connection.commit", nth) for nth in range(1, 7)]
RETURNS = [("sqlalchemy.engine.base:Connection.commit<", nth) for nth in range(1, 7)]


def _poll_until(scene: Scene, place: str, nth: int) -> int:
    command = [sys.executable, "-P", "-m", "tests.crash.stopper", place, str(nth)]
    arguments = ["--home", str(scene.home.root), "poll", "--json"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*command, *arguments], capture_output=True, env=environ, check=False, timeout=60).returncode


@pytest.mark.parametrize(("place", "nth"), [*PLACES, *COMMITS, *RETURNS])
def test_killed_at_a_place_loses_and_doubles_nothing(unpolled: Scene, place: str, nth: int) -> None:
    assert _poll_until(unpolled, place, nth) == -signal.SIGKILL

    assert_recovers(unpolled)


def test_killed_again_and_again_gets_through_in_the_end(unpolled: Scene) -> None:
    """Each time a little later; what is committed stays, and no mail is given up."""
    for nth in range(1, 9):
        assert _poll_until(unpolled, "records.mail:write_head<", nth) in {-signal.SIGKILL, 0}

    assert_recovers(unpolled)


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 0.6, 0.95])
def test_killed_while_the_server_is_silent(
    unpolled: Scene, share: float, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    """The server stalls after part of its answers; the poller, waiting for the rest, is killed from outside."""
    assert unpolled.account is not None
    total = sum(map(len, unpolled.account.contents()))
    proxy = flaky_proxy(unpolled.account.port)
    settings = unpolled.home.settings_file
    straight = settings.read_text()
    settings.write_text(straight.replace(f"port = {unpolled.account.port}", f"port = {proxy.port}"))
    proxy.break_after(int(total * share) + 1000, "stall")
    poller = unpolled.start_poll()
    _wait_until_silent(proxy)

    kill(poller)
    assert poller.returncode == -signal.SIGKILL
    settings.write_text(straight)
    assert_recovers(unpolled)


def _wait_until_silent(proxy: FlakyProxy) -> None:
    deadline = time.monotonic() + 30
    while proxy._left != 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)  # whatever came is being worked on


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.35, 0.5, 0.8])
def test_killed_at_any_time(unpolled: Scene, seconds: float) -> None:
    poller = unpolled.start_poll()
    time.sleep(seconds)

    kill(poller)
    assert_recovers(unpolled)
