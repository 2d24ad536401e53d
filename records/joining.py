"""Joining, leaving and being let in again: the roster, the grants and the audit entry, each as one act."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Final

from policies.errors import Refused, WrongUsage
from policies.roster import MemberId
from records import audit, granting, members
from records.audit import Signer
from records.keyring import Keyring
from records.members import Enrolled
from records.store import Transaction
from records.vault.identity import Identity
from records.vault.newcomer import Newcomer

ADD: Final = "add-member"
REMOVE: Final = "remove-member"
REPLACE: Final = "replace-member"
RECOVER: Final = "recover"


@dataclasses.dataclass(frozen=True, slots=True)
class Admitted:
    """Who was let in, how many objects were granted to her and how many are owed, and whether she was here before."""

    enrolled: Enrolled
    granted: int
    owed: int
    returns: bool


def admit(
    transaction: Transaction, acting: Keyring, newcomer: Newcomer, starts: datetime | None, at: datetime
) -> Admitted:
    """Add a newcomer, or a former member who returns, and grant her what is due to her.

    Raises Refused: she is a member; WrongUsage: name and address belong to two people on the roster.
    """
    admitted = _let_in(transaction, acting, newcomer, starts)
    _note(transaction, acting, at, ADD, admitted, starts)
    return admitted


def remove(transaction: Transaction, signer: Signer, leaving: Enrolled, at: datetime) -> int:
    """End a member's term and take every grant from her; needs nobody's decryption key.

    Returns how many grants she had.  Raises Refused: she is the last one, or not present.
    """
    taken = members.leave(transaction, leaving.member.id, at, signer)
    audit.append(transaction, signer, at, REMOVE, leaving.member.id, grants=taken)
    return taken


def recovery_keyring(transaction: Transaction, identity: Identity) -> Keyring:
    """The recovery identity at work: it opens what is sealed to it, and signs as itself.

    Raises WrongUsage: the secret is another committee's, or an earlier one.
    """
    if identity.public != members.recovery(transaction):
        raise WrongUsage(
            "wrong-recovery",
            "This recovery secret does not belong to this committee.",
            "Look at what stands on the envelope, and name the right home with --home.",
        )
    return Keyring(MemberId(members.RECOVERY), identity)


def restore(transaction: Transaction, recovery: Keyring, to: Enrolled, at: datetime) -> tuple[int, int]:
    """Grant a present member, from the recovery identity, whatever is due to her and she cannot open.

    Returns how much was granted, and how much is still owed.  Raises Refused: she has stepped down.
    """
    if not to.member.is_present:
        raise Refused("not-present", "She has stepped down, so nothing is due to her.", "Name a present member.")
    granted, owed = granting.welcome(transaction, recovery, to)
    audit.append(transaction, recovery, at, RECOVER, to.member.id, granted=granted, owed=owed)
    return granted, owed


def replace(
    transaction: Transaction, recovery: Keyring, leaving: Enrolled, newcomer: Newcomer, starts: datetime, at: datetime
) -> Admitted:
    """End a member's term and let a newcomer in, vouched for by the recovery identity: for a key that is lost.

    Where the newcomer is the same person with a new key, her earlier terms count again, so she reads what she
    read before.

    Raises Refused: the member has stepped down, or the newcomer is another present member.
    """
    taken = members.end_term(transaction, leaving.member.id, at, recovery)
    admitted = _let_in(transaction, recovery, newcomer, starts)
    if admitted.enrolled.member.id == leaving.member.id:
        raise Refused("same-key", "The new block holds the old key.", "Make a new one: `conduct member key`.")
    _note(transaction, recovery, at, REPLACE, admitted, starts, replaced=leaving.member.id, grants=taken)
    return admitted


def _let_in(transaction: Transaction, acting: Keyring, newcomer: Newcomer, starts: datetime | None) -> Admitted:
    enrolled = members.enrol(transaction, newcomer, acting, starts)
    granted, owed = granting.welcome(transaction, acting, enrolled)
    return Admitted(enrolled, granted, owed, returns=len(enrolled.member.periods) > 1)


def _note(
    transaction: Transaction,
    signer: Signer,
    at: datetime,
    act: str,
    admitted: Admitted,
    starts: datetime | None,
    **details: audit.Detail,
) -> None:
    audit.append(
        transaction,
        signer,
        at,
        act,
        admitted.enrolled.member.id,
        key=admitted.enrolled.public.fingerprint.hex(),
        since=starts.date().isoformat() if starts else None,
        granted=admitted.granted,
        owed=admitted.owed,
        returns=admitted.returns,
        **details,
    )
