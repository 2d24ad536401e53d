"""``conduct poll``: one round of taking in mail."""

from __future__ import annotations

import contextlib
import dataclasses

import click

from ingest import jobs, wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say


@click.command("poll")
@click.option("--mailbox", metavar="NAME", help="Only this mailbox, by the user it is logged in with.")
@format_option()
@pass_session
def command(session: Session, mailbox: str | None) -> None:
    """Take in every mail that is new, once.

    Nothing in the mailbox changes.  Copies of mails that members have expunged and that still wait for it are removed
    from the mailbox first.
    """
    jobs.refuse_other_mailbox(session.settings, mailbox)
    store = wiring.open_store(session.home, session.settings)
    with contextlib.closing(store):
        service = jobs.service(session.home, session.settings, session.environ, store, session.clock.now())
        result = jobs.poll_once(service)
    counts = dataclasses.asdict(result.counts)
    emit(session, jobs.poll_sentence(result.counts), {**counts, "mailbox_expunged": result.wiped})
    for notice in result.notices:
        say(notice)
