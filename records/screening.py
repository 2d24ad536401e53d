"""The screen that keeps a private reporter out of the record, also for members who may not know who she is.

Keyed digests of whatever gives her away lie beside the record; their key lies in its account.  The digests go with
the reporter's part, which needs nobody's key.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from policies.addresses import canonical
from policies.case import CaseId, ReporterKind, Subject
from policies.errors import Refused
from policies.folding import words
from policies.traces import candidates, tokens, traces_of
from records import parts, tables
from records.keyring import Keyring
from records.parts import Reporter
from records.store import Transaction
from records.vault import seal


def start(transaction: Transaction, case: CaseId, reporter: Reporter) -> str:
    """Keep digests of what gives the reporter away; returns their key, which belongs in the account."""
    key = secrets.token_bytes(32)
    transaction.content.execute(sa.delete(tables.screens).where(tables.screens.c.case == case))
    tags = sorted(_tags(key, _given_away_by(reporter)))
    transaction.content.execute(sa.insert(tables.screens).values(case=case, tags=tags))
    return key.hex()


def extend(transaction: Transaction, acting: Keyring, case: CaseId, reporter: Reporter) -> None:
    """Keep another reporter out as well: her mail was filed with the record.

    Raises Refused: the record was not granted to this member.
    """
    key = _key(transaction, acting, case)
    tags = sorted(_known(transaction, case) | _tags(key, _given_away_by(reporter)))
    here = tables.screens.c.case == case
    transaction.content.execute(sa.update(tables.screens).where(here).values(tags=tags))


def renew(transaction: Transaction, acting: Keyring, case: CaseId, reporter: Reporter) -> None:
    """Keep these reporters out, and nobody else: mail of others has left the case.

    Raises Refused: the record was not granted to this member.
    """
    tags = sorted(_tags(_key(transaction, acting, case), _given_away_by(reporter)))
    here = tables.screens.c.case == case
    transaction.content.execute(sa.update(tables.screens).where(here).values(tags=tags))


def naming(
    transaction: Transaction, acting: Keyring, case: CaseId, fields: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Which of the fields name the reporter: an address, a name in any spelling that folds alike, or part of one.

    Raises Refused: the record was not granted to this member.
    """
    known, key = _known(transaction, case), _key(transaction, acting, case)
    return tuple(sorted(name for name, text in fields.items() if text and known & _tags(key, _in_text(text))))


def refuse_naming(transaction: Transaction, acting: Keyring, case: CaseId, fields: Mapping[str, str]) -> None:
    """Keep a private reporter out of the record (records.md: "We do not name private reporters here").

    Raises Refused, naming the fields but never the word.
    """
    guilty = naming(transaction, acting, case, fields) if _is_private(transaction, case) else ()
    if guilty:
        raise Refused(
            "names-reporter",
            f"The private reporter is named in: {', '.join(guilty)}.",
            "Take the name, address or handle out; the record names the member who handles the case instead.",
        )


def refuse_subject(transaction: Transaction, acting: Keyring, case: CaseId, subjects: Iterable[Subject]) -> None:
    """Keep the private reporter from being named as a subject: her very address, or her full name.

    Sharing one name with her is no reason: families report one another.  Raises Refused.
    """
    if _are_reporter(transaction, acting, case, subjects):
        raise Refused(
            "subject-is-reporter",
            "That is the private reporter, whom the record does not name.",
            "Check --subject; where she reports herself, accept with --reporter-kind public.",
        )


def refuse_witness(transaction: Transaction, acting: Keyring, case: CaseId, witnesses: Iterable[Subject]) -> None:
    """Keep the private reporter from being named as a witness.  Raises Refused."""
    if _are_reporter(transaction, acting, case, witnesses):
        raise Refused(
            "witness-is-reporter",
            "That is the private reporter, whom the record does not name.",
            "She is protected already; leave her out of the witnesses.",
        )


def _are_reporter(transaction: Transaction, acting: Keyring, case: CaseId, people: Iterable[Subject]) -> bool:
    if not _is_private(transaction, case):
        return False
    known, key = _known(transaction, case), _key(transaction, acting, case)
    full = (traces_of(each.names).phrases | {canonical(one) for one in each.addresses} for each in people)
    return any(known & _tags(key, each) for each in full)


def add_reason(transaction: Transaction, acting: Keyring, case: CaseId, act: str, text: str, at: datetime) -> str:
    """Keep a reason in the case's account, and return the salted digest that the audit chain may hold.

    Raises Refused: it names a private reporter, or the record was not granted to this member.
    """
    refuse_naming(transaction, acting, case, {"reason": text})
    salt = secrets.token_bytes(16)
    account = parts.read(transaction, acting, parts.account_object(case))
    entry = {"act": act, "text": text, "salt": salt.hex(), "by": acting.member, "at": at.isoformat()}
    account["reasons"] = [*account.get("reasons", []), entry]
    parts.rewrite(transaction, acting, parts.account_object(case), account)
    return seal.salted_digest(salt, text).hex()


def _is_private(transaction: Transaction, case: CaseId) -> bool:
    query = sa.select(tables.cases.c.reporter_kind).where(tables.cases.c.id == case)
    return transaction.content.execute(query).scalar() == ReporterKind.PRIVATE.value


def _key(transaction: Transaction, acting: Keyring, case: CaseId) -> bytes:
    return bytes.fromhex(parts.read(transaction, acting, parts.account_object(case))["screen"])


def _known(transaction: Transaction, case: CaseId) -> set[str]:
    query = sa.select(tables.screens.c.tags).where(tables.screens.c.case == case)
    return set(transaction.content.execute(query).scalar() or ())


def _tags(key: bytes, texts: Iterable[str]) -> set[str]:
    return {seal.tag(key, text.encode()).hex() for text in texts}


def _given_away_by(reporter: Reporter) -> frozenset[str]:
    known = (*reporter.names, *reporter.addresses, *reporter.handles)
    return tokens(traces_of(known)) | {canonical(address) for address in reporter.addresses}


def _in_text(text: str) -> frozenset[str]:
    return candidates(text) | {canonical(word) for word in words(text) if "@" in word}
