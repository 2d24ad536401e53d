"""The store as the retention rules read it: coded facts, random ids and days, without anybody's key."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date

from policies import retention
from policies.case import CaseId, RowId
from policies.community import Policy
from policies.retention import CaseRow, Deviation, Hold, Link, MailRow, Plan, SubjectRow
from policies.roster import MemberId
from records import cases, linking, mail, members, waiting
from records.cases import Case, Row
from records.store import Transaction
from records.waiting import StoredDeviation, StoredHold


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the plan is made from."""

    cases: tuple[CaseRow, ...]
    mails: tuple[MailRow, ...]
    links: tuple[Link, ...]
    members_present: int


def take(transaction: Transaction) -> Snapshot:
    """The store as it stands."""
    agreed = {act.about for act in waiting.every(transaction) if act.agreed_by is not None}
    holds = _by_case(waiting.holds(transaction))
    deviations = _last_by_row(waiting.deviations(transaction), agreed)
    rows = cases.every_row(transaction)
    return Snapshot(
        cases=tuple(
            _case_row(case, rows.get(case.id, []), holds.get(case.id, []), deviations, agreed)
            for case in cases.every(transaction)
        ),
        mails=tuple(_mail_row(each) for each in mail.stored(transaction)),
        links=tuple(Link(a, b, state) for a, b, state in linking.links(transaction)),
        members_present=len(members.present(transaction)),
    )


def make_plan(transaction: Transaction, policy: Policy, day: date) -> Plan:
    """The plan for a day, from the store as it stands."""
    taken = take(transaction)
    return retention.plan(taken.cases, taken.mails, taken.links, policy, day, taken.members_present)


def _case_row(
    case: Case,
    rows: Sequence[Row],
    holds: Sequence[StoredHold],
    deviations: Mapping[RowId, Deviation],
    agreed: set[str],
) -> CaseRow:
    return CaseRow(
        case=case.id,
        code_name=case.code_name,
        status=case.status,
        reported_on=case.reported_on,
        rows=tuple(_subject_row(row, deviations.get(row.id)) for row in rows),
        holds=tuple(Hold(hold.placed_on, hold.until, f"hold:{hold.id}" in agreed, hold.released_on) for hold in holds),
        reporter_expunged=case.reporter_expunged is not None,
        account_expunged=case.account_expunged is not None,
        dismissed_on=case.dismissed_on,
        dismissed_by=MemberId(case.dismissed_by) if case.dismissed_by else None,
    )


def _subject_row(row: Row, deviation: Deviation | None) -> SubjectRow:
    return SubjectRow(
        row=row.id,
        n=row.n,
        outcome=row.outcome,
        decided_on=row.decided_on,
        ban_from=row.ban_from,
        ban_until=row.ban_until,
        permanent=row.permanent,
        lifted_on=row.lifted_on,
        closed_by=MemberId(row.closed_by) if row.closed_by else None,
        closed_on=row.closed_on,
        expunged=row.expunged_on is not None,
        deviation=deviation,
    )


def _mail_row(each: mail.StoredMail) -> MailRow:
    return MailRow(
        mail=each.mail,
        cases=each.cases,
        arrived_on=each.received.astimezone(UTC).date(),
        triaged_on=each.triaged_on,
        expunged=each.expunged_on is not None,
        mailbox_gone=each.mailbox_state == "gone",
    )


def _by_case(holds: Sequence[StoredHold]) -> dict[CaseId, list[StoredHold]]:
    found: dict[CaseId, list[StoredHold]] = {}
    for hold in holds:
        found.setdefault(hold.case, []).append(hold)
    return found


def _last_by_row(deviations: Sequence[StoredDeviation], agreed: set[str]) -> dict[RowId, Deviation]:
    # An agreed deviation counts until another is agreed on; one that only waits never displaces it.
    found: dict[RowId, Deviation] = {}
    for each in deviations:
        counts = f"deviation:{each.id}" in agreed
        if counts or each.row not in found or not found[each.row].agreed:
            found[each.row] = Deviation(each.until, each.until is None, each.decided_on, counts, each.review_on)
    return found
