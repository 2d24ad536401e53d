"""The jobs of the service: a round of polling, and the mailbox's part of an expunge; each once, when asked."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from ingest import pipeline, wiring
from ingest.archives.looking import Archives
from ingest.config import Settings
from ingest.desk import Server
from ingest.filing import Counts, Rules
from ingest.home import Home, is_loose
from ingest.importing import Import
from ingest.lifeline import Lifeline
from ingest.mailbox import Mailbox
from ingest.mailbox_lock import mailbox_lock
from ingest.sent import actual_folders
from ingest.wiping import Wiping, wipe_mailbox
from ingest.worker import Reader
from policies import plain
from policies.community import Recovery
from policies.errors import WrongUsage
from policies.roster import Roster
from records import granting, members, overrides, refusals, sweeping
from records.guard import only_poller
from records.mail import IMPORTED
from records.store import Store
from records.tags import Tags
from templates import counted


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """What an unattended job works with; ``lifeline`` is for whoever watches it."""

    home: Home
    settings: Settings
    environ: Mapping[str, str]
    store: Store
    server: Server
    now: datetime
    lifeline: Lifeline = dataclasses.field(default_factory=Lifeline)

    def connect(self) -> Mailbox:
        """A new connection to the mailbox."""
        return self.lifeline.hold(wiring.connect(self.settings, self.environ))

    @property
    def tags(self) -> Tags:
        """The tag key, ready for use."""
        return Tags(self.server.keys.tag_key)


@dataclasses.dataclass(frozen=True, slots=True)
class Polled:
    """What one round brought: counts, how many mails left the mailbox, and what the committee should be told."""

    counts: Counts
    wiped: int
    notices: tuple[str, ...]


def service(home: Home, settings: Settings, environ: Mapping[str, str], store: Store, now: datetime) -> Service:
    """The service of a home.  Raises Unavailable: this user does not hold the server's keys."""
    return Service(home, settings, environ, store, Server(wiring.server_keys(home)), now)


def refuse_other_mailbox(settings: Settings, name: str | None) -> None:
    """Refuse the name of a mailbox that is not configured.

    Raises WrongUsage.
    """
    if name is None or (settings.imap is not None and name == settings.imap.user):
        return
    raise WrongUsage(
        "no-such-mailbox", "There is no mailbox of that name.", "It is the user of [imap] in conduct.toml."
    )


def lock_file(home: Home) -> Path:
    """The lock that keeps a second poller off the mailbox."""
    home.locks.mkdir(exist_ok=True)
    return home.locks / "mailbox.lock"


def polled_file(home: Home) -> Path:
    """An empty file, written anew at the end of each round of polling that went well."""
    return home.locks / "mailbox.polled"


def poll_once(job: Service) -> Polled:
    """Expunge from the mailbox what waits for it, take in what is new, and expunge what came back.

    Raises LockedElsewhere: another process polls; Unavailable: mailbox or store failed.
    """
    mailbox = wiring.mailbox_name(job.settings)
    with mailbox_lock(lock_file(job.home), job.now), only_poller(job.store, mailbox):
        wiping = wipe_if_due(job)
        job.home.scratch.mkdir(exist_ok=True)
        round_ = pipeline.Round(
            store=job.store,
            mailbox=mailbox,
            folders=lambda mailbox: actual_folders(mailbox, job.settings),
            connect=job.connect,
            reader=_reader,
            conduct=(job.settings.address, *job.settings.aliases),
            tags=job.tags,
            signer=job.server,
            scratch=job.home.scratch,
            now=job.now,
            seal_mail_to_recovery=_mail_to_recovery(job),
            progressed=job.lifeline.progress,
        )
        counts = pipeline.poll(round_)
        if counts.known:  # what was destroyed may have come in again: a copy, or a mailbox with new numbers
            wiping = _together(wiping, wipe_if_due(job))
        _forget_old_remarks(job)
        with contextlib.suppress(OSError):  # a courtesy to the doctor: the round is done
            polled_file(job.home).touch()
    return Polled(counts, len(wiping.gone) if wiping else 0, tuple(_notices(job, counts, wiping)))


