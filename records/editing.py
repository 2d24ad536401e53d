"""Changing the fields of an open record: what may stand where, and never the private reporter."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from policies.case import ACCOUNT_FIELDS, FIELDS, GENERAL_FIELDS
from policies.errors import WrongUsage
from records import cases, members, parts, screening, waiting
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction
from records.waiting import Act

_COMPUTED: Final = {
    "named_subjects": "Name subjects with --subject.",
    "subject_contacts": "Give addresses, handles and URLs with --subject.",
    "banned_or_flagged": "It follows from the outcome: `conduct case close`.",
    "expunge_on": "It is computed: `conduct retain plan` says how, `conduct retain deviate` changes it.",
}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Edit:
    """New values by field name; an empty value takes the old one away."""

    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __repr__(self) -> str:
        """Which fields, not what."""
        return f"Edit({', '.join(sorted(self.fields))})"


def parse_fields(texts: tuple[str, ...]) -> Edit:
    """Read ``FIELD=VALUE`` words.

    Raises WrongUsage: no ``=``, an unknown field, or one that is computed.
    """
    fields = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise WrongUsage("no-value", "A field is changed with FIELD=VALUE.", f"Fields: {', '.join(writable())}.")
        if name in _COMPUTED:
            raise WrongUsage("computed-field", f"{name} cannot be written.", _COMPUTED[name])
        if name not in writable():
            raise WrongUsage("unknown-field", "There is no such field.", f"Fields: {', '.join(writable())}.")
        fields[name] = value.strip()
    return Edit(fields)


def writable() -> tuple[str, ...]:
    """The fields that a member may write."""
    return tuple(name for name in FIELDS if name not in _COMPUTED) + GENERAL_FIELDS


def apply_edit(transaction: Transaction, acting: Keyring, case: Case, edit: Edit, at: datetime) -> Act | None:
    """Write the new values where each belongs: sealed texts into the account, general facts in clear.

    A general note waits for a second member's word, which is returned.

    Raises Refused: a text names a private reporter; WrongUsage: a value that its field cannot hold.
    """
    if not edit.fields:
        return None
    screening.refuse_naming(transaction, acting, case.id, edit.fields)
    account = parts.read(transaction, acting, parts.account_object(case.id))
    account["fields"] |= {name: edit.fields[name] for name in ACCOUNT_FIELDS if name in edit.fields}
    parts.rewrite(transaction, acting, parts.account_object(case.id), account)
    _write_clear(transaction, case, edit.fields, at.date())
    if not edit.fields.get("general_note"):
        return None
    return waiting.propose(transaction, acting, case.id, f"note:{case.id}", at)


def _write_clear(transaction: Transaction, case: Case, fields: Mapping[str, str], today: date) -> None:
    values: dict[str, object] = {name: fields[name] or None for name in GENERAL_FIELDS if name in fields}
    if "date_of_first_report" in fields:
        values["reported_on"] = _past_date(fields["date_of_first_report"], today)
    if "reporter" in fields:
        values["handler"] = members.find(transaction, fields["reporter"]).member.id
    if values:
        cases.update(transaction, case.id, **values)


def _past_date(text: str, today: date) -> date:
    day = parse_date(text)
    if day > today:
        raise WrongUsage("future-report", "The first report lies in the future.", "Give the day on which it came.")
    return day


def parse_date(text: str) -> date:
    """A date written YYYY-MM-DD.

    Raises WrongUsage.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("bad-date", "That is no date.", "Write dates as YYYY-MM-DD.") from None
