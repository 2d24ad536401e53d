"""The checks of ``conduct doctor``: what works, what does not, what to do; they change nothing and need no passphrase.

``home`` looks at files, ``store`` at the records, ``service`` at how ``conduct run`` goes, ``smarthost`` and
``mailbox`` at the mail servers; this file puts them in order.  What cannot be looked at by this user is said to be so,
never passed as fine.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import wiring
from ingest.checkup.finding import Finding, State, note, ok, problem, told
from ingest.home import Home
from policies.community import Policy
from policies.errors import ConductError

if TYPE_CHECKING:  # pydantic and SQLAlchemy are read when a home has what needs them
    from ingest.config import Settings
    from records.store import Store

__all__ = ["Finding", "Patient", "State", "examine", "exit_status"]


@dataclasses.dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at.  ``settings`` raises what reading conduct.toml raises; ``now`` is the home's clock.

    ``wall`` is this machine's clock, which differs from ``now`` in a trial home only.
    """

    home: Home
    environ: Mapping[str, str]
    settings: Callable[[], Settings]
    now: Callable[[], datetime]
    wall: datetime
    identities: tuple[Path, ...]
    passphrase_file: Path | None


def examine(patient: Patient) -> list[Finding]:
    """Every check in turn; one that fails does not stop the next."""
    from ingest.checkup import agent as key
    from ingest.checkup import home as files

    found = [
        *_tried("packages", files.packages),
        *_tried("modes", lambda: files.modes(patient.home)),
        *_tried("owners", lambda: files.owners(patient.home)),
        *_tried("identity", lambda: files.identities(patient.identities, patient.passphrase_file)),
        *_tried("agent", lambda: key.agent(patient.home, patient.identities, patient.environ)),
        *_tried("disk", lambda: files.disk(patient.home)),
    ]
    settings = None
    try:
        settings = patient.settings()
    except ConductError as error:
        return [*found, told("configuration", error), note("store", "Not looked at without a configuration.")]
    return [*found, *_with_settings(patient, settings)]


def exit_status(findings: Iterable[Finding]) -> int:
    """The worst of it: 4 when something is unavailable, 1 when there is a problem, else 0."""
    states = {finding.state for finding in findings}
    return 4 if State.UNAVAILABLE in states else 1 if State.PROBLEM in states else 0


def _with_settings(patient: Patient, settings: Settings) -> Iterator[Finding]:
    from ingest.checkup import home as files

    yield from _tried("configuration", lambda: files.configuration(patient.home, settings))
    yield from _tried("outgoing", lambda: files.outgoing(patient.home, settings))
    policy = None
    try:
        policy = wiring.load_policy(settings, patient.home)
        yield ok("policy", f"{policy.name}; `conduct policy explain` tells it.")
    except ConductError as error:
        yield told("policy", error)
    yield from _tried("backups", lambda: files.backups(patient.home, policy))
    yield from _tried("store", lambda: _of_store(patient, settings, policy))
    yield from _tried("service", lambda: _of_service(patient, settings))
    yield from _of_smarthost(patient, settings)
    yield from _of_mailbox(patient, settings)


def _of_store(patient: Patient, settings: Settings, policy: Policy | None) -> Iterator[Finding]:
    from ingest.checkup import store as records

    with contextlib.closing(wiring.open_store(patient.home, settings)) as store:
        yield from _tried("store", lambda: records.integrity(store))
        for name, check in _looks(patient, settings, policy, store):
            yield from _tried(name, check)


def _looks(
    patient: Patient, settings: Settings, policy: Policy | None, store: Store
) -> Iterator[tuple[str, Callable[[], Iterable[Finding]]]]:
    from ingest.checkup import store as records

    now = patient.now()
    yield "clock", lambda: records.clock(store, now)
    yield "audit", lambda: records.audit_chain(store, patient.identities)
    yield "members", lambda: records.committee(store, settings.board)
    yield "mail", lambda: records.mail_counts(store)
    yield "sent", lambda: records.sent(store, now.date())
    yield "poll", lambda: records.last_poll(patient.home, patient.wall)
    yield "drafts", lambda: records.drafts(store, now.date())
    if policy is not None:
        yield "retention", lambda: records.retention_state(store, policy, now.date())
        yield "sweep", lambda: records.sweep(store, policy, now)


def _of_service(patient: Patient, settings: Settings) -> Iterable[Finding]:
    from ingest.checkup import service

    return service.examine(patient.home, settings, patient.wall)


def _of_smarthost(patient: Patient, settings: Settings) -> Iterator[Finding]:
    place = settings.smtp
    if place is None:
        return
    if not wiring.is_service_user(patient.home):
        yield _of_somebody_else("smarthost")
        return
    from ingest.checkup import smarthost

    yield from _tried("smarthost", lambda: smarthost.examine(place, patient.environ))


def _of_somebody_else(check: str) -> Finding:
    return note(
        check,
        "Not looked at: its password belongs to the user whom the service runs as.",
        "Run conduct doctor as that user, too.",
    )


def _of_mailbox(patient: Patient, settings: Settings) -> Iterator[Finding]:
    if settings.imap is None:
        yield problem("mailbox", "conduct.toml names no mailbox.", "Add a table [imap] with host and user.")
        return
    if not wiring.is_service_user(patient.home):
        yield _of_somebody_else("mailbox")
    else:
        from ingest.checkup import mailbox

        yield from _tried("mailbox", lambda: mailbox.examine(settings, patient.environ, patient.now()))
    from ingest.checkup import home as files

    yield from files.beyond_reach(settings)


def _tried(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a check finds; where it fails, what it found before and why."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except ConductError as error:
        found.append(told(name, error))
    return found
