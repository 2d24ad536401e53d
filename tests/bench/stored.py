"""A committee with thousands of stored mails, sealed row by row without a mailbox: reports and answers to them."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from datetime import UTC, datetime, timedelta

from ingest import wiring
from policies.case import CaseId, Suggestion
from policies.intake_result import Intake
from policies.mail import Address, Kind, MailId, Message
from records import cases, drafts, keyring, mail
from records.drafts import Opened
from records.mail import Incoming, Location
from records.store import Transaction
from records.tags import Tags
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


def fill(scene: Scene, count: int, first: int = 0) -> list[Posted]:
    """Store so many mails, an hour apart, readable by every member; each thread has a draft of its own.

    ``first`` is the number of the first one, for those who come back with more.
    """
    filler = _Filler(scene)
    with scene.opened() as store:
        for start in range(first, first + count, _BATCH):
            with store.writing() as transaction:
                for number in range(start, min(start + _BATCH, first + count)):
                    filler.write(transaction, number)
    return filler.written


class _Filler:
    """Writes one mail after the other, tagged as the poller does where the home has the service's keys."""

    def __init__(self, scene: Scene) -> None:
        keyrings = [person.keyring for person in scene.members]
        self._readers: dict[str, PublicIdentity] = {each.member: each.identity.public for each in keyrings}
        has_keys = scene.home.server_keys.exists()
        self._tags = Tags(wiring.server_keys(scene.home).tag_key) if has_keys else None
        self._dice = random.Random(1)
        self._threads: dict[MailId, str] = {}
        self.written: list[Posted] = []

    def write(self, transaction: Transaction, number: int) -> None:
        """A report, or an answer to one of the mails before."""
        received = _BEGINNING + timedelta(hours=number)
        answered = self._dice.choice(self.written[-50:]) if self.written and number % _A_THREAD else None
        draft, raw = self._letter(number, received, answered)
        thread = self._threads[answered.mail] if answered else mail.open_thread(transaction)
        posted = self._seal(transaction, draft, raw, received, thread, number)
        case = answered.case if answered else cases.new_draft(transaction, received).id
        mail.file_thread(transaction, thread, case)
        message = draft.message or Message()
        if self._tags is not None:
            people = [each.address for each in message.from_]
            mail.note_participants(transaction, self._tags, thread, posted, people)
        self._threads[posted] = thread
        self.written.append(Posted(posted, message.message_id, message.from_[0].address, case))

    def _letter(self, number: int, received: datetime, answered: Posted | None) -> tuple[Opened, bytes]:
        sender = Address("Ines Moor", f"ines.moor.{number % 3000}@mail{number % 40}.example.net")
        text = " ".join(PROSE["en"]) + f" This is letter {number}."
        message_id = f"{number:06}.{self._dice.randrange(10**9)}@mail.example.net"
        message = Message(
            message_id=message_id, references=(answered.message_id,) if answered else (), from_=(sender,),
            to=(Address("", CONDUCT),), subject=f"Letter {number}", date=received, text=text,
        )  # fmt: skip
        head = f"From: {sender.name} <{sender.address}>\nTo: {CONDUCT}\nSubject: Letter {number}\n"
        raw = f"{head}Message-ID: <{message_id}>\n\n{text}\n".replace("\n", "\r\n").encode()
        suggestions = tuple(Suggestion("summary", line, line, 1) for line in PROSE["en"][:6])
        intake = Intake(Kind.REPLY if answered else Kind.REPORT, sender=sender, suggestions=suggestions)
        return Opened(message, intake, hashlib.sha256(raw).hexdigest()), raw

    def _seal(
        self, transaction: Transaction, draft: Opened, raw: bytes, received: datetime, thread: str, number: int
    ) -> MailId:
        mail_id, key = mail.new_id(), seal.new_key()
        sealer, message = seal.StreamSealer(key, f"{mail.RAW}|{mail_id}"), draft.message or Message()
        incoming = Incoming(
            mail=mail_id, received=received, size=len(raw), location=Location("mailbox", "INBOX", 1, number + 1),
            kind=draft.intake.kind if draft.intake else Kind.OTHER, flags=(),
            pieces=[sealer.update(raw) + sealer.finish()], draft=drafts.seal_draft(mail_id, key, draft),
            message_id_tag=self._tags.message_id(message.message_id) if self._tags else None,
            content_tag=seal.tag(bytes(32), b"bench", number.to_bytes(8, "big")), identity_tag=None, thread=thread,
        )  # fmt: skip
        mail.write(transaction, incoming)
        keyring.grant(transaction, mail.object_id(mail_id), key, self._readers)
        return mail_id
