"""The service at work on real servers: a draft soon after its mail, one instance, and an end within two seconds."""

from __future__ import annotations

import contextlib
import functools
import resource
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.daemon.running import running
from tests.scenes import Scene, mail_from
from tests.servers.account import Account, DovecotAdministrator
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy

MARK = "Zqxmark"


@pytest.fixture
def scene(tmp_path: Path, imap_server: Account) -> Scene:
    return Scene.found(tmp_path, imap_server)


@pytest.fixture
def pymap_scene(tmp_path: Path, pymap_account: Account) -> Scene:
    return Scene.found(tmp_path, pymap_account)


def test_a_draft_within_ten_seconds_of_its_mail(scene: Scene) -> None:
    scene.deliver(mail_from(f"{MARK}a@example.net", f"{MARK} before"))
    with running(scene) as service:
        service.until(lambda: service.stored() == 1)
        service.until_settled()
        scene.deliver(mail_from(f"{MARK}b@example.net", f"{MARK} after"))

        assert service.until(lambda: service.stored() == 2) < 10

        assert service.end() < 2
        assert service.process.returncode == 0
        assert service.health.ended is not None
        assert "poll: 1 new mail: 1 draft" in service.log
        assert MARK.lower() not in service.log.lower()


def test_a_server_without_idle_is_asked(
    tmp_path: Path, imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    proxy = flaky_proxy(imap_server.port)
    proxy.replace(b"IDLE", b"XDLE")
    behind, imap_server.port = imap_server.port, proxy.port
    scene = Scene.found(tmp_path, imap_server)
    imap_server.port = behind
    with running(scene) as service:
        service.until_settled()
        scene.deliver(mail_from("ada@example.net", "Report"))

        assert service.until(lambda: service.stored() == 1) < 10
        assert service.end() < 2


def test_a_second_service_is_told_who_runs(pymap_scene: Scene) -> None:
    with running(pymap_scene) as service:
        service.until(service.polled)

        refused = pymap_scene.as_service("run").done(5)

        assert f"The service of this home runs already, as process {service.process.pid} of " in refused.err


def test_polling_by_hand_works_beside_it(pymap_scene: Scene) -> None:
    with running(pymap_scene) as service:
        service.until_settled()
        time.sleep(1)

        assert pymap_scene.poll()["stored"] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_nobody_answers(tmp_path: Path, pymap_account: Account, number: signal.Signals) -> None:
    scene = Scene.found(tmp_path, pymap_account)
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))  # bound and not listening: refused
        settings = scene.home.settings_file
        settings.write_text(
            settings.read_text().replace(f"port = {pymap_account.port}", f"port = {gone.getsockname()[1]}")
        )
        with running(scene) as service:
            service.until(lambda: service.health.task("poll").failures > 2)
            before = service.processor_seconds()
            time.sleep(2)

            assert service.processor_seconds() - before < 0.3
            assert service.end(number) < 2
            assert service.process.returncode == 0
            assert service.health.task("poll").failure == "mailbox-unreachable"


def test_a_signal_ends_it_while_the_server_greets_nobody(tmp_path: Path, pymap_account: Account) -> None:
    scene = Scene.found(tmp_path, pymap_account)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings = scene.home.settings_file
        settings.write_text(
            settings.read_text().replace(f"port = {pymap_account.port}", f"port = {mute.getsockname()[1]}")
        )
        with running(scene) as service:
            service.until(lambda: "has begun" in service.log)
            time.sleep(1)

            assert service.end() < 2.5  # a thread still waits for the greeting, and is left behind
            assert service.process.returncode == 0
            assert "in the middle of its work" in service.log


