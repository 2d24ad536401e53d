"""The watch over the drafts folder: rest, keywords, notes that come, change and go, on real servers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.drafts.note import OF_DRAFT, compose, draft_of
from ingest.drafts.watching import AGAIN_SECONDS, RIGHT, WRONG, DraftsWatch, Judge, Watched, drafts_folder
from ingest.gate.ruling import Judged, Ruling
from ingest.mailbox import Mailbox
from policies.errors import Unavailable
from policies.lint.draft import Draft
from records.tags import Tags
from tests.servers.account import Account
from tests.servers.proxy import FlakyProxy

NOW = datetime(2026, 5, 6, 7, 8, tzinfo=UTC)
TAGS = Tags(b"k" * 32)
NO_TEMPLATES = Path("/nowhere")


def draft(words: str, number: int = 1) -> bytes:
    return (
        f"From: Ines <ines@example.org>\r\nTo: Omar <omar@example.net>\r\nSubject: Your question\r\n"
        f"Message-ID: <draft-{number}@ines.example.org>\r\n\r\n{words}\r\n"
    ).encode()


def words_of(mail: Draft) -> str:
    return "\n".join(line.text for text in mail.texts for line in text.lines)


def by_its_words(mail: Draft) -> Judged:
    """A ruling that a draft of these tests asks for in its text."""
    text = mail.raw.decode()
    if "private" in text:
        return Judged(Ruling.UNTOUCHED)
    if "sealed" in text:
        return Judged(Ruling.UNCHECKED, trouble="Nobody's key is unlocked.")
    if "wrong" in text:
        return Judged(
            Ruling.REFUSED, errors=2, mendable=1, report=("Cc  error  note-missing",), cases=("amber kettle",)
        )
    return Judged(Ruling.PASSED)


@dataclasses.dataclass
class Desk:
    """A folder of drafts, the watch over it, and a clock that a test moves."""

    account: Account
    mailbox: Mailbox
    seconds: float = 1000.0
    judge: Judge = by_its_words

    def __post_init__(self) -> None:
        self.watch = self.new_watch()

    def new_watch(self) -> DraftsWatch:
        return DraftsWatch(TAGS, NO_TEMPLATES, lambda: self.seconds)

    def save(self, words: str, number: int = 1) -> int:
        return self.account.append(draft(words, number), "Drafts")

    def discard(self, uid: int) -> None:
        client = self.account.member()
        client.select_folder("Drafts")
        client.delete_messages([uid])
        client.uid_expunge([uid])
        client.logout()

    def look(self, *, after: float = 0.0) -> Watched:
        self.seconds += after
        return self.watch.look(self.mailbox, "Drafts", NOW, self.judge)

    def settled(self) -> Watched:
        """Two looks with the time between them that lets a draft come to rest."""
        self.look()
        return self.look(after=21)

    def notes(self) -> list[Draft]:
        return [mail for mail in map(Draft, self.account.contents("Drafts")) if mail.header.all(OF_DRAFT)]


@pytest.fixture
def desk(imap_server: Account) -> Desk:
    imap_server.append(draft("private"), "Drafts")
    return Desk(imap_server, imap_server.connect())


def test_wrong_draft_gets_one_note_and_stays_as_it_was(desk: Desk) -> None:
    uid = desk.save("this is wrong")

    assert desk.settled() == Watched(checked=2, written=1)
    assert desk.look(after=30) == Watched()
    [note] = desk.notes()
    assert note.subject == "LINT 2 errors: amber kettle"
    assert note.in_reply_to == ("draft-1@ines.example.org",)
    assert note.header.text(OF_DRAFT) == Draft(draft("this is wrong")).digest
    assert not any(note.header.all(field) for field in ("From", "To", "Cc", "Bcc"))
    assert "note-missing" in words_of(note)
    client = desk.account.member()
    client.select_folder("Drafts", readonly=True)
    assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == draft("this is wrong")


def test_draft_that_is_being_written_is_left_alone(desk: Desk) -> None:
    for count in range(4):
        uid = desk.save(f"this is wrong {count}")
        assert desk.look(after=10).written == 0
        desk.discard(uid)

    assert desk.notes() == []


def test_note_is_replaced_when_the_draft_changes(desk: Desk) -> None:
    first = desk.save("this is wrong")
    desk.settled()
    desk.discard(first)
    desk.save("this is still wrong")

    assert desk.look().removed == 1
    assert desk.look(after=21).written == 1
    [note] = desk.notes()
    assert note.header.text(OF_DRAFT) == Draft(draft("this is still wrong")).digest


def test_note_goes_with_its_draft(desk: Desk) -> None:
    uid = desk.save("this is wrong")
    desk.settled()
    desk.discard(uid)

    assert desk.look() == Watched(removed=1)
    assert desk.notes() == []


def test_note_goes_when_the_draft_is_in_order(desk: Desk) -> None:
    """A permission was put on record meanwhile."""
    desk.save("this is wrong")
    desk.settled()
    desk.judge = lambda _: Judged(Ruling.PASSED)

    assert desk.look(after=AGAIN_SECONDS + 1).removed == 1
    assert desk.notes() == []


def test_after_a_restart_nothing_is_written_twice(desk: Desk) -> None:
    desk.save("this is wrong")
    desk.settled()
    desk.watch = desk.new_watch()

    assert desk.settled().written == 0
    assert len(desk.notes()) == 1


def test_notes_of_a_time_when_nobody_watched_are_cleared_away(desk: Desk) -> None:
    uid = desk.save("this is wrong")
    desk.settled()
    desk.discard(uid)
    desk.watch = desk.new_watch()

    assert desk.look().removed == 1


def test_what_cannot_be_checked_is_said_so(desk: Desk) -> None:
    desk.save("sealed")
    desk.settled()

    [note] = desk.notes()
    assert note.subject == "LINT not checked: draft-1@ines.example"
    assert "Nobody's key is unlocked." in words_of(note)


def test_private_mail_and_good_mail_get_no_note(desk: Desk) -> None:
    desk.save("thank you for telling us")
    desk.save("private as well", 2)

    assert desk.settled().written == 0


@pytest.mark.dovecot
def test_keywords_tell_right_from_wrong_where_the_server_keeps_them(dovecot_account: Account) -> None:
    desk = Desk(dovecot_account, dovecot_account.connect())
    wrong, right, private = desk.save("this is wrong"), desk.save("fine", 2), desk.save("private", 3)
    desk.settled()
    client = dovecot_account.member()
    client.select_folder("Drafts", readonly=True)
    flags = client.get_flags([wrong, right, private])

    assert WRONG.encode() in flags[wrong]
    assert RIGHT.encode() in flags[right]
    assert {WRONG.encode(), RIGHT.encode()}.isdisjoint(flags[private])


def test_folder_for_drafts_is_found_or_named(imap_server: Account) -> None:
    mailbox = imap_server.connect()
    imap_server.append(draft("one"), "Entwürfe")

    assert drafts_folder(mailbox, "Entwürfe") == "Entwürfe"
    assert drafts_folder(mailbox, None) == ("Drafts" if imap_server.kind == "dovecot" else None)
    with pytest.raises(Unavailable, match=r"imap\.drafts"):
        drafts_folder(mailbox, "Skizzen")


@pytest.mark.parametrize("mishap", ["cut", "reset"])
def test_connection_that_breaks_costs_a_look_and_no_note(
    imap_server: Account, flaky_proxy: Callable[[int], FlakyProxy], mishap: str
) -> None:
    proxy = flaky_proxy(imap_server.port)
    imap_server.append(draft("this is wrong"), "Drafts")
    desk = Desk(imap_server, imap_server.connect())
    behind = dataclasses.replace(imap_server, port=proxy.port)
    for count in range(200, 2600, 300):
        proxy.heal()
        desk.mailbox = behind.connect()
        proxy.break_after(count, mishap)  # type: ignore[arg-type]
        try:
            desk.look(after=21)
        except Unavailable:
            continue
    desk.mailbox = imap_server.connect()
    desk.look(after=21)
    desk.look(after=AGAIN_SECONDS + 1)

    assert len(desk.notes()) == 1


def test_who_stepped_aside_is_not_told_to_unlock() -> None:
    closed = Judged(Ruling.UNCHECKED, is_closed=True)
    said = [
        words_of(Draft(compose(Draft(draft("x")), each, TAGS, NO_TEMPLATES)))
        for each in (closed, Judged(Ruling.UNCHECKED))
    ]

    assert ["let another member" in each for each in said] == [True, False]
    assert ["conduct unlock" in each for each in said] == [False, True]


def test_only_our_notes_are_taken_for_notes() -> None:
    judged = Judged(Ruling.REFUSED, errors=1)
    note = compose(Draft(draft("wrong")), judged, TAGS, NO_TEMPLATES)
    digest = Draft(draft("wrong")).digest

    assert draft_of(Draft(note), TAGS) == digest
    assert draft_of(Draft(b"To: omar@example.net\r\n" + note), TAGS) is None
    assert draft_of(Draft(note), Tags(b"x" * 32)) is None
    assert draft_of(Draft(f"{OF_DRAFT}: {digest}\r\n\r\nx".encode()), TAGS) is None


@pytest.mark.parametrize(
    "message_id", ["a@b\r\nBcc: eve@example.net", "=?utf-8?q?=0ABcc:_eve?=@x", "x" * 400, "\u202eabc@x", ""]
)
def test_no_draft_writes_a_header_of_the_note(message_id: str) -> None:
    raw = f"From: ines@example.org\r\nMessage-ID: <{message_id}>\r\nSubject: s\r\n\r\nwrong\r\n".encode()
    note = Draft(compose(Draft(raw), Judged(Ruling.REFUSED, errors=1), TAGS, NO_TEMPLATES))
    names = {field.name.lower() for field in note.header.fields}

    assert names <= {
        "subject", "in-reply-to", "x-conduct-lint", "x-conduct-note", "mime-version", "content-type",
        "content-transfer-encoding",
    }  # fmt: skip
    assert all(len(line) < 998 for line in note.raw.splitlines())
