"""``conduct explain``: a rule of the outgoing check in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from policies.errors import WrongUsage
from policies.lint.allowing import LIFTED_BY
from policies.lint.explained import EXPLAINED
from policies.lint.explained.words import Explained
from policies.lint.rules import RULES
from policies.lint.verdict import Override

_LIFTED = {
    Override.REASON: "for one draft: conduct lint --allow RULE --reason TEXT",
    Override.FREE: "for one draft with --allow, or by lint.toml: [rules.RULE] severity, exceptions",
}


@click.command("explain")
@click.argument("rule", required=False)
@format_option()
@pass_session
def command(session: Session, rule: str | None) -> None:
    """Say what a RULE of the outgoing check demands, why, what fires and what does not; without RULE, list them."""
    if rule is None:
        emit(session, _table(), {"rules": [_answer(each) for each in EXPLAINED.values()]})
        return
    found = EXPLAINED.get(rule.strip().casefold())
    if found is None:
        raise WrongUsage("no-such-rule", f"There is no rule {rule}.", _near(rule))
    emit(session, "\n".join(_lines(found)), _answer(found))


def _near(rule: str) -> str:
    import difflib

    near = difflib.get_close_matches(rule, EXPLAINED, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "`conduct explain` lists the rules."


def _table() -> Table:
    rows = [(name, rule.severity.value, rule.override.value, EXPLAINED[name].demands) for name, rule in RULES.items()]
    return Table(("Rule", "Severity", "Lifted", "Demands"), rows)


def _answer(found: Explained) -> dict[str, object]:
    rule = RULES[found.rule]
    return {
        **dataclasses.asdict(found),
        "severity": rule.severity,
        "override": rule.override,
        "needs_case": rule.needs_case,
    }


def _lines(found: Explained) -> Iterator[str]:
    rule = RULES[found.rule]
    yield f"{found.rule}: {rule.severity.value}"
    yield f"  {found.demands}"
    yield f"  Serves   {found.serves}"
    yield f"  Mend     {found.mend}"
    yield f"  Lifted   {_LIFTED.get(rule.override) or f'by {LIFTED_BY[rule.id]}'}"
    if rule.needs_case:
        yield "  Case     runs only where a case is on record for the mail"
    yield from (f"  fires    {example}" for example in found.fires)
    yield from (f"  silent   {example}" for example in found.silent)
