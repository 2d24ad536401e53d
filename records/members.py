"""The signed roster: who is a member, since when, with which key, and who vouched for it."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from policies.errors import Refused, Unavailable, WrongUsage
from policies.roster import Member, MemberId, Period, Roster
from policies.values import value
from records import tables, vouching
from records.audit import Signer
from records.store import Transaction
from records.vault.format import PublicIdentity
from records.vault.newcomer import Newcomer

RECOVERY: Final = vouching.RECOVERY
SERVER: Final = vouching.SERVER


@value
class Enrolled:
    """A member together with the public key that the roster vouches for."""

    member: Member
    public: PublicIdentity


def load(transaction: Transaction) -> tuple[Enrolled, ...]:
    """Everybody who is or was a member, in the order in which they were added.

    Raises Unavailable: an entry is not vouched for by the member it names, so the roster was tampered with.
    """
    with vouching.garbage_is_forged():
        return _load(transaction)


def roster(transaction: Transaction, conduct: Iterable[str]) -> Roster:
    """The roster as the policies read it; ``conduct`` are the mailbox's addresses, main one first."""
    return Roster(tuple(conduct), tuple(each.member for each in load(transaction)))


def present(transaction: Transaction) -> tuple[Enrolled, ...]:
    """The members whose term is running."""
    return tuple(each for each in load(transaction) if each.member.is_present)


def find(transaction: Transaction, name: str) -> Enrolled:
    """The member of that name, nickname, address or id, or with that word in her name; case does not matter.

    Raises WrongUsage: nobody, or more than one.
    """
    wanted = name.strip().casefold()
    everybody = load(transaction)
    found = [each for each in everybody if wanted in _names(each.member)]
    found = found or [each for each in everybody if wanted in each.member.name.casefold().split()]
    here = [each for each in found if each.member.is_present]
    if len(here or found) == 1:
        return (here or found)[0]
    raise WrongUsage(
        "no-such-member" if not found else "ambiguous-member",
        f"{'Nobody' if not found else 'More than one'} on the roster goes by that name.",
        "`conduct member list` shows the names.",
    )


def by_key(transaction: Transaction, public: PublicIdentity) -> Enrolled:
    """The member whose key this is.

    Raises Refused: the key is on nobody's entry, or its owner has stepped down.
    """
    for each in present(transaction):
        if each.public == public:
            return each
    raise Refused(
        "not-a-member",
        "This identity belongs to no present member of the committee.",
        "Use --identity to name another, or ask a member to add you: `conduct member key`, then `conduct member add`.",
    )


def enrol(transaction: Transaction, newcomer: Newcomer, vouching: Signer, starts: datetime | None) -> Enrolled:
    """Put a newcomer, or a former member who returns, on the roster; on an empty one the founder vouches for herself.

    A returning member keeps her earlier terms.  With a new key she gets a new entry, so that what the old key
    signed can still be checked.

    Raises Refused: already present; WrongUsage: her name and address belong to two different people.
    """
    before = _same_person(transaction, newcomer)
    if before is not None and before.member.is_present:
        raise Refused("already-a-member", "She is on the roster already.", "`conduct member list` shows the roster.")
    if before is not None and before.public == newcomer.public:
        _open_period(transaction, before.member.id, starts, vouching)
        return _entry(transaction, before.member.id)
    member_id = new_id() if load(transaction) else MemberId(vouching.actor)
    _write_member(transaction, member_id, newcomer, vouching)
    for period in before.member.periods if before else ():
        _open_period(transaction, member_id, period.start, vouching, period.end)
    _open_period(transaction, member_id, starts, vouching)
    if before is not None:
        _stay_kept_out(transaction, before.member.id, member_id)
    return _entry(transaction, member_id)


def _stay_kept_out(transaction: Transaction, before: MemberId, now: MemberId) -> None:
    """What a person was kept from she stays kept from, whatever key she comes back with."""
    query = sa.select(tables.exclusions).where(tables.exclusions.c.member == before)
    for row in transaction.content.execute(query).all():
        transaction.content.execute(sa.insert(tables.exclusions).values(object=row.object, member=now, why=row.why))


def new_id() -> MemberId:
    """An id that says nothing of the person; the founder's signer needs hers before she is on the roster."""
    return MemberId("p" + secrets.token_hex(5))


