"""``conduct run``: the service, until a signal ends it."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session


@click.command("run")
@pass_session
def command(session: Session) -> None:
    """Take in mail as it comes, and do by itself what is to be done by itself, until a signal ends it.

    For systemd there are units in docs/systemd.  What it does is told on standard error, by code names and counts.
    Afterwards, and from other hosts, conduct doctor says how it stands.  conduct.toml is read once, at the start:
    after a change restart it.
    """
    from ingest.daemon.journal import begin_journal
    from ingest.daemon.keeper import Keeper
    from ingest.daemon.notify import Systemd
    from ingest.daemon.runner import Place
    from ingest.daemon.tasks import tasks
    from ingest.heap import stay_small
    from ingest.mailbox_lock import service_lock

    wiring.mailbox_name(session.settings)  # without a mailbox there is nothing to serve
    wiring.server_keys(session.home)
    wiring.load_policy(session.settings, session.home)
    wiring.open_store(session.home, session.settings).close()
    place = Place(session.home, session.settings, session.environ, session.clock)
    session.home.locks.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(service_lock(session.home.locks / "service.lock", session.clock.now()))
        keeper = Keeper(place, tasks(), begin_journal(session.environ), Systemd.from_environment(session.environ))
        stay_small()
        is_over = keeper.run()
    if not is_over:
        # A thread still waits for a server or a program; Python would wait for it, and systemd would not.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
