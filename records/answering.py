"""Our mails in a case that nobody answered, as far as a member can read the case."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from policies.addresses import canonical
from policies.answers import Heard, Ours, Unanswered, unanswered
from policies.mail import Address, Kind
from records import accepting, mail
from records.viewing import CaseView, ShownMail

_WRITTEN = frozenset({Kind.REPORT, Kind.REPLY, Kind.FORWARD, Kind.OTHER})


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A mail of ours without an answer, and what each of its recipients is in the case, in words ("" for unknown).

    ``unread`` counts the later mails that this member cannot read: one of them may be the answer.
    """

    about: Unanswered
    roles: tuple[str, ...]
    unread: int

    def __repr__(self) -> str:
        """Which mail."""
        return f"Waiting({self.about.mail})"


def without_answer(found: CaseView, ours: Iterable[str]) -> tuple[Waiting, ...]:
    """The mails of ours in a case after which none of their recipients wrote, oldest first.

    ``ours`` are the addresses of the mailbox and of all members.
    """
    originals = [each for each in found.mails if each.stored.copy_of is None]
    closed = [each.stored.received for each in originals if each.draft is None and each.stored.expunged_on is None]
    waiting = unanswered(_sent(found, originals), list(_heard(originals)), tuple(ours))
    return tuple(
        Waiting(each, tuple(_role(found, one) for one in each.to), sum(at > each.at for at in closed))
        for each in waiting
    )


def _sent(found: CaseView, mails: Iterable[ShownMail]) -> Iterator[Ours]:
    for each in mails:
        message = each.draft.message if each.draft else None
        if message is not None and each.stored.kind is Kind.SENT:
            bounces = [one.draft for one in found.mails if one.stored.bounce_of == each.stored.mail and one.draft]
            reports = [one.message.bounce for one in bounces if one.message and one.message.bounce]
            failed = tuple(address for report in reports for address in report.failed)
            yield Ours(each.stored.mail, each.stored.received, (*message.to, *message.cc), failed)


def _heard(mails: Iterable[ShownMail]) -> Iterator[Heard]:
    for each in mails:
        intake = each.draft.intake if each.draft else None
        if intake is None or intake.sender is None or each.stored.kind not in _WRITTEN:
            continue
        # A forward counts from when it was written: an old mail that is handed in is no answer.
        claimed = intake.claimed_date if intake.forward else None
        yield Heard(min(claimed or each.stored.received, each.stored.received), intake.sender.address)


def _role(found: CaseView, person: Address) -> str:
    address = canonical(person.address)
    if address in _reporters(found):
        return "the reporter"
    for each in found.subjects:
        if each.subject and address in {canonical(one) for one in each.subject.addresses}:
            return f"subject {each.row.n}"
    for witness in found.witnesses:
        if address in {canonical(one) for one in witness.addresses}:
            return "a witness"
    return ""


def _reporters(found: CaseView) -> set[str]:
    opening = {each.mail for each in mail.openers([each.stored for each in found.mails])}
    people = [accepting.reporter_of(each.draft) for each in found.mails if each.stored.mail in opening and each.draft]
    people += [found.reporter] if found.reporter else []
    return {canonical(address) for one in people for address in one.addresses}