def leave(transaction: Transaction, member: MemberId, at: datetime, signer: Signer) -> int:
    """End a member's term and take every grant away at once; needs nobody's decryption key.

    Returns how many grants she had.  Raises Refused: she is the last one, or not present.
    """
    here = [each.member.id for each in present(transaction)]
    if here == [member]:
        raise Refused(
            "last-member",
            "The last member cannot be removed: nobody could read the records any more.",
            "Add a successor first: `conduct member add`.",
        )
    return end_term(transaction, member, at, signer)


def end_term(transaction: Transaction, member: MemberId, at: datetime, signer: Signer) -> int:
    """As ``leave``, also where nobody remains: for somebody who takes the last one's place in the same transaction.

    Raises Refused: she is not present.
    """
    running = transaction.content.execute(
        sa.select(tables.periods).where(tables.periods.c.ends.is_(None), tables.periods.c.member == member)
    ).all()
    if not running:
        raise Refused("not-present", "She has stepped down already.", "`conduct member list` shows the roster.")
    taken = transaction.keys.execute(sa.delete(tables.grants).where(tables.grants.c.reader == member)).rowcount
    transaction.content.execute(sa.delete(tables.owed).where(tables.owed.c.member == member))
    for row in running:
        here = (tables.periods.c.member == member) & (tables.periods.c.number == row.number)
        transaction.content.execute(
            sa.update(tables.periods).where(here).values(**_ending(member, row.number, at, signer))
        )
    return int(taken)


def trust(transaction: Transaction, founder: Signer, recovery: PublicIdentity, server_sign: bytes) -> None:
    """Write down, signed by the founder, to whom everything is also sealed and what signs unattended acts.

    Comes before the founder is enrolled: the roster is not read without it.
    """
    set_meta(transaction, "recovery", public_text(recovery))
    set_meta(transaction, "server_sign", server_sign.hex())
    set_meta(transaction, "trust_signature", founder.sign(vouching.trust_bytes(recovery, server_sign)).hex())


def recovery(transaction: Transaction) -> PublicIdentity:
    """The public part of the recovery identity, to which everything is also sealed.

    Raises Unavailable: it is not the one that the founder signed for.
    """
    with vouching.garbage_is_forged():
        return _trusted(transaction)[0]


def server_sign_key(transaction: Transaction) -> bytes:
    """The key that unattended acts are signed with.  Raises as ``recovery``."""
    with vouching.garbage_is_forged():
        return _trusted(transaction)[1]


def signing_keys(transaction: Transaction) -> Mapping[str, bytes]:
    """Every actor's public key, for checking the audit chain."""
    of_members = {each.member.id: each.public.sign for each in load(transaction)}
    return of_members | {SERVER: server_sign_key(transaction), RECOVERY: recovery(transaction).sign}


def set_meta(transaction: Transaction, name: str, value: str) -> None:
    """Note one fact about the store itself."""
    transaction.content.execute(sa.delete(tables.meta).where(tables.meta.c.name == name))
    transaction.content.execute(sa.insert(tables.meta).values(name=name, value=value))


def public_text(public: PublicIdentity) -> str:
    """A public key as one line of text, for the store."""
    return f"{public.kem.hex()} {public.sign.hex()}"


def _public(text: str) -> PublicIdentity:
    kem, sign = text.split()
    return PublicIdentity(bytes.fromhex(kem), bytes.fromhex(sign))


def _meta(transaction: Transaction, name: str) -> str:
    value = transaction.content.execute(
        sa.select(tables.meta.c.value).where(tables.meta.c.name == name)
    ).scalar_one_or_none()
    if value is None:
        raise Unavailable("corrupt-store", f"The store does not say what its {name} is.", "Restore it from its backup.")
    return str(value)


def _details(newcomer: Newcomer) -> dict[str, list[str]]:
    return {
        "addresses": list(newcomer.addresses),
        "handles": list(newcomer.handles),
        "nicknames": list(newcomer.nicknames),
    }


def _names(member: Member) -> set[str]:
    return {text.casefold() for text in (member.id, member.name, *member.addresses, *member.nicknames)}


def _first_start(member: Member) -> str:
    start = member.periods[0].start if member.periods else None
    return "" if start is None else start.isoformat()


