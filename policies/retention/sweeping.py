"""What the unattended sweep may carry out now, and why not the rest: notice, days seen running, a cap a day.

A member who has seen the plan may carry it out at once.  A machine that nobody watches may not: it announces each part
first, and takes only what has been on notice for fourteen days (three for "no violation", which has no term at all)
and on three later days on which the sweep ran, so that somebody could have objected.  What changes meanwhile, be it
the day or how it came about, is announced anew, and so is what a member held or another case held up.  And it takes
few things a day, so that a mistake in the rules or in the clock destroys little before it is noticed.

Nobody alone destroys a report by it: what one member decided alone (no violation, a dismissed draft, a decision dated
before the report) another member applies, or the sweep after its notice, which everybody could see.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from policies.case import Outcome
from policies.community import Policy
from policies.mail import MailId
from policies.retention.clockwatch import Doubt, Memory, Reading, doubt, was_away
from policies.retention.items import Plan, PlanItem
from policies.retention.terms import days_after

NOTICE: Final = timedelta(days=14)
SHORT_NOTICE: Final = timedelta(days=3)
DAYS_SEEN: Final = 3
LEAST_CAP: Final = 3
CAP_PERCENT: Final = 10
# A draft or mail that nobody has looked at only delays what was announced; these are somebody's doing.
_VOIDING: Final = frozenset({"hold", "hold-alone", "open-case", "possible-link"})


class Wait(StrEnum):
    """Why something is not taken now."""

    NOT_ANNOUNCED = "not-announced"
    HELD = "held"
    NOT_DUE = "not-due"
    NOTICE = "notice"  # not on notice for long enough, or not seen running on enough days since
    CAP = "cap"  # enough was destroyed today


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """One thing that can be destroyed by itself: a part of a case, or one mail.

    ``key`` names it for good, ``fingerprint`` how its date came about.  Pieces of one case share a ``unit``, which
    the cap counts; a mail of no case is a unit of its own.
    """

    key: str
    fingerprint: str
    unit: str
    item: PlanItem


@dataclasses.dataclass(frozen=True, slots=True)
class Noticed:
    """A piece that was announced at an instant, as going for the reasons behind ``fingerprint``."""

    key: str
    fingerprint: str
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What is remembered from sweep to sweep.

    ``days`` are the last three days on which it ran, oldest first; ``swept`` the units that it took today.
    """

    notices: Mapping[str, Noticed] = dataclasses.field(default_factory=dict)
    days: tuple[date, ...] = ()
    swept: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Prospect:
    """What becomes of a piece: since when it is on notice, and what it waits for (None: it may go now).

    ``earliest`` is the first day on which the sweep may take it as things stand; None where nobody can say.
    """

    piece: Piece
    noticed_at: datetime | None
    earliest: date | None
    wait: Wait | None


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One run of the sweep: what to remember, and what it takes; nothing of either where the clock is in ``doubt``."""

    doubt: Doubt | None
    known: Known = Known()
    ready: tuple[Piece, ...] = ()


def turn(every: Sequence[Piece], known: Known, memory: Memory, reading: Reading, policy: Policy) -> Turn:
    """One run: look at the clock, announce what comes up, and say what may go now.

    ``every`` is of the plan for the reading's day.  After too long without a run everything is announced anew.
    """
    wrong = doubt(reading, memory)
    if wrong is not None:
        return Turn(wrong)
    if was_away(reading, memory):
        known = dataclasses.replace(known, notices={}, days=())
    known = dataclasses.replace(
        known, notices=announced(every, known, policy, reading.now), days=day_seen(known.days, reading.now.date())
    )
    ready = tuple(one.piece for one in prospects(every, known, reading.now) if one.wait is None)
    return Turn(None, known, ready)


def pieces(plan: Plan, queued: Iterable[MailId] = ()) -> tuple[Piece, ...]:
    """Everything in a plan, mail by mail, in its order; copies in the mailbox that wait to go already are left out."""
    gone = set(queued)
    found = (piece for item in plan.items for piece in _pieces(item))
    return tuple(piece for piece in found if piece.item.part != "mailbox" or piece.item.mails[0] not in gone)


def announced(every: Sequence[Piece], known: Known, policy: Policy, now: datetime) -> dict[str, Noticed]:
    """What is on notice from now on, by key: as before where nothing has changed, else since ``now``."""
    ahead = days_after(now.date(), max(*policy.notice_days, NOTICE.days))
    found = {}
    for piece in every:
        if piece.item.date is None or piece.item.date > ahead or _is_void(piece.item):
            continue
        before = known.notices.get(piece.key)
        still = before is not None and before.fingerprint == piece.fingerprint and before.at <= now
        found[piece.key] = before if before and still else Noticed(piece.key, piece.fingerprint, now)
    return found


def day_seen(days: tuple[date, ...], today: date) -> tuple[date, ...]:
    """The last three days on which the sweep ran, with today."""
    return tuple(sorted({*days, today}))[-DAYS_SEEN:]


def prospects(every: Sequence[Piece], known: Known, now: datetime) -> tuple[Prospect, ...]:
    """What becomes of each piece if the sweep runs at ``now``; who was announced first comes first."""
    first = {piece.key: _without_cap(piece, known, now) for piece in every}
    taken = _within_cap(every, [one for one in first.values() if one.wait is None], known.swept)
    return tuple(_capped(first[piece.key], taken, now.date()) for piece in every)


def caps(every: Sequence[Piece], swept: frozenset[str]) -> dict[bool, int]:
    """How many units may go in a day: of cases under True, of mail of no case under False.

    Three, or a tenth of what is still kept of the kind (with what went today), whichever is more.  Each kind is
    counted by itself, so that a thousand advertisements do not let a hundred cases go in a day.
    """
    units = {_is_case(piece.unit): set[str]() for piece in every} | {True: set(), False: set()}
    for unit in (*swept, *(piece.unit for piece in every)):
        units[_is_case(unit)].add(unit)
    return {kind: max(LEAST_CAP, len(found) * CAP_PERCENT // 100) for kind, found in units.items()}


def notice_of(item: PlanItem) -> timedelta:
    """For how long something must be on notice: three days for "no violation", which is due at once."""
    is_short = bool(item.why) and item.why[0].outcome is Outcome.NO_VIOLATION
    return SHORT_NOTICE if is_short else NOTICE


def _pieces(item: PlanItem) -> Iterator[Piece]:
    fingerprint = _fingerprint(item)
    if not item.mails:
        key = f"{item.case}|{item.part}|{item.person if item.person is not None else ''}"
        yield Piece(key, fingerprint, f"case|{item.case}", item)
    for mail in item.mails:
        unit = f"mail|{mail}" if item.case is None else f"case|{item.case}"
        yield Piece(f"{mail}|{item.part}", fingerprint, unit, dataclasses.replace(item, mails=(mail,)))


def _fingerprint(item: PlanItem) -> str:
    steps = [[str(value) for value in dataclasses.astuple(step)] for step in item.why]
    return hashlib.sha256(json.dumps([str(item.date), steps]).encode()).hexdigest()[:40]


def _is_case(unit: str) -> bool:
    return unit.startswith("case|")


def _is_void(item: PlanItem) -> bool:
    return any(reason.kind in _VOIDING for reason in item.held)


def _without_cap(piece: Piece, known: Known, now: datetime) -> Prospect:
    item, noticed = piece.item, known.notices.get(piece.key)
    if noticed is None or noticed.fingerprint != piece.fingerprint or item.date is None:
        return Prospect(piece, None, None, Wait.NOT_ANNOUNCED)
    over = noticed.at + notice_of(item)
    seen_on = _seen_often(noticed.at.date(), known.days, now.date())
    if item.due and now >= over and seen_on is None:
        return Prospect(piece, noticed.at, now.date(), None)
    if item.held:
        return Prospect(piece, noticed.at, None, Wait.HELD)
    earliest = max(item.date, over.date(), seen_on or now.date())
    return Prospect(piece, noticed.at, earliest, Wait.NOTICE if item.due else Wait.NOT_DUE)


def _seen_often(noticed_on: date, days: tuple[date, ...], today: date) -> date | None:
    """None where it ran on enough days after the notice; else the first on which it can have, if it runs each day."""
    missing = DAYS_SEEN - sum(day > noticed_on for day in days)
    if missing <= 0:
        return None
    is_open = today > noticed_on and today not in days
    return days_after(today, missing - is_open)


def _within_cap(every: Sequence[Piece], ready: Iterable[Prospect], swept: frozenset[str]) -> set[str]:
    """The units that may go today: those begun today, and as many others as the cap leaves, first announced first."""
    cap = caps(every, swept)
    taken = set(swept)
    for one in sorted(ready, key=lambda one: (one.noticed_at or datetime.max.replace(tzinfo=UTC), one.piece.key)):
        unit = one.piece.unit
        kind = _is_case(unit)
        if unit not in taken and sum(_is_case(other) is kind for other in taken) < cap[kind]:
            taken.add(unit)
    return taken


def _capped(one: Prospect, taken: set[str], today: date) -> Prospect:
    if one.wait is not None or one.piece.unit in taken:
        return one
    return dataclasses.replace(one, wait=Wait.CAP, earliest=days_after(today, 1))
