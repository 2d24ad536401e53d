"""Mail: goes with its case's reporter part, with the last of several cases, or by itself where it has none."""

from __future__ import annotations

from datetime import date

import pytest

from policies.mail import MailId
from policies.retention import Hold, PlanItem, StepKind, notices, plan_as_json, standing_residue
from tests.policies.retention_builders import case, day, item, mail, planned, policy, row

RESOLVED = case("amber kettle", row("a", "resolved", "2025-01-10"))
FLAGGED = case("quiet harbour", row("b", "flagged", "2025-01-10"))


def unlinked(items: tuple[PlanItem, ...]) -> PlanItem:
    found = [one for one in items if one.case is None and one.part == "mail"]
    assert len(found) == 1
    return found[0]


def test_the_mails_of_a_case_are_one_item_and_their_copies_another() -> None:
    a_plan = planned(
        [RESOLVED], "2026-01-01", [mail("m", "amber kettle"), mail("n", "amber kettle", mailbox_gone=True)]
    )

    assert item(a_plan, "amber kettle", "mail").mails == (MailId("m"), MailId("n"))
    assert item(a_plan, "amber kettle", "mailbox").mails == (MailId("m"),)


def test_mail_of_several_cases_stays_until_the_last() -> None:
    a_plan = planned([RESOLVED, FLAGGED], "2026-03-10", [mail("m", "amber kettle", "quiet harbour")])
    shared = item(a_plan, "quiet harbour", "mail")

    assert shared.date == day("2027-03-10")
    assert shared.why[-1].kind is StepKind.MAIL_SHARED
    assert not [one for one in a_plan.items if one.code_name == "amber kettle" and one.part == "mail"]


def test_mail_shared_with_an_open_case_has_no_date() -> None:
    a_plan = planned(
        [RESOLVED, case("stunned bulb", status="open")], "2026-03-10", [mail("m", "amber kettle", "stunned bulb")]
    )

    assert item(a_plan, "stunned bulb", "mail").date is None


def test_mail_that_is_no_report_goes_thirty_days_after_triage() -> None:
    found = unlinked(planned([], "2026-11-21", [mail("m", triaged="2026-11-01")]).items)

    assert (found.date, found.due) == (date(2026, 12, 1), False)
    assert unlinked(planned([], "2026-12-01", [mail("m", triaged="2026-11-01")]).items).due


def test_mail_that_nobody_triaged_never_goes() -> None:
    found = unlinked(planned([], "2036-11-21", [mail("m", triaged=None)]).items)

    assert (found.date, found.why[0].kind) == (None, StepKind.UNTRIAGED)


def test_mail_of_a_dismissed_draft_goes_thirty_days_after_by_another_member() -> None:
    dismissed = case("new leaf", status="dismissed", dismissed_on=day("2026-11-01"), dismissed_by="priya")
    found = unlinked(planned([dismissed], "2026-12-01", [mail("m", "new leaf", triaged=None)]).items)

    assert (found.date, found.due, found.needs_other_than) == (day("2026-12-01"), True, "priya")
    assert found.why[0].kind is StepKind.DISMISSED


def test_mail_of_a_dismissed_draft_that_is_linked_elsewhere_stays_with_that_case() -> None:
    dismissed = case("new leaf", status="dismissed", dismissed_on=day("2025-02-01"))
    a_plan = planned([dismissed, RESOLVED], "2026-01-01", [mail("m", "new leaf", "amber kettle")])

    assert item(a_plan, "amber kettle", "mail").date == day("2026-03-10")


@pytest.mark.parametrize("name", ["nowhere known", "merged away"])
def test_mail_of_a_case_that_is_not_known_is_kept(name: str) -> None:
    cases = [RESOLVED, case("merged away", status="merged")]
    found = [one for one in planned(cases, "2036-01-01", [mail("m", name, "amber kettle")]).items if one.part == "mail"]

    assert [(one.date, one.due) for one in found] == [(None, False)]


def test_a_copy_in_the_mailbox_stays_due_when_the_stored_mail_is_gone() -> None:
    gone = case(
        "amber kettle",
        row("a", "resolved", "2025-01-10", expunged=True),
        status="expunged",
        reporter_expunged=True,
        account_expunged=True,
    )
    a_plan = planned([gone], "2026-05-01", [mail("m", "amber kettle", expunged=True)])

    assert [(one.part, one.due) for one in a_plan.items] == [("mailbox", True)]


def test_a_hold_of_any_of_its_cases_holds_a_shared_mail() -> None:
    first = case("amber kettle", row("a", "resolved", "2025-01-10"))
    holding = case("quiet harbour", row("b", "resolved", "2024-01-10"), holds=(Hold(day("2026-01-01"), None, True),))
    a_plan = planned([first, holding], "2026-03-10", [mail("m", "amber kettle", "quiet harbour")])

    assert item(a_plan, "amber kettle", "mail").is_held
    assert item(a_plan, "amber kettle", "account").due


# --------------------------------------------------------------------------- what is read off


def test_the_plan_as_json_has_one_entry_a_mail() -> None:
    a_plan = planned(
        [RESOLVED], "2026-03-10", [mail("m", "amber kettle"), mail("n", "amber kettle"), mail("o", triaged=None)]
    )
    entries = plan_as_json(a_plan, lambda one: one.part)["items"]
    assert isinstance(entries, list)

    assert plan_as_json(a_plan, lambda one: one.part)["on"] == "2026-03-10"
    assert [
        (one["case"], one["part"], one["mail"], one["date"], one["due"]) for one in entries if "mail" in one["part"]
    ] == [
        ("amber kettle", "mail", "m", "2026-03-10", True),
        ("amber kettle", "mail", "n", "2026-03-10", True),
        ("amber kettle", "mailbox", "m", "2026-03-10", True),
        ("amber kettle", "mailbox", "n", "2026-03-10", True),
        (None, "mail", "o", None, False),
        (None, "mailbox", "o", None, False),
    ]
    assert {"case", "mail", "part", "person", "date", "due", "held", "why", "review"} <= set(entries[0])
    assert [one["person"] for one in entries if one["part"] == "subject"] == [1]


def test_notices_name_the_case_and_the_shortest_span() -> None:
    cases = [
        case("amber kettle", row("a", "resolved", "2025-01-10")),
        case("quiet harbour", row("b", "resolved", "2025-01-20")),
        case("new leaf", row("c", "resolved", "2025-03-05")),
        case("far shore", row("d", "flagged", "2025-03-05")),
    ]
    found = notices(planned(cases, "2026-03-05"), (60, 30, 7))

    assert [(one.code_name, one.on.isoformat(), one.within_days) for one in found] == [
        ("amber kettle", "2026-03-10", 7),
        ("quiet harbour", "2026-03-20", 30),
    ]
    assert [one.within_days for one in notices(planned(cases, "2026-03-06"), (60, 30, 7))] == [7, 30, 60]


def test_residue_names_what_an_expunge_cannot_reach() -> None:
    items = planned([RESOLVED], "2026-03-10", [mail("m", "amber kettle")]).items
    found = standing_residue(items, day("2026-03-10"), policy())

    assert [(one.kind.value, one.until) for one in found] == [
        ("own-inboxes", None),
        ("group-archives", None),
        ("provider-bin", None),
        ("backups", day("2026-04-09")),
    ]
    assert standing_residue((), day("2026-03-10"), policy()) == ()
