"""The command ``conduct``: the table of its commands, and what becomes of whatever they raise."""

from __future__ import annotations

import errno
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ingest import __version__
from ingest.cli.cleaning import clean, make_streams_tolerant
from ingest.cli.context import Session
from ingest.cli.lazy import LazyGroup, common_options
from ingest.cli.owners import refuse_shadowed_packages
from ingest.faults import fault_sentence
from policies.errors import ConductError, Unavailable

# One line a command: name, where it lies, what the help says.  One command, one file.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("ingest.cli.init:command", "Found a committee."),
    "member": ("ingest.cli.member:group", "Who is on the committee: joining, leaving, recusal."),
    "poll": ("ingest.cli.poll:command", "Take in the mail that is new, once."),
    "run": ("ingest.cli.run:command", "The service: take in mail as it comes, and all that is done by itself."),
    "mail": ("ingest.cli.mail:group", "Stored mail, as far as it was granted to you."),
    "review": ("ingest.cli.review:command", "The drafts one after the other, for a person at a terminal."),
    "case": ("ingest.cli.case:group", "Cases: drafts reviewed, records kept and closed."),
    "unlock": ("ingest.cli.unlock:command", "Keep your key in memory for a while, for commands and hooks."),
    "lock": ("ingest.cli.lock:command", "Forget the key that is kept in memory."),
    "lint": ("ingest.cli.lint:command", "Check an outgoing mail before it leaves."),
    "sendmail": ("ingest.cli.sendmail:command", "Check a mail and hand it over, as sendmail does for mail programs."),
    "gateway": ("ingest.cli.gateway:command", "Stand between mail programs and the smarthost; check what passes."),
    "findings": ("ingest.cli.findings:group", "What was found in a mail that a door refused."),
    "consent": ("ingest.cli.consent:group", "Permissions in writing, and the right of reply."),
    "explain": ("ingest.cli.explain:command", "What a rule of the check demands, why, and examples."),
    "retain": ("ingest.cli.retain:group", "What goes when and why, and carrying it out."),
    "agree": ("ingest.cli.agree:command", "The second member's word, or what waits for one."),
    "audit": ("ingest.cli.audit:group", "Who did what when, and whether anybody tampered with it."),
    "config": ("ingest.cli.config:group", "What conduct.toml says, and whether it is right."),
    "doctor": ("ingest.cli.doctor:command", "What works, what does not, and what to do."),
    "policy": ("ingest.cli.policy:group", "The policy in sentences: terms, clock, every option, and where it is set."),
    "manual": ("ingest.cli.manual:command", "Man pages of all commands."),
    "completion": ("ingest.cli.completion:command", "Completion for bash, zsh or fish."),
}
EPILOGUE = """\b
Exit status:
  0  done
  1  the answer is no: findings, a refused act, a gate not met
  2  wrong usage or configuration
  3  unreadable input
  4  the store, the mailbox or a key is unavailable: the answer is unknown
  5  locked by another process
The options above may stand after the command as well."""
INTERRUPTED = 130
BROKEN_PIPE = 141
FAULT = 70
COMPLETION_VARIABLE = "_CONDUCT_COMPLETE"
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"conduct {__version__}")
        ctx.exit()


def _from_environment(session: Session) -> None:
    environ = session.environ
    if environ.get("CONDUCT_IDENTITY"):
        session.identity_option = Path(environ["CONDUCT_IDENTITY"])
    if environ.get("CONDUCT_PASSPHRASE_FILE"):
        session.passphrase_file = Path(environ["CONDUCT_PASSPHRASE_FILE"])


def build(session: Session) -> LazyGroup:
    """The group of all commands around one session."""
    version = click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Say which it is."
    )
    return LazyGroup(
        name="conduct",
        help="Keep a Code of Conduct committee's records, from the mailbox to the day they are destroyed.",
        epilog=EPILOGUE,
        params=[*common_options(), version],
        commands_table=COMMANDS,
        no_args_is_help=True,
        context_settings={"obj": session, "help_option_names": ["-h", "--help"]},
    )


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; nothing is raised, and no traceback shows what a mail said."""
    session = Session(os.environ)
    _close_up()
    try:
        refuse_shadowed_packages()
        _from_environment(session)
        status = _complete_or_invoke(build(session), arguments)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the top of a command
        return _settle(error, session)
    return status if isinstance(status, int) else 0


def _complete_or_invoke(group: LazyGroup, arguments: Sequence[str]) -> object:
    # Not through click's own main, which would turn a reader's leaving into "the answer is no".
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, "conduct", COMPLETION_VARIABLE, instruction)
    with group.make_context("conduct", list(arguments)) as context:
        return group.invoke(context)


def _close_up() -> None:
    # Keys and passphrases must not lie in core files, nor new files open to others.
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    os.umask(0o077)
    # Whatever else is installed beside us has no business in a process with keys, and looking for it takes time.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    make_streams_tolerant()


def _settle(error: BaseException, session: Session) -> int:  # noqa: PLR0911 - one line for each kind of end
    """Say what happened in one or two lines, and return the exit status."""
    match error:
        case SystemExit() | click.exceptions.Exit():
            return _asked_for(error)
        case KeyboardInterrupt() | click.Abort():
            return _complain("stopped.", "", INTERRUPTED)
        case click.ClickException():
            return _wrong_usage(error)
        case BrokenPipeError():
            return _quietly_end()
        case OSError(errno=number) if number in _DISK_FULL:
            return _complain("The disk is full.", "Make room, and run the command again.", Unavailable.exit_status)
        case ConductError():
            return _complain(error.sentence, error.hint, error.exit_status)
        case _:
            return _own_fault(error, session)


def _asked_for(end: SystemExit | click.exceptions.Exit) -> int:
    code = end.exit_code if isinstance(end, click.exceptions.Exit) else end.code
    return code if isinstance(code, int) else FAULT if code else 0


def _complain(sentence: str, hint: str, status: int) -> int:
    lines = [f"conduct: {sentence}", *([f"  {hint}"] if hint else [])]
    try:
        sys.stdout.flush()
        sys.stderr.write(clean("\n".join(lines), multiline=True) + "\n")
    except OSError:
        return status
    return status


def _wrong_usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    hint = f"See: {context.command_path} --help" if context is not None else ""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    return _complain(error.format_message(), hint, 2)


def _quietly_end() -> int:
    """Whoever read the output has gone; point it nowhere, so that the exit's own flush is quiet too."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return BROKEN_PIPE
    return BROKEN_PIPE


def _own_fault(error: BaseException, session: Session) -> int:
    """One line that tells us where, and tells nobody what was being worked on."""
    if session.is_trial and session.environ.get("CONDUCT_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    return _complain(fault_sentence(error), "Please report the line above; it tells nothing of any case.", FAULT)
