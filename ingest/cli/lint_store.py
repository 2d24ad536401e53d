"""``conduct lint`` without --context: what the store knows, with the member's key or without any."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from ingest import wiring
from ingest.agent.client import is_up
from ingest.cli.context import Session
from ingest.cli.output import say
from policies.errors import ConductError
from policies.lint.allowing import Allowance, lets_pass
from policies.lint.checked import Stored
from policies.lint.draft import Draft
from policies.lint.verdict import Verdict

if TYPE_CHECKING:
    from ingest.desk import Desk
    from ingest.outgoing import Known
    from policies.lint.fix import Look

_NO_KEY = frozenset({"no-identity", "missing-answer"})


def can_unlock(session: Session) -> bool:
    """Whether there is a key to act with, and an agent that holds it or a passphrase that can be had; asks nobody."""
    has_passphrase = session.passphrase_file is not None or session.settings.passphrase_command is not None
    try:
        files = session.existing_identities()
    except ConductError as error:
        if error.code in _NO_KEY and session.identity_option is None:
            return False
        raise
    return has_passphrase or session.may_ask or is_up(session.home, files, session.environ)


def look_unlocked(
    session: Session,
    draft: Draft,
    handed: Sequence[Stored],
    envelope: Sequence[str],
    *,
    case: str | None,
    allowances: Sequence[Allowance],
    fixes: bool,
) -> Look:
    """A look at the draft with what the member may read; what she lets pass is put on record.

    ``fixes``: it is the mended draft in which she lets it pass.
    """
    from ingest.desk import at_desk
    from ingest.lint_files import lint_settings
    from ingest.looking import people_of, with_record
    from ingest.outgoing import look_up

    settings = lint_settings(session)
    with at_desk(session) as desk:
        with desk.looking() as transaction:
            known = look_up(session, desk.keyring, transaction, draft, people_of(draft, envelope), case)
        look = with_record(
            draft, known, handed, desk.today, envelope=envelope, settings=settings, allowances=allowances
        )
        if allowances:
            from policies.lint.fix import fix

            final = Draft(fix(draft.raw, look).raw) if fixes else draft
            _put_on_record(desk, known, final, envelope, _needed(allowances, look(final.raw)[1]))
    return look


def _needed(allowances: Sequence[Allowance], verdict: Verdict) -> tuple[Allowance, ...]:
    """Those that something in the draft is let pass by; of the others it is said that they are for nothing."""
    found = tuple(each for each in allowances if any(lets_pass([each], finding) for finding in verdict.allowed))
    for each in allowances:
        if each not in found:
            say(f"{each.rule}: nothing in this draft needs to be let pass, so nothing is recorded.")
    return found


def _put_on_record(
    desk: Desk, known: Known, draft: Draft, envelope: Sequence[str], allowances: tuple[Allowance, ...]
) -> None:
    from policies.lint.sameness import draft_digest
    from records.overrides import Giving, give

    if not allowances:
        return
    until = desk.today + timedelta(days=desk.policy.unlinked_mail_days)
    giving = Giving(draft_digest(draft, envelope), draft.digest, allowances, known.case, until)
    with desk.acting() as transaction:
        give(transaction, desk.keyring, giving, desk.now)
    rules = ", ".join(dict.fromkeys(each.rule for each in allowances))
    say(f"Let pass in this draft until {until}, and void when it changes: {rules}.")


def look_locked(session: Session, draft: Draft, envelope: Sequence[str]) -> Look:
    """A look at the draft with the roster alone: enough for mail that stays inside, or goes to who is there already."""
    from ingest.lint_files import lint_settings
    from ingest.looking import people_of, without_key
    from ingest.outgoing import look_up_locked

    settings = lint_settings(session)
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store:
        known = look_up_locked(session, store, draft, people_of(draft, envelope))
    return without_key(draft, known, session.clock.today(), envelope=envelope, settings=settings)
