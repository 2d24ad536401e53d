"""The unattended sweep killed with SIGKILL wherever it is: no day takes more than its share, and all of it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_runner import ROOT
from tests.crash.sweeper import sweep
from tests.scenes import Scene, copy_home
from tests.servers.account import Account
from tests.story import Story

CASES = 4
#: Where it is killed, and at which passing: before, between and after noting, destroying, wiping.
PLACES = [
    ("records.sweeping:save_notices", 1),
    ("records.sweeping:note_taken", 1),
    ("records.sweeping:note_taken<", 1),
    ("ingest.sweeping:_destroy", 1),
    ("records.expunge:_destroy_mail", 2),
    ("records.expunge:carry_out<", 1),
    ("records.store:Store.wipe_freed_space", 1),
    ("records.store:Store.wipe_freed_space<", 1),
    ("ingest.wiping:wipe_mailbox", 1),
    *[("sqlalchemy.engine.base:Connection.commit<", nth) for nth in range(1, 8)],
]


@pytest.fixture(scope="module")
def ripe(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A committee with four cases of which three may go on 13 January; not to be changed, only copied."""
    server = request.getfixturevalue("pymap_server")
    account = Account("pymap", server.where.port, "ripe", server.where.password, None)  # type: ignore[arg-type]
    server.command("user", account.user, account.password)
    folder = tmp_path_factory.mktemp("ripe")
    scene = Scene.found(folder, account, names=["Priya Raman"], values={"retention": {"unattended": True}})
    story = Story(scene)
    for n in range(CASES):
        story.close(story.record("2026-01-08", f"Cyd <@cyd{n}>"), "no-violation", "2026-01-10")
    for day in ("2026-01-10", "2026-01-11", "2026-01-12"):
        sweep(scene.home.root, {"CONDUCT_TODAY": day})
    return scene


@pytest.mark.parametrize(("place", "nth"), PLACES)
def test_killed_at_a_place_it_takes_no_more_in_a_day_and_finishes_later(
    ripe: Scene, tmp_path: Path, place: str, nth: int
) -> None:
    scene = copy_home(ripe, tmp_path)

    status = _sweep_until(scene, place, nth)
    again = [sweep(scene.home.root, {"CONDUCT_TODAY": "2026-01-13"}) for _ in range(2)]

    assert status in {-signal.SIGKILL, 0}
    assert _expunged(scene) == 3
    assert all(one.done == () for one in again[1:])
    sweep(scene.home.root, {"CONDUCT_TODAY": "2026-01-14"})
    assert _expunged(scene) == CASES
    scene.conduct("audit", "verify", on="2026-01-14").done()


def _sweep_until(scene: Scene, place: str, nth: int) -> int:
    command = [sys.executable, "-P", "-m", "tests.crash.sweeper", place, str(nth), str(scene.home.root)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CONDUCT_TODAY": "2026-01-13"}
    return subprocess.run(command, capture_output=True, env=environ, check=False, timeout=60).returncode


def _expunged(scene: Scene) -> int:
    found = scene.conduct("case", "list", "--json", on="2026-01-14").done().json["cases"]
    return sum(each["status"] == "expunged" for each in found)
