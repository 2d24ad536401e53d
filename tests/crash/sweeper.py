"""Runs the unattended sweep and kills the process at a place: ``python -m tests.crash.sweeper PLACE NTH HOME``.

The day is that of CONDUCT_TODAY, as for every command in a trial home; without a PLACE (``-``) nothing is killed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from ingest import jobs, sweeping, wiring
from ingest.clock import clock_for
from ingest.config import load_settings
from ingest.home import Home
from tests.crash.stopper import Stopper


def sweep(root: Path, environ: dict[str, str]) -> sweeping.Swept:
    """One run in a trial home."""
    home = Home(root, root)
    settings = load_settings(home)
    with contextlib.closing(wiring.open_store(home, settings)) as store:
        job = jobs.service(home, settings, environ, store, clock_for(environ, trial=True).now())
        return sweeping.sweep_once(job)


if __name__ == "__main__":
    place, nth, root = sys.argv[1:]
    if place != "-":
        stopper = Stopper(place, int(nth))
        threading.setprofile(stopper)
        sys.setprofile(stopper)
    sweep(Path(root), dict(os.environ))
