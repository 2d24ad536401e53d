"""``conduct lock``: the agent forgets the member's key."""

from __future__ import annotations

import click

from ingest.agent.client import Line
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option


@click.command("lock")
@format_option()
@pass_session
def command(session: Session) -> None:
    """Forget the key that conduct unlock keeps in memory.  Locking what is locked is no error."""
    files = session.identity_files()
    locked = [file for file in files if Line(session.home, file, session.environ).lock()]
    words = "Your key is locked." if locked else "No key was unlocked."
    emit(session, words, {"locked": locked})
