"""What goes wrong around a poll: the server, the disk, another poller, the mail itself."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ingest import jobs
from ingest.worker import Reader
from policies import plain
from tests.cli_runner import ROOT
from tests.crash.fatal_reader import DEADLY
from tests.crash.mails import posted
from tests.crash.whole import assert_all_stored_once, assert_recovers
from tests.scenes import ARRIVED, Scene, copy_home, kill, mail_from
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy, Mishap

REPORT = mail_from("Ada Moss <ada@mail.example>", "Shouting at the sprint")


# ------------------------------------------------------------ the server


@pytest.mark.parametrize("mishap", ["cut", "truncate"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.4, 0.9])
def test_server_gone_in_the_middle_of_a_fetch(
    unpolled: Scene, mishap: Mishap, share: float, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    assert unpolled.account is not None
    total = sum(map(len, unpolled.account.contents()))
    proxy = flaky_proxy(unpolled.account.port)
    with _through(unpolled, proxy.port):
        proxy.break_after(int(total * share) + 700, mishap)
        broken = unpolled.as_service("poll", "--json").done(4)

    assert broken.out == ""
    assert "mail server" in broken.err
    assert_recovers(unpolled)


def test_server_that_goes_again_and_again_is_read_to_the_end(
    unpolled: Scene, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    assert unpolled.account is not None
    total = sum(map(len, unpolled.account.contents()))
    proxy = flaky_proxy(unpolled.account.port)
    with _through(unpolled, proxy.port):
        for _ in range(4):
            proxy.break_after(total // 2, "cut")
            unpolled.as_service("poll")

    assert_recovers(unpolled)


@contextmanager
def _through(scene: Scene, port: int) -> Iterator[None]:
    """The mailbox reached by another port."""
    assert scene.account is not None
    settings = scene.home.settings_file
    straight = settings.read_text()
    settings.write_text(straight.replace(f"port = {scene.account.port}", f"port = {port}"))
    yield
    settings.write_text(straight)


@pytest.mark.dovecot
def test_server_that_is_not_there(own_dovecot: Dovecot, tmp_path: Path) -> None:
    from tests.servers.account import Account, DovecotAdministrator

    account = Account("dovecot", own_dovecot.port, "anybody", own_dovecot.password, DovecotAdministrator(own_dovecot))
    scene = Scene.found(tmp_path, account)
    scene.deliver(REPORT)
    own_dovecot.stop()

    refused = scene.as_service("poll").done(4)
    own_dovecot.start()

    assert "127.0.0.1" in refused.err
    assert_recovers(scene)


def test_wrong_password_is_said_so(scene: Scene) -> None:
    (scene.home.root / "imap.password").write_text("not the one\n")

    assert "refused the login" in scene.as_service("poll").done(4).err


@pytest.mark.parametrize("kind", ["scene", "dovecot_scene"])
def test_missing_folder_is_named(kind: str, request: pytest.FixtureRequest) -> None:
    scene: Scene = request.getfixturevalue(kind)
    settings = scene.home.settings_file
    settings.write_text(settings.read_text().replace('# folders = ["INBOX", "Sent"]', 'folders = ["INBOX", "Reports"]'))

    assert "Reports" in scene.as_service("poll").done(4).err


# ------------------------------------------------------------ two pollers


def test_second_poller_says_who_is_at_it(unpolled: Scene, flaky_proxy: Callable[[int], FlakyProxy]) -> None:
    assert unpolled.account is not None
    proxy = flaky_proxy(unpolled.account.port)
    proxy.break_after(3000, "stall")
    with _through(unpolled, proxy.port):
        first = unpolled.start_poll()
        _wait_for(lambda: (unpolled.home.locks / "mailbox.lock").exists() and proxy._left == 0)
        second = unpolled.as_service("poll").done(5)
        kill(first)

    assert f"process {first.pid} " in second.err
    assert_recovers(unpolled)


def test_two_pollers_started_at_once_store_each_mail_once(unpolled: Scene) -> None:
    pollers = [unpolled.start_poll() for _ in range(2)]
    statuses = {poller.wait(timeout=60) for poller in pollers}
    for poller in pollers:
        poller.communicate()

    assert statuses <= {0, 5}
    assert 0 in statuses
    assert_all_stored_once(unpolled)


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# ------------------------------------------------------------ the mailbox changes


@pytest.mark.parametrize("kind", ["scene", pytest.param("dovecot_scene", marks=pytest.mark.dovecot)])
def test_new_uidvalidity_makes_known_mail_neither_new_nor_lost(kind: str, request: pytest.FixtureRequest) -> None:
    """RFC 9051 2.3.1.1: all UIDs are void; what was stored is known by its bytes."""
    scene: Scene = request.getfixturevalue(kind)
    for content, arrived in posted()[:2]:
        scene.deliver(content, arrived)
    scene.poll()
    scene.deliver(REPORT)
    scene.account.administrator.renumber(scene.account.user, "INBOX")  # type: ignore[union-attr]

    after = scene.poll()

    assert (after["fetched"], after["known"], after["stored"]) == (3, 2, 1)
    assert_recovers(scene)


def test_mail_moved_back_and_forth_is_stored_once(scene: Scene) -> None:
    scene.deliver(REPORT)
    scene.deliver(REPORT, folder="Sent")
    scene.poll()
    scene.deliver(REPORT, ARRIVED + timedelta(days=3))

    assert scene.poll()["known"] == 1
    assert len(scene.listed()) == 1


def test_mail_that_goes_before_it_is_fetched_is_not_waited_for(scene: Scene) -> None:
    assert scene.account is not None
    for number in range(3):
        scene.deliver(mail_from(f"p{number}@mail.example", f"Report {number}"))
    member = scene.account.member()  # type: ignore[attr-defined]
    member.select_folder("INBOX")
    member.delete_messages(member.search("ALL")[1:2])
    member.expunge()

    assert scene.poll()["stored"] == 2
    assert_recovers(scene)


# ------------------------------------------------------------ the same and not the same


def test_same_mail_delivered_twice_is_one(scene: Scene) -> None:
    scene.deliver(REPORT)
    scene.deliver(REPORT)

    counts = scene.poll()

    assert (counts["fetched"], counts["stored"], counts["known"], counts["drafts"]) == (2, 1, 1, 1)
    assert_recovers(scene)


def test_same_message_id_on_other_bytes_is_stored_as_well(scene: Scene) -> None:
    ids = {"Message-ID": "<one@mail.example>"}
    scene.deliver(mail_from("ada@mail.example", "Report", "What happened.\n", headers=ids))
    scene.deliver(mail_from("eve@mail.example", "Report", "It was all lies.\n", headers=ids))

    counts = scene.poll()

    assert (counts["stored"], counts["known"], counts["drafts"]) == (2, 0, 2)
    assert all(each["copy_of"] is None for each in scene.listed())
    assert_recovers(scene)


def test_copy_with_other_trace_headers_is_stored_and_known_as_a_copy(scene: Scene) -> None:
    """The Cc of what lies in Sent: From, Message-ID and body agree, the way it came differs."""
    first = mail_from("ada@mail.example", "Report", headers={"Message-ID": "<one@mail.example>"})
    scene.deliver(first)
    scene.deliver(
        b"Received: from list.example by mx.example; Mon, 2 Mar 2026 09:31:00 +0000\r\n" + _crlf(bytes(first))
    )

    counts = scene.poll()

    assert (counts["stored"], counts["drafts"]) == (2, 1)
    assert sorted(each["copy_of"] is None for each in scene.listed()) == [False, True]
    assert_recovers(scene)


def _crlf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


# ------------------------------------------------------------ deadly mail


def test_mail_that_kills_the_child_is_stored_unread_and_marked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It breaks two children; the mails around it are read."""
    command = [sys.executable, "-m", "tests.crash.fatal_reader"]
    monkeypatch.setattr(jobs, "_reader", lambda roster: Reader(plain.roster_to_plain(roster), command=command))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    deadly = DEADLY + b"\r\nFrom: eve@mail.example\r\nSubject: harmless\r\n\r\nHello.\r\n"
    scene.deliver(mail_from("ada@mail.example", "Before"))
    scene.deliver(deadly)
    scene.deliver(mail_from("bob@mail.example", "After"))

    counts = scene.poll()

    assert (counts["stored"], counts["drafts"], counts["needs_eyes"]) == (3, 3, 1)
    unread = [each for each in scene.listed() if "unread" in each["flags"]]
    assert [each["kind"] for each in unread] == ["other"]
    assert {each["subject"] for each in scene.listed()} == {"Before", "", "After"}
    shown = scene.conduct("mail", "show", unread[0]["id"], "--raw").done()
    assert shown.out.encode() == deadly
    assert_recovers(scene)


