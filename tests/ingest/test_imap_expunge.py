"""Expunging in the mailbox: every copy in every folder, no lookalike, proof over a fresh connection, residue named."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from ingest.imap_expunge import Left, MailTags, Why, Wiped, wipe
from ingest.mailbox import Mailbox
from policies.errors import Unavailable
from policies.mail import MailId
from tests.servers.account import Account
from tests.servers.doomed import LIST_COPY, NO_ID, OTHERS, REPORT, TAGS, HmacTags, doomed
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy


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
