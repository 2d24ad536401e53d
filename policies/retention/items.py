"""What the plan consists of: items with a date, the steps that derive it, and what holds it up."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from typing import Literal

from policies.case import CaseId, Outcome
from policies.mail import MailId
from policies.roster import MemberId

Part = Literal["reporter", "subject", "account", "mail", "mailbox"]


class StepKind(StrEnum):
    """One step of a derivation; ``templates/derivation`` has the sentence for each."""

    OPEN = "open"  # the case is not closed: no term runs
    DRAFT = "draft"  # nobody has reviewed the draft
    TERM = "term"  # outcome on a day, so many months: a day
    BAN_ENDS = "ban-ends"  # banned until a day, so many months: a day
    BAN_LIFTED = "ban-lifted"  # the same, the ban having been lifted
    BAN_RUNS = "ban-runs"  # permanent: no date
    GRACE = "grace"  # so many days of grace after "no violation"
    FOR_EVER = "for-ever"  # "permanent retention of other information"
    DEVIATION = "deviation"  # the committee agreed on another day, or on never
    DEVIATION_WAITS = "deviation-waits"  # proposed, without effect until a second member agrees
    MOVED = "moved"  # a later violation of the same person
    RESTARTED = "restarted"  # the same, with ``extension = "restart"``
    KEPT_WITH = "kept-with"  # the same, and that one has no date
    CASE_LASTS = "case-lasts"  # the part goes with the case's latest row
    MAIL_SHARED = "mail-shared"  # linked to several cases: stays until the last
    UNLINKED = "unlinked"  # no case: so many days after triage
    DISMISSED = "dismissed"  # its draft was dismissed: so many days after
    UNTRIAGED = "untriaged"  # nobody has said what this mail is
    UNKNOWN_CASE = "unknown-case"  # linked to a case that is not among the known ones: kept


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step from a decision to a date: ``on`` is where it starts, ``to`` where it leads (None: no date).

    ``case`` is the code name of another case that moved the date; ``person`` the subject whose row is meant.
    """

    kind: StepKind
    on: dt.date | None = None
    to: dt.date | None = None
    outcome: Outcome | None = None
    months: int = 0
    days: int = 0
    case: str = ""
    person: int | None = None
    by_report: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class HeldBecause:
    """Why an item must wait; ``until`` is the day on which this reason lapses by itself (None: it does not).

    ``case`` is the code name of the case that holds it, or of the draft.
    """

    kind: Literal["hold", "hold-alone", "open-case", "possible-link", "draft", "new-mail"]
    until: dt.date | None = None
    case: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Expiry:
    """When something goes (None: never, or not yet), how that was derived, and the next review where it has no end.

    ``first_act`` is the member whose word alone destroys it (no violation, dismissed), so that another carries it out.
    """

    on: dt.date | None
    why: tuple[Step, ...]
    review: dt.date | None = None
    first_act: MemberId | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class PlanItem:
    """One part of one case, or some mails: what happens to it on which day, and why.

    ``due`` means that it may be expunged today: its date has come and nothing holds it.  ``needs_other_than`` is
    the member who may not be the one to apply it.  Unlinked mail has no case and an empty code name.
    """

    case: CaseId | None
    code_name: str
    part: Part
    person: int | None
    mails: tuple[MailId, ...]
    date: dt.date | None
    due: bool
    held: tuple[HeldBecause, ...]
    needs_other_than: MemberId | None
    review: dt.date | None
    why: tuple[Step, ...]

    @property
    def is_held(self) -> bool:
        """Whether anything holds it up."""
        return bool(self.held)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """All that is kept, part by part, as it stands on one day."""

    on: dt.date
    items: tuple[PlanItem, ...]

    @property
    def due(self) -> tuple[PlanItem, ...]:
        """What may be expunged on that day."""
        return tuple(item for item in self.items if item.due)

    @property
    def held(self) -> tuple[PlanItem, ...]:
        """What something holds up."""
        return tuple(item for item in self.items if item.held)
