"""The mailbox's part of an expunge: copies found in every folder, confirmed, expunged, proved gone, noted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime

from ingest import imap_expunge
from ingest.imap_expunge import MailTags, Wiped
from ingest.mailbox import Mailbox
from ingest.tagging import tags_of
from policies.mail import MailId
from records import expunge
from records.audit import Signer
from records.store import Store
from records.tags import Tags


@dataclasses.dataclass(frozen=True, slots=True)
class Wiping:
    """Which mails are proved to have left the mailbox, and which may still lie there, and where."""

    gone: tuple[MailId, ...]
    left: tuple[Wiped, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Tagger:
    tags: Tags

    def of_message_id(self, message_id: str) -> bytes:
        """The tag of a Message-ID."""
        return self.tags.message_id(message_id)

    def of_mail(self, pieces: Iterable[bytes]) -> MailTags:
        """The tags of a mail that comes in pieces."""
        found = tags_of(pieces, self.tags)
        return MailTags(found.content, found.identity)


def wipe_mailbox(
    store: Store, connect: Callable[[], Mailbox], tags: Tags, signer: Signer, now: datetime
) -> Wiping | None:
    """Expunge from the mailbox every mail that waits for it; None where nothing waits.

    What cannot be done today stays queued, and is tried again by the next poll or the next apply.
    """
    with store.reading() as transaction:
        doomed = expunge.doomed(transaction)
    if not doomed:
        return None
    wiped = imap_expunge.wipe(connect, doomed, _Tagger(tags))
    gone = tuple(one.mail_id for one in wiped if one.proved)
    left = tuple(one for one in wiped if not one.proved)
    with store.writing() as transaction:
        expunge.note_gone(transaction, signer, gone, len(left), now)
    store.wipe_freed_space()
    return Wiping(gone, left)
