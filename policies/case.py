"""A case as values: the policy's ten fields, outcomes, states, suggestions."""

from __future__ import annotations

from enum import Enum
from typing import Final, NewType

from policies.mail import MailId
from policies.outcomes import Outcome as Outcome  # noqa: PLC0414 - part of a case, and looked for here
from policies.values import value

CaseId = NewType("CaseId", str)
RowId = NewType("RowId", str)


class Status(Enum):
    """Where a case stands.  Dismissed and merged drafts are no records; an expunged one keeps general facts only."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    EXPUNGED = "expunged"
    DISMISSED = "dismissed"
    MERGED = "merged"


class ReporterKind(Enum):
    """Whether the reporter may be named in the record ("Reporter, if official/public, CoC person if private")."""

    PRIVATE = "private"
    OFFICIAL = "official"
    PUBLIC = "public"


# records.md, "Record-keeping": the ten fields, in the policy's order.
FIELDS: Final = (
    "date_of_first_report",
    "reporter",
    "named_subjects",
    "subject_contacts",
    "summary",
    "action_by_us",
    "action_by_local_rep",
    "outcome_to_share",
    "banned_or_flagged",
    "expunge_on",
)
# What a member may write freely; these texts lie sealed in the account part and go with it.
ACCOUNT_FIELDS: Final = ("summary", "action_by_us", "action_by_local_rep", "outcome_to_share")
# records.md, "General information about the incident will remain": kept in clear, free of personal data.
GENERAL_FIELDS: Final = ("space", "category", "region", "general_note")


@value
class Suggestion:
    """What a mail proposes for one field: the value, the words it comes from, and where they stand.

    ``field`` is one of FIELDS, or ``reporter_kind``, ``incident_date``, ``incident_place``, ``case`` (may belong
    to a case).  ``line`` counts the lines of the displayed text from 1; 0 means a header.
    """

    field: str
    value: str
    evidence: str
    line: int
    mail: MailId = MailId("")

    def __repr__(self) -> str:
        """Nothing of what was proposed."""
        return f"Suggestion({self.field}, line {self.line})"


@value
class Subject:
    """A person or account who prompted a report, as a member named it; any list may be empty, not all."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Subject(…)"
