"""The plan: every part of every case and every mail, with its day, what holds it up, and the derivation.

The plan is what is shown, what is confirmed, what is carried out and what is audited.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date

from policies.case import CaseId, Status
from policies.community import Policy
from policies.mail import MailId
from policies.retention.extension import persons, standings
from policies.retention.holding import Pauses, holds_in_force, pauses, pending
from policies.retention.items import Expiry, HeldBecause, Part, Plan, PlanItem, Step, StepKind
from policies.retention.rows import CaseRow, Link, MailRow
from policies.retention.terms import Standing, days_after, latest


@dataclasses.dataclass(frozen=True, slots=True)
class _Case:
    """One case with all that its parts and mails need to know."""

    row: CaseRow
    standings: tuple[Standing, ...]
    row_reasons: tuple[tuple[HeldBecause, ...], ...]
    holds: tuple[HeldBecause, ...]

    @property
    def reasons(self) -> tuple[HeldBecause, ...]:
        """What holds up reporter part, account and mail: whatever holds the case or one of its rows."""
        of_rows = (
            reason
            for row, reasons in zip(self.row.rows, self.row_reasons, strict=True)
            if not row.expunged
            for reason in reasons
        )
        return tuple(dict.fromkeys((*self.holds, *of_rows)))

    def last(self, expiries: Sequence[Expiry]) -> Expiry:
        """When a part that goes with the case's latest row goes."""
        if self.row.status is Status.DRAFT:
            return Expiry(None, (Step(StepKind.DRAFT),))
        if self.row.status is Status.OPEN or not expiries:
            return Expiry(None, (Step(StepKind.OPEN),))
        last = latest(expiries)
        if all(expiry.on == last.on for expiry in expiries):
            return last
        person = self.row.rows[expiries.index(last)].n
        return dataclasses.replace(last, why=(*last.why, Step(StepKind.CASE_LASTS, to=last.on, person=person)))

    @property
    def reporter(self) -> Expiry:
        """When the reporter's part and the mail go."""
        return self.last([standing.reporter for standing in self.standings])

    @property
    def account(self) -> Expiry:
        """When the free texts go."""
        return self.last([standing.rest for standing in self.standings])


