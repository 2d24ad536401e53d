"""The limited child that reads mail: ``python -m ingest.reader``, started by ``ingest.worker`` and nobody else.

Hostile text is parsed here, where it can do little: memory, processor time, files and processes are limited, there
is no network where the system allows to leave it, no secret in the environment, and no key in reach.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping

from ingest.frames import Letter
from ingest.limited import Begin, Handle, Limits, serve
from ingest.parse import parse
from policies import intake, plain
from policies.mail import MailId

MAX_MEMORY = 512 * 1024 * 1024
MAX_CPU_SECONDS = 20
MAX_FILES = 24


def begin(setup: Mapping[str, object]) -> Handle:
    """What to do with each mail; ``setup`` is the roster, which the parent sent first."""
    roster = plain.roster_from_plain(setup)

    def handle(letter: Letter) -> Mapping[str, object]:
        message = parse(letter.trimmed, is_cut=letter.is_cut)
        found = intake.read(message, roster, MailId(letter.mail_id))
        return {"message": plain.message_to_plain(message), "intake": plain.intake_to_plain(found)}

    return handle


def main(begin: Begin) -> None:
    """Serve until standard input ends."""
    serve(begin, Limits(MAX_MEMORY, cpu_seconds=MAX_CPU_SECONDS, files=MAX_FILES))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(begin)
    sys.exit(0)
