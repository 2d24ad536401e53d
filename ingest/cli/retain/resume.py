"""``conduct retain resume``: the unattended sweep goes on, and announces everything anew."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.retain.showing import sweep_text
from ingest.cli.terminal import confirm
from ingest.desk import at_desk
from ingest.sweeping import outlook
from policies.retention.sweeping import NOTICE, SHORT_NOTICE
from records import sweeping
from records.viewing import handler_names


@click.command("resume")
@click.option("--yes", is_flag=True, help="Do not ask whether date and reason were looked at.")
@format_option()
@pass_session
def command(session: Session, yes: bool) -> int:
    """Let the unattended sweep go on after a pause, or after it stopped because of the clock.

    What was announced before no longer counts: everything is announced anew.
    """
    with at_desk(session) as desk:
        with desk.looking() as transaction:
            sweep = outlook(transaction, desk.policy, desk.now)
            reason = sweeping.reason_of(transaction, desk.keyring, sweep.stop) if sweep.stop else None
            say(sweep_text(session, sweep, handler_names(transaction)))
        if reason is not None:
            say(f"The reason: {reason}")
        say(f"By this machine's clock it is {desk.now:%Y-%m-%d %H:%M} UTC.")
        if sweep.stop is not None and not yes and not confirm(session, "Let the sweep go on?"):
            say("Nothing was changed.")
            return 1
        with desk.acting() as transaction:
            was = sweeping.resume(transaction, desk.keyring, desk.now)
    days = f"{NOTICE.days} days of notice, {SHORT_NOTICE.days} for no violation"
    emit(session, f"The sweep goes on. Everything is announced anew: {days}.", {"state": "resumed", "was": was.kind})
    return 0
