"""A small committee's three years, walked day by day: what goes, goes on its day."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from tests.policies.retention_builders import Store, applied, case, day, mail, policy, row, same


def test_three_years_day_by_day() -> None:
    """What goes, goes on its day: over a leap day, month ends, a pending hold, a draft's pause and a month of grace."""
    today, last = day("2027-01-01"), day("2029-12-31")
    history: dict[str, str] = {}
    gone: Store | None = None
    while today <= last:
        store = as_of(today) if gone is None else carried(as_of(today), gone)
        due = store.plan(today).due
        for one in due:
            history.setdefault(f"{one.code_name or one.mails[0]} {one.part}{one.person or ''}", today.isoformat())
        gone = applied(store, due)
        today += timedelta(1)

    assert history == {
        # Resolved 2026-12-31 and 14 months: the leap day.
        **dict.fromkeys(
            ("leap day reporter", "leap day subject1", "leap day account", "leap day mail", "leap day mailbox"),
            "2028-02-29",
        ),
        # Due 2027-03-10, the same person's case open from 2027-02-01 and flagged on 2027-04-20.
        **dict.fromkeys(("amber kettle reporter", "amber kettle subject1", "amber kettle account"), "2029-06-20"),
        **dict.fromkeys(("stunned bulb reporter", "stunned bulb subject1", "stunned bulb account"), "2029-06-20"),
        # Due 2027-08-30, 14 months after 2026-06-30; a draft of 2027-08-01 lay unread until 2027-09-10.
        **dict.fromkeys(("quiet harbour reporter", "quiet harbour subject1", "quiet harbour account"), "2027-09-10"),
        # Unidentified 2026-12-31 and 6 months; the rest stays.
        "no face reporter": "2027-06-30",
        # Triaged 2027-01-15 and 30 days.
        "circular mail": "2027-02-14",
        "circular mailbox": "2027-02-14",
        # The draft was dismissed on 2027-09-10.
        "draft mail mail": "2027-10-10",
        "draft mail mailbox": "2027-10-10",
    }


def as_of(today: date) -> Store:
    """A small committee's store as its members left it on that day."""
    opened, decided = today >= day("2027-02-01"), today >= day("2027-04-20")
    cases = [
        case("leap day", row("l", "resolved", "2026-12-31")),
        case("amber kettle", row("a", "resolved", "2026-01-10")),
        case("quiet harbour", row("q", "resolved", "2026-06-30")),
        case("no face", row("n", "unidentified", "2026-12-31", n=0)),
    ]
    if opened:
        second = row("b", "flagged", "2027-04-20") if decided else row("b", None, None)
        cases.append(case("stunned bulb", second, reported="2027-02-01", status="closed" if decided else "open"))
    if today >= day("2027-08-01"):
        dismissed = today >= day("2027-09-10")
        cases.append(
            case(
                "new leaf",
                reported="2027-08-01",
                status="dismissed" if dismissed else "draft",
                dismissed_on=day("2027-09-10") if dismissed else None,
            )
        )
    mails = [mail("m", "leap day"), mail("circular", triaged="2027-01-15")]
    if today >= day("2027-08-01"):
        mails.append(mail("draft mail", "new leaf", triaged=None))
    return Store(tuple(cases), tuple(mails), (same("a", "b"),), policy())


def carried(store: Store, gone: Store) -> Store:
    """``store`` with what had been expunged the day before still expunged."""
    cases = {one.case: one for one in gone.cases}
    mails = {one.mail: one for one in gone.mails}
    return dataclasses.replace(
        store,
        cases=tuple(
            dataclasses.replace(
                one,
                reporter_expunged=cases[one.case].reporter_expunged,
                account_expunged=cases[one.case].account_expunged,
                rows=tuple(
                    dataclasses.replace(new, expunged=old.expunged)
                    for new, old in zip(one.rows, cases[one.case].rows, strict=True)
                ),
            )
            if one.case in cases
            else one
            for one in store.cases
        ),
        mails=tuple(
            dataclasses.replace(one, expunged=mails[one.mail].expunged, mailbox_gone=mails[one.mail].mailbox_gone)
            if one.mail in mails
            else one
            for one in store.mails
        ),
    )
