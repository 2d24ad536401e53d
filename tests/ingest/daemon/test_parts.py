"""The service's small parts: back-off, journal, systemd's socket, what is noted, figures, and units for packagers."""

from __future__ import annotations

import doctest
import io
import logging
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.daemon import backoff, digest, health, metrics
from ingest.daemon.backoff import BUSY, SLOW, USUAL, pace_after
from ingest.daemon.health import Health, TaskHealth
from ingest.daemon.journal import LOGGER, begin_journal
from ingest.daemon.notify import Systemd
from ingest.home import Home
from policies.errors import LockedElsewhere, Unavailable, WrongUsage
from tests.cli_runner import ROOT

NOW = datetime(2026, 11, 21, 13, 40, tzinfo=UTC)
UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))


# ------------------------------------------------------------ back-off


def test_worked_examples() -> None:
    assert doctest.testmod(backoff).failed == 0
    assert doctest.testmod(digest).failed == 0


@pytest.mark.parametrize("pace", [USUAL, BUSY, SLOW])
def test_it_waits_longer_each_time_but_never_for_ever(pace: backoff.Pace) -> None:
    waits = [pace.delay(failures, 0.5) for failures in range(1, 2000)]

    assert waits == sorted(waits)
    assert waits[0] >= pace.first / 2
    assert waits[-1] <= pace.most


def test_two_services_do_not_come_back_together() -> None:
    assert USUAL.delay(5, 0.0) < USUAL.delay(5, 0.3) < USUAL.delay(5, 1.0)


def test_what_a_person_must_mend_is_tried_slowly() -> None:
    assert pace_after(Unavailable("login-refused", "No.")) is SLOW
    assert pace_after(WrongUsage("no-oauth", "No.")) is SLOW
    assert pace_after(Unavailable("mailbox-unreachable", "No.")) is USUAL
    assert pace_after(OSError(28, "No space left")) is USUAL
    assert pace_after(LockedElsewhere("store-busy", "Busy.")) is BUSY


# ------------------------------------------------------------ journal


@pytest.fixture
def quiet() -> Iterator[None]:
    """The loggers as they were, afterwards."""
    names = [LOGGER, "apscheduler", "apscheduler.scheduler", "apscheduler.executors.default"]
    before = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in names}
    yield
    for name, (handlers, level) in before.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).propagate = True


def test_lines_bear_the_time(quiet: None) -> None:
    sink = io.StringIO()

    begin_journal({}, sink).warning("poll: %s", "one\ntwo")

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING poll: one two\n", sink.getvalue())


def test_lines_for_journald_bear_their_priority(quiet: None, tmp_path: Path) -> None:
    with (tmp_path / "journal").open("w+") as sink:
        about = (tmp_path / "journal").stat()
        journal = begin_journal({"JOURNAL_STREAM": f"{about.st_dev}:{about.st_ino}"}, sink)
        journal.info("poll: nothing.")
        journal.error("poll: a fault.")

    assert (tmp_path / "journal").read_text() == "<6>poll: nothing.\n<3>poll: a fault.\n"


def test_another_stream_than_the_journals_gets_no_priorities(quiet: None, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+") as sink:
        begin_journal({"JOURNAL_STREAM": "1:2"}, sink).info("poll: nothing.")

    assert "<6>" not in (tmp_path / "file").read_text()


def test_libraries_are_not_heard(quiet: None, capfd: pytest.CaptureFixture[str]) -> None:
    """APScheduler logs the traceback of a failing job, and imapclient every mail."""
    from ingest import imap_safety

    sink = io.StringIO()
    for name in ("apscheduler.executors.default", "apscheduler.scheduler", "apscheduler.new"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    begin_journal({}, sink)
    imap_safety.quieten_library()

    for name in ("apscheduler.executors.default", "apscheduler.scheduler", "apscheduler.new"):
        logging.getLogger(name).error("secret-of-a-job", exc_info=ValueError("secret"))
    for name in ("imapclient.imaplib", "imapclient.imapclient"):
        logging.getLogger(name).info("secret-of-a-mail")

    assert "secret" not in sink.getvalue() + "".join(capfd.readouterr())


# ------------------------------------------------------------ systemd


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(tmp_path: Path, abstract: bool) -> None:
    address = f"@conduct-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind("\0" + address[1:] if abstract else address)
        channel.settimeout(5)

        Systemd.from_environment({"NOTIFY_SOCKET": address}).tell("READY=1", "STATUS=At work.")

        assert channel.recv(1000) == b"READY=1\nSTATUS=At work."


@pytest.mark.parametrize("address", ["", "relative", "/no/such/socket", "vsock:2:3"])
def test_nobody_to_tell_is_no_trouble(address: str) -> None:
    Systemd.from_environment({"NOTIFY_SOCKET": address}).tell("READY=1")


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_how_often_systemd_wants_a_sign(environ: dict[str, str], seconds: float | None) -> None:
    assert Systemd.from_environment(environ).watchdog_seconds == seconds


# ------------------------------------------------------------ what is noted


def test_what_is_noted_is_read_again(tmp_path: Path) -> None:
    home = Home(tmp_path, tmp_path)
    noted = Health(NOW, None, {"poll": TaskHealth().after_success(NOW).after_failure(NOW, "mailbox-gone")})

    health.save(home, noted)

    assert health.load(home) == noted
    assert (tmp_path / "service.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"started": "2026-01-01T00:00:00"}', b"[" * 70_000])
def test_what_is_no_note_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "service.json").write_bytes(content)
    (tmp_path / "digest.json").write_bytes(content)

    assert health.load(Home(tmp_path, tmp_path)) is None
    assert digest.load(tmp_path / "digest.json") is None


def test_figures_are_in_prometheus_text(tmp_path: Path) -> None:
    file = tmp_path / "conduct.prom"
    noted = Health(NOW, None, {"poll": TaskHealth().after_success(NOW)})

    metrics.write(file, noted)

    assert file.stat().st_mode & 0o777 == 0o644
    lines = file.read_text().splitlines()
    assert 'conduct_task_last_success_timestamp_seconds{task="poll"} 1795268400' in lines
    assert "conduct_up 1" in lines
    assert all(re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+(\{task=\"\w+\"\})? \d+", line) for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["conduct.prom"]


# ------------------------------------------------------------ units


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_expose_little(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)

    assert found is not None
    assert float(found[1]) <= 1.5


def test_there_are_units_for_both_services() -> None:
    assert [unit.name for unit in UNITS] == ["conduct-gateway.service", "conduct.service"]
    assert "Type=notify" in UNITS[1].read_text()
