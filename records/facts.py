"""Facts on record that lift what nobody may override: permissions in writing, and the right of reply.

They lie in the case's account part, since they name people, and go with it.
"""

from __future__ import annotations

import dataclasses
import secrets
from datetime import date, datetime
from typing import Any

from policies.errors import Refused, WrongUsage
from policies.mail import MailId
from policies.values import value
from records import audit, drafts, mail, parts
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction


@value
class Permission:
    """What a person allows in writing: to be named (identity) or to have her words passed on (content), to whom.

    ``to`` holds ``*``, addresses and roles; ``message_id`` is of the mail that gives it.
    """

    id: str
    person: str
    to: tuple[str, ...]
    scope: tuple[str, ...]
    message_id: str
    mail: MailId
    withdrawn: date | None

    def __repr__(self) -> str:
        """Its scope."""
        return f"Permission({', '.join(self.scope)})"


def permissions(transaction: Transaction, acting: Keyring, case: Case) -> list[Permission]:
    """The permissions on record, withdrawn ones included; empty where the record is closed to this member."""
    account = parts.read_or_none(transaction, acting, parts.account_object(case.id)) or {}
    return [_permission(value) for value in account.get("permissions", ())]


def permit(  # the policy's "express written permission of the person concerned": who, to whom, what, where written
    transaction: Transaction,
    acting: Keyring,
    case: Case,
    permission: Permission,
    at: datetime,
) -> Permission:
    """Put a permission on record.

    Raises Refused: the mail that gives it belongs to another case, or was not granted to this member.
    """
    if permission.mail not in {each.mail for each in mail.of_case(transaction, case.id)}:
        raise Refused(
            "other-case", "That mail does not belong to this case.", "`conduct mail list --case` lists its mail."
        )
    message = drafts.opened(transaction, acting, permission.mail).message
    if message is None or not message.message_id:
        raise Refused(
            "no-message-id", "That mail has no Message-ID to cite.", "Ask for the permission in another mail."
        )
    given = dataclasses.replace(permission, id="k" + secrets.token_hex(3), message_id=message.message_id)
    account = parts.read(transaction, acting, parts.account_object(case.id))
    account["permissions"] = [*account.get("permissions", []), _value(given)]
    parts.rewrite(transaction, acting, parts.account_object(case.id), account)
    audit.append(transaction, acting, at, "consent", case.code_name, scope=list(given.scope), mail=given.mail)
    return given


def withdraw(transaction: Transaction, acting: Keyring, case: Case, permission_id: str, at: datetime) -> Permission:
    """Note that a permission was withdrawn: it is void for every draft from now on.

    Raises WrongUsage: there is none of that name.
    """
    account = parts.read(transaction, acting, parts.account_object(case.id))
    found = [value for value in account.get("permissions", ()) if value["id"] == permission_id]
    if not found:
        raise WrongUsage("no-such-consent", "No consent goes by that name.", "`conduct consent list CASE` shows them.")
    found[0]["withdrawn"] = at.date().isoformat()
    parts.rewrite(transaction, acting, parts.account_object(case.id), account)
    audit.append(transaction, acting, at, "consent-withdrawn", case.code_name, mail=found[0]["mail"])
    return _permission(found[0])


def right_of_reply(transaction: Transaction, acting: Keyring, case: Case) -> date | None:
    """The first day on which a decision may be announced; None: not before somebody says so."""
    account = parts.read_or_none(transaction, acting, parts.account_object(case.id)) or {}
    value = account.get("right_of_reply")
    return date.fromisoformat(value) if value else None


def allow_decision(
    transaction: Transaction, acting: Keyring, case: Case, first_day: date, reason: str, at: datetime
) -> None:
    """Note from which day a decision may be announced: the answer came, the time is over, or it was waived.

    communications.md: "we need to give people who are subjects of reports some sort of 'right of reply' before we
    finalise our decision".
    """
    account = parts.read(transaction, acting, parts.account_object(case.id))
    account["right_of_reply"] = first_day.isoformat()
    account["right_of_reply_reason"] = reason
    parts.rewrite(transaction, acting, parts.account_object(case.id), account)
    audit.append(transaction, acting, at, "right-of-reply", case.code_name, first_day=first_day.isoformat())


def _permission(value: dict[str, Any]) -> Permission:
    withdrawn = value["withdrawn"]
    return Permission(
        value["id"],
        value["person"],
        tuple(value["to"]),
        tuple(value["scope"]),
        value["message_id"],
        MailId(value["mail"]),
        date.fromisoformat(withdrawn) if withdrawn else None,
    )


def _value(permission: Permission) -> dict[str, Any]:
    withdrawn = permission.withdrawn
    return {**dataclasses.asdict(permission), "withdrawn": withdrawn.isoformat() if withdrawn else None}