def test_a_signal_ends_it_in_a_long_fetch(
    tmp_path: Path, imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    proxy = flaky_proxy(imap_server.port)
    behind, imap_server.port = imap_server.port, proxy.port
    scene = Scene.found(tmp_path, imap_server)
    imap_server.port = behind
    uid = scene.deliver(mail_from("ada@example.net", "Report", "word " * 400_000))
    assert uid
    proxy.break_after(1_000_000, "stall")
    with running(scene) as service:
        service.until(lambda: proxy.connections > 0 and bool(service.children()))
        time.sleep(1)
        readers = service.children()

        assert service.end() < 2
        assert service.process.returncode == 0
    assert not [pid for pid in readers if Path(f"/proc/{pid}").exists()]

    proxy.heal()
    assert scene.poll()["stored"] == 1


@pytest.mark.dovecot
def test_it_outlives_restarts_of_the_server(tmp_path: Path, own_dovecot: Dovecot) -> None:
    account = Account("dovecot", own_dovecot.port, "user", own_dovecot.password, DovecotAdministrator(own_dovecot))
    scene = Scene.found(tmp_path, account)
    with running(scene) as service:
        service.until_settled()

        def holds(count: int) -> bool:
            return service.stored() == count

        for number in range(3):
            own_dovecot.stop()
            service.until(lambda: not service.polled())
            own_dovecot.start()
            scene.deliver(mail_from("ada@example.net", f"Report {number}"))

            assert service.until(functools.partial(holds, number + 1)) < 15
        assert service.end() < 2
        assert scene.exported() == scene.in_mailbox()


def test_waiting_costs_nothing(pymap_scene: Scene) -> None:
    with running(pymap_scene) as service:
        service.until_settled()
        before = service.processor_seconds()
        time.sleep(4)

        assert service.processor_seconds() - before < 0.2


@pytest.mark.dovecot
def test_a_server_that_hangs_up_on_every_wait_is_not_hammered(
    tmp_path: Path, own_dovecot: Dovecot, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    """It lets each round in and drops whoever idles: neither end may be busy with that."""
    proxy = flaky_proxy(own_dovecot.port)
    proxy.replace(b"+ idling", b"* BYE no")
    account = Account("dovecot", proxy.port, "user", own_dovecot.password, DovecotAdministrator(own_dovecot))
    scene = Scene.found(tmp_path, account)
    with running(scene) as service:
        service.until(lambda: "watch: the server" in service.log)
        before, connected = service.processor_seconds(), proxy.connections
        time.sleep(6)

        assert service.processor_seconds() - before < 1.5
        assert proxy.connections - connected < 14


def test_a_full_disk_is_said_and_outlived(pymap_scene: Scene) -> None:
    """A limit on the size of files stands in for a full disk where nobody may mount one."""
    store = pymap_scene.home.content
    limit = store.stat().st_size

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    pymap_scene.deliver(mail_from("ada@example.net", "Report", "word " * 200_000))
    with running(pymap_scene, preexec_fn=fill) as service:
        service.until(lambda: service.health.task("poll").failures > 0)
        assert service.health.task("poll").failure in {"disk-full", "os-efbig", "store-failed"}

        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        service.until(lambda: service.stored() == 1)
        service.until(lambda: "poll: works again" in service.log)


def test_a_store_that_somebody_holds_is_waited_for(pymap_scene: Scene) -> None:
    pymap_scene.deliver(mail_from("ada@example.net", "Report"))
    with contextlib.closing(sqlite3.connect(pymap_scene.home.content, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with running(pymap_scene) as service:
            service.until(lambda: "has begun" in service.log)
            time.sleep(2)
            assert service.stored() == 0

            holder.execute("ROLLBACK")
            service.until(lambda: service.stored() == 1)
            assert service.end() < 2


def test_a_refused_login_is_said_and_not_hammered(tmp_path: Path, imap_server: Account) -> None:
    scene = Scene.found(tmp_path, imap_server)
    (scene.home.root / "imap.password").write_text("not-the-password\n")
    with running(scene) as service:
        service.until(lambda: service.health.task("poll").failures == 1)
        time.sleep(4)

        assert service.health.task("poll").failures == 1
        assert service.health.task("poll").failure == "login-refused"
        assert "refused the login" in service.log
        assert "not-the-password" not in service.log


def test_a_read_only_folder_is_read(pymap_scene: Scene, pymap_account: Account) -> None:
    pymap_scene.deliver(mail_from("ada@example.net", "Report"))
    pymap_account.administrator.make_read_only(pymap_account.user, "INBOX")
    with running(pymap_scene) as service:
        service.until(lambda: service.stored() == 1)


def test_what_is_wrong_at_the_start_is_told_by_its_status(tmp_path: Path) -> None:
    nowhere = Scene.found(tmp_path, None)
    assert "names no mailbox" in nowhere.as_service("run").done(2).err

    (nowhere.home.root / "content.db").unlink()
    settings = nowhere.home.settings_file
    settings.write_text(settings.read_text() + '\n[imap]\nhost = "127.0.0.1"\ntls = "none"\nuser = "u"\n')
    assert "no content store" in nowhere.as_service("run").done(4).err


def test_systemd_hands_over_what_is_secret(pymap_scene: Scene, tmp_path: Path) -> None:
    """The mailbox's password and the server's keys, so that neither need lie in the home."""
    handed = tmp_path / "credentials"
    handed.mkdir()
    (pymap_scene.home.root / "server.key").rename(handed / "server-key")
    (pymap_scene.home.root / "imap.password").rename(handed / "imap-password")
    for credential in handed.iterdir():
        credential.chmod(0o440)  # systemd lets the service in by an access list, which looks like a group's right
    pymap_scene.deliver(mail_from("ada@example.net", "Report"))

    assert "server's keys" in pymap_scene.as_service("poll").done(4).err
    with running(pymap_scene, {"CREDENTIALS_DIRECTORY": str(handed)}) as service:
        service.until(lambda: service.stored() == 1)