def test_mail_that_brings_the_poller_down_each_time_is_sealed_unread_in_the_end(scene: Scene) -> None:
    """Whatever it is that kills: after so many attempts nobody reads the mail, and it is stored all the same."""
    scene.deliver(mail_from("ada@mail.example", "Before"))
    scene.poll()
    scene.deliver(mail_from("eve@mail.example", "Deadly"))
    command = [sys.executable, "-P", "-m", "tests.crash.stopper", "ingest.worker:_Child.converse", "1"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ends = [
        subprocess.run(
            [*command, "--home", str(scene.home.root), "poll"], env=environ, check=False, capture_output=True
        ).returncode
        for _ in range(5)
    ]

    assert ends[-1] == 0
    assert len(scene.listed()) == 2
    assert_recovers(scene)


# ------------------------------------------------------------ the disk


def test_full_disk_is_said_and_nothing_is_lost(unpolled: Scene, tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk where nobody may mount one."""
    limit = unpolled.home.content.stat().st_size + 2_000_000

    def starve() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    poller = unpolled.start_poll(preexec_fn=starve)
    out, err = poller.communicate(timeout=60)

    assert (poller.returncode, out) == (4, b"")
    assert b"a fault of ours" not in err
    assert_recovers(unpolled)


@pytest.mark.root
def test_full_file_system_is_said_and_nothing_is_lost(unpolled: Scene, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", small], check=False)
    if os.geteuid() != 0 or mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        scene = copy_home(unpolled, small)
        poller = scene.start_poll()
        out, err = poller.communicate(timeout=60)

        assert (poller.returncode, out) == (4, b"")
        assert b"full" in err
        subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
        assert_recovers(scene)
    finally:
        subprocess.run(["umount", small], check=True)


def test_answer_of_a_poll_is_one_object(scene: Scene) -> None:
    scene.deliver(REPORT)
    poller = scene.start_poll()
    out, _ = poller.communicate(timeout=60)

    answer = json.loads(out)
    keys = {"schema", "fetched", "stored", "known", "drafts", "joined", "needs_eyes", "automatic"}
    assert keys <= set(answer)
    assert (answer["schema"], answer["stored"]) == (1, 1)
