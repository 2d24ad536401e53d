"""``conduct lint``: whether a mail may leave the committee as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.lint_output import print_verdict
from ingest.cli.linting import read_allowances, read_bytes, read_context, read_stored
from ingest.cli.output import format_option, say
from ingest.clock import clock_for
from ingest.wording import read_wording
from policies.errors import Unavailable, UnreadableInput, WrongUsage
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Via
from policies.lint.draft import Draft
from policies.lint.verdict import Outcome, Severity, Verdict

if TYPE_CHECKING:
    from policies.lint.allowing import Allowance
    from policies.lint.checked import Stored
    from policies.lint.fix import Look

_FILE = click.Path(path_type=Path)


@click.command("lint")
@click.argument("draft", type=_FILE, default=Path("-"), required=False)
@click.option("--case", "case", metavar="CASE", help="The case that it belongs to, where the thread does not say.")
@click.option("--context", type=_FILE, metavar="FILE", help="Roster and case as JSON, instead of the store.")
@click.option("--thread", type=_FILE, multiple=True, metavar="EML", help="An earlier message of the thread.")
@click.option(
    "--thread-private", type=_FILE, multiple=True, metavar="EML", help="One that never reached the committee's mailbox."
)
@click.option("--recipients", metavar="ADDR,...", help="The envelope's recipients; what no header shows counts as Bcc.")
@click.option("--reveal", is_flag=True, help="Print protected names also where the output is no terminal.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--allow", multiple=True, metavar="RULE[=ABOUT]", help="Let this pass in this draft; needs --reason.")
@click.option(
    "--safety", is_flag=True, help="Tell of a measure that cannot wait for the right of reply; needs --reason."
)
@click.option("--reason", metavar="TEXT", help="Why; kept sealed with the case, or for the term of unlinked mail.")
@click.option("--fix", "fixes", is_flag=True, help="Mend what can be mended; to --output, or standard output.")
@click.option("--diff", is_flag=True, help="With --fix: show what changes instead.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="With --fix: where the mended mail goes.")
@format_option("jsonl")
@pass_session
def command(
    session: Session,
    draft: Path,
    case: str | None,
    context: Path | None,
    thread: Sequence[Path],
    thread_private: Sequence[Path],
    recipients: str | None,
    reveal: bool,
    strict: bool,
    allow: Sequence[str],
    safety: bool,
    reason: str | None,
    fixes: bool,
    diff: bool,
    output: Path | None,
) -> None:
    """Check the mail in the file DRAFT, or on standard input, and say what must change before it may leave.

    What --allow lets pass holds for this draft alone, at every door that it leaves by, and is void when a word, a
    recipient or a file changes; Message-ID, Date and the like, which mail programs add, do not count.  With --context
    nothing is recorded.

    A committee's own settings lie beside conduct.toml: lint.toml ([rules.RULE] severity and exceptions, [notes]
    members, groups, organisers, limits), and wording of its own in lint.d/*.toml.  --context reads neither.

    Exit status 0: it may leave; 1: it must not; 4: it cannot be checked without your key.
    """
    allowances = read_allowances(allow, reason, safety=safety)
    envelope = tuple(one.strip() for one in (recipients or "").split(",") if one.strip())
    mail = Draft(read_bytes(draft))
    if not mail.header.fields:
        raise UnreadableInput("no-mail", f"{draft} is no mail: it has no header.", "Give the whole mail, header first.")
    stored = [*read_stored(thread, Via.CONDUCT), *read_stored(thread_private, Via.MEMBER)]
    if context is not None:
        if case is not None:
            raise WrongUsage("case-with-context", "--case asks the store, and --context is instead of it.", "Drop one.")
        if safety:
            raise WrongUsage("safety-with-context", "--safety is put on record, and --context is without.", "Drop one.")
        look = _with_context(session, mail, context, stored, envelope, allowances)
    else:
        look = _with_store(session, mail, stored, envelope, allowances, case, fixes=fixes)
    if fixes or diff or output is not None:
        _finish_fixing(
            session, draft, mail.raw, look, fixes=fixes, diff=diff, output=output, reveal=reveal, strict=strict
        )
    _finish(session, draft, *look(mail.raw), reveal=reveal, strict=strict)


def _with_context(
    session: Session,
    mail: Draft,
    file: Path,
    stored: Sequence[Stored],
    envelope: Sequence[str],
    allowances: Sequence[Allowance],
) -> Look:
    """A look at the draft with the context file for all there is to know."""
    today = clock_for(session.environ, trial=True).today()
    known, settings = read_context(file), Settings(wording=read_wording())

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        here = mail if raw == mail.raw else Draft(raw)
        checked = Checked(here, known, stored, today, envelope=envelope, settings=settings)
        return checked, check(checked, allowances)

    if allowances:
        say("Nothing of --allow is recorded: --context checks without a store.")
    return look


def _with_store(
    session: Session,
    mail: Draft,
    stored: Sequence[Stored],
    envelope: Sequence[str],
    allowances: Sequence[Allowance],
    case: str | None,
    *,
    fixes: bool,
) -> Look:
    """A look at the draft with the member's key, or, where it cannot be had, with what needs none."""
    from ingest.cli.lint_store import can_unlock, look_locked, look_unlocked

    if not can_unlock(session):
        if allowances:
            raise Unavailable("locked", "What you let pass is noted under your key, which is locked.", "Unlock it.")
        return look_locked(session, mail, envelope)
    return look_unlocked(session, mail, stored, envelope, case=case, allowances=allowances, fixes=fixes)


def _finish_fixing(
    session: Session,
    draft: Path,
    raw: bytes,
    look: Look,
    *,
    fixes: bool,
    diff: bool,
    output: Path | None,
    reveal: bool,
    strict: bool,
) -> None:
    if not fixes:
        raise WrongUsage("fix-not-asked", "--diff and --output belong to --fix.", "Add --fix.")
    from ingest.cli.lint_fixing import mend

    checked, verdict, is_taken = mend(raw, look, diff=diff, out=output, reveal=reveal)
    if is_taken:
        raise SystemExit(exit_status(verdict, strict=strict))
    _finish(session, draft, checked, verdict, reveal=reveal, strict=strict)


def _finish(session: Session, draft: Path, checked: Checked, verdict: Verdict, *, reveal: bool, strict: bool) -> None:
    print_verdict(session, draft, checked, verdict, reveal=reveal)
    raise SystemExit(exit_status(verdict, strict=strict))


def exit_status(verdict: Verdict, *, strict: bool) -> int:
    """0 may leave, 1 must not, 4 unknown."""
    if verdict.outcome is Outcome.BLOCK or (strict and verdict.count(Severity.WARNING)):
        return 1
    return Unavailable.exit_status if verdict.outcome is Outcome.UNCHECKED else 0
