"""A member's index: it finds what opening everything would find, follows the stores, and shows nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

import pytest

from policies.case import ReporterKind, RowId, Status, Subject
from policies.intake_result import Intake
from policies.mail import Address, Kind, MailId, Message
from records import accepting, cases, drafts, index, keyring, mail, parts
from records.accepting import Acceptance
from records.cases import Case
from records.drafts import Opened
from records.index import Index
from records.keyring import Keyring
from records.mail import Incoming, Location
from records.store import Transaction
from records.vault import seal
from tests.records.builders import Committee, grant_mail

RECEIVED = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
_SENT = iter(range(1, 10_000))


class Shelf:
    """A memory as the agent is one, that counts how often something was put there."""

    def __init__(self) -> None:
        self.kept = b""
        self.times = 0

    def recall(self) -> bytes:
        """What is there."""
        return self.kept

    def remember(self, what: bytes) -> None:
        """Keep it."""
        self.kept, self.times = what, self.times + 1

    def is_there(self) -> bool:
        """Always."""
        return True


@pytest.fixture
def shelf(sqlite_committee: Committee) -> Shelf:
    """The founder's."""
    sqlite_committee.founder.memory = made = Shelf()
    return made


def _write(
    transaction: Transaction, message_id: str, sender: str, kind: Kind = Kind.REPORT, reply_to: str = "",
    held_from: tuple[Keyring, ...] = (),
) -> Case:  # fmt: skip
    """A mail in a thread and a draft of its own."""
    mail_id, key, number = mail.new_id(), seal.new_key(), next(_SENT)
    sealer = seal.StreamSealer(key, f"{mail.RAW}|{mail_id}")
    person = Address("", sender)
    answers = (Address("", reply_to),) if reply_to else ()
    draft = Opened(Message(message_id=message_id, from_=(person,), reply_to=answers), Intake(kind, sender=person), "")
    thread = mail.open_thread(transaction)
    mail.write(transaction, Incoming(
        mail=mail_id, received=RECEIVED, size=9, location=Location("box", "INBOX", 2, number), kind=kind, flags=(),
        pieces=[sealer.update(b"a") + sealer.finish()], draft=drafts.seal_draft(mail_id, key, draft),
        message_id_tag=None, content_tag=seal.tag(bytes(32), b"index", number.to_bytes(8, "big")), identity_tag=None,
        thread=thread,
    ))  # fmt: skip
    case = cases.new_draft(transaction, RECEIVED)
    mail.file_thread(transaction, thread, case.id)
    grant_mail(transaction, mail_id, key, RECEIVED, {each.member for each in held_from})
    return case


def _mail_of(committee: Committee, case: Case) -> MailId:
    with committee.store.reading() as transaction:
        return mail.of_case(transaction, case.id)[0].mail


def _threads(committee: Committee, *message_ids: str, who: Keyring | None = None) -> int:
    with committee.store.reading() as transaction:
        acting = who or committee.founder
        return len(index.current(transaction, Keyring(acting.member, acting.identity, acting.memory)).threads(
            transaction, message_ids
        ))  # fmt: skip


def _cases(committee: Committee, *addresses: str, who: Keyring | None = None) -> set[str]:
    with committee.store.reading() as transaction:
        acting = who or committee.founder
        found = index.current(transaction, Keyring(acting.member, acting.identity, acting.memory))
        return set(found.cases_of(transaction, addresses))


def test_mail_is_found_by_its_message_id(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "one@example.net", "ada@example.net")
        _write(transaction, "two@example.net", "bo@example.net")
        _write(transaction, "", "cy@example.net")

    assert _threads(sqlite_committee, "one@example.net", "none@example.net") == 1
    assert _threads(sqlite_committee, "one@example.net", "two@example.net") == 2
    assert _threads(sqlite_committee, "") == 0
    assert _threads(sqlite_committee) == 0