def plan(
    cases: Sequence[CaseRow],
    mails: Sequence[MailRow],
    links: Sequence[Link],
    policy: Policy,
    today: date,
    members_present: int,
) -> Plan:
    """What is kept and until when, as it stands on ``today``; cases in the order given, unlinked mail last.

    Parts that are already expunged are not listed.  With one member present nobody else is needed for anything.
    """
    who = persons(links)
    dates = standings(cases, who, policy, today)
    waiting = pending(cases, who, dates, policy, today)
    known = [
        _Case(
            case,
            tuple(dates[row.row] for row in case.rows),
            tuple(waiting.get(row.row, ()) for row in case.rows),
            holds_in_force(case.holds, policy, today),
        )
        for case in cases
    ]
    planner = _Planner(policy, pauses(cases, mails, policy, today), members_present)
    return Plan(today, tuple(planner.items(known, mails)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Planner:
    policy: Policy
    pauses: Pauses
    members_present: int

    def items(self, cases: Sequence[_Case], mails: Sequence[MailRow]) -> Iterator[PlanItem]:
        of_mail: dict[CaseId | None, list[PlanItem]] = {}
        for item in self._mail_items(cases, mails):
            of_mail.setdefault(item.case, []).append(item)
        for case in cases:
            if case.row.status in {Status.DRAFT, Status.OPEN, Status.CLOSED}:
                yield from self._parts(case)
            yield from of_mail.pop(case.row.case, ())
        for rest in of_mail.values():
            yield from rest

    def _parts(self, case: _Case) -> Iterator[PlanItem]:
        if not case.row.reporter_expunged:
            yield self._item(case, "reporter", case.reporter, case.reasons)
        yield from self._subjects(case)
        if not case.row.account_expunged:
            yield self._item(case, "account", case.account, case.reasons)

    def _subjects(self, case: _Case) -> Iterator[PlanItem]:
        for row, standing, reasons in zip(case.row.rows, case.standings, case.row_reasons, strict=True):
            if row.n and not row.expunged:
                expiry = standing.rest if case.row.status is Status.CLOSED else case.account
                yield self._item(case, "subject", expiry, tuple(dict.fromkeys((*case.holds, *reasons))), row.n)

    def _item(
        self, case: _Case, part: Part, expiry: Expiry, reasons: tuple[HeldBecause, ...], person: int | None = None
    ) -> PlanItem:
        # Paused by its own row, so that "no violation" about one person does not wait for a violation of another.
        rows = tuple(row for row in case.row.rows if person is None or row.n == person)
        paused = self.pauses.of(expiry.on, [dataclasses.replace(case.row, rows=rows)])
        return self._made(case.row, part, person, (), expiry, (*reasons, *paused))

    def _made(
        self,
        case: CaseRow | None,
        part: Part,
        person: int | None,
        mails: tuple[MailId, ...],
        expiry: Expiry,
        held: tuple[HeldBecause, ...],
    ) -> PlanItem:
        due = expiry.on is not None and expiry.on <= self.pauses.today and not held
        return PlanItem(
            case=case.case if case else None,
            code_name=case.code_name if case else "",
            part=part,
            person=person,
            mails=mails,
            date=expiry.on,
            due=due,
            held=held,
            review=expiry.review,
            why=expiry.why,
            needs_other_than=expiry.first_act if self.members_present > 1 else None,
        )

    def _mail_items(self, cases: Sequence[_Case], mails: Sequence[MailRow]) -> Iterator[PlanItem]:
        """Mails of one case that go on the same day for the same reason are one item; unlinked mails one each."""
        by_id = {case.row.case: case for case in cases}
        together: dict[tuple[object, ...], tuple[CaseRow | None, Expiry, tuple[HeldBecause, ...], list[MailRow]]] = {}
        for mail in mails:
            case, expiry, held = self._mail(mail, by_id)
            key = (case.case if case else mail.mail, case is None, expiry, held)
            together.setdefault(key, (case, expiry, held, []))[3].append(mail)
        for case, expiry, held, rows in together.values():
            stored = tuple(mail.mail for mail in rows if not mail.expunged)
            in_mailbox = tuple(mail.mail for mail in rows if not mail.mailbox_gone)
            if stored:
                yield self._made(case, "mail", None, stored, expiry, held)
            if in_mailbox:
                yield self._made(case, "mailbox", None, in_mailbox, expiry, held)

    def _mail(
        self, mail: MailRow, by_id: dict[CaseId, _Case]
    ) -> tuple[CaseRow | None, Expiry, tuple[HeldBecause, ...]]:
        """The case a mail is kept for the longest (None: for no case), its expiry, and what holds it up."""
        if not mail.cases:
            return None, self._unlinked(mail), ()
        linked = [by_id[case] for case in dict.fromkeys(mail.cases) if case in by_id]
        expiries = [self._for_case(mail, case) for case in linked]
        if len(linked) < len(set(mail.cases)):
            return None, Expiry(None, (Step(StepKind.UNKNOWN_CASE),)), ()
        last = latest(expiries)
        case = linked[expiries.index(last)].row
        if len(linked) > 1:
            last = dataclasses.replace(last, why=(*last.why, Step(StepKind.MAIL_SHARED, case=case.code_name)))
        reasons = tuple(dict.fromkeys(reason for one in linked for reason in one.reasons))
        paused = self.pauses.of(last.on, [one.row for one in linked])
        # A7: the mail of a dismissed draft is unlinked mail.
        return None if case.status is Status.DISMISSED else case, last, (*reasons, *paused)

    def _for_case(self, mail: MailRow, case: _Case) -> Expiry:
        if case.row.status is Status.MERGED:
            return Expiry(None, (Step(StepKind.UNKNOWN_CASE),))
        if case.row.status is not Status.DISMISSED:
            return case.reporter
        if case.row.dismissed_on is None:
            return self._unlinked(mail)
        to = days_after(case.row.dismissed_on, self.policy.unlinked_mail_days)
        step = Step(
            StepKind.DISMISSED, case.row.dismissed_on, to, days=self.policy.unlinked_mail_days, case=case.row.code_name
        )
        return Expiry(to, (step,), first_act=case.row.dismissed_by)

    def _unlinked(self, mail: MailRow) -> Expiry:
        """A7: the policy has no term for it; so many days after somebody said that it is no report."""
        if mail.triaged_on is None:
            return Expiry(None, (Step(StepKind.UNTRIAGED, mail.arrived_on),))
        to = days_after(mail.triaged_on, self.policy.unlinked_mail_days)
        return Expiry(to, (Step(StepKind.UNLINKED, mail.triaged_on, to, days=self.policy.unlinked_mail_days),))
