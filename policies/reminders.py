"""When somebody has waited too long for the committee."""

from __future__ import annotations

from datetime import date
from typing import Final

from policies.case import Status

# The reporting guide promises a first response "within one week".
FIRST_RESPONSE_DAYS: Final = 7


def is_overdue(status: Status, received_on: date, today: date) -> bool:
    """Whether a draft has lain unreviewed for longer than the first response may take."""
    return status is Status.DRAFT and (today - received_on).days > FIRST_RESPONSE_DAYS
