"""``conduct mail import``: the years before, from mbox files, Maildirs and .eml files."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click

from ingest import jobs, wiring
from ingest.archives.looking import Archives, look
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.parameters import DAY
from ingest.importing import Preview, day_of_longest_term, preview, take_in_archives
from ingest.jobs import Service
from policies.community import Policy
from policies.errors import UnreadableInput
from records import granting
from templates import counted

_REMINDER = "Delete the files when you have looked through what came of them: no expunge reaches them."


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--since", type=DAY, metavar="DATE", help="Leave out what arrived before that day.")
@click.option("--dry-run", is_flag=True, help="Say what would come in, by kind and year; write nothing.")
@format_option()
@pass_session
def command(session: Session, paths: tuple[Path, ...], since: date | None, dry_run: bool) -> None:
    """Take in mail of former years: mbox files, Maildirs, .eml files, and folders of them.

    Whoever the service runs as does it, as with poll; nobody's key is needed.  It may be stopped at any point and
    run again: a mail is known by its bytes, also if the mailbox gave it, and what was destroyed never comes back.
    The files are only read.  Mails marked as deleted, drafts of a Maildir and files without mail are left out.

    A mail counts as arrived on the day of its topmost Received line; without one of the mbox's From line, or of the
    Maildir; else of its Date; else when the file was written; never in the future.  It is sealed to those present
    members who were members on that day, and to the recovery identity, as if it had been polled then.

    No term runs before a member has looked: what may be a report becomes a draft (conduct review), however old.
    When you decide such a case, give the day it was decided (--decided): what is over by then is due at once.
    Automatic mail, bounces and our own mail without a case go after the days for unlinked mail, from today.
    """
    store = wiring.open_store(session.home, session.settings)
    with contextlib.closing(store):
        job = jobs.service(session.home, session.settings, session.environ, store, session.clock.now())
        archives = _look(job, paths, since)
        if dry_run:
            _preview(session, job, archives, wiring.load_policy(session.settings, session.home))
        else:
            _import(session, job, archives)


def _look(job: Service, paths: tuple[Path, ...], since: date | None) -> Archives:
    archives = look(paths, job.now)
    if since is not None:
        before = len(archives.mails)
        archives.mails = [each for each in archives.mails if each.received.date() >= since]
        say(f"{counted(before - len(archives.mails), 'mail')} from before {since} left out.")
        if not archives.mails:
            raise UnreadableInput("no-mail", f"No mail arrived on or after {since}.", "Give an earlier day.")
    return archives


def _import(session: Session, job: Service, archives: Archives) -> None:
    with _progress(session, archives) as progress, jobs.import_of(job, archives, progress) as work:
        counts = take_in_archives(work)
    text = (
        jobs.poll_sentence(counts) if counts.stored else f"Nothing new; {counted(counts.known, 'mail')} known already."
    )
    answer = {**dataclasses.asdict(counts), "left_out": archives.left_out, "ignored_files": archives.ignored}
    emit(session, [text, *_left_out(archives)], answer)
    with job.store.reading() as transaction:
        closed = granting.only_for_recovery(transaction) if counts.stored else 0
    if closed:
        say(f"{counted(closed, 'mail')} can be opened with the recovery identity alone: nobody of today was there.")
    say(_REMINDER)


def _preview(session: Session, job: Service, archives: Archives, policy: Policy) -> None:
    months = [term.reporter for term in policy.terms.values()]
    over_before = day_of_longest_term(months, job.now.date())
    with _progress(session, archives) as progress, jobs.import_of(job, archives, progress) as work:
        found = preview(work, over_before)
    answer = {
        "dry_run": True,
        "read": len(archives.mails),
        "new": found.new,
        "known": found.known,
        "kinds": dict(found.kinds.most_common()),
        "years": {str(year): found.years[year] for year in sorted(found.years)},
        "beyond_terms": found.beyond_terms,
        "for_nobody_present": found.unreadable,
        "left_out": archives.left_out,
        "ignored_files": archives.ignored,
    }
    emit(session, [*_preview_lines(found, policy, over_before), *_left_out(archives)], answer)


def _preview_lines(found: Preview, policy: Policy, over_before: date | None) -> Iterator[str]:
    yield f"{counted(found.new, 'mail')} would come in; {found.known} known already. Nothing was written."
    if found.new:
        yield "By kind:  " + ", ".join(f"{kind} {number}" for kind, number in found.kinds.most_common())
        yield "By year:  " + ", ".join(f"{year} {found.years[year]}" for year in sorted(found.years))
    own = sum(found.kinds[kind] for kind in ("automatic", "bounce", "sent"))
    if own:
        days = policy.unlinked_mail_days
        yield f"Of what is automatic, bounced or ours ({own}), whatever joins no case goes in {days} days."
    if found.beyond_terms and over_before is not None:
        yield (
            f"{counted(found.beyond_terms, 'mail')} arrived before {over_before}, longer ago than the longest term: "
            "cases decided then are due at once when they are closed. "
            f"--since {over_before} leaves such mail out."
        )
    if found.unreadable:
        yield (
            f"{counted(found.unreadable, 'mail')} arrived when nobody of today was a member: "
            "the recovery identity alone will open it."
        )


def _left_out(archives: Archives) -> Iterator[str]:
    if archives.left_out:
        yield f"Left out: {counted(archives.left_out, 'mail')} marked as deleted, or a draft."
    if archives.ignored:
        yield f"Passed over: {counted(archives.ignored, 'file')} that hold no mail."


@contextlib.contextmanager
def _progress(session: Session, archives: Archives) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, for a person; silence elsewhere."""
    if session.no_input or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        "Mails", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=len(archives.mails))
        yield lambda number: bar.advance(task, number)
