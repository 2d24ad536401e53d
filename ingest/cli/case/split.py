"""``conduct case split``: take mail out of a case that it does not belong to, and put it back."""

from __future__ import annotations

from shlex import quote
from typing import Any

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import Desk, at_desk
from policies.errors import WrongUsage
from policies.mail import MailId
from records import cases, splitting
from records.store import Transaction
from records.viewing import handler_names
from templates import counted


@click.command("split")
@click.argument("case")
@click.argument("mails", metavar="MAIL...", nargs=-1)
@click.option("--undo", is_flag=True, help="CASE was split off another one: put its mail back there.")
@format_option()
@pass_session
def command(session: Session, case: str, mails: tuple[str, ...], undo: bool) -> None:
    """Take mail out of CASE that was joined wrongly, and make a draft of it.

    The first mail of a thread takes the whole thread along, any other one what was answered to it.  Nobody may read
    more for it: who is kept from CASE is kept from the draft, until another member lets her in.
    """
    if undo and mails:
        raise WrongUsage("undo-with-mail", "What was split off goes back whole.", "Name the draft and no mail.")
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        if undo:
            lines, answer = _undo(transaction, desk, found)
        else:
            lines, answer = _split(transaction, desk, found, mails)
    emit(session, lines, answer)


def _undo(transaction: Transaction, desk: Desk, draft: cases.Case) -> tuple[list[str], dict[str, Any]]:
    origin, who = splitting.undo(transaction, desk.keyring, draft, desk.now)
    names, code = handler_names(transaction), origin.code_name.replace(" ", "-")
    kept = [names[one] for one in who]
    lines = [f"The mail of {draft.code_name} is back in {origin.code_name}."]
    lines += [
        f"Kept from {each} now, as {draft.code_name} was: conduct member unrecuse {quote(each)} {code}" for each in kept
    ]
    return lines, {"case": draft.code_name, "into": origin.code_name, "kept_out": kept}


def _split(
    transaction: Transaction, desk: Desk, case: cases.Case, mails: tuple[str, ...]
) -> tuple[list[str], dict[str, Any]]:
    done = splitting.split(transaction, desk.keyring, case, [MailId(each) for each in mails], desk.now)
    names = handler_names(transaction)
    draft, code = done.draft.code_name, done.draft.code_name.replace(" ", "-")
    are = "is" if len(done.mails) == 1 else "are"
    mails_of = f"{counted(len(done.mails), 'mail')} of {case.code_name}"
    held, kept = ([names[one] for one in who] for who in (done.held_from, done.kept_out))
    lines = [f"{mails_of} {are} now the draft {draft}: {', '.join(done.mails)}."]
    lines += [f"Held from {each}, whom it names: conduct mail release {done.mails[0]} {quote(each)}" for each in held]
    lines += [
        f"Kept from {each}, as {case.code_name} is: conduct member unrecuse {quote(each)} {code}" for each in kept
    ]
    lines.append(f"To put it back: conduct case split --undo {code}")
    answer = {
        "case": case.code_name, "draft": draft, "mail": list(done.mails), "held_from": held, "kept_out": kept
    }  # fmt: skip
    return lines, answer
