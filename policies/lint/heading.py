"""One address added to a header field by inserting bytes (RFC 5322 2.2.3 and 3.4), everything else as it was."""

from __future__ import annotations

from typing import Final

from policies.errors import Refused
from policies.lint.addresses import read_addresses
from policies.lint.draft import Draft
from policies.lint.fields import Field, unfolded

_BEFORE_CC: Final = ("To", "From", "Sender", "Subject", "Date")


def with_address(draft: Draft, field: str, address: str) -> bytes:
    """The mail with ``address`` as the last one of a field, which is made where it is missing.

    Raises Refused where the field stands twice, or cannot be read with the address in it.
    """
    found = draft.header.all(field)
    if len(found) > 1:
        raise Refused("field-twice", f"{field} stands twice in the header.")
    start, end, new = _extended(draft, found[0], address) if found else _made(draft, field, address)
    fixed = draft.raw[:start] + new + draft.raw[end:]
    _refuse_misread(draft, Draft(fixed), field, address)
    return fixed


def _extended(draft: Draft, found: Field, address: str) -> tuple[int, int, bytes]:
    value = draft.raw[found.value_at : found.end]
    said = value.rstrip(b" \t\r\n")
    line_end = _line_end(draft, found)
    added = address.encode("ascii")
    if not said.strip():
        return found.value_at, found.end, b" " + added + line_end
    comma = b"" if said.endswith(b",") else b","
    at = found.value_at + len(said)
    return at, at, comma + line_end + b" " + added


def _made(draft: Draft, field: str, address: str) -> tuple[int, int, bytes]:
    above = next((found[-1] for name in _BEFORE_CC if (found := draft.header.all(name))), None)
    if above is None:
        raise Refused("no-header", "The mail has no header to add a field to.")
    line_end = _line_end(draft, above)
    # The last field of a mail without a body may lack its line end.
    ahead = b"" if draft.raw[: above.end].endswith(b"\n") else line_end
    return above.end, above.end, ahead + f"{field}: {address}".encode("ascii") + line_end


def _line_end(draft: Draft, found: Field) -> bytes:
    line = draft.raw[found.start : found.end]
    if line.endswith(b"\n"):
        return b"\r\n" if line.endswith(b"\r\n") else b"\n"
    return b"\r\n" if b"\r\n" in draft.raw[: found.end] else b"\n"


def _refuse_misread(before: Draft, after: Draft, field: str, address: str) -> None:
    wanted = [*before.mailboxes(field), *read_addresses(address).mailboxes]
    others = [each for each in before.header.fields if each.name.casefold() != field.casefold()]
    kept = [each for each in after.header.fields if each.name.casefold() != field.casefold()]
    is_same = [unfolded(each.raw) for each in kept] == [unfolded(each.raw) for each in others]
    body_is_same = after.raw[after.header.end :] == before.raw[before.header.end :]
    if list(after.mailboxes(field)) != wanted or not is_same or not body_is_same:
        raise Refused("field-unclear", f"{field} cannot be read with {address} in it.")
