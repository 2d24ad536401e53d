"""``conduct findings``: what was found in mails that a door refused."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "findings",
    "What was found in a mail that a door refused.",
    {"show": ("ingest.cli.findings.show:command", "What the code in a refusal stands for.")},
)