def _enrolled(row: sa.Row[tuple[object, ...]], periods: tuple[Period, ...]) -> Enrolled:
    details = row.details
    member = Member(
        MemberId(row.id),
        row.name,
        tuple(details["addresses"]),
        tuple(details["handles"]),
        tuple(details["nicknames"]),
        periods,
    )
    return Enrolled(member, PublicIdentity(row.kem, row.sign))


def _load(transaction: Transaction) -> tuple[Enrolled, ...]:
    rows = transaction.content.execute(sa.select(tables.members)).all()
    if not rows:
        return ()
    recovery_identity, server_sign = _trusted(transaction)
    keys = vouching.vouched_keys(rows, {RECOVERY: recovery_identity.sign, SERVER: server_sign})
    periods = _periods(transaction, keys)
    enrolled = [_enrolled(row, periods.get(MemberId(row.id), ())) for row in rows]
    return tuple(sorted(enrolled, key=lambda each: (_first_start(each.member), each.member.id)))


def _trusted(transaction: Transaction) -> tuple[PublicIdentity, bytes]:
    """The recovery identity and the server's key, as the founder signed for them."""
    founder = vouching.founder_of(transaction.content.execute(sa.select(tables.members)).all())
    recovery_identity = _public(_meta(transaction, "recovery"))
    server_sign = bytes.fromhex(_meta(transaction, "server_sign"))
    signature = bytes.fromhex(_meta(transaction, "trust_signature"))
    message = vouching.trust_bytes(recovery_identity, server_sign)
    vouching.refuse_forged({founder.id: founder.sign}, founder.id, message, signature)
    return recovery_identity, server_sign


def _periods(transaction: Transaction, keys: Mapping[str, bytes]) -> dict[MemberId, tuple[Period, ...]]:
    found: dict[MemberId, tuple[Period, ...]] = {}
    query = sa.select(tables.periods).order_by(tables.periods.c.member, tables.periods.c.number)
    for row in transaction.content.execute(query):
        vouching.refuse_forged_period(keys, row)
        member = MemberId(row.member)
        found[member] = (*found.get(member, ()), Period(row.starts, row.ends))
    return found


def _write_member(transaction: Transaction, member_id: MemberId, newcomer: Newcomer, signer: Signer) -> None:
    public = newcomer.public
    entry = vouching.Entry(member_id, newcomer.name, _details(newcomer), public.kem, public.sign, signer.actor)
    signature = signer.sign(vouching.member_bytes(entry))
    transaction.content.execute(sa.insert(tables.members).values(**dataclasses.asdict(entry), signature=signature))


def _open_period(
    transaction: Transaction,
    member: MemberId,
    starts: datetime | None,
    signer: Signer,
    ends: datetime | None = None,
) -> None:
    number = transaction.content.execute(
        sa.select(sa.func.count()).select_from(tables.periods).where(tables.periods.c.member == member)
    ).scalar_one()
    transaction.content.execute(
        sa.insert(tables.periods).values(
            member=member,
            number=number,
            starts=starts,
            added_by=signer.actor,
            signature=signer.sign(vouching.start_bytes(member, number, starts)),
            **(_ending(member, number, ends, signer) if ends else {}),
        )
    )


def _ending(member: str, number: int, ends: datetime, signer: Signer) -> dict[str, object]:
    signature = signer.sign(vouching.end_bytes(member, number, ends))
    return {"ends": ends, "ended_by": signer.actor, "end_signature": signature}


def _entry(transaction: Transaction, member: MemberId) -> Enrolled:
    return next(each for each in load(transaction) if each.member.id == member)


def _same_person(transaction: Transaction, newcomer: Newcomer) -> Enrolled | None:
    taken = {text.casefold() for text in (newcomer.name, *newcomer.addresses)}
    found = [
        each
        for each in load(transaction)
        if taken & {text.casefold() for text in (each.member.name, *each.member.addresses)}
    ]
    if len({each.member.name for each in found}) > 1:
        raise WrongUsage(
            "ambiguous-member",
            "Name and addresses belong to two different people on the roster.",
            "Give a name or an address of her own.",
        )
    # She may have come and gone with several keys: the running term counts, else the entry with this very key.
    return max(found, key=lambda each: (each.member.is_present, each.public == newcomer.public), default=None)
