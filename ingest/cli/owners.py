"""The check that our four package names are ours: another owner would be imported in our place."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

from policies.errors import WrongUsage

PACKAGES: Final = ("ingest", "policies", "records", "templates")
DISTRIBUTION: Final = "conduct"
_HOME: Final = Path(__file__).resolve().parents[2]


def refuse_shadowed_packages() -> None:
    """Refuse to run when one of the four packages would be imported from elsewhere.  Cheap: done at every start."""
    for name in PACKAGES:
        found = sys.modules[name].__spec__ if name in sys.modules else PathFinder.find_spec(name)
        if found is None:
            raise WrongUsage("incomplete", f"The package {name} is missing.", "Install conduct again.")
        places = [*(found.submodule_search_locations or ()), found.origin or "somebody else"]
        if Path(places[0]).resolve() != _HOME / name:
            raise _second_owner(name, places[0])


def refuse_second_owner() -> None:
    """Refuse to run when another installed distribution claims one of the four names.

    Reads the metadata of everything that is installed, so only founding, polling and the doctor ask.
    """
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    for name in PACKAGES:
        others = sorted({owner for owner in owners.get(name, []) if owner.lower() != DISTRIBUTION})
        if others:
            raise _second_owner(name, f"the distribution {others[0]}")


def _second_owner(name: str, where: str) -> WrongUsage:
    return WrongUsage(
        "second-owner",
        f"The package {name} is also provided by {where}.",
        "Install conduct in an environment of its own, with pipx or in a venv.",
    )
