"""What the doctor sees of the key agent: whether one holds a key, for how long, and how well."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.agent.client import Line
from ingest.checkup.finding import Finding, note, ok
from ingest.home import Home


def agent(home: Home, files: Sequence[Path], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the key of one of these identities is unlocked.  Raises what the agent's ``Line`` raises."""
    asked = ((file, Line(home, file, environ).state()) for file in files if file.exists())
    held = [(file, state) for file, state in asked if state is not None]
    for file, state in held:
        minutes = math.ceil(state.seconds / 60)
        yield ok("agent", f"The key of {file} is unlocked for another {minutes} min; conduct lock ends it.")
        if not state.is_locked:
            yield note("agent", "This system lets no memory be locked, so the key may reach its swap space.")
    if not held:
        yield note("agent", "No key is unlocked here.", "conduct unlock keeps yours for a while.")
