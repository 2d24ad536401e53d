"""Changing the fields of an open record: what may stand where, and never the private reporter."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Final

from policies.case import ACCOUNT_FIELDS, FIELDS, GENERAL_FIELDS, ReporterKind
from policies.errors import Refused, WrongUsage
from records import cases, members, parts
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction

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


def apply_edit(transaction: Transaction, acting: Keyring, case: Case, edit: Edit) -> None:
    """Write the new values where each belongs: sealed texts into the account, general facts in clear.

    Raises Refused: a text names a private reporter; WrongUsage: a value that its field cannot hold.
    """
    if not edit.fields:
        return
    account = parts.read(transaction, acting, parts.account_object(case.id))
    if cases.get(transaction, case.id).reporter_kind is ReporterKind.PRIVATE:
        refuse_naming_reporter(transaction, case, account["screen"], edit.fields)
    for name in ACCOUNT_FIELDS:
        if name in edit.fields:
            account["fields"][name] = edit.fields[name]
    parts.rewrite(transaction, acting, parts.account_object(case.id), account)
    _write_clear(transaction, case, edit.fields)


def refuse_naming_reporter(transaction: Transaction, case: Case, screen_key: str, fields: Mapping[str, str]) -> None:
    """Keep a private reporter out of the record (records.md: "We do not name private reporters here").

    Raises Refused, naming the fields but never the word.
    """
    guilty = sorted(name for name, value in fields.items() if parts.screened(transaction, case.id, screen_key, value))
    if guilty:
        raise Refused(
            "names-reporter",
            f"The private reporter is named in: {', '.join(guilty)}.",
            "Take the name, address or handle out; the record names the member who handles the case instead.",
        )


def _write_clear(transaction: Transaction, case: Case, fields: Mapping[str, str]) -> None:
    values: dict[str, object] = {name: fields[name] or None for name in GENERAL_FIELDS if name in fields}
    if "date_of_first_report" in fields:
        values["reported_on"] = parse_date(fields["date_of_first_report"])
    if "reporter" in fields:
        values["handler"] = members.find(transaction, fields["reporter"]).member.id
    if values:
        cases.update(transaction, case.id, **values)


def parse_date(text: str) -> date:
    """A date written YYYY-MM-DD.

    Raises WrongUsage.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("bad-date", "That is no date.", "Write dates as YYYY-MM-DD.") from None
