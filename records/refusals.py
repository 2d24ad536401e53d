"""What was found in mails that a door refused: kept for a week under a short code, sealed to those who may read it.

A refusal's text ends up in logs of mail servers and on phones, so it names nobody; it gives this code instead.  What
was found is sealed to the present members, less those who are kept from the case or the mails that the draft is
about, so that a service which can open nothing can still keep it.  A week: a refused mail is mended within hours or
written anew, and a member who comes back from a journey still finds it; no policy has a term for it.  It goes earlier
with its case.  The recovery identity does not get it: nobody needs an old remark about a mail that was never sent.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from policies.case import CaseId
from policies.errors import WrongUsage
from records import keyring, members, tables
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal

KEPT_DAYS: Final = 7
#: Nothing that looks like something else when it is read out or copied from a phone.
_ALPHABET: Final = "ABCDEFGHJKMNPQRTVWXY346789"
_LENGTH: Final = 6
_DASH: Final = 4


def keep(
    transaction: Transaction, findings: Sequence[str], kept_out: Collection[str], about: Collection[CaseId], today: date
) -> str:
    """Keep lines of text; returns the code.  ``kept_out`` are members who must not read them."""
    forget_old(transaction, today)
    code = _unused(transaction)
    key = seal.new_key()
    readers = [each.member.id for each in members.present(transaction) if each.member.id not in kept_out]
    public = keyring.readers_with_keys(transaction, readers, with_recovery=False)
    keyring.grant(transaction, _object(code), key, public)
    transaction.content.execute(
        sa.insert(tables.refusals).values(
            code=code,
            cases=sorted(about),
            until=today + timedelta(days=KEPT_DAYS),
            sealed=seal.seal_bytes(json.dumps(list(findings)).encode(), key, _object(code)),
        )
    )
    return code


def read(transaction: Transaction, acting: Keyring, code: str, today: date) -> tuple[str, ...]:
    """The lines kept under a code, however it is typed.

    Raises WrongUsage: no such code, or its week is over; Refused: not granted to this member.
    """
    wanted = as_code(code)
    here = (tables.refusals.c.code == wanted) & (tables.refusals.c.until >= today)
    sealed = transaction.content.execute(sa.select(tables.refusals.c.sealed).where(here)).scalar_one_or_none()
    if sealed is None:
        raise WrongUsage(
            "no-such-code",
            "Nothing is kept under that code.",
            f"What was found in a refused mail is kept for {KEPT_DAYS} days; check the mail again: conduct lint.",
        )
    opened = seal.open_bytes(sealed, acting.key(transaction, _object(wanted)), _object(wanted))
    return tuple(json.loads(opened))


def as_code(text: str) -> str:
    """A code as it is printed, from what somebody typed.

    >>> as_code(" 7f3k qd ")
    '7F3K-QD'
    """
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return f"{letters[:_DASH]}-{letters[_DASH:]}"


def forget_case(transaction: Transaction, case: CaseId) -> None:
    """A part of a case goes: what was found in drafts about it goes as well."""
    rows = transaction.content.execute(sa.select(tables.refusals.c.code, tables.refusals.c.cases)).all()
    _destroy(transaction, [row.code for row in rows if case in row.cases])


def shut(transaction: Transaction, case: CaseId, member: str) -> None:
    """A member is kept from a case: what was found in drafts about it is not hers to read any more."""
    rows = transaction.content.execute(sa.select(tables.refusals.c.code, tables.refusals.c.cases)).all()
    for row in rows:
        if case in row.cases:
            keyring.revoke(transaction, _object(row.code), member)


def has_old(transaction: Transaction, today: date) -> bool:
    """Whether something lies there whose week is over."""
    query = sa.select(tables.refusals.c.code).where(tables.refusals.c.until < today).limit(1)
    return transaction.content.execute(query).first() is not None


def forget_old(transaction: Transaction, today: date) -> int:
    """Destroy what was kept for its week; returns how much."""
    query = sa.select(tables.refusals.c.code).where(tables.refusals.c.until < today)
    old = list(transaction.content.execute(query).scalars())
    _destroy(transaction, old)
    return len(old)


def _destroy(transaction: Transaction, codes: Collection[str]) -> None:
    if codes:
        keyring.destroy(transaction, [_object(code) for code in codes])
        transaction.content.execute(sa.delete(tables.refusals).where(tables.refusals.c.code.in_(codes)))


def _object(code: str) -> str:
    return f"refusal:{code}"


def _unused(transaction: Transaction) -> str:
    while True:
        code = as_code("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)))
        query = sa.select(tables.refusals.c.code).where(tables.refusals.c.code == code)
        if transaction.content.execute(query).first() is None:
            return code
