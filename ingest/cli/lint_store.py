"""``conduct lint`` without --context: what the store knows, with the member's key or without any."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from datetime import date

from ingest import wiring
from ingest.agent.client import is_up
from ingest.cli.context import Session
from policies.errors import ConductError
from policies.lint.allowing import Allowance
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored
from policies.lint.context import Context
from policies.lint.draft import Draft
from policies.lint.fix import Look
from policies.lint.wording import Entry

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
    wording: Sequence[Entry],
) -> Look:
    """A look at the draft with what the member may read; what she lets pass is noted in the audit chain."""
    from ingest.desk import at_desk
    from ingest.looking import people_of, with_record
    from ingest.outgoing import lint_settings, look_up
    from records import audit

    settings = dataclasses.replace(lint_settings(session), wording=tuple(wording))
    with at_desk(session) as desk:
        with desk.looking() as transaction:
            known = look_up(session, desk.keyring, transaction, draft, people_of(draft, envelope), case)
        today = desk.today
        if allowances:
            about = known.context.case.code if known.context.case else ""
            check(_checked(draft, known.context, (), today, envelope, settings), allowances)  # refuses what is unlawful
            with desk.acting() as transaction:
                for each in allowances:
                    audit.append(
                        transaction, desk.keyring, desk.now, "lint-allow", about, draft=draft.digest, rule=each.rule
                    )

    return with_record(draft, known, handed, today, envelope=envelope, settings=settings, allowances=allowances)


def look_locked(session: Session, draft: Draft, envelope: Sequence[str], wording: Sequence[Entry]) -> Look:
    """A look at the draft with the roster alone: enough for mail that stays inside, or goes to who is there already."""
    from ingest.looking import people_of, without_key
    from ingest.outgoing import lint_settings, look_up_locked

    settings = dataclasses.replace(lint_settings(session), wording=tuple(wording))
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store:
        known = look_up_locked(session, store, draft, people_of(draft, envelope))
    return without_key(draft, known, session.clock.today(), envelope=envelope, settings=settings)


def _checked(
    draft: Draft, context: Context, stored: Sequence[Stored], today: date, envelope: Sequence[str], settings: Settings
) -> Checked:
    return Checked(draft, context, stored, today, envelope=envelope, settings=settings)
