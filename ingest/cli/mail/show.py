"""``conduct mail show``: one mail, as text for a person or as its exact bytes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.mail.listing import sender
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, mail


@click.command("show")
@click.argument("mail_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The exact bytes that the mailbox gave, on standard output.")
@format_option()
@pass_session
def command(session: Session, mail_id: str, raw: bool) -> None:  # noqa: FBT001  click hands flags over so
    """Show one mail that was granted to you."""
    with at_desk(session) as desk, desk.looking() as transaction:
        stored = mail.one(transaction, mail_id)
        if raw:
            for piece in mail.raw(transaction, desk.keyring, stored.mail):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        draft = mail.opened(transaction, desk.keyring, stored.mail)
        case = next((cases.get(transaction, each).code_name for each in stored.cases), None)
    message = draft.get("message") or {}
    emit(
        session,
        _text(message, stored, case),
        {"id": stored.mail, "received": stored.received, "kind": stored.kind, "case": case, "message": message},
    )


def _text(message: Mapping[str, Any], stored: mail.StoredMail, case: str | None) -> str:
    lines = [f"{stored.mail}, {stored.kind.value}, received {stored.received:%Y-%m-%d %H:%M} UTC, case {case or '-'}"]
    if not message:
        return "\n".join([*lines, "It could not be read here; its exact bytes: conduct mail show ID --raw"])
    lines += [f"From: {sender(dict(message))}"]
    for name in ("to", "cc", "reply_to"):
        people = sender({"from_": message.get(name, ())})
        lines += [f"{name.replace('_', '-').capitalize()}: {people}"] if people else []
    lines += [f"Subject: {message.get('subject', '')}", f"Date: {message.get('date') or '-'} (the sender's claim)"]
    lines += [f"Attached: {one['filename']} ({one['content_type']})" for one in message.get("attachments", ())]
    lines += [f"Reading it: {', '.join(message['defects'])}"] if message.get("defects") else []
    lines += ["", message.get("text", "")]
    for inner in message.get("inner", ()):
        lines += ["", f"--- attached mail from {sender(inner)}: {inner.get('subject', '')}", inner.get("text", "")]
    return "\n".join(lines)