@contextlib.contextmanager
def import_of(job: Service, archives: Archives, progress: Callable[[int], None]) -> Iterator[Import]:
    """What an import works with, while no other process takes in mail.

    Raises LockedElsewhere: another process polls.
    """
    mailbox = wiring.mailbox_name(job.settings) if job.settings.imap else IMPORTED
    with mailbox_lock(lock_file(job.home), job.now), only_poller(job.store, mailbox):
        job.home.scratch.mkdir(exist_ok=True)
        with job.store.reading() as transaction:
            roster = members.roster(transaction, (job.settings.address, *job.settings.aliases))
        rules = Rules(roster, job.tags, job.server, job.now, _mail_to_recovery(job), sent_folder=None)
        yield Import(job.store, archives, rules, _reader, job.home.scratch, progress)


def wipe_if_due(job: Service) -> Wiping | None:
    """Carry out the mailbox's part of an expunge, if any waits; the caller holds the mailbox's lock."""
    return wipe_mailbox(job.store, job.connect, job.tags, job.server, job.now)


def _forget_old_remarks(job: Service) -> None:
    """What was let pass in a draft, found in a refused mail, or said of a pause is over after its days.

    That needs nobody's key.
    """
    today = job.now.date()
    paused = job.now - timedelta(days=wiring.load_policy(job.settings, job.home).unlinked_mail_days)
    with job.store.reading() as transaction:
        if not (
            overrides.has_old(transaction, today)
            or refusals.has_old(transaction, today)
            or sweeping.has_old_reason(transaction, paused)
        ):
            return
    with job.store.writing() as transaction:
        overrides.forget_old(transaction, today)
        refusals.forget_old(transaction, today)
        sweeping.forget_old_reason(transaction, paused)
    job.store.wipe_freed_space()


def _together(before: Wiping | None, after: Wiping | None) -> Wiping | None:
    """What two looks at the mailbox came to; what is left, the later one says."""
    if before is None or after is None:
        return after or before
    return Wiping(tuple(dict.fromkeys((*before.gone, *after.gone))), after.left)


def poll_sentence(counts: Counts) -> str:
    """What a round brought, in one line."""
    if not counts.fetched:
        return "Nothing new."
    parts = [
        counted(counts.drafts, "draft"),
        f"{counts.joined} joined to a case",
        f"{counts.automatic} automatic",
        f"{counts.needs_eyes} to be looked at by a person",
    ]
    known = f"; {counted(counts.known, 'mail')} known already" if counts.known else ""
    return f"{counted(counts.stored, 'new mail')}: {', '.join(parts)}{known}."


def _reader(roster: Roster) -> Reader:
    return Reader(plain.roster_to_plain(roster))


def _mail_to_recovery(job: Service) -> bool:
    return wiring.load_policy(job.settings, job.home).recovery is Recovery.ALL


def _notices(job: Service, counts: Counts, wiping: Wiping | None) -> list[str]:
    found = []
    password = job.settings.imap.password_file if job.settings.imap else None
    if password is not None and is_loose(password):
        found.append(f"Whoever reads {password} reads every mail; close it: chmod 600 {password}")
    if wiping is not None and wiping.left:
        found.append(f"{len(wiping.left)} expunged mails still lie in the mailbox; `conduct retain apply` says why.")
    unreadable = 0
    if counts.stored:  # what is old, conduct doctor tells
        with job.store.reading() as transaction:
            unreadable = granting.only_for_recovery(transaction)
    if unreadable:
        board = f" Tell the board: {job.settings.board}." if job.settings.board else ""
        found.append(f"{unreadable} mails can be opened with the recovery identity alone.{board}")
    return found
