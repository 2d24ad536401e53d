"""What members let pass in single drafts: a rule, about whom, until when; void as soon as the draft changes.

The doors of outgoing mail must know an override again, also those that hold nobody's key.  So a draft is known by a
salted digest of what its sender decides (``policies.lint.sameness``), and about whom the override is, is sealed under
a key made of that same draft: whoever has the draft can open it, and learns nothing that does not stand in the draft.
The salt lies beside it; whoever steals the disk can test guesses of whole drafts, and no more.

Each is signed by the member who gave it, so that nobody who can only write to the store lets anything pass.  Her
reason is sealed like that of every act: in the case's account, or, where no record is, under a key of its own that the
present members have.  An override holds, and such a reason is kept, for as many days as mail that belongs to no case:
the policy has no term for it, it is a note about one mail, and a draft that old is written anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Final

import sqlalchemy as sa

from policies.case import CaseId, Status
from policies.lint.allowing import SAFETY_RULE, Allowance
from policies.lint.rules import RULES
from policies.lint.verdict import Override as Lifting
from policies.values import value
from records import audit, cases, keyring, members, parts, screening, tables
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal
from records.vault.identity import verify

_RECORDS: Final = frozenset({Status.OPEN, Status.CLOSED})
_SIGNED: Final = ("id", "case", "by", "at", "until", "rule", "note", "salt", "draft")


@value
class Override:
    """One rule let pass in one draft until the end of a day; ``sealed`` opens with the draft's digest alone."""

    id: str
    case: CaseId | None
    by: str
    at: datetime
    until: date
    rule: str
    note: str | None
    salt: bytes
    draft: bytes
    sealed: bytes
    signature: bytes

    def __repr__(self) -> str:
        """The rule."""
        return f"Override({self.rule})"


@value
class Giving:
    """What is let pass in a draft until the end of a day.

    ``digest`` is the draft's as it is meant, ``sha256`` that of its very bytes in hexadecimal.
    """

    digest: bytes
    sha256: str
    allowances: tuple[Allowance, ...]
    case: Case | None
    until: date

    def __repr__(self) -> str:
        """How much."""
        return f"Giving({len(self.allowances)} allowances)"

    @property
    def record(self) -> Case | None:
        """The case, where it is a record with an account."""
        case = self.case
        has_account = case is not None and case.status in _RECORDS and case.account_expunged is None
        return case if has_account else None


def give(transaction: Transaction, acting: Keyring, giving: Giving, at: datetime) -> None:
    """Put overrides of one draft on record, each with its reason.

    Raises Refused: the reason names a private reporter, or the record was not granted to this member.
    """
    forget_old(transaction, at.date())
    about = giving.case.code_name if giving.case else ""
    for (reason, is_safety), same in _by_reason(giving.allowances).items():
        act = "lint-safety" if is_safety else "lint-allow"
        if giving.record is not None:
            note, digest = None, screening.add_reason(transaction, acting, giving.record.id, act, reason, at)
        else:
            note, digest = _keep_apart(transaction, acting, giving.case, act, reason)
        for each in same:
            _write(transaction, acting, giving, each, note, at)
            audit.append(transaction, acting, at, act, about, draft=giving.sha256, rule=each.rule, reason=digest)


def _by_reason(allowances: Iterable[Allowance]) -> dict[tuple[str, bool], list[Allowance]]:
    found: dict[tuple[str, bool], list[Allowance]] = {}
    for each in allowances:
        found.setdefault((each.reason, each.is_safety), []).append(each)
    return found


def _keep_apart(transaction: Transaction, acting: Keyring, case: Case | None, act: str, reason: str) -> tuple[str, str]:
    """Seal a reason to the present members, less those who are kept from the draft of a case."""
    note = "override:" + secrets.token_hex(8)
    salt = seal.new_salt()
    key = seal.new_key()
    kept_out = cases.kept_from(transaction, [case.id] if case else [])
    readers = [each.member.id for each in members.present(transaction) if each.member.id not in kept_out]
    keyring.grant(transaction, note, key, keyring.readers_with_keys(transaction, readers))
    parts.write(transaction, note, key, {"act": act, "text": reason, "salt": salt.hex(), "by": acting.member})
    return note, seal.salted_digest(salt, reason).hex()


