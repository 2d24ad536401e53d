"""The unattended sweep: once, when asked, it carries out what has long been announced; and what it will do, told.

It does what a member's ``conduct retain apply`` does, with the server's signature, and so much less at once: only what
``policies.retention.sweeping`` lets go, and nothing while the clock is not believed or a member has paused it.  What
it takes is noted before it is destroyed, so that whatever happens in between, no day takes more than its share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from ingest import jobs, wiring
from ingest.clock import uptime
from ingest.jobs import Service
from ingest.mailbox_lock import mailbox_lock
from policies.community import Policy
from policies.errors import ConductError
from policies.retention import PlanItem
from policies.retention import sweeping as rules
from policies.retention.clockwatch import Doubt, Reading, next_anchor
from policies.retention.sweeping import Known, Piece, Prospect
from records import audit, expunge, sweeping
from records.snapshot import make_plan
from records.store import Transaction
from records.sweeping import State, Stop
from templates import texts


class Standing(StrEnum):
    """How the sweep stands."""

    OFF = "off"  # not enabled: [retention] unattended
    NEVER_RAN = "never-ran"
    RUNNING = "running"
    PAUSED = "paused"
    DOUBTING = "doubting"  # the clock is not believed until a member resumes it


@dataclasses.dataclass(frozen=True, slots=True)
class Swept:
    """What one run did: how it stands, what is destroyed, what is newly announced, what to tell whoever looks.

    ``began_doubting`` is true on the one run that found the clock wrong; ``residue`` is what could not be reached.
    """

    standing: Standing
    done: tuple[PlanItem, ...] = ()
    announced: int = 0
    mailbox_gone: int = 0
    residue: tuple[str, ...] = ()
    began_doubting: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Outlook:
    """What the sweep is about to do: how it stands, since when and by whom it stands still, and each piece's turn.

    ``prospects`` are of everything that is on notice; while it stands still there are none, for all of it will be
    announced anew.
    """

    standing: Standing
    last_ran: datetime | None
    stop: Stop | None
    prospects: tuple[Prospect, ...]


def sweep_once(job: Service) -> Swept:
    """Announce what comes up, and destroy what has been on notice for long enough; nothing where it is not enabled.

    Raises WrongUsage: the policy cannot be read; Unavailable, LockedElsewhere: the store failed.
    """
    policy = wiring.load_policy(job.settings, job.home)
    if not policy.unattended:
        return Swept(Standing.OFF)
    with job.store.writing() as transaction:
        begun, ready = _begin(transaction, job, policy, sweeping.load(transaction))
    done: list[PlanItem] = []
    if ready:
        with job.store.writing() as transaction:
            done = _destroy(transaction, job, policy, ready)
    return _finish(job, dataclasses.replace(begun, done=tuple(done)))


def outlook(transaction: Transaction, policy: Policy, now: datetime) -> Outlook:
    """What the sweep would do and when, as things stand; changes nothing and needs nobody's key."""
    state = sweeping.load(transaction)
    last = state.seen.now if state.seen else None
    if not policy.unattended or state.stop is not None:
        return Outlook(_standing(state) if policy.unattended else Standing.OFF, last, state.stop, ())
    pieces, known = _look(transaction, policy, state, now)
    found = tuple(one for one in rules.prospects(pieces, known, now) if one.noticed_at is not None)
    return Outlook(_standing(state), last, state.stop, found)


def _standing(state: State) -> Standing:
    if state.stop is not None:
        return Standing.PAUSED if state.stop.kind == sweeping.PAUSED else Standing.DOUBTING
    return Standing.RUNNING if state.seen else Standing.NEVER_RAN


def _begin(transaction: Transaction, job: Service, policy: Policy, state: State) -> tuple[Swept, frozenset[str]]:
    """Look at the clock, announce, and note what will be taken: the keys of those pieces."""
    if state.stop is not None:
        return Swept(_standing(state)), frozenset()
    running = uptime(job.environ)
    reading, memory = Reading(job.now, running.boot, running.seconds), sweeping.memory(transaction, state)
    pieces, known = _look(transaction, policy, state, job.now)
    turn = rules.turn(pieces, known, memory, reading, policy)
    if turn.doubt is not None:
        _stop(transaction, job, state, turn.doubt)
        return Swept(Standing.DOUBTING, began_doubting=True), frozenset()
    seen = dataclasses.replace(state, seen=reading, anchor=next_anchor(reading, memory), days=turn.known.days)
    sweeping.save(transaction, seen)
    sweeping.save_notices(transaction, known.notices, turn.known.notices)
    new = _tell(transaction, job, pieces, turn.known)
    sweeping.note_taken(transaction, {piece.unit for piece in turn.ready}, known.swept, job.now.date())
    return Swept(Standing.RUNNING, announced=new), frozenset(piece.key for piece in turn.ready)


