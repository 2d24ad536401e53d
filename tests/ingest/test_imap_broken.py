"""Servers that break off, stall, talk nonsense or withhold mail: a typed error, and nothing passed as whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ingest.imap import connect
from ingest.mailbox import ImapSettings, Mailbox
from policies.errors import Unavailable
from tests.servers.account import Account
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FlakyProxy, Mishap
from tests.servers.scripted import Answer, ScriptedImap

CONTENT = b"From: x@example.net\r\nMessage-ID: <1@example.net>\r\n\r\n" + b"MARKER-IN-A-MAIL\r\n" * 20_000
UID = 7


def code_of(act: Callable[[], Any]) -> str:
    """The code of the error; its sentence holds nothing that the server said."""
    with pytest.raises(Unavailable) as caught:
        act()
    assert "MARKER" not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("mishap", ["cut", "truncate", "stall"])
@pytest.mark.parametrize("after", [0, 10, 1_000, 200_000, len(CONTENT) + 30])
def test_a_server_that_breaks_off_in_a_mail(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy], after: int, mishap: Mishap
) -> None:
    uid = imap_server.append(CONTENT)
    proxy = flaky_proxy(imap_server.port)
    settings = ImapSettings("127.0.0.1", proxy.port, imap_server.user, tls="none", read_seconds=0.3)
    mailbox = connect(settings, imap_server.password)
    mailbox.select("INBOX")
    proxy.break_after(after, mishap)

    assert code_of(lambda: list(mailbox.fetch_whole([uid]))) == "mailbox-gone"
    assert code_of(mailbox.noop) == "mailbox-gone"
    mailbox.close()


@pytest.mark.parametrize("after", [0, 70_000, 140_000])
def test_a_server_that_breaks_off_between_pieces(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy], after: int
) -> None:
    uid = imap_server.append(CONTENT)
    proxy = flaky_proxy(imap_server.port)
    imap_server.port = proxy.port
    mailbox = imap_server.connect()
    mailbox.select("INBOX")
    pieces = mailbox.fetch_pieces(uid, len(CONTENT), 65_536)
    received = [next(pieces)]
    proxy.break_after(after)

    assert code_of(lambda: received.extend(pieces)) == "mailbox-gone"
    assert CONTENT.startswith(b"".join(received))


@pytest.mark.dovecot
def test_a_server_killed_in_the_middle_is_found_again(own_dovecot: Dovecot) -> None:
    settings = ImapSettings("127.0.0.1", own_dovecot.port, "user", tls="none", read_seconds=5)
    own_dovecot.deliver("user", CONTENT, "1764000000.M1P1.host")
    mailbox = connect(settings, own_dovecot.password)
    mailbox.select("INBOX")
    [uid] = mailbox.all_uids()
    pieces = mailbox.fetch_pieces(uid, len(CONTENT), 65_536)
    next(pieces)

    own_dovecot.stop()
    assert code_of(lambda: list(pieces)) == "mailbox-gone"
    assert code_of(lambda: connect(settings, own_dovecot.password)) == "mailbox-unreachable"

    own_dovecot.start()
    again = connect(settings, own_dovecot.password)
    again.select("INBOX")
    assert dict(again.fetch_whole([uid])) == {uid: CONTENT}
    again.close()


def test_closing_a_stalled_connection_is_quick(imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy]) -> None:
    proxy = flaky_proxy(imap_server.port)
    imap_server.port = proxy.port
    mailbox = imap_server.connect()
    proxy.break_after(0, "stall")

    start = time.monotonic()
    mailbox.close()

    assert time.monotonic() - start < 4


def scripted(server: ScriptedImap) -> Mailbox:
    """A mailbox on a server of one mail, its INBOX open for writing."""
    mailbox = connect(ImapSettings("127.0.0.1", server.port, "u", tls="none", read_seconds=2), "p")
    mailbox.select("INBOX", readonly=False)
    return mailbox


NONSENSE = [
    b"* 1 FETCH (UID 7 BODY[] {16}\r\nMARKER-IN-A-MAIL\r\n%s OK done\r\n",  # never closed
    b"* 1 FETCH (UID 7 BODY[] MARKER-IN-A-MAIL MARKER)\r\n%s OK done\r\n",
    b'* 1 FETCH (UID MARKER BODY[] "x")\r\n%s OK done\r\n',
    b"* 1 FETCH MARKER\r\n%s OK done\r\n",
    b"* 1 FETCH (UID 7 BODY[] 12)\r\n%s OK done\r\n",  # a number is no string
    b'* 1 FETCH (UID 7 BODY[] ("x" "y"))\r\n%s OK done\r\n',
    b"* 1 FETCH " + b"(" * 5_000 + b"\r\n%s OK done\r\n",
    b"* 1 FETCH (UID 7 BODY[] {99999999999999999}\r\n",
]  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_told_apart_and_not_repeated(answer: bytes) -> None:
    with ScriptedImap({"UID FETCH": answer}) as server:
        mailbox = scripted(server)

        assert code_of(lambda: list(mailbox.fetch_whole([UID]))) == "mailbox-nonsense"
        assert code_of(mailbox.noop) == "mailbox-gone"


def test_a_line_without_end_ends_the_connection() -> None:
    """The library stops reading in the middle of the line; what follows would be taken for answers."""
    with ScriptedImap({"UID SEARCH": b"* SEARCH" + b" 1" * 600_000 + b"\r\n%s OK done\r\n"}) as server:
        mailbox = scripted(server)

        assert code_of(mailbox.all_uids) == "mailbox-nonsense"
        assert code_of(mailbox.noop) == "mailbox-gone"


def _search(line: bytes) -> bytes:
    first, _, last = line.split(b"UID ")[2].strip().rstrip(b")").partition(b":")
    uids = range(int(first), 200_001 if last == b"*" else int(last) + 1)
    return b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n%s OK done\r\n"


def test_a_very_large_folder_is_searched_in_parts() -> None:
    select = b"* 200000 EXISTS\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 200001] -\r\n%s OK [READ-WRITE] -\r\n"
    with ScriptedImap({"SELECT": select, "UID SEARCH": _search}) as server:
        mailbox = scripted(server)

        assert mailbox.all_uids() == list(range(1, 200_001))
        assert mailbox.new_uids(199_990) == list(range(199_991, 200_001))


@pytest.mark.parametrize(
    "fetch",
    [
        b"%s NO [SERVERBUG] MARKER\r\n",
        b"%s OK done\r\n",
        b"* 1 FETCH (UID 7 BODY[] NIL)\r\n%s OK done\r\n",
        b"* 7 FETCH (FLAGS (\\Seen))\r\n%s OK done\r\n",  # unasked, and by number: not mail 7's content
    ],
)
def test_a_mail_that_is_there_but_withheld_is_no_gone_mail(fetch: bytes) -> None:
    """Taken for gone it would never be asked for again, taken for empty it would be stored as nothing."""
    with ScriptedImap({"UID FETCH": fetch, "UID SEARCH": b"* SEARCH 7\r\n%s OK done\r\n"}) as server:
        mailbox = scripted(server)

        for act in (
            lambda: list(mailbox.fetch_whole([UID])),
            lambda: list(mailbox.fetch_pieces(UID, 10)),
            lambda: mailbox.overview([UID]),
            lambda: list(mailbox.message_ids([UID])),
        ):
            assert code_of(act) == "mailbox-refused"
        mailbox.noop()


def _one_is_broken(line: bytes) -> bytes:
    if b"8" in line.split(b"FETCH ")[1].split(b" ")[0]:
        return b"%s NO MARKER\r\n"
    uids = line.split(b"FETCH ")[1].split(b" ")[0].split(b",")
    return b"".join(b'* 1 FETCH (UID %s BODY[] "x")\r\n' % uid for uid in uids) + b"%s OK done\r\n"


def test_a_withheld_mail_stops_no_other() -> None:
    script: dict[str, Answer] = {"UID FETCH": _one_is_broken, "UID SEARCH": b"* SEARCH 7 8 9\r\n%s OK done\r\n"}
    with ScriptedImap(script) as server:
        mailbox = scripted(server)
        found: list[tuple[int, bytes | None]] = []

        assert code_of(lambda: found.extend(mailbox.fetch_whole([7, 8, 9]))) == "mailbox-refused"
        assert found == [(7, b"x"), (9, b"x")]


def test_a_mail_without_end_is_not_followed_for_ever() -> None:
    script: dict[str, Answer] = {
        "UID FETCH": lambda line: (
            b"* 1 FETCH (UID 7 BODY[]<" + line.split(b"<")[1].split(b".")[0] + b'> "0123456789")\r\n%s OK done\r\n'
        )
    }
    with ScriptedImap(script) as server:
        mailbox = scripted(server)

        assert code_of(lambda: list(mailbox.fetch_pieces(UID, 100, 10))) == "mailbox-nonsense"


def test_no_internaldate_is_none() -> None:
    for told in (b"", b" INTERNALDATE NIL", b' INTERNALDATE "some day"', b' INTERNALDATE "01-Jan-2026 10:00:00"'):
        answer = b"* 1 FETCH (UID 7 RFC822.SIZE 5" + told + b")\r\n%s OK done\r\n"
        with ScriptedImap({"UID FETCH": answer}) as server:
            found = scripted(server).overview([UID])[UID]

        assert found is not None
        assert (found.size, found.internaldate) == (5, None)


def test_a_folder_without_uidvalidity_is_not_read() -> None:
    with ScriptedImap({"EXAMINE": b"* 1 EXISTS\r\n%s OK [READ-ONLY] done\r\n"}) as server:
        mailbox = connect(ImapSettings("127.0.0.1", server.port, "u", tls="none"), "p")

        assert code_of(lambda: mailbox.select("INBOX")) == "mailbox-nonsense"


LISTED = (
    b'* LIST (\\HasChildren \\Noselect) "/" "[Gmail]"\r\n'
    b'* LIST (\\HasNoChildren \\All) "/" "[Gmail]/All Mail"\r\n'
    b'* LIST (\\hasnochildren \\SENT) "/" "[Gmail]/Gesendet"\r\n'
    b'* LIST () NIL INBOX\r\n'
    b'* LIST () "." 2026\r\n'
    b'* LIST () "/" {7}\r\nlit/eral\r\n'
    b'* LIST (\\NonExistent) "/" "ghost"\r\n'
    b'* LIST () "/" "R&AOk-sum&AOk-"\r\n'
    b'* LIST () NIL INBOX\r\n'
    b"%s OK done\r\n"
)  # fmt: skip


def test_odd_lists_of_folders() -> None:
    listed = LISTED.replace(b"{7}\r\nlit/eral", b"{8}\r\nlit/eral")
    with ScriptedImap({"LIST": listed}) as server:
        mailbox = connect(ImapSettings("127.0.0.1", server.port, "u", tls="none"), "p")

        folders = {folder.name: folder.special for folder in mailbox.folders()}

    assert folders == {
        "[Gmail]/All Mail": {"\\All"}, "[Gmail]/Gesendet": {"\\Sent"}, "INBOX": set(), "2026": set(),
        "lit/eral": set(), "Résumé": set(),
    }  # fmt: skip


def test_a_folder_named_like_a_command_is_not_sent() -> None:
    evil = b'* LIST () "/" {22}\r\nx\r\nA1 DELETE INBOX\r\nyz\r\n%s OK done\r\n'
    with ScriptedImap({"LIST": evil}) as server:
        mailbox = connect(ImapSettings("127.0.0.1", server.port, "u", tls="none"), "p")
        [folder] = mailbox.folders()

        with pytest.raises(Exception, match="not sent"):
            mailbox.select(folder.name)
        mailbox.noop()
        assert not any(b"DELETE" in line for line in server.received)
