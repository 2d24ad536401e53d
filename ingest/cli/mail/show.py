"""``conduct mail show``: one mail, as text for a person or as its exact bytes."""

from __future__ import annotations

import sys

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.mail.listing import people
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies import plain
from policies.errors import WrongUsage
from policies.mail import Message
from records import cases, drafts, mail, viewing


@click.command("show")
@click.argument("mail_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The exact bytes that the mailbox gave, on standard output.")
@format_option()
@pass_session
def command(session: Session, mail_id: str, raw: bool) -> None:
    """Show one mail that was granted to you."""
    with at_desk(session) as desk, desk.looking() as transaction:
        stored = mail.one(transaction, mail_id)
        if raw:
            _refuse_terminal()
            for piece in mail.raw(transaction, desk.keyring, stored.mail):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        draft = drafts.opened(transaction, desk.keyring, stored.mail)
        case = cases.name_of(stored.cases, cases.names_for_mail(transaction))
        forwarder = viewing.handler_names(transaction).get(stored.forwarded_by or "")
    message = plain.message_to_plain(draft.message) if draft.message else None
    emit(
        session,
        mail_text(draft.message, stored, case, forwarder),
        {
            "id": stored.mail,
            "received": stored.received,
            "kind": stored.kind,
            "case": case,
            "forwarded_by": forwarder,
            "message": message,
        },
    )


def _refuse_terminal() -> None:
    """The sender's bytes may hold what a terminal obeys.

    Raises WrongUsage.
    """
    if sys.stdout.isatty():
        raise WrongUsage(
            "raw-terminal", "The exact bytes of a mail are not for a terminal.", "Send them to a file: ... --raw > FILE"
        )


def mail_text(message: Message | None, stored: mail.StoredMail, case: str | None, forwarder: str | None) -> str:
    """A mail as a person reads it; ``forwarder`` is the member who handed it in."""
    lines = [f"{stored.mail}, {stored.kind.value}, received {stored.received:%Y-%m-%d %H:%M} UTC, case {case or '-'}"]
    lines += [f"Handed in by {forwarder}, a member"] if forwarder else []
    if message is None:
        return "\n".join([*lines, "It could not be read here; its exact bytes: conduct mail show ID --raw"])
    for name, addresses in (
        ("From", message.from_),
        ("To", message.to),
        ("Cc", message.cc),
        ("Reply-To", message.reply_to),
    ):
        lines += [f"{name}: {people(addresses)}"] if addresses else []
    date = f"{message.date:%Y-%m-%d %H:%M} UTC" if message.date else "-"
    lines += [f"Subject: {message.subject}", f"Date: {date} (the sender's claim)"]
    lines += [f"Attached: {one.filename} ({one.content_type})" for one in message.attachments]
    lines += [f"Reading it: {', '.join(message.defects)}"] if message.defects else []
    lines += ["", message.text]
    for inner in message.inner:
        lines += ["", f"--- attached mail from {people(inner.from_)}: {inner.subject}", inner.text]
    return "\n".join(lines)
