"""A committee in its stores, without the command and without a mailbox: people, mails, cases, made in one line each."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from policies.access import readers
from policies.case import CaseId
from policies.intake_result import Intake
from policies.mail import Address, Kind, MailId, Message
from policies.roster import MemberId, Roster
from records import accepting, audit, cases, drafts, joining, keyring, mail, members
from records.accepting import Acceptance
from records.cases import Case
from records.drafts import Opened
from records.founding import found
from records.keyring import Keyring
from records.mail import Incoming, Location
from records.members import Enrolled
from records.store import Store, Transaction
from records.vault import seal
from records.vault.identity import Identity, Newcomer, ServerKeys, introduce, read_introduction

NOW = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
_uids = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Server:
    """The service as a signer."""

    keys: ServerKeys
    actor: str = members.SERVER

    def sign(self, message: bytes) -> bytes:
        """The server's signature."""
        return self.keys.sign(message)


@dataclasses.dataclass
class Committee:
    """Stores with a founder; the instant of acts moves on by a minute each time."""

    store: Store
    founder: Keyring
    recovery: Identity
    server: Server
    at: datetime = NOW

    def now(self) -> datetime:
        """The next instant."""
        self.at += timedelta(minutes=1)
        return self.at

    def join(self, name: str, *, by: Keyring | None = None, since: datetime | None = None) -> Keyring:
        """A newcomer, let in by the founder or another member; she gets mail from now on unless ``since`` says."""
        identity = Identity.generate()
        with self.store.writing() as transaction:
            start = since or self.now()
            admitted = joining.admit(transaction, by or self.founder, newcomer(name, identity), start, self.now())
        return Keyring(admitted.enrolled.member.id, identity)

    def leave(self, leaving: Keyring) -> int:
        """A member removed by the service; how many grants she had."""
        with self.store.writing() as transaction:
            return joining.remove(transaction, self.server, self.enrolled(transaction, leaving), self.now())

    def enrolled(self, transaction: Transaction, who: Keyring) -> Enrolled:
        """Her entry on the roster."""
        return next(each for each in members.load(transaction) if each.member.id == who.member)

    def draft(self, received: datetime | None = None, **mail_options: Any) -> Case:
        """A draft that a mail has opened."""
        with self.store.writing() as transaction:
            case = cases.new_draft(transaction, received or self.now())
            add_mail(transaction, case.received, case=case.id, **mail_options)
            audit.append(transaction, self.server, self.now(), "draft", case.code_name)
        return case

    def record(self, received: datetime | None = None, by: Keyring | None = None) -> Case:
        """A draft that a member, the founder by default, made a record."""
        case = self.draft(received)
        with self.store.writing() as transaction:
            accepting.accept(transaction, by or self.founder, case, Acceptance(), self.now())
            return cases.get(transaction, case.id)

    def mail_to(self, case: Case, received: datetime | None = None, **options: Any) -> MailId:
        """A mail that joins a case."""
        with self.store.writing() as transaction:
            return add_mail(transaction, received or self.now(), case=case.id, **options)

    def opens(self, who: Keyring, object_id: str) -> bool:
        """Whether she can open it now, with nothing remembered from before."""
        with self.store.reading() as transaction:
            return Keyring(who.member, who.identity).key_or_none(transaction, object_id) is not None


def newcomer(name: str, identity: Identity, address: str | None = None) -> Newcomer:
    """A newcomer as her block introduces her; the address follows from the name."""
    first = name.partition(" ")[0].lower()
    return read_introduction(introduce(identity, name, [address or f"{first}@example.org"]))


def new_committee(store: Store, founder: str = "Priya Raman", starts: datetime | None = None) -> Committee:
    """Found a committee in empty stores."""
    identity, recovery, server = Identity.generate(), Identity.generate(), Server(ServerKeys.generate())
    acting = Keyring(members.new_id(), identity)
    with store.writing() as transaction:
        person = newcomer(founder, identity)
        found(transaction, acting, person, recovery.public, server.keys.public_sign, starts, NOW)
    return Committee(store, acting, recovery, server)


@contextmanager
def sqlite_store(folder: Path) -> Iterator[Store]:
    """New stores in two files of a folder."""
    folder.mkdir(exist_ok=True)
    store = Store.open(f"sqlite:///{folder}/content.db", f"sqlite:///{folder}/keys.db", create=True)
    yield store
    store.close()


def add_mail(
    transaction: Transaction,
    received: datetime,
    raw: bytes = b"Subject: hello\r\n\r\nA mail.\r\n",
    case: CaseId | None = None,
    held_from: tuple[Keyring, ...] = (),
) -> MailId:
    """A sealed mail, granted to those who may read what arrived then, and to the recovery identity."""
    mail_id, key, uid = mail.new_id(), seal.new_key(), next(_uids)
    sealer = seal.StreamSealer(key, f"{mail.RAW}|{mail_id}")
    thread = mail.open_thread(transaction)
    sender = Address("Sam Ostrova", "sam@example.net")
    draft = Opened(Message(from_=(sender,)), Intake(Kind.REPORT, sender=sender), hashlib.sha256(raw).hexdigest())
    incoming = Incoming(
        mail=mail_id,
        received=received,
        size=len(raw),
        location=Location("mailbox", "INBOX", 1, uid),
        kind=Kind.REPORT,
        flags=(),
        pieces=[sealer.update(raw) + sealer.finish()],
        draft=drafts.seal_draft(mail_id, key, draft),
        message_id_tag=None,
        content_tag=seal.tag(bytes(32), b"builders", uid.to_bytes(8, "big")),
        identity_tag=None,
        thread=thread,
    )
    mail.write(transaction, incoming)
    if case is not None:
        mail.file_thread(transaction, thread, case)
    grant_mail(transaction, mail_id, key, received, {each.member for each in held_from})
    return mail_id


def grant_mail(
    transaction: Transaction, mail_id: MailId, key: bytes, received: datetime, held_from: set[MemberId]
) -> None:
    """Grant a mail's key as the poller does."""
    roster = Roster((), tuple(each.member for each in members.load(transaction)))
    for member in held_from:
        cases.exclude(transaction, mail.object_id(mail_id), member, "held")
    allowed = readers(roster, received, held_from)
    keyring.grant(transaction, mail.object_id(mail_id), key, keyring.readers_with_keys(transaction, allowed))
