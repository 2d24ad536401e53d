"""One suite over both servers: what a mailbox lists, selects, finds, appends and deletes."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.imap import connect
from ingest.mailbox import Deletion, ImapSettings, Overview, batches
from policies.errors import Unavailable, WrongUsage
from tests.servers.account import ARRIVED, Account
from tests.servers.dovecot import Dovecot
from tests.servers.letters import mail
from tests.servers.proxy import FlakyProxy


def test_capabilities_are_upper_case_words(imap_server: Account) -> None:
    assert {"IMAP4REV1", "UIDPLUS"} <= imap_server.connect().capabilities()


def test_folders_have_their_names_in_any_script(imap_server: Account) -> None:
    for folder in ("Fälle & Ähnliches", "報告", 'With "quotes"', "123"):
        imap_server.append(mail(1), folder)

    names = {folder.name for folder in imap_server.connect().folders()}

    assert {"INBOX", "Fälle & Ähnliches", "報告", 'With "quotes"', "123"} <= names


def test_every_listed_folder_can_be_selected(imap_server: Account) -> None:
    for folder in ("Fälle & Ähnliches", "報告", 'With "quotes"', "123", "back\\slash"):
        imap_server.append(mail(1), folder)
    mailbox = imap_server.connect()

    assert {mailbox.select(folder.name).uidvalidity > 0 for folder in mailbox.folders()} == {True}


@pytest.mark.dovecot
def test_special_uses_are_told(dovecot_account: Account) -> None:
    special = {folder.name: folder.special for folder in dovecot_account.connect().folders()}

    assert special["Sent"] == {"\\Sent"}
    assert special["Drafts"] == {"\\Drafts"}
    assert special["INBOX"] == set()


@pytest.mark.dovecot
def test_what_cannot_be_selected_is_no_folder(dovecot_account: Account) -> None:
    dovecot_account.append(mail(1), "Cases/2026")

    assert "Cases" not in {folder.name for folder in dovecot_account.connect().folders()}


def test_select_tells_what_the_folder_holds(imap_server: Account) -> None:
    uid = imap_server.append(mail(1))

    selected = imap_server.connect().select("INBOX")

    assert selected.exists == 1
    assert selected.uidnext == uid + 1
    assert selected.uidvalidity > 0
    assert not selected.read_only


def test_a_folder_for_writing_tells_its_flags(imap_server: Account) -> None:
    assert "\\Deleted" in imap_server.connect().select("INBOX", readonly=False).permanentflags


def test_a_read_only_folder_says_so_and_the_connection_goes_on(imap_server: Account) -> None:
    uid = imap_server.append(mail(1), "Closed")
    imap_server.administrator.make_read_only(imap_server.user, "Closed")
    mailbox = imap_server.connect()

    assert mailbox.select("Closed", readonly=False).read_only
    assert mailbox.delete([uid]) is Deletion.READ_ONLY
    assert dict(mailbox.fetch_whole([uid])) == {uid: mail(1)}
    assert not mailbox.select("INBOX", readonly=False).read_only


def test_a_missing_folder_is_named_and_the_connection_goes_on(imap_server: Account) -> None:
    mailbox = imap_server.connect()

    with pytest.raises(Unavailable) as caught:
        mailbox.select("No such folder")

    assert caught.value.code == "no-such-folder"
    assert mailbox.select("INBOX").exists == 0


@pytest.mark.parametrize("sign", ["\r", "\n", "\0", "\r\nX1 DELETE INBOX\r\n"])
def test_no_argument_can_begin_a_command_of_its_own(imap_server: Account, sign: str) -> None:
    mailbox = imap_server.connect()

    for act in (
        lambda: mailbox.select(f"INBOX{sign}"),
        lambda: mailbox.append(f"INBOX{sign}", mail(1), ARRIVED),
        lambda: connect(ImapSettings("127.0.0.1", imap_server.port, f"u{sign}", tls="none"), "p"),
        lambda: connect(ImapSettings("127.0.0.1", imap_server.port, "u", tls="none"), f"p{sign}"),
    ):
        with pytest.raises(WrongUsage) as caught:
            act()
        assert caught.value.code == "unsafe-argument"
    mailbox.noop()


def test_a_uid_is_a_number(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    for wrong in (0, -1, 2**32):
        with pytest.raises(ValueError, match="UID"):
            mailbox.overview([wrong])


def test_new_uids_are_those_above(imap_server: Account) -> None:
    first, second, third = (imap_server.append(mail(number)) for number in (1, 2, 3))
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    assert mailbox.all_uids() == [first, second, third]
    assert mailbox.new_uids(first) == [second, third]
    assert mailbox.new_uids(third) == []
    assert mailbox.new_uids(third + 1000) == []


def test_an_empty_folder_has_no_uids(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    assert mailbox.all_uids() == []
    assert mailbox.overview([]) == {}
    assert list(mailbox.fetch_whole([])) == []


def test_mail_that_arrives_while_the_folder_is_open_is_found(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    uid = imap_server.append(mail(1))
    mailbox.noop()

    assert mailbox.new_uids(0) == [uid]


def test_delete_takes_these_and_no_others(imap_server: Account) -> None:
    """What another client has marked as deleted stays, marked."""
    first, second, third = (imap_server.append(mail(number)) for number in (1, 2, 3))
    client = imap_server.member()
    client.select_folder("INBOX")
    client.delete_messages([third])
    mailbox = imap_server.connect()
    mailbox.select("INBOX", readonly=False)

    assert mailbox.delete([first, first + 1000]) is Deletion.DONE

    assert imap_server.contents() == [mail(2), mail(3)]
    assert mailbox.delete([first]) is Deletion.DONE
    assert mailbox.all_uids() == [second, third]


def test_delete_needs_a_folder_opened_for_writing(imap_server: Account) -> None:
    uid = imap_server.append(mail(1))
    mailbox = imap_server.connect()
    mailbox.select("INBOX")

    assert mailbox.delete([uid]) is Deletion.READ_ONLY
    assert imap_server.contents() == [mail(1)]


def test_without_uidplus_nothing_is_touched(imap_server: Account) -> None:
    uid = imap_server.append(mail(1))
    with FlakyProxy(imap_server.port) as proxy:
        proxy.replace(b" UIDPLUS", b" UIDLESS")
        imap_server.port, port = proxy.port, imap_server.port
        mailbox = imap_server.connect()
        mailbox.select("INBOX", readonly=False)

        assert mailbox.delete([uid]) is Deletion.NO_UIDPLUS
        imap_server.port = port

    assert imap_server.contents() == [mail(1)]
    assert imap_server.flags() == set()


@pytest.mark.dovecot
def test_a_server_that_keeps_what_it_was_told_to_delete_is_refusing(
    dovecot_server: Dovecot, dovecot_account: Account
) -> None:
    uid = dovecot_account.append(mail(1), "Kept")
    dovecot_server.restrict(dovecot_account.user, "Kept", "lrwsi")  # neither t (delete) nor e (expunge)
    mailbox = dovecot_account.connect()
    mailbox.select("Kept", readonly=False)

    assert mailbox.delete([uid]) is Deletion.REFUSED
    assert dovecot_account.contents("Kept") == [mail(1)]


def test_append_keeps_date_and_bytes(imap_server: Account) -> None:
    mailbox = imap_server.connect()

    uid = mailbox.append("INBOX", mail(1), ARRIVED)

    assert uid is not None
    mailbox.select("INBOX")
    assert mailbox.overview([uid]) == {uid: Overview(uid, len(mail(1)), ARRIVED)}
    assert imap_server.contents() == [mail(1)]


def test_a_rebuilt_folder_has_another_uidvalidity(imap_server: Account) -> None:
    imap_server.append(mail(1))
    before = imap_server.connect().select("INBOX").uidvalidity

    imap_server.administrator.renumber(imap_server.user, "INBOX")

    assert imap_server.connect().select("INBOX").uidvalidity != before


def test_the_library_keeps_its_log_to_itself(imap_server: Account, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG imapclient writes every mail it reads into its log."""
    imap_server.append(mail(1, b"MARKER-IN-A-MAIL\r\n"))
    for name in ("imapclient", "imapclient.imaplib", "imapclient.imapclient"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)

    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    list(mailbox.fetch_whole(mailbox.all_uids()))

    assert "MARKER" not in caplog.text
    assert imap_server.password not in caplog.text
    assert logging.getLogger("imapclient.imaplib").getEffectiveLevel() == logging.WARNING
    assert mailbox._client._imap.debug == 0  # type: ignore[attr-defined]


def test_close_may_be_repeated(imap_server: Account) -> None:
    mailbox = imap_server.connect()

    mailbox.close()
    mailbox.close()

    with pytest.raises(Unavailable) as caught:
        mailbox.noop()
    assert caught.value.code == "mailbox-gone"


@given(
    st.lists(st.integers(0, 50), max_size=40),
    st.integers(1, 60),
    st.integers(1, 7),
)
def test_batches_hold_each_mail_once_and_no_more_than_allowed(sizes: list[int], most: int, count: int) -> None:
    overviews = [Overview(uid, size, None) for uid, size in enumerate(sizes)]

    made = list(batches(overviews, most, count))

    assert [one for batch in made for one in batch] == overviews
    assert all(0 < len(batch) <= count for batch in made)
    assert all(sum(one.size for one in batch) <= most or len(batch) == 1 for batch in made)
