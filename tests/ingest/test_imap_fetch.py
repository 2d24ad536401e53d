"""One suite over both servers: overviews, whole mails, pieces and Message-IDs, and no flag changed."""

from __future__ import annotations

import hashlib
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.mailbox import Overview
from policies.errors import Unavailable
from tests.servers.account import Account
from tests.servers.dovecot import Dovecot
from tests.servers.letters import LARGE, mail


def test_overview_is_aware_utc_and_names_the_gone(imap_server: Account) -> None:
    arrived = datetime(2025, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    uid = imap_server.append(mail(1), arrived=arrived)
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    found = mailbox.overview([uid, uid + 7])

    assert found == {uid: Overview(uid, len(mail(1)), datetime(2026, 1, 1, 4, 30, tzinfo=UTC)), uid + 7: None}
    assert found[uid].internaldate.tzinfo is UTC  # type: ignore[union-attr]


def test_fetch_whole_gives_the_exact_bytes_in_the_order_asked(imap_server: Account) -> None:
    contents = {imap_server.append(one): one for one in (mail(1), mail(2, b"\xff\xfe raw \x80\r\n"), mail(3, b""))}
    asked = [*reversed(contents), max(contents) + 5]
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    fetched = list(mailbox.fetch_whole(asked))

    assert fetched == [(uid, contents.get(uid)) for uid in asked]


def test_fetch_whole_takes_more_than_a_command_holds(imap_server: Account) -> None:
    client = imap_server.member()
    for number in range(20):
        client.append("INBOX", mail(number))
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    uids = mailbox.all_uids()
    asked = [*uids, *range(max(uids) + 1, max(uids) + 1500)]

    assert sum(content is not None for _, content in mailbox.fetch_whole(asked)) == 20
    assert len(mailbox.overview(asked)) == len(asked)


@pytest.mark.parametrize("piece", [1000, 65_536, 1024 * 1024, 10_000_000])
def test_pieces_make_up_the_whole(imap_server: Account, piece: int) -> None:
    content = LARGE if piece > 10_000 else LARGE[:20_000]
    uid = imap_server.append(content)
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    pieces = list(mailbox.fetch_pieces(uid, len(content), piece))

    assert b"".join(pieces) == content
    assert {len(part) for part in pieces[:-1]} <= {piece}


@pytest.mark.parametrize("size", [0, 10, 6_000, 1_000_000])
def test_pieces_end_where_the_mail_ends_whatever_size_was_told(imap_server: Account, size: int) -> None:
    content = mail(1, b"x" * 5_000 + b"\r\n")
    uid = imap_server.append(content)
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    assert b"".join(mailbox.fetch_pieces(uid, size, 10_000)) == content


def test_pieces_that_come_out_even(imap_server: Account) -> None:
    head = mail(1, b"")
    content = head + b"y" * (4096 - len(head) - 2) + b"\r\n"
    uid = imap_server.append(content)
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    assert [len(part) for part in mailbox.fetch_pieces(uid, 4096, 1024)] == [1024] * 4


def test_pieces_of_a_gone_mail_are_an_error(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    with pytest.raises(Unavailable) as caught:
        list(mailbox.fetch_pieces(12345, 100))

    assert caught.value.code == "mail-gone"


def test_a_mail_that_vanishes_between_pieces_is_an_error(imap_server: Account) -> None:
    uid = imap_server.append(LARGE)
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    pieces = mailbox.fetch_pieces(uid, len(LARGE))
    next(pieces)
    client = imap_server.member()
    client.select_folder("INBOX")
    client.delete_messages([uid])
    client.uid_expunge([uid])
    mailbox.noop()

    with pytest.raises(Unavailable) as caught:
        list(pieces)

    assert caught.value.code == "mail-gone"


def test_a_mail_that_vanishes_from_a_batch_leaves_the_others(imap_server: Account) -> None:
    first, second, third = (imap_server.append(mail(number)) for number in (1, 2, 3))
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    mailbox.all_uids()
    client = imap_server.member()
    client.select_folder("INBOX")
    client.delete_messages([second])
    client.uid_expunge([second])

    fetched = dict(mailbox.fetch_whole([first, second, third]))
    mailbox.noop()

    # A server may hand over what it has not yet told this connection to be gone (RFC 9051 section 7.5.1).
    assert fetched in ({first: mail(1), second: gone, third: mail(3)} for gone in (None, mail(2)))
    assert mailbox.overview([second]) == {second: None}


def test_reading_changes_no_flag(imap_server: Account) -> None:
    uid = imap_server.append(mail(1))
    mailbox = imap_server.connect()
    mailbox.select("INBOX", readonly=False)

    mailbox.overview([uid])
    list(mailbox.fetch_whole([uid]))
    list(mailbox.fetch_pieces(uid, 10))
    list(mailbox.message_ids([uid]))

    assert imap_server.flags() == set()


def test_message_ids_come_without_brackets(imap_server: Account) -> None:
    contents = [mail(1), b"Subject: none\r\n\r\nx\r\n", b"message-id:\r\n <folded@example.net> (x)\r\n\r\nx\r\n",
                b"Message-ID: bare@example.net\r\n\r\nx\r\n"]  # fmt: skip
    uids = [imap_server.append(content) for content in contents]
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    found = list(mailbox.message_ids([*uids, max(uids) + 3]))

    assert [one.message_id for one in found] == ["1@example.net", "", "folded@example.net", "bare@example.net"]
    assert [one.size for one in found] == [len(content) for content in contents]
    assert "example" not in repr(found)


def test_an_endless_message_id_is_not_fetched_whole(imap_server: Account) -> None:
    uid = imap_server.append(b"Message-ID: <" + b"a" * 900_000 + b"@example.net>\r\n\r\nx\r\n")
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    [heading] = mailbox.message_ids([uid])

    assert heading.message_id == ""


def test_an_iterator_does_not_outlive_its_folder(imap_server: Account) -> None:
    imap_server.append(mail(2), "Other")
    uid = imap_server.append(mail(1))
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    late = mailbox.fetch_whole([uid])
    mailbox.select("Other")

    with pytest.raises(RuntimeError, match="not the one that is open"):
        list(late)


@pytest.mark.dovecot
def test_what_counts_is_what_the_server_delivers(dovecot_server: Dovecot, dovecot_account: Account) -> None:
    """Dovecot gives NUL as 0x80 and bare line feeds as CRLF, whole and in pieces alike."""
    dovecot_server.deliver(dovecot_account.user, b"Subject: odd\n\nNUL \0 here\n", "1764000000.M1P1.host")
    mailbox = dovecot_account.connect()
    mailbox.select("INBOX")
    [uid] = mailbox.all_uids()
    delivered = b"Subject: odd\r\n\r\nNUL \x80 here\r\n"

    assert dict(mailbox.fetch_whole([uid])) == {uid: delivered}
    assert b"".join(mailbox.fetch_pieces(uid, len(delivered), 7)) == delivered
    assert mailbox.overview([uid])[uid].size == len(delivered)  # type: ignore[union-attr]


@pytest.mark.dovecot
def test_a_large_mail_never_lies_whole_in_memory(dovecot_server: Dovecot, dovecot_account: Account) -> None:
    content = b"Subject: large\r\n\r\n" + (b"z" * 74 + b"\r\n") * 275_000  # 20 MiB
    dovecot_server.deliver(dovecot_account.user, content, "1764000000.M1P1.host")
    mailbox = dovecot_account.connect()
    mailbox.select("INBOX")
    [uid] = mailbox.all_uids()
    digest = hashlib.sha256()
    tracemalloc.start()

    for piece in mailbox.fetch_pieces(uid, len(content)):
        digest.update(piece)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert digest.digest() == hashlib.sha256(content).digest()
    assert peak < 4 * 1024 * 1024
