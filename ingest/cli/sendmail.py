"""``conduct sendmail``: stands where a mail program expects sendmail; checks the mail, then hands it over."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ingest.cli.context import Session, pass_session
from ingest.clock import Clock
from ingest.faults import fault_sentence
from ingest.gate.sendmail_arguments import Arguments, parse_arguments
from policies.errors import ConductError, Refused, Unavailable, UnreadableInput, WrongUsage

if TYPE_CHECKING:
    from ingest.gate.outbox import Outbox
    from ingest.gate.ruling import Judged
    from ingest.smtp_values import Envelope
    from records.keyring import Keyring
    from records.store import Store

MAX_BYTES: Final = 128 * 1024 * 1024
_NOT_KEPT: Final = frozenset({os.EX_DATAERR, os.EX_USAGE})  # it has to be written anew
_USAGE_CODES: Final = frozenset(
    {"bad-option", "no-recipient", "no-sender", "loop", "no-such-mail", "may-be-sent", "unsafe-address"}
)
_OF_SENDING: Final = ("smtp-", "sendmail-", "login-", "no-tls", "certificate", "no-smarthost", "tls-none")
USAGE: Final = """\
Usage: conduct sendmail [-t] [-i] [-f SENDER] [--] RECIPIENT...
       conduct sendmail --kept | --again ID | --discard ID

Reads a mail on standard input, checks it, and hands it over to the sendmail or
the smarthost of conduct.toml.  Takes the options of sendmail.

  -t            also send to the To, Cc and Bcc of the header
  -i, -oi       a line that is only a dot does not end the mail
  -f SENDER     the envelope's sender; else the mail's From
  --            what follows are recipients
  --kept        list the mails that were kept, for 7 days, since they could not
                be sent
  --again ID    check and send one of them
  --discard ID  delete one of them

Exit status (sysexits.h): 0 sent; 64 usage; 65 findings, not sent; 69 could not
be handed over; 75 could not be checked; 77 the key is not a present member's.
Mail that is not the committee's passes unread; of every mail Bcc is taken out."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Ended:
    """How it went: the exit status, whether the mail may have left all the same, what to do before trying again."""

    status: int
    may_be_sent: bool = False
    first: str = "once that is mended: "


class _Raw(click.Command):
    """A command whose words come as they are: the parser would swallow ``--`` and guess at the options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.params = {"words": tuple(args)}
        return []


@pass_session
def _run(session: Session, words: Sequence[str]) -> None:
    if "--help" in words[: words.index("--") if "--" in words else None]:
        click.echo(USAGE)
        return
    try:
        with _stopped_by_signals():
            status = _settled(session, words)
    except ConductError as error:
        status = _complain(_status_of(error), error.sentence, f"NOT SENT: {error.hint or 'mend it and send it again'}")
    raise SystemExit(status)


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let a terminal that is closed stop us as Ctrl-C does, so that what became of the mail is still said and kept."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # as Python asks for
        heeded = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is not signal.SIG_IGN]

        def stop(*_: object) -> None:
            for number in heeded:  # the shell sends one as well, and the mail is being kept by then
                signal.signal(number, signal.SIG_IGN)
            raise KeyboardInterrupt

        before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)


command = _Raw("sendmail", callback=_run, help="Check a mail and hand it over, as sendmail does for mail programs.")


def _settled(session: Session, words: Sequence[str]) -> int:
    from ingest.gate.outbox import Outbox, folder_of_user

    arguments = parse_arguments(words)
    _take_options(session, arguments)
    outbox = Outbox(folder_of_user())
    _forget_old(outbox)
    if arguments.our("--kept") is not None:
        return _list(outbox)
    if (mail_id := arguments.our("--discard")) is not None:
        return 0 if outbox.forget(mail_id) else _complain(os.EX_NOINPUT, "No mail is kept under that id.")
    if (mail_id := arguments.our("--again")) is not None:
        return _again(session, outbox, mail_id)
    return _new(session, outbox, arguments)


def _forget_old(outbox: Outbox) -> None:
    with contextlib.suppress(OSError):  # whatever is wrong there, this mail is what matters
        gone = outbox.forget_old(Clock().now())
        if gone:
            _say(f"deleted unsent what was kept for 7 days: {', '.join(gone)}")


def _take_options(session: Session, arguments: Arguments) -> None:
    from ingest.gate.handing import LOOP_VARIABLE

    if LOOP_VARIABLE in session.environ:
        raise WrongUsage("loop", "outgoing.sendmail leads back to conduct sendmail.", "Name another program.")
    session.no_input = True  # its input is the mail
    for name, attribute in (
        ("--home", "home_option"), ("--identity", "identity_option"), ("--passphrase-file", "passphrase_file"),
    ):  # fmt: skip
        if (value := arguments.our(name)) is not None:
            setattr(session, attribute, Path(value))


# ---------------------------------------------------------------- a mail


def _new(session: Session, outbox: Outbox, arguments: Arguments) -> int:
    from ingest.gate.sendmail_mail import envelope_of, until_dot, without_hidden
    from ingest.gate.whose import heading_of

    given = _read()
    raw = given if arguments.dots_are_text else until_dot(given)
    heading = heading_of(raw)
    if not heading.header.fields:
        raise UnreadableInput("no-mail", "What was given is no mail: it has no header.", "Give it whole.")
    envelope = envelope_of(arguments, heading)
    # As Postfix's cleanup(8) does (message_drop_headers), whether or not the header says where the mail goes.
    leaving = without_hidden(raw)
    ended = _check_and_send(session, envelope, raw, leaving)
    if ended.status == 0:
        with contextlib.suppress(OSError):  # it is sent, whatever else is wrong
            outbox.forget_same(envelope, leaving)
        return 0
    return ended.status if ended.status in _NOT_KEPT else _keep(outbox, envelope, leaving, ended)


def _read() -> bytes:
    try:
        given = sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin is not None else b""  # None: it is closed
    except KeyboardInterrupt:
        raise Unavailable("stopped", "Stopped before the mail was read.", "send it again") from None
    if len(given) > MAX_BYTES:
        raise UnreadableInput("too-large", f"The mail has more than {MAX_BYTES // 1024 // 1024} MiB.")
    return given


def _check_and_send(session: Session, envelope: Envelope, raw: bytes, leaving: bytes) -> _Ended:
    from ingest.gate import words
    from ingest.gate.handing import hand_over

    is_handing = False
    try:
        judged = _judged(session, envelope, raw)
        if not judged.leaves:
            return _refuse(judged)
        is_handing = True
        hand_over(session.settings, envelope, leaving, session.environ)
    except ConductError as error:
        return _failed(error)
    except KeyboardInterrupt:
        _say("stopped.")
        return _Ended(os.EX_TEMPFAIL, may_be_sent=is_handing, first="")
    except Exception as error:  # noqa: BLE001 - the top of one mail: whatever fails, it is kept, and that is told
        _say(fault_sentence(error))
        return _Ended(os.EX_TEMPFAIL, may_be_sent=is_handing)
    if remark := words.remark(judged):
        _say(remark)
    return _Ended(0)


def _failed(error: ConductError) -> _Ended:
    _say(f"{error.sentence} {error.hint}".rstrip())
    status = _status_of(error)
    if status in _NOT_KEPT:
        _say("NOT SENT: the mail has to be written anew")
    return _Ended(status, may_be_sent=error.code == "smtp-unknown")


def _judged(session: Session, envelope: Envelope, raw: bytes) -> Judged:
    from ingest.gate.judging import Gate

    troubles: list[ConductError] = []

    def unlock(store: Store) -> Keyring | None:
        try:
            return _keyring(session, store)
        except ConductError as error:
            troubles.append(error)
            raise

    with Gate(session.home, session.settings, session.clock, unlock) as gate:
        judged = gate.judge(raw, envelope.recipients, envelope.sender)
    if troubles and isinstance(troubles[0], Refused):
        raise troubles[0]
    return judged


def _keyring(session: Session, store: Store) -> Keyring | None:
    """The member's key, where agent, file or program give it; asks nobody."""
    from ingest.cli.lint_store import can_unlock
    from ingest.desk import unlocked

    return unlocked(session, store)[1] if can_unlock(session) else None


