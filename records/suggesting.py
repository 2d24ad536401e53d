"""To which case a draft may belong, compared in memory on a machine where a member's key is unlocked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policies.addresses import canonical
from policies.case import CaseId, Status, Suggestion
from policies.mail import Address
from policies.threads import Traces, suggest, traces
from records import cases, members, parts, viewing
from records.cases import Case
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
    mails: dict[CaseId, list[ShownMail]] = {}
    for each in viewing.find_mail(transaction, acting):  # all at once: one by one takes several times as long
        for filed in each.stored.cases:
            mails.setdefault(filed, []).append(each)
    known: dict[CaseId, Traces] = {}
    names: dict[CaseId, str] = {}
    for case in cases.every(transaction, (Status.DRAFT, Status.OPEN, Status.CLOSED)):
        if case.id != found.case.id:
            known[case.id] = _together([_of_record(transaction, acting, case), *_traces(mails.get(case.id, ()), ours)])
            names[case.id] = case.code_name
    mine = _together(list(_traces(found.mails, ours)))
    return [Suggestion("case", names[case], why, 0) for case, why in suggest(mine, known)]


def member_addresses(transaction: Transaction) -> set[str]:
    """The addresses of all members, past ones included, in the form for comparing."""
    return {canonical(address) for each in members.load(transaction) for address in each.member.addresses}


def _traces(mails: Iterable[ShownMail], ours: set[str]) -> Iterator[Traces]:
    """By what each mail can be recognised, as far as this member may read it."""
    for each in mails:
        if each.draft is None or each.draft.message is None or each.draft.intake is None:
            continue
        message, intake = each.draft.message, each.draft.intake
        people = [intake.sender, *message.participants] if intake.sender else list(message.participants)
        outsiders = [one for one in people if canonical(one.address) not in ours]
        yield traces(message.subject, outsiders, intake.suggestions, inside=intake.forwarded_subject)


def _of_record(transaction: Transaction, acting: Keyring, case: Case) -> Traces:
    """By what a record can be recognised; nothing for a draft, which has none yet."""
    if case.status is Status.DRAFT:
        return _together([])
    suggestions = [
        Suggestion("named_subjects", value, "", 0)
        for _, one in viewing.subjects_of(transaction, acting, case)
        for value in (*one.names, *one.handles, *one.addresses, *one.urls)
    ]
    reporter = parts.read_or_none(transaction, acting, parts.reporter_object(case.id))
    known = [Address("", address) for address in parts.as_reporter(reporter).addresses] if reporter else []
    return traces("", known, suggestions)


def _together(found: Sequence[Traces]) -> Traces:
    return Traces(
        frozenset().union(*(one.addresses for one in found)),
        frozenset().union(*(one.handles for one in found)),
        frozenset().union(*(one.urls for one in found)),
        frozenset().union(*(one.names for one in found)),
        frozenset().union(*(one.subject_lines for one in found)),
    )
