"""A committee's policy as data: retention terms, options, where each was set; parsed, laid over, fingerprinted.

A policy is a TOML file (``policies/communities/``), loaded at the edge and handed in as a mapping.  What the
configuration says under ``recovery`` and ``[retention]`` is laid over it.  Nothing is guessed: an unknown key, a
missing term or a contradiction is refused with the key's name.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from policies.case import Outcome
from policies.errors import WrongUsage
from policies.values import value

_MOST_MONTHS: Final = 1200
_MOST_DAYS: Final = 3660


class Clock(StrEnum):
    """What starts the term of a violation (reading A1): the decision, or the date of the first report."""

    DECIDED = "decided"
    REPORTED = "reported"


class Extension(StrEnum):
    """How a new violation moves earlier records: to its own date, or by starting their own term again."""

    ALIGN = "align"
    RESTART = "restart"


class Extends(StrEnum):
    """What a new violation moves: the person's row with reporter part and mail, or the person's row alone."""

    RECORD = "record"
    SUBJECT = "subject"


class Recovery(StrEnum):
    """What is sealed to the recovery key as well: everything, or records without mail."""

    ALL = "all"
    RECORDS = "records"


@value
class Term:
    """Months for which an outcome keeps the reporter's part with the mail, and the rest (None: for ever)."""

    reporter: int
    rest: int | None


@value
class Policy:
    """One committee's policy.  ``origin`` says per dotted key where it was set; what is not in it is a default."""

    name: str
    terms: Mapping[Outcome, Term]
    clock: Clock = Clock.DECIDED
    extension: Extension = Extension.ALIGN
    extends: Extends = Extends.RECORD
    recovery: Recovery = Recovery.ALL
    grace_days: int = 0
    unattended: bool = False
    unlinked_mail_days: int = 30
    draft_pause_days: int = 30
    hold_days_alone: int = 30
    review_months: int = 12
    backup_key_days: int = 30
    notice_days: tuple[int, ...] = (60, 30, 7)
    origin: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)

    def set_in(self, key: str) -> str:
        """Where a dotted key (``retention.clock``) was set, "default" where nowhere."""
        return self.origin.get(key, "default")


def _wrong(key: str, origin: Mapping[str, str], sentence: str, hint: str = "") -> WrongUsage:
    where = f" in {origin[key]}" if key in origin else ""
    return WrongUsage("bad-policy", f"{key}{where}: {sentence}", hint)


def _refuse_unknown(keys: Iterable[str], known: Iterable[str], prefix: str, origin: Mapping[str, str]) -> None:
    names = list(known)
    for key in keys:
        if key not in names:
            import difflib  # noqa: PLC0415 - with its one use

            close = difflib.get_close_matches(key, names, n=1)
            question = f"; did you mean {close[0]}?" if close else "."
            raise _wrong(prefix + key, origin, f"unknown key{question}", f"Known are: {', '.join(names)}.")