def _refuse(judged: Judged) -> _Ended:
    from ingest.gate.ruling import Ruling
    from ingest.gate.words import why_not

    if judged.ruling is Ruling.REFUSED:
        for line in why_not(judged):
            _say(line)
        return _Ended(os.EX_DATAERR)
    if judged.is_closed:
        _say("It belongs to a case of which a part is closed to you; another member can send it.")
        return _Ended(os.EX_TEMPFAIL, first="when you may read it: ")
    _say(judged.trouble or "It cannot be checked without your key.")
    return _Ended(os.EX_TEMPFAIL) if judged.trouble else _Ended(os.EX_TEMPFAIL, first="unlock your key, then: ")


# ---------------------------------------------------------------- kept mail


def _keep(outbox: Outbox, envelope: Envelope, raw: bytes, ended: _Ended) -> int:
    try:
        mail_id = outbox.keep(envelope, raw, may_be_sent=ended.may_be_sent)
    except OSError as error:
        sent = "PERHAPS SENT: look for the committee's copy" if ended.may_be_sent else "NOT SENT"
        return _complain(ended.status, f"It cannot be kept: {error.strerror}.", f"{sent}; your mail program has it")
    return _say_kept(mail_id, ended)


def _say_kept(mail_id: str, ended: _Ended) -> int:
    if ended.may_be_sent:
        return _complain(
            ended.status, f"PERHAPS SENT: look for the committee's copy; kept as {mail_id}, never sent by itself"
        )
    again = f"{ended.first}conduct sendmail --again {mail_id}"
    return _complain(ended.status, f"NOT SENT, but kept for 7 days; {again}")


def _again(session: Session, outbox: Outbox, mail_id: str) -> int:
    kept = outbox.claim(mail_id)  # whatever stops us from here on leaves it as one that may have been sent
    ended = _check_and_send(session, kept.envelope, kept.raw, kept.raw)
    if ended.status == 0:
        outbox.forget(mail_id)
        outbox.forget_same(kept.envelope, kept.raw)
        return 0
    if not ended.may_be_sent:
        outbox.put_back(mail_id)
    return ended.status if ended.status in _NOT_KEPT else _say_kept(mail_id, ended)


def _list(outbox: Outbox) -> int:
    for each in outbox.all():
        state = "perhaps sent" if each.may_be_sent else "waiting"
        click.echo(f"{each.id}  {state}  {len(each.envelope.recipients)} recipients, {len(each.raw)} bytes")
    return 0


# ---------------------------------------------------------------- saying so


def _status_of(error: ConductError) -> int:
    if error.code in _USAGE_CODES:
        return os.EX_USAGE
    if isinstance(error, UnreadableInput):
        return os.EX_DATAERR
    if isinstance(error, Refused) and not error.code.startswith(("smtp-", "sendmail-")):
        return os.EX_NOPERM
    return os.EX_UNAVAILABLE if error.code.startswith(_OF_SENDING) else os.EX_TEMPFAIL


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody listens: that changes nothing of what became of the mail
        click.echo(f"conduct: {line}", err=True)


def _complain(status: int, *lines: str) -> int:
    for line in lines:
        _say(line)
    return status
