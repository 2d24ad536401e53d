"""The committee as values: members with their periods, and the addresses of the mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from policies.values import value

MemberId = NewType("MemberId", str)


@value
class Period:
    """One term of membership: from ``start`` (None: no beginning) to ``end`` (None: still running), UTC.

    The start counts, the end does not: removal takes effect at its instant.
    """

    start: datetime | None
    end: datetime | None

    def covers(self, instant: datetime) -> bool:
        """Whether ``instant`` (aware) lies in the term."""
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)


@value
class Member:
    """A member past or present.  ``nicknames`` are first names and short forms; ``handles`` accounts elsewhere."""

    id: MemberId
    name: str
    addresses: tuple[str, ...]
    handles: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()

    def __repr__(self) -> str:
        """Which member, not who."""
        return f"Member({self.id})"

    @property
    def is_present(self) -> bool:
        """Whether a term is running."""
        return any(period.end is None for period in self.periods)


@value
class Roster:
    """Who is on the committee, and the addresses (main one first) that reach its mailbox."""

    conduct: tuple[str, ...]
    members: tuple[Member, ...]

    def __repr__(self) -> str:
        """How many, not who."""
        return f"Roster({len(self.members)} members)"

    @property
    def present(self) -> tuple[Member, ...]:
        """The members whose term is running."""
        return tuple(member for member in self.members if member.is_present)
