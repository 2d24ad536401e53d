"""What a committee sets for the check of outgoing mail: lint.toml, and wording of its own in lint.d, by conduct.toml.

lint.toml may hold ``[rules.RULE]`` with ``severity`` and ``exceptions``, ``[notes]`` with ``members``, and ``groups``,
``organisers`` and ``limits`` in the form of the context file.  The files of lint.d have the form of
those in ``policies/lint.d``; their entries are added to the rules of the same id.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from ingest.home import Home
from ingest.wording import read_wording
from policies.errors import WrongUsage
from policies.lint.check import lowered
from policies.lint.checked import Settings
from policies.lint.context import Case, Context, Group, Person
from policies.lint.context_file import parse_context
from policies.lint.rules import RULES
from policies.lint.verdict import Override, Severity
from policies.lint.wording import Entry, Wording, read_entries
from policies.roster import Member
from policies.values import value

if TYPE_CHECKING:
    from ingest.config import Settings as Configuration

_OWN_KEYS: Final = frozenset({"rules", "notes"})
_KNOWN_OTHERWISE: Final = frozenset({"conduct", "conduct_aliases", "members", "identities", "case"})
_MEMBERS: Final = ("visible", "readers")


class Place(Protocol):
    """A committee's home and its conduct.toml; a command's session is one."""

    @property
    def home(self) -> Home:
        """The home."""
        ...

    @property
    def settings(self) -> Configuration:
        """What conduct.toml says."""
        ...


@value
class PlainPlace:
    """The same where there is no command."""

    home: Home
    settings: Configuration


def committee(place: Place, roster: Iterable[Member], case: Case | None = None) -> Context:
    """The committee and its neighbours: the roster, conduct.toml, and lint.toml beside it.

    Raises WrongUsage: lint.toml has a key or value that cannot be.
    """
    settings = place.settings
    context = _neighbours(settings.address, _lint_toml(place))
    board = (Group("board", settings.board, "board"),) if settings.board else ()
    return dataclasses.replace(
        context,
        conduct_aliases=tuple(settings.aliases),
        identities=settings.identities,
        members=tuple(_person(each) for each in roster if each.is_present),
        groups=(*context.groups, *board),
        case=case,
    )


def lint_settings(place: Place) -> Settings:
    """What lint.toml says of rules and notes, and the wording rules: the program's and the committee's own.

    Raises WrongUsage: a rule that is not, or must not be lowered; an entry that cannot be read.
    """
    table = _lint_toml(place)
    severities: dict[str, Severity | None] = {}
    exceptions: dict[str, tuple[str, ...]] = {}
    for name, wanted in _table(table.get("rules", {}), "rules").items():
        said = _table(wanted, f"rules.{name}")
        if name not in RULES or said.keys() - {"severity", "exceptions"}:
            raise _wrong(f"rules.{name}", "no such rule, or a key besides severity and exceptions")
        if "severity" in said:
            severities[name] = _severity(said["severity"], name)
        exceptions[name] = _exceptions(said.get("exceptions", []), name)
    for name in lowered(severities.items()):
        raise _wrong(f"rules.{name}", "this rule is lifted by facts on record only, never lowered")
    shipped = read_wording()
    own = read_own_wording(place.home.configuration / "lint.d", frozenset(entry.id for entry in shipped))
    return Settings(severities, exceptions, _shows_members(table), (*shipped, *own))


def judge(place: Place) -> None:
    """Read lint.toml and lint.d for their faults alone.  Raises WrongUsage."""
    committee(place, ())
    lint_settings(place)


def read_own_wording(folder: Path, known: frozenset[str]) -> tuple[Entry, ...]:
    """The committee's own entries; ``known`` are the ids of the wording rules, to which alone they may add.

    Raises WrongUsage, naming the file and the entry.
    """
    found: list[Entry] = []
    for file in sorted(folder.glob("*.toml")):
        for number, entry in enumerate(_entries(file), start=1):
            _judge(entry, known, f"lint.d/{file.name}, rule {number}")
            found.append(entry)
    return tuple(found)


def _entries(file: Path) -> tuple[Entry, ...]:
    try:
        return read_entries(tomllib.loads(file.read_text("utf-8")), f"lint.d/{file.name}")
    except (OSError, ValueError) as error:
        raise _wrong_wording(f"{file} cannot be read: {error}") from None


def _judge(entry: Entry, known: frozenset[str], where: str) -> None:
    if entry.id in RULES and entry.id not in known:
        raise _wrong_wording(f"{where}: {entry.id} is no rule about wording, so nothing can be added to it")
    if entry.id not in known:
        raise _wrong_wording(f"{where}: there is no rule {entry.id}; add to one of: {', '.join(sorted(known))}")
    try:
        Wording([entry]).read_all()
    except WrongUsage as error:
        raise _wrong_wording(f"{where}: {error.sentence.removesuffix('.')}") from None


def _lint_toml(place: Place) -> Mapping[str, Any]:
    file = place.home.configuration / "lint.toml"
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WrongUsage("bad-lint-toml", f"{file} cannot be read: {error}.") from None


def _neighbours(address: str, table: Mapping[str, Any]) -> Context:
    neighbours = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    taken = sorted(neighbours.keys() & _KNOWN_OTHERWISE)
    if taken:
        raise _wrong(taken[0], "is known from the roster and conduct.toml")
    try:
        return parse_context({"conduct": [address], **neighbours})
    except WrongUsage as error:
        raise WrongUsage("bad-lint-toml", error.sentence.replace("The context file:", "lint.toml:")) from None


def _table(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(place, "must be a table")
    return value


def _severity(word: object, name: str) -> Severity | None:
    if word == "off":
        return None
    try:
        return Severity(word)
    except ValueError:
        raise _wrong(f"rules.{name}.severity", "must be error, warning, info or off") from None


def _exceptions(words: object, name: str) -> tuple[str, ...]:
    where = f"rules.{name}.exceptions"
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _wrong(where, "must be a list of texts")
    if words and RULES[name].override is Override.NEVER:
        raise _wrong(where, "this rule is lifted by facts on record only, never silenced")
    return tuple(words)


def _shows_members(table: Mapping[str, Any]) -> bool:
    notes = _table(table.get("notes", {}), "notes")
    if notes.keys() - {"members"} or notes.get("members", "visible") not in _MEMBERS:
        raise _wrong("notes", 'has one key, members, which is "visible" or "readers"')
    return bool(notes.get("members") != "readers")


def _person(member: Member) -> Person:
    return Person(member.name, member.addresses, member.nicknames, member.handles)


def _wrong(place: str, what: str) -> WrongUsage:
    return WrongUsage("bad-lint-toml", f"lint.toml: {place}: {what}.")


def _wrong_wording(what: str) -> WrongUsage:
    return WrongUsage("bad-wording-rules", f"{what}.", "The files in policies/lint.d of the program show the form.")
