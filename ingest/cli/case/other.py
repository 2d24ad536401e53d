"""``conduct case other``: two subjects are different people."""

from __future__ import annotations

import click

from ingest.cli.case.same import settle
from ingest.cli.context import Session, pass_session
from ingest.cli.output import format_option


@click.command("other")
@click.argument("case")
@click.argument("n", type=int)
@click.argument("other")
@click.argument("m", type=int)
@format_option()
@pass_session
def command(session: Session, case: str, n: int, other: str, m: int) -> None:
    """Say that subject N of CASE is not subject M of OTHER: neither record moves the other."""
    settle(session, case, n, other, m, "different")
