"""The witnesses of a record: a part of its own under the case's key, which goes with the reporter's part.

A witness told the committee something, as the reporter did, and is protected like her when a mail leaves.  But she is
named in the record's texts anyway, so everybody who may read the record may know her, and whoever works on the case
can add one.  Where the account stays for ever (records.md: "permanent retention of other information") she does not:
her name is "reporter information" in the policy's sense, and goes on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from policies.case import CaseId, Status, Subject
from policies.errors import Refused, WrongUsage
from records import audit, cases, parts, screening
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction


def of(transaction: Transaction, acting: Keyring, case: CaseId) -> tuple[Subject, ...]:
    """The witnesses on record, as they were added; empty where the record is closed to this member."""
    value = parts.read_or_none(transaction, acting, parts.witnesses_object(case))
    return tuple(parts.as_subject(each) for each in (value or {}).get("witnesses", ()))


def change(
    transaction: Transaction,
    acting: Keyring,
    case: Case,
    added: Sequence[Subject],
    removed: Collection[int],
    at: datetime,
) -> tuple[Subject, ...]:
    """Take witnesses off the record by number (from 1), and put others on; returns those that it has now.

    Raises Refused: not a record, closed to this member, its reporter's part is expunged, or one is the private
    reporter; WrongUsage: there is none of that number.
    """
    cases.require(case, Status.OPEN, Status.CLOSED)
    case_key = acting.key(transaction, parts.case_object(case.id))
    if case.reporter_expunged is not None:
        raise Refused(
            "expunged",
            f"What {case.code_name} knew of reporter and witnesses was expunged on {case.reporter_expunged}.",
            "Open a new case for what is new.",
        )
    before = of(transaction, acting, case.id)
    if any(not 1 <= number <= len(before) for number in removed):
        raise WrongUsage("no-such-witness", "There is no witness of that number.", "`conduct case show` numbers them.")
    screening.refuse_witness(transaction, acting, case.id, added)
    kept = [each for number, each in enumerate(before, start=1) if number not in removed]
    now = (*kept, *(each for each in added if each not in kept))
    value = {"witnesses": [parts.subject_value(each) for each in now]}
    witnesses = parts.witnesses_object(case.id)
    if acting.key_or_none(transaction, witnesses) is None:
        parts.new_part(transaction, witnesses, parts.case_object(case.id), case_key, value)
    else:
        parts.rewrite(transaction, acting, witnesses, value)
    audit.append(transaction, acting, at, "witnesses", case.code_name, added=len(added), removed=len(set(removed)))
    return now
