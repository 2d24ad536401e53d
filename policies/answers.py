"""Which of the committee's mails nobody has answered, as far as the mailbox shows it.

communications.md asks to "always cc" the committee's address and to forward replies that had it removed; this is the
list by which somebody notices that one is missing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from policies.addresses import canonical
from policies.mail import Address, MailId


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Ours:
    """A mail of the committee: when it went, to whom, and whose mailbox it did not reach."""

    mail: MailId
    at: datetime
    to: tuple[Address, ...]
    failed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Which mail."""
        return f"Ours({self.mail})"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Heard:
    """Somebody wrote at an instant; of a mail that a member forwarded, whoever wrote the mail inside."""

    at: datetime
    address: str

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Heard(…)"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Unanswered:
    """A mail of ours after which nobody wrote whom it went to; ``failed`` are those whom it did not reach."""

    mail: MailId
    at: datetime
    to: tuple[Address, ...]
    failed: tuple[Address, ...]

    def __repr__(self) -> str:
        """Which mail."""
        return f"Unanswered({self.mail})"


def unanswered(sent: Iterable[Ours], heard: Sequence[Heard], ours: Collection[str]) -> tuple[Unanswered, ...]:
    """The mails to outsiders after which none of them wrote; ``ours`` are addresses of mailbox and members."""
    known = {canonical(address) for address in ours}
    found = []
    for each in sent:
        outside: dict[str, Address] = {}
        for one in each.to:
            address = canonical(one.address)
            if address and address not in known:
                outside.setdefault(address, one)
        if outside and not any(one.at > each.at and canonical(one.address) in outside for one in heard):
            failed = {canonical(address) for address in each.failed}
            lost = tuple(one for address, one in outside.items() if address in failed)
            found.append(Unanswered(each.mail, each.at, tuple(outside.values()), lost))
    return tuple(found)
