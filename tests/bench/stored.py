"""A committee with thousands of stored mails, sealed row by row without a mailbox: reports and answers to them."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from datetime import UTC, datetime, timedelta

from policies.case import CaseId, Suggestion
from policies.intake_result import Intake
from policies.mail import Address, Kind, MailId, Message
from records import cases, drafts, keyring, mail
from records.drafts import Opened
from records.mail import Incoming, Location
from records.store import Transaction
from records.vault import seal
from records.vault.format import PublicIdentity
from tests.bench.prose import PROSE
from tests.scenes import CONDUCT, Scene

_BEGINNING = datetime(2024, 1, 8, 8, 0, tzinfo=UTC)
_BATCH = 500
#: Of so many mails one opens a thread; the others answer what came before.
_A_THREAD = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Posted:
    """A stored mail: its id, its Message-ID, who wrote it, its case."""

    mail: MailId
    message_id: str
    sender: str
    case: CaseId


def fill(scene: Scene, count: int, seed: int = 1) -> list[Posted]:
    """Store so many mails, an hour apart, readable by every member; each thread has a draft of its own."""
    dice = random.Random(seed)
    written: list[Posted] = []
    readers: dict[str, PublicIdentity] = {
        person.keyring.member: person.keyring.identity.public for person in scene.members
    }
    with scene.opened() as store:
        for start in range(0, count, _BATCH):
            with store.writing() as transaction:
                for number in range(start, min(start + _BATCH, count)):
                    written.append(_write(transaction, dice, number, written, readers))
    return written


def _write(
    transaction: Transaction, dice: random.Random, number: int, before: list[Posted], readers: dict[str, PublicIdentity]
) -> Posted:
    received = _BEGINNING + timedelta(hours=number)
    answered = dice.choice(before[-50:]) if before and number % _A_THREAD else None
    kind = Kind.REPLY if answered else Kind.REPORT
    sender = Address("Ines Moor", f"ines.moor.{number % 3000}@mail{number % 40}.example.net")
    text = " ".join(PROSE["en"]) + f" This is letter {number}."
    message_id = f"{number:06}.{dice.randrange(10**9)}@mail.example.net"
    message = Message(
        message_id=message_id, references=(answered.message_id,) if answered else (), from_=(sender,),
        to=(Address("", CONDUCT),), subject=f"Letter {number}", date=received, text=text,
    )  # fmt: skip
    headers = f"From: {sender.name} <{sender.address}>\nTo: {CONDUCT}\nSubject: Letter {number}\n"
    raw = f"{headers}Message-ID: <{message_id}>\n\n{text}\n".replace("\n", "\r\n").encode()
    suggestions = tuple(Suggestion("summary", line, line, 1) for line in PROSE["en"][:6])
    draft = Opened(message, Intake(kind, sender=sender, suggestions=suggestions), hashlib.sha256(raw).hexdigest())
    thread = _thread_of(transaction, answered) if answered else mail.open_thread(transaction)
    stored = _seal(transaction, draft, raw, received, thread, number, readers)
    case = answered.case if answered else cases.new_draft(transaction, received).id
    mail.file_thread(transaction, thread, case)
    return Posted(stored, message_id, sender.address, case)


def _thread_of(transaction: Transaction, posted: Posted) -> str:
    return mail.one(transaction, posted.mail).thread


def _seal(
    transaction: Transaction, draft: Opened, raw: bytes, received: datetime, thread: str, number: int,
    readers: dict[str, PublicIdentity],
) -> MailId:  # fmt: skip
    mail_id, key = mail.new_id(), seal.new_key()
    sealer = seal.StreamSealer(key, f"{mail.RAW}|{mail_id}")
    incoming = Incoming(
        mail=mail_id, received=received, size=len(raw), location=Location("mailbox", "INBOX", 1, number + 1),
        kind=Kind.REPORT if draft.intake is None else draft.intake.kind, flags=(),
        pieces=[sealer.update(raw) + sealer.finish()], draft=drafts.seal_draft(mail_id, key, draft),
        message_id_tag=None, content_tag=seal.tag(bytes(32), b"bench", number.to_bytes(8, "big")), identity_tag=None,
        thread=thread,
    )  # fmt: skip
    mail.write(transaction, incoming)
    keyring.grant(transaction, mail.object_id(mail_id), key, readers)
    return mail_id
