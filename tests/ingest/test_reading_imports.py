"""What reads mail is loaded where mail is read: a member's commands start without it, and know the same words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.parse import DEFECTS
from policies.intake import HARMLESS

ROOT = Path(__file__).parents[2]
HIDING = {"charset-broken", "text-cut", "mail-cut", "broken-structure", "unreadable", "two-from", "addresses-disagree"}


@pytest.mark.parametrize("module", ["policies.plain", "records.mail", "ingest.filing", "ingest.cli.case.listing"])
def test_what_reads_no_mail_loads_no_rules(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()

    assert module in loaded
    assert not [name for name in loaded if name.startswith(("policies.intake.", "policies.words", "policies.text"))]


def test_the_harmless_defects_are_words_of_the_parser() -> None:
    assert HARMLESS < DEFECTS
    assert not HARMLESS & HIDING
