"""Where a mail belongs: known, destroyed, its thread, its case, its readers; written in the batch's transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from ingest.sealing import Fetched
from policies import access, threads
from policies.case import CaseId, Status
from policies.intake_result import Intake
from policies.mail import Kind, MailId, Message
from policies.roster import MemberId, Roster
from records import audit, cases, drafts, expunge, finding, keyring, mail, members, parts
from records.audit import Signer
from records.mail import Incoming
from records.store import Transaction
from records.tags import Tags
from records.vault.format import PublicIdentity

UNREAD: Final = "unread"
COPY: Final = "copy"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What the child made of a mail; both are None where it could not be read."""

    message: Message | None = None
    intake: Intake | None = None

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return "Reading(…)"


@dataclasses.dataclass(slots=True)
class Counts:
    """What came of a round, as ``conduct poll --json`` prints it."""

    fetched: int = 0
    stored: int = 0
    known: int = 0
    drafts: int = 0
    joined: int = 0
    needs_eyes: int = 0
    automatic: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a mail was put, and why: its kind, its thread, and the case of that thread if there is one."""

    kind: Kind
    thread: str
    case: CaseId | None
    opens_draft: bool = False
    bounce_of: MailId | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """What filing goes by in one round: the roster of the day, who signs, where our own sent mail lies."""

    roster: Roster
    tags: Tags
    signer: Signer
    now: datetime
    seal_mail_to_recovery: bool
    sent_folder: str | None


class Filing:
    """Files mails in one transaction; the keys of the readers are read once for it."""

    def __init__(self, transaction: Transaction, rules: Rules, counts: Counts) -> None:
        self._transaction = transaction
        self._roster = rules.roster
        self._tags = rules.tags
        self._signer = rules.signer
        self._now = rules.now
        self._counts = counts
        self._to_recovery = rules.seal_mail_to_recovery
        self._sent_folder = rules.sent_folder
        self._recovery = members.recovery(transaction)
        self._publics: dict[MemberId, PublicIdentity] = {
            each.member.id: each.public for each in members.present(transaction)
        }
        self._familiar: set[bytes] = set()
        self._written: list[Incoming] = []
        self._due: list[tuple[str, bytes, dict[str, PublicIdentity]]] = []
        self._keeps_out = cases.keeps_anybody_out(transaction)

    def file_all(self, fetched: Sequence[Fetched], readings: Mapping[MailId, Reading]) -> None:
        """Write each mail where it belongs, unless it is known or was destroyed."""
        self._familiar = finding.familiar(self._transaction, set().union(*map(_tags, fetched)))
        for each in fetched:
            self._file(each, readings.get(each.mail, Reading()))
            self._familiar |= _tags(each)
        mail.write_sealed(self._transaction, self._written)
        keyring.grant_all(self._transaction, self._due)

    def _file(self, fetched: Fetched, reading: Reading) -> None:
        if self._familiar.isdisjoint(_tags(fetched)):
            self._write(fetched, reading, None)
            return
        known = finding.with_content(self._transaction, fetched.tags.content)
        buried = finding.destroyed_copy(self._transaction, fetched.tags.content, fetched.tags.identity)
        if known is None and buried is None:
            self._write(fetched, reading, finding.with_identity(self._transaction, fetched.tags.identity))
            return
        self._counts.known += 1
        if not fetched.location.is_in_mailbox:
            return
        if known is not None:
            mail.locate(self._transaction, known, fetched.location)
        elif buried is not None:
            expunge.queue_again(self._transaction, buried)

    def _write(self, fetched: Fetched, reading: Reading, copy_of: MailId | None) -> None:
        place = self._place_of(copy_of) if copy_of else self._place(fetched, reading)
        held = self._held(reading.intake, place)
        flags = _flags(reading, held=bool(held), is_copy=copy_of is not None)
        inner_id = _inner_id(reading)
        incoming = Incoming(
            mail=fetched.mail,
            received=fetched.received,
            size=fetched.size,
            location=fetched.location,
            kind=place.kind,
            flags=flags,
            pieces=fetched.rows,
            draft=drafts.seal_draft(
                fetched.mail, fetched.key, drafts.Opened(reading.message, reading.intake, fetched.tags.sha256)
            ),
            message_id_tag=fetched.tags.message_id,
            content_tag=fetched.tags.content,
            identity_tag=fetched.tags.identity,
            inner_id_tag=self._tags.message_id(inner_id) if inner_id else None,
            thread=place.thread,
            copy_of=copy_of,
            bounce_of=place.bounce_of,
            forwarded_by=reading.intake.forwarded_by if reading.intake else None,
            triaged_on=self._now.astimezone(UTC).date() if _settles_itself(place) else None,
        )
        mail.write_head(self._transaction, incoming)
        self._written.append(incoming)
        self._file_with_case(fetched, place, _reported_on(fetched, reading))
        self._note_participants(fetched.mail, place, reading.message)
        self._grant(fetched, place, held)
        self._count(place, flags)

    # --- which thread, which case

    def _place_of(self, copy_of: MailId) -> Place:
        original = mail.one(self._transaction, copy_of)
        return Place(original.kind, original.thread, self._case_of(original.thread))

    def _place(self, fetched: Fetched, reading: Reading) -> Place:
        if reading.message is None or reading.intake is None:
            return self._draft(Kind.OTHER)
        message, intake = reading.message, reading.intake
        if intake.kind is Kind.BOUNCE:
            return self._place_bounce(message)
        found = self._match(message, intake)
        thread = found.thread
        if intake.kind is Kind.AUTOMATIC:
            return self._loose(Kind.AUTOMATIC, thread)
        if intake.kind is Kind.SENT:
            return self._sent(message, thread, fetched.location.folder)
        if thread is None:
            return self._draft(intake.kind)
        kind = Kind.FORWARD if intake.kind is Kind.FORWARD else Kind.REPLY
        case = self._case_of(thread)
        return Place(kind, thread, case, opens_draft=case is None)

    def _match(self, message: Message, intake: Intake) -> threads.Match:
        asked = threads.ids_to_look_up(intake.threading(message))
        # What a member handed in may have come by itself as well.
        asked = (*filter(None, [_inner_id(Reading(message, intake))]), *asked)
        if intake.forward == "inline":
            # What is pasted proves nothing of itself: the ids are the member's, and the sender it names must take part.
            asked = (*threads.forwarded_ids(message), *asked)
        tags = [self._tags.message_id(each) for each in asked]
        sender = intake.sender.address if intake.sender and threads.names_one_writer(message) else ""
        found = dict.fromkeys(thread for _, thread in finding.with_message_ids(self._transaction, tags))
        candidates = [threads.Candidate(thread, self._takes_part(thread, sender)) for thread in found]
        return threads.match(candidates, sender_is_member=intake.sender_is_member, is_own=intake.own)

    def _takes_part(self, thread: str, sender: str) -> bool:
        return bool(sender) and mail.takes_part(self._transaction, self._tags, thread, sender)

    def _place_bounce(self, message: Message) -> Place:
        bounce = message.bounce
        if bounce is not None and bounce.original_id:
            tag = self._tags.message_id(bounce.original_id)
            for bounced, thread in finding.with_message_ids(self._transaction, [tag]):
                if any(mail.takes_part(self._transaction, self._tags, thread, failed) for failed in bounce.failed):
                    return Place(Kind.BOUNCE, thread, self._case_of(thread), bounce_of=bounced)
        return self._loose(Kind.BOUNCE, None)

    def _loose(self, kind: Kind, thread: str | None) -> Place:
        """A mail that opens no draft: it belongs to its thread's case, or to none."""
        if thread is None:
            return Place(kind, mail.open_thread(self._transaction), None)
        return Place(kind, thread, self._case_of(thread))

    def _case_of(self, thread: str) -> CaseId | None:
        """The case to which new mail of a thread belongs; none that is over, for what joins it would go unread."""
        case = mail.case_of_thread(self._transaction, thread)
        is_over = case is not None and cases.get(self._transaction, case).status is Status.EXPUNGED
        return None if is_over else case

    def _sent(self, message: Message, thread: str | None, folder: str) -> Place:
        """Our own mail; one that starts a thread belongs to the case whose code name stands in its subject.

        Only where it lies in the folder of sent mail: whoever sends to the mailbox can write any From.
        """
        place = self._loose(Kind.SENT, thread)
        if thread is None and folder == self._sent_folder:
            case = cases.named_in(self._transaction, message.subject)
            if case is not None:
                mail.file_thread(self._transaction, place.thread, case.id)
                return dataclasses.replace(place, case=case.id)
        return place

    def _draft(self, kind: Kind) -> Place:
        return Place(kind, mail.open_thread(self._transaction), None, opens_draft=True)

    def _file_with_case(self, fetched: Fetched, place: Place, reported_on: date) -> None:
        if place.opens_draft:
            case = cases.new_draft(self._transaction, fetched.received, reported_on)
            mail.file_thread(self._transaction, place.thread, case.id)
            audit.append(self._transaction, self._signer, self._now, "draft", case.code_name)
        elif place.case is not None:
            mail.join_case(self._transaction, fetched.mail, place.case)
            code_name = cases.get(self._transaction, place.case).code_name
            audit.append(self._transaction, self._signer, self._now, "mail", code_name, mail=fetched.mail)

    def _note_participants(self, mail_id: MailId, place: Place, message: Message | None) -> None:
        if message is None:
            return
        # Of several mails handed in at once the first one's thread is this; who wrote the others has no place in it.
        people = (message, *message.inner[:1]) if place.kind is Kind.FORWARD else (message,)
        addresses = {each.address for one in people for each in one.participants if each.address}
        mail.note_participants(self._transaction, self._tags, place.thread, mail_id, addresses)

    # --- who may read

    def _held(self, intake: Intake | None, place: Place) -> tuple[MemberId, ...]:
        """The members whom a mail that opens a thread names: it is sealed to the others."""
        if intake is None or not place.opens_draft:
            return ()
        return tuple(intake.names_members)

    def _grant(self, fetched: Fetched, place: Place, held: Sequence[MemberId]) -> None:
        object_id = mail.object_id(fetched.mail)
        for member in held:
            cases.exclude(self._transaction, object_id, member, cases.HELD)
        self._keeps_out = self._keeps_out or bool(held)
        excluded = {*held, *self._kept_out(place)}
        allowed = access.readers(self._roster, fetched.received, excluded)
        readers: dict[str, PublicIdentity] = {
            member: self._publics[member] for member in allowed if member in self._publics
        }
        if self._to_recovery or not readers:
            readers[members.RECOVERY] = self._recovery
        self._due.append((object_id, fetched.key, readers))

    def _kept_out(self, place: Place) -> set[MemberId]:
        """Whoever is kept from a case, or from another mail of thread or draft, is kept from what joins it."""
        if not self._keeps_out:
            return set()
        found = cases.excluded_from_mail_of(self._transaction, place.thread, place.case)
        if place.case is not None:
            found |= cases.excluded_from(self._transaction, parts.case_object(place.case))
        return {MemberId(member) for member in found}

    # --- counting

    def _count(self, place: Place, flags: Sequence[str]) -> None:
        self._counts.stored += 1
        self._counts.drafts += place.opens_draft
        self._counts.joined += not place.opens_draft and place.case is not None
        self._counts.automatic += place.kind in {Kind.AUTOMATIC, Kind.BOUNCE}
        self._counts.needs_eyes += place.kind is Kind.OTHER or any(flag.startswith("eyes:") for flag in flags)


