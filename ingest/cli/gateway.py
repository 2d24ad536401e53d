"""``conduct gateway``: the SMTP door that mail programs send through, or that Postfix asks before it queues."""

from __future__ import annotations

import contextlib
import sys

import click

from ingest.cli.context import Session, pass_session


@click.command("gateway")
@click.option("--listen", metavar="HOST:PORT|unix:PATH", help="Where to listen, instead of gateway.listen.")
@pass_session
def command(session: Session, listen: str | None) -> None:
    """Check each mail that is sent through here, and hand it to the smarthost of [smtp], until a signal ends it.

    Mail programs log in as gateway.login says; mail that is not the committee's passes unread.  As a filter of
    Postfix (smtpd_proxy_filter) with gateway.login = "none".
    """
    from ingest.config import with_listen
    from ingest.gate.gateway import serve

    settings = session.settings if listen is None else with_listen(session.settings, listen)

    def announce(words: str) -> None:
        with contextlib.suppress(OSError):  # nobody keeps the log: mail is checked and leaves all the same
            sys.stderr.write(f"conduct: {words}\n")
            sys.stderr.flush()

    serve(session.home, settings, session.environ, session.identity_files(), settings.gateway.listen, announce)
