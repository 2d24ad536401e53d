"""``conduct retain apply``: carry out what is due today."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import click

from ingest import jobs, wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say, show
from ingest.cli.retain.showing import due_text, report_text, residue_sentences
from ingest.cli.terminal import confirm
from ingest.desk import Desk, at_desk
from ingest.imap_expunge import Wiped
from ingest.mailbox_lock import mailbox_lock
from ingest.wiping import Wiping
from policies import retention
from policies.errors import ConductError
from policies.mail import MailId
from policies.retention import Plan, PlanItem, Residue
from records import expunge, mail, parts
from records.snapshot import make_plan
from records.store import Transaction
from records.waiting import may_follow


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, what failed and what lies out of reach (as sentences), and what waits for another member."""

    done: tuple[PlanItem, ...]
    failed: tuple[str, ...]
    residue: tuple[str, ...]
    waiting: tuple[PlanItem, ...]
    mailbox_gone: int

    @property
    def exit_status(self) -> int:
        """4 if anything failed, else 1 if a second member is needed; what lies out of reach is no failure."""
        return 4 if self.failed else 1 if self.waiting else 0


@click.command("apply")
@click.option("--yes", is_flag=True, help="Do not ask; the plan is shown all the same.")
@format_option()
@pass_session
def command(session: Session, yes: bool) -> int:
    """Destroy what is due today: keys, sealed mail, names, and the copies in the mailbox.

    The plan is shown first.  What one member alone closed as no violation, or dismissed, another one applies.
    What the mail server refuses today is tried again the next time.
    """
    with at_desk(session) as desk:
        with desk.looking() as transaction:
            plan = make_plan(transaction, desk.policy, desk.today)
            queued = bool(expunge.doomed(transaction))
            mine, waiting = _mine(transaction, plan, desk)
        shown = due_text(session, plan, desk.policy)
        (show if session.format == "text" else say)(shown)
        if (mine or queued) and not yes and not confirm(session, "Destroy this now? It cannot be undone."):
            say("Nothing was destroyed.")
            return 1
        outcome = _carry_out(desk, mine, waiting, queued=queued)
    residue = retention.standing_residue(outcome.done, desk.today, desk.policy)
    emit(session, report_text(session, plan, outcome, residue), _answer(session, outcome, residue))
    return outcome.exit_status


def _mine(transaction: Transaction, plan: Plan, desk: Desk) -> tuple[list[PlanItem], list[PlanItem]]:
    """What this member may carry out, and what another must."""
    mine: list[PlanItem] = []
    waiting: list[PlanItem] = []
    for item in plan.due:
        objects = [mail.object_id(each) for each in item.mails]
        objects += [parts.case_object(item.case)] if item.case else []
        first = item.needs_other_than
        is_mine = first is None or may_follow(transaction, desk.keyring.member, first, objects)
        (mine if is_mine else waiting).append(item)
    return mine, waiting


def _carry_out(desk: Desk, mine: Sequence[PlanItem], waiting: Sequence[PlanItem], *, queued: bool) -> Outcome:
    residue: list[str] = []
    if mine:
        with desk.acting() as transaction:
            again = make_plan(transaction, desk.policy, desk.today)
            # Only what was shown, and only if it is still due now that nobody else can write.
            mine = [item for item in again.due if item in mine]
            expunge.carry_out(transaction, desk.keyring, mine, desk.now)
        residue += desk.store.wipe_freed_space()
    failed: list[str] = []
    wiping = None
    if mine or queued:
        wiping = _wipe(desk, failed, residue)
    failed += [sentence for one in (wiping.left if wiping else ()) for sentence in _left(one)]
    gone = wiping.gone if wiping else ()
    return Outcome(tuple(_done(mine, gone)), tuple(failed), tuple(residue), tuple(waiting), len(gone))


def _done(mine: Sequence[PlanItem], gone: Collection[MailId]) -> Iterator[PlanItem]:
    """What is destroyed; of the mailbox only what a fresh look there no longer found."""
    for item in mine:
        mails = tuple(each for each in item.mails if item.part != "mailbox" or each in gone)
        if mails or item.part != "mailbox":
            yield dataclasses.replace(item, mails=mails)


def _left(one: Wiped) -> list[str]:
    """Where a mail may still lie.  Folders may be named after people: they are shown here and noted nowhere."""
    return [f"mail {one.mail_id} in {place.folder or 'the mailbox'}: {place.why.value}" for place in one.left]


def _wipe(desk: Desk, failed: list[str], residue: list[str]) -> Wiping | None:
    """The mailbox's part, by whoever holds its password; others leave it to the service's next poll."""
    session = desk.session
    if session.settings.imap is None:
        residue.append("No mailbox is configured here, so copies there were not looked for.")
        return None
    if not wiring.is_service_user(session.home):
        residue.append("The copies in the mailbox go with the service's next poll: `conduct poll`.")
        return None
    job = jobs.service(session.home, session.settings, session.environ, desk.store, desk.now)
    try:
        with mailbox_lock(jobs.lock_file(session.home), desk.now):
            return jobs.wipe_if_due(job)
    except ConductError as error:  # told, not raised: the records are destroyed already
        failed.append(f"The mailbox: {error}")
        return None


def _answer(session: Session, outcome: Outcome, residue: Sequence[Residue]) -> dict[str, Any]:
    return {
        "done": [_item(item) for item in outcome.done],
        "failed": list(outcome.failed),
        "residue": [*residue_sentences(session, residue), *outcome.residue],
        "waiting": [_item(item) for item in outcome.waiting],
        "mailbox_gone": outcome.mailbox_gone,
    }


def _item(item: PlanItem) -> dict[str, Any]:
    return {
        "case": item.code_name or None,
        "part": item.part,
        "person": item.person,
        "mails": list(item.mails),
        "date": item.date,
    }
