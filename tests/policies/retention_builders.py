"""Short ways to write down cases for the tests of retention; all of it invented."""

from __future__ import annotations

import calendar
import dataclasses
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from policies.case import CaseId, Outcome, RowId, Status
from policies.community import Policy, overlay, parse_policy
from policies.mail import MailId
from policies.retention import CaseRow, Link, MailRow, Plan, PlanItem, SubjectRow, plan
from policies.roster import MemberId

DJANGO = Path(__file__).parents[2] / "policies" / "communities" / "django.toml"


def policy(**options: Any) -> Policy:
    """Django's policy with options of [retention] laid over it."""
    return parse_policy(*overlay(tomllib.loads(DJANGO.read_text(encoding="utf-8")), {"retention": options}, "a", "b"))


def day(text: str) -> date:
    """A date as the examples write it."""
    return date.fromisoformat(text)


def row(name: str, outcome: str | None, decided: str | None, n: int = 1, **more: Any) -> SubjectRow:
    """A row decided on a day; text in ``more`` that stands for a day is read as one."""
    dates = {"ban_from", "ban_until", "lifted_on", "closed_on"}
    more = {key: day(value) if key in dates and value else value for key, value in more.items()}
    if "closed_by" in more:
        more["closed_by"] = MemberId(more["closed_by"])
    kind = Outcome(outcome) if outcome else None
    return SubjectRow(RowId(name), n, kind, day(decided) if decided else None, **more)


def case(name: str, *rows: SubjectRow, reported: str = "2025-01-01", status: str = "closed", **more: Any) -> CaseRow:
    """A case whose id is its code name with a hyphen."""
    return CaseRow(CaseId(name.replace(" ", "-")), name, Status(status), day(reported), rows, **more)


def mail(
    name: str, *cases: str, arrived: str = "2025-01-01", triaged: str | None = "2025-01-01", **more: Any
) -> MailRow:
    """A mail linked to cases by code name."""
    ids = tuple(CaseId(code.replace(" ", "-")) for code in cases)
    return MailRow(MailId(name), ids, day(arrived), day(triaged) if triaged else None, **more)


def same(a: str, b: str) -> Link:
    """A confirmed link."""
    return Link(RowId(a), RowId(b), "same")


def possible(a: str, b: str) -> Link:
    """An open question."""
    return Link(RowId(a), RowId(b), "possible")


def planned(
    cases: Sequence[CaseRow],
    today: str,
    mails: Sequence[MailRow] = (),
    links: Sequence[Link] = (),
    members: int = 2,
    **options: Any,
) -> Plan:
    """The plan under Django's policy with these options."""
    return plan(cases, mails, links, policy(**options), day(today), members)


def item(a_plan: Plan, code_name: str, part: str, person: int | None = None) -> PlanItem:
    """The one item of a case for a part."""
    found = [one for one in a_plan.items if (one.code_name, one.part, one.person) == (code_name, part, person)]
    assert len(found) == 1, (code_name, part, person, [(one.code_name, one.part, one.person) for one in a_plan.items])
    return found[0]


def dates(a_plan: Plan, code_name: str) -> dict[str, str | None]:
    """Part (with the subject's number) to date, for one case."""
    return {
        one.part + (str(one.person) if one.person else ""): one.date.isoformat() if one.date else None
        for one in a_plan.items
        if one.code_name == code_name
    }


def by_calendar(start: str, months: int) -> str:
    """Months counted by hand, without dateutil."""
    began = day(start)
    year, month = divmod(began.year * 12 + began.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(began.day, last)).isoformat()


@dataclasses.dataclass(frozen=True)
class Store:
    """What a plan is made from."""

    cases: tuple[CaseRow, ...]
    mails: tuple[MailRow, ...]
    links: tuple[Link, ...]
    policy: Policy

    def plan(self, today: date) -> Plan:
        return plan(self.cases, self.mails, self.links, self.policy, today, 2)


def applied(store: Store, items: Sequence[PlanItem]) -> Store:
    """The store after these items were expunged."""
    parts = {(one.case, one.part, one.person) for one in items}
    gone = {(one.part, name) for one in items for name in one.mails}
    cases = tuple(
        dataclasses.replace(
            one,
            reporter_expunged=one.reporter_expunged or (one.case, "reporter", None) in parts,
            account_expunged=one.account_expunged or (one.case, "account", None) in parts,
            rows=tuple(
                dataclasses.replace(row, expunged=row.expunged or (one.case, "subject", row.n) in parts)
                for row in one.rows
            ),
        )
        for one in store.cases
    )
    mails = tuple(
        dataclasses.replace(
            one,
            expunged=one.expunged or ("mail", one.mail) in gone,
            mailbox_gone=one.mailbox_gone or ("mailbox", one.mail) in gone,
        )
        for one in store.mails
    )
    return dataclasses.replace(store, cases=cases, mails=mails)
