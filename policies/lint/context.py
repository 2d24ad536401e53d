"""What is on record when a mail is checked: the committee, its neighbours, and the case, as values."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Final

from policies.outcomes import Outcome
from policies.values import value

MESSAGE_BYTES: Final = 25 * 1024 * 1024


class Stage(IntEnum):
    """How far a case has come."""

    REPORTED = 1
    INVESTIGATING = 2
    DECIDED = 3
    CLOSED = 4


@value
class Person:
    """Somebody on record.  ``handles`` are user names, spellings in other scripts, profile URLs."""

    name: str
    addresses: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    status: Outcome | None = None

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Person(…)"


@value
class Group:
    """A list that is one recipient and never opened; ``role`` is ``board`` or ``organiser``."""

    name: str
    address: str
    role: str

    def __repr__(self) -> str:
        """Its role."""
        return f"Group({self.role})"


@value
class Consent:
    """A permission in writing: ``to`` holds ``*``, addresses and roles, ``scope`` identity, content or both."""

    person: str
    to: tuple[str, ...]
    scope: frozenset[str]
    message_id: str
    withdrawn: date | None = None

    def __repr__(self) -> str:
        """Its scope."""
        return f"Consent({', '.join(sorted(self.scope))})"


@value
class Case:
    """The case on record; ``right_of_reply`` is the first day on which a decision may be announced."""

    code: str
    stage: Stage = Stage.INVESTIGATING
    right_of_reply: date | None = None
    reports: int = 1
    reporters: tuple[Person, ...] = ()
    subjects: tuple[Person, ...] = ()
    witnesses: tuple[Person, ...] = ()
    consents: tuple[Consent, ...] = ()
    recused: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Its code name."""
        return f"Case({self.code})"

    @property
    def protected(self) -> tuple[Person, ...]:
        """Whom no mail may give away: reporters and witnesses."""
        return self.reporters + self.witnesses


@value
class Context:
    """Roster, neighbours, case and limits.  ``conduct`` is the mailbox, its main address first."""

    conduct: tuple[str, ...]
    conduct_aliases: tuple[str, ...] = ()
    members: tuple[Person, ...] = ()
    identities: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    organisers: tuple[Person, ...] = ()
    case: Case | None = None
    message_bytes: int = MESSAGE_BYTES

    def __repr__(self) -> str:
        """How much is known."""
        return f"Context({len(self.members)} members, {self.case!r})"

    @property
    def mailbox(self) -> tuple[str, ...]:
        """Every address that reaches the committee's mailbox."""
        return self.conduct + self.conduct_aliases
