"""``conduct policy explain``: terms, clock and every option in sentences, each with the file that set it."""

from __future__ import annotations

from typing import Any

import click

import templates
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.wiring import load_policy
from policies.community import Policy, policy_digest


@click.command("explain")
@format_option()
@pass_session
def command(session: Session) -> None:
    """Explain the policy: how long what is kept, from when, what moves or holds a date, and where each is set."""
    policy = load_policy(session.settings, session.home)
    values = _values(policy)
    overrides = session.home.templates
    text = templates.render("policy", overrides if overrides.is_dir() else None, **values, origin=policy.origin)
    emit(session, text, {**values, "set_in": {key: policy.set_in(key) for key in _keys(values)}})


def _values(policy: Policy) -> dict[str, Any]:
    """Every option by its key, as a policy file would write it."""
    return {
        "name": policy.name,
        "digest": policy_digest(policy),
        "terms": {
            outcome.value: {"reporter": term.reporter, "rest": term.rest} for outcome, term in policy.terms.items()
        },
        "clock": policy.clock.value,
        "extension": policy.extension.value,
        "extends": policy.extends.value,
        "recovery": policy.recovery.value,
        "grace_days": policy.grace_days,
        "unattended": policy.unattended,
        "unlinked_mail_days": policy.unlinked_mail_days,
        "draft_pause_days": policy.draft_pause_days,
        "hold_days_alone": policy.hold_days_alone,
        "review_months": policy.review_months,
        "backup_key_days": policy.backup_key_days,
        "notice_days": list(policy.notice_days),
    }


def _keys(values: dict[str, Any]) -> list[str]:
    """The dotted key of every option, as it is written in a policy file."""
    options = [key for key in values if key not in {"name", "digest", "terms", "recovery"}]
    terms = [f"retention.terms.{outcome}" for outcome in values["terms"]]
    return ["name", "recovery", *terms, *(f"retention.{key}" for key in options)]
