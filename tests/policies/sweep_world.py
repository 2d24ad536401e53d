"""A committee's years in a simulation: a machine with a clock that may be wrong, cases, members, the pure sweep.

The world knows the true time, which the sweep does not, and notes what it took and when.  It keeps the store of the
sweep as ``records`` does, so that it can be put back to an earlier day, and uses nothing else of the program than the
plan and one turn of the sweep.
"""

from __future__ import annotations

import copy
import dataclasses
import random
from datetime import UTC, date, datetime, timedelta

from policies.case import CaseId, Outcome, RowId, Status
from policies.mail import MailId
from policies.retention import CaseRow, Deviation, Hold, MailRow, PlanItem, SubjectRow, plan
from policies.retention.clockwatch import Doubt, Memory, Reading, next_anchor
from policies.retention.sweeping import Known, caps, pieces, turn
from policies.roster import MemberId
from tests.policies.retention_builders import policy

BEGINNING = datetime(2024, 1, 1, 8, tzinfo=UTC)
POLICY = policy(unattended=True)
_OUTCOMES = (Outcome.NO_VIOLATION, Outcome.UNIDENTIFIED, Outcome.RESOLVED, Outcome.FLAGGED)


@dataclasses.dataclass(frozen=True)
class Taken:
    """Something that the sweep took: in truth and by its clock when, since when it was on notice, by the true time."""

    key: str
    unit: str
    item: PlanItem
    truly: datetime
    shown: datetime
    noticed_truly: datetime
    days_since_notice: int


@dataclasses.dataclass
class Store:
    """What lies on the disk: cases, mails, what the sweep remembers; a backup is a copy of it."""

    cases: dict[CaseId, CaseRow] = dataclasses.field(default_factory=dict)
    mails: dict[MailId, MailRow] = dataclasses.field(default_factory=dict)
    known: Known = dataclasses.field(default_factory=Known)
    seen: Reading | None = None
    anchor: Reading | None = None
    swept: dict[date, frozenset[str]] = dataclasses.field(default_factory=dict)
    stop: str | None = None


