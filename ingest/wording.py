"""The wording rules that come with the program, read from their files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import policies
from policies.errors import WrongUsage
from policies.lint.wording import Entry, read_entries


def read_wording() -> tuple[Entry, ...]:
    """The wording rules that come with the program, of all languages.  Raises WrongUsage: one cannot be read."""
    found: list[Entry] = []
    for file in sorted((Path(policies.__file__).parent / "lint.d").glob("*.toml")):
        try:
            found.extend(read_entries(tomllib.loads(file.read_text("utf-8")), file.name))
        except (OSError, ValueError) as error:
            raise WrongUsage("bad-wording-rules", f"{file.name} cannot be read: {error}.") from None
    return tuple(found)