def _table(value: object, key: str, origin: Mapping[str, str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _wrong(key, origin, "a table is needed here.")
    return value


_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")


def _choice(kind: type[_Choice]) -> Callable[[object], _Choice]:
    def read(value: object) -> _Choice:
        allowed = [str(choice) for choice in kind]
        if value not in allowed:
            raise ValueError("must be " + " or ".join(f'"{word}"' for word in allowed) + ".")
        return kind(str(value))

    return read


def _whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        # True is an int in Python, and no number to whoever wrote it.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return value

    return read


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false.")  # noqa: TRY004 - one kind of error for one kind of mistake
    return value


def _falling_days(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of days, as in [60, 30, 7].")
    days = tuple(map(_whole(1, _MOST_DAYS), value))
    if list(days) != sorted(set(days), reverse=True):
        raise ValueError("days must fall from one to the next, as in [60, 30, 7].")
    return days


# Every option of [retention] save the terms, in the order in which `policy explain` prints them.
_OPTIONS: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "clock": _choice(Clock),
        "extension": _choice(Extension),
        "extends": _choice(Extends),
        "grace_days": _whole(0, _MOST_DAYS),
        "unattended": _yes_or_no,
        "unlinked_mail_days": _whole(0, _MOST_DAYS),
        "draft_pause_days": _whole(0, _MOST_DAYS),
        "hold_days_alone": _whole(1, _MOST_DAYS),
        "review_months": _whole(1, _MOST_MONTHS),
        "backup_key_days": _whole(1, _MOST_DAYS),
        "notice_days": _falling_days,
    }
)


def parse_policy(mapping: Mapping[str, object], origin: Mapping[str, str] | None = None) -> Policy:
    """The policy that a loaded TOML file states; ``origin`` as from ``overlay``.

    Raises WrongUsage that names the key: unknown, of a wrong type, out of range, missing, contradictory.
    """
    set_in = dict(origin or {})
    _refuse_unknown(mapping, ("name", "recovery", "retention"), "", set_in)
    name = mapping.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _wrong("name", set_in, "a policy needs the name of its community.")
    retention = _table(mapping.get("retention", {}), "retention", set_in)
    _refuse_unknown(retention, (*_OPTIONS, "terms"), "retention.", set_in)
    options = {
        key: _read(_OPTIONS[key], retention[key], f"retention.{key}", set_in) for key in _OPTIONS if key in retention
    }
    if "recovery" in mapping:
        options["recovery"] = _read(_choice(Recovery), mapping["recovery"], "recovery", set_in)
    terms = _terms(_table(retention.get("terms", {}), "retention.terms", set_in), set_in)
    # The readers above have checked each option's type; mypy cannot follow them through the table.
    return Policy(name=name.strip(), terms=terms, origin=set_in, **options)  # type: ignore[arg-type]


def _read(reader: Callable[[object], _Value], value: object, key: str, origin: Mapping[str, str]) -> _Value:
    try:
        return reader(value)
    except ValueError as error:
        raise _wrong(key, origin, str(error)) from None


def _terms(table: Mapping[str, object], origin: Mapping[str, str]) -> Mapping[Outcome, Term]:
    outcomes = [outcome.value for outcome in Outcome]
    _refuse_unknown(table, outcomes, "retention.terms.", origin)
    missing = [outcome for outcome in outcomes if outcome not in table]
    if missing:
        raise _wrong(
            "retention.terms",
            origin,
            f"no term is given for {', '.join(missing)}.",
            "A policy without terms would destroy or keep at random: state all five, in months.",
        )
    return {outcome: _term(outcome, table[outcome.value], origin) for outcome in Outcome}


def _term(outcome: Outcome, value: object, origin: Mapping[str, str]) -> Term:
    key = f"retention.terms.{outcome.value}"
    if outcome is Outcome.UNIDENTIFIED and isinstance(value, Mapping):
        return _split_term(value, key, origin)
    # Only a report in which no violation was found may have no retention at all.
    least = 0 if outcome is Outcome.NO_VIOLATION else 1
    months = _read(_whole(least, _MOST_MONTHS), value, key, origin)
    return Term(months, months)


def _split_term(table: Mapping[str, object], key: str, origin: Mapping[str, str]) -> Term:
    _refuse_unknown(table, ("reporter", "rest"), f"{key}.", origin)
    reporter = _read(_whole(1, _MOST_MONTHS), table.get("reporter"), f"{key}.reporter", origin)
    rest = table.get("rest")
    if rest == "permanent":
        return Term(reporter, None)
    months = _read(_whole_or_permanent, rest, f"{key}.rest", origin)
    if months < reporter:
        raise _wrong(f"{key}.rest", origin, "is shorter than the reporter's term, and the reporter's part goes first.")
    return Term(reporter, months)


def _whole_or_permanent(value: object) -> int:
    try:
        return _whole(1, _MOST_MONTHS)(value)
    except ValueError as error:
        raise ValueError(f'must be "permanent", or {str(error).removeprefix("must be ")}') from None


def overlay(
    base: Mapping[str, object], over: Mapping[str, object], base_name: str, over_name: str
) -> tuple[dict[str, object], dict[str, str]]:
    """``recovery`` and ``[retention]`` of ``over`` (the configuration) laid over ``base`` (the policy file).

    The second value says per dotted key which of the two files set it, for ``parse_policy`` and its errors.
    Other keys of ``over`` are no part of a policy and are left out.
    """
    merged: dict[str, object] = {}
    origin: dict[str, str] = {}
    _lay(merged, base, "", origin, base_name)
    chosen = {key: over[key] for key in ("recovery", "retention") if key in over}
    _lay(merged, chosen, "", origin, over_name)
    return merged, origin


def _lay(onto: dict[str, object], layer: Mapping[str, object], prefix: str, origin: dict[str, str], name: str) -> None:
    """Tables are merged key by key, save the split term, which is one value."""
    for key, given in layer.items():
        below = onto.get(key)
        is_table = isinstance(given, Mapping) and f"{prefix}{key}" in {"retention", "retention.terms"}
        if is_table and isinstance(given, Mapping):
            table = dict(below) if isinstance(below, Mapping) else {}
            _lay(table, given, f"{prefix}{key}.", origin, name)
            onto[key] = table
        else:
            onto[key] = given
        origin[f"{prefix}{key}"] = name


def policy_digest(policy: Policy) -> str:
    """The fingerprint of what a policy says (hex, SHA-256), whatever file said it; kept with each record."""
    stated = {
        field.name: getattr(policy, field.name)
        for field in dataclasses.fields(policy)
        if field.name not in {"origin", "terms"}
    }
    stated["terms"] = {outcome.value: (term.reporter, term.rest) for outcome, term in policy.terms.items()}
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()
