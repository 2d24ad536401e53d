"""A mail as sendmail is given it: where it ends, whom it is from and for, and the same without its Bcc."""

from __future__ import annotations

from typing import Final

from ingest.gate.sendmail_arguments import Arguments
from ingest.smtp_values import Envelope
from policies.errors import UnreadableInput, WrongUsage
from policies.lint.draft import Draft
from policies.lint.fields import read_header

_TO: Final = ("To", "Cc", "Bcc")
_RESENT_TO: Final = ("Resent-To", "Resent-Cc", "Resent-Bcc")
_HIDDEN: Final = frozenset({"bcc", "resent-bcc"})
_DOT: Final = (b"\n.\n", b"\n.\r\n")


def until_dot(raw: bytes) -> bytes:
    """The mail up to a line that is only a dot, as sendmail reads it where neither -i nor -oi is given."""
    if raw.startswith((b".\n", b".\r\n")):
        return b""
    ends = [at + 1 for at in (raw.find(dot) for dot in _DOT) if at >= 0]
    return raw[: min(ends)] if ends else raw


def envelope_of(arguments: Arguments, heading: Draft) -> Envelope:
    """Whom the mail is from and for, each recipient once; -t adds those of the header (Postfix, sendmail(1)).

    Raises WrongUsage: nobody is named; UnreadableInput: -t, and the header has an address that cannot be read.
    """
    found = list(arguments.recipients)
    if arguments.reads_header:
        # RFC 5322 section 3.6.6: a mail passed on as it came goes to whom it is passed on.
        fields = _RESENT_TO if any(heading.header.all(name) for name in _RESENT_TO) else _TO
        if any(heading.addresses(name).unreadable for name in fields):
            raise UnreadableInput("bad-address", "A recipient's address in the header cannot be read.", "Mend it.")
        found += [each.address for each in heading.mailboxes(*fields)]
    if not found:
        raise WrongUsage("no-recipient", "No recipient is named.", "Name one after --, or read the header with -t.")
    return Envelope(_sender(arguments, heading), tuple(dict.fromkeys(found)))


def _sender(arguments: Arguments, heading: Draft) -> str:
    if arguments.sender is not None:
        return arguments.sender
    for name in ("Resent-Sender", "Resent-From", "Sender", "From"):
        for each in heading.mailboxes(name):
            return each.address
    raise WrongUsage("no-sender", "The mail has no From, and no sender is given.", "Give -f ADDRESS.")


def without_hidden(raw: bytes) -> bytes:
    """The mail without its Bcc fields; every other byte as it was."""
    kept, at = [], 0
    for field in read_header(raw, 0, len(raw)).fields:
        if field.name.casefold() in _HIDDEN:
            kept.append(raw[at : field.start])
            at = field.end
    return b"".join((*kept, raw[at:]))
