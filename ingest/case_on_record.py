"""A case as the check of outgoing mail needs it: who is who in it, what is permitted, how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from policies.addresses import canonical
from policies.case import Status, Subject
from policies.lint.context import Case, Consent, Person, Stage
from policies.mail import Address, Kind
from policies.outcomes import Outcome
from policies.roster import Member
from records import cases, facts, mail, parts, viewing, witnesses
from records.keyring import Keyring
from records.store import Transaction
from records.viewing import CaseView, ShownMail

_STAGES: Final = {Status.DRAFT: Stage.REPORTED, Status.OPEN: Stage.INVESTIGATING, Status.CLOSED: Stage.CLOSED}


def as_case(transaction: Transaction, acting: Keyring, view: CaseView, roster: Sequence[Member]) -> Case:
    """What this member may read of a case, with the facts that lift what nobody may override."""
    given = facts.permissions(transaction, acting, view.case)
    recused = cases.excluded_from(transaction, parts.case_object(view.case.id))
    reports = {each.stored.thread for each in view.mails if each.stored.kind is Kind.REPORT}
    return Case(
        code=view.case.code_name,
        stage=_stage(view),
        right_of_reply=facts.right_of_reply(transaction, acting, view.case),
        reports=max(1, len(reports)),
        reporters=tuple(_reporters(view, roster)),
        subjects=tuple(_person(each.subject, each.row.outcome) for each in view.subjects if each.subject is not None),
        witnesses=tuple(_person(each) for each in view.witnesses),
        consents=tuple(
            Consent(one.person, one.to, frozenset(one.scope), one.message_id, one.withdrawn) for one in given
        ),
        recused=tuple(address for each in roster if each.id in recused for address in each.addresses),
    )


def has_party(transaction: Transaction, acting: Keyring, case: cases.Case, wanted: set[str]) -> bool:
    """Whether one of these addresses, in one spelling each, is of somebody whom a case is about or heard."""
    return any(canonical(address) in wanted for address in _addresses(transaction, acting, case))


def _addresses(transaction: Transaction, acting: Keyring, case: cases.Case) -> Iterator[str]:
    """What the record says first, for mail takes longer to open."""
    for _, subject in viewing.subjects_of(transaction, acting, case):
        yield from subject.addresses
    for witness in witnesses.of(transaction, acting, case.id):
        yield from witness.addresses
    reporter = parts.read_or_none(transaction, acting, parts.reporter_object(case.id))
    yield from parts.as_reporter(reporter).addresses if reporter else ()
    reports = [each for each in mail.of_case(transaction, case.id) if each.kind is Kind.REPORT]
    for each in viewing.open_mails(transaction, acting, reports):
        yield from (writer.address for writer in _writers(each))


def _stage(view: CaseView) -> Stage:
    stage = _STAGES.get(view.case.status, Stage.CLOSED)
    is_decided = any(each.row.outcome for each in view.subjects)
    return Stage.DECIDED if stage is Stage.INVESTIGATING and is_decided else stage


def _person(found: Subject, status: Outcome | None = None) -> Person:
    handles = (*found.names[1:], *found.handles, *found.urls)
    return Person(next(iter(found.names), ""), found.addresses, (), handles, status)


def _writers(each: ShownMail) -> Sequence[Address]:
    message = each.draft.message if each.draft else None
    return (*message.from_, *message.reply_to) if message else ()


def _reporters(view: CaseView, roster: Sequence[Member]) -> Iterable[Person]:
    """Who stands in the reporter's part, and whoever wrote a report: rather one protected too many."""
    known = {canonical(address) for each in roster for address in each.addresses}
    named = (*(each.subject for each in view.subjects if each.subject), *view.witnesses)
    known |= {canonical(address) for each in named for address in each.addresses}
    if view.reporter is not None:
        names = view.reporter.names
        known |= {canonical(address) for address in view.reporter.addresses}
        yield Person(next(iter(names), ""), view.reporter.addresses, (), (*names[1:], *view.reporter.handles))
    for each in view.mails:
        for writer in _writers(each) if each.stored.kind is Kind.REPORT else ():
            if canonical(writer.address) not in known and "@" in writer.address:
                known.add(canonical(writer.address))
                yield Person(writer.name, (writer.address,))
