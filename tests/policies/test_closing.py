"""Closing: an outcome per subject, dates that can be, and nothing that stays names anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.case import Outcome
from policies.closing import Closing, Decision, check, naming_fields
from policies.errors import ConductError, Refused, WrongUsage

TODAY = date(2026, 11, 21)
GENERAL = {"space": "forum", "category": "remark", "region": "Europe", "general_note": None}


def closing(
    outcome: str,
    *named: int,
    decided: date = TODAY,
    reported: date = date(2026, 11, 1),
    general: Any = None,
    **more: Any,
) -> Closing:
    return check(
        Decision(Outcome(outcome), decided, **more), named, reported, TODAY, GENERAL if general is None else general
    )


def test_one_outcome_is_for_every_subject_alike() -> None:
    assert closing("resolved", 1, 2, 3).rows == (1, 2, 3)


def test_one_subject_may_be_decided_alone() -> None:
    assert closing("flagged", 1, 2, subject=2).rows == (2,)


def test_a_case_that_names_nobody_is_one_row() -> None:
    assert closing("unidentified").rows == (0,)
    assert closing("no-violation").rows == (0,)


def test_a_ban_begins_with_the_decision_unless_said_otherwise() -> None:
    ban = closing("banned", 1, ban_until=date(2027, 11, 21))
    later = closing("banned", 1, ban_from=date(2027, 1, 1), permanent=True)

    assert (ban.ban_from, ban.ban_until, ban.permanent) == (TODAY, date(2027, 11, 21), False)
    assert (later.ban_from, later.ban_until, later.permanent) == (date(2027, 1, 1), None, True)


def test_a_ban_of_one_day_is_a_ban() -> None:
    assert closing("banned", 1, ban_until=TODAY).ban_until == TODAY


REFUSED: list[tuple[str, tuple[int, ...], dict[str, Any], type[ConductError], str]] = [
    ("banned", (1,), {}, WrongUsage, "ban-end"),
    ("banned", (1,), {"permanent": True, "ban_until": date(2027, 1, 1)}, WrongUsage, "ban-end"),
    ("banned", (1,), {"ban_from": date(2027, 2, 1), "ban_until": date(2027, 1, 31)}, WrongUsage, "ban-order"),
    ("flagged", (1,), {"ban_until": date(2027, 1, 1)}, WrongUsage, "ban-without-ban"),
    ("resolved", (1,), {"permanent": True}, WrongUsage, "ban-without-ban"),
    ("no-violation", (1,), {"ban_from": date(2027, 1, 1)}, WrongUsage, "ban-without-ban"),
    ("resolved", (1,), {"decided": date(2026, 11, 22)}, WrongUsage, "future-decision"),
    ("resolved", (1,), {"subject": 2}, WrongUsage, "no-such-subject"),
    ("resolved", (), {"subject": 1}, WrongUsage, "no-such-subject"),
    ("flagged", (), {}, Refused, "nobody-named"),
    ("banned", (), {"permanent": True}, Refused, "nobody-named"),
]


@pytest.mark.parametrize(("outcome", "named", "more", "error", "code"), REFUSED)
def test_what_cannot_be_is_refused(
    outcome: str, named: tuple[int, ...], more: dict[str, Any], error: type[ConductError], code: str
) -> None:
    with pytest.raises(error) as refused:
        closing(outcome, *named, **more)

    assert refused.value.code == code
    assert refused.value.hint


WARNED: list[tuple[str, tuple[int, ...], dict[str, Any], str]] = [
    ("resolved", (1,), {"decided": date(2026, 10, 31)}, "before the first report (2026-11-01)"),
    ("resolved", (1,), {"general": {"space": "forum"}}, "lost to the statistics: category, region"),
    ("resolved", (), {}, "the outcome is unidentified"),
    ("unidentified", (1,), {}, "stays for ever"),
    (
        "banned",
        (1,),
        {"ban_from": date(2026, 1, 1), "ban_until": date(2026, 3, 1)},
        "over before the day of the decision",
    ),
]


@pytest.mark.parametrize(("outcome", "named", "more", "words"), WARNED)
def test_what_is_odd_closes_with_a_warning(
    outcome: str, named: tuple[int, ...], more: dict[str, Any], words: str
) -> None:
    assert words in " ".join(closing(outcome, *named, **more).warnings)


def test_what_is_in_order_closes_without_a_word() -> None:
    assert closing("resolved", 1).warnings == ()


def test_fields_that_stay_name_nobody_the_case_knows() -> None:
    known = ["Tamsin Okonkwo", "tamsin@mail.example"]
    fields = {
        "space": "Okonkwo's forum",
        "category": "remark",
        "region": None,
        "general_note": "by ＴＡＭＳＩＮ",
        "summary": "Tamsin",
    }

    assert naming_fields(fields, known) == ("space", "general_note")
    assert naming_fields(GENERAL, known) == ()
