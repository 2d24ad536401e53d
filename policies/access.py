"""Who may read a mail: "Members only have access to e-mails incoming ... whilst they are members" (records.md)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from policies.roster import MemberId, Roster


def readers(roster: Roster, arrived: datetime, excluded: Collection[MemberId]) -> tuple[MemberId, ...]:
    """The present members one of whose terms covers the arrival, less the excluded, in the order of the roster.

    ``arrived`` is the server's INTERNALDATE (aware).  Former members get nothing, also of their own time.  When
    nobody remains the answer is empty: then the recovery key alone can open the mail.
    """
    return tuple(
        member.id
        for member in roster.present
        if member.id not in excluded and any(period.covers(arrived) for period in member.periods)
    )
