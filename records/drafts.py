"""What the limited child read in a mail, sealed under the mail's own key and opened again, one or many at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, Final

import sqlalchemy as sa

from policies import plain
from policies.errors import Unavailable
from policies.intake_result import Intake
from policies.mail import MailId, Message
from policies.values import value
from records import tables
from records.keyring import Keyring
from records.mail import object_id
from records.store import Transaction
from records.vault import seal

DRAFT: Final = "draft"
_CHUNK: Final = 500


@value
class Opened:
    """What the limited child read in a mail; both are None where it could not.  ``sha256`` is of the exact bytes."""

    message: Message | None
    intake: Intake | None
    sha256: str

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return "Opened(…)"


def opened(transaction: Transaction, keyring: Keyring, mail: MailId) -> Opened:
    """What was read in a mail.

    Raises Refused: not granted to this member.
    """
    keyring.key(transaction, object_id(mail))
    for _, found in opened_many(transaction, keyring, [mail]):
        return found
    raise Unavailable("corrupt-store", "A mail's draft is missing from the store.", "Restore it from its backup.")


def opened_many(
    transaction: Transaction, keyring: Keyring, mails: Collection[MailId]
) -> Iterator[tuple[MailId, Opened]]:
    """What was read in each of these mails that was granted to this member, in no order; a lost draft is left out."""
    ids = sorted(mails)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        keyring.open_many(transaction, [object_id(each) for each in chunk])
        query = sa.select(tables.drafts).where(tables.drafts.c.message.in_(chunk))
        for row in transaction.content.execute(query):
            key = keyring.key_or_none(transaction, object_id(row.message))
            if key is not None:
                yield row.message, _opened(row.message, row.sealed, key)


def _opened(mail: MailId, sealed: bytes, key: bytes) -> Opened:
    found: dict[str, Any] = json.loads(seal.open_bytes(sealed, key, f"{DRAFT}|{mail}"))
    return Opened(
        plain.message_from_plain(found["message"]) if found["message"] else None,
        plain.intake_from_plain(found["intake"], mail) if found["intake"] else None,
        found["sha256"],
    )


def seal_draft(mail: MailId, key: bytes, draft: Opened) -> bytes:
    """Seal what was read in a mail under the mail's own key."""
    found = {
        "message": plain.message_to_plain(draft.message) if draft.message else None,
        "intake": plain.intake_to_plain(draft.intake) if draft.intake else None,
        "sha256": draft.sha256,
    }
    return seal.seal_bytes(json.dumps(found, separators=(",", ":")).encode(), key, f"{DRAFT}|{mail}")
