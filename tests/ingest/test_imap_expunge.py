"""Expunging in the mailbox: every copy in every folder, no lookalike, proof over a fresh connection, residue named."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from ingest.imap_expunge import Doomed, Left, MailTags, Why, Wiped, wipe
from ingest.mailbox import Mailbox
from ingest.parse_headers import message_id, split
from policies.errors import Unavailable
from policies.mail import MailId
from tests.servers.account import Account
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy
from tests.servers.scripted import Answer, ScriptedImap

REPORT = (
    b"Received: by mx.example.org\r\nFrom: Ilse <ilse@example.net>\r\nMessage-ID: <report@example.net>\r\n"
    b"Subject: what happened\r\n\r\nHe shouted at the speaker.\r\n"
)
#: The same mail as a list handed it on: other headers, the same Message-ID, From and body.
LIST_COPY = REPORT.replace(b"Received: by mx.example.org", b"List-Id: <team.example.org>\r\nX-Loop: team")
OTHERS = [
    REPORT.replace(b"shouted", b"laughed"),  # the same Message-ID and size, other words
    REPORT.replace(b"<report@", b"<second@"),  # the same words under another Message-ID
    REPORT.replace(b"Ilse <ilse@", b"Olga <olga@"),  # the same Message-ID and words from somebody else
    b"From: a@example.net\r\nSubject: no id\r\n\r\n" + b"x" * 40 + b"\r\n",
]
NO_ID = b"From: b@example.net\r\nSubject: no id\r\n\r\n" + b"y" * 40 + b"\r\n"


class HmacTags:
    """Tags as the program makes them, with a key of the test."""

    @staticmethod
    def _tag(*parts: bytes) -> bytes:
        return hmac.digest(b"key", b"\0".join(hashlib.sha256(part).digest() for part in parts), "sha256")

    def of_message_id(self, message_id: str) -> bytes:
        return self._tag(b"id", message_id.encode())

    def of_mail(self, pieces: Iterable[bytes]) -> MailTags:
        content = b"".join(pieces)
        headers, body = split(content)
        name = message_id(headers)
        identity = self._tag(b"same", name.encode(), headers.first("from"), body) if name else None
        return MailTags(self._tag(b"content", content), identity)


TAGS = HmacTags()


def doomed(content: bytes, mail_id: str = "m1") -> Doomed:
    tags = TAGS.of_mail([content])
    name = message_id(split(content)[0])
    return Doomed(
        MailId(mail_id), TAGS.of_message_id(name) if name else None, len(content), tags.content, tags.identity
    )


def test_every_copy_in_every_folder_goes_and_nothing_else(imap_server: Account) -> None:
    for folder in ("INBOX", "Sent", "Fälle/Ilse"):
        for other in OTHERS:
            imap_server.append(other, folder)
        imap_server.append(REPORT, folder)
    imap_server.append(LIST_COPY, "Trash")

    [wiped] = wipe(imap_server.connect, [doomed(REPORT)], TAGS)

    assert wiped.proved
    assert set(wiped.gone_from) == {"INBOX", "Sent", "Fälle/Ilse", "Trash"}
    assert imap_server.contents("Trash") == []
    for folder in ("INBOX", "Sent", "Fälle/Ilse"):
        assert imap_server.contents(folder) == OTHERS
        assert imap_server.flags(folder) == set()


def test_a_mail_that_a_member_moved_is_found_under_its_new_uid(imap_server: Account) -> None:
    uid = imap_server.append(REPORT)
    imap_server.append(OTHERS[0], "Archive")
    client = imap_server.member()
    client.select_folder("INBOX")
    client.move([uid], "Archive")

    [wiped] = wipe(imap_server.connect, [doomed(REPORT)], TAGS)

    assert wiped == Wiped(MailId("m1"), ("Archive",), ())
    assert imap_server.contents("Archive") == [OTHERS[0]]


def test_a_mail_without_message_id_is_found_by_its_size(imap_server: Account) -> None:
    imap_server.append(OTHERS[3])
    imap_server.append(NO_ID)

    [wiped] = wipe(imap_server.connect, [doomed(NO_ID)], TAGS)

    assert wiped.gone_from == ("INBOX",)
    assert imap_server.contents() == [OTHERS[3]]


def test_what_is_nowhere_is_proved_gone_again_and_again(imap_server: Account) -> None:
    imap_server.append(REPORT)
    both = [doomed(REPORT), doomed(NO_ID, "m2")]

    first, second = wipe(imap_server.connect, both, TAGS), wipe(imap_server.connect, both, TAGS)

    assert [one.gone_from for one in first] == [("INBOX",), ()]
    assert [one.gone_from for one in second] == [(), ()]
    assert all(one.proved for one in (*first, *second))


def test_nothing_doomed_asks_for_no_connection() -> None:
    def nobody() -> Mailbox:
        raise AssertionError

    assert wipe(nobody, [], TAGS) == ()


def test_many_mails_in_one_go(imap_server: Account) -> None:
    contents = [REPORT.replace(b"<report@", b"<r%02d@" % number) for number in range(12)]
    for content in contents:
        imap_server.append(content)

    answers = wipe(imap_server.connect, [doomed(one, f"m{n}") for n, one in enumerate(contents[::2])], TAGS)

    assert [one.mail_id for one in answers] == [f"m{number}" for number in range(6)]
    assert all(one.gone_from == ("INBOX",) for one in answers)
    assert imap_server.contents() == contents[1::2]


def test_the_proof_is_over_fresh_connections(imap_server: Account) -> None:
    imap_server.append(REPORT)
    made: list[Mailbox] = []

    def connect() -> Mailbox:
        made.append(imap_server.connect())
        return made[-1]

    wipe(connect, [doomed(REPORT)], TAGS)

    assert len(made) == 2
    for mailbox in made:
        with pytest.raises(Unavailable):
            mailbox.noop()


def test_what_another_client_marked_stays(imap_server: Account) -> None:
    marked = imap_server.append(OTHERS[1])
    imap_server.append(REPORT)
    client = imap_server.member()
    client.select_folder("INBOX")
    client.delete_messages([marked])
    client.logout()

    wipe(imap_server.connect, [doomed(REPORT)], TAGS)

    assert imap_server.contents() == [OTHERS[1]]
    assert imap_server.flags() == {b"\\Deleted"}


def test_a_large_mail_is_compared_piece_by_piece(imap_server: Account) -> None:
    large = REPORT + b"".join(b"%06d\r\n" % line for line in range(300_000))
    imap_server.append(large)
    imap_server.append(large[:-3] + b"!\r\n")
    sizes: list[int] = []

    class Watching(HmacTags):
        def of_mail(self, pieces: Iterable[bytes]) -> MailTags:
            taken = list(pieces)
            sizes.extend(len(piece) for piece in taken)
            return super().of_mail(taken)

    [wiped] = wipe(imap_server.connect, [doomed(large)], Watching())

    assert wiped.gone_from == ("INBOX",)
    assert imap_server.contents() == [large[:-3] + b"!\r\n"]
    assert max(sizes) <= 1024 * 1024


def test_without_uidplus_the_copy_is_residue(imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]) -> None:
    imap_server.append(REPORT)
    proxy = flaky_proxy(imap_server.port)
    proxy.replace(b" UIDPLUS", b" UIDLESS")
    imap_server.port, direct = proxy.port, imap_server.port

    [wiped] = wipe(imap_server.connect, [doomed(REPORT)], TAGS)

    imap_server.port = direct
    assert wiped == Wiped(MailId("m1"), (), (Left("INBOX", Why.NO_UIDPLUS),))
    assert not wiped.proved
    assert imap_server.contents() == [REPORT]
    assert imap_server.flags() == set()


def test_a_read_only_folder_is_residue_and_the_others_are_done(imap_server: Account) -> None:
    imap_server.append(REPORT)
    imap_server.append(REPORT, "Closed")
    imap_server.administrator.make_read_only(imap_server.user, "Closed")

    [wiped] = wipe(imap_server.connect, [doomed(REPORT)], TAGS)

    assert wiped == Wiped(MailId("m1"), ("INBOX",), (Left("Closed", Why.READ_ONLY),))
    assert not Why.READ_ONLY.may_pass


@pytest.mark.dovecot
def test_a_folder_that_keeps_its_mail_is_residue(dovecot_server: Dovecot, dovecot_account: Account) -> None:
    dovecot_account.append(REPORT, "Kept")
    dovecot_server.restrict(dovecot_account.user, "Kept", "lrwsi")

    [wiped] = wipe(dovecot_account.connect, [doomed(REPORT)], TAGS)

    assert wiped == Wiped(MailId("m1"), (), (Left("Kept", Why.REFUSED),))


@pytest.mark.dovecot
def test_a_folder_that_does_not_open_is_named(dovecot_server: Dovecot, dovecot_account: Account) -> None:
    dovecot_account.append(OTHERS[0], "Shut")
    dovecot_server.restrict(dovecot_account.user, "Shut", "l")

    [wiped] = wipe(dovecot_account.connect, [doomed(REPORT)], TAGS)

    assert wiped == Wiped(MailId("m1"), (), (Left("Shut", Why.NOT_OPENED),))
    assert "Shut" not in repr(wiped)


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
