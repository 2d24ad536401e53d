"""A child that reads mail as ours does, and dies of any mail that says so: ``python -m tests.crash.fatal_reader``."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from ingest import reader
from ingest.frames import Letter
from ingest.limited import Handle

DEADLY = b"X-Deadly: yes"


def begin(setup: Mapping[str, object]) -> Handle:
    """The real reading, after a look for the deadly words."""
    handle = reader.begin(setup)

    def careful(letter: Letter) -> Mapping[str, object]:
        if DEADLY in letter.trimmed:
            os.kill(os.getpid(), signal.SIGKILL)
        return handle(letter)

    return careful


if __name__ == "__main__":
    reader.main(begin)