def _write(
    transaction: Transaction, acting: Keyring, giving: Giving, allowance: Allowance, note: str | None, at: datetime
) -> None:
    salt = secrets.token_bytes(32)
    value = json.dumps({"about": allowance.about}).encode()
    row = Override(
        id="o" + secrets.token_hex(8),
        case=giving.record.id if giving.record else None,
        by=acting.member,
        at=at,
        until=giving.until,
        rule=allowance.rule,
        note=note,
        salt=salt,
        draft=_known_by(salt, giving.digest),
        sealed=seal.seal_bytes(value, _key(salt, giving.digest), f"override|{allowance.rule}"),
        signature=b"",
    )
    values = dataclasses.asdict(row) | {"signature": acting.sign(_message(row))}
    transaction.content.execute(sa.insert(tables.overrides), values)


def on_record(transaction: Transaction) -> tuple[Override, ...]:
    """The overrides that members who are still present gave, and signed.

    Raises Unavailable: the roster was tampered with.
    """
    query = sa.select(tables.overrides).order_by(tables.overrides.c.at)
    rows = [Override(**row._mapping) for row in transaction.content.execute(query)]  # noqa: SLF001
    if not rows:
        return ()
    keys = {str(each.member.id): each.public.sign for each in members.present(transaction)}
    return tuple(row for row in rows if row.by in keys and verify(keys[row.by], _message(row), row.signature))


def given_for(known: Iterable[Override], digest: bytes, today: date) -> tuple[Allowance, ...]:
    """What those of the overrides let pass that are for this very draft and not over; its digest opens them."""
    return tuple(
        _opened(each, digest)
        for each in known
        if each.until >= today and _may_be_given(each.rule) and seal.same(each.draft, _known_by(each.salt, digest))
    )


def _may_be_given(rule: str) -> bool:
    return rule == SAFETY_RULE or (rule in RULES and RULES[rule].override is not Lifting.NEVER)


def _opened(override: Override, digest: bytes) -> Allowance:
    rule = override.rule
    value = json.loads(seal.open_bytes(override.sealed, _key(override.salt, digest), f"override|{rule}"))
    return Allowance(rule, value["about"], "", is_safety=rule == SAFETY_RULE)


def forget_case(transaction: Transaction, case: CaseId) -> None:
    """The reporter's part or the account of a case goes: nothing is let pass in its drafts any more."""
    transaction.content.execute(sa.delete(tables.overrides).where(tables.overrides.c.case == case))


def has_old(transaction: Transaction, today: date) -> bool:
    """Whether an override is over that still lies in the store."""
    return (
        transaction.content.execute(sa.select(tables.overrides.c.id).where(_is_over(today)).limit(1)).first()
        is not None
    )


def forget_old(transaction: Transaction, today: date) -> int:
    """Destroy the overrides that are over, with those of their reasons that lie apart; returns how many there were."""
    old = _is_over(today)
    notes = sa.select(tables.overrides.c.note).where(old, tables.overrides.c.note.is_not(None))
    _destroy_notes(transaction, set(transaction.content.execute(notes).scalars()))
    return int(transaction.content.execute(sa.delete(tables.overrides).where(old)).rowcount)


def _is_over(today: date) -> sa.ColumnElement[bool]:
    return tables.overrides.c.until < today


def _destroy_notes(transaction: Transaction, notes: Collection[str]) -> None:
    keyring.destroy(transaction, notes)
    transaction.content.execute(sa.delete(tables.parts).where(tables.parts.c.object.in_(notes)))


def _known_by(salt: bytes, digest: bytes) -> bytes:
    return seal.tag(salt, b"override-draft", digest)


def _key(salt: bytes, digest: bytes) -> bytes:
    return seal.tag(salt, b"override-about", digest)


def _message(row: Override) -> bytes:
    """What the member signs."""
    fields = [_plain(getattr(row, name)) for name in _SIGNED]
    text = json.dumps([*fields, hashlib.sha256(row.sealed).hexdigest()], separators=(",", ":"))
    return b"conduct/1/override|" + text.encode()


def _plain(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else str(value)
