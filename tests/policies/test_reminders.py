"""A draft that nobody looks at for longer than a week is overdue, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from policies.case import Status
from policies.reminders import is_overdue

CAME = date(2026, 3, 2)


@pytest.mark.parametrize(("today", "overdue"), [(date(2026, 3, 9), False), (date(2026, 3, 10), True), (CAME, False)])
def test_a_draft_is_overdue_after_the_week_that_was_promised(today: date, overdue: bool) -> None:
    assert is_overdue(Status.DRAFT, CAME, today) is overdue


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
def test_what_somebody_has_looked_at_is_not(status: Status) -> None:
    assert not is_overdue(status, CAME, date(2027, 1, 1))
