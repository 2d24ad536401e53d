"""``conduct lint`` without --context: what the store knows, with the member's key or without any."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

from ingest.cli.context import Session
from policies.errors import ConductError
from policies.lint.check import Allowance, check
from policies.lint.checked import Checked, Settings, Stored
from policies.lint.context import Context
from policies.lint.draft import Draft
from policies.lint.fix import Look
from policies.lint.verdict import Verdict
from policies.lint.wording import Entry

WITHOUT_CASE = "checked without the case"
CANNOT = "It cannot be checked; unlock your key, or use conduct sendmail."
_NO_KEY = frozenset({"no-identity", "missing-answer"})


def can_unlock(session: Session) -> bool:
    """Whether there is a key to act with and a passphrase that can be had."""
    has_passphrase = session.passphrase_file is not None or session.settings.passphrase_command is not None
    try:
        session.existing_identities()
    except ConductError as error:
        if error.code in _NO_KEY and session.identity_option is None:
            return False
        raise
    return has_passphrase or session.may_ask


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
    from ingest.outgoing import lint_settings, look_up
    from records import audit

    settings = dataclasses.replace(lint_settings(session), wording=tuple(wording))
    people = [*(each.address for each in draft.mailboxes("To", "Cc", "Bcc")), *envelope]
    with at_desk(session) as desk:
        with desk.looking() as transaction:
            known = look_up(desk, transaction, draft, people, case)
        today = desk.today
        if allowances:
            about = known.context.case.code if known.context.case else ""
            check(_checked(draft, known.context, (), today, envelope, settings), allowances)  # refuses what is unlawful
            with desk.acting() as transaction:
                for each in allowances:
                    audit.append(
                        transaction, desk.keyring, desk.now, "lint-allow", about, draft=draft.digest, rule=each.rule
                    )

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        here = draft if raw == draft.raw else Draft(raw)
        checked = _checked(here, known.context, (*known.stored, *handed), today, envelope, settings)
        verdict = check(checked, allowances)
        return checked, dataclasses.replace(
            verdict,
            not_checked=(*verdict.not_checked, *known.closed),
            is_unchecked=bool(known.closed) and checked.others_than_committee(),
        )

    return look


def look_locked(session: Session, draft: Draft, envelope: Sequence[str], wording: Sequence[Entry]) -> Look:
    """A look at the draft with the roster alone: enough for mail that stays inside, or goes to who is there already."""
    from ingest.outgoing import lint_settings, look_up_locked

    settings = dataclasses.replace(lint_settings(session), wording=tuple(wording))
    people = [*(each.address for each in draft.mailboxes("To", "Cc", "Bcc")), *envelope]
    known = look_up_locked(session, draft, people)
    today = session.clock.today()

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        checked = _checked(draft if raw == draft.raw else Draft(raw), known.context, (), today, envelope, settings)
        verdict = check(checked)
        # Who was on the mail answered is sealed, so nothing is said of who joined or left.
        kept = tuple(each for each in verdict.findings if each.rule != "baseline-unknown" and not _is_note(each.rule))
        inside = not checked.others_than_committee()
        passes = inside or (known.is_known_thread and known.all_take_part)
        said = (*verdict.not_checked, "Without a key nobody compared who joined or left, or what is passed on.")
        end = () if inside else (f"{WITHOUT_CASE}." if passes else CANNOT,)
        return checked, dataclasses.replace(verdict, findings=kept, not_checked=(*said, *end), is_unchecked=not passes)

    return look


def _is_note(rule: str) -> bool:
    return rule.startswith("note-")


def _checked(
    draft: Draft, context: Context, stored: Sequence[Stored], today: date, envelope: Sequence[str], settings: Settings
) -> Checked:
    return Checked(draft, context, stored, today, envelope=envelope, settings=settings)
