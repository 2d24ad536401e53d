"""Expunging while others act: folders rebuilt, mail moved, connections lost, servers that keep what they expunge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.imap_expunge import Left, Why, Wiped, wipe
from ingest.mailbox import Mailbox
from policies.errors import Unavailable
from policies.mail import MailId
from tests.servers.account import Account
from tests.servers.doomed import OTHERS, REPORT, TAGS, doomed
from tests.servers.proxy import FlakyProxy
from tests.servers.scripted import Answer, ScriptedImap


class Meddler:
    """A mailbox during whose use somebody else acts: ``act`` is called once, before the n-th call of a method."""

    def __init__(self, mailbox: Mailbox, method: str, number: int, act: Callable[[], None]) -> None:
        self._mailbox, self._method, self._left, self._act = mailbox, method, number, act

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._left -= 1
            if self._left == 0:
                self._act()
        return getattr(self._mailbox, name)


def meddled(account: Account, method: str, number: int, act: Callable[[], None]) -> Callable[[], Mailbox]:
    """Connections, the first of which is meddled with."""
    made: list[Any] = []

    def connect() -> Mailbox:
        made.append(Meddler(account.connect(), method, number, act) if not made else account.connect())
        mailbox: Mailbox = made[-1]
        return mailbox

    return connect


@pytest.mark.parametrize("number", [1, 2])
def test_a_folder_rebuilt_between_search_and_expunge_loses_no_wrong_mail(imap_server: Account, number: int) -> None:
    """The UIDs that were found name other mails afterwards."""
    imap_server.append(REPORT, "Case")

    def rebuild() -> None:
        client = imap_server.member()
        client.delete_folder("Case")
        imap_server.append(OTHERS[1], "Case")
        imap_server.append(REPORT, "Case")
        client.logout()

    order = [folder.name for folder in imap_server.connect().folders()]
    calls = sum(1 for _ in order[: order.index("Case")]) + number  # the opening for reading, or for writing

    [wiped] = wipe(meddled(imap_server, "select", calls, rebuild), [doomed(REPORT)], TAGS)

    assert wiped.proved
    assert imap_server.contents("Case") == [OTHERS[1]]


@pytest.mark.parametrize("method", ["select", "all_uids", "message_ids", "fetch_pieces", "delete"])
def test_a_copy_moved_in_the_middle_is_found_in_the_end(imap_server: Account, method: str) -> None:
    """Into a folder that has been looked at before, if it comes to the worst."""
    for folder in ("Aaa", "Zzz"):
        imap_server.append(OTHERS[0], folder)
        imap_server.append(REPORT, folder)

    def move() -> None:
        client = imap_server.member()
        for source, target in (("Aaa", "Zzz"), ("Zzz", "Aaa")):
            client.select_folder(source)
            report = [
                uid for uid in client.search("ALL") if client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == REPORT
            ]
            if report:
                client.move(report[:1], target)
        client.logout()

    [wiped] = wipe(meddled(imap_server, method, 2, move), [doomed(REPORT)], TAGS)

    assert wiped.proved
    assert REPORT not in [*imap_server.contents("Aaa"), *imap_server.contents("Zzz"), *imap_server.contents()]
    assert imap_server.contents("Aaa") == imap_server.contents("Zzz") == [OTHERS[0]]


def test_a_connection_lost_in_the_middle_is_told_and_repeated(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]
) -> None:
    imap_server.append(REPORT)
    proxy = flaky_proxy(imap_server.port)
    imap_server.port = proxy.port
    connect = meddled(imap_server, "fetch_pieces", 1, lambda: proxy.break_after(0))

    [wiped] = wipe(connect, [doomed(REPORT)], TAGS)
    assert wiped == Wiped(MailId("m1"), (), (Left("", Why.MAILBOX_GONE),))
    assert Why.MAILBOX_GONE.may_pass

    proxy.heal()
    [wiped] = wipe(imap_server.connect, [doomed(REPORT)], TAGS)
    assert wiped == Wiped(MailId("m1"), ("INBOX",), ())


def test_a_proof_that_cannot_be_had_is_not_claimed(imap_server: Account) -> None:
    imap_server.append(REPORT)
    made: list[Mailbox] = []

    def once() -> Mailbox:
        if made:
            raise Unavailable("mailbox-unreachable", "gone")
        made.append(imap_server.connect())
        return made[0]

    [wiped] = wipe(once, [doomed(REPORT)], TAGS)

    assert wiped.gone_from == ("INBOX",)
    assert wiped.left == (Left("", Why.MAILBOX_GONE),)
    assert not wiped.proved


def test_a_mailbox_out_of_reach_is_an_error() -> None:
    def nobody() -> Mailbox:
        raise Unavailable("mailbox-unreachable", "gone")

    with pytest.raises(Unavailable):
        wipe(nobody, [doomed(REPORT)], TAGS)


def _fetch(line: bytes) -> bytes:
    if b"HEADER" in line:
        return (
            b"* 1 FETCH (UID 7 RFC822.SIZE %d BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {38}\r\n" % len(REPORT)
            + b"Message-ID: <report@example.net>\r\n\r\n  )\r\n"
        ) + b"%s OK done\r\n"
    return b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n" % len(REPORT) + REPORT + b")\r\n%s OK done\r\n"


class Undead:
    """A server (Gmail, for one) that says yes to an expunge and has the mail again for the next connection."""

    def __init__(self) -> None:
        self.expunged = 0

    def script(self) -> dict[str, Answer]:
        return {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n%s OK -\r\n",
            "LIST": b'* LIST (\\All) "/" "All Mail"\r\n%s OK -\r\n',
            "UID FETCH": _fetch, "UID SEARCH": self._search, "UID EXPUNGE": self._expunge, "EXAMINE": self._examine,
        }  # fmt: skip

    def _examine(self, _: bytes) -> bytes:
        self.alive = True
        return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] -\r\n%s OK [READ-ONLY] -\r\n"

    def _search(self, _: bytes) -> bytes:
        return (b"* SEARCH 7" if self.alive else b"* SEARCH") + b"\r\n%s OK -\r\n"

    def _expunge(self, _: bytes) -> bytes:
        self.expunged += 1
        self.alive = False
        return b"%s OK -\r\n"


def test_what_comes_back_is_residue_and_not_expunged_for_ever() -> None:
    undead = Undead()
    with ScriptedImap(undead.script()) as server:
        account = Account("scripted", server.port, "u", "p", None)  # type: ignore[arg-type]

        [wiped] = wipe(account.connect, [doomed(REPORT)], TAGS)
        account.close()

    assert wiped == Wiped(MailId("m1"), ("All Mail",), (Left("All Mail", Why.CAME_BACK),))
    assert undead.expunged == 4


class Restless(Meddler):
    """A mailbox in which a mail always goes away between two answers."""

    def all_uids(self) -> list[int]:
        return [*self._mailbox.all_uids(), 4_000_000]


def test_a_mailbox_that_never_rests_proves_nothing(imap_server: Account) -> None:
    imap_server.append(REPORT)

    def connect() -> Any:
        return Restless(imap_server.connect(), "", 0, lambda: None)

    [wiped] = wipe(connect, [doomed(REPORT)], TAGS)

    assert wiped == Wiped(MailId("m1"), ("INBOX",), (Left("", Why.UNSETTLED),))
