"""The context file: one JSON object that stands for roster, case and limits, held to its form to the last key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from policies.addresses import canonical
from policies.errors import WrongUsage
from policies.lint.context import MESSAGE_BYTES, Case, Consent, Context, Group, Person, Stage
from policies.outcomes import Outcome
from policies.patterns import late

Value = TypeVar("Value")
_ADDRESS: Final = late(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+")
_DATE: Final = late(r"\d{4}-\d{2}-\d{2}")
_ID: Final = late(r"<[^<>\s]+>")
_ROLES: Final = ("board", "organiser")
_CONSENT_ROLES: Final = ("organiser", "board", "subject", "reporter", "witness", "outsider")
_SCOPES: Final = ("identity", "content")
_MAX_NAME: Final = 100


class _Object:
    """One JSON object being read: each key is taken once, and what is left over is unknown."""

    def __init__(self, value: object, place: str, keys: Sequence[str]) -> None:
        if not isinstance(value, Mapping):
            raise _wrong(place, "must be an object")
        self.values: Mapping[str, Any] = value
        self.place = place
        for key in value:
            if key not in keys:
                raise _wrong(_joined(place, str(key)[:_MAX_NAME]), "unknown key")

    def take(self, key: str, read: Callable[[object, str], Value], default: Value) -> Value:
        """The value of a key, or the default where it is missing."""
        return read(self.values[key], _joined(self.place, key)) if key in self.values else default

    def need(self, key: str, read: Callable[[object, str], Value]) -> Value:
        """The value of a key that must be there."""
        if key not in self.values:
            raise _wrong(_joined(self.place, key), "is missing")
        return read(self.values[key], _joined(self.place, key))


def parse_context(value: object) -> Context:
    """The context that a JSON value describes.

    Raises WrongUsage, naming the place: a key that is unknown, missing, of a wrong type or value, or one address
    given to two members.

    >>> parse_context({"conduct": ["c@example.org"], "stage": 1})
    Traceback (most recent call last):
    ...
    policies.errors.WrongUsage: The context file: stage: unknown key.
    """
    found = _Object(value, "", [field.name for field in dataclasses.fields(Context) if field.name != "message_bytes"]
                    + ["limits"])  # fmt: skip
    conduct = found.need("conduct", _some(_address))
    context = Context(
        conduct=conduct,
        conduct_aliases=found.take("conduct_aliases", _list(_address), ()),
        members=found.take("members", _list(_member), ()),
        identities=found.take("identities", _list(_address), conduct),
        groups=found.take("groups", _list(_group), ()),
        organisers=found.take("organisers", _list(_member), ()),
        case=found.take("case", _case, None),
        message_bytes=found.take("limits", _limits, MESSAGE_BYTES),
    )
    _refuse_shared_addresses(context.members)
    return context


def _refuse_shared_addresses(members: Sequence[Person]) -> None:
    owners: dict[str, int] = {}
    for number, member in enumerate(members):
        for position, address in enumerate(member.addresses):
            owner = owners.setdefault(canonical(address), number)
            if owner != number:
                place = f"members[{number}].addresses[{position}]"
                raise _wrong(place, f"is also an address of members[{owner}]")


def _joined(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _wrong(place: str, what: str) -> WrongUsage:
    where = f"{place}: " if place else ""
    return WrongUsage("bad-context", f"The context file: {where}{what}.", "")


def _list(read: Callable[[object, str], Value]) -> Callable[[object, str], tuple[Value, ...]]:
    def read_list(value: object, place: str) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise _wrong(place, "must be a list")
        return tuple(read(one, f"{place}[{number}]") for number, one in enumerate(value))

    return read_list


def _some(read: Callable[[object, str], Value]) -> Callable[[object, str], tuple[Value, ...]]:
    def read_some(value: object, place: str) -> tuple[Value, ...]:
        found = _list(read)(value, place)
        if not found:
            raise _wrong(place, "must not be empty")
        return found

    return read_some


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, "must be a string")
    if not value.strip():
        raise _wrong(place, "must not be empty")
    return value


def _name(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, "must be a string")
    return value


def _address(value: object, place: str) -> str:
    if not _ADDRESS.fullmatch(_text(value, place)):
        raise _wrong(place, "must be a bare address, local@domain")
    return str(value)


def _integer(least: int) -> Callable[[object, str], int]:
    def read_integer(value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong(place, "must be a whole number")
        if value < least:
            raise _wrong(place, f"must be {least} or more")
        return value

    return read_integer


def _day(value: object, place: str) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _wrong(place, "must be a date, YYYY-MM-DD, or null")


def _choice(choices: Sequence[str]) -> Callable[[object, str], str]:
    def read_choice(value: object, place: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise _wrong(place, f"must be one of: {', '.join(choices)}")
        return value

    return read_choice


def _member(value: object, place: str) -> Person:
    found = _Object(value, place, ("name", "addresses", "nicknames"))
    return Person(
        name=found.need("name", _name),
        addresses=found.need("addresses", _some(_address)),
        nicknames=found.take("nicknames", _list(_text), ()),
    )


def _group(value: object, place: str) -> Group:
    found = _Object(value, place, ("name", "address", "role"))
    return Group(found.need("name", _name), found.need("address", _address), found.need("role", _choice(_ROLES)))


def _limits(value: object, place: str) -> int:
    return _Object(value, place, ("message_bytes",)).take("message_bytes", _integer(1), MESSAGE_BYTES)


def _party(value: object, place: str) -> Person:
    return _person(_Object(value, place, ("name", "addresses", "handles")))


def _subject(value: object, place: str) -> Person:
    found = _Object(value, place, ("name", "addresses", "handles", "status"))
    return dataclasses.replace(_person(found), status=found.take("status", _status, None))


def _person(found: _Object) -> Person:
    return Person(
        name=found.need("name", _name),
        addresses=found.take("addresses", _list(_address), ()),
        handles=found.take("handles", _list(_text), ()),
    )


def _status(value: object, place: str) -> Outcome | None:
    if value is None:
        return None
    return Outcome(_choice([outcome.value for outcome in Outcome])(value, place))


def _stage(value: object, place: str) -> Stage:
    return Stage[_choice([stage.name.lower() for stage in Stage])(value, place).upper()]


def _case(value: object, place: str) -> Case | None:
    if value is None:
        return None
    found = _Object(value, place, [field.name for field in dataclasses.fields(Case)])
    return Case(
        code=found.need("code", _text),
        stage=found.take("stage", _stage, Stage.INVESTIGATING),
        right_of_reply=found.take("right_of_reply", _day, None),
        reports=found.take("reports", _integer(0), 1),
        reporters=found.take("reporters", _list(_party), ()),
        subjects=found.take("subjects", _list(_subject), ()),
        witnesses=found.take("witnesses", _list(_party), ()),
        consents=found.take("consents", _list(_consent), ()),
        recused=found.take("recused", _list(_address), ()),
    )


def _consent(value: object, place: str) -> Consent:
    found = _Object(value, place, ("person", "to", "scope", "message_id", "withdrawn"))
    return Consent(
        person=found.need("person", _address),
        to=found.need("to", _covered),
        scope=found.need("scope", _scopes),
        message_id=found.need("message_id", _message_id),
        withdrawn=found.take("withdrawn", _day, None),
    )


def _covered(value: object, place: str) -> tuple[str, ...]:
    if value == "*":
        return ("*",)
    if not isinstance(value, list):
        raise _wrong(place, 'must be "*" or a list of addresses and roles')
    return _some(_role_or_address)(value, place)


def _role_or_address(value: object, place: str) -> str:
    if isinstance(value, str) and (value in _CONSENT_ROLES or _ADDRESS.fullmatch(value)):
        return value
    raise _wrong(place, f"must be an address or one of: {', '.join(_CONSENT_ROLES)}")


def _scopes(value: object, place: str) -> frozenset[str]:
    if isinstance(value, list):
        return frozenset(_some(_choice(_SCOPES))(value, place))
    return frozenset([_choice(_SCOPES)(value, place)])


def _message_id(value: object, place: str) -> str:
    if not _ID.fullmatch(_text(value, place)):
        raise _wrong(place, "must be a Message-ID, <…>")
    return str(value)[1:-1]