@dataclasses.dataclass
class World:
    """``offset`` is by how much the clock is wrong; ``booted`` when the machine was started, in truth."""

    chance: random.Random
    store: Store = dataclasses.field(default_factory=Store)
    truly: datetime = BEGINNING
    offset: timedelta = timedelta()
    booted: datetime = BEGINNING
    boots: int = 1
    taken: list[Taken] = dataclasses.field(default_factory=list)
    over_cap: list[date] = dataclasses.field(default_factory=list)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)
    runs: list[datetime] = dataclasses.field(default_factory=list)
    noticed: dict[tuple[str, str, datetime], datetime] = dataclasses.field(default_factory=dict)
    names: int = 0
    saved: Store | None = None

    # --- time and machine

    @property
    def now(self) -> datetime:
        """What the machine's clock shows."""
        return self.truly + self.offset

    def wait(self, time: timedelta) -> None:
        """Time passes; the machine sleeps or runs, but sweeps nothing."""
        self.truly += time

    def restart(self, off: timedelta) -> None:
        """The machine is off for that long, and started anew."""
        self.truly += off
        self.booted, self.boots = self.truly, self.boots + 1

    # --- what members do

    def close_case(self, outcome: Outcome, decided: date | None = None) -> CaseId:
        """A case with a mail, reported, accepted and closed today, as the members' calendars have it."""
        self.names += 1
        name, today = CaseId(f"c{self.names}"), self.truly.date()
        row = SubjectRow(
            RowId(f"r{self.names}"), 1, outcome, decided or today, closed_on=today, closed_by=MemberId("priya")
        )
        self.store.cases[name] = CaseRow(name, f"case {self.names}", Status.CLOSED, today, (row,))
        self.store.mails[MailId(f"m{self.names}")] = MailRow(MailId(f"m{self.names}"), (name,), today, today)
        return name

    def dismiss_mail(self) -> None:
        """A mail of no case, settled today."""
        self.names += 1
        today = self.truly.date()
        self.store.mails[MailId(f"m{self.names}")] = MailRow(MailId(f"m{self.names}"), (), today, today)

    def hold(self, case: CaseId, days: int) -> None:
        """Two members hold a case for some days."""
        today = self.truly.date()
        held = Hold(today, today + timedelta(days=days), agreed=True)
        self.store.cases[case] = dataclasses.replace(self.store.cases[case], holds=(held,))

    def deviate(self, case: CaseId, until: date) -> None:
        """Two members agree on another day."""
        one = self.store.cases[case]
        row = dataclasses.replace(one.rows[0], deviation=Deviation(until, False, self.truly.date(), agreed=True))
        self.store.cases[case] = dataclasses.replace(one, rows=(row,))

    def resume(self) -> None:
        """A member sets the clock right and lets the sweep go on."""
        self.offset = timedelta()
        self.store.stop = self.store.seen = self.store.anchor = None
        self.store.known = Known()

    def random_act(self) -> None:
        """Something that a committee does on a day."""
        roll = self.chance.random()
        closed = [name for name, each in self.store.cases.items() if not each.rows[0].expunged]
        if roll < 0.45:
            self.close_case(self.chance.choice(_OUTCOMES))
        elif roll < 0.55:
            self.close_case(Outcome.RESOLVED, self.truly.date() - timedelta(days=self.chance.randint(1, 900)))
        elif roll < 0.8:
            self.dismiss_mail()
        elif closed and roll < 0.9:
            self.hold(self.chance.choice(closed), self.chance.randint(1, 60))
        elif closed:
            day = self.truly.date() + timedelta(days=self.chance.randint(-20, 300))
            self.deviate(self.chance.choice(closed), day)

    def mishap(self) -> None:
        """What may go wrong in a few hours, or an act of the committee; mostly nothing."""
        roll, hour, day = self.chance.random(), timedelta(hours=1), timedelta(days=1)
        if roll < 0.03:
            self.restart(off=self.chance.choice([hour, 20 * hour, 3 * day, 60 * day]))
        elif roll < 0.04:
            self.offset = self.chance.choice([-1, 1]) * self.chance.choice([2 * hour, 9 * day, 500 * day])
        elif roll < 0.042:
            self.offset = 80 * 365 * day
        elif roll < 0.046:  # started with a clock that was set back, or put forward by more than a week
            self.restart(off=hour)
            self.offset = self.chance.choice([-400 * day, -2 * hour, 8 * day, 5000 * day])
        elif roll < 0.06:  # asleep, or the service does not run
            self.wait(self.chance.choice([2 * day, 8 * day, 100 * day]))
        elif roll < 0.065:
            self.saved = self.backup()
        elif roll < 0.068 and self.saved is not None:
            self.store, self.saved = self.saved, None
        elif roll < 0.2:
            self.random_act()

    # --- the sweep

    def sweep(self) -> None:
        """One run, as ``ingest.sweeping`` makes it: nothing while it stands still, noted before it is destroyed."""
        store, reading = self.store, Reading(self.now, f"boot {self.boots}", (self.truly - self.booted).total_seconds())
        if store.stop is not None:
            return
        today = self.now.date()
        made = plan(tuple(store.cases.values()), tuple(store.mails.values()), (), POLICY, today, 2)
        every = pieces(made)
        memory = Memory(store.seen, store.anchor)
        known = dataclasses.replace(store.known, swept=store.swept.get(today, frozenset()))
        found = turn(every, known, memory, reading, POLICY)
        if found.doubt is not None:
            store.stop = found.doubt
            self.doubts.append(found.doubt)
            return
        store.seen, store.anchor, store.known = reading, next_anchor(reading, memory), found.known
        self.runs.append(self.now)
        for noticed in found.known.notices.values():
            self.noticed.setdefault((noticed.key, noticed.fingerprint, noticed.at), self.truly)
        store.swept[today] = known.swept | {piece.unit for piece in found.ready}
        for kind, most in caps(every, store.swept[today]).items():
            if sum(unit.startswith("case|") is kind for unit in store.swept[today]) > most:
                self.over_cap.append(today)
        for piece in found.ready:
            self._take(found.known, piece.key, piece.unit, piece.item)

    def _take(self, known: Known, key: str, unit: str, item: PlanItem) -> None:
        noticed = known.notices[key]
        truly = self.noticed[noticed.key, noticed.fingerprint, noticed.at]
        days = {run.date() for run in self.runs if run > noticed.at and run.date() > noticed.at.date()}
        self.taken.append(Taken(key, unit, item, self.truly, self.now, truly, len(days)))
        self._destroy(item)

    def _destroy(self, item: PlanItem) -> None:
        for name in item.mails:
            one, is_copy = self.store.mails[name], item.part == "mailbox"
            self.store.mails[name] = dataclasses.replace(
                one, expunged=one.expunged or not is_copy, mailbox_gone=one.mailbox_gone or is_copy
            )
        if item.case is None or item.mails:
            return
        case = self.store.cases[item.case]
        if item.part == "subject":
            case = dataclasses.replace(case, rows=(dataclasses.replace(case.rows[0], expunged=True),))
        else:
            case = dataclasses.replace(
                case,
                reporter_expunged=case.reporter_expunged or item.part == "reporter",
                account_expunged=case.account_expunged or item.part == "account",
            )
        self.store.cases[item.case] = case

    def backup(self) -> Store:
        """The store as it is now."""
        return copy.deepcopy(self.store)

    def left(self) -> list[PlanItem]:
        """What has a date that has come, in truth, and nothing holds, and is still there."""
        made = plan(
            tuple(self.store.cases.values()), tuple(self.store.mails.values()), (), POLICY, self.truly.date(), 2
        )
        return [item for item in made.items if item.due]
