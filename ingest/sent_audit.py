"""The look at mail that has been sent: whoever used no other door is told at once what the mail should not have had.

Every mail of the committee's own that comes in, from the Sent folder or by its copy to conduct@, is checked once.
What is found cannot be taken back; the members can still act, so they get a notice that says where to look, and the
rules that were broken stand in the case's history.  With nobody's key the check is the one without the case.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from ingest import notices
from ingest.gate.ruling import Judged, Ruling
from ingest.jobs import Service
from ingest.outgoing import Lying
from policies.errors import Refused, Unavailable
from policies.lint.draft import Draft
from records import audit, cases, members, sent_checks
from records.cases import Case
from records.mail import StoredMail
from records.sent_checks import SentCheck
from templates import render

#: What came in longer ago is history: the service was off, or has only begun.
WINDOW: Final = timedelta(days=14)
#: Mails looked at in one go.
_AT_ONCE: Final = 50
#: Anybody can send to the mailbox in its own name: of what nobody filed as sent, so many notices a day are enough.
MOST_NOTICES: Final = 10
GONE: Final = "gone"

Judge = Callable[[Draft], Judged]


@dataclasses.dataclass(frozen=True, slots=True)
class Audited:
    """What a look came to: mails checked, mails with errors, and notices sent."""

    checked: int = 0
    wrong: int = 0
    told: int = 0


def audit_sent(job: Service, judge: Judge, lying: Lying) -> Audited:
    """Check what was sent since the last look.

    ``lying`` reads mails from where they lie in the mailbox; what is not there any more is noted as gone.
    Raises Unavailable: mailbox, smarthost or check failed; what was not noted is looked at again.
    """
    with job.store.reading() as transaction:
        waiting = sent_checks.unchecked(transaction, job.now - WINDOW)[:_AT_ONCE]
    results = [_audit_one(job, judge, lying, each) for each in waiting]
    return Audited(len(results), sum(wrong for wrong, _ in results), sum(told for _, told in results))


def _audit_one(job: Service, judge: Judge, lying: Lying, sent: StoredMail) -> tuple[bool, int]:
    """Check one mail, tell of it, and then note it, so that a notice that failed is tried again."""
    with job.store.reading() as transaction:
        copies = sent_checks.copies(transaction, sent.mail)
        found = lying(transaction, copies)
        before = len(sent_checks.ruled(transaction, Ruling.REFUSED.value, job.now.date()))
        is_due = before < MOST_NOTICES or sent_checks.lies_outside_inbox(transaction, copies)
    draft = next(iter(found.values()), None)
    judged = None if draft is None else judge(draft)
    if judged is not None and judged.trouble and not judged.is_of_mail:
        raise Unavailable(
            "sent-not-checked", f"A sent mail could not be checked: {judged.trouble}", "It is tried again."
        )
    is_wrong = judged is not None and judged.ruling is Ruling.REFUSED
    told, about = 0, _about(job, sent, judged) if judged is not None and is_wrong else []
    if judged is not None and is_wrong and is_due:
        told = _tell(job, sent, about, judged.errors, is_last=before + 1 == MOST_NOTICES)
    with job.store.writing() as transaction:
        rules = judged.rules if judged else ()
        ruling = judged.ruling.value if judged else GONE
        sent_checks.note(transaction, SentCheck(sent.mail, job.now.date(), ruling, rules))
        if is_wrong:
            for each in [case.code_name for case in about] or [sent.mail]:
                audit.append(
                    transaction, job.server, job.now, "sent-finding", each, mail=sent.mail, rules=",".join(rules)
                )
    job.lifeline.progress()
    return is_wrong, told


def _about(job: Service, sent: StoredMail, judged: Judged) -> list[Case]:
    """The cases that a mail is filed with; where it is filed with none, those that the check says it may belong to."""
    with job.store.reading() as transaction:
        every = cases.every(transaction)
    return [each for each in every if (each.id in sent.cases if sent.cases else each.code_name in judged.cases)]


def _tell(job: Service, sent: StoredMail, about: Sequence[Case], errors: int, *, is_last: bool) -> int:
    """A notice to every present member who is kept from nothing of it; how many were sent.

    ``is_last``: of mail that arrived today there will be no other.  Raises Unavailable: nobody could be told.
    """
    if job.settings.smtp is None:
        return 0
    with job.store.reading() as transaction:
        kept_out = cases.kept_from(transaction, [case.id for case in about], [sent.thread])
        here = [each.member for each in members.present(transaction) if each.member.id not in kept_out]
    names = [case.code_name for case in about]
    values = {"mail": sent.mail, "cases": names, "errors": errors, "on": sent.received.date(), "is_last": is_last}
    subject = render("sent-notice/subject.txt", job.home.templates, **values)
    body = render("sent-notice", job.home.templates, **values)
    told, failure = 0, None
    for each in here:
        try:
            notices.send(job, subject, body, each.addresses[0])
            told += 1
        except Refused:  # the smarthost will never take it
            continue
        except Unavailable as error:  # one member's full mailbox keeps no other from being told
            failure = error
    if failure is not None and not told:
        raise failure
    return told
