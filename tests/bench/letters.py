"""The wording rules over ordinary mail of a committee: ``python -m tests.bench.letters``; wanted: one at most."""

from __future__ import annotations

import sys
from pathlib import Path

from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from tests.bench.replies import wording_findings

FOLDER = Path(__file__).parent / "letters"
MOST_SPEAKING = 1
CONTEXT = parse_context({
    "conduct": ["conduct@meadow.example"],
    "members": [
        {"name": "Ines Duarte", "addresses": ["ines@meadow.example"], "nicknames": []},
        {"name": "Bo Lindholm", "addresses": ["bo@meadow.example"], "nicknames": []},
    ],
    "groups": [{"name": "The board", "address": "board@meadow.example", "role": "board"}],
    "organisers": [{"name": "Rita Vogel", "addresses": ["rita@fair.example"], "nicknames": []}],
    "case": {
        "code": "quiet harbour",
        "reporters": [{"name": "Tuva Nyberg", "addresses": ["tuva@glen.example"], "handles": []}],
        "subjects": [{"name": "Odd Krog", "addresses": ["odd@krog.example"], "handles": []}],
        "witnesses": [{"name": "Greta Aas", "addresses": ["greta@aas.example"], "handles": []}],
    },
})  # fmt: skip


def speaking() -> dict[str, list[str]]:
    """The letters in which wording rules speak, and which."""
    found = {file.name: list(wording_findings(Draft(file.read_bytes()), CONTEXT)) for file in letters()}
    return {name: rules for name, rules in found.items() if rules}


def letters() -> list[Path]:
    """The files."""
    return sorted(FOLDER.glob("*.eml"))


def main() -> int:
    """0 when at most one letter has a finding about its wording."""
    found = speaking()
    print(
        f"Wording rules speak in {len(found)} of {len(letters())} ordinary letters (wanted: at most {MOST_SPEAKING})."
    )
    for name, rules in found.items():
        print(f"  {name}: {', '.join(rules)}")
    return int(len(found) > MOST_SPEAKING)


if __name__ == "__main__":
    sys.exit(main())
