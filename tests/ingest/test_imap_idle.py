"""Waiting for mail: told at once where the server tells, and never deceived by a connection that is dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from ingest.imap import connect
from ingest.mailbox import ImapSettings, Mailbox
from policies.errors import Unavailable
from tests.servers.account import Account
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy, Mishap
from tests.servers.scripted import Answer, ScriptedImap

MAIL = b"From: x@example.net\r\nMessage-ID: <1@example.net>\r\n\r\nHello.\r\n"


def never() -> threading.Event:
    return threading.Event()


def gone(mailbox: Mailbox, seconds: float = 20) -> float:
    """How long it took to notice that the connection is dead."""
    begun = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        mailbox.idle(never(), seconds)
    assert caught.value.code in {"mailbox-gone", "mailbox-nonsense"}
    return time.monotonic() - begun


def test_new_mail_ends_the_wait(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    threading.Timer(0.3, imap_server.append, [MAIL]).start()

    begun = time.monotonic()
    try:
        assert mailbox.idle(never(), 20)
    except Unavailable:  # pymap says a line in pieces; one that is not whole yet ends the wait like one that is
        mailbox = imap_server.connect()
        mailbox.select("INBOX")
    assert time.monotonic() - begun < 5
    assert len(mailbox.new_uids(0)) == 1


@pytest.mark.dovecot
def test_a_delivery_past_imap_ends_the_wait(
    dovecot_server: Dovecot, dovecot_account: Account, dovecot_maildir: object
) -> None:
    mailbox = dovecot_account.connect()
    mailbox.select("INBOX")
    threading.Timer(0.3, dovecot_server.deliver, [dovecot_account.user, MAIL, "1764000000.M1P1.host"]).start()

    assert mailbox.idle(never(), 20)


def test_nothing_said_ends_after_its_time_and_the_connection_serves_on(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    busy = time.process_time()

    assert not mailbox.idle(never(), 2.5)

    assert time.process_time() - busy < 0.5
    assert mailbox.all_uids() == []


def test_stop_ends_the_wait(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()

    begun = time.monotonic()
    mailbox.idle(stop, 60)
    assert time.monotonic() - begun < 2


def test_abort_from_another_thread_ends_the_wait_at_once(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    threading.Timer(0.2, mailbox.abort).start()

    assert gone(mailbox) < 1
    mailbox.abort()
    mailbox.close()
    mailbox.abort()


@pytest.mark.dovecot
def test_abort_ends_a_wait_under_tls(dovecot_server: Dovecot) -> None:
    authority = dovecot_server.certificates.authority
    settings = ImapSettings("127.0.0.1", dovecot_server.tls_port, "idler", ca_file=authority)
    mailbox = connect(settings, dovecot_server.password)
    mailbox.select("INBOX")
    threading.Timer(0.2, mailbox.abort).start()

    assert gone(mailbox) < 1


@pytest.mark.parametrize("mishap", ["cut", "truncate"])
def test_a_connection_that_breaks_is_noticed(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy], mishap: Mishap
) -> None:
    proxy = flaky_proxy(imap_server.port)
    account_port, imap_server.port = imap_server.port, proxy.port
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    imap_server.port = account_port
    proxy.break_after(20, mishap)  # the server says "+ idling" or so, and some of what follows
    threading.Timer(0.3, imap_server.append, [MAIL]).start()

    assert gone(mailbox) < 5


def test_a_connection_that_stalls_is_noticed_when_the_wait_ends(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    proxy = flaky_proxy(imap_server.port)
    mailbox = connect(
        ImapSettings("127.0.0.1", proxy.port, imap_server.user, tls="none", read_seconds=0.5), imap_server.password
    )
    mailbox.select("INBOX")
    threading.Timer(0.3, proxy.break_after, [0, "stall"]).start()

    assert gone(mailbox, 1.5) < 4


@pytest.mark.parametrize(
    "said",
    [
        b"+ idling\r\n* BYE closing down\r\n",
        b"+ idling\r\n* 1 EXISTS (((\r\n",
        b"* BYE no\r\n",
        b"%s BAD what\r\n",
    ],
)
def test_what_no_waiting_can_be_made_of(said: bytes) -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n%s OK -\r\n",
        "IDLE": said,
    }
    with ScriptedImap(script) as server:
        mailbox = connect(ImapSettings("127.0.0.1", server.port, "u", tls="none", read_seconds=1), "p")
        mailbox.select("INBOX")
        with pytest.raises(Unavailable):
            mailbox.idle(never(), 5)
