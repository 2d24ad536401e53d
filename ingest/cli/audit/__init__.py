"""``conduct audit``: who did what when, and whether anybody tampered with it."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "audit",
    "Who did what when, and whether anybody tampered with it.",
    {
        "list": ("ingest.cli.audit.listing:command", "The acts in order."),
        "verify": ("ingest.cli.audit.verify:command", "Whether chain, roster and what you noted agree."),
    },
)
