"""``conduct retain plan``: what goes when, and why; needs nobody's key and changes nothing."""

from __future__ import annotations

import contextlib
from datetime import date

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.retain.showing import plan_json, plan_text
from policies import retention
from policies.community import Policy
from policies.retention import Plan
from records import snapshot
from records.editing import parse_date
from records.store import Transaction


@click.command("plan")
@click.option("--on", metavar="DATE", help="As it will stand on that day; today by default.")
@format_option()
@pass_session
def command(session: Session, on: str | None) -> None:
    """Show part by part what will be expunged on which day, what is held and why, and what has no date."""
    store = wiring.open_store(session.home, session.settings)
    policy = wiring.load_policy(session.settings, session.home)
    day = parse_date(on) if on else session.clock.today()
    with contextlib.closing(store), store.reading() as transaction:
        plan = make_plan(transaction, policy, day)
    emit(session, plan_text(session, plan, policy), plan_json(session, plan))


def make_plan(transaction: Transaction, policy: Policy, day: date) -> Plan:
    """The plan for a day, from the store as it stands."""
    taken = snapshot.take(transaction)
    return retention.plan(taken.cases, taken.mails, taken.links, policy, day, taken.members_present)
