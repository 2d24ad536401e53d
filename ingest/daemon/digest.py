"""The weekly digest: when it is due, whom it goes to, and that each member gets it once, also across restarts."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, get_args

from ingest import notices, sweeping, wiring
from ingest.config_sections import Weekday
from ingest.daemon import health
from ingest.daemon.summary import summary
from ingest.home import replace_file
from ingest.jobs import Service
from policies.errors import Refused, Unavailable
from records import members
from templates import counted, render

FILE: Final = "digest.json"
_DAYS: Final[Sequence[str]] = get_args(Weekday)
_MOST_BYTES: Final = 64 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """The digest of one ``day``: the members (ids) who have been sent it, and whether it is done with."""

    day: date
    members: tuple[str, ...] = ()
    is_complete: bool = False


def due_day(weekday: str, today: date, last: Sent | None) -> date | None:
    """The day whose digest is still to be sent: the latest such weekday, however long ago the machine was off.

    None where it was sent, or none is wanted.  A note from a day to come was made by a wrong clock and does not count.

    >>> due_day("monday", date(2026, 11, 19), Sent(date(2026, 11, 9), (), True))
    datetime.date(2026, 11, 16)
    """
    if weekday not in _DAYS:
        return None
    day = today - timedelta(days=(today.weekday() - _DAYS.index(weekday)) % 7)
    is_done = last is not None and last.is_complete and day <= last.day <= today
    return None if is_done else day


def send_if_due(job: Service) -> str:
    """Send the digest to every present member who has not had it; empty where there is nothing to do.

    Raises Unavailable: the smarthost is out of reach; Refused: it does not want some of them; OSError: what was sent
    cannot be noted, so nothing more is sent.
    """
    if job.settings.smtp is None:
        return ""
    file = job.home.root / FILE
    last = load(file)
    day = due_day(job.settings.service.digest, job.now.date(), last)
    if day is None:
        return ""
    sent = last if last is not None and last.day == day else Sent(day)
    _save(file, sent)  # where this fails, no mail may go out again and again
    return _send_to_all(job, file, sent)


def _send_to_all(job: Service, file: Path, sent: Sent) -> str:
    subject, body, addresses = _compose(job)
    refused, failure = 0, None
    for member, address in addresses.items():
        if member in sent.members:
            continue
        try:
            notices.send(job, subject, body, address)
        except Refused:
            refused += 1
        except Unavailable as error:  # perhaps her mailbox alone is full: the others are not to wait for it
            failure = error
            continue
        sent = dataclasses.replace(sent, members=(*sent.members, member))
        _save(file, sent)
    if failure is not None:
        raise failure
    _save(file, dataclasses.replace(sent, is_complete=True))
    if refused:
        raise Refused(
            "digest-refused",
            f"The smarthost refuses the digest for {refused} of {len(addresses)} members.",
            "Compare the addresses on the roster, conduct member list, with what the smarthost lets through.",
        )
    return f"The digest was sent to {counted(len(addresses), 'member')}."


def _compose(job: Service) -> tuple[str, str, Mapping[str, str]]:
    """Subject, text, and the address of each present member."""
    policy = wiring.load_policy(job.settings, job.home)
    with job.store.reading() as transaction:
        values = summary(transaction, policy, job.now.date(), health.load(job.home) or health.Health())
        here = [each.member for each in members.present(transaction)]
        names = {str(each.member.id): each.member.name for each in members.load(transaction)}
        sweep = sweeping.in_words(sweeping.outlook(transaction, policy, job.now), names, job.home.templates)
    values = {**values, "weekday": job.settings.service.digest, "sweep": sweep.strip()}
    subject = render("digest/subject.txt", job.home.templates, **values)
    body = render("digest", job.home.templates, **values)
    return subject, body, {each.id: each.addresses[0] for each in here if each.addresses}


def load(file: Path) -> Sent | None:
    """What was noted of the last digest; None where nothing readable is."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        value = json.loads(file.read_bytes()[:_MOST_BYTES])
        return Sent(date.fromisoformat(value["day"]), tuple(value["members"]), value["complete"] is True)
    return None


def _save(file: Path, sent: Sent) -> None:
    value = {"day": sent.day.isoformat(), "members": sent.members, "complete": sent.is_complete}
    replace_file(file, json.dumps(value).encode("ascii"))
