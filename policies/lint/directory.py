"""Who an address is: aliases of one person joined, and the role that counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from policies.addresses import canonical
from policies.lint.context import Context, Person
from policies.lint.verdict import Role
from policies.values import value

CONDUCT: Final = "conduct"
_ORDER: Final = tuple(Role)


@value
class Known:
    """Somebody on record, or a list: every name, short form and address that is known of them."""

    person: str
    role: Role
    names: tuple[str, ...]
    nicknames: tuple[str, ...]
    addresses: tuple[str, ...]
    is_group: bool = False

    def __repr__(self) -> str:
        """The role."""
        return f"Known({self.role.value})"


class Directory:
    """Everybody on record by address.

    A person is a string: the first canonical address of somebody on record, the canonical address of anybody else,
    ``CONDUCT`` for the mailbox under all its addresses.  Who stands on record twice (an organiser who reported) is
    one person, known by the address that both entries share.
    """

    def __init__(self, context: Context) -> None:
        self._conduct = frozenset(canonical(address) for address in context.mailbox)
        self._owners: dict[str, str] = {}
        self._known: dict[str, Known] = {}
        entries = sorted(_entries(context), key=lambda entry: _ORDER.index(entry.role))
        for entry in entries:
            self._add(entry)

    def __repr__(self) -> str:
        """How many."""
        return f"Directory({len(self._known)} known)"

    def _add(self, entry: Known) -> None:
        addresses = [canonical(address) for address in entry.addresses]
        same = dict.fromkeys(self._owners[each] for each in addresses if each in self._owners)
        person = next(iter(same), addresses[0] if addresses else f"?{len(self._known)}")
        for other in list(same)[1:]:
            # An entry that shares addresses with two earlier ones makes them one person.
            joined = self._known.pop(other)
            self._owners.update(dict.fromkeys(map(canonical, joined.addresses), person))
            self._known[person] = _merged(self._known[person], joined)
        self._owners.update(dict.fromkeys(addresses, person))
        before = self._known.get(person)
        named = dataclasses.replace(entry, person=person)
        self._known[person] = named if before is None else _merged(before, named)

    def person(self, address: str) -> str:
        """Whose address it is."""
        found = canonical(address)
        return CONDUCT if found in self._conduct else self._owners.get(found, found)

    def known(self, person: str) -> Known | None:
        """What is on record of a person."""
        return self._known.get(person)

    def everybody(self) -> tuple[Known, ...]:
        """All who are on record."""
        return tuple(self._known.values())

    def role(self, person: str) -> Role:
        """The first of the roles that the person has."""
        if person == CONDUCT:
            return Role.COMMITTEE
        found = self._known.get(person)
        return found.role if found else Role.OUTSIDER

    def is_conduct(self, address: str) -> bool:
        """Whether mail to this address reaches the committee's mailbox."""
        return canonical(address) in self._conduct


def _merged(first: Known, second: Known) -> Known:
    return Known(
        first.person,
        min(first.role, second.role, key=_ORDER.index),
        tuple(dict.fromkeys(first.names + second.names)),
        tuple(dict.fromkeys(first.nicknames + second.nicknames)),
        tuple(dict.fromkeys(first.addresses + second.addresses)),
        first.is_group or second.is_group,
    )


def _entries(context: Context) -> Iterator[Known]:
    case = context.case
    yield from _people(Role.COMMITTEE, context.members)
    yield from _people(Role.ORGANISER, context.organisers)
    for group in context.groups:
        role = Role.BOARD if group.role == Role.BOARD.value else Role.ORGANISER
        yield Known("", role, (group.name,), (), (group.address,), is_group=True)
    if case is None:
        return
    for address in case.recused:
        yield Known("", Role.RECUSED, (), (), (address,))
    yield from _people(Role.REPORTER, case.reporters)
    yield from _people(Role.SUBJECT, case.subjects)
    yield from _people(Role.WITNESS, case.witnesses)


def _people(role: Role, people: Sequence[Person]) -> Iterator[Known]:
    for person in people:
        # Handles name somebody as well, and a note may use one.
        yield Known("", role, (person.name,), person.nicknames + person.handles, person.addresses)
