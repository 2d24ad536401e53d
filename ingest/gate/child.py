"""The limited child that checks mail for the gateway and the service: ``python -m ingest.gate.child``.

A mail that is huge or hostile costs this process, never the door in front of it.  It opens the store and asks the
agent for the key, so it may write and reach a database; memory and processor time are limited.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ingest.clock import clock_for
from ingest.config import load_settings
from ingest.frames import Letter
from ingest.gate.judging import Gate, by_agent
from ingest.gate.ruling import to_plain
from ingest.home import Home
from ingest.limited import Handle, Limits, serve

MAX_LETTER: Final = 128 * 1024 * 1024
_LIMITS: Final = Limits(memory=1536 * 1024 * 1024, letter=MAX_LETTER, cpu_seconds=60, files=128, is_alone=False)


def begin(setup: Mapping[str, Any]) -> Handle:
    """What to do with each mail; ``setup`` names the home, the identities and the variables that lead to the agent."""
    os.environ.update(setup["environ"])
    home = Home(Path(setup["root"]), Path(setup["configuration"]))
    os.umask(home.umask)
    settings = load_settings(home)
    clock = clock_for(os.environ, trial=settings.trial)
    unlock = by_agent(home, [Path(each) for each in setup["identities"]], os.environ)
    gate = Gate(home, settings, clock, unlock, is_shared=setup["is_shared"])

    def handle(letter: Letter) -> Mapping[str, object]:
        head, _, raw = letter.trimmed.partition(b"\n")
        asked = json.loads(head)
        return to_plain(gate.judge(raw, asked["recipients"], asked["sender"], keeps=asked["keeps"]))

    return handle


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        serve(begin, _LIMITS)
    sys.exit(0)
