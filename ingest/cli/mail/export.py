"""``conduct mail export``: the exact bytes of every mail that this member may read."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.desk import Desk, at_desk
from ingest.home import is_loose
from policies.errors import Unavailable, WrongUsage
from policies.mail import MailId
from records import audit, cases, mail
from records.store import Transaction


@click.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder; made if missing.")
@click.option("--case", metavar="CASE", help="Only the mails of this case.")
@format_option()
@pass_session
def command(session: Session, out: Path, case: str | None) -> None:
    """Write each mail to DIR/ID.eml, byte for byte as the mailbox gave it.

    What you write out is outside the program's reach: it cannot be expunged here.  The export is audited.
    """
    _make_folder(out)
    with at_desk(session) as desk:
        with desk.acting() as transaction:
            wanted = cases.find(transaction, case) if case else None
            granted = {name.removeprefix("message:") for name in desk.keyring.granted(transaction, "message:")}
            chosen = [
                each.mail
                for each in mail.stored(transaction)
                if each.mail in granted and (wanted is None or wanted.id in each.cases)
            ]
            about = wanted.code_name if wanted else ""
            audit.append(transaction, desk.keyring, desk.now, "export", about, mails=len(chosen))
        with desk.looking() as transaction:
            written = [{"id": one, "sha256": _write(transaction, desk, one, out)} for one in chosen]
    emit(session, f"{len(written)} mails written to {out}.", {"out": out, "mail": written})
    say("Delete the folder when you are done: the program cannot expunge what lies there.")


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsage("bad-folder", f"{out} cannot be made: {error.strerror}.", "Name another folder.") from None
    if is_loose(out):
        say(f"Others can see what you write to {out}: chmod 700 {out}")


def _write(transaction: Transaction, desk: Desk, mail_id: MailId, out: Path) -> str:
    path = out / f"{mail_id}.eml"
    digest = hashlib.sha256()
    with _new_file(path) as file:
        for piece in mail.raw(transaction, desk.keyring, mail_id):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears whole or not at all, for its owner's eyes."""
    draft = path.with_suffix(".part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Unavailable("cannot-write", f"{path.parent} cannot be written to: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    draft.replace(path)
