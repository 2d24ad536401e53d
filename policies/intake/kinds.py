"""What kind of mail lies there: a person's, a machine's, a delivery report, the committee's own."""

from __future__ import annotations

import re
from typing import Final

from policies.addresses import canonical
from policies.mail import Address, Message
from policies.roster import Member, Roster
from policies.words import listed

_DAEMON: Final = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mdaemon|mail-?delivery|bounces?)\b", re.IGNORECASE
)
_AUTOMATIC: Final = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-vacation", "x-mail-autoreply",
)  # fmt: skip
_MACHINE: Final = (
    "x-auto-response-suppress", "x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source",
    "auto-submitted", "precedence", "x-loop", *_AUTOMATIC,
)  # fmt: skip
_MARK_LINE: Final = 200
_ENCRYPTED: Final = ("application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def automatic_reason(message: Message) -> str:
    """Why the mail is no person's, in one fixed word, or nothing.

    ``Auto-Submitted: auto-generated`` alone is no reason: a web form sends what a person wrote.  Nor is a subject
    alone: automatic mail is destroyed after a month, so that a wrong guess would lose a report.
    """
    if message.calendar_method:
        return "calendar"
    # RFC 3834 5: auto-replied is an answer to a mail, auto-generated need not be.
    if message.hint("auto-submitted").strip().casefold().startswith("auto-replied"):
        return "auto-replied"
    if message.hint("precedence").strip().casefold() in {"auto_reply", "auto-reply"}:
        return "precedence"
    if any(_is_set(message.hint(name)) for name in _AUTOMATIC):
        return "auto-reply-header"
    if has_absence_subject(message) and any(_is_set(message.hint(name)) for name in _MACHINE):
        return "absence"
    return ""


def has_absence_subject(message: Message) -> bool:
    """Whether the subject begins as out-of-office notices do, in whatever language."""
    subject = message.subject[:_MARK_LINE].strip().casefold()
    for prefix in listed("absence"):
        if subject.startswith(prefix):
            rest = subject[len(prefix) :].lstrip()
            return not rest or rest[0] in ":：-–—[("
    return False


def _is_set(value: str) -> bool:
    return value.strip().casefold() not in {"", "no", "false", "none", "0"}


def is_bounce(message: Message) -> bool:
    """Whether a mail server reports on the delivery of a mail."""
    if message.bounce is None:
        return False
    senders = [each.address for each in message.from_]
    if not any(senders) or message.hint("return-path").strip() == "<>":
        return True
    if message.hint("content-type").strip().casefold().startswith("multipart/report"):
        return True
    return any(_DAEMON.match(address) is not None for address in senders)


def writer(message: Message, roster: Roster) -> Member | None:
    """The present member who wrote the mail: its only From address is hers, in its only From header."""
    if message.from_headers != 1 or len(message.from_) != 1:
        return None
    own = canonical(message.from_[0].address)
    return next((each for each in roster.present if own and own in map(canonical, each.addresses)), None)


def is_from_conduct(message: Message, roster: Roster) -> bool:
    """Whether the mail was written as the mailbox itself."""
    one = message.from_headers == 1 and len(message.from_) == 1
    return one and canonical(message.from_[0].address) in map(canonical, roster.conduct)


def outsiders(message: Message, roster: Roster) -> tuple[Address, ...]:
    """Everybody in To and Cc who is neither a present member nor the mailbox."""
    ours = {canonical(address) for each in roster.present for address in each.addresses}
    ours.update(map(canonical, roster.conduct))
    return tuple(each for each in (*message.to, *message.cc) if each.address and canonical(each.address) not in ours)


def is_encrypted(message: Message) -> bool:
    """Whether the text is locked: PGP or S/MIME."""
    if any(each.content_type.casefold().startswith(_ENCRYPTED) for each in message.attachments):
        return True
    return "-----BEGIN PGP MESSAGE-----" in message.text


def has_nothing(message: Message) -> bool:
    """Whether there is nothing that a person could read or open."""
    return not (message.text.strip() or message.subject.strip() or message.attachments or message.inner)