def test_reporters_are_found_by_either_address_in_any_spelling(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        case = _write(transaction, "one@example.net", "ada@example.net", reply_to="ada.q@gmail.com")
        _write(transaction, "two@example.net", "bo@example.net", kind=Kind.REPLY)

    assert _cases(sqlite_committee, "ADA@Example.net") == {case.id}
    assert _cases(sqlite_committee, "adaq+x@googlemail.com") == {case.id}
    assert _cases(sqlite_committee, "bo@example.net", "none@example.net") == set()


def test_people_of_an_open_record_are_found(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        case = _write(transaction, "one@example.net", "ada@example.net")
        subject = Subject(("Bo Rook",), ("bo@example.com",))
        acceptance = Acceptance(ReporterKind.OFFICIAL, (subject,))
        accepting.accept(transaction, sqlite_committee.founder, case, acceptance, sqlite_committee.now())

    assert _cases(sqlite_committee, "bo@example.com") == {case.id}
    with sqlite_committee.store.writing() as transaction:
        row = cases.rows_of(transaction, case.id)[0].id
        value = parts.subject_value(Subject(("Bo Rook",), ("bo@other.example.com",)))
        parts.rewrite(transaction, sqlite_committee.founder, parts.subject_object(RowId(row)), value)
    assert _cases(sqlite_committee, "bo@example.com") == set()
    assert _cases(sqlite_committee, "bo@other.example.com") == {case.id}


def test_closed_record_names_nobody_here(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        case = _write(transaction, "one@example.net", "ada@example.net")
        acceptance = Acceptance(ReporterKind.OFFICIAL, (Subject(("Bo Rook",), ("bo@example.com",)),))
        accepting.accept(transaction, sqlite_committee.founder, case, acceptance, sqlite_committee.now())
    assert _cases(sqlite_committee, "bo@example.com") == {case.id}
    with sqlite_committee.store.writing() as transaction:
        cases.update(transaction, case.id, status=Status.CLOSED.value)

    assert _cases(sqlite_committee, "bo@example.com") == set()


def test_second_look_opens_only_what_is_new(
    sqlite_committee: Committee, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "one@example.net", "ada@example.net")
    assert _threads(sqlite_committee, "one@example.net") == 1
    opened: list[int] = []
    real = drafts.opened_many

    def counted(
        transaction: Transaction, acting: Keyring, mails: Collection[MailId]
    ) -> Iterator[tuple[MailId, Opened]]:
        opened.append(len(mails))
        return real(transaction, acting, mails)

    monkeypatch.setattr(drafts, "opened_many", counted)

    assert _threads(sqlite_committee, "one@example.net") == 1
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "two@example.net", "bo@example.net")
    assert _threads(sqlite_committee, "two@example.net") == 1

    assert (opened, shelf.times) == ([0, 1], 2)


def test_what_is_destroyed_is_forgotten(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        case = _write(transaction, "one@example.net", "ada@example.net")
    assert _cases(sqlite_committee, "ada@example.net") == {case.id}
    long = len(shelf.kept)
    doomed = _mail_of(sqlite_committee, case)
    with sqlite_committee.store.writing() as transaction:
        keyring.destroy(transaction, [mail.object_id(doomed)])

    assert _cases(sqlite_committee, "ada@example.net") == set()
    assert _threads(sqlite_committee, "one@example.net") == 0
    assert len(shelf.kept) < long


def test_what_is_taken_from_a_member_is_forgotten(sqlite_committee: Committee) -> None:
    noor = sqlite_committee.join("Noor Haddad", since=datetime(2026, 1, 1, tzinfo=UTC))
    noor.memory = Shelf()
    with sqlite_committee.store.writing() as transaction:
        case = _write(transaction, "one@example.net", "ada@example.net")
        _write(transaction, "two@example.net", "bo@example.net", held_from=(noor,))
    assert _threads(sqlite_committee, "one@example.net", who=noor) == 1
    assert _threads(sqlite_committee, "two@example.net", who=noor) == 0
    taken = _mail_of(sqlite_committee, case)
    with sqlite_committee.store.writing() as transaction:
        keyring.revoke(transaction, mail.object_id(taken), noor.member)

    assert _threads(sqlite_committee, "one@example.net", who=noor) == 0


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\0" * 200])
def test_what_is_not_ours_is_made_anew(sqlite_committee: Committee, shelf: Shelf, damage: bytes) -> None:
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "one@example.net", "ada@example.net")
    shelf.kept = damage

    assert _threads(sqlite_committee, "one@example.net") == 1
    assert shelf.kept != damage


def test_another_members_index_does_not_open(sqlite_committee: Committee, shelf: Shelf) -> None:
    noor = sqlite_committee.join("Noor Haddad")
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "one@example.net", "ada@example.net")
    _threads(sqlite_committee, "one@example.net")

    assert repr(Index(noor, shelf.kept)) == "Index(0 mails)"
    assert repr(Index(sqlite_committee.founder, shelf.kept)) == "Index(1 mails)"


def test_it_shows_no_address_and_no_id(sqlite_committee: Committee, shelf: Shelf) -> None:
    with sqlite_committee.store.writing() as transaction:
        _write(transaction, "one@example.net", "ada@example.net")
    _threads(sqlite_committee, "one@example.net")
    kept = Index(sqlite_committee.founder, shelf.kept)

    for shown in (shelf.kept, repr(kept._mails).encode(), repr(kept._parts).encode()):
        assert b"example" not in shown
        assert b"ada" not in shown
