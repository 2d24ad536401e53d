"""What the doctor sees in the stores without a key: soundness, audit, committee, counts of mail, what is due."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from ingest import jobs, sweeping
from ingest.checkup.finding import Finding, note, ok, problem
from ingest.desk import read_pin
from ingest.filing import UNREAD
from ingest.gate.ruling import Ruling
from ingest.home import Home
from ingest.sent_audit import WINDOW
from ingest.sweeping import Standing
from policies import retention
from policies.case import Status
from policies.community import Policy
from policies.mail import Kind
from policies.reminders import FIRST_RESPONSE_DAYS, is_overdue
from records import (
    audit,
    cases,
    checking,
    expunge,
    granting,
    mail,
    members,
    places,
    sent_checks,
    snapshot,
    viewing,
    waiting,
)
from records.store import Store
from templates import counted, texts

_SLACK: Final = timedelta(hours=1)
_STALE: Final = timedelta(days=1)
_SHOWN: Final = 5


def integrity(store: Store) -> Iterator[Finding]:
    """Whether both stores are sound."""
    damaged = store.check()
    for sentence in damaged:
        yield problem("store", sentence, "Stop polling until it is restored.")
    if not damaged:
        yield ok("store", "Both stores are sound and of this version.")
    if not store.is_sqlite:
        yield note(
            "store",
            "PostgreSQL keeps destroyed rows in its log and archives until these have turned over.",
            "Keep its archives for fewer days than backups of the keys.",
        )


def clock(store: Store, now: datetime) -> Iterator[Finding]:
    """Whether this machine's clock has run backwards since something was last noted."""
    with store.reading() as transaction:
        last = max((entry.at for entry in audit.entries(transaction)), default=None)
    if last is not None and last > now + _SLACK:
        yield problem(
            "clock",
            f"The audit chain ends at {_instant(last)}, and this machine says that it is {_instant(now)}.",
            "Set the clock before anything is expunged.",
        )
    else:
        yield ok("clock", f"It is {_instant(now)}, later than all that is on record.")


def audit_chain(store: Store, identities: Sequence[Path]) -> Iterator[Finding]:
    """Whether the audit chain is whole, also in the eyes of who last acted here."""
    pins = [pin for file in identities if (pin := read_pin(file.with_suffix(".pin"))) is not None]
    with store.reading() as transaction:
        troubles = checking.check(transaction, pins)
        count = audit.end(transaction).count
    advice = "Somebody changed the store: compare with a backup, and with other members."
    if len(identities) > 1:
        # Who serves two committees, or practised, has a key elsewhere that knows another chain.
        advice = f"If {identities[0]} is your key of another home, name this one's with --identity; else: {advice}"
    for sentence in troubles:
        yield problem("audit", sentence, advice)
    if not troubles:
        seen = ", and holds what you saw when you last acted" if pins else ""
        yield ok("audit", f"The chain of {count} entries is whole{seen}.")


def committee(store: Store, board: str | None) -> Iterator[Finding]:
    """Who is present, and what some of them still wait for."""
    with store.reading() as transaction:
        here = members.present(transaction)
        members.recovery(transaction)
        owed = granting.owed_to(transaction)
        sealed_away = granting.only_for_recovery(transaction)
    names = ", ".join(each.member.name for each in here)
    yield ok("members", f"{len(here)} present: {names}. The recovery identity is the founder's.")
    if len(here) == 1:
        yield note(
            "members", "One member alone can neither agree nor be corrected.", "Add another: conduct member add."
        )
    for name, count in sorted(owed.items()):
        yield note(
            "members",
            f"{count} objects are owed to {name}.",
            "They are granted when a member who can open them next works here.",
        )
    if sealed_away:
        whom = f" Tell the board: {board}." if board else ""
        yield note(
            "members",
            f"{sealed_away} mails can be opened with the recovery identity alone.",
            f"They came in a time without members, or name everybody.{whom}",
        )


def mail_counts(store: Store) -> Iterator[Finding]:
    """How much mail there is, and what of it needs somebody."""
    with store.reading() as transaction:
        stored = [each for each in mail.stored(transaction) if each.expunged_on is None]
        held = granting.held(transaction)
        begun = places.attempts(transaction)
    yield ok("mail", f"{len(stored)} mails are stored.")
    eyes = sum(needs_eyes(each) for each in stored)
    unread = sum(UNREAD in each.flags for each in stored)
    if eyes:
        yield note("mail", f"{eyes} need a member's eyes.", "conduct mail list")
    if unread:
        yield note("mail", f"{unread} could not be read here; their bytes are kept.", "conduct mail show ID --raw")
    if held:
        yield note("mail", f"{len(held)} are held from members whom they name.", "conduct mail release ID MEMBER")
    if begun:
        yield note("mail", f"{len(begun)} were begun and not finished.", "The next poll or import takes them up.")


