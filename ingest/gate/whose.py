"""Whose mail it is: only the committee's is checked; a member's private mail, and what comes in, passes unread.

A mail is the committee's when it is written from one of the committee's identities, or answers a mail on record, or
reaches a party of a live case.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.lint_files import Place
from ingest.outgoing import has_open_party, is_ours, threads_answered
from policies.addresses import canonical
from policies.lint.context import Context
from policies.lint.draft import Draft
from policies.lint.fields import read_header
from records.keyring import Keyring
from records.store import Transaction

_WRITTEN_BY = ("From", "Sender", "Resent-From", "Resent-Sender")
_REACHES = ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc")


def heading_of(raw: bytes) -> Draft:
    """The mail's header alone, read; nothing below it is looked at."""
    return Draft(raw[: read_header(raw, 0, len(raw)).end])


def is_from_us(place: Place, heading: Draft, sender: str) -> bool:
    """Whether the header or the envelope's ``sender`` names one of the committee's identities; needs no store."""
    ours = {canonical(each) for each in place.settings.identities}
    written = (each.address for each in heading.mailboxes(*_WRITTEN_BY))
    return any(canonical(each) in ours for each in (*written, sender))


def is_report(place: Place, heading: Draft, recipients: Sequence[str], sender: str) -> bool:
    """Whether somebody else's mail reaches the mailbox alone, by the envelope; needs no store."""
    mailbox = {canonical(each) for each in (place.settings.address, *place.settings.aliases)}
    reaches = {canonical(each) for each in recipients}
    return bool(reaches) and reaches <= mailbox and not is_from_us(place, heading, sender)


def is_our_sender(context: Context, sender: str) -> bool:
    """Whether the envelope's ``sender`` is an identity of the committee's or a member's address."""
    return is_ours(context, sender) or canonical(sender) in {canonical(each) for each in context.identities}


def concerns_us(
    place: Place,
    keyring: Keyring | None,
    transaction: Transaction,
    context: Context,
    heading: Draft,
    recipients: Sequence[str],
) -> bool:
    """Whether a mail that is not from an identity is the committee's all the same."""
    if _is_incoming(context, heading, recipients):
        return False
    if threads_answered(place, keyring, transaction, heading):
        return True
    reached = (*(each.address for each in heading.mailboxes(*_REACHES)), *recipients)
    neighbours = _neighbours(context) if keyring is None else frozenset[str]()
    outside = {each for each in reached if not is_ours(context, each) and canonical(each) not in neighbours}
    return has_open_party(place, keyring, transaction, outside)


def _is_incoming(context: Context, heading: Draft, recipients: Sequence[str]) -> bool:
    """Whether a stranger writes to the committee alone: a filter may see what comes in, too."""
    written = [each.address for each in heading.mailboxes("From")]
    if any(is_ours(context, each) for each in written) or not recipients:
        return False
    return all(is_ours(context, each) for each in recipients)


def _neighbours(context: Context) -> frozenset[str]:
    """Organisers and lists.  Without a key nobody knows who in a thread is its party, but these write in many."""
    people = (address for each in context.organisers for address in each.addresses)
    return frozenset(canonical(each) for each in (*people, *(group.address for group in context.groups)))
