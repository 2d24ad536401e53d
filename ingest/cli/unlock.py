"""``conduct unlock``: keep the member's key in the agent for a while."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import click

from ingest import wiring
from ingest.agent.client import Line
from ingest.agent.protocol import MOST_SECONDS, State
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.parameters import DURATION
from ingest.clock import Clock
from ingest.desk import by_passphrase
from ingest.home import read_secret
from records import index
from records.vault.identity import agent_seed


@click.command("unlock")
@click.option(
    "--for",
    "span",
    type=DURATION,
    default="15m",
    show_default=True,
    metavar="TIME",
    help=f"How long: 90s, 15m, 8h; {MOST_SECONDS // 3600}h at most.",
)
@format_option()
@pass_session
def command(session: Session, span: dt.timedelta) -> None:
    """Keep your key in memory for a while, so that the commands and hooks that follow need no passphrase.

    A small process of yours holds it, and nothing is written to the disk.  It is gone when the time is over, with
    conduct lock, and when you log out.  Unlocking again sets the time anew.
    """
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store:
        file, keyring = by_passphrase(session, store, session.existing_identities())
        line = Line(session.home, file, session.environ)
        state = line.hold(agent_seed(keyring.identity), read_secret(file), span.total_seconds())
        # Looked through now, while a person waits anyway, so that no hook of her mail program has to.
        with store.reading() as transaction:
            index.current(transaction, keyring)
    until = Clock().now() + dt.timedelta(seconds=state.seconds)
    emit(session, f"Your key is unlocked until {_moment(until)}.", _answer(file, until, state))
    if not state.is_locked:
        say("This system lets no memory be locked, so the key may be written to its swap space.")


def _moment(until: dt.datetime) -> str:
    here = until.astimezone()
    local = f" ({here:%H:%M} {here.tzname()})" if here.utcoffset() else ""
    return f"{until:%Y-%m-%d %H:%M} UTC{local}"


def _answer(file: Path, until: dt.datetime, state: State) -> dict[str, object]:
    return {"identity": file, "until": until, "memory_locked": state.is_locked}
