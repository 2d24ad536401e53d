"""Runs ``conduct`` and kills the process at a chosen place: ``python -m tests.crash.stopper PLACE NTH ARGUMENT...``.

PLACE is ``module:function``, with ``<`` behind it for the moment at which the function returns.  The program under
test is unchanged: the interpreter tells of its calls (sys.setprofile), and the end is SIGKILL, which nobody handles.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

import ingest.cli.poll  # noqa: F401  before anybody counts: imports are slow under eyes
from ingest.cli.app import run


class Stopper:
    """Counts how often the place is passed, in all threads, and at the right time ends everything."""

    def __init__(self, place: str, nth: int) -> None:
        self._event = "return" if place.endswith("<") else "call"
        self._module, _, self._function = place.rstrip("<").partition(":")
        self._left = nth

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event != self._event or frame.f_code.co_qualname != self._function:
            return
        if frame.f_globals.get("__name__") == self._module:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run the command under the stopper's eyes."""
    place, nth, *arguments = sys.argv[1:]
    stopper = Stopper(place, int(nth))
    threading.setprofile(stopper)
    sys.setprofile(stopper)
    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
