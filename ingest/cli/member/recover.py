"""``conduct member recover``: the last resort, with the recovery secret from its envelope."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.member.add import answer, read_block, sentences
from ingest.cli.output import emit, format_option, say
from ingest.founding import term_start
from ingest.home import MAX_SECRET_BYTES, read_secret
from policies.errors import WrongUsage
from records import joining, members
from records.keyring import Keyring
from records.store import Transaction
from records.vault.identity import from_recovery_text

_FILE = click.Path(path_type=Path)


@click.command("recover")
@click.option("--recovery", type=_FILE, required=True, metavar="FILE", help="The secret as printed; - is stdin.")
@click.option("--for", "to", metavar="NAME", help="Grant a present member what is due to her and nobody can grant.")
@click.option("--replace", metavar="NAME", help="End the term of a member whose key is lost ...")
@click.option("--block", type=_FILE, metavar="FILE", help="... and let in whoever this block introduces.")
@format_option()
@pass_session
def command(session: Session, recovery: Path, to: str | None, replace: str | None, block: Path | None) -> None:
    """Use the recovery secret where no member's key can help.

    --for NAME grants her what only the recovery identity can still open.  --replace NAME --block FILE puts a new key
    in the place of a lost one: make it with `conduct member key`.  Both are in the audit chain, signed by the
    recovery identity.
    """
    if (to is None) == (replace is None) or (replace is None) != (block is None):
        raise WrongUsage("one-of-two", "Give either --for NAME, or --replace NAME together with --block FILE.")
    if to is not None:
        _restore(session, recovery, to)
    elif replace is not None and block is not None:
        _replace(session, recovery, replace, block)
    say("Put the secret back into its envelope, and delete the file.")


def _restore(session: Session, recovery: Path, name: str) -> None:
    with _recovering(session, recovery) as (transaction, keyring, now):
        to = members.find(transaction, name)
        granted, owed = joining.restore(transaction, keyring, to, now)
    sentence = f"{granted} records and mails were granted to {to.member.name}."
    emit(session, sentence, {"member": to.member.name, "granted": granted, "owed": owed})


def _replace(session: Session, recovery: Path, name: str, block: Path) -> None:
    newcomer = read_block(block)
    with _recovering(session, recovery) as (transaction, keyring, now):
        leaving = members.find(transaction, name)
        starts = term_start(now.date(), now.date())
        admitted = joining.replace(transaction, keyring, leaving, newcomer, starts, now)
    emit(session, "\n".join(sentences(admitted)), {**answer(admitted), "replaced": leaving.member.id})


@contextlib.contextmanager
def _recovering(session: Session, file: Path) -> Iterator[tuple[Transaction, Keyring, datetime]]:
    identity = from_recovery_text(_text(file))
    with (
        contextlib.closing(wiring.open_store(session.home, session.settings)) as store,
        store.writing() as transaction,
    ):
        yield transaction, joining.recovery_keyring(transaction, identity), session.clock.now()


def _text(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_SECRET_BYTES).decode("utf-8", "replace")
    return read_secret(file.expanduser()).decode("utf-8", "replace")