def _stop(transaction: Transaction, job: Service, state: State, wrong: Doubt) -> None:
    sweeping.save(transaction, dataclasses.replace(state, stop=Stop(wrong, job.now, job.server.actor)))
    audit.append(transaction, job.server, job.now, "retain-doubt", clock=str(wrong))


def _look(transaction: Transaction, policy: Policy, state: State, now: datetime) -> tuple[tuple[Piece, ...], Known]:
    today = now.date()
    queued = [each.mail_id for each in expunge.doomed(transaction)]
    pieces = rules.pieces(make_plan(transaction, policy, today), queued)
    return pieces, sweeping.known(transaction, state, today)


def _tell(transaction: Transaction, job: Service, pieces: tuple[Piece, ...], known: Known) -> int:
    """Put what is announced now on the audit chain, case by case; returns how many pieces there are."""
    new = [piece for piece in pieces if piece.key in known.notices and known.notices[piece.key].at == job.now]
    by_case: dict[str, list[Piece]] = {}
    for piece in new:
        by_case.setdefault(piece.item.code_name, []).append(piece)
    for code_name, announced in sorted(by_case.items()):
        names = sorted({expunge.part_name(piece.item) for piece in announced})
        mails = len({each for piece in announced for each in piece.item.mails})
        audit.append(transaction, job.server, job.now, "retain-notice", code_name, parts=names, mails=mails)
    return len(new)


def _destroy(transaction: Transaction, job: Service, policy: Policy, ready: frozenset[str]) -> list[PlanItem]:
    """Destroy what was noted, as far as nothing has changed since: a hold, a pause, another date."""
    state = sweeping.load(transaction)
    if state.stop is not None:
        return []
    pieces, known = _look(transaction, policy, state, job.now)
    still = (one.piece for one in rules.prospects(pieces, known, job.now) if one.wait is None)
    items = [piece.item for piece in still if piece.key in ready]
    if items:
        expunge.carry_out(transaction, job.server, items, job.now)
        sweeping.save(transaction, dataclasses.replace(state, wipe=True))
    return items


def _finish(job: Service, swept: Swept) -> Swept:
    """Overwrite what was freed, now or before a crash, and have the copies leave the mailbox."""
    with job.store.reading() as transaction:
        wipe, queued = sweeping.load(transaction).wipe, bool(expunge.doomed(transaction))
    residue: list[str] = []
    if wipe:
        residue += job.store.wipe_freed_space()
        with job.store.writing() as transaction:
            sweeping.save(transaction, dataclasses.replace(sweeping.load(transaction), wipe=False))
    gone = _wipe_mailbox(job, residue) if swept.done and queued else 0
    return dataclasses.replace(swept, mailbox_gone=gone, residue=tuple(residue))


def _wipe_mailbox(job: Service, residue: list[str]) -> int:
    if job.settings.imap is None:
        residue.append("No mailbox is configured here, so copies there were not looked for.")
        return 0
    try:
        with mailbox_lock(jobs.lock_file(job.home), job.now):
            wiping = jobs.wipe_if_due(job)
    except ConductError as error:  # told, not raised: the records are destroyed, and the next poll tries again
        residue.append(f"The copies in the mailbox go with the next poll: {error}")
        return 0
    return len(wiping.gone) if wiping else 0


def in_words(outlook: Outlook, names: Mapping[str, str], templates: Path | None) -> str:
    """How the sweep stands and what it has announced; ``names`` are the members', by their ids."""
    stop = outlook.stop
    return texts.sweep_text(
        stop.kind if stop and outlook.standing is not Standing.OFF else outlook.standing,
        outlook.prospects,
        stop.at.date() if stop else None,
        names.get(stop.by, stop.by) if stop else "",
        outlook.last_ran.date() if outlook.last_ran else None,
        templates,
    )