def _tags(fetched: Fetched) -> set[bytes]:
    """What tells whether the mail is known: the tag of its bytes, and of what copies share."""
    return {tag for tag in (fetched.tags.content, fetched.tags.identity) if tag is not None}


def _flags(reading: Reading, *, held: bool, is_copy: bool) -> tuple[str, ...]:
    if reading.intake is None:
        return (UNREAD, *((COPY,) if is_copy else ()))
    found = [f"eyes:{word}" for word in reading.intake.needs_eyes]
    found += [cases.HELD] * held + [COPY] * is_copy
    named = reading.intake.mentions_nickname or reading.intake.names_members
    found += [cases.NICKNAME] * bool(named and not held)
    return tuple(found)


def _inner_id(reading: Reading) -> str:
    """The Message-ID of the mail that a member handed in as it was, which she and its writer go on answering."""
    if reading.message is None or reading.intake is None or reading.intake.forward != "attached":
        return ""
    return reading.intake.threading(reading.message).message_id


def _reported_on(fetched: Fetched, reading: Reading) -> date:
    """The day of a first report: INTERNALDATE; for what a member handed in the day on which that was written."""
    claimed = reading.intake.claimed_date if reading.intake and reading.intake.forward else None
    arrived = fetched.received.astimezone(UTC)
    return min(claimed or arrived, arrived).astimezone(UTC).date()


def _settles_itself(place: Place) -> bool:
    # What is automatic, bounced or our own and belongs to no case needs nobody's triage: its term begins at once.
    return place.case is None and not place.opens_draft