def sent(store: Store, today: date) -> Iterator[Finding]:
    """Which mails of ours the service looked at and could not check."""
    with store.reading() as transaction:
        found = sent_checks.ruled(transaction, Ruling.UNCHECKED.value, today - WINDOW)
    if found:
        yield note(
            "sent",
            f"{counted(len(found), 'sent mail')} could not be checked without a key: {', '.join(found[:_SHOWN])}"
            f"{', ...' if len(found) > _SHOWN else '.'}",
            "conduct findings show ID",
        )


def needs_eyes(each: mail.StoredMail) -> bool:
    """Whether a person must look at a stored mail, because the program could make little of it."""
    return each.kind is Kind.OTHER or any(flag.startswith("eyes:") for flag in each.flags)


def last_poll(home: Home, wall: datetime) -> Iterator[Finding]:
    """When a round of polling last went well; its lock is written by those as well that fail, or only expunge."""
    try:
        about = os.stat(jobs.polled_file(home))  # noqa: PTH116  one look: it may go at any time
    except FileNotFoundError:
        yield note("poll", "The mailbox has never been polled.", "conduct poll")
        return
    last = datetime.fromtimestamp(about.st_mtime, UTC)
    if wall - last > _STALE:
        yield note("poll", f"The mailbox was last polled at {_instant(last)}.", "conduct poll")
    else:
        yield ok("poll", f"The mailbox was last polled at {_instant(last)}.")


def drafts(store: Store, today: date) -> Iterator[Finding]:
    """Drafts that nobody has reviewed in time, and acts that wait for a second member."""
    with store.reading() as transaction:
        found = cases.every(transaction)
        acts = [act for act in waiting.every(transaction) if act.agreed_by is None]
    counts = Counter(case.status for case in found)
    yield ok("cases", f"{counts[Status.DRAFT]} drafts, {counts[Status.OPEN]} open, {counts[Status.CLOSED]} closed.")
    late = [case.code_name for case in found if is_overdue(case.status, case.received.astimezone(UTC).date(), today)]
    if late:
        yield note(
            "cases",
            f"{len(late)} drafts wait for more than {FIRST_RESPONSE_DAYS} days: {', '.join(late[:_SHOWN])}"
            f"{', ...' if len(late) > _SHOWN else '.'}",
            "conduct case show, then accept or dismiss.",
        )
    if acts:
        yield note("cases", f"{len(acts)} acts wait for a second member's word.", "conduct agree")


def retention_state(store: Store, policy: Policy, today: date) -> Iterator[Finding]:
    """What is due, and which mails still lie in the mailbox after their expunge."""
    with store.reading() as transaction:
        plan = snapshot.make_plan(transaction, policy, today)
        queued = len(expunge.doomed(transaction))
    due = len(plan.due)
    if due:
        yield note("retention", f"{due} parts are due to be expunged.", "conduct retain apply")
    else:
        yield ok("retention", "Nothing is due to be expunged today.")
    for notice in retention.notices(plan, policy.notice_days):
        yield note("retention", f"Something of {notice.code_name} goes on {notice.on}.", "conduct retain plan")
    if queued:
        yield note(
            "retention",
            f"{queued} mails were expunged here and wait for it in the mailbox.",
            "The next poll of the service removes them, or says why it cannot.",
        )


def sweep(store: Store, policy: Policy, now: datetime) -> Iterator[Finding]:
    """Whether the unattended sweep runs, and what it has announced."""
    with store.reading() as transaction:
        found = sweeping.outlook(transaction, policy, now)
        names = viewing.handler_names(transaction)
    stop = found.stop
    if found.standing is Standing.OFF:
        yield ok("sweep", "Nothing is expunged unless a member says so (retention.unattended = false).")
    elif stop is not None and found.standing is Standing.PAUSED:
        by = names.get(stop.by, stop.by)
        yield note("sweep", f"{by} paused the unattended sweep at {_instant(stop.at)}.", "conduct retain resume")
    elif stop is not None:
        yield problem(
            "sweep",
            f"The unattended sweep stopped at {_instant(stop.at)}: {texts.doubt(stop.kind)}.",
            "Look at the date here; if it is right: conduct retain resume",
        )
    elif found.last_ran is None or now - found.last_ran > _STALE:
        last = f"last ran at {_instant(found.last_ran)}" if found.last_ran else "has never run"
        yield note("sweep", f"The unattended sweep is enabled and {last}.", "It runs as long as the service does.")
    else:
        yield ok("sweep", f"The unattended sweep last ran at {_instant(found.last_ran)}.")
    if found.prospects:
        days = sorted(one.earliest for one in found.prospects if one.earliest is not None)
        first = f", the first of them for {days[0]}" if days else ""
        yield note("sweep", f"{counted(len(found.prospects), 'part')} on notice{first}.", "conduct retain plan")


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
