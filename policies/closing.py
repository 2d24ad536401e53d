"""Closing a case: what an outcome needs, what it must not say, and what is only worth a warning."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from policies.case import GENERAL_FIELDS, Outcome
from policies.errors import Refused, WrongUsage
from policies.traces import gives_away, traces_of


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: about subject ``subject``, or (None) about everybody in the case alike."""

    outcome: Outcome
    decided_on: date
    subject: int | None = None
    ban_from: date | None = None
    ban_until: date | None = None
    permanent: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Closing:
    """The rows that are decided now (0: a case that names nobody), the ban's dates, and what to point out."""

    rows: tuple[int, ...]
    ban_from: date | None
    ban_until: date | None
    permanent: bool
    warnings: tuple[str, ...]


def check(
    decision: Decision, named: Sequence[int], reported_on: date, today: date, general: Mapping[str, str | None]
) -> Closing:
    """What a decision comes to, for a case whose subjects have the numbers ``named``.

    Raises WrongUsage: dates or options that cannot be; Refused: an outcome about a person where nobody is named.
    """
    _check_day(decision, today)
    ban_from, ban_until = _check_ban(decision)
    rows = _rows(decision, named)
    warnings = tuple(_warnings(decision, rows, reported_on, general))
    return Closing(rows, ban_from, ban_until, decision.permanent, warnings)


def _warnings(
    decision: Decision, rows: Sequence[int], reported_on: date, general: Mapping[str, str | None]
) -> Iterator[str]:
    if decision.decided_on < reported_on:
        yield f"The decision is dated before the first report ({reported_on.isoformat()})."
    if decision.ban_until is not None and decision.ban_until < decision.decided_on:
        yield "The ban is over before the day of the decision."
    # records.md keeps "other information" of this type for ever: it is meant for records that identify nobody.
    if decision.outcome is Outcome.UNIDENTIFIED and any(rows):
        yield "Somebody is named, and what is on record about an unidentified person stays for ever."
    if decision.outcome is Outcome.RESOLVED and not any(rows):
        yield "Nobody is named; if nobody could be identified, the outcome is unidentified."
    missing = [name for name in ("space", "category", "region") if not general.get(name)]
    if missing:
        yield f"Left empty, and lost to the statistics: {', '.join(missing)}."


def naming_fields(fields: Mapping[str, str | None], known: Iterable[str]) -> tuple[str, ...]:
    """Which of the fields that outlive the case name somebody: a known name, part of one, handle, or any contact.

    records.md: "personally identifiable information of both reporter and bad actor will be removed. General
    information about the incident will remain."
    """
    traces = traces_of(known)
    return tuple(name for name in GENERAL_FIELDS if gives_away(fields.get(name) or "", traces))


def _check_day(decision: Decision, today: date) -> None:
    if decision.decided_on > today:
        raise WrongUsage("future-decision", "The decision lies in the future.", "Give the day on which it was taken.")


def _check_ban(decision: Decision) -> tuple[date | None, date | None]:
    if decision.outcome is not Outcome.BANNED:
        if decision.permanent or decision.ban_from or decision.ban_until:
            raise WrongUsage(
                "ban-without-ban", "Dates of a ban go with the outcome banned alone.", "Leave them out, or say banned."
            )
        return None, None
    begins = decision.ban_from or decision.decided_on
    if decision.permanent == (decision.ban_until is not None):
        raise WrongUsage("ban-end", "A ban has an end or is permanent.", "Give --ban-until DATE or --permanent.")
    if decision.ban_until is not None and decision.ban_until < begins:
        raise WrongUsage("ban-order", "The ban would end before it begins.", "Check --ban-from and --ban-until.")
    return begins, decision.ban_until


def _rows(decision: Decision, named: Sequence[int]) -> tuple[int, ...]:
    if decision.subject is not None:
        if decision.subject not in named:
            raise WrongUsage("no-such-subject", f"There is no subject {decision.subject}.", "See `conduct case show`.")
        return (decision.subject,)
    if not named and decision.outcome in {Outcome.FLAGGED, Outcome.BANNED}:
        raise Refused(
            "nobody-named",
            f"Nobody is named, so nobody can be {decision.outcome.value}.",
            'Name the person first: conduct case edit CASE --subject "Name <contact>".',
        )
    return tuple(named) or (0,)
