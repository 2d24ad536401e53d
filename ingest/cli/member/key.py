"""``conduct member key``: a newcomer makes her key, on her own account, before she is a member of anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.terminal import ask, ask_new_passphrase


@click.command("key")
@click.option("--name", metavar="NAME", help="Your name, as the committee writes it.")
@click.option("--address", "addresses", multiple=True, metavar="ADDR", help="Your address; may be given repeatedly.")
@click.option("--handle", "handles", multiple=True, metavar="NAME", help="An account of yours elsewhere.")
@click.option("--nickname", "nicknames", multiple=True, metavar="NAME", help="A short form of your name.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where your locked identity goes.")
@format_option()
@pass_session
def command(
    session: Session,
    name: str | None,
    addresses: tuple[str, ...],
    handles: tuple[str, ...],
    nicknames: tuple[str, ...],
    out: Path | None,
) -> None:
    """Write your identity, locked by a passphrase, to FILE, and print the block that a member adds you with.

    Send the block to a member, and compare the eight words with her by voice.
    """
    from ingest.newfiles import new_files
    from records.vault.identity import DEFAULT_COST, TRIAL_COST, Identity, introduce, lock, spoken_words

    name = name or ask(session, "Your name", "--name")
    addresses = addresses or (ask(session, "Your address", "--address"),)
    file = (out or Path(ask(session, "File for your identity", "--out"))).expanduser().absolute()
    identity = Identity.generate()
    block = introduce(identity, name, addresses, handles, nicknames)
    locked = lock(identity, ask_new_passphrase(session), TRIAL_COST if _in_trial_home(session) else DEFAULT_COST)
    words = spoken_words(identity.public.fingerprint)
    with new_files() as made:
        made.secret(file, locked)
        emit(session, block, {"identity": file, "block": block, "words": words})
        sys.stdout.flush()
    say(f"Your identity is in {file}.  Compare these words by voice: {' '.join(words)}.")


def _in_trial_home(session: Session) -> bool:
    # A newcomer may be anywhere: no home, or one that is not hers to read.
    return os.access(session.home.settings_file, os.R_OK) and session.settings.trial
