"""Where the installed command begins, before anything else of it is read."""

from __future__ import annotations

import gc
import sys
from typing import Final

#: Objects made and not yet freed between two looks for cycles.  A draft that is checked with the store makes a hundred
#: thousand, hardly any in a cycle.
_OBJECTS_BEFORE_A_LOOK: Final = 150_000


def main() -> None:
    """Run the command that was typed."""
    # A command lives for a blink: looking for cycles while it loads, and through everything once more at its end, would
    # take a tenth of the time for which a mail waits.
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    from ingest.cli.app import run

    status = run(sys.argv[1:])
    gc.freeze()
    sys.exit(status)
