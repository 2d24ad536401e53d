"""Retention: which part of which case goes on which day, and why; a pure function of what is known and of the day.

``plan`` takes the rows of ``rows`` and gives the items of ``items``: ``terms`` has each row's own date, ``extension``
what a new violation of the same person does to it, ``holding`` what must wait, ``planning`` puts them together and
``listing`` reads things off the result.  Nothing here destroys anything, and nothing here knows a name.
"""

from __future__ import annotations

from policies.retention.items import Expiry, HeldBecause, Part, Plan, PlanItem, Step, StepKind
from policies.retention.listing import (
    Notice,
    case_items,
    expunge_on,
    is_kept_for_ever,
    item_as_json,
    notices,
    plan_as_json,
)
from policies.retention.planning import plan
from policies.retention.residue import Failure, Residue, ResidueKind, standing_residue
from policies.retention.rows import CaseRow, Deviation, Hold, Link, MailRow, SubjectRow

__all__ = [
    "CaseRow",
    "Deviation",
    "Expiry",
    "Failure",
    "HeldBecause",
    "Hold",
    "Link",
    "MailRow",
    "Notice",
    "Part",
    "Plan",
    "PlanItem",
    "Residue",
    "ResidueKind",
    "Step",
    "StepKind",
    "SubjectRow",
    "case_items",
    "expunge_on",
    "is_kept_for_ever",
    "item_as_json",
    "notices",
    "plan",
    "plan_as_json",
    "standing_residue",
]
