"""What the plan is made from: cases with a row per named subject, their mails, and links between rows.

Everything here stands in clear in the store, so that the plan needs nobody's key: coded outcomes, days, random ids.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Literal

from policies.case import CaseId, Outcome, RowId, Status
from policies.mail import MailId
from policies.roster import MemberId


@dataclasses.dataclass(frozen=True, slots=True)
class Deviation:
    """Another date than the policy's ("in exceptional circumstances"): ``until`` a day, or ``never``.

    Without a second member's word (``agreed``) it has no effect and is only shown.
    """

    until: date | None
    never: bool
    decided_on: date
    agreed: bool
    review_on: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Hold:
    """Nothing of the case is expunged while it is in force: from its placing to the day before ``until``.

    One member's hold (not ``agreed``) lapses by itself after the policy's ``hold_days_alone``.
    """

    placed_on: date
    until: date | None
    agreed: bool
    released_on: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class SubjectRow:
    """What was decided about one named subject; ``n`` counts from 1, and 0 is the row of a case that names nobody.

    ``ban_until`` is the day on which the ban ends.  ``lifted_on`` ends it earlier, and ends a permanent one.
    """

    row: RowId
    n: int
    outcome: Outcome | None
    decided_on: date | None
    ban_from: date | None = None
    ban_until: date | None = None
    permanent: bool = False
    lifted_on: date | None = None
    closed_by: MemberId | None = None
    closed_on: date | None = None
    expunged: bool = False
    deviation: Deviation | None = None

    @property
    def ban_end(self) -> date | None:
        """The day on which the ban ends, None while no end is in sight."""
        ends = [day for day in (self.lifted_on, None if self.permanent else self.ban_until) if day is not None]
        return min(ends, default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class CaseRow:
    """One case with its rows.  ``code_name`` is the only name in it."""

    case: CaseId
    code_name: str
    status: Status
    reported_on: date
    rows: tuple[SubjectRow, ...]
    holds: tuple[Hold, ...] = ()
    reporter_expunged: bool = False
    account_expunged: bool = False
    dismissed_on: date | None = None
    dismissed_by: MemberId | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class MailRow:
    """One stored mail, the cases it is linked to, and whether a member (or its kind) has settled what it is.

    ``expunged`` is about what is stored here, ``mailbox_gone`` about the copies on the mail server.
    """

    mail: MailId
    cases: tuple[CaseId, ...]
    arrived_on: date
    triaged_on: date | None
    expunged: bool = False
    mailbox_gone: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """Whether two rows are about one person: confirmed by a member, an open question, or denied by a member.

    Links of an expunged row are to be kept while other rows of that person are not: they carry its extension.
    """

    a: RowId
    b: RowId
    state: Literal["same", "possible", "different"]
