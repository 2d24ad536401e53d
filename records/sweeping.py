"""What the unattended sweep remembers from run to run: the clock, the days, notices, what it took, who stopped it."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from policies.errors import Refused
from policies.retention.clockwatch import Memory, Reading
from policies.retention.sweeping import Known, Noticed
from records import audit, keyring, members, parts, tables
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal

PAUSED: Final = "paused"
_NAME: Final = "sweep"
# Of days gone by only the last ones can matter again: when the clock is set back a little over midnight.
_DAYS_KEPT: Final = 7


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """Why the sweep stands still: ``paused`` by a member, or a doubt about the clock; it lasts until it is resumed."""

    kind: str
    at: datetime
    by: str
    note: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """What is remembered, as of the last run; without one, all of it is empty."""

    seen: Reading | None = None
    anchor: Reading | None = None
    disbelieved: datetime | None = None
    days: tuple[date, ...] = ()
    stop: Stop | None = None
    wipe: bool = False


def load(transaction: Transaction) -> State:
    """The state as it stands."""
    row = transaction.content.execute(sa.select(tables.sweep).where(tables.sweep.c.name == _NAME)).first()
    if row is None:
        return State()
    return State(
        seen=_reading(row.seen, row.seen_boot, row.seen_up),
        anchor=_reading(row.anchor, row.anchor_boot, row.anchor_up),
        disbelieved=row.disbelieved,
        days=tuple(date.fromisoformat(day) for day in row.days),
        stop=Stop(row.stopped, row.stopped_at, row.stopped_by, row.note) if row.stopped else None,
        wipe=row.wipe,
    )


def save(transaction: Transaction, state: State) -> None:
    """Put the state in place of the one before."""
    stop = state.stop
    values: dict[str, Any] = {
        "name": _NAME,
        **_columns("seen", state.seen),
        **_columns("anchor", state.anchor),
        "disbelieved": state.disbelieved,
        "days": [day.isoformat() for day in state.days],
        "stopped": stop.kind if stop else None,
        "stopped_at": stop.at if stop else None,
        "stopped_by": stop.by if stop else None,
        "note": stop.note if stop else None,
        "wipe": state.wipe,
    }
    transaction.content.execute(sa.delete(tables.sweep).where(tables.sweep.c.name == _NAME))
    transaction.content.execute(sa.insert(tables.sweep).values(**values))


def memory(transaction: Transaction, state: State) -> Memory:
    """What the present reading of the clock is compared with.

    The newest instant on record counts only where no member has believed an earlier clock since.
    """
    newest = newest_record(transaction)
    is_known = state.disbelieved is None or (newest is not None and newest > state.disbelieved)
    return Memory(state.seen, state.anchor, newest if is_known else None)


def newest_record(transaction: Transaction) -> datetime | None:
    """The newest instant that acts or the mail server left here; None in an empty store."""
    arrived = transaction.content.execute(sa.select(sa.func.max(tables.messages.c.received))).scalar()
    found = [each for each in (audit.newest(transaction), arrived) if each is not None]
    return max(found, default=None)


def known(transaction: Transaction, state: State, today: date) -> Known:
    """What is on notice, the days on which the sweep ran, and what it took today."""
    notices = {row.piece: Noticed(row.piece, row.fingerprint, row.at) for row in _all(transaction, tables.notices)}
    query = sa.select(tables.swept.c.unit).where(tables.swept.c.on == today)
    return Known(notices, state.days, frozenset(transaction.content.execute(query).scalars()))


def save_notices(transaction: Transaction, before: Mapping[str, Noticed], now: Mapping[str, Noticed]) -> None:
    """Bring the stored notices to what is on notice now."""
    gone = [key for key, noticed in before.items() if now.get(key) != noticed]
    new = [noticed for key, noticed in now.items() if before.get(key) != noticed]
    if gone:
        statement = sa.delete(tables.notices).where(tables.notices.c.piece == sa.bindparam("_piece"))
        transaction.content.execute(statement, [{"_piece": key} for key in gone])
    if new:
        values = [{"piece": each.key, "fingerprint": each.fingerprint, "at": each.at} for each in new]
        transaction.content.execute(sa.insert(tables.notices), values)


def note_taken(transaction: Transaction, units: Iterable[str], before: Collection[str], today: date) -> None:
    """Note what is about to be taken, so that a crash in between never lets more go in a day."""
    old = tables.swept.c.on < today - timedelta(days=_DAYS_KEPT)
    transaction.content.execute(sa.delete(tables.swept).where(old))
    new = sorted(set(units) - set(before))
    if new:
        transaction.content.execute(sa.insert(tables.swept), [{"on": today, "unit": unit} for unit in new])


def pause(transaction: Transaction, acting: Keyring, reason: str, at: datetime) -> State:
    """Stop the sweep until a member resumes it; the reason is sealed to the members of today.

    Where it stands still for a doubt about the clock, her word takes that place.  Raises Refused: it is paused already.
    """
    state = load(transaction)
    if state.stop is not None and state.stop.kind == PAUSED:
        raise Refused(
            "paused-already",
            f"The sweep is paused already, since {state.stop.at:%Y-%m-%d}.",
            "`conduct retain plan` says why; `conduct retain resume` lets it go on.",
        )
    note, digest = _sealed_reason(transaction, acting, reason)
    paused = dataclasses.replace(state, stop=Stop(PAUSED, at, acting.member, note))
    save(transaction, paused)
    audit.append(transaction, acting, at, "retain-pause", reason=digest)
    return paused


def resume(transaction: Transaction, acting: Keyring, at: datetime) -> Stop:
    """Let the sweep go on: this member has looked at the clock, and everything is announced anew.

    Returns what stopped it.  Raises Refused: nothing does.
    """
    state = load(transaction)
    if state.stop is None:
        raise Refused("not-stopped", "The sweep is not paused.", "`conduct retain plan` says whether it is enabled.")
    if state.stop.note is not None:
        _destroy(transaction, state.stop.note)
    newest = newest_record(transaction)
    later = [each for each in (newest, state.disbelieved) if each is not None and each > at]
    transaction.content.execute(sa.delete(tables.notices))
    save(transaction, State(disbelieved=max(later, default=None), wipe=state.wipe))
    audit.append(transaction, acting, at, "retain-resume", was=state.stop.kind)
    return state.stop


def reason_of(transaction: Transaction, acting: Keyring, stop: Stop) -> str | None:
    """Why a member paused it; None where none was asked for, it is over, or not for this member to read."""
    value = parts.read_or_none(transaction, acting, stop.note) if stop.note else None
    return str(value["text"]) if value else None


def has_old_reason(transaction: Transaction, before: datetime) -> bool:
    """Whether the reason of a pause that began before an instant still lies there."""
    stop = load(transaction).stop
    return stop is not None and stop.note is not None and stop.at < before


def forget_old_reason(transaction: Transaction, before: datetime) -> None:
    """Destroy it, for it may name somebody and goes with no case; the sweep stands still as before."""
    state = load(transaction)
    if state.stop is not None and state.stop.note is not None and state.stop.at < before:
        _destroy(transaction, state.stop.note)
        save(transaction, dataclasses.replace(state, stop=dataclasses.replace(state.stop, note=None)))


def _destroy(transaction: Transaction, note: str) -> None:
    keyring.destroy(transaction, [note])
    transaction.content.execute(sa.delete(tables.parts).where(tables.parts.c.object == note))


def _sealed_reason(transaction: Transaction, acting: Keyring, reason: str) -> tuple[str, str]:
    note, key, salt = "pause:" + secrets.token_hex(8), seal.new_key(), seal.new_salt()
    readers = [each.member.id for each in members.present(transaction)]
    keyring.grant(transaction, note, key, keyring.readers_with_keys(transaction, readers))
    parts.write(transaction, note, key, {"act": PAUSED, "text": reason, "salt": salt.hex(), "by": acting.member})
    return note, seal.salted_digest(salt, reason).hex()


def _reading(now: datetime | None, boot: str | None, up: float | None) -> Reading | None:
    return None if now is None else Reading(now, boot or "", up or 0.0)


def _columns(name: str, reading: Reading | None) -> dict[str, object]:
    values = (reading.now, reading.boot, reading.up) if reading else (None, None, None)
    return dict(zip((name, f"{name}_boot", f"{name}_up"), values, strict=True))


def _all(transaction: Transaction, table: sa.Table) -> list[sa.Row[tuple[Any, ...]]]:
    return list(transaction.content.execute(sa.select(table)).all())
