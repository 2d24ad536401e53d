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

from ingest import wiring
from ingest.clock import clock_for
from ingest.config import Settings, load_settings
from ingest.frames import Letter
from ingest.gate.judging import Gate, by_agent
from ingest.gate.ruling import to_plain
from ingest.home import Home
from ingest.limited import Handle, Limits, serve
from ingest.outgoing import Lying
from ingest.still_there import StillThere
from records.tags import Tags

MAX_LETTER: Final = 128 * 1024 * 1024
_LIMITS: Final = Limits(memory=1536 * 1024 * 1024, letter=MAX_LETTER, cpu_seconds=60, files=128, is_alone=False)


def begin(setup: Mapping[str, Any]) -> Handle:
    """What to do with each mail; ``setup`` names the home, the identities and the variables that lead to the agent."""
    os.environ.update(setup["environ"])
    credentials = Path(setup["credentials"]) if setup["credentials"] else None
    home = Home(Path(setup["root"]), Path(setup["configuration"]), credentials)
    os.umask(home.umask)
    settings = load_settings(home)
    clock = clock_for(os.environ, trial=settings.trial)
    unlock = by_agent(home, [Path(each) for each in setup["identities"]], os.environ)
    lying = _from_mailbox(home, settings) if setup["reads_mailbox"] else None
    gate = Gate(home, settings, clock, unlock, lying, is_shared=setup["is_shared"])

    def handle(letter: Letter) -> Mapping[str, object]:
        head, _, raw = letter.trimmed.partition(b"\n")
        asked = json.loads(head)
        return to_plain(gate.judge(raw, asked["recipients"], asked["sender"], keeps=asked["keeps"]))

    return handle


def _from_mailbox(home: Home, settings: Settings) -> Lying:
    """Reads mails from where they still lie; only the service's user may."""
    tags = Tags(wiring.server_keys(home).tag_key)
    return StillThere(lambda: wiring.connect(settings, os.environ), wiring.mailbox_name(settings), tags).drafts


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        serve(begin, _LIMITS)
    sys.exit(0)
