"""``conduct consent``: permissions in writing, which the check of outgoing mail goes by."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "consent",
    "Permissions in writing: to be named, or to have one's words passed on.",
    {
        "add": ("ingest.cli.consent.add:command", "Put a permission on record."),
        "withdraw": ("ingest.cli.consent.withdraw:command", "Note that one was withdrawn."),
        "list": ("ingest.cli.consent.listing:command", "The permissions of a case."),
        "reply": ("ingest.cli.consent.reply:command", "From when a decision may be announced: the right of reply."),
    },
)
