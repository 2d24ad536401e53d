"""Handing over a mail that may leave: to the sendmail of conduct.toml, else to its smarthost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ingest import smtp
from ingest.smtp_values import Envelope
from policies.errors import ConductError, Refused, Unavailable, WrongUsage

if TYPE_CHECKING:
    from ingest.config import Settings

#: Set for the program that we call, so that a sendmail which is ourselves ends at once.
LOOP_VARIABLE: Final = "CONDUCT_HANDING_OVER"
_SECONDS: Final = 600
_TEMPORARY: Final = frozenset({os.EX_UNAVAILABLE, os.EX_OSERR, os.EX_OSFILE, os.EX_IOERR, os.EX_TEMPFAIL})


def hand_over(settings: Settings, envelope: Envelope, raw: bytes, environ: Mapping[str, str]) -> None:
    """Hand over a mail to all its recipients; its bytes stay as they are.

    Raises Refused: sending it again is of no use; Unavailable: it is ("smtp-unknown": it may have been sent);
    WrongUsage: conduct.toml does not say to whom.
    """
    if settings.outgoing.sendmail is not None:
        _by_program(settings.outgoing.sendmail, envelope, raw, environ)
    elif settings.smtp is not None:
        smtp.send(settings.smtp, raw, envelope.sender, envelope.recipients, environ)
    else:
        raise WrongUsage(
            "no-smarthost",
            "conduct.toml does not say where mail is sent through.",
            "Set outgoing.sendmail, or a table [smtp].",
        )


def _by_program(command: Sequence[str], envelope: Envelope, raw: bytes, environ: Mapping[str, str]) -> None:
    ignoring_dots = [] if "-i" in command or "-oi" in command else ["-i"]
    words = [*command, *ignoring_dots, "-f", envelope.sender or "<>", "--", *envelope.recipients]
    try:
        # What it says may name people, so it goes nowhere; the exit status tells enough (sysexits.h).
        finished = subprocess.run(
            words,
            input=raw,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env={**environ, LOOP_VARIABLE: "1"},
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(
            "smtp-unknown", f"outgoing.sendmail gave no answer in {_SECONDS // 60} minutes.", "Look at its log."
        ) from None
    except OSError as error:
        raise Unavailable(
            "sendmail-missing", f"outgoing.sendmail cannot be run: {error.strerror}.", "Mend conduct.toml."
        ) from None
    if finished.returncode:
        raise _ended_with(finished.returncode)


def _ended_with(status: int) -> ConductError:
    if status < 0:
        return Unavailable("smtp-unknown", "outgoing.sendmail was ended by a signal.", "Look at its log.")
    sentence = f"outgoing.sendmail refused the mail (exit status {status}); nothing was sent."
    return (Unavailable if status in _TEMPORARY else Refused)("sendmail-refused", sentence, "Look at its log.")
