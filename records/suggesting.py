"""To which case a draft may belong, compared in memory on a machine where a member's key is unlocked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policies.addresses import canonical
from policies.case import CaseId, Status, Suggestion
from policies.mail import Address
from policies.threads import Traces, suggest, traces
from records import cases, members, parts, viewing
from records.keyring import Keyring
from records.store import Transaction
from records.viewing import CaseView, ShownMail


def may_belong_to(
    transaction: Transaction, acting: Keyring, found: CaseView, conduct: Iterable[str]
) -> list[Suggestion]:
    """The cases that a draft's people, words or subject lines point to; empty for what is no draft.

    ``conduct`` are the mailbox's own addresses, which tie nothing to anything.
    """
    if found.case.status is not Status.DRAFT:
        return []
    ours = member_addresses(transaction) | {canonical(address) for address in conduct}
    known: dict[CaseId, Traces] = {}
    names: dict[CaseId, str] = {}
    for case in cases.every(transaction, (Status.DRAFT, Status.OPEN, Status.CLOSED)):
        if case.id != found.case.id:
            other = viewing.view(transaction, acting, case)
            known[case.id] = _traces(other.mails, other, ours)
            names[case.id] = case.code_name
    mine = _traces(found.mails, found, ours)
    return [Suggestion("case", names[case], why, 0) for case, why in suggest(mine, known)]


def member_addresses(transaction: Transaction) -> set[str]:
    """The addresses of all members, past ones included, in the form for comparing."""
    return {canonical(address) for each in members.load(transaction) for address in each.member.addresses}


def _traces(mails: Sequence[ShownMail], found: CaseView, ours: set[str]) -> Traces:
    """Everything by which a case's mail and record can be recognised, as far as this member may read it."""
    parts_found = [_of_record(found)]
    for each in mails:
        if each.draft is None or each.draft.message is None or each.draft.intake is None:
            continue
        message, intake = each.draft.message, each.draft.intake
        people = [intake.sender, *message.participants] if intake.sender else list(message.participants)
        outsiders = [one for one in people if canonical(one.address) not in ours]
        parts_found.append(traces(message.subject, outsiders, intake.suggestions, inside=intake.forwarded_subject))
    return _together(parts_found)


def _of_record(found: CaseView) -> Traces:
    people = [each.subject for each in found.subjects if each.subject is not None]
    suggestions = [
        Suggestion("named_subjects", value, "", 0)
        for one in people
        for value in (*one.names, *one.handles, *one.addresses, *one.urls)
    ]
    reporter = found.reporter or parts.Reporter()
    known = [Address("", address) for address in reporter.addresses]
    return traces("", known, suggestions)


def _together(found: Sequence[Traces]) -> Traces:
    return Traces(
        frozenset().union(*(one.addresses for one in found)),
        frozenset().union(*(one.handles for one in found)),
        frozenset().union(*(one.urls for one in found)),
        frozenset().union(*(one.names for one in found)),
        frozenset().union(*(one.subject_lines for one in found)),
    )
