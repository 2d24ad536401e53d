"""``conduct review``: the drafts one after the other, for a person at a terminal."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import say, show
from ingest.cli.reviewing.dialogue import Dialogue, Quit, drafts
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import WrongUsage
from records import cases
from templates import counted


@click.command("review")
@pass_session
def command(session: Session) -> None:
    """Go through the drafts, oldest first: accept, merge, dismiss or skip each.

    Shows what the mail suggests with the words it comes from, and asks about each suggestion; nothing is changed
    before you confirm it.  ? explains any question, Ctrl-C goes back to the draft and, there, ends the review.  Long
    texts are written in $VISUAL or $EDITOR.  One plain line after the other, for screen readers as well.
    """
    if not session.may_ask:
        raise WrongUsage(
            "not-a-terminal",
            "conduct review asks questions, and nobody is there to answer them: it needs a terminal.",
            "Without one: conduct case list --status draft, case show, case accept, case merge, case dismiss.",
        )
    with at_desk(session) as desk:
        waiting, closed = drafts(desk)
        if closed:
            say(f"{counted(closed, 'draft')} closed to you; another member reviews what you may not read.")
        settled = 0
        try:
            for number, draft in enumerate(waiting, start=1):
                with desk.looking() as transaction:
                    case = cases.get(transaction, draft)
                if case.status is not Status.DRAFT:
                    say(f"{case.code_name} was settled meanwhile.")
                    continue
                settled += Dialogue(desk, case).hold(f"\nDraft {number} of {len(waiting)}: {case.code_name}")
        except Quit:
            pass
        show(f"{counted(settled, 'draft')} settled, {len(waiting) - settled} left." if waiting else "No drafts wait.")
