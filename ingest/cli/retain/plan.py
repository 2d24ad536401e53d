"""``conduct retain plan``: what goes when, and why; needs nobody's key and changes nothing."""

from __future__ import annotations

import contextlib

import click

from ingest import sweeping, wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.retain.showing import plan_json, plan_text, sweep_json, sweep_text
from records.editing import parse_date
from records.snapshot import make_plan
from records.viewing import handler_names


@click.command("plan")
@click.option("--on", metavar="DATE", help="As it will stand on that day; today by default.")
@format_option()
@pass_session
def command(session: Session, on: str | None) -> None:
    """Show part by part what will be expunged on which day, what is held and why, and what has no date.

    Then how the unattended sweep stands today, what it has announced and when it goes.
    """
    store = wiring.open_store(session.home, session.settings)
    policy = wiring.load_policy(session.settings, session.home)
    day = parse_date(on) if on else session.clock.today()
    with contextlib.closing(store), store.reading() as transaction:
        plan = make_plan(transaction, policy, day)
        sweep = sweeping.outlook(transaction, policy, session.clock.now())
        names = handler_names(transaction)
    text = f"{plan_text(session, plan, policy).rstrip()}\n\n{sweep_text(session, sweep, names)}"
    emit(session, text, plan_json(session, plan, sweep) | {"sweep": sweep_json(sweep, names)})
